"""Slips of the finger: a letter too many, too few, another, or two swapped."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from searchsvc.query.context import SearchContext
from searchsvc.query.vocabulary import Neighbour, Vocabulary

#: Words shorter than this have too many neighbours to be slips of one of them.
MIN_LETTERS = 4
#: Words from this length on may hold two slips.
LONG_WORD = 8

SLIP_COST = 1.0
#: A key beside the right one, or two letters swapped: what fingers do most.
LIKELY_SLIP_COST = 0.5
TWO_SLIPS_COST = 3.5
#: People look at the first letter.
FIRST_LETTER_COST = 0.7

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def find_slips(word: str, context: SearchContext) -> Iterator[tuple[str, float, str]]:
    """(term, cost, rule) of the words one slip away; where there is none, for long words of those
    two slips away.
    """
    if len(word) < MIN_LETTERS:
        return
    for near in context.vocabulary.recall(find_nearest, word):
        cost = TWO_SLIPS_COST
        if near.distance == 1:
            cost = LIKELY_SLIP_COST if is_likely(word, near.term) else SLIP_COST
        if near.term[0] != word[0]:
            cost += FIRST_LETTER_COST
        yield near.term, cost, "typo"


def is_likely(typed: str, meant: str) -> bool:
    """Whether the one slip from ``meant`` to ``typed`` is of the sort that fingers do most.

    >>> is_likely("hargs", "harga"), is_likely("hagra", "harga"), is_likely("hargo", "harga")
    (True, True, False)
    """
    if len(typed) != len(meant):
        return False
    changed = [pair for pair in zip(typed, meant, strict=True) if pair[0] != pair[1]]
    return len(changed) == 2 or changed[0] in _list_neighbours()


@lru_cache(maxsize=1)
def _list_neighbours() -> frozenset[tuple[str, str]]:
    """Pairs of letters whose keys touch, each both ways."""
    pairs: set[tuple[str, str]] = set()
    for row, keys in enumerate(_KEYS):
        for place, key in enumerate(keys):
            # To the right; below, where rows stand half a key further right, two keys touch.
            pairs.update((key, other) for other in keys[place + 1 : place + 2])
            for below in _KEYS[row + 1 : row + 2]:
                pairs.update((key, other) for other in below[max(0, place - 1) : place + 1])
    return frozenset(pairs | {(other, key) for key, other in pairs})


def find_nearest(vocabulary: Vocabulary, word: str) -> list[Neighbour]:
    """Terms one slip away; where there are none, for a long word those two slips away."""
    found = vocabulary.find_near(word, 1)
    if not found and len(word) >= LONG_WORD:
        found = vocabulary.find_near(word, 2)
    return found
