/* Does what a file says point only inside itself, and agree with the rest of it? See core.h. */
#include "core.h"
#include "posting.h"

int64_t find_bad_posting(const int64_t *postings, int64_t first, int64_t end,
                         const int64_t *offsets, int64_t terms, int64_t documents) {
    /* The term after the one that the first posting is of. */
    int64_t term = 0;
    for (int64_t high = terms + 1; term < high;) {
        int64_t middle = term + (high - term) / 2;
        if (offsets[middle] <= first) term = middle + 1;
        else high = middle;
    }
    /* A term goes on where a page ends. */
    int64_t before = first > offsets[term - 1] ? document_of(postings[first - 1]) : -1;
    for (int64_t at = first; at < end; at++) {
        for (; term <= terms && offsets[term] <= at; term++) before = -1;
        int64_t posting = postings[at], document = document_of(posting);
        if (posting < 0 || document >= documents || document <= before) return at;
        if (token_count_of(posting) == 0 || lead_count_of(posting) > body_count_of(posting))
            return at;
        before = document;
    }
    return -1;
}

int64_t find_bad_sample(const int64_t *postings, int64_t first, int64_t end,
                        const int64_t *samples) {
    for (int64_t at = first; at < end; at += POSITION_SAMPLE) {
        int64_t sample = at / POSITION_SAMPLE, total = 0;
        for (int64_t one = at; one < at_most(at + POSITION_SAMPLE, end); one++)
            total += token_count_of(postings[one]);
        if (samples[sample] + total != samples[sample + 1]) return sample;
    }
    return -1;
}

void sum_counts(const int64_t *postings, int64_t count, int64_t *titles, int64_t *bodies,
                int64_t *leads, uint8_t *cut) {
    for (int64_t at = 0; at < count; at++) {
        int64_t document = document_of(postings[at]);
        int64_t in_title = title_count_of(postings[at]), in_body = body_count_of(postings[at]);
        int64_t in_lead = lead_count_of(postings[at]);
        titles[document] += in_title;
        bodies[document] += in_body;
        leads[document] += in_lead;
        if (in_title == MOST_IN_TITLE || in_body == MOST_IN_BODY || in_lead == MOST_IN_LEAD)
            cut[document] = 1;
    }
}

int64_t find_bad_positions(const int64_t *postings, int64_t count, const void *positions,
                           int64_t wide, const int32_t *title_lengths,
                           const int32_t *body_lengths, const int32_t *lead_lengths,
                           const int64_t *firsts, const uint8_t *cut, uint8_t *seen) {
    int64_t start = 0;
    for (int64_t at = 0; at < count; at++) {
        int64_t posting = postings[at], document = document_of(posting);
        int64_t in_title = title_count_of(posting), tokens = token_count_of(posting);
        int64_t in_lead = 0, before = -1;
        for (int64_t index = 0; index < tokens; index++) {
            int in_body = index >= in_title;
            if (index == in_title) before = -1;
            int64_t position = read_position(positions, wide, start + index);
            if (position <= before ||
                position >= (in_body ? body_lengths[document] : title_lengths[document]))
                return at;
            before = position;
            int64_t token = firsts[document] + position;
            if (in_body) {
                token += title_lengths[document];
                in_lead += position < lead_lengths[document];
            }
            if (seen[token]) return at;
            seen[token] = 1;
        }
        if (in_lead != lead_count_of(posting) && !cut[document]) return at;
        start += tokens;
    }
    return -1;
}

int64_t find_bad_starts(const uint8_t *starts, const int64_t *offsets, const int64_t *tokens,
                        int64_t documents) {
    for (int64_t document = 0; document < documents; document++) {
        int64_t low = offsets[document], high = offsets[document + 1], count = 0;
        for (int64_t at = low; at < high; at++) count += starts[at] != 255;
        if (count != tokens[document] || (high > low && starts[high - 1] == 255)) return document;
    }
    return -1;
}

const char *name_sources(void) { return SOURCES; }
