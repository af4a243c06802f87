/* Where in a document terms and phrases are. See core.h.
 *
 * Tokens of a document are numbered from the first of its title on; those of its body follow.
 */
#include "positions.h"
#include "packing.h"

#include <string.h>

void forget_blocks(Blocks *blocks) { memset(blocks->of, 0, sizeof blocks->of); }

/* A block of postings, read unless it was the last at its place. */
static const int64_t *read_kept(Blocks *blocks, const Postings *postings, int64_t number) {
    int64_t place = number % KEPT_BLOCKS;
    if (blocks->of[place] != postings || blocks->numbers[place] != number) {
        read_block(postings, number, blocks->read[place]);
        blocks->of[place] = postings;
        blocks->numbers[place] = number;
    }
    return blocks->read[place];
}

/* Append the tokens of one exact term to `tokens`, which has `count`; how many it has then. A token
 * that the document has not (a damaged file, which `check` tells) is left out. */
static int64_t add_term_tokens(const Segment *segment, int64_t document, int64_t term,
                               Blocks *blocks, int32_t *tokens, int64_t count) {
    int64_t low = segment->exact_offsets[term], high = segment->exact_offsets[term + 1];
    if (low == high) return count;
    int64_t number = find_block_of(segment->exact, low, high, document);
    const int64_t *block = read_kept(blocks, segment->exact, number);
    int64_t first = number * BLOCK, last = at_most(BLOCK, high - first);
    int64_t place = find_document(block, low > first ? low - first : 0, last, document);
    if (place == last || document_of(block[place]) != document) return count;
    int64_t title = segment->title_lengths[document], body = segment->body_lengths[document];
    int64_t in_title = title_count_of(block[place]), all = token_count_of(block[place]);
    const Block *described = block_at(segment->exact, number);
    int64_t bit = find_positions(described, block, place), bits = described->position_bits;
    for (int64_t index = 0; index < all && count < title + body; index++, bit += bits) {
        int64_t position = read_position(segment->positions, bit, bits);
        if (position < (index < in_title ? title : body))
            tokens[count++] = (int32_t)(index < in_title ? position : title + position);
    }
    return count;
}

/* The tokens of a slot, in no order; how many. */
static int64_t find_slot_tokens(const Segment *segment, int64_t document, const Slot *slot,
                                Blocks *blocks, int32_t *tokens) {
    int64_t count = 0;
    for (int64_t index = slot->low; index < slot->high; index++)
        count = add_term_tokens(segment, document, slot->by_stem ? segment->forms[index] : index,
                                blocks, tokens, count);
    return count;
}

/* The tokens at which an alternative of `length` slots starts, in no order, into
 * `workspace->starts`; how many. */
static int64_t find_starts(const Segment *segment, int64_t document, const Slot *slots,
                           int64_t length, int64_t scope, Blocks *blocks, Workspace *workspace) {
    int64_t title = segment->title_lengths[document];
    int64_t all = title + segment->body_lengths[document];
    int64_t count = 0, matched = 0;
    for (int64_t step = 0; step < length; step++) {
        if (slots[step].low == slots[step].high) continue;
        int64_t found = find_slot_tokens(segment, document, slots + step, blocks,
                                         workspace->tokens);
        for (int64_t index = 0; index < found; index++) {
            int64_t token = workspace->tokens[index], start = token - step;
            if (matched) {
                if (start >= 0 && workspace->stages[start] == matched)
                    workspace->stages[start]++;
                continue;
            }
            int in_title = token < title;
            if (start < (in_title ? 0 : title) || start + length > (in_title ? title : all) ||
                scope == (in_title ? IN_BODY : IN_TITLE) || workspace->stages[start])
                continue;
            workspace->starts[count++] = (int32_t)start;
            workspace->stages[start] = 1;
        }
        matched++;
        if (count == 0) return 0;
    }
    int64_t kept = 0;
    for (int64_t index = 0; index < count; index++) {
        int32_t start = workspace->starts[index];
        if (workspace->stages[start] == matched) workspace->starts[kept++] = start;
        workspace->stages[start] = 0;
    }
    return kept;
}

/* The first slot of an alternative. */
static const Slot *slots_of(const SlotTable *table, int64_t alternative, int64_t *length) {
    int64_t first = alternative ? table->slot_ends[alternative - 1] : 0;
    *length = table->slot_ends[alternative] - first;
    return table->slots + first;
}

