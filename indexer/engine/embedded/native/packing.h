/* Postings and positions as a file has them: in blocks, each of as few bits as its greatest need.
 *
 * The postings of all terms of one form, one term after another, are cut into blocks of 64; the last
 * is filled up with zeros. A posting takes the same number of bits throughout its block: from the
 * lowest bit on its document, its times in the body, in the title and in the lead. Where the documents
 * of a block ascend, each is given by its distance from the one before (the first by 0), else
 * as it is. So a block of w bits a posting takes w words of 64 bits.
 *
 * The positions of a block's postings, those of a posting's title before those of its body, follow
 * one another likewise; they begin at a word of their own.
 */
#ifndef PACKING_H
#define PACKING_H

#include "core.h"
#include "posting.h"

#include <string.h>

enum { BLOCK = 64 };

/* What can be read at any bit in one step; a wider posting takes a whole word. */
enum { MOST_BITS = 57, WORD_BITS = 64 };

/* In `document_bits`: documents are given as they are. */
enum { AS_THEY_ARE = 0x80 };

/* One block; behind the last comes one that says where all of them end. */
typedef struct {
    uint32_t start;     /* its first word */
    uint32_t positions; /* the first word of its positions; 0 where postings have none */
    uint32_t document;  /* of its first posting */
    uint8_t document_bits;
    uint8_t body_bits;
    uint8_t title_lead_bits; /* of the title, and from bit 4 on of the lead */
    uint8_t position_bits;
} Block;

_Static_assert(sizeof(Block) == 16, "a block is four numbers of 32 bits");

static inline const Block *block_at(const Postings *postings, int64_t number) {
    return (const Block *)postings->blocks + number;
}

static inline int64_t document_bits_of(const Block *block) {
    return block->document_bits & ~AS_THEY_ARE;
}

/* The bits of one posting. */
static inline int64_t width_of(const Block *block) {
    int64_t bits = document_bits_of(block) + block->body_bits + (block->title_lead_bits & 15) +
                   (block->title_lead_bits >> 4);
    return bits > MOST_BITS ? WORD_BITS : bits;
}

static inline uint64_t mask_of(int64_t bits) { return ((uint64_t)1 << bits) - 1; }

/* The bits from `bit` on, MOST_BITS of them at least. There is a word behind the last that is used. */
static inline uint64_t read_bits(const uint64_t *words, int64_t bit) {
    uint64_t read;
    memcpy(&read, (const uint8_t *)words + (bit >> 3), sizeof read);
    return read >> (bit & 7);
}

/* The postings of a block, as posting.h has them, in loops that compilers turn into steps of several. */
static inline void read_block(const Postings *postings, int64_t number, int64_t *out) {
    const Block *block = block_at(postings, number);
    const uint8_t *bytes = (const uint8_t *)(postings->words + block->start);
    int64_t width = width_of(block), to_body = document_bits_of(block);
    int64_t to_title = to_body + block->body_bits;
    int64_t to_lead = to_title + (block->title_lead_bits & 15);
    uint64_t documents = mask_of(to_body), bodies = mask_of(block->body_bits);
    uint64_t titles = mask_of(block->title_lead_bits & 15);
    uint64_t leads = mask_of(block->title_lead_bits >> 4);
    uint64_t read[BLOCK], document = block->document;
    /* Every eighth posting begins at the same bit of a byte. */
    for (int64_t lane = 0; lane < 8; lane++) {
        const uint8_t *from = bytes + (lane * width >> 3);
        int64_t inside = lane * width & 7;
        for (int64_t index = lane; index < BLOCK; index += 8, from += width) {
            memcpy(read + index, from, sizeof *read);
            read[index] >>= inside;
        }
    }
    for (int64_t index = 0; index < BLOCK; index++)
        out[index] = (int64_t)((read[index] >> to_body & bodies) << 32 |
                               (read[index] >> to_title & titles) << 48 |
                               (read[index] >> to_lead & leads) << 56);
    if (block->document_bits & AS_THEY_ARE) {
        for (int64_t index = 0; index < BLOCK; index++)
            out[index] |= (int64_t)(read[index] & documents);
        return;
    }
    for (int64_t index = 0; index < BLOCK; index++) {
        document += read[index] & documents;
        out[index] |= (int64_t)document;
    }
}

