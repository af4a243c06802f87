"""How many of a query's words must an article have?

All of them. If no article has all, the most there are, weighed by how much the words say: a rare
word counts for more than a frequent one, and a name for more than any other word, since an article
about another person is no answer. A question or a sentence is seldom repeated word for word by the
article that answers it: if hardly any has all its words, those with the most of them are added. A
note says what the answer then lacks (:mod:`searchsvc.query.notes`).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from indexer.engine.base import MAX_WORTH, Clause, Sort, SortBy

#: In a query with this many words that count, no article needs to have every one.
LONG_QUERY = 5
#: Fewer articles with all the words of a long query than this, a page of hits, are few.
FEW_HITS = 10
#: The number of articles that a search continues to if few have all the words.
ENOUGH_HITS = 100
#: Neither exceeds this fraction of the index: in a small one, a hundred articles soon include any
#: word.
_SHARE = 0.01
_SHARE_OF_LONG = 0.05
#: The worth of a word per unit of its idf, and the bonus of a name.
_WORTH_OF_IDF = 20
_WORTH_OF_NAME = 200
#: The worth of a number relative to a rare word: it means nothing without what it counts or dates.
_PART_OF_NUMBER = 4
#: A name that more than this fraction of the articles have, such as *Indonesia*, is not
#: distinctive.
_EVERYWHERE = 0.1


class Relaxation(NamedTuple):
    """``few``, ``enough`` and ``minimum`` of :class:`indexer.engine.base.Query`."""

    few: int
    enough: int
    minimum: int | None = None


def measure_worth(documents: int, total: int, *, is_name: bool, is_number: bool = False) -> int:
    """The worth of a word in ``documents`` of ``total`` articles, if not all words can be
    matched.
    """
    if not documents:
        return 1
    worth = round(_WORTH_OF_IDF * log(1 + total / documents))
    if is_number:
        return max(1, worth // _PART_OF_NUMBER)
    if is_name and documents <= _EVERYWHERE * total:
        worth += _WORTH_OF_NAME
    return max(1, min(worth, MAX_WORTH))


def choose_relaxation(
    clauses: Sequence[Clause],
    total: int,
    *,
    question: bool,
    sort: Sort | SortBy,
    match: str = "best",
    spare: int = 0,
) -> Relaxation:
    """When a search among ``total`` articles accepts fewer words, and how far it then goes.
    ``spare`` of the words do not make the query longer.

    Never further than the best matches if hits are sorted by date: there the first hit is no better
    than the last.
    """
    if match == "all":
        return Relaxation(0, 1)
    if match == "any":
        return Relaxation(0, 1, minimum=1)
    if sort is not Sort.RELEVANCE:
        return Relaxation(1, 1)
    required = sum(clause.required for clause in clauses)
    if required - spare >= LONG_QUERY or (question and required > 1):
        few = _bound(FEW_HITS, total * _SHARE)
        return Relaxation(few, _bound(ENOUGH_HITS, total * _SHARE_OF_LONG))
    return Relaxation(1, _bound(ENOUGH_HITS, total * _SHARE))


def _bound(most: int, share: float) -> int:
    return max(1, min(most, round(share)))
