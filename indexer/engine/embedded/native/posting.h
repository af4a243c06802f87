/* One posting in 64 bits: document and counts side by side, so that a loop reads one array.
 *
 *   bits  0-31   document number
 *   bits 32-47   times in the body, at most 65,535 (occurrences in the lead are among them)
 *   bits 48-55   times in the title, at most 255
 *   bits 56-62   times in the lead, at most 127
 *   bit  63      0: postings are int64
 *
 * Only a text that repeats one word more often than a count can hold loses anything: the exact
 * count, and the positions beyond it. packed_posting.py has the same figures for Python.
 */
#ifndef POSTING_H
#define POSTING_H

#include <stdint.h>

enum { MOST_IN_BODY = 0xFFFF, MOST_IN_TITLE = 0xFF, MOST_IN_LEAD = 0x7F };

#define ONE_IN_BODY ((int64_t)1 << 32)
#define ONE_IN_TITLE ((int64_t)1 << 48)
#define ONE_IN_LEAD ((int64_t)1 << 56)

/* Where tokens start is kept in steps of 4 bits: fewer characters than these lead to the next token,
 * these lead to none. */
enum { FAR = 15 };

static inline int64_t step_at(const uint8_t *data, int64_t at) {
    return data[at / 2] >> (at % 2 ? 4 : 0) & 15;
}

/* Added to the position of a body token to make its place; no title is so long. A token's place
 * in a title is its position, so no phrase runs from the title into the body. */
enum { BODY = 1 << 24 };

/* Where in a document a word must be: the values of indexer.engine.base.Scope. */
enum { IN_TITLE = 1, IN_BODY = 2 };

static inline int64_t document_of(int64_t posting) { return posting & 0xFFFFFFFF; }
static inline int64_t body_count_of(int64_t posting) { return (posting >> 32) & MOST_IN_BODY; }
static inline int64_t title_count_of(int64_t posting) { return (posting >> 48) & MOST_IN_TITLE; }
static inline int64_t lead_count_of(int64_t posting) { return posting >> 56; }

/* How many positions the posting has: those of its title, then those of its body. */
static inline int64_t token_count_of(int64_t posting) {
    return body_count_of(posting) + title_count_of(posting);
}

static inline int64_t at_most(int64_t value, int64_t most) { return value < most ? value : most; }

/* The posting with these counts, each cut to the most it can hold. */
static inline int64_t pack_posting(int64_t document, int64_t in_body, int64_t in_title,
                                   int64_t in_lead) {
    return document | at_most(in_body, MOST_IN_BODY) << 32 |
           at_most(in_title, MOST_IN_TITLE) << 48 | at_most(in_lead, MOST_IN_LEAD) << 56;
}

/* Whether the posting's word is where `scope` wants it; any other value is anywhere. */
static inline int is_in_scope(int64_t posting, int64_t scope) {
    if (scope == IN_TITLE) return title_count_of(posting) > 0;
    if (scope == IN_BODY) return body_count_of(posting) > 0;
    return 1;
}

/* The first place from `low` to `high` whose posting is of `document` or a later one. */
static inline int64_t find_document(const int64_t *postings, int64_t low, int64_t high,
                                    int64_t document) {
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (document_of(postings[middle]) < document) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Positions in memory are uint16, or uint32 (`wide`) where a text is longer than that. */
static inline int64_t position_at(const void *positions, int64_t wide, int64_t at) {
    return wide ? (int64_t)((const uint32_t *)positions)[at] : ((const uint16_t *)positions)[at];
}

static inline void write_position(void *positions, int64_t wide, int64_t at, int64_t position) {
    if (wide) ((uint32_t *)positions)[at] = (uint32_t)position;
    else ((uint16_t *)positions)[at] = (uint16_t)position;
}

#endif