int64_t count_starts(const Segment *segment, const SlotTable *table, const uint32_t *documents,
                     int64_t count, Workspace *workspace, int64_t *out) {
    Blocks blocks;
    forget_blocks(&blocks);
    int64_t length, kept = 0;
    const Slot *slots = slots_of(table, 0, &length);
    for (int64_t index = 0; index < count; index++) {
        int64_t document = documents[index];
        int64_t starts = find_starts(segment, document, slots, length, table->scopes[0],
                                     &blocks, workspace);
        if (starts == 0) continue;
        int64_t title = segment->title_lengths[document], in_title = 0, in_lead = 0;
        for (int64_t at = 0; at < starts; at++) {
            int64_t start = workspace->starts[at];
            if (start < title) in_title++;
            else in_lead += start - title < segment->lead_lengths[document];
        }
        out[kept++] = pack_posting(document, starts - in_title, in_title, in_lead);
    }
    return kept;
}

/* `marks[token * stride] = 1` for each token that the alternatives of a group match. */
static void mark_group(const Segment *segment, const SlotTable *table, int64_t group,
                       int64_t document, Blocks *blocks, Workspace *workspace, uint8_t *marks,
                       int64_t stride) {
    int64_t alternative = group ? table->alternative_ends[group - 1] : 0;
    for (; alternative < table->alternative_ends[group]; alternative++) {
        int64_t length;
        const Slot *slots = slots_of(table, alternative, &length);
        int64_t starts = find_starts(segment, document, slots, length, table->scopes[alternative],
                                     blocks, workspace);
        for (int64_t step = 0; step < length; step++) {
            if (slots[step].low == slots[step].high) continue;
            for (int64_t index = 0; index < starts; index++)
                marks[(workspace->starts[index] + step) * stride] = 1;
        }
    }
}

static void mark_document(const Segment *segment, const SlotTable *table, int64_t document,
                          Blocks *blocks, Workspace *workspace, uint8_t *marks) {
    for (int64_t group = 0; group < table->groups; group++)
        mark_group(segment, table, group, document, blocks, workspace, marks + group,
                   table->groups);
}

/* The first mark from `mark` on that is set, `end` where none is. Most of a text is not marked: eight
 * at a time. */
static int64_t next_mark(const uint8_t *marks, int64_t mark, int64_t end) {
    for (; mark < end; mark++) {
        uint64_t eight;
        if (mark + 8 <= end) {
            memcpy(&eight, marks + mark, sizeof eight);
            if (eight == 0) {
                mark += 7;
                continue;
            }
        }
        if (marks[mark]) return mark;
    }
    return end;
}

/* A token that a group matches. */
typedef struct {
    int32_t document, in_title, position, group;
} Place;

int64_t list_tokens(const Segment *segment, const SlotTable *table, const uint32_t *documents,
                    int64_t count, Workspace *workspace, uint8_t *marks, int32_t *out) {
    Blocks blocks;
    forget_blocks(&blocks);
    int64_t groups = table->groups, listed = 0;
    Place *list = (Place *)out;
    for (int64_t index = 0; index < count; index++) {
        int64_t document = documents[index];
        int64_t title = segment->title_lengths[document];
        int64_t end = (title + segment->body_lengths[document]) * groups;
        mark_document(segment, table, document, &blocks, workspace, marks);
        for (int64_t mark = 0; (mark = next_mark(marks, mark, end)) < end; mark++) {
            int64_t token = mark / groups, in_title = token < title;
            Place one = {(int32_t)index, (int32_t)in_title,
                         (int32_t)(in_title ? token : token - title), (int32_t)(mark % groups)};
            list[listed++] = one;
            marks[mark] = 0;
        }
    }
    return listed;
}

/* One occurrence of a group, whose start is in characters. */
typedef struct {
    int32_t start, group;
} Occurrence;

_Static_assert(sizeof(Occurrence) == sizeof(int64_t), "scratch has room for them");

/* The first occurrences of a body, up to `most`, that start before `limit`; `marks` and `starts` are
 * those of its tokens. How many. */
static int64_t list_occurrences(const uint8_t *marks, int64_t groups, const int32_t *starts,
                                int64_t tokens, int64_t limit, int64_t most, Occurrence *list) {
    int64_t end = tokens * groups, count = 0;
    for (int64_t mark = 0; count < most && (mark = next_mark(marks, mark, end)) < end; mark++) {
        Occurrence one = {starts[mark / groups], (int32_t)(mark % groups)};
        if (one.start >= limit) break;
        list[count++] = one;
    }
    return count;
}

/* Where the best stretch of these occurrences begins and ends. */
static void choose_stretch(const Occurrence *list, int64_t count, int64_t width, int64_t *counts,
                           int64_t *stretch) {
    int64_t first = 0, groups = 0, most_groups = 0, most = 0;
    for (int64_t last = 0; last < count; last++) {
        groups += counts[list[last].group]++ == 0;
        while (first < last && list[last].start - list[first].start > width)
            groups -= --counts[list[first++].group] == 0;
        int64_t many = last - first + 1;
        if (groups > most_groups || (groups == most_groups && many > most)) {
            most_groups = groups;
            most = many;
            stretch[0] = list[first].start;
            stretch[1] = list[last].start;
        }
    }
}

