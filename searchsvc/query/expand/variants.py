"""Which variants do all rules together find?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from searchsvc.query.context import SearchContext
from searchsvc.query.expand.acronyms import find_long_forms, find_short_forms
from searchsvc.query.expand.compounds import join_words, split_words
from searchsvc.query.expand.electronic import find_electronic
from searchsvc.query.expand.everyday import find_everyday_words
from searchsvc.query.expand.name_variants import find_name_variants
from searchsvc.query.expand.numbers import rewrite_numbers
from searchsvc.query.expand.own_synonyms import find_synonyms, put_first
from searchsvc.query.expand.prefixes import complete_last
from searchsvc.query.expand.query_term import QueryTerm, Variant
from searchsvc.query.expand.repeated import write_out_repeated
from searchsvc.query.expand.word_spellings import find_word_spellings

Rule = Callable[[Sequence[QueryTerm], SearchContext], Iterator[Variant]]

#: Each with its part of :data:`searchsvc.query.parts.PARTS`, in the order of explanations.
RULES: tuple[tuple[str, Rule], ...] = (
    ("dictionary", find_synonyms),
    ("acronyms", find_long_forms),
    ("acronyms", find_short_forms),
    ("compounds", find_electronic),
    ("compounds", join_words),
    ("compounds", split_words),
    ("name_spellings", find_name_variants),
    ("numbers", rewrite_numbers),
    ("slang", find_everyday_words),
    ("slang", write_out_repeated),
    ("name_spellings", find_word_spellings),
    ("prefixes", complete_last),
)

#: Rules whose result does not show that a word is spelt as intended, and those that find another
#: spelling of it.
WEAK_RULES = frozenset(["split", "joined", "initials"])
SPELLING_RULES = frozenset(["spelling", "electronic", "name"])


def find_variants(words: Sequence[QueryTerm], context: SearchContext) -> list[Variant]:
    """The variants that all rules find for these consecutive words."""
    variants: list[Variant] = []
    said: set[tuple[int, int, tuple[str, ...]]] = set()
    for part, rule in RULES:
        if part in context.without:
            continue
        for variant in rule(words, context):
            # Two rules may find the same variant, which must not count twice.
            meant = (variant.start, variant.end, variant.terms)
            if variant.guess or meant not in said:
                said.add(meant)
                variants.append(variant)
    variants = weigh_unknown(drop_needless(variants), words)
    if context.dictionary:
        return put_first(variants, words, context.dictionary)
    return variants


def weigh_unknown(variants: list[Variant], words: Sequence[QueryTerm]) -> list[Variant]:
    """``variants``, with those of words in no article scaled so that the most certain weighs 1:
    they alone represent the word, whose rarity would otherwise be that of a word in no article.
    """
    surest: dict[int, float] = {}
    for one in variants:
        if not one.guess and one.end == one.start + 1 and not words[one.start].known:
            surest[one.start] = max(one.weight, surest.get(one.start, 0.0))
    if not surest:
        return variants
    return [
        replace(one, weight=one.weight / surest[one.start])
        if one.start in surest and one.end == one.start + 1 and not one.guess
        else one
        for one in variants
    ]


def drop_needless(variants: list[Variant]) -> list[Variant]:
    """``variants`` without guesses for words that another rule has understood already. Splitting or
    joining them is weaker evidence: typos can produce such words, too. So are abbreviations that
    the word begins: ``kab`` is *kabupaten*, or will be *kabut*.
    """
    begun = {one.start: one.terms[0] for one in variants if one.guess}
    understood = find_understood(
        [
            one
            for one in variants
            if not (one.rule == "everyday" and one.terms[0].startswith(begun.get(one.start, " ")))
        ]
    )
    return [one for one in variants if not (one.guess and one.start in understood)]


def find_understood(variants: list[Variant]) -> set[int]:
    """The positions of the words for which a rule has found a variant."""
    return {
        place
        for variant in variants
        if not variant.guess and variant.rule not in WEAK_RULES
        for place in range(variant.start, variant.end)
    }


def list_spellings(variants: list[Variant]) -> dict[int, tuple[tuple[str, ...], ...]]:
    """By position, the other spellings that a word is searched as: words, and phrases."""
    found: dict[int, tuple[tuple[str, ...], ...]] = {}
    for one in variants:
        by_spelling = one.rule in SPELLING_RULES or one.rule == "split"
        if by_spelling and one.end == one.start + 1:
            found[one.start] = (*found.get(one.start, ()), one.terms)
    return found


def find_sure(variants: list[Variant]) -> set[int]:
    """The positions of the words that are right as they are: understood by more than their
    spelling, which typos may share.
    """
    return find_understood(
        [one for one in variants if one.rule not in SPELLING_RULES or one.end > one.start + 1]
    )