/* A way through the postings `at` to `high`, block by block. */
typedef struct {
    const Postings *postings;
    int64_t at, high;
    int64_t number; /* of the block that was read last, or -1 */
    int64_t block[BLOCK];
} Cursor;

static inline void start_at(Cursor *cursor, const Postings *postings, int64_t low, int64_t high) {
    cursor->postings = postings;
    cursor->at = low;
    cursor->high = high;
    cursor->number = -1;
}

static inline void open_block(Cursor *cursor, int64_t number) {
    if (cursor->number == number) return;
    read_block(cursor->postings, number, cursor->block);
    cursor->number = number;
}

/* The next postings, as far as their block goes, into `piece`; how many: 0 at the end. */
static inline int64_t read_on(Cursor *cursor, const int64_t **piece) {
    int64_t first = cursor->at % BLOCK;
    int64_t count = at_most(BLOCK - first, cursor->high - cursor->at);
    if (count <= 0) return 0;
    open_block(cursor, cursor->at / BLOCK);
    *piece = cursor->block + first;
    cursor->at += count;
    return count;
}

/* In the run `at` to `high`: the last block that does not begin behind the document, or the first. */
static inline int64_t find_block_of(const Postings *postings, int64_t at, int64_t high,
                                    int64_t document) {
    const Block *blocks = block_at(postings, 0);
    int64_t low = at / BLOCK, end = (high + BLOCK - 1) / BLOCK, step = 1;
    /* Blocks after the first begin within the run. */
    while (low + step < end && blocks[low + step].document <= document) {
        low += step;
        step *= 2;
    }
    for (int64_t above = at_most(low + step, end); above - low > 1;) {
        int64_t middle = low + (above - low) / 2;
        if (blocks[middle].document <= document) low = middle;
        else above = middle;
    }
    return low;
}

/* Which of ascending documents a run has, and their postings. */
typedef struct {
    int64_t done; /* of the documents */
    int64_t places[BLOCK];
    int64_t postings[BLOCK];
} Meeting;

/* The next documents that the run has, as far as one of its blocks goes; how many: 0 at the end. */
static inline int64_t meet_on(Cursor *cursor, const uint32_t *documents, int64_t count,
                              Meeting *met) {
    int64_t many = 0, at = met->done;
    while (many == 0 && at < count && cursor->at < cursor->high) {
        const int64_t *piece;
        int64_t number = find_block_of(cursor->postings, cursor->at, cursor->high, documents[at]);
        if (number != cursor->at / BLOCK) cursor->at = number * BLOCK;
        int64_t size = read_on(cursor, &piece);
        uint32_t there[BLOCK];
        for (int64_t place = 0; place < BLOCK; place++)
            there[place] = place < size ? (uint32_t)document_of(piece[place]) : UINT32_MAX;
        /* Without a branch: where they meet, and whether they do, is hard to foretell. */
        for (; at < count && documents[at] <= there[size - 1]; at++) {
            int64_t place = 0;
            for (int64_t half = BLOCK / 2; half; half /= 2)
                place += there[place + half - 1] < documents[at] ? half : 0;
            met->places[many] = at;
            met->postings[many] = piece[place];
            many += there[place] == documents[at];
        }
    }
    met->done = at;
    return many;
}

/* Where the positions of the posting at `place` of a block begin, in bits. */
static inline int64_t find_positions(const Block *block, const int64_t *postings, int64_t place) {
    int64_t before = 0;
    for (int64_t index = 0; index < place; index++) before += token_count_of(postings[index]);
    return (int64_t)block->positions * WORD_BITS + before * block->position_bits;
}

static inline int64_t read_position(const uint64_t *words, int64_t bit, int64_t bits) {
    return (int64_t)(read_bits(words, bit) & mask_of(bits));
}

#endif
