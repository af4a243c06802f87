"""How many matching articles have each value of an attribute?

Counts apply to the whole query, including its filters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from indexer.engine.base import Answer, FacetRequest
from indexer.own_fields.attributes import matches
from searchsvc.meilisearch.columns import (
    Column,
    find_column,
    fold_value,
    list_paths,
    parse_number,
)
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.filter_query import Asked, tell_unfilterable

#: More than the values of any attribute.
ALL: Final = 2**31


@dataclass(frozen=True, slots=True)
class FacetAnswer:
    """``distribution`` and ``stats`` by attribute; ``None`` if not requested."""

    distribution: dict[str, dict[str, int]] | None = None
    stats: dict[str, dict[str, float]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        if self.distribution is None:
            return {}
        return {"facetDistribution": self.distribution, "facetStats": self.stats}


@dataclass(frozen=True, slots=True)
class Counted:
    """The engine's counting requests for ``columns``."""

    columns: tuple[Column, ...] = ()
    facets: tuple[FacetRequest, ...] = ()
    statistics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """How many values are listed for each attribute, and in which order."""

    most: int
    orders: Mapping[str, str]
    asked: bool

    def order_of(self, path: str) -> str:
        return self.orders.get(path, self.orders.get("*", "alpha"))


def request_facets(
    names: Sequence[str] | None, asked: Asked, faceting: Mapping[str, Any]
) -> tuple[Counted, Shown]:
    """The counting requests for the attributes ``names``, ``*`` for all. Raises ProtocolError for
    one that is not filterable.
    """
    shown = Shown(faceting["maxValuesPerFacet"], faceting["sortFacetValuesBy"], names is not None)
    paths: list[str] = []
    for name in names or ():
        paths += choose_paths(name, asked)
    columns = tuple(find_column(path, asked.fields) for path in dict.fromkeys(paths))
    labels = [one for column in columns for one in (column.labels, column.several) if one]
    dates = [FacetRequest(column.path, ALL, "day") for column in columns if column.dated]
    return (
        Counted(
            columns,
            (*(FacetRequest(one, ALL) for one in labels), *dates),
            tuple(column.number for column in columns if column.number),
        ),
        shown,
    )


def choose_paths(name: str, asked: Asked) -> list[str]:
    """The attributes that a facet name denotes. Raises ProtocolError."""
    if "*" in name:
        known = [one for one in asked.filterable if "*" not in one]
        return list_paths(
            asked.snapshot,
            asked.fields,
            known,
            lambda path: matches([name], path) and matches(asked.filterable, path),
        )
    if not matches(asked.filterable, name):
        told = tell_unfilterable(name, asked.filterable)
        raise ProtocolError("invalid_search_facets", f"Invalid facet distribution: {told}")
    return [name]


def count_facets(answer: Answer, counted: Counted, shown: Shown, asked: Asked) -> FacetAnswer:
    """The counts of an answer in response form."""
    if not shown.asked:
        return FacetAnswer()
    distribution: dict[str, dict[str, int]] = {}
    stats: dict[str, dict[str, float]] = {}
    for column in counted.columns:
        counts = answer.facets.get(column.path if column.dated else column.labels, [])
        order = shown.order_of(column.path)
        distribution[column.path] = sort_values(merge_values(counts), order, shown.most)
        bounds = find_bounds(answer, column)
        if bounds is not None:
            stats[column.path] = {"min": bounds[0], "max": bounds[1]}
    return FacetAnswer(distribution, stats)


def merge_values(counts: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Merge values that differ only in case, spelt like the most frequent of them."""
    merged: dict[str, tuple[str, int]] = {}
    for value, count in counts:
        shown, before = merged.get(fold_value(value), (value, 0))
        merged[fold_value(value)] = (shown, before + count)
    return dict(merged.values())


def sort_values(counts: Mapping[str, int], order: str, most: int) -> dict[str, int]:
    """The first ``most`` values: by ``count``, or numbers by size and then texts."""

    def key(pair: tuple[str, int]) -> tuple[Any, ...]:
        number = parse_number(pair[0])
        name = (number is None, number or 0.0, fold_value(pair[0]))
        return (-pair[1], *name) if order == "count" else name

    return dict(sorted(counts.items(), key=key)[:most])


def find_bounds(answer: Answer, column: Column) -> tuple[float, float] | None:
    """The minimum and maximum of an attribute's numbers, or ``None`` if it has none."""
    numbers = [float(label) for label, _ in answer.facets.get(column.several, ())]
    found = answer.statistics.get(column.number)
    if found is not None and found.count:
        numbers += [found.least, found.greatest]
    return (min(numbers), max(numbers)) if numbers else None
