"""Slips of the finger: a letter too many, too few, another, or two swapped."""

from __future__ import annotations

from collections.abc import Iterator

from searchsvc.query.expand.slots import Evidence

#: Words shorter than this have too many neighbours to be slips of one of them.
MIN_LETTERS = 4
#: Words from this length on may hold two slips.
LONG_WORD = 8

SLIP_COST = 1.0
TWO_SLIPS_COST = 3.5
#: People look at the first letter.
FIRST_LETTER_COST = 0.7


def find_slips(word: str, evidence: Evidence) -> Iterator[tuple[str, float, str]]:
    """(term, cost, rule) of the words one slip away, and for long words two."""
    if len(word) < MIN_LETTERS:
        return
    distance = 2 if len(word) >= LONG_WORD else 1
    for near in evidence.vocabulary.find_near(word, distance):
        cost = SLIP_COST if near.distance == 1 else TWO_SLIPS_COST
        if near.term[0] != word[0]:
            cost += FIRST_LETTER_COST
        yield near.term, cost, "typo"
