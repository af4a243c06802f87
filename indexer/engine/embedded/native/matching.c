/* Which documents of a segment match a query, with what score? See matching.h.
 *
 * There are three ways, by what the clauses that a document satisfies must be worth: all of them,
 * what one of them is worth, or something in between.
 */
#include "matching.h"
#include "packing.h"

#include <math.h>
#include <string.h>
#include <time.h>

double read_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* What a sum holds for a document that nothing has touched. */
static const float UNSEEN = -1.0f;

/* More clauses than this a query does not have: a document's state is what the clauses it satisfies
 * are worth, times CLAUSES, plus the number of the last of them. */
enum { CLAUSES = 1 << 15 };

/* Up to one in so many documents are sorted; more are found by a look at each. */
enum { FEW_OF = 32 };

/* Sums of float differ by their order; no score that counts is left out for that. */
static const double ROUNDING = 1.0001;

int is_late(Search *search) {
    if (search->query->seconds_left > 0 && !search->late)
        search->late = read_clock() > search->deadline;
    return search->late;
}

/* ---- one word ------------------------------------------------------------------------------- */

/* A run within a scope, with its weights there as they are multiplied. */
typedef struct {
    const Postings *postings;
    int64_t low, high, scope;
    float title_weight, body_weight, lead_weight;
    const float *norms;
    const int8_t *gate; /* absent where documents with a closed one are wanted as well */
} Scored;

static Scored make_scored(const Search *search, const Run *run, int64_t scope) {
    const SegmentPlan *plan = search->plan;
    /* Facets count what only their own filters close. */
    int wanted_all = plan->all_open || search->query->facet_count > 0;
    int in_title = scope != IN_BODY, in_body = scope != IN_TITLE;
    Scored scored = {run->postings, run->low, run->high, scope,
                     in_title ? (float)run->title_weight : 0.0f,
                     in_body ? (float)run->body_weight : 0.0f,
                     in_body ? (float)run->lead_weight : 0.0f, plan->norms,
                     wanted_all ? NULL : plan->gate};
    return scored;
}

/* The posting's weighted, normalised frequency within the scope. */
static inline float weigh(const Scored *run, int64_t posting, int64_t document) {
    const float *norms = run->norms + 2 * document;
    float in_title = run->title_weight * (float)title_count_of(posting);
    float in_body = run->body_weight * (float)body_count_of(posting);
    in_body += run->lead_weight * (float)lead_count_of(posting);
    return in_title * norms[0] + in_body * norms[1];
}

static inline float saturate(float frequency, float idf, float k1) {
    return frequency > 0.0f ? idf * frequency / (k1 + frequency) : 0.0f;
}

/* Documents of a run, ascending or not, with the frequencies of their postings. */
typedef struct {
    uint32_t documents[BLOCK];
    float frequencies[BLOCK];
} Piece;

/* The next of the run that are in its scope and wanted; how many: 0 at the end. */
static inline int64_t weigh_on(Cursor *cursor, const Scored *run, Piece *out) {
    const int64_t *postings;
    int64_t count = 0;
    for (int64_t many; count == 0 && (many = read_on(cursor, &postings));)
        for (int64_t at = 0; at < many; at++) {
            int64_t document = document_of(postings[at]);
            out->documents[count] = (uint32_t)document;
            out->frequencies[count] = weigh(run, postings[at], document);
            int open = !run->gate || run->gate[document] == OPEN;
            count += open & is_in_scope(postings[at], run->scope);
        }
    return count;
}

/* The same, with what they are worth instead of frequencies. */
static inline int64_t score_on(Cursor *cursor, const Scored *run, float idf, float k1, Piece *out) {
    int64_t count = weigh_on(cursor, run, out);
    /* By itself, so that compilers divide several at once. */
    for (int64_t at = 0; at < count; at++)
        out->frequencies[at] = saturate(out->frequencies[at], idf, k1);
    return count;
}

/* Sums of documents; those that have any are `matched`, `count` of them. Where there are `states`,
 * they change by `state` with the first word of its clause. */
typedef struct {
    float *sums;
    int32_t *states;
    uint32_t *matched;
    int64_t count;
    int32_t state;
} Sums;

