"""Which articles pass? The filters of a query as a query of OpenSearch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from indexer.engine.base import (
    AllOf,
    AnyOf,
    DateFilter,
    Filter,
    HasFilter,
    IdFilter,
    LabelFilter,
    Not,
    RangeFilter,
)
from indexer.engine.opensearch.encoding import encode_label, name_column, name_key
from indexer.engine.opensearch.mapping import MOST_TERMS
from indexer.schema import DATE_FACET, is_label_facet

Clause = dict[str, Any]
Value = TypeVar("Value")

NOTHING: Clause = {"match_none": {}}
EVERYTHING: Clause = {"match_all": {}}


def write_filter(condition: Filter) -> Clause:
    """The query that the articles which pass ``condition`` match."""
    if isinstance(condition, AllOf):
        return {"bool": {"filter": [write_filter(one) for one in condition.filters]}}
    if isinstance(condition, AnyOf):
        if not condition.filters:
            return NOTHING
        return {
            "bool": {
                "should": [write_filter(one) for one in condition.filters],
                "minimum_should_match": 1,
            }
        }
    if isinstance(condition, Not):
        return exclude(write_filter(condition.filter))
    return _write_simple(condition)


def _write_simple(
    condition: LabelFilter | DateFilter | RangeFilter | HasFilter | IdFilter,
) -> Clause:
    if isinstance(condition, LabelFilter):
        chosen = write_labels(condition)
        return exclude(chosen) if condition.exclude else chosen
    if isinstance(condition, HasFilter):
        return {"exists": {"field": name_field(condition.column)}}
    if isinstance(condition, IdFilter):
        return _match_any("key", list(map(name_key, condition.ids)))
    if isinstance(condition, RangeFilter):
        return _write_range(name_field(condition.column), condition.low, condition.high)
    return _write_range("day", condition.first_day, condition.last_day)


def exclude(query: Clause) -> Clause:
    """The query that articles match which do not match ``query``."""
    return {"bool": {"must_not": [query]}}


def write_labels(condition: LabelFilter) -> Clause:
    """The query for articles that have any of the labels."""
    return _match_any(name_field(condition.facet), list(map(encode_label, condition.values)))


def _match_any(field: str, values: list[str]) -> Clause:
    parts: list[Clause] = [{"terms": {field: some}} for some in cut_values(values)]
    if len(parts) == 1:
        return parts[0]
    return {"bool": {"should": parts, "minimum_should_match": 1}} if parts else NOTHING


def cut_values(values: Sequence[Value]) -> Iterator[list[Value]]:
    """``values`` in parts that one ``terms`` query may have."""
    for first in range(0, len(values), MOST_TERMS):
        yield list(values[first : first + MOST_TERMS])


def name_field(column: str) -> str:
    """The field of a facet or a column."""
    if column == DATE_FACET:
        return "day"
    kind = "labels" if is_label_facet(column) else "values"
    return f"{kind}.{name_column(column)}"


def _write_range(field: str, low: float | None, high: float | None) -> Clause:
    bounds = {name: bound for name, bound in (("gte", low), ("lte", high)) if bound is not None}
    return {"range": {field: bounds}} if bounds else {"exists": {"field": field}}


def narrows(condition: Filter, name: str) -> bool:
    """Whether the filter is an including one of the very facet or column that is counted."""
    if isinstance(condition, DateFilter):
        return name == DATE_FACET
    if isinstance(condition, RangeFilter):
        return name == condition.column
    return isinstance(condition, LabelFilter) and condition.facet == name and not condition.exclude
