"""Which queries do many readers search? Looked up by what has been typed so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from heapq import nlargest

from searchsvc.suggest.choosing import simplify
from searchsvc.suggest.suggestion import Suggestion, suggest_popular

#: Queries of one index that are held in memory.
MOST_POPULAR = 2_000
#: Of these, at most so many are suggested at once, and not before so much was typed.
_MOST_SUGGESTED = 3
_SHORTEST = 2
#: Follows every character of a query.
_LAST = "\U0010ffff"


class PopularQueries:
    """Queries with their weights. ``revision``: equal for equal ones."""

    def __init__(self, weights: Iterable[tuple[str, float]] = (), revision: int = 0) -> None:
        self._rows = sorted((query, weight) for query, weight in weights)
        self._queries = [query for query, _ in self._rows]
        self.revision = revision

    def __len__(self) -> int:
        return len(self._rows)

    def suggest(self, typed: str) -> list[Suggestion]:
        """Those that begin as typed, the most searched first."""
        begun = simplify(typed)
        if len(begun) < _SHORTEST:
            return []
        if typed[-1:].isspace():
            # The last word is finished.
            begun += " "
        first = bisect_left(self._queries, begun)
        last = bisect_left(self._queries, begun + _LAST)
        best = nlargest(_MOST_SUGGESTED + 1, self._rows[first:last], key=lambda row: row[1])
        # What was typed itself is no suggestion.
        found = [query for query, _ in best if query != begun.strip()]
        return [suggest_popular(query) for query in found[:_MOST_SUGGESTED]]


NONE_POPULAR = PopularQueries()
