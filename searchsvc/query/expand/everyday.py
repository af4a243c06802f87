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
from searchsvc.query.expand.query_term import QueryTerm, Variant

WEIGHT = 0.8
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
            for other, weight in list_others(row, context):
                if is_written(other, stem, context):
                    yield Variant(start, end, other, weight, "everyday")


def list_others(
    row: tuple[str, ...], context: SearchContext
) -> Iterator[tuple[tuple[str, ...], float]]:
    """The lists' entries for a row of terms, each with its weight."""
    if row in load_chat_words() and is_acronym(row[0], context):
        return
    for other in load_everyday_words().get(row, ()):
        yield other, WEIGHT
    for other in load_nearly_same().get(row, ()):
        yield other, NEARLY_WEIGHT


def is_acronym(word: str, context: SearchContext) -> bool:
    """Whether a short word is one that articles write in capitals: ``DPT``, not ``Kab. Bogor``."""
    return len(word) <= _SHORT_FORM and context.is_name(word) and context.usage(word).in_capitals


def is_written(row: tuple[str, ...], stem: str, context: SearchContext) -> bool:
    """Whether articles have the row; a single word in any inflection, unless its stem is ``stem``,
    which is searched already.
    """
    if len(row) > 1:
        return context.count_row(row) > 0
    other = next(iter(context.stems(row[0])), row[0])
    return other != stem and (context.count(row[0]) > 0 or context.count(other, Form.STEM) > 0)
