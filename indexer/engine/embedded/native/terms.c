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

/* Where each letter is in a word: bit n for its letter n. */
typedef struct {
    const Letters *word;
    uint64_t of_small['z' - 'a' + 1];
} Places;

static Places place_letters(const Letters *word) {
    Places places = {word, {0}};
    for (int64_t at = 0; at < word->length; at++)
        if (is_small_letter(word->letters[at]))
            places.of_small[word->letters[at] - 'a'] |= (uint64_t)1 << at;
    return places;
}

static inline uint64_t places_of(const Places *places, uint32_t letter) {
    if (is_small_letter(letter)) return places->of_small[letter - 'a'];
    uint64_t bits = 0;
    for (int64_t at = 0; at < places->word->length; at++)
        bits |= (uint64_t)(places->word->letters[at] == letter) << at;
    return bits;
}

/* Letters put in, left out or changed, and neighbours swapped, from the word, which has some, to the
 * other: a column of the table of distances at a time, as bits that say where the distance grows or
 * falls from one row to the next (Hyyrö 2003, after Myers 1999). */
static int64_t count_edits(const Places *word, const Letters *other) {
    uint64_t last = (uint64_t)1 << (word->word->length - 1);
    uint64_t grows = ~(uint64_t)0, falls = 0, kept = 0, matched_before = 0;
    int64_t edits = word->word->length;
    for (int64_t at = 0; at < other->length; at++) {
        uint64_t matched = places_of(word, other->letters[at]);
        uint64_t swapped = (~kept & matched) << 1 & matched_before;
        kept = (((matched & grows) + grows) ^ grows) | matched | falls | swapped;
        uint64_t more = falls | ~(kept | grows), less = kept & grows;
        edits += ((more & last) != 0) - ((less & last) != 0);
        more = more << 1 | 1;
        grows = less << 1 | ~(kept | more);
        falls = more & kept;
        matched_before = matched;
    }
    return edits;
}

/* Terms whose sketches are compared in one step, which compilers turn into steps of several. */
enum { COMPARED = 64 };

/* `unlike[n]` = 0 where sketch n may be of a term within `most` edits of a word with these letters and
 * this length: an edit adds one letter at most, and takes one away at most. Returns whether any is. */
static int compare_sketches(const uint32_t *sketches, int64_t count, uint32_t letters,
                            int64_t length, int64_t most, uint32_t *unlike) {
    uint32_t least = (uint32_t)(length - 1 - most), range = 2 * (uint32_t)most;
    uint32_t missing[COMPARED], any = 0;
    for (int64_t at = 0; at < count; at++) {
        missing[at] = letters & ~sketches[at];
        unlike[at] = sketches[at] & SKETCHED_LETTERS & ~letters;
    }
    for (int64_t edit = 0; edit < most; edit++)
        for (int64_t at = 0; at < count; at++) {
            /* Without its lowest bit. */
            missing[at] &= missing[at] - 1;
            unlike[at] &= unlike[at] - 1;
        }
    for (int64_t at = 0; at < count; at++) {
        unlike[at] |= missing[at] | (sketches[at] == 0) |
                      ((sketches[at] >> LENGTH) - least > range);
        any |= unlike[at] == 0;
    }
    return any;
}

int64_t find_near(const Strings *terms, const uint32_t *sketches, const uint8_t *word, int64_t size,
                  int64_t most, int64_t *found, int64_t *edits) {
    Letters wanted = read_letters(word, size);
    if (wanted.length == 0 || wanted.length > MOST_LETTERS) return 0;
    Places places = place_letters(&wanted);
    uint32_t letters = collect_letters(&wanted), unlike[COMPARED];
    int64_t count = 0;
    for (int64_t first = 0; first < terms->count; first += COMPARED) {
        int64_t some = at_most(COMPARED, terms->count - first);
        if (!compare_sketches(sketches + first, some, letters, wanted.length, most, unlike))
            continue;
        for (int64_t at = 0; at < some; at++) {
            if (unlike[at]) continue;
            int64_t term = first + at, low = terms->offsets[term];
            Letters read = read_letters(terms->text + low, terms->offsets[term + 1] - low);
            if (read.length > MOST_LETTERS) continue;
            edits[count] = count_edits(&places, &read);
            if (edits[count] && edits[count] <= most) found[count++] = term;
        }
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
