/* The engine's inner loops: all that is called from Python, and all structures that are passed.
 *
 * Loops check nothing and allocate nothing. Whoever calls them has looked at what comes from a
 * file (layout.py, check.c) and made the arrays that they fill. Every member of a structure takes
 * eight bytes. native/__init__.py reads this header: an argument or a member `const int32_t *x` is
 * an array of int32 that is only read, `int32_t *x` one that is written, `const void *x` an array
 * of any type, a pointer to a structure what pack() or a Sheet made of it. Lengths are in items.
 *
 * Throughout: documents, terms, stems and strings are numbered from 0. Offsets have one item more
 * than there are runs: run n is `offsets[n]` to `offsets[n + 1]`, the end not included.
 */
#ifndef CORE_H
#define CORE_H

#include <stdint.h>

#define CORE __attribute__((visibility("default")))

_Static_assert(sizeof(void *) == 8, "a pointer is a member of eight bytes");

/* ---- what is passed ------------------------------------------------------------------------ */

/* Postings in blocks of bits, see packing.h: four numbers for each block and for the end of all, and
 * the words of 64 bits, one more than are used. */
typedef struct {
    const uint32_t *blocks;
    const uint64_t *words;
} Postings;

/* The arrays of one segment that searches read. */
typedef struct {
    int64_t documents;
    const int32_t *title_lengths; /* in tokens, for each document */
    const int32_t *body_lengths;
    const int32_t *lead_lengths;
    const int64_t *seconds;  /* when published; no_second where that is unknown */
    const int32_t *days;     /* the same in days; no_day where that is unknown */
    const int64_t *exact_offsets; /* the postings of each exact term */
    const Postings *exact;
    const uint64_t *positions; /* of the exact postings */
    const int32_t *forms; /* the exact terms of all stems, one stem after another */
    const uint8_t *starts; /* where tokens start, see encode_starts */
    const int64_t *starts_offsets;
    int64_t no_second;
    int64_t no_day;
} Segment;

/* `count` strings in one text, where each begins, and the end of the last; sorted by their bytes. */
typedef struct {
    const uint8_t *text;
    const int64_t *offsets;
    int64_t count;
} Strings;

/* What one token of an alternative may be: the exact terms `low` to `high`, or, `by_stem`, those
 * that `forms` has there. Without any (low == high) it may be any token. */
typedef struct {
    int64_t low;
    int64_t high;
    int64_t by_stem;
} Slot;

/* Alternatives of several groups (words or clauses). The slots of alternative a end at
 * `slot_ends[a]`, where those of the next begin; the alternatives of group g end at
 * `alternative_ends[g]`. `scopes[a]` is where alternative a must be. */
typedef struct {
    const Slot *slots;
    const int64_t *slot_ends;
    const int64_t *scopes;
    const int64_t *alternative_ends;
    int64_t groups;
} SlotTable;

/* A document in which a passage is sought, within bounds in characters: see find_passages. */
typedef struct {
    int64_t document;
    int64_t end;
    int64_t width;
    int64_t reach;
} Sought;

/* Room for the tokens of one document, the longest there is. `stages` and `marks` are 0 before
 * and after every call. */
typedef struct {
    int32_t *starts;
    int32_t *tokens;
    int32_t *places;
    int32_t *other_places;
    uint16_t *stages;
    uint8_t *marks;
} Workspace;

/* Postings `low` to `high` of an alternative, at least one, and what an occurrence of it weighs in
 * each field. `ascending`: documents ascend, each once. */
typedef struct {
    const Postings *postings;
    int64_t low;
    int64_t high;
    int64_t ascending;
    double title_weight;
    double body_weight;
    double lead_weight;
} Run;

/* The most that the word can add to a score, and where it must be. */
typedef struct {
    double idf;
    int64_t scope;
} Word;

/* The words before `words_end` that are not of the clauses before; `worth` is 0 where it only adds
 * to the score. */
typedef struct {
    int64_t words_end;
    int64_t worth;
} Clause;