static inline void gain(Sums *into, int64_t document, float score) {
    float sum = into->sums[document];
    int seen = sum >= 0.0f;
    /* Without a branch: whether it was seen before is hard to foretell. */
    into->matched[into->count] = (uint32_t)document;
    into->count += !seen;
    into->sums[document] = (sum > 0.0f ? sum : 0.0f) + score;
    if (!into->states) return;
    int32_t *state = into->states + document, clause = into->state & (CLAUSES - 1);
    if (!seen) *state = into->state;
    /* A clause counts once, however many of its words are there. */
    else if ((*state & (CLAUSES - 1)) != clause) *state = (*state & ~(CLAUSES - 1)) + into->state;
}

/* Add what each document of a piece has to its sum. */
static void gain_all(Sums *into, const Piece *piece, int64_t many) {
    /* A copy stays in registers. */
    Sums sums = *into;
    if (sums.states)
        for (int64_t at = 0; at < many; at++)
            gain(&sums, piece->documents[at], piece->frequencies[at]);
    else
        for (int64_t at = 0; at < many; at++)
            gain(&sums, piece->documents[at], piece->frequencies[at]);
    into->count = sums.count;
}

/* Add the run's frequencies to those of its documents. */
static void add_frequencies(const Scored *run, Sums *frequencies) {
    Cursor cursor;
    Piece piece;
    start_at(&cursor, run->postings, run->low, run->high);
    for (int64_t many; (many = weigh_on(&cursor, run, &piece));) gain_all(frequencies, &piece, many);
}

/* Add what a word is worth to the sums of its documents. */
static void score_word(Search *search, int64_t word, Sums *into) {
    const SegmentPlan *plan = search->plan;
    const int64_t *runs = plan->run_offsets + word;
    const Word *asked = search->query->words + word;
    Room *room = search->room;
    float idf = (float)asked->idf, k1 = (float)search->query->k1;
    if (is_late(search)) return;
    if (runs[1] - runs[0] == 1 && plan->runs[runs[0]].ascending) {
        Scored run = make_scored(search, plan->runs + runs[0], asked->scope);
        Cursor cursor;
        Piece piece;
        start_at(&cursor, run.postings, run.low, run.high);
        for (int64_t many; (many = score_on(&cursor, &run, idf, k1, &piece));)
            gain_all(into, &piece, many);
        return;
    }
    Sums touched = {room->frequencies, NULL, room->touched, 0, 0};
    for (int64_t index = runs[0]; index < runs[1]; index++) {
        if (is_late(search)) return;
        Scored run = make_scored(search, plan->runs + index, asked->scope);
        add_frequencies(&run, &touched);
    }
    for (int64_t at = 0; at < touched.count; at++) {
        int64_t document = room->touched[at];
        float score = saturate(room->frequencies[document], idf, k1);
        room->frequencies[document] = UNSEEN;
        gain(into, document, score);
    }
}

/* Let a word's documents be matched, without what it is worth. */
static void touch_word(Search *search, int64_t word, Sums *into) {
    const SegmentPlan *plan = search->plan;
    int64_t scope = search->query->words[word].scope;
    for (int64_t run = plan->run_offsets[word]; run < plan->run_offsets[word + 1]; run++) {
        const Run *touched = plan->runs + run;
        if (is_late(search)) return;
        Cursor cursor;
        const int64_t *piece;
        Sums sums = *into;
        start_at(&cursor, touched->postings, touched->low, touched->high);
        for (int64_t many; (many = read_on(&cursor, &piece));)
            for (int64_t at = 0; at < many; at++)
                if (is_in_scope(piece[at], scope)) gain(&sums, document_of(piece[at]), 0.0f);
        into->count = sums.count;
    }
}

/* Collect the frequencies that candidates have in a run whose documents do not ascend. */
static void collect_in_any_order(Room *room, const Scored *run, const Candidates *found) {
    float *frequencies = room->frequencies, *collected = room->collected;
    Cursor cursor;
    const int64_t *piece;
    for (int64_t at = 0; at < found->count; at++) room->marks[found->documents[at]] = 1;
    start_at(&cursor, run->postings, run->low, run->high);
    for (int64_t many; (many = read_on(&cursor, &piece));) {
        int64_t marked[BLOCK], count = 0;
        for (int64_t at = 0; at < many; at++) {
            marked[count] = piece[at];
            count += room->marks[document_of(piece[at])] & is_in_scope(piece[at], run->scope);
        }
        for (int64_t at = 0; at < count; at++) {
            int64_t document = document_of(marked[at]);
            float sum = frequencies[document], frequency = weigh(run, marked[at], document);
            frequencies[document] = sum < 0.0f ? frequency : sum + frequency;
        }
    }
    for (int64_t at = 0; at < found->count; at++) {
        float *sum = frequencies + found->documents[at];
        if (*sum >= 0.0f) collected[at] = collected[at] < 0.0f ? *sum : collected[at] + *sum;
        *sum = UNSEEN;
        room->marks[found->documents[at]] = 0;
    }
}

