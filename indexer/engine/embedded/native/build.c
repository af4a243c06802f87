/* From tokens to posting lists, and from several posting lists to one. See core.h. */
#include "packing.h"

#include <string.h>

/* A token while tokens are sorted by term: its document, where it is, and its position in title or
 * body. */
#define TOKEN_DOCUMENT 33
#define TOKEN_IN_LEAD ((int64_t)1 << 32)
#define TOKEN_IN_BODY ((int64_t)1 << 31)
#define TOKEN_POSITION (TOKEN_IN_BODY - 1)

void sort_tokens(const int32_t *terms, const int32_t *title_lengths, const int32_t *body_lengths,
                 const int32_t *lead_lengths, int64_t documents, int64_t *cursor,
                 int64_t *tokens) {
    for (int64_t document = 0; document < documents; document++) {
        int64_t token = document << TOKEN_DOCUMENT;
        for (int64_t at = 0; at < title_lengths[document]; at++)
            tokens[cursor[*terms++]++] = token | at;
        for (int64_t at = 0; at < body_lengths[document]; at++)
            tokens[cursor[*terms++]++] = token | TOKEN_IN_BODY | at |
                                         (at < lead_lengths[document] ? TOKEN_IN_LEAD : 0);
    }
}

int64_t collect_postings(const int64_t *starts, int64_t terms, int64_t *tokens, int64_t *offsets,
                         void *positions, int64_t wide) {
    int64_t size = 0, kept = 0;
    for (int64_t term = 0; term < terms; term++) {
        offsets[term] = size;
        for (int64_t at = starts[term]; at < starts[term + 1]; at++) {
            int64_t token = tokens[at], document = token >> TOKEN_DOCUMENT;
            if (size == offsets[term] || document_of(tokens[size - 1]) != document)
                tokens[size++] = document;
            int64_t posting = tokens[size - 1];
            int is_full = token & TOKEN_IN_BODY ? body_count_of(posting) == MOST_IN_BODY
                                                : title_count_of(posting) == MOST_IN_TITLE;
            if (!is_full) {
                posting += token & TOKEN_IN_BODY ? ONE_IN_BODY : ONE_IN_TITLE;
                write_position(positions, wide, kept++, token & TOKEN_POSITION);
            }
            if (token & TOKEN_IN_LEAD && lead_count_of(posting) < MOST_IN_LEAD)
                posting += ONE_IN_LEAD;
            tokens[size - 1] = posting;
        }
    }
    offsets[terms] = size;
    return kept;
}

void sum_positions(const int64_t *offsets, int64_t terms, const int64_t *postings,
                   int64_t *starts) {
    int64_t total = 0, at = 0;
    for (int64_t term = 0; term <= terms; term++) {
        for (; at < offsets[term]; at++) total += token_count_of(postings[at]);
        starts[term] = total;
    }
}

static inline int64_t gap_before(const int32_t *starts, int64_t token, int64_t first) {
    int64_t gap = token == first ? starts[token] : (int64_t)starts[token] - starts[token - 1];
    return gap > 0 ? gap : 0;
}

int64_t measure_starts(const int32_t *starts, const int32_t *title_lengths,
                       const int32_t *body_lengths, int64_t documents) {
    int64_t size = 0, token = 0;
    for (int64_t document = 0; document < documents; document++) {
        const int64_t lengths[2] = {title_lengths[document], body_lengths[document]};
        int64_t steps = 0;
        for (int field = 0; field < 2; field++)
            for (int64_t first = token; token < first + lengths[field]; token++)
                steps += gap_before(starts, token, first) / FAR + 1;
        size += (steps + 1) / 2;
    }
    return size;
}

static inline void put_step(uint8_t *data, int64_t at, int64_t step) {
    if (at % 2) data[at / 2] |= (uint8_t)(step << 4);
    else data[at / 2] = (uint8_t)step;
}

void encode_starts(const int32_t *starts, const int32_t *title_lengths,
                   const int32_t *body_lengths, int64_t documents, uint8_t *data,
                   int64_t *offsets) {
    int64_t token = 0, at = 0;
    offsets[0] = 0;
    for (int64_t document = 0; document < documents; document++) {
        const int64_t lengths[2] = {title_lengths[document], body_lengths[document]};
        for (int field = 0; field < 2; field++)
            for (int64_t first = token; token < first + lengths[field]; token++) {
                int64_t gap = gap_before(starts, token, first);
                for (; gap >= FAR; gap -= FAR) put_step(data, at++, FAR);
                put_step(data, at++, gap);
            }
        if (at % 2) put_step(data, at++, FAR);
        offsets[document + 1] = at / 2;
    }
}

void decode_starts(const uint8_t *data, int64_t size, int64_t title_length, int64_t body_length,
                   int32_t *starts) {
    const int64_t lengths[2] = {title_length, body_length};
    int64_t at = 0, token = 0, end = 2 * size;
    for (int field = 0; field < 2; field++) {
        int64_t start = 0;
        for (int64_t index = 0; index < lengths[field]; index++) {
            for (; at < end && step_at(data, at) == FAR; at++) start += FAR;
            if (at < end) start += step_at(data, at++);
            starts[token++] = (int32_t)at_most(start, INT32_MAX);
        }
    }
}

