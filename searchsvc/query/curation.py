"""Which articles did an editor pin to a query, or hide from it?

A query is the same in any spelling of case, spaces and punctuation, and in any inflection of its
words. One with operators other than quotation marks is another query.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from indexer.language.dictionary import Row
from searchsvc.query.context import SearchContext
from searchsvc.query.offers import is_plain
from searchsvc.query.parse import ParsedQuery


class Curation(NamedTuple):
    """Ids of articles: those ``pinned`` come first, in this order, those ``hidden`` are no hits. An
    article that is both is hidden.
    """

    pinned: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


AS_FOUND = Curation()

_Table = Mapping[Row, Curation]


def find_curation(parsed: ParsedQuery, context: SearchContext) -> Curation:
    """What the site's dictionary says of the query."""
    dictionary = context.dictionary
    if not (dictionary.pinned or dictionary.hidden) or not is_plain(parsed):
        return AS_FOUND
    key = ("curation", context.analyzer, "names" in context.without)
    table: _Table = context.knowledge.recall(key, lambda: _build_table(context))
    return table.get(_reduce(parsed.text, context), AS_FOUND)


def _build_table(context: SearchContext) -> _Table:
    table: dict[Row, Curation] = {}
    dictionary = context.dictionary
    for row in (*dictionary.pinned, *dictionary.hidden):
        query = _reduce(" ".join(row), context)
        before = table.get(query, AS_FOUND)
        hidden = _join(before.hidden, dictionary.hidden.get(row, ()))
        pinned = _join(before.pinned, dictionary.pinned.get(row, ()))
        table[query] = Curation(tuple(one for one in pinned if one not in hidden), hidden)
    return table


def _reduce(text: str, context: SearchContext) -> Row:
    """The stems of the words of a query."""
    return tuple(stem for _, stem in context.analyse(text))


def _join(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *others)))
