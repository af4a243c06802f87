"""Which hits are kept? By the attributes that match, by score, and one per distinct value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.deadline import check_deadline
from indexer.engine.base import Hit
from indexer.ingest.attribute_values import group_values, write_label
from indexer.own_fields.attributes import matches
from searchsvc.meilisearch.columns import fold_value
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.filter_query import tell_unfilterable
from searchsvc.meilisearch.formatting import list_matches
from searchsvc.meilisearch.marking import Marker
from searchsvc.meilisearch.search_parameters import SearchParameters
from searchsvc.meilisearch.searched import Searched
from searchsvc.query.plan import Plan

#: How many hits are looked at to know what is kept of them, which takes up to a millisecond each,
#: and how many for a page that is not full by then.
_COUNTED: Final = 1_000
_SOUGHT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Kept:
    """The hits of the page, each with its score. ``total``: how many were kept among the first so
    many, ``refs``: which, as far as they were looked at; both ``None`` if all are kept.
    ``dropped``: the others, if there may be hits that were not looked at.
    """

    page: list[tuple[Hit, float]]
    total: int | None = None
    refs: list[int] | None = None
    dropped: list[int] | None = None


@dataclass(frozen=True, slots=True)
class Keeping:
    """Which hits are kept: by the attributes that match, their score, and one per distinct
    value.
    """

    index: Searched
    parameters: SearchParameters
    marker: Marker
    plan: Plan

    def choose(
        self,
        ranked: Iterator[tuple[Hit, float]],
        offset: int,
        limit: int,
        most: int,
        *,
        every: bool = False,
    ) -> Kept:
        """The hits from ``offset`` on, of the first ``most`` that are kept. ``every``: also tell
        which are kept after those, as far as it is worth the time.
        """
        distinct = self.parameters.distinct or self.index.settings["distinctAttribute"]
        if self.parameters.distinct and not matches(self.index.filterable, distinct):
            raise ProtocolError("invalid_search_distinct", self._tell_undistinct(distinct))
        searched_on = self._list_searched()
        threshold = self.parameters.ranking_score_threshold
        if not (distinct or searched_on or threshold):
            return Kept(self._skip(ranked, offset, limit))
        kept: list[tuple[Hit, float]] = []
        dropped: list[int] = []
        seen: set[str] = set()
        wanted = self._mark_clauses() if searched_on else []
        complete = True
        for number, (hit, score) in enumerate(ranked):
            if threshold and score < threshold:
                break
            full = len(kept) >= offset + limit
            if number >= (_COUNTED if full else _SOUGHT) or (len(kept) >= most and not every):
                complete = False
                break
            if (searched_on and not self._has_words(hit, wanted, searched_on)) or (
                distinct and not self._is_first(hit, distinct, seen)
            ):
                dropped.append(hit.ref)
            else:
                kept.append((hit, score))
        return Kept(
            kept[offset : offset + limit],
            min(len(kept), most),
            [hit.ref for hit, _ in kept],
            None if complete else dropped,
        )

    def _skip(
        self, ranked: Iterator[tuple[Hit, float]], offset: int, limit: int
    ) -> list[tuple[Hit, float]]:
        if not limit:
            return []
        hits = []
        for number, one in enumerate(ranked):
            if number >= offset:
                hits.append(one)
            if len(hits) >= limit:
                break
        return hits

    def _tell_undistinct(self, distinct: str) -> str:
        told = tell_unfilterable(distinct, self.index.filterable)
        return told.replace(
            "is not filterable",
            "is not filterable and thus, cannot be used as distinct attribute",
            1,
        )

    def _list_searched(self) -> list[str] | None:
        """The attributes that must contain the words, if restricted."""
        wanted = self.parameters.attributes_to_search_on
        if wanted is None or "*" in wanted or not self.marker:
            return None
        searchable = self.index.settings["searchableAttributes"]
        if "*" not in searchable:
            for path in wanted:
                if not matches(searchable, path):
                    known = ", ".join(sorted(searchable))
                    raise ProtocolError(
                        "invalid_search_attributes_to_search_on",
                        f"Attribute `{path}` is not searchable. Available searchable attributes "
                        f"are: `{known}`.",
                    )
        return wanted

    def _mark_clauses(self) -> list[Marker]:
        """Finds the words of each required clause, or of the first one if words may be missing."""
        required = [clause for clause in self.plan.query.clauses if clause.required]
        if self.parameters.matching_strategy != "all":
            required = required[:1]
        return [Marker.of(clause.words, self.index.analyzer) for clause in required]

    def _has_words(self, hit: Hit, wanted: Sequence[Marker], searched: Sequence[str]) -> bool:
        """Whether the attributes contain a word for each of ``wanted``."""
        check_deadline()
        document = self.index.document(hit)
        return all(list_matches(document, marker, searched) for marker in wanted)

    def _is_first(self, hit: Hit, distinct: str, seen: set[str]) -> bool:
        """Whether no earlier hit has one of its distinct values; a hit without any is always
        kept.
        """
        found = group_values(self.index.document(hit)).get(distinct, [])
        values = {fold_value(label) for label in map(write_label, found) if label}
        if values & seen:
            return False
        seen |= values
        return True