void count_kept(const int64_t *offsets, int64_t terms, const Postings *postings,
                const int32_t *new_numbers, const int32_t *new_terms, int64_t *counts) {
    Cursor cursor;
    const int64_t *piece;
    start_at(&cursor, postings, 0, 0);
    for (int64_t term = 0; term < terms; term++) {
        int64_t kept = 0;
        cursor.high = offsets[term + 1];
        for (int64_t count; (count = read_on(&cursor, &piece));)
            for (int64_t at = 0; at < count; at++)
                kept += new_numbers[document_of(piece[at])] >= 0;
        counts[new_terms[term]] += kept;
    }
}

void copy_postings(const int64_t *offsets, int64_t terms, const Postings *postings,
                   const int32_t *new_numbers, const int32_t *new_terms, int64_t *cursor,
                   int64_t *out) {
    Cursor from;
    const int64_t *piece;
    start_at(&from, postings, offsets[0], 0);
    for (int64_t term = 0; term < terms; term++) {
        int64_t to = cursor[new_terms[term]];
        from.high = offsets[term + 1];
        for (int64_t count; (count = read_on(&from, &piece));)
            for (int64_t at = 0; at < count; at++) {
                int64_t document = document_of(piece[at]);
                if (new_numbers[document] >= 0)
                    out[to++] = piece[at] - document + new_numbers[document];
            }
        cursor[new_terms[term]] = to;
    }
}

void copy_positions(const int64_t *offsets, int64_t terms, const Postings *postings,
                    const uint64_t *positions, const int32_t *new_numbers,
                    const int32_t *new_terms, int64_t *cursor, void *out, int64_t wide) {
    Cursor from;
    const int64_t *piece;
    start_at(&from, postings, offsets[0], 0);
    for (int64_t term = 0; term < terms; term++) {
        int64_t to = cursor[new_terms[term]];
        while (from.at < offsets[term + 1]) {
            from.high = at_most(offsets[term + 1], (from.at / BLOCK + 1) * BLOCK);
            open_block(&from, from.at / BLOCK);
            const Block *block = block_at(postings, from.number);
            int64_t bit = find_positions(block, from.block, from.at % BLOCK);
            int64_t bits = block->position_bits;
            int64_t count = read_on(&from, &piece);
            for (int64_t at = 0; at < count; at++) {
                int64_t tokens = token_count_of(piece[at]);
                int kept = new_numbers[document_of(piece[at])] >= 0;
                for (int64_t step = 0; step < tokens; step++, bit += bits)
                    if (kept) write_position(out, wide, to++, read_position(positions, bit, bits));
            }
        }
        cursor[new_terms[term]] = to;
    }
}

/* One ascending run of postings that is being merged with others. */
typedef struct {
    int64_t at, end;
} FormRun;

/* Put the run at `place` of the heap where it belongs; the run of the least document is first. */
static void sift_down(const int64_t *postings, FormRun *heap, int64_t size, int64_t place) {
    FormRun moved = heap[place];
    int64_t document = document_of(postings[moved.at]);
    for (int64_t child; (child = 2 * place + 1) < size; place = child) {
        if (child + 1 < size &&
            document_of(postings[heap[child + 1].at]) < document_of(postings[heap[child].at]))
            child++;
        if (document_of(postings[heap[child].at]) >= document) break;
        heap[place] = heap[child];
    }
    heap[place] = moved;
}

int64_t join_forms(const int64_t *offsets, const int64_t *postings, const int32_t *forms,
                   const int64_t *form_offsets, int64_t stems, int64_t *scratch, int64_t *counts,
                   int64_t *out) {
    FormRun *heap = (FormRun *)scratch;
    int64_t size = 0;
    for (int64_t stem = 0; stem < stems; stem++) {
        int64_t start = size, runs = 0;
        for (int64_t index = form_offsets[stem]; index < form_offsets[stem + 1]; index++) {
            FormRun run = {offsets[forms[index]], offsets[forms[index] + 1]};
            if (run.at < run.end) heap[runs++] = run;
        }
        if (runs == 1) {
            int64_t many = heap[0].end - heap[0].at;
            memcpy(out + size, postings + heap[0].at, (size_t)many * sizeof *out);
            size += many;
            runs = 0;
        }
        for (int64_t place = runs / 2 - 1; place >= 0; place--)
            sift_down(postings, heap, runs, place);
        while (runs) {
            int64_t posting = postings[heap[0].at++];
            if (size > start && document_of(out[size - 1]) == document_of(posting)) {
                int64_t before = out[size - 1];
                out[size - 1] = pack_posting(document_of(posting),
                                             body_count_of(before) + body_count_of(posting),
                                             title_count_of(before) + title_count_of(posting),
                                             lead_count_of(before) + lead_count_of(posting));
            } else {
                out[size++] = posting;
            }
            if (heap[0].at == heap[0].end) heap[0] = heap[--runs];
            if (runs) sift_down(postings, heap, runs, 0);
        }
        counts[stem] = size - start;
    }
    return size;
}

void gather_runs(const void *values, int64_t item_bytes, const int64_t *offsets,
                 const int64_t *rows, int64_t count, void *out) {
    uint8_t *to = out;
    for (int64_t index = 0; index < count; index++) {
        int64_t row = rows[index];
        size_t bytes = (size_t)((offsets[row + 1] - offsets[row]) * item_bytes);
        memcpy(to, (const uint8_t *)values + offsets[row] * item_bytes, bytes);
        to += bytes;
    }
}
