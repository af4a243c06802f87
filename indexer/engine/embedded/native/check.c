/* Does what a file says point only inside itself, and agree with the rest of it? See core.h. */
#include "packing.h"

int64_t find_bad_block(const uint32_t *blocks, int64_t count, int64_t words,
                       int64_t position_words) {
    const Block *block = (const Block *)blocks;
    if (block->start || block->positions) return 0;
    for (int64_t number = 0; number < count; number++, block++) {
        int64_t title = block->title_lead_bits & 15, lead = block->title_lead_bits >> 4;
        /* No posting has no bits: then no page would have it, and nobody would look at it. */
        if (document_bits_of(block) > 31 || block->body_bits > 16 || title > 8 || lead > 7 ||
            block->position_bits > 32 || width_of(block) == 0 ||
            block->start + width_of(block) != block[1].start ||
            block->positions > block[1].positions)
            return number;
    }
    return block->start == words && block->positions == position_words ? -1 : count;
}

/* The first block that begins at word `word` or behind it. */
static int64_t find_block(const Postings *postings, int64_t blocks, int64_t word) {
    int64_t low = 0;
    for (int64_t high = blocks; low < high;) {
        int64_t middle = low + (high - low) / 2;
        if (block_at(postings, middle)->start < word) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* The term that the posting at `at` is of: the last that begins there or before. */
static int64_t find_term(const int64_t *offsets, int64_t terms, int64_t at) {
    int64_t low = 0;
    for (int64_t high = terms; high - low > 1;) {
        int64_t middle = low + (high - low) / 2;
        if (offsets[middle] <= at) low = middle;
        else high = middle;
    }
    return low;
}

int64_t find_bad_posting(const Postings *postings, int64_t blocks, int64_t first_word,
                         int64_t end_word, const int64_t *offsets, int64_t terms,
                         int64_t documents) {
    int64_t number = find_block(postings, blocks, first_word), end = offsets[terms];
    int64_t term = find_term(offsets, terms, number * BLOCK);
    for (; number < blocks && block_at(postings, number)->start < end_word; number++) {
        const Block *block = block_at(postings, number);
        int64_t read[BLOCK], tokens = 0, at = number * BLOCK, before = -1;
        read_block(postings, number, read);
        if (document_of(read[0]) != block->document) return at;
        for (int64_t index = 0; index < BLOCK && at < end; index++, at++) {
            for (; offsets[term + 1] <= at; term++) before = -1;
            int64_t posting = read[index], document = document_of(posting);
            if (document >= documents || document <= before) return at;
            if (token_count_of(posting) == 0 || lead_count_of(posting) > body_count_of(posting))
                return at;
            before = document;
            tokens += token_count_of(posting);
        }
        /* A term goes on where a block ends. */
        if (at < end && offsets[term + 1] > at && block[1].document <= before) return at;
        int64_t words = (tokens * block->position_bits + WORD_BITS - 1) / WORD_BITS;
        if (block[1].positions - block->positions != words) return number * BLOCK;
    }
    return -1;
}

void sum_counts(const Postings *postings, int64_t count, int64_t *titles, int64_t *bodies,
                int64_t *leads, uint8_t *cut) {
    Cursor cursor;
    const int64_t *piece;
    start_at(&cursor, postings, 0, count);
    for (int64_t many; (many = read_on(&cursor, &piece));)
        for (int64_t at = 0; at < many; at++) {
            int64_t document = document_of(piece[at]);
            int64_t in_title = title_count_of(piece[at]), in_body = body_count_of(piece[at]);
            int64_t in_lead = lead_count_of(piece[at]);
            titles[document] += in_title;
            bodies[document] += in_body;
            leads[document] += in_lead;
            if (in_title == MOST_IN_TITLE || in_body == MOST_IN_BODY || in_lead == MOST_IN_LEAD)
                cut[document] = 1;
        }
}

int64_t find_bad_positions(const Postings *postings, int64_t count, const uint64_t *positions,
                           const int32_t *title_lengths, const int32_t *body_lengths,
                           const int32_t *lead_lengths, const int64_t *firsts, const uint8_t *cut,
                           uint8_t *seen) {
    Cursor cursor;
    int64_t bit = 0;
    start_at(&cursor, postings, 0, count);
    for (; cursor.at < count; cursor.at++) {
        open_block(&cursor, cursor.at / BLOCK);
        const Block *block = block_at(postings, cursor.number);
        if (cursor.at % BLOCK == 0) bit = find_positions(block, cursor.block, 0);
        int64_t posting = cursor.block[cursor.at % BLOCK], document = document_of(posting);
        int64_t in_title = title_count_of(posting), tokens = token_count_of(posting);
        int64_t in_lead = 0, before = -1, bits = block->position_bits;
        for (int64_t index = 0; index < tokens; index++, bit += bits) {
            int in_body = index >= in_title;
            if (index == in_title) before = -1;
            int64_t position = read_position(positions, bit, bits);
            if (position <= before ||
                position >= (in_body ? body_lengths[document] : title_lengths[document]))
                return cursor.at;
            before = position;
            int64_t token = firsts[document] + position;
            if (in_body) {
                token += title_lengths[document];
                in_lead += position < lead_lengths[document];
            }
            if (seen[token]) return cursor.at;
            seen[token] = 1;
        }
        if (in_lead != lead_count_of(posting) && !cut[document]) return cursor.at;
    }
    return -1;
}

int64_t find_bad_starts(const uint8_t *starts, const int64_t *offsets, const int64_t *tokens,
                        int64_t documents) {
    for (int64_t document = 0; document < documents; document++) {
        int64_t low = 2 * offsets[document], high = 2 * offsets[document + 1], count = 0;
        for (int64_t at = low; at < high; at++) count += step_at(starts, at) != FAR;
        /* The last byte has the last token's step, and may have one that leads nowhere behind it. */
        int idle = high > low && step_at(starts, high - 1) == FAR;
        if (count != tokens[document] || (idle && step_at(starts, high - 2) == FAR))
            return document;
    }
    return -1;
}

const char *name_sources(void) { return SOURCES; }
