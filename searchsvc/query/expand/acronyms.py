"""``kpk`` for ``komisi pemberantasan korupsi``, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from searchsvc.query.context import SearchContext
from searchsvc.query.expand.slots import Slot, Variant

#: The weight of the form that most articles explain; others weigh less by their context.
LONG_WEIGHT = 0.8
SHORT_WEIGHT = 0.8
#: Forms that the evidence makes unlikely are not worth their time.
_LEAST = 0.05


def find_long_forms(slots: Sequence[Slot], context: SearchContext) -> Iterator[Variant]:
    """What short forms among the words stand for."""
    for found in context.acronyms.find_shorts([slot.text for slot in slots]):
        for expansion in found.expansions:
            if expansion.weight >= _LEAST and context.count_row(expansion.terms):
                weight = LONG_WEIGHT * max(expansion.weight, 0.25)
                yield Variant(found.start, found.end, expansion.terms, weight, "acronym")


def find_short_forms(slots: Sequence[Slot], context: SearchContext) -> Iterator[Variant]:
    """Short forms of long forms among the words, those of the articles and of our list."""
    for found in context.acronyms.find_longs([slot.text for slot in slots]):
        for expansion in found.expansions:
            if expansion.weight >= _LEAST and context.count_row(expansion.terms):
                weight = SHORT_WEIGHT * max(expansion.weight, 0.5)
                yield Variant(found.start, found.end, expansion.terms, weight, "acronym")
