"""How many of a query's words must an article have?

All of them. Where no article has, the most there are, by what the words say: a rare word counts for
more than a frequent one, and a name for more than any other word, since an article about somebody
else is no answer. A question or a sentence is seldom repeated word for word by the article that
answers it: where hardly any has all its words, those with the most of them come along. What the
answer then lacks is said in a note (:mod:`searchsvc.query.notes`).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from indexer.engine.base import MAX_WORTH, Clause, Sort, SortBy

#: Of a query of so many words that count, no article need have every one.
LONG_QUERY = 5
#: Fewer articles with all the words of a long query than this, a page of hits, are few.
FEW_HITS = 10
#: Articles that a search goes on to where few have all the words.
ENOUGH_HITS = 100
#: Either is no more than a part of the index: in a small one a single word is soon in a hundred.
_SHARE = 0.01
_SHARE_OF_LONG = 0.05
#: What a word is worth for each unit of its idf, and what a name is worth on top.
_WORTH_OF_IDF = 20
_WORTH_OF_NAME = 200
#: A number says nothing without what it counts or dates: so much of the worth of a word as rare.
_PART_OF_NUMBER = 4
#: What more than this part of the articles have, such as *Indonesia*, tells no name from another.
_EVERYWHERE = 0.1


class Relaxation(NamedTuple):
    """``few``, ``enough`` and ``minimum`` of :class:`indexer.engine.base.Query`."""

    few: int
    enough: int
    minimum: int | None = None


def measure_worth(documents: int, total: int, *, is_name: bool, is_number: bool = False) -> int:
    """What a word of ``documents`` of ``total`` articles counts where not all words can be had."""
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
) -> Relaxation:
    """When a search among ``total`` articles is content with fewer words, and how far it goes then.

    Never further than to the best there are where hits come by date: there the first hit is no
    better than the last.
    """
    if match == "all":
        return Relaxation(0, 1)
    if match == "any":
        return Relaxation(0, 1, minimum=1)
    if sort is not Sort.RELEVANCE:
        return Relaxation(1, 1)
    required = sum(clause.required for clause in clauses)
    if required >= LONG_QUERY or (question and required > 1):
        few = _bound(FEW_HITS, total * _SHARE)
        return Relaxation(few, _bound(ENOUGH_HITS, total * _SHARE_OF_LONG))
    return Relaxation(1, _bound(ENOUGH_HITS, total * _SHARE))


def _bound(most: int, share: float) -> int:
    return max(1, min(most, round(share)))