/* One segment for one query. `gate` is 0 for a document that passes all filters, 127 for one that
 * counts nowhere, and n for one that fails the filters of facet n only. The runs of word w are
 * `runs[run_offsets[w]]` to `runs[run_offsets[w + 1]]`. `near` has a group for each required
 * clause; it is read where `depth` is not 0. `values` are what hits are sorted by, the greatest first,
 * for each document; absent: by score or date. */
typedef struct {
    const Segment *segment;
    const float *norms; /* 1 / (1 - b + b length / average), of the title and the body of each document */
    const int8_t *gate;
    int64_t all_open; /* whether the gate is 0 everywhere */
    const Run *runs;
    const int64_t *run_offsets;
    const SlotTable *near;
    const double *values;
} SegmentPlan;

/* The values of one facet in one segment: `codes[d]`, or where there are `offsets` those of run d; -1
 * is no value. A value's place among the totals is `numbers[code]`, or where there are no numbers
 * the code. */
typedef struct {
    const int32_t *codes;
    const int64_t *offsets; /* may be absent */
    const int64_t *numbers; /* may be absent */
} Column;

/* A facet to count: into `totals`, from the column of each segment; its number as a gate, or 0. */
typedef struct {
    const Column *columns;
    int64_t *totals;
    int64_t gate;
} Facet;

/* One query over all segments of a snapshot; see indexer.engine.base.Query. */
typedef struct {
    const SegmentPlan *segments;
    int64_t segment_count;
    const Word *words;
    int64_t word_count;
    const Clause *clauses; /* the rarest first: the first required one leads */
    int64_t clause_count;
    const int64_t *order; /* words: of required clauses by idf, the greatest first, then others */
    int64_t required_words;
    const Facet *facets;
    int64_t facet_count;
    double k1;
    int64_t threshold; /* what the satisfied clauses must be worth; 0: everything matches */
    int64_t required;  /* what all required clauses are worth */
    int64_t least;     /* what the cheapest of them is worth, 0 without any */
    int64_t few;
    int64_t enough;
    int64_t sort; /* the values of indexer.engine.base.Sort; 3 by the segments' `values` */
    int64_t wanted; /* so many of the best are put in order */
    int64_t unread; /* but for so many of these, the very best */
    int64_t depth;  /* of which so many once more, by how near their words are */
    double proximity_weight;
    double half_life; /* in days; 0: scores do not fade */
    double recency_weight;
    int64_t from_day;
    int64_t cheap; /* up to so many postings are scored all */
    const int32_t *stories; /* for each ref the number of its story, or -1; absent: not asked */
    int64_t *members; /* room for every ref that has a story */
    double seconds_left; /* until the deadline; 0: there is none */
} Query;

/* Room for a thread's searches. For each document of the largest segment: `frequencies`,
 * `collected`, `sums` (-1 before and after every call), `states`, `touched` and `matched` (and one
 * more of these two), and `marks`, `hits` (0 before and after). For each document of all segments: `documents`, `scores`,
 * `satisfied` (where one clause is enough, the documents that `scores` are of); for each segment:
 * `counts`. */
typedef struct {
    float *frequencies;
    float *collected;
    float *sums;
    int32_t *states;
    uint32_t *touched;
    uint32_t *matched;
    uint8_t *marks;
    uint8_t *hits;
    uint32_t *documents;
    float *scores;
    int32_t *satisfied;
    int64_t *counts;
} Room;

/* One of the best: greatest score first, then greatest key, then least ref. The key is the second
 * of publication, negative where the oldest come first. */
typedef struct {
    double score;
    int64_t key;
    int64_t ref;
} Best;

/* ---- search.c -------------------------------------------------------------------------------- */

/* Answer a query: hits into `best`, in order, from place 0; facets into their totals; and into
 * `figures` the total, how many of these satisfy the query's own threshold, the threshold that
 * held, the number of hits, for how many words some document was not scored, as it could not be among
 * the best, and how many of the total have a story: their refs are in `members`. Returns 0, or 1 where the deadline passed first: then the room is to be thrown
 * away. `best` has `wanted` places. */
