/* What is asked of sorted terms: where one is, and which are like a word. See core.h.
 *
 * A letter is the bytes of its UTF-8 as one number. Any bytes are read, those of a damaged index too.
 */
#include <string.h>

#include "core.h"
#include "posting.h"

/* Letters that a sketch tells apart: a to z, and any other. Above them, the length less 1. */
enum { OTHER = 26, LENGTH = 27, SKETCHED_LETTERS = (1 << LENGTH) - 1 };

typedef struct {
    int64_t length; /* MOST_LETTERS + 1 where there are more. */
    uint32_t letters[MOST_LETTERS];
} Letters;

static inline int is_inside_letter(uint8_t byte) { return (byte & 0xC0) == 0x80; }

static Letters read_letters(const uint8_t *text, int64_t size) {
    Letters read = {0};
    for (int64_t at = 0; at < size; at++) {
        if (is_inside_letter(text[at]) && read.length) {
            uint32_t *letter = read.letters + read.length - 1;
            *letter = *letter << 8 | text[at];
        } else if (read.length == MOST_LETTERS) {
            read.length++;
            break;
        } else {
            read.letters[read.length++] = text[at];
        }
    }
    return read;
}

static inline int is_small_letter(uint32_t letter) { return letter >= 'a' && letter <= 'z'; }

static uint32_t collect_letters(const Letters *read) {
    uint32_t bits = 0;
    for (int64_t at = 0; at < read->length; at++) {
        uint32_t letter = read->letters[at];
        bits |= (uint32_t)1 << (is_small_letter(letter) ? letter - 'a' : OTHER);
    }
    return bits;
}

static int may_be_word(const uint8_t *text, int64_t size) {
    if (size > 4 * MOST_LETTERS) return 0;
    for (int64_t at = 0; at < size; at++)
        if (text[at] < 0x80 && !is_small_letter(text[at])) return 0;
    return 1;
}

void sketch_terms(const Strings *terms, uint32_t *sketches) {
    for (int64_t term = 0; term < terms->count; term++) {
        const uint8_t *text = terms->text + terms->offsets[term];
        int64_t size = terms->offsets[term + 1] - terms->offsets[term];
        sketches[term] = 0;
        if (!may_be_word(text, size)) continue;
        Letters read = read_letters(text, size);
        if (read.length >= FEWEST_LETTERS && read.length <= MOST_LETTERS)
            sketches[term] = collect_letters(&read) | (uint32_t)(read.length - 1) << LENGTH;
    }
}

/* Letters put in, left out or changed, and neighbours swapped, from one to the other; `most` + 1
 * where there are more than `most`. */