/* Add what a word is worth to the ascending candidates; `hits` where it is. */
static void probe_word(Search *search, int64_t word, Candidates *found) {
    const SegmentPlan *plan = search->plan;
    const int64_t *runs = plan->run_offsets + word;
    const Word *asked = search->query->words + word;
    Room *room = search->room;
    float *collected = room->collected;
    float idf = (float)asked->idf, k1 = (float)search->query->k1;
    for (int64_t index = runs[0]; index < runs[1] && !is_late(search); index++) {
        Scored run = make_scored(search, plan->runs + index, asked->scope);
        if (!plan->runs[index].ascending) {
            collect_in_any_order(room, &run, found);
            continue;
        }
        Cursor cursor;
        Meeting met;
        start_at(&cursor, run.postings, run.low, run.high);
        met.done = 0;
        for (int64_t many; (many = meet_on(&cursor, found->documents, found->count, &met));)
            for (int64_t each = 0; each < many; each++) {
                int64_t at = met.places[each], posting = met.postings[each];
                if (!is_in_scope(posting, run.scope)) continue;
                float frequency = weigh(&run, posting, found->documents[at]);
                collected[at] = collected[at] < 0.0f ? frequency : collected[at] + frequency;
            }
    }
    for (int64_t at = 0; at < found->count; at++) {
        room->hits[at] |= collected[at] >= 0.0f;
        found->scores[at] += saturate(collected[at], idf, k1);
        collected[at] = UNSEEN;
    }
}

/* ---- three ways to match -------------------------------------------------------------------- */

static int64_t first_word(const Query *query, int64_t clause) {
    return clause ? query->clauses[clause - 1].words_end : 0;
}

/* The word of the only run that the words `first` to `end` have, if that ascends; otherwise -1. */
static int64_t find_only_run(const Search *search, int64_t first, int64_t end) {
    const int64_t *offsets = search->plan->run_offsets;
    if (offsets[end] - offsets[first] != 1) return -1;
    while (offsets[first + 1] == offsets[first]) first++;
    return search->plan->runs[offsets[first]].ascending ? first : -1;
}

/* The documents of one ascending run, in their order, with their scores. */
static void list_run(const Search *search, int64_t word, Candidates *found) {
    const SegmentPlan *plan = search->plan;
    const Word *asked = search->query->words + word;
    Scored run = make_scored(search, plan->runs + plan->run_offsets[word], asked->scope);
    float idf = (float)asked->idf, k1 = (float)search->query->k1;
    Cursor cursor;
    Piece piece;
    start_at(&cursor, run.postings, run.low, run.high);
    found->count = 0;
    for (int64_t many; (many = score_on(&cursor, &run, idf, k1, &piece)); found->count += many) {
        memcpy(found->documents + found->count, piece.documents, (size_t)many * sizeof(uint32_t));
        memcpy(found->scores + found->count, piece.frequencies, (size_t)many * sizeof(float));
    }
}

/* Keep the candidates that were hit, in place. */
static void keep_hits(Search *search, Candidates *found) {
    uint8_t *hits = search->room->hits;
    int64_t kept = 0;
    for (int64_t at = 0; at < found->count; at++) {
        found->documents[kept] = found->documents[at];
        found->scores[kept] = found->scores[at];
        kept += hits[at];
        hits[at] = 0;
    }
    found->count = kept;
}

/* Add what the words of a clause are worth to the candidates. */
static void probe_clause(Search *search, int64_t clause, Candidates *found) {
    int64_t end = search->query->clauses[clause].words_end;
    for (int64_t word = first_word(search->query, clause); word < end; word++)
        probe_word(search, word, found);
}