CORE int64_t search(const Query *query, Room *room, Workspace *workspace, Best *best,
                    int64_t *figures);

/* ---- postings.c ---------------------------------------------------------------------------- */

/* How many of the postings `low` to `high` are within `scope`. */
CORE int64_t count_in_scope(const Postings *postings, int64_t low, int64_t high, int64_t scope);

/* How many documents they are of; `marks` is 0 for each document, and is used up. */
CORE int64_t count_distinct(const Postings *postings, int64_t low, int64_t high, int64_t scope,
                            uint8_t *marks);

/* `gate[document] = closed` for those within `scope`. */
CORE void close_gate(const Postings *postings, int64_t low, int64_t high, int64_t scope,
                     int8_t *gate, int64_t closed);

/* Keep, in place, those of the ascending `documents` that the ascending postings have; how many. */
CORE int64_t intersect(uint32_t *documents, int64_t count, const Postings *postings, int64_t low,
                       int64_t high);

/* Places of the `wanted` greatest totals above 0 into `out`, greatest first, ties by place; how
 * many there are. */
CORE int64_t find_most(const int64_t *totals, int64_t count, int64_t wanted, int64_t *out);

/* ---- packing.c ----------------------------------------------------------------------------- */

/* Pack postings; how many words they take: 64 for a block at most, and one more that is touched.
 * `words` are 0. */
CORE int64_t pack_postings(const int64_t *postings, int64_t count, uint32_t *blocks,
                           uint64_t *words);

/* Pack the positions of these postings, which are packed in `blocks`; how many words they take, one
 * for a block at most besides 32 bits for each, and one more that is touched. `words` are 0. */
CORE int64_t pack_positions(const int64_t *postings, int64_t count, const void *positions,
                            int64_t wide, uint32_t *blocks, uint64_t *words);

/* The postings `low` to `high`. */
CORE void unpack_postings(const Postings *postings, int64_t low, int64_t high, int64_t *out);

/* ---- positions.c --------------------------------------------------------------------------- */

/* Postings of the one alternative in the table, among `documents`; how many. */
CORE int64_t count_starts(const Segment *segment, const SlotTable *table,
                          const uint32_t *documents, int64_t count, Workspace *workspace,
                          int64_t *out);

/* The tokens of each document that a group matches, as rows of the document's index among
 * `documents`, 1 for a token of the title or 0, the token's index in that field and the group, into
 * `out`, ascending, those of a title first; how many. `marks` are 0, for each token and group of the
 * longest document, and are so again afterwards. */
CORE int64_t list_tokens(const Segment *segment, const SlotTable *table, const uint32_t *documents,
                         int64_t count, Workspace *workspace, uint8_t *marks, int32_t *out);

/* Where the tokens that the groups match and that are shown of each document start, in characters,
 * ascending, each once, into `out`: all in the title, then those in the body up to `reach`
 * characters before or after the beginning of its best stretch. The best has the most groups within
 * `width` characters, of these the most occurrences, and is the first of these. Of the body the
 * first `most` occurrences count that start before `end`. `found` becomes how many tokens are shown
 * of each title and of its body, and where the first and the last occurrence of its best stretch
 * start, -1 without any. `marks` are 0, for each token and group of the longest document, and are
 * so again afterwards. `scratch` has room for each group and for `most`. */
CORE void find_passages(const Segment *segment, const SlotTable *table, const Sought *sought,
                        int64_t count, int64_t most, Workspace *workspace, uint8_t *marks,
                        int64_t *scratch, int32_t *out, int64_t *found);

/* For each document the `closeness` of indexer.engine.base.Ranking; two groups or more. */
CORE void measure_closeness(const Segment *segment, const SlotTable *table,
                            const uint32_t *documents, int64_t count, Workspace *workspace,
                            double *out);

/* ---- build.c ------------------------------------------------------------------------------- */

/* Inverting. `terms` are those of all tokens, document by document, title first. Put the tokens of
 * each term, in this order, into `tokens` from `cursor[term]` on, as collect_postings reads them. */
