"""How many of the matching articles have which label, date or value?

Including filters of what is counted go into the *post filter*, which narrows the hits and not the
counts; each count then applies those of the others itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from indexer.engine.base import FacetRequest, Filter, Query, ValueStatistics
from indexer.engine.opensearch.documents import name_interval, write_interval
from indexer.engine.opensearch.encoding import decode_label, encode_label
from indexer.engine.opensearch.filters import name_field, narrows, write_filter
from indexer.schema import is_date_facet

Body = dict[str, Any]

#: More labels, days or years than this are not counted one by one.
MOST_BUCKETS: Final = 65_000
#: Labels asked of each shard beyond those wanted, where there are several: with too few of them a
#: count may lack some shard's part.
_MORE_OF_EACH_SHARD: Final = 1_000

_DISTINCT: Final = {
    "init_script": "state.seen = new HashSet()",
    "map_script": "state.seen.add(doc['story'].value)",
    "combine_script": "return new ArrayList(state.seen)",
    "reduce_script": (
        "def all = new HashSet(); for (one in states) { if (one != null) all.addAll(one); } "
        "return all.size()"
    ),
}


class Counting:
    """The counts that a query asks for."""

    def __init__(self, query: Query) -> None:
        self._query = query
        counted = [*(request.facet for request in query.facets), *query.statistics]
        #: Filters of something counted.
        self._sideways = [
            one for one in query.filters if any(narrows(one, name) for name in counted)
        ]
        self._plain = [one for one in query.filters if one not in self._sideways]
        #: Enough of the only shard, as most indexes have.
        self._more_of_each_shard = 0

    @property
    def plain(self) -> list[Body]:
        """The filters that narrow hits and counts alike."""
        return _write(self._plain)

    @property
    def post(self) -> list[Body]:
        """The filters that narrow hits only."""
        return _write(self._sideways)

    def write(self) -> Body:
        """The aggregations."""
        asked: Body = {}
        for number, request in enumerate(self._query.facets):
            asked |= self._count(f"facet-{number}", request.facet, self._write_facet(request))
        for number, column in enumerate(self._query.statistics):
            summed = {"all": {"stats": {"field": name_field(column)}}}
            asked |= self._count(f"column-{number}", column, summed)
        if self._query.collapse:
            copied = [*self.post, {"term": {"copied": True}}]
            asked["stories"] = {
                "filter": {"bool": {"filter": copied}},
                "aggs": {"told": {"scripted_metric": _DISTINCT}},
            }
        return asked

    def _count(self, key: str, name: str, inner: Body) -> Body:
        others = _write([one for one in self._sideways if not narrows(one, name)])
        if others and inner:
            return {key: {"filter": {"bool": {"filter": others}}, "aggs": inner}}
        return {f"{key}-{part}": count for part, count in inner.items()}

    def _write_facet(self, request: FacetRequest) -> Body:
        if is_date_facet(request.facet):
            field = f"dates.{name_interval(request.facet, request.interval)}"
            return {"all": _count_terms(field, MOST_BUCKETS)}
        field = name_field(request.facet)
        asked: Body = {}
        if request.limit:
            limit = min(request.limit, MOST_BUCKETS)
            most = _count_terms(field, limit)
            most["terms"]["shard_size"] = limit + self._more_of_each_shard
            asked["all"] = most
        if request.selected:
            chosen = sorted({encode_label(value) for value in request.selected})
            asked["selected"] = _count_terms(field, len(chosen))
            asked["selected"]["terms"]["include"] = chosen
        return asked

    def ask_more(self, told: Body) -> bool:
        """Whether some label's count may lack a shard's part; then :meth:`write` asks for more of
        each.
        """
        inexact = any(
            self._read(told, number, "all").get("doc_count_error_upper_bound", 0) > 0
            for number in range(len(self._query.facets))
        )
        if inexact:
            self._more_of_each_shard = max(10 * self._more_of_each_shard, _MORE_OF_EACH_SHARD)
        return inexact

    def _read(self, told: Body, number: int, part: str, kind: str = "facet") -> Body:
        """A count, wherever it is."""
        key = f"{kind}-{number}"
        found: Body = told.get(key, {}).get(part) or told.get(f"{key}-{part}", {})
        return found

    def read_facets(self, told: Body) -> dict[str, list[tuple[str, int]]]:
        """The counts of each facet."""
        return {
            request.facet: _read_facet(
                request, self._read(told, number, "all"), self._read(told, number, "selected")
            )
            for number, request in enumerate(self._query.facets)
        }

    def read_statistics(self, told: Body) -> dict[str, ValueStatistics]:
        """The summary of each column."""
        return {
            column: _read_statistics(self._read(told, number, "all", "column"))
            for number, column in enumerate(self._query.statistics)
        }

    def count_stories(self, told: Body, total: int) -> int:
        """The number of stories that ``total`` articles tell."""
        if not self._query.collapse:
            return total
        members = told["stories"]["doc_count"]
        distinct = int(told["stories"]["told"]["value"] or 0) if members else 0
        return int(total - members + distinct)


def _write(conditions: Sequence[Filter]) -> list[Body]:
    return [write_filter(one) for one in conditions]


def _count_terms(field: str, size: int) -> Body:
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {"terms": {"field": field, "size": size, "order": order}}


def _read_buckets(told: Body) -> Iterator[tuple[Any, int]]:
    for bucket in told.get("buckets", ()):
        yield bucket["key"], bucket["doc_count"]


def _read_facet(request: FacetRequest, every: Body, selected: Body) -> list[tuple[str, int]]:
    if is_date_facet(request.facet):
        return [
            (write_interval(number, request.interval), count)
            for number, count in sorted(_read_buckets(every))
        ]
    best = [(decode_label(key), count) for key, count in _read_buckets(every)]
    chosen = {decode_label(key): count for key, count in _read_buckets(selected)}
    others = dict.fromkeys(request.selected)
    for value, _ in best:
        others.pop(value, None)
    return [*best, *((value, chosen.get(value, 0)) for value in others)]


def _read_statistics(told: Body) -> ValueStatistics:
    if not told["count"]:
        return ValueStatistics()
    return ValueStatistics(told["count"], told["min"], told["max"], told["sum"])