/* Move the first `count` matched documents and their sums out of the room. */
static void take_matched(Search *search, int64_t count, Candidates *found) {
    Room *room = search->room;
    for (int64_t at = 0; at < count; at++) {
        uint32_t document = room->matched[at];
        found->documents[at] = document;
        found->scores[at] = room->sums[document];
        room->sums[document] = UNSEEN;
    }
    found->count = count;
}

/* Put candidates in ascending order of their documents: a heap of both arrays. */
static void sort_by_document(Candidates *found) {
    uint32_t *documents = found->documents;
    float *scores = found->scores;
    int64_t size = found->count;
    for (int64_t start = size / 2 - 1, end = size; end > 1;) {
        uint32_t document;
        float score;
        int64_t at;
        if (start >= 0) {
            at = start--;
            document = documents[at];
            score = scores[at];
        } else {
            at = 0;
            end--;
            document = documents[end];
            score = scores[end];
            documents[end] = documents[0];
            scores[end] = scores[0];
        }
        for (int64_t child; (child = 2 * at + 1) < end; at = child) {
            if (child + 1 < end && documents[child + 1] > documents[child]) child++;
            if (documents[child] <= document) break;
            documents[at] = documents[child];
            scores[at] = scores[child];
        }
        documents[at] = document;
        scores[at] = score;
    }
}

/* Put candidates in ascending order of their documents; the sums of the room are clear. */
static void order_by_document(Search *search, Candidates *found) {
    if (found->count <= search->documents / FEW_OF) {
        sort_by_document(found);
        return;
    }
    /* A look at every document takes less than sorting many. */
    float *sums = search->room->sums;
    for (int64_t at = 0; at < found->count; at++) sums[found->documents[at]] = found->scores[at];
    int64_t kept = 0;
    for (int64_t document = 0; document < search->documents; document++) {
        if (sums[document] < 0.0f) continue;
        found->documents[kept] = (uint32_t)document;
        found->scores[kept++] = sums[document];
        sums[document] = UNSEEN;
    }
}

void match_all(Search *search, Candidates *found) {
    const Query *query = search->query;
    int64_t lead = 0;
    while (query->clauses[lead].worth == 0) lead++;
    int64_t first = first_word(query, lead), end = query->clauses[lead].words_end;
    int64_t only = find_only_run(search, first, end);
    if (only >= 0) {
        list_run(search, only, found);
    } else {
        Sums into = {search->room->sums, NULL, search->room->matched, 0, 0};
        for (int64_t word = first; word < end; word++) score_word(search, word, &into);
        take_matched(search, into.count, found);
        order_by_document(search, found);
    }
    for (int64_t clause = 0; clause < query->clause_count && found->count; clause++) {
        if (clause == lead || query->clauses[clause].worth == 0) continue;
        probe_clause(search, clause, found);
        keep_hits(search, found);
    }
    for (int64_t clause = 0; clause < query->clause_count && found->count; clause++)
        if (query->clauses[clause].worth == 0) probe_clause(search, clause, found);
    memset(search->room->hits, 0, (size_t)found->count);
    for (int64_t at = 0; at < found->count; at++)
        found->satisfied[at] = (int32_t)query->required;
}

void match_some(Search *search, Candidates *found) {
    const Query *query = search->query;
    Room *room = search->room;
    Sums into = {room->sums, room->states, room->matched, 0, 0};
    int64_t word = 0;
    for (int64_t clause = 0; clause < query->clause_count; clause++) {
        into.state = (int32_t)(query->clauses[clause].worth * CLAUSES + clause);
        for (; word < query->clauses[clause].words_end; word++) score_word(search, word, &into);
    }
    take_matched(search, into.count, found);
    for (int64_t at = 0; at < found->count; at++)
        found->satisfied[at] = room->states[found->documents[at]] / CLAUSES;
}

void match_everything(Search *search, Candidates *found) {
    match_some(search, found);
    Room *room = search->room;
    for (int64_t at = 0; at < found->count; at++)
        room->sums[found->documents[at]] = found->scores[at];
    for (int64_t document = 0; document < search->documents; document++) {
        found->documents[document] = (uint32_t)document;
        int seen = room->sums[document] >= 0.0f;
        found->scores[document] = seen ? room->sums[document] : 0.0f;
        found->satisfied[document] = seen ? room->states[document] / CLAUSES : 0;
        room->sums[document] = UNSEEN;
    }
    found->count = search->documents;
}