/* Append a start to the ascending ones, unless it is the last of them; how many there are then. */
static inline int64_t add_start(int32_t *starts, int64_t count, int32_t start) {
    if (count && starts[count - 1] == start) return count;
    starts[count] = start;
    return count + 1;
}

void find_passages(const Segment *segment, const SlotTable *table, const Sought *sought,
                   int64_t count, int64_t most, Workspace *workspace, uint8_t *marks,
                   int64_t *scratch, int32_t *out, int64_t *found) {
    Blocks blocks;
    forget_blocks(&blocks);
    int64_t groups = table->groups;
    Occurrence *list = (Occurrence *)(scratch + groups);
    const int32_t *starts = workspace->starts;
    for (int64_t index = 0; index < count; index++) {
        int64_t document = sought[index].document, reach = sought[index].reach;
        int64_t title = segment->title_lengths[document], body = segment->body_lengths[document];
        int64_t *stretch = found + 2;
        mark_document(segment, table, document, &blocks, workspace, marks);
        int64_t low = segment->starts_offsets[document];
        decode_starts(segment->starts + low, segment->starts_offsets[document + 1] - low, title,
                      body, workspace->starts);
        int64_t in_title = 0, in_body = 0, behind = title * groups;
        for (int64_t mark = 0; (mark = next_mark(marks, mark, behind)) < behind; mark++)
            in_title = add_start(out, in_title, starts[mark / groups]);
        out += in_title;
        int64_t all = list_occurrences(marks + behind, groups, starts + title, body,
                                       sought[index].end, most, list);
        stretch[0] = stretch[1] = -1;
        memset(scratch, 0, (size_t)groups * sizeof *scratch);
        choose_stretch(list, all, sought[index].width, scratch, stretch);
        for (int64_t at = 0; at < all; at++) {
            int64_t distance = list[at].start - stretch[0];
            if (distance < -reach || distance > reach) continue;
            in_body = add_start(out, in_body, list[at].start);
        }
        out += in_body;
        found[0] = in_title;
        found[1] = in_body;
        memset(marks, 0, (size_t)((title + body) * groups));
        found += 4;
    }
}

/* The places of a group, ascending, into `places`; how many. */
static int64_t list_places(const Segment *segment, const SlotTable *table, int64_t group,
                           int64_t document, Blocks *blocks, Workspace *workspace,
                           int32_t *places) {
    int64_t title = segment->title_lengths[document];
    int64_t all = title + segment->body_lengths[document];
    uint8_t *marks = workspace->marks;
    mark_group(segment, table, group, document, blocks, workspace, marks, 1);
    int64_t count = 0;
    for (int64_t token = 0; (token = next_mark(marks, token, all)) < all; token++) {
        marks[token] = 0;
        places[count++] = (int32_t)(token < title ? token : BODY + token - title);
    }
    return count;
}

/* 1 / the least distance between two ascending lists of places, 0 where they share no field. */
static double measure_nearness(const int32_t *first, int64_t first_count, const int32_t *second,
                               int64_t second_count) {
    int64_t best = BODY / 2, at = 0;
    for (int64_t index = 0; index < first_count; index++) {
        int64_t place = first[index];
        while (at < second_count && second[at] < place) at++;
        if (at < second_count) {
            int64_t distance = second[at] - place;
            best = at_most(distance > 1 ? distance : 1, best);
        }
        if (at > 0) best = at_most(place - second[at - 1] + 1, best);
    }
    return best < BODY / 2 ? 1.0 / (double)best : 0.0;
}

double measure_document_closeness(const Segment *segment, const SlotTable *table,
                                  int64_t document, Blocks *blocks, Workspace *workspace) {
    int32_t *before = workspace->places, *here = workspace->other_places;
    int64_t before_count = 0;
    double closeness = 0.0;
    for (int64_t group = 0; group < table->groups; group++) {
        int64_t count = list_places(segment, table, group, document, blocks, workspace, here);
        if (group) closeness += measure_nearness(before, before_count, here, count);
        int32_t *spare = before;
        before = here;
        before_count = count;
        here = spare;
    }
    return closeness / (double)(table->groups - 1);
}

void measure_closeness(const Segment *segment, const SlotTable *table, const uint32_t *documents,
                       int64_t count, Workspace *workspace, double *out) {
    Blocks blocks;
    forget_blocks(&blocks);
    for (int64_t index = 0; index < count; index++)
        out[index] =
            measure_document_closeness(segment, table, documents[index], &blocks, workspace);
}