CORE void sort_tokens(const int32_t *terms, const int32_t *title_lengths,
                      const int32_t *body_lengths, const int32_t *lead_lengths,
                      int64_t documents, int64_t *cursor, int64_t *tokens);

/* Replace the tokens, those of each term from `starts[term]` on, by its postings, from `offsets[term]`
 * on. Their positions follow one another: of each posting those in its title, then in its body, no
 * more than it can count. Returns how many. */
CORE int64_t collect_postings(const int64_t *starts, int64_t terms, int64_t *tokens,
                              int64_t *offsets, void *positions, int64_t wide);

/* Where the positions of each term begin, and their total. */
CORE void sum_positions(const int64_t *offsets, int64_t terms, const int64_t *postings,
                        int64_t *starts);

/* How many bytes encode_starts makes. */
CORE int64_t measure_starts(const int32_t *starts, const int32_t *title_lengths,
                            const int32_t *body_lengths, int64_t documents);

/* Where tokens start, in characters, ascending within a field, two steps in a byte, the lower bits
 * first. A step below 15 is a token so many characters after the one before (its field's first: after
 * its beginning); 15 is as many characters without one, and fills up a document's last byte. */
CORE void encode_starts(const int32_t *starts, const int32_t *title_lengths,
                        const int32_t *body_lengths, int64_t documents, uint8_t *data,
                        int64_t *offsets);

/* The token starts of one document; where its bytes end too early, the last is repeated. */
CORE void decode_starts(const uint8_t *data, int64_t size, int64_t title_length,
                        int64_t body_length, int32_t *starts);

/* Merging: `new_numbers[document]` is its number afterwards, -1 where it is dropped;
 * `new_terms[term]` is that of a term. Add what each term keeps to its count. */
CORE void count_kept(const int64_t *offsets, int64_t terms, const Postings *postings,
                     const int32_t *new_numbers, const int32_t *new_terms, int64_t *counts);

/* Append what each term keeps to its run, which goes on at `cursor[new term]`; of terms side by side,
 * any of a segment's. */
CORE void copy_postings(const int64_t *offsets, int64_t terms, const Postings *postings,
                        const int32_t *new_numbers, const int32_t *new_terms, int64_t *cursor,
                        int64_t *out);

/* The same for the positions of what each term keeps. */
CORE void copy_positions(const int64_t *offsets, int64_t terms, const Postings *postings,
                         const uint64_t *positions, const int32_t *new_numbers,
                         const int32_t *new_terms, int64_t *cursor, void *out, int64_t wide);

/* The postings of all stems one after another, from those of their forms; how many. Forms of one
 * stem in one document become one posting. `scratch` has two items for each form of the stem that
 * has most; `out` has room for all postings. */
CORE int64_t join_forms(const int64_t *offsets, const int64_t *postings, const int32_t *forms,
                        const int64_t *form_offsets, int64_t stems, int64_t *scratch,
                        int64_t *counts, int64_t *out);

/* Copy the runs of `rows` one after another. */
CORE void gather_runs(const void *values, int64_t item_bytes, const int64_t *offsets,
                      const int64_t *rows, int64_t count, void *out);

/* ---- check.c ------------------------------------------------------------------------------- */

/* The first of the blocks that is not as wide as it says, or whose positions begin before those of the
 * block before; `count` where the last does not end where the words do; otherwise -1. */
CORE int64_t find_bad_block(const uint32_t *blocks, int64_t count, int64_t words,
                            int64_t position_words);

/* The first posting that none can be, in the blocks that begin from `first_word` to `end_word`; or that
 * block's first, where its positions are not as many as its postings count; or -1. `blocks` is how many
 * there are, each as find_bad_block wants it. */
CORE int64_t find_bad_posting(const Postings *postings, int64_t blocks, int64_t first_word,
                              int64_t end_word, const int64_t *offsets, int64_t terms,
                              int64_t documents);