/* The `wanted`-th greatest sum of the matched documents with an open gate, -1 where there are
 * fewer; `best` has room for so many. */
static double find_threshold(Search *search, int64_t count, float *best, int64_t wanted) {
    const Room *room = search->room;
    int64_t size = 0;
    for (int64_t index = 0; index < count; index++) {
        uint32_t document = room->matched[index];
        float sum = room->sums[document];
        if (search->plan->gate[document] != OPEN || (size == wanted && sum <= best[0])) continue;
        int64_t at = 0;
        if (size < wanted) {
            for (at = size++; at > 0 && best[(at - 1) / 2] > sum; at = (at - 1) / 2)
                best[at] = best[(at - 1) / 2];
        } else {
            for (int64_t child; (child = 2 * at + 1) < wanted; at = child) {
                if (child + 1 < wanted && best[child + 1] < best[child]) child++;
                if (best[child] >= sum) break;
                best[at] = best[child];
            }
        }
        best[at] = sum;
    }
    return size == wanted ? (double)best[0] : -1.0;
}

/* Move the matched documents with an open gate and a sum of `least` or more out of the room; clear
 * the sums of all. */
static void take_promising(Search *search, int64_t count, double least, Candidates *promising) {
    const int8_t *gate = search->plan->gate;
    const uint32_t *matched = search->room->matched;
    float *sums = search->room->sums;
    int64_t kept = 0;
    for (int64_t at = 0; at < count; at++) {
        uint32_t document = matched[at];
        float sum = sums[document];
        sums[document] = UNSEEN;
        if (sum < least || gate[document] != OPEN) continue;
        promising->documents[kept] = document;
        promising->scores[kept++] = sum;
    }
    promising->count = kept;
}

/* MaxScore (Turtle & Flood 1995), term at a time: words are scored one after another, the most
 * telling first, until what the rest can add no longer brings an unseen document among the best.
 * The rest are scored in promising documents only. */
int64_t match_one_of(Search *search, Candidates *found, Candidates *promising, int64_t to_order) {
    const Query *query = search->query;
    const SegmentPlan *plan = search->plan;
    Room *room = search->room;
    double most_gain = query->half_life > 0 ? 1.0 + query->recency_weight : 1.0;
    double all = 0.0, done = 0.0, least = to_order ? 0.0 : INFINITY;
    int64_t cost = 0, scored = 0;
    Sums into = {room->sums, NULL, room->matched, 0, 0};
    int64_t only = find_only_run(search, 0, query->word_count);
    if (only >= 0 && query->word_count == query->required_words) {
        promising->documents = found->documents;
        list_run(search, only, promising);
        found->count = promising->count;
        return 0;
    }
    for (int64_t index = 0; index < query->word_count; index++) {
        int64_t word = query->order[index];
        all += query->words[word].idf;
        if (index >= query->required_words) continue;
        for (int64_t run = plan->run_offsets[word]; run < plan->run_offsets[word + 1]; run++)
            cost += plan->runs[run].high - plan->runs[run].low;
    }
    int prunes = cost > query->cheap;
    while (to_order) {
        double left = all - done;
        /* What a document can have so far, against what it can still get. */
        if (prunes && scored < query->word_count && done > left * most_gain) {
            double threshold = find_threshold(search, into.count, promising->scores, to_order);
            least = threshold / (most_gain * ROUNDING) - left;
        }
        if (least > 0 || scored == query->required_words || search->late) break;
        int64_t word = query->order[scored++];
        score_word(search, word, &into);
        done += query->words[word].idf;
    }
    for (int64_t index = scored; index < query->required_words; index++)
        touch_word(search, query->order[index], &into);
    memcpy(found->documents, room->matched, (size_t)into.count * sizeof *room->matched);
    found->count = into.count;
    take_promising(search, into.count, least, promising);
    if (scored < query->word_count && promising->count) {
        order_by_document(search, promising);
        for (int64_t index = scored; index < query->word_count; index++)
            probe_word(search, query->order[index], promising);
        memset(room->hits, 0, (size_t)promising->count);
    }
    return query->required_words - scored;
}
