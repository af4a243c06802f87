"""Slips of the finger: a letter too many, too few, another, or two swapped."""

from __future__ import annotations

from collections.abc import Iterator

from searchsvc.query.expand.slots import Evidence
from searchsvc.query.vocabulary import Neighbour, Vocabulary

#: Words shorter than this have too many neighbours to be slips of one of them.
MIN_LETTERS = 4
#: Words from this length on may hold two slips.
LONG_WORD = 8

SLIP_COST = 1.0
TWO_SLIPS_COST = 3.5
#: People look at the first letter.
FIRST_LETTER_COST = 0.7


def find_slips(word: str, evidence: Evidence) -> Iterator[tuple[str, float, str]]:
    """(term, cost, rule) of the words one slip away; where there is none, for long words of those
    two slips away.
    """
    if len(word) < MIN_LETTERS:
        return
    for near in evidence.vocabulary.recall(find_nearest, word):
        cost = SLIP_COST if near.distance == 1 else TWO_SLIPS_COST
        if near.term[0] != word[0]:
            cost += FIRST_LETTER_COST
        yield near.term, cost, "typo"


def find_nearest(vocabulary: Vocabulary, word: str) -> list[Neighbour]:
    """Terms one slip away; where there are none, for a long word those two slips away."""
    found = vocabulary.find_near(word, 1)
    if not found and len(word) >= LONG_WORD:
        found = vocabulary.find_near(word, 2)
    return found
