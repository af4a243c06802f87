"""How many articles satisfy clauses of which worth? That says how far a query must be relaxed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from indexer.engine.base import Query
from indexer.engine.opensearch.cluster import join_lines
from indexer.engine.opensearch.match_counts import count_by_score, read_scores
from indexer.engine.opensearch.matching import Matching

Body = dict[str, Any]
#: (worth, articles that satisfy clauses worth exactly that), greatest worth first.
Reached = list[tuple[int, int]]

#: Queries whose worths are remembered before they start over.
_MOST_KNOWN: Final = 1_000


def write_worths(matching: Matching, filters: Sequence[Body]) -> Body:
    """The search that tells the worths."""
    return count_by_score(matching.write_worths(filters))


class KnownWorths:
    """What such searches told, of one generation: an answer that was asked for ahead saves the
    search that too few articles satisfy. Thread-safe.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, Reached] = {}

    def find(self, body: Body) -> Reached | None:
        """What the search told, if it was asked."""
        return self._known.get(_name(body))

    def read(self, body: Body, told: Body) -> Reached:
        """What the search tells, which is remembered."""
        reached = sorted(read_scores(told), reverse=True)
        if len(self._known) >= _MOST_KNOWN:
            self._known = {}
        self._known[_name(body)] = reached
        return reached


def _name(body: Body) -> bytes:
    return join_lines([body])


def count_reaching(reached: Reached, minimum: int) -> int:
    """How many articles satisfy clauses that are worth ``minimum``."""
    return sum(articles for worth, articles in reached if worth >= minimum)


def choose_threshold(reached: Reached, minimum: int, query: Query) -> int:
    """The ``minimum``, if few articles reach it the greatest worth that enough do, or the least of
    any.
    """
    if not reached or count_reaching(reached, minimum) >= query.few:
        return minimum
    for worth, _ in reached:
        if count_reaching(reached, worth) >= query.enough:
            return min(minimum, worth)
    return min(minimum, reached[-1][0])
