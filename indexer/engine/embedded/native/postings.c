/* What is asked of single posting lists, and of totals. See core.h. */
#include "packing.h"

int64_t count_in_scope(const Postings *postings, int64_t low, int64_t high, int64_t scope) {
    Cursor cursor;
    const int64_t *piece;
    int64_t total = 0;
    start_at(&cursor, postings, low, high);
    for (int64_t count; (count = read_on(&cursor, &piece));)
        for (int64_t at = 0; at < count; at++) total += is_in_scope(piece[at], scope);
    return total;
}

int64_t count_distinct(const Postings *postings, int64_t low, int64_t high, int64_t scope,
                       uint8_t *marks) {
    Cursor cursor;
    const int64_t *piece;
    int64_t total = 0;
    start_at(&cursor, postings, low, high);
    for (int64_t count; (count = read_on(&cursor, &piece));)
        for (int64_t at = 0; at < count; at++) {
            if (!is_in_scope(piece[at], scope)) continue;
            uint8_t *mark = marks + document_of(piece[at]);
            total += !*mark;
            *mark = 1;
        }
    return total;
}

void close_gate(const Postings *postings, int64_t low, int64_t high, int64_t scope, int8_t *gate,
                int64_t closed) {
    Cursor cursor;
    const int64_t *piece;
    start_at(&cursor, postings, low, high);
    for (int64_t count; (count = read_on(&cursor, &piece));)
        for (int64_t at = 0; at < count; at++)
            if (is_in_scope(piece[at], scope)) gate[document_of(piece[at])] = (int8_t)closed;
}

int64_t intersect(uint32_t *documents, int64_t count, const Postings *postings, int64_t low,
                  int64_t high) {
    Cursor cursor;
    Meeting met;
    int64_t kept = 0;
    start_at(&cursor, postings, low, high);
    met.done = 0;
    for (int64_t many; (many = meet_on(&cursor, documents, count, &met));)
        for (int64_t index = 0; index < many; index++)
            documents[kept++] = documents[met.places[index]];
    return kept;
}

int64_t find_most(const int64_t *totals, int64_t count, int64_t wanted, int64_t *out) {
    int64_t size = 0;
    for (int64_t place = 0; place < count; place++) {
        int64_t total = totals[place];
        if (total == 0 || (size == wanted && total <= totals[out[size - 1]])) continue;
        int64_t at = size < wanted ? size++ : size - 1;
        for (; at > 0 && totals[out[at - 1]] < total; at--) out[at] = out[at - 1];
        out[at] = place;
    }
    return size;
}