/* For each document the tokens of its title, body and lead, and whether a count is cut. */
CORE void sum_counts(const Postings *postings, int64_t count, int64_t *titles, int64_t *bodies,
                     int64_t *leads, uint8_t *cut);

/* The first posting whose positions disagree with its counts, the lengths or another's positions,
 * or -1. `firsts[document]` is how many tokens all documents before it have; `seen` is 0 for each
 * token, and is used up. */
CORE int64_t find_bad_positions(const Postings *postings, int64_t count, const uint64_t *positions,
                                const int32_t *title_lengths, const int32_t *body_lengths,
                                const int32_t *lead_lengths, const int64_t *firsts,
                                const uint8_t *cut, uint8_t *seen);

/* The first document whose run of token starts has not one for each token, or -1. */
CORE int64_t find_bad_starts(const uint8_t *starts, const int64_t *offsets, const int64_t *tokens,
                             int64_t documents);

/* ---- terms.c ------------------------------------------------------------------------------- */

/* The first string that does not sort, byte by byte, after the one before it, or -1. */
CORE int64_t find_disorder(const uint8_t *text, const int64_t *offsets, int64_t strings);

/* The place of the first string that is `wanted` or sorts after it. */
CORE int64_t find_first(const Strings *strings, const uint8_t *wanted, int64_t size);

/* The place of the string that is `wanted`, or -1. */
CORE int64_t find_string(const Strings *strings, const uint8_t *wanted, int64_t size);

/* The same for each of many; `wanted` has them one after the other, and `sizes` their bytes. */
CORE void find_strings(const Strings *strings, const uint8_t *wanted, const int64_t *sizes,
                       int64_t count, int64_t *places);

/* Both in one, what they share once: into `text` and `offsets`, which have room for all; and the new
 * number of each. Returns how many. */
CORE int64_t merge_strings(const Strings *first, const Strings *second, uint8_t *text,
                           int64_t *offsets, int32_t *first_numbers, int32_t *second_numbers);

/* For each of `some` its place among the others, or -1. */
CORE void match_strings(const Strings *some, const Strings *others, int32_t *places);

/* Number strings in the order in which they first come, after the `count` in `text` and `offsets`,
 * which have room for them; returns how many there are then. `slots`, a power of two of them and more
 * than there will be strings, are a hash table: numbers, -1 where a slot is empty. Nobody who writes
 * strings may know the `seed` of the hashes. `strings` may be in any order. */
CORE int64_t number_strings(const Strings *strings, int64_t seed, uint8_t *text, int64_t *offsets,
                            uint32_t *hashes, int64_t count, int32_t *slots, int64_t slot_count,
                            int32_t *numbers);

/* Put the strings with these hashes into empty slots. */
CORE void place_strings(const uint32_t *hashes, int64_t count, int32_t *slots,
                        int64_t slot_count);

/* The order of distinct strings by their bytes; `keys` and `scratch` have a place for each. */
CORE void sort_strings(const Strings *strings, uint64_t *keys, int32_t *scratch, int32_t *order);

/* Words of other lengths are not looked for by likeness. */
enum { FEWEST_LETTERS = 3, MOST_LETTERS = 32 };

/* For each term its letters and how many they are, in one number that find_near reads; 0 where it
 * has another number of letters than those, or an ASCII character that is none. */
CORE void sketch_terms(const Strings *terms, uint32_t *sketches);

/* The terms that are one to `most` edits from the word, and how many each: letters put in, left out
 * or changed, and two neighbours swapped. How many terms; both arrays have a place for each. */
CORE int64_t find_near(const Strings *terms, const uint32_t *sketches, const uint8_t *word,
                       int64_t size, int64_t most, int64_t *found, int64_t *edits);

/* The terms from `first` to `end` that the word becomes by putting in vowels; how many. `found` has
 * a place for each. */
CORE int64_t find_vowelled(const Strings *terms, int64_t first, int64_t end, const uint8_t *word,
                           int64_t size, int64_t *found);

/* ---- which core is this? --------------------------------------------------------------------- */

/* The sources it was compiled from, as compile.py names them. */
CORE const char *name_sources(void);

#endif