static int64_t count_edits(const Letters *one, const Letters *other, int64_t most) {
    int64_t rows[3][MOST_LETTERS + 1];
    for (int64_t j = 0; j <= other->length; j++) rows[0][j] = j;
    for (int64_t i = 1; i <= one->length; i++) {
        int64_t *row = rows[i % 3], *before = rows[(i + 2) % 3], *before_that = rows[(i + 1) % 3];
        int64_t least = row[0] = i;
        const uint32_t *typed = one->letters + i - 1;
        for (int64_t j = 1; j <= other->length; j++) {
            const uint32_t *meant = other->letters + j - 1;
            int64_t edits = before[j - 1] + (*typed != *meant);
            edits = at_most(edits, at_most(before[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && typed[0] == meant[-1] && typed[-1] == meant[0])
                edits = at_most(edits, before_that[j - 2] + 1);
            row[j] = edits;
            least = at_most(least, edits);
        }
        if (least > most) return most + 1;
    }
    return at_most(rows[one->length % 3][other->length], most + 1);
}

int64_t find_near(const Strings *terms, const uint32_t *sketches, const uint8_t *word, int64_t size,
                  int64_t most, int64_t *found, int64_t *edits) {
    Letters wanted = read_letters(word, size);
    if (wanted.length > MOST_LETTERS) return 0;
    uint32_t letters = collect_letters(&wanted);
    int64_t count = 0;
    for (int64_t term = 0; term < terms->count; term++) {
        if (!sketches[term]) continue;
        int64_t longer = (int64_t)(sketches[term] >> LENGTH) + 1 - wanted.length;
        /* An edit changes at most two letters. */
        int64_t others = __builtin_popcount((sketches[term] & SKETCHED_LETTERS) ^ letters);
        if (longer > most || -longer > most || others > 2 * most) continue;
        int64_t low = terms->offsets[term];
        Letters read = read_letters(terms->text + low, terms->offsets[term + 1] - low);
        if (read.length > MOST_LETTERS) continue;
        edits[count] = count_edits(&wanted, &read, most);
        if (edits[count] && edits[count] <= most) found[count++] = term;
    }
    return count;
}

static int is_vowel(uint8_t byte) {
    return byte == 'a' || byte == 'i' || byte == 'u' || byte == 'e' || byte == 'o';
}

int64_t find_vowelled(const Strings *terms, int64_t first, int64_t end, const uint8_t *word,
                      int64_t size, int64_t *found) {
    int64_t count = 0;
    for (int64_t term = first; term < end; term++) {
        const uint8_t *byte = terms->text + terms->offsets[term];
        const uint8_t *stop = terms->text + terms->offsets[term + 1];
        if (stop - byte <= size) continue;
        int64_t at = 0;
        for (; byte < stop; byte++) {
            if (at < size && *byte == word[at]) at++;
            else if (!is_vowel(*byte)) break;
        }
        if (byte == stop && at == size) found[count++] = term;
    }
    return count;
}

/* Below, at or above 0 as the first string sorts before, with or after the second, by byte. */
static int compare(const uint8_t *first, int64_t first_size, const uint8_t *second,
                   int64_t second_size) {
    int order = memcmp(first, second, (size_t)at_most(first_size, second_size));
    return order ? order : (first_size > second_size) - (first_size < second_size);
}

static int compare_with(const Strings *strings, int64_t place, const uint8_t *wanted,
                        int64_t size) {
    int64_t start = strings->offsets[place];
    return compare(strings->text + start, strings->offsets[place + 1] - start, wanted, size);
}

int64_t find_disorder(const uint8_t *text, const int64_t *offsets, int64_t strings) {
    for (int64_t number = 1; number < strings; number++) {
        int64_t before = offsets[number - 1], here = offsets[number], end = offsets[number + 1];
        if (compare(text + before, here - before, text + here, end - here) >= 0) return number;
    }
    return -1;
}

int64_t find_first(const Strings *strings, const uint8_t *wanted, int64_t size) {
    int64_t low = 0, high = strings->count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (compare_with(strings, middle, wanted, size) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

int64_t find_string(const Strings *strings, const uint8_t *wanted, int64_t size) {
    int64_t place = find_first(strings, wanted, size);
    return place < strings->count && compare_with(strings, place, wanted, size) == 0 ? place : -1;
}

void find_strings(const Strings *strings, const uint8_t *wanted, const int64_t *sizes,
                  int64_t count, int64_t *places) {
    for (int64_t index = 0; index < count; wanted += sizes[index++])
        places[index] = find_string(strings, wanted, sizes[index]);
}

/* How string `left` of the first sorts beside `right` of the second; behind the last comes none. */
static int compare_next(const Strings *first, int64_t left, const Strings *second, int64_t right) {
    if (left == first->count || right == second->count) return left == first->count ? 1 : -1;
    int64_t start = second->offsets[right];
    return compare_with(first, left, second->text + start, second->offsets[right + 1] - start);
}

int64_t merge_strings(const Strings *first, const Strings *second, uint8_t *text,
                      int64_t *offsets, int32_t *first_numbers, int32_t *second_numbers) {
    int64_t left = 0, right = 0, count = 0;
    for (offsets[0] = 0; left < first->count || right < second->count; count++) {
        int order = compare_next(first, left, second, right);
        const Strings *from = order <= 0 ? first : second;
        int64_t place = order <= 0 ? left : right;
        int64_t size = from->offsets[place + 1] - from->offsets[place];
        memcpy(text + offsets[count], from->text + from->offsets[place], (size_t)size);
        offsets[count + 1] = offsets[count] + size;
        if (order <= 0) first_numbers[left++] = (int32_t)count;
        if (order >= 0) second_numbers[right++] = (int32_t)count;
    }
    return count;
}

void match_strings(const Strings *some, const Strings *others, int32_t *places) {
    int64_t other = 0;
    for (int64_t place = 0; place < some->count; place++) {
        int order;
        while ((order = compare_next(some, place, others, other)) > 0) other++;
        places[place] = order == 0 ? (int32_t)other : -1;
    }
}

/* FNV-1a from `seed` on, its halves folded. */
static uint32_t hash_string(const uint8_t *string, int64_t size, int64_t seed) {
    uint64_t hash = (uint64_t)seed;
    for (int64_t at = 0; at < size; at++) hash = (hash ^ string[at]) * 0x100000001B3;
    return (uint32_t)(hash ^ hash >> 32);
}

/* Where the string with this hash is among the slots, or else the empty slot for it. */
static int64_t find_slot(const Strings *known, const uint32_t *hashes, const int32_t *slots,
                         int64_t slot_count, uint32_t hash, const uint8_t *string,
                         int64_t size) {
    int64_t slot = hash & (slot_count - 1);
    while (slots[slot] >= 0 && (hashes[slots[slot]] != hash ||
                                compare_with(known, slots[slot], string, size) != 0))
        slot = (slot + 1) & (slot_count - 1);
    return slot;
}

int64_t number_strings(const Strings *strings, int64_t seed, uint8_t *text, int64_t *offsets, uint32_t *hashes,
                       int64_t count, int32_t *slots, int64_t slot_count, int32_t *numbers) {
    Strings known = {text, offsets, count};
    for (int64_t place = 0; place < strings->count; place++) {
        const uint8_t *string = strings->text + strings->offsets[place];
        int64_t size = strings->offsets[place + 1] - strings->offsets[place];
        uint32_t hash = hash_string(string, size, seed);
        int64_t slot = find_slot(&known, hashes, slots, slot_count, hash, string, size);
        if (slots[slot] < 0) {
            slots[slot] = (int32_t)count;
            hashes[count] = hash;
            memcpy(text + offsets[count], string, (size_t)size);
            offsets[count + 1] = offsets[count] + size;
            count++;
        }
        numbers[place] = slots[slot];
    }
    return count;
}

void place_strings(const uint32_t *hashes, int64_t count, int32_t *slots, int64_t slot_count) {
    for (int64_t number = 0; number < count; number++) {
        int64_t slot = hashes[number] & (slot_count - 1);
        while (slots[slot] >= 0) slot = (slot + 1) & (slot_count - 1);
        slots[slot] = (int32_t)number;
    }
}

/* How two of the strings sort, whose first bytes are in `keys`. */
static int compare_keyed(const Strings *strings, const uint64_t *keys, int32_t one,
                         int32_t other) {
    if (keys[one] != keys[other]) return keys[one] < keys[other] ? -1 : 1;
    int64_t start = strings->offsets[other];
    return compare_with(strings, one, strings->text + start,
                        strings->offsets[other + 1] - start);
}

void sort_strings(const Strings *strings, uint64_t *keys, int32_t *scratch, int32_t *order) {
    int64_t count = strings->count;
    for (int64_t place = 0; place < count; place++) {
        int64_t start = strings->offsets[place], end = strings->offsets[place + 1];
        keys[place] = 0;
        for (int64_t at = 0; at < 8; at++)
            keys[place] = keys[place] << 8 | (start + at < end ? strings->text[start + at] : 0);
        order[place] = (int32_t)place;
    }
    for (int64_t width = 1; width < count; width *= 2) {
        for (int64_t low = 0; low < count; low += 2 * width) {
            int64_t left = low, middle = at_most(low + width, count);
            int64_t right = middle, end = at_most(low + 2 * width, count);
            for (int64_t to = low; to < end; to++) {
                int takes_left = right == end ||
                                 (left < middle &&
                                  compare_keyed(strings, keys, order[left], order[right]) <= 0);
                scratch[to] = takes_left ? order[left++] : order[right++];
            }
        }
        memcpy(order, scratch, (size_t)count * sizeof *order);
    }
}
