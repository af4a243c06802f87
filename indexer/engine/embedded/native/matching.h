/* What search.c asks of matching.c: the documents of a segment that may match, with their scores.
 *
 * Where the deadline passes, matching ends early and leaves the room as it is.
 */
#ifndef MATCHING_H
#define MATCHING_H

#include "core.h"

/* The gate of a document that is a hit, and of one that counts nowhere. */
enum { OPEN = 0, CLOSED = 127 };

/* The documents that may match in one segment: arrays of the room. */
typedef struct {
    uint32_t *documents;
    float *scores;
    int32_t *satisfied; /* what the clauses they satisfy are worth; absent where all do enough */
    int64_t count;
} Candidates;

static inline int satisfies(const Candidates *found, int64_t at, int64_t threshold) {
    return !found->satisfied || found->satisfied[at] >= threshold;
}

/* One query under way in one segment. */
typedef struct {
    const Query *query;
    const SegmentPlan *plan;
    Room *room;
    int64_t documents;
    double deadline;
    int late;
} Search;

/* Seconds since some moment. */
double read_clock(void);

/* Whether the deadline has passed; once it has, it stays so. */
int is_late(Search *search);

/* Every document that satisfies all required clauses. The rarest leads, the others are looked up in
 * what is left of it. */
void match_all(Search *search, Candidates *found);

/* Every document that satisfies any clause. */
void match_some(Search *search, Candidates *found);

/* All documents, with the scores of the clauses they satisfy. */
void match_everything(Search *search, Candidates *found);

/* Every document that satisfies a required clause, without scores; those that can be among the best
 * `to_order`, scored, as `promising`, whose arrays may be others afterwards. Returns how many words
 * were not scored everywhere. */
int64_t match_one_of(Search *search, Candidates *found, Candidates *promising, int64_t to_order);

#endif
