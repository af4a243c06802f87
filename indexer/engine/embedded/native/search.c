/* Answering one query: match, filter, count facets, keep the best. See core.h.
 *
 * Matching leaves the documents of each segment in the room, one segment after another.
 */
#include "matching.h"
#include "positions.h"
#include "posting.h"

#include <stddef.h>
#include <string.h>

/* The values of indexer.engine.base.Sort, but for those of a segment's own. */
enum { BY_RELEVANCE = 0, NEWEST_FIRST = 1, OLDEST_FIRST = 2 };

/* ---- what passes, and the best of it --------------------------------------------------------- */

/* Whether the candidate at `at` satisfies `threshold` and its gate is `wanted`. */
static inline int passes(const SegmentPlan *plan, const Candidates *found, int64_t at,
                         int64_t threshold, int64_t wanted) {
    return satisfies(found, at, threshold) && plan->gate[found->documents[at]] == wanted;
}

/* Whether the first comes after the second. */
static int is_worse(const Best *first, const Best *second) {
    if (first->score != second->score) return first->score < second->score;
    if (first->key != second->key) return first->key < second->key;
    return first->ref > second->ref;
}

/* Put `moved` into the heap, whose worst is first, from place `at` downwards. */
static void sink(Best *heap, int64_t size, int64_t at, Best moved) {
    for (int64_t child; (child = 2 * at + 1) < size; at = child) {
        if (child + 1 < size && is_worse(heap + child + 1, heap + child)) child++;
        if (!is_worse(heap + child, &moved)) break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

/* Put a heap's items in order but for the first `unread`, which come before all others. */
static void order_best(Best *best, int64_t size, int64_t unread) {
    for (int64_t at = size / 2 - 1; at >= 0; at--) sink(best, size, at, best[at]);
    while (size > 1 && size > unread) {
        Best worst = best[0];
        size--;
        sink(best, size, 0, best[size]);
        best[size] = worst;
    }
}

/* The best so far. */
typedef struct {
    Best *heap; /* the worst first, once there are as many as wanted */
    int64_t size;
} Top;

/* Scores of 0 or more by their first bits: 32 groups from one power of two to the next. */
enum { GROUPS = 1 << 13, GROUP_SHIFT = 18 };

static int64_t group_of(float score) {
    uint32_t bits;
    memcpy(&bits, &score, sizeof bits);
    return bits >> GROUP_SHIFT & (GROUPS - 1);
}

/* The least group of the candidates that pass that can have one of the `wanted` best. A heap of
 * many takes long to fill with scores in any order; counting takes one look at each. */
static int64_t find_least_group(const SegmentPlan *plan, const Candidates *found,
                                int64_t threshold, int64_t wanted) {
    uint32_t counts[GROUPS] = {0};
    for (int64_t at = 0; at < found->count; at++)
        counts[group_of(found->scores[at])] += (uint32_t)passes(plan, found, at, threshold, OPEN);
    int64_t group = GROUPS;
    while (group > 0 && wanted > 0) wanted -= counts[--group];
    return group;
}

/* Where so many are wanted, or more, that counting pays. */
enum { MANY = 100 };

/* Offer a segment's candidates (those with a score) that pass. */
static void keep_best(const Query *query, const SegmentPlan *plan, const Candidates *found,
                      int64_t first_ref, int64_t threshold, Top *top) {
    const Segment *segment = plan->segment;
    int by_date = query->sort != BY_RELEVANCE;
    int fades = !by_date && query->half_life > 0 && query->recency_weight > 0;
    float most_gain = fades ? (float)(1.0 + query->recency_weight) : 1.0f;
    int counts = !by_date && !fades && query->wanted >= MANY && found->count > query->wanted;
    int64_t least = counts ? find_least_group(plan, found, threshold, query->wanted) : 0;
    if (query->wanted == 0) return;
    for (int64_t at = 0; at < found->count; at++) {
        int64_t document = found->documents[at];
        float score = by_date ? 0.0f : found->scores[at];
        if (counts && group_of(score) < least) continue;
        double most = plan->values ? plan->values[document] : (double)(score * most_gain);
        if (top->size == query->wanted && most < top->heap[0].score) continue;
        if (!passes(plan, found, at, threshold, OPEN)) continue;
        if (fades && segment->days[document] != segment->no_day) {
            int64_t age = query->from_day - segment->days[document];
            double halves = (double)(age > 0 ? age : 0) / query->half_life;
            score *= (float)(1.0 + query->recency_weight / (1.0 + halves));
        }
        int64_t second = segment->seconds[document];
        int negative = query->sort == OLDEST_FIRST && second != segment->no_second;
        Best one = {plan->values ? most : score, negative ? -second : second, first_ref + document};
        if (top->size < query->wanted) {
            top->heap[top->size++] = one;
            if (top->size == query->wanted)
                for (int64_t place = top->size / 2 - 1; place >= 0; place--)
                    sink(top->heap, top->size, place, top->heap[place]);
        } else if (is_worse(top->heap, &one)) {
            sink(top->heap, top->size, 0, one);
        }
    }
}

/* Documents. */
typedef struct {
    const uint32_t *documents;
    int64_t count;
} Listed;

/* A segment's candidates that satisfy `threshold` and whose gate is `wanted`, into `out` unless they
 * are all there are. */
static Listed list_passing(const SegmentPlan *plan, const Candidates *found, int64_t threshold,
                           int64_t wanted, uint32_t *out) {
    Listed all = {found->documents, found->count}, passing = {out, 0};
    if (plan->all_open && wanted == OPEN && !found->satisfied) return all;
    for (int64_t at = 0; at < found->count; at++) {
        out[passing.count] = found->documents[at];
        passing.count += passes(plan, found, at, threshold, wanted);
    }
    return passing;
}

/* Add one to the total of each value that each document has. */
static void count_column(const Column *column, Listed listed, int64_t *totals) {
    const int32_t *codes = column->codes;
    const int64_t *offsets = column->offsets, *numbers = column->numbers;
    for (int64_t at = 0; at < listed.count; at++) {
        int64_t low = listed.documents[at], high = low + 1;
        if (offsets) {
            high = offsets[low + 1];
            low = offsets[low];
        }
        for (; low < high; low++) {
            int64_t code = codes[low];
            if (code >= 0) totals[numbers ? numbers[code] : code]++;
        }
    }
}

/* Count all facets in a segment: candidates that pass all filters but the facet's own. `passing` are
 * those that pass all; `spare` has room for every document of the segment. */
static void count_facets(const Query *query, const SegmentPlan *plan, int64_t number,
                         const Candidates *found, int64_t threshold, Listed passing,
                         uint32_t *spare) {
    for (int64_t index = 0; index < query->facet_count; index++) {
        const Facet *facet = query->facets + index;
        count_column(facet->columns + number, passing, facet->totals);
        if (facet->gate) {
            Listed others = list_passing(plan, found, threshold, facet->gate, spare);
            count_column(facet->columns + number, others, facet->totals);
        }
    }
}

/* How many of a segment's candidates with an open gate satisfy `threshold`. */
static int64_t count_passing(const SegmentPlan *plan, const Candidates *found, int64_t threshold) {
    int64_t count = 0;
    for (int64_t at = 0; at < found->count; at++)
        count += passes(plan, found, at, threshold, OPEN);
    return count;
}

/* Append the refs of those of a segment's `passing` that have a story; how many there are then. */
static int64_t list_members(const Query *query, Listed passing, int64_t first_ref,
                            int64_t members) {
    if (!query->stories) return 0;
    for (int64_t at = 0; at < passing.count; at++) {
        int64_t ref = first_ref + passing.documents[at];
        if (query->stories[ref] >= 0) query->members[members++] = ref;
    }
    return members;
}

/* ---- all segments ---------------------------------------------------------------------------- */

typedef void (*Match)(Search *search, Candidates *found);

/* The candidates of segment `number`: their places in the room begin at `first`. */
static Candidates place_candidates(const Room *room, int64_t first, int64_t number) {
    Candidates found = {room->documents + first, room->scores + first, room->satisfied + first,
                        room->counts[number]};
    return found;
}

/* Match in every segment. Returns whether the deadline passed. */
static int match_each(const Query *query, Room *room, double deadline, Match match) {
    int64_t first = 0;
    for (int64_t number = 0; number < query->segment_count; number++) {
        const SegmentPlan *plan = query->segments + number;
        Search search = {query, plan, room, plan->segment->documents, deadline, 0};
        room->counts[number] = 0;
        Candidates found = place_candidates(room, first, number);
        if (is_late(&search)) return 1;
        match(&search, &found);
        if (search.late) return 1;
        room->counts[number] = found.count;
        first += plan->segment->documents;
    }
    return 0;
}

static int64_t count_all(const Query *query, const Room *room, int64_t threshold) {
    int64_t first = 0, total = 0;
    for (int64_t number = 0; number < query->segment_count; number++) {
        const SegmentPlan *plan = query->segments + number;
        Candidates found = place_candidates(room, first, number);
        total += count_passing(plan, &found, threshold);
        first += plan->segment->documents;
    }
    return total;
}

/* The greatest worth that `enough` documents with an open gate reach; where fewer satisfy any
 * clause, the least worth of those; 0 where none does. */
static int64_t find_worth_reached(const Query *query, const Room *room) {
    int64_t any = count_all(query, room, 1);
    if (any == 0) return 0;
    int64_t wanted = any < query->enough ? any : query->enough;
    int64_t low = 1, high = query->required;
    while (low < high) {
        int64_t middle = low + (high - low + 1) / 2;
        if (count_all(query, room, middle) >= wanted) low = middle;
        else high = middle - 1;
    }
    return low;
}

/* Multiply the best scores by what the nearness of the words is worth; put them in order again.
 * Returns whether the deadline passed. */
static int add_proximity(const Query *query, double deadline, Workspace *workspace, Best *best,
                         int64_t size) {
    Search search = {query, NULL, NULL, 0, deadline, 0};
    Blocks blocks;
    forget_blocks(&blocks);
    for (int64_t at = 0; at < size; at++) {
        if (is_late(&search)) return 1;
        int64_t document = best[at].ref;
        const SegmentPlan *plan = query->segments;
        while (document >= plan->segment->documents) document -= (plan++)->segment->documents;
        double closeness =
            measure_document_closeness(plan->segment, plan->near, document, &blocks, workspace);
        best[at].score *= 1.0 + query->proximity_weight * closeness;
    }
    order_best(best, size, 0);
    return 0;
}

/* What an answer says besides its hits and facets. */
typedef struct {
    int64_t total, complete, threshold, pruned, members;
} Figures;

/* Where one clause is enough: segment by segment. Returns whether the deadline passed. */
static int search_one_of(const Query *query, Room *room, double deadline, Top *top,
                         Figures *figures) {
    int by_date = query->sort != BY_RELEVANCE;
    int64_t first_ref = 0;
    for (int64_t number = 0; number < query->segment_count; number++) {
        const SegmentPlan *plan = query->segments + number;
        Search search = {query, plan, room, plan->segment->documents, deadline, 0};
        /* Nothing is kept for later, so the room's places serve every segment. */
        Candidates found = {room->documents, NULL, NULL, 0};
        Candidates promising = {(uint32_t *)room->satisfied, room->scores, NULL, 0};
        if (is_late(&search)) return 1;
        figures->pruned +=
            match_one_of(&search, &found, &promising, by_date ? 0 : query->wanted);
        if (search.late) return 1;
        Listed passing = list_passing(plan, &found, 0, OPEN, room->touched);
        figures->total += passing.count;
        keep_best(query, plan, by_date ? &found : &promising, first_ref, 0, top);
        figures->members = list_members(query, passing, first_ref, figures->members);
        count_facets(query, plan, number, &found, 0, passing, room->matched);
        first_ref += plan->segment->documents;
    }
    figures->complete = figures->total;
    return 0;
}

/* Otherwise: match everywhere, see what can be asked for, then keep and count what has it. */
static int search_enough(const Query *query, Room *room, double deadline, Top *top,
                         Figures *figures) {
    Match match = query->threshold <= 0                  ? match_everything
                  : query->threshold == query->required ? match_all
                                                         : match_some;
    if (match_each(query, room, deadline, match)) return 1;
    figures->total = figures->complete = count_all(query, room, query->threshold);
    if (figures->total < query->few && query->threshold > 0) {
        if (match == match_all && match_each(query, room, deadline, match_some)) return 1;
        int64_t reached = find_worth_reached(query, room);
        if (reached > 0 && reached < query->threshold) {
            figures->threshold = reached;
            figures->total = count_all(query, room, reached);
        }
    }
    int64_t first_ref = 0;
    for (int64_t number = 0; number < query->segment_count; number++) {
        const SegmentPlan *plan = query->segments + number;
        Search search = {query, plan, room, plan->segment->documents, deadline, 0};
        Candidates found = place_candidates(room, first_ref, number);
        if (is_late(&search)) return 1;
        keep_best(query, plan, &found, first_ref, figures->threshold, top);
        if (query->facet_count || query->stories) {
            Listed passing = list_passing(plan, &found, figures->threshold, OPEN, room->touched);
            figures->members = list_members(query, passing, first_ref, figures->members);
            count_facets(query, plan, number, &found, figures->threshold, passing, room->matched);
        }
        first_ref += plan->segment->documents;
    }
    return 0;
}

int64_t search(const Query *query, Room *room, Workspace *workspace, Best *best,
               int64_t *figures) {
    Top top = {best, 0};
    Figures said = {0, 0, query->threshold, 0, 0};
    double deadline = read_clock() + query->seconds_left;
    int one_is_enough = query->threshold > 0 && query->threshold <= query->least;
    int late = one_is_enough ? search_one_of(query, room, deadline, &top, &said)
                             : search_enough(query, room, deadline, &top, &said);
    if (late) return 1;
    order_best(best, top.size, query->unread);
    if (query->depth &&
        add_proximity(query, deadline, workspace, best, at_most(query->depth, top.size)))
        return 1;
    figures[0] = said.total;
    figures[1] = said.complete;
    figures[2] = said.total ? said.threshold : 0;
    figures[3] = top.size;
    figures[4] = said.pruned;
    figures[5] = said.members;
    return 0;
}
