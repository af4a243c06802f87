"""How are short forms and long forms expanded? ``kpk`` for ``komisi pemberantasan korupsi``, and
back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.language.names import looks_affixed
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.query_term import RARE, QueryTerm, Variant
from searchsvc.query.expand.senses import choose_senses, is_borne

#: The weight of the form that most articles explain; others weigh less, by their context.
LONG_WEIGHT = 0.8
SHORT_WEIGHT = 0.8
#: Initials often match by chance.
GUESSED_WEIGHT = 0.4
#: How many times as often as by chance.
LIFT = 2.0
#: Forms that the evidence makes unlikely are not worth the time.
_LEAST = 0.05


def find_long_forms(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """The long forms of short forms among the words."""
    for found in context.acronyms.find_shorts([word.text for word in words]):
        for expansion, likelihood in choose_senses(found, words, context):
            weight = LONG_WEIGHT * max(likelihood, 0.25)
            yield Variant(found.start, found.end, expansion.terms, weight, "acronym")


def find_short_forms(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """Short forms of long forms among the words, from the articles and from our list."""
    texts = [word.text for word in words]
    yield from guess_short_forms(words, context)
    for found in context.acronyms.find_longs(texts):
        for expansion in found.expansions:
            if (
                expansion.weight >= _LEAST
                and context.count_row(expansion.terms)
                and is_borne(expansion.terms, tuple(texts[found.start : found.end]), context)
            ):
                weight = SHORT_WEIGHT * max(expansion.weight, 0.5)
                yield Variant(found.start, found.end, expansion.terms, weight, "acronym")


def guess_short_forms(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """The initials of three or more words that no article has as a phrase, if articles write these
    initials in capitals, and beside the words more often than by chance: ``sekolah teknik
    menengah`` for STM.
    """
    for found in context.acronyms.guess_shorts([word.text for word in words]):
        spelt = words[found.start : found.end]
        if any(word.documents < RARE or is_verb(word.text) for word in spelt):
            continue
        # The cheapest and most selective test first.
        shorts = [one.terms[0] for one in found.expansions if may_be_acronym(one.terms[0], context)]
        if not shorts or context.count_row(tuple(word.text for word in spelt)):
            continue
        for short in shorts:
            if is_explained_by(short, spelt, context) and context.usage(short).in_capitals:
                yield Variant(found.start, found.end, (short,), GUESSED_WEIGHT, "initials")


def may_be_acronym(short: str, context: SearchContext) -> bool:
    """Whether enough articles have the word, and write it with a capital."""
    seen = context.statistics(short)
    return seen.documents >= RARE and seen.capital > seen.lower


def is_explained_by(short: str, words: Sequence[QueryTerm], context: SearchContext) -> bool:
    """Whether articles with the short form contain two of the words more often than others do."""
    share = context.count(short) / context.snapshot.document_count()
    explaining = 0
    for word in words:
        together = context.count_together(short, word.stem)
        explaining += together >= 2 and together >= LIFT * share * word.stem_documents
    return explaining >= 2


def is_verb(word: str) -> bool:
    """Whether the word has the form of a verb: the words of a long form are nouns."""
    return looks_affixed(word) and word.startswith(("me", "di", "ber", "ter"))
