/* Postings and positions into blocks of bits, and back. See packing.h and core.h. */
#include "packing.h"

static uint8_t count_bits(uint64_t greatest) {
    return greatest ? (uint8_t)(WORD_BITS - __builtin_clzll(greatest)) : 0;
}

/* Put `value` at `bit` of words that are 0 there. */
static void write_bits(uint64_t *words, int64_t bit, uint64_t value) {
    int64_t inside = bit % WORD_BITS;
    words[bit / WORD_BITS] |= value << inside;
    if (inside) words[bit / WORD_BITS + 1] |= value >> (WORD_BITS - inside);
}

/* The block that these postings need, its place apart. */
static Block choose_block(const int64_t *postings, int64_t count) {
    uint64_t documents = 0, gaps = 0, bodies = 0, titles = 0, leads = 0;
    int ascends = 1;
    for (int64_t at = 0; at < count; at++) {
        int64_t document = document_of(postings[at]);
        int64_t before = at ? document_of(postings[at - 1]) : document;
        ascends &= document >= before;
        documents |= (uint64_t)document;
        gaps |= (uint64_t)(document - before);
        bodies |= (uint64_t)body_count_of(postings[at]);
        titles |= (uint64_t)title_count_of(postings[at]);
        leads |= (uint64_t)lead_count_of(postings[at]);
    }
    Block block = {0};
    block.document = (uint32_t)document_of(postings[0]);
    block.document_bits = ascends ? count_bits(gaps) : AS_THEY_ARE | count_bits(documents);
    block.body_bits = count_bits(bodies);
    block.title_lead_bits = (uint8_t)(count_bits(titles) | count_bits(leads) << 4);
    return block;
}

int64_t pack_postings(const int64_t *postings, int64_t count, uint32_t *blocks, uint64_t *words) {
    Block *block = (Block *)blocks;
    int64_t used = 0;
    for (int64_t first = 0; first < count; first += BLOCK, block++) {
        int64_t many = at_most(BLOCK, count - first);
        *block = choose_block(postings + first, many);
        block->start = (uint32_t)used;
        int64_t width = width_of(block), to_body = document_bits_of(block);
        int64_t to_title = to_body + block->body_bits;
        int64_t to_lead = to_title + (block->title_lead_bits & 15);
        for (int64_t at = first; at < first + many; at++) {
            uint64_t document = (uint64_t)document_of(postings[at]);
            if (!(block->document_bits & AS_THEY_ARE))
                document -= (uint64_t)document_of(postings[at > first ? at - 1 : at]);
            uint64_t value = document | (uint64_t)body_count_of(postings[at]) << to_body |
                             (uint64_t)title_count_of(postings[at]) << to_title |
                             (uint64_t)lead_count_of(postings[at]) << to_lead;
            write_bits(words, used * WORD_BITS + (at - first) * width, value);
        }
        used += width;
    }
    Block end = {(uint32_t)used, 0, 0, 0, 0, 0, 0};
    *block = end;
    return used;
}

int64_t pack_positions(const int64_t *postings, int64_t count, const void *positions,
                       int64_t wide, uint32_t *blocks, uint64_t *words) {
    Block *block = (Block *)blocks;
    int64_t used = 0, start = 0;
    for (int64_t first = 0; first < count; first += BLOCK, block++) {
        int64_t end = start;
        for (int64_t at = first; at < at_most(first + BLOCK, count); at++)
            end += token_count_of(postings[at]);
        uint64_t greatest = 0;
        for (int64_t at = start; at < end; at++)
            greatest |= (uint64_t)position_at(positions, wide, at);
        block->positions = (uint32_t)used;
        block->position_bits = count_bits(greatest);
        for (int64_t at = start; at < end; at++)
            write_bits(words, used * WORD_BITS + (at - start) * block->position_bits,
                       (uint64_t)position_at(positions, wide, at));
        used += ((end - start) * block->position_bits + WORD_BITS - 1) / WORD_BITS;
        start = end;
    }
    block->positions = (uint32_t)used;
    return used;
}

void unpack_postings(const Postings *postings, int64_t low, int64_t high, int64_t *out) {
    Cursor cursor;
    const int64_t *piece;
    start_at(&cursor, postings, low, high);
    for (int64_t count; (count = read_on(&cursor, &piece)); out += count)
        memcpy(out, piece, (size_t)count * sizeof *out);
}
