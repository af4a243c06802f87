"""All rules together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from searchsvc.query.expand.acronyms import find_long_forms, find_short_forms
from searchsvc.query.expand.compounds import join_words, split_words
from searchsvc.query.expand.guesses import guess_words
from searchsvc.query.expand.name_variants import find_name_variants
from searchsvc.query.expand.numbers import rewrite_numbers
from searchsvc.query.expand.prefixes import complete_last
from searchsvc.query.expand.slots import Evidence, Slot, Variant

Rule = Callable[[Sequence[Slot], Evidence], Iterator[Variant]]

#: In this order explanations show them.
RULES: tuple[Rule, ...] = (
    find_long_forms,
    find_short_forms,
    join_words,
    split_words,
    find_name_variants,
    rewrite_numbers,
    guess_words,
    complete_last,
)


def find_variants(slots: Sequence[Slot], evidence: Evidence) -> list[Variant]:
    """What every rule finds for these words, which stand in a row."""
    return [variant for rule in RULES for variant in rule(slots, evidence)]
