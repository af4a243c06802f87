"""Which words are near a misspelt one, and what does each edit cost?

A noisy channel (Kernighan, Church & Gale 1990): the rarer a slip, the more it costs. The costs are
whole steps rather than fitted numbers, so that they hold for other readers' slips
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from indexer.engine.base import NearTerm
from indexer.loading import loaded_once
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.query_term import RARE

#: Shorter words have too many neighbours to be typos of one of them.
MIN_LETTERS = 4
#: Words of this length or more may have two typos.
LONG_WORD = 6

#: Similar terms that are weighed: short words have dozens, most of them rare.
MAX_NEAR = 24

#: A letter doubled, or a double letter written once.
DOUBLED_COST = 0.2
#: An adjacent key, a transposition, a missing vowel, a sound spelt differently.
LIKELY_COST = 0.5
#: A vowel replaced by one that sounds similar.
VOWEL_COST = 0.8
#: An adjacent key struck along with the right one.
STRUCK_COST = 1.0
MISSING_COST = 0.9
OTHER_COST = 1.1
#: An inserted letter unrelated to those around it.
STRAY_COST = 1.7
#: The extra cost of a word's second edit.
SECOND_SLIP_COST = 1.5
#: The extra cost of a wrong first letter, which people notice.
FIRST_LETTER_COST = 0.7

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aiueo")
#: Letters for the same sound, or for two that sound alike to Indonesian ears.
_SOUNDS = ("fp", "fv", "pv", "kq", "kc", "ck", "sz", "jz", "yi", "jy", "td", "bp", "gk")
_SPELT_OUT = (("ks", "x"), ("x", "ks"))
#: Two letters for one sound, which phonetic spelling writes as one: ``blekpink``, ``wolbakia``.
_DIGRAPHS = frozenset(
    [
        *(("k", "ch"), ("k", "ck"), ("k", "kh"), ("f", "ph"), ("t", "th"), ("d", "dh")),
        *(("g", "gh"), ("s", "sh"), ("s", "sy"), ("k", "qu")),
    ]
)
#: Hardly audible at the end of a word: ``ruma``, ``bukak``.
_UNSAID = frozenset("hk")
_VOWEL_SOUNDS = frozenset(["ou", "uo", "ei", "ie", "ea"])


#: (cost, edits).
_Way = tuple[float, int]


def find_slips(
    word: str, context: SearchContext, least: int = 1
) -> Iterator[tuple[str, float, str]]:
    """(term, cost, rule) of the words one edit away that ``least`` articles have; if none is
    frequent, for longer words also of those two edits away.
    """
    if len(word) >= MIN_LETTERS:
        yield from weigh_nearest(word, context, least)
        # One sound, though two letters: not a single edit.
        for one, other in _SPELT_OUT:
            term = word.replace(one, other)
            if term != word and context.contains(term):
                yield term, LIKELY_COST, "typo"


def find_short_slips(
    word: str, context: SearchContext, least: int = 1
) -> Iterator[tuple[str, float, str]]:
    """(term, cost, rule) of the words one edit from a word that :func:`find_slips` leaves out; for
    the shortest only transpositions and adjacent keys.
    """
    if len(word) == MIN_LETTERS - 1:
        yield from weigh_nearest(word, context, least)
    elif len(word) == MIN_LETTERS - 2:
        others = [word[::-1]]
        for typed, meant in _list_neighbours():
            if typed == word[0]:
                others.append(meant + word[1])
            if typed == word[1]:
                others.append(word[0] + meant)
        for term in others:
            if context.count(term) >= least:
                yield term, weigh_slips(word, term), "typo"


def weigh_nearest(
    word: str, context: SearchContext, least: int
) -> Iterator[tuple[str, float, str]]:
    for near in find_nearest(word, context):
        # Weighing is the costly part.
        if near.documents >= least:
            yield near.term, weigh_slips(word, near.term), "typo"


def find_nearest(word: str, context: SearchContext) -> list[NearTerm]:
    """Terms one edit away; if none of them is frequent, for a long word also two edits away."""
    found = context.near_terms(word, 1)
    if len(word) >= LONG_WORD and all(near.documents < RARE for near in found):
        found = context.near_terms(word, 2)
    return found[:MAX_NEAR]


@lru_cache(maxsize=20_000)
def weigh_slips(typed: str, meant: str) -> float:
    """The cost of the cheapest edits from ``meant`` to ``typed``.

    >>> weigh_slips("mesi", "messi"), weigh_slips("hagra", "harga"), weigh_slips("mesi", "sesi")
    (0.2, 0.5, 1.8)
    """
    first = 0
    while first < min(len(typed), len(meant)) and typed[first] == meant[first]:
        first += 1
    # The common prefix costs nothing; keep its last letter, for doubled letters.
    kept = max(0, first - 1)
    extras = [_weigh_extra(typed, i) for i in range(kept, len(typed))]
    missing = [_weigh_missing(meant, j) for j in range(kept, len(meant))]
    # rows[i][j]: the cheapest way to turn the first j letters of ``meant`` into the first i of
    # ``typed``.
    rows: list[list[_Way]] = [[(0.0, 0)]]
    for cost in missing:
        rows[0].append(_add(rows[0][-1], cost))
    for i, extra in enumerate(extras):
        above = rows[-1]
        row = [_add(above[0], extra)]
        rows.append(row)
        for j, cost in enumerate(missing):
            paired = _list_pairs(rows, typed, meant, i, j, kept)
            row.append(min(_add(above[j + 1], extra), _add(row[j], cost), *paired))
    cost, slips = rows[-1][-1]
    return cost + SECOND_SLIP_COST * max(0, slips - 1) + FIRST_LETTER_COST * (first == 0)


def _add(way: _Way, cost: float) -> _Way:
    return way[0] + cost, way[1] + 1


def _list_pairs(
    rows: list[list[_Way]], typed: str, meant: str, i: int, j: int, kept: int
) -> Iterator[_Way]:
    """The ways to turn one letter or two into others."""
    before = rows[i][j]
    t, m = kept + i, kept + j
    if typed[t] == meant[m]:
        yield before
    else:
        yield _add(before, _weigh_changed(typed[t], meant[m]))
        if _is_wrong_double(typed, meant, t, m):
            yield _add(before, DOUBLED_COST)
        if i and j and typed[t - 1 : t + 1] == meant[m] + meant[m - 1]:
            yield _add(rows[i - 1][j - 1], LIKELY_COST)
    # Phonetic spelling is consistent: this is no further accident.
    if j and (typed[t], meant[m - 1 : m + 1]) in _DIGRAPHS:
        cost, slips = rows[i][j - 1]
        yield cost + LIKELY_COST, slips
    if i and (meant[m], typed[t - 1 : t + 1]) in _DIGRAPHS:
        cost, slips = rows[i - 1][j]
        yield cost + LIKELY_COST, slips


def _weigh_extra(typed: str, place: int) -> float:
    around = typed[max(0, place - 1) : place] + typed[place + 1 : place + 2]
    if typed[place] in around:
        return DOUBLED_COST
    if place == len(typed) - 1 and typed[place] in _UNSAID:
        return LIKELY_COST
    touches = any((typed[place], letter) in _list_neighbours() for letter in around)
    return STRUCK_COST if touches else STRAY_COST


def _weigh_missing(meant: str, place: int) -> float:
    if meant[place] in meant[max(0, place - 1) : place] + meant[place + 1 : place + 2]:
        return DOUBLED_COST
    unsaid = place == len(meant) - 1 and meant[place] in _UNSAID
    return LIKELY_COST if unsaid or meant[place] in _VOWELS else MISSING_COST


def _is_wrong_double(typed: str, meant: str, i: int, j: int) -> bool:
    """Whether a letter beside the right one is doubled: ``probolingoo``."""
    return typed[i] == typed[i + 1 : i + 2] == meant[j + 1 : j + 2] and (
        j > 0 and meant[j] == meant[j - 1]
    )


def _weigh_changed(typed: str, meant: str) -> float:
    if (typed, meant) in _list_likely():
        return LIKELY_COST
    return VOWEL_COST if typed + meant in _VOWEL_SOUNDS else OTHER_COST


@loaded_once
def _list_likely() -> frozenset[tuple[str, str]]:
    """Pairs of letters that are typed for one another, in both orders."""
    sounds = {(pair[0], pair[1]) for pair in _SOUNDS}
    return _list_neighbours() | sounds | {(other, one) for one, other in sounds}


@loaded_once
def _list_neighbours() -> frozenset[tuple[str, str]]:
    """Pairs of letters on touching keys, in both orders."""
    pairs: set[tuple[str, str]] = set()
    for row, keys in enumerate(_KEYS):
        for place, key in enumerate(keys):
            # To the right; below, where rows are offset by half a key, two keys touch.
            pairs.update((key, other) for other in keys[place + 1 : place + 2])
            for below in _KEYS[row + 1 : row + 2]:
                pairs.update((key, other) for other in below[max(0, place - 1) : place + 1])
    return frozenset(pairs | {(other, key) for key, other in pairs})
