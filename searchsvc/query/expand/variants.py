"""All rules together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from searchsvc.query.expand.acronyms import find_long_forms, find_short_forms
from searchsvc.query.expand.compounds import join_words, split_words
from searchsvc.query.expand.dictionary import find_synonyms, put_first
from searchsvc.query.expand.guesses import guess_words
from searchsvc.query.expand.name_variants import find_name_variants
from searchsvc.query.expand.numbers import rewrite_numbers
from searchsvc.query.expand.prefixes import complete_last
from searchsvc.query.expand.slots import Evidence, Slot, Variant

Rule = Callable[[Sequence[Slot], Evidence], Iterator[Variant]]

#: Each with the part of :data:`searchsvc.query.parts.PARTS` that it belongs to; guesses are made
#: of several. In this order explanations show them.
RULES: tuple[tuple[str, Rule], ...] = (
    ("dictionary", find_synonyms),
    ("acronyms", find_long_forms),
    ("acronyms", find_short_forms),
    ("compounds", join_words),
    ("compounds", split_words),
    ("name_spellings", find_name_variants),
    ("numbers", rewrite_numbers),
    ("", guess_words),
    ("prefixes", complete_last),
)


def find_variants(slots: Sequence[Slot], evidence: Evidence) -> list[Variant]:
    """What every rule finds for these words, which stand in a row."""
    variants = [
        variant
        for part, rule in RULES
        if part not in evidence.without
        for variant in rule(slots, evidence)
    ]
    if evidence.dictionary:
        return put_first(variants, slots, evidence.dictionary)
    return variants
