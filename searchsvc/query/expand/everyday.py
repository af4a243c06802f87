"""Which everyday words mean the same? ``judi online`` for ``judol``, ``situs`` for ``website``,
``bbm`` for ``bensin``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.engine.base import Form
from indexer.language.everyday_words import (
    count_longest_row,
    load_chat_words,
    load_everyday_words,
    load_nearly_same,
)
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.guesses import FAR_MORE
from searchsvc.query.expand.query_term import QueryTerm, Variant

WEIGHT = 0.8
#: The weight of what an abbreviation stands for that articles hardly use.
SAME_WEIGHT = 1.0
#: The weight of a wider, narrower or near synonym.
NEARLY_WEIGHT = 0.4
#: Chat abbreviations may also abbreviate something else, which articles then write in capitals.
_SHORT_FORM = 3


def find_everyday_words(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """Everyday synonyms of rows of the words that articles have."""
    texts = tuple(word.text for word in words)
    for start in range(len(texts)):
        for end in range(start + 1, min(start + count_longest_row(), len(texts)) + 1):
            row = texts[start:end]
            stem = words[start].stem if end == start + 1 else ""
            meant = load_chat_words().get(row)
            if meant and is_acronym(row[0], context):
                around = texts[max(0, start - 1) : start], texts[end : end + 1]
                if not fits_better(meant, row, *around, context):
                    continue
            for other, weight in list_others(row):
                if is_written(other, stem, context):
                    if other == meant and is_far_rarer(row, other, context):
                        # So the word has the rarity of what it stands for.
                        weight = SAME_WEIGHT
                    yield Variant(start, end, other, weight, "everyday")


def list_others(row: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], float]]:
    """The lists' entries for a row of terms, each with its weight."""
    for other in load_everyday_words().get(row, ()):
        yield other, WEIGHT
    for other in load_nearly_same().get(row, ()):
        yield other, NEARLY_WEIGHT


def is_acronym(word: str, context: SearchContext) -> bool:
    """Whether a short word is one that articles write in capitals: ``DPT``, not ``Kab. Bogor``."""
    return len(word) <= _SHORT_FORM and context.is_name(word) and context.usage(word).in_capitals


def fits_better(
    written: tuple[str, ...],
    typed: tuple[str, ...],
    before: tuple[str, ...],
    after: tuple[str, ...],
    context: SearchContext,
) -> bool:
    """Whether articles have ``written`` right beside one of the words around it: far more often
    than what was ``typed``, and more often than they have that at all. So ``bln depan`` is about no
    company *BLN*, but ``bpk jokowi`` may be about the *BPK*.
    """
    return any(
        is_far_rarer((*first, *typed, *last), (*first, *written, *last), context)
        and context.count_row((*first, *written, *last)) > context.count_row(typed)
        for first, last in ((before, ()), ((), after))
        if first or last
    )


def is_far_rarer(row: tuple[str, ...], other: tuple[str, ...], context: SearchContext) -> bool:
    return context.count_row(other) > FAR_MORE * context.count_row(row)


def is_written(row: tuple[str, ...], stem: str, context: SearchContext) -> bool:
    """Whether articles have the row; a single word in any inflection, unless its stem is ``stem``,
    which is searched already.
    """
    if len(row) > 1:
        return context.count_row(row) > 0
    other = next(iter(context.stems(row[0])), row[0])
    return other != stem and (context.count(row[0]) > 0 or context.count(other, Form.STEM) > 0)
