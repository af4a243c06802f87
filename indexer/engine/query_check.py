"""Can a query be asked at all? The same for every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from math import inf

from indexer.engine.base import (
    DEEPEST_FILTER,
    MAX_WORTH,
    AllOf,
    AnyOf,
    Filter,
    HasFilter,
    LabelFilter,
    Not,
    Query,
    RangeFilter,
    Ranking,
    SortBy,
)
from indexer.errors import UnknownName
from indexer.schema import (
    DATE_FACET,
    FACETS,
    INTERVALS,
    LABEL_FACETS,
    is_date_facet,
    is_label_facet,
    is_value_column,
)


@lru_cache(64)
def check_ranking(ranking: Ranking) -> None:
    """Raise ValueError if a parameter is negative or not a number."""
    parameters = [getattr(ranking, one.name) for one in fields(ranking)]
    if not all(0 <= parameter < inf for parameter in parameters):
        raise ValueError("Ranking parameters must be numbers of 0 or more.")
    if ranking.title_b > 1 or ranking.body_b > 1:
        raise ValueError("The b of titles and bodies must be 0 to 1.")


def check_query(query: Query) -> None:
    """Raise UnknownName for a facet or an interval that is not in the schema, ValueError for a
    negative weight, boost or parameter, and for a worth that there cannot be.
    """
    check_ranking(query.ranking)
    for clause in query.clauses:
        if not 1 <= clause.worth <= MAX_WORTH:
            raise ValueError(f"A worth must be 1 to {MAX_WORTH}, not {clause.worth}.")
        for word in clause.words:
            if not 0 <= word.boost < inf:
                raise ValueError(f"A boost must be 0 or more, not {word.boost}.")
            for alternative in word.alternatives:
                if not 0 <= alternative.weight < inf:
                    raise ValueError(f"A weight must be 0 or more, not {alternative.weight}.")
    _check_names(query)


def check_filter(condition: Filter, depth: int = 0) -> Iterator[str]:
    """The columns of values that an expression of filters compares. Raises UnknownName for an
    impossible facet, ValueError if it is nested too deeply.
    """
    if depth > DEEPEST_FILTER:
        raise ValueError(f"Filters can be nested {DEEPEST_FILTER} deep.")
    if isinstance(condition, AllOf | AnyOf):
        for one in condition.filters:
            yield from check_filter(one, depth + 1)
    elif isinstance(condition, Not):
        yield from check_filter(condition.filter, depth + 1)
    elif isinstance(condition, LabelFilter):
        if not is_label_facet(condition.facet):
            raise UnknownName("label facet", condition.facet, LABEL_FACETS)
    elif isinstance(condition, RangeFilter) or (
        isinstance(condition, HasFilter)
        and condition.column != DATE_FACET
        and not is_label_facet(condition.column)
    ):
        yield condition.column


def _check_names(query: Query) -> None:
    """Raise UnknownName for an impossible facet, column or interval."""
    if not (query.statistics or query.filters or query.facets or isinstance(query.sort, SortBy)):
        return
    columns = list(query.statistics)
    for condition in query.filters:
        columns += check_filter(condition)
    for request in query.facets:
        if not (is_label_facet(request.facet) or is_date_facet(request.facet)):
            raise UnknownName("facet", request.facet, FACETS)
        if request.interval not in INTERVALS:
            raise UnknownName("interval", request.interval, INTERVALS)
    sort = query.sort if isinstance(query.sort, SortBy) else None
    while sort is not None:
        if not is_label_facet(sort.column):
            columns.append(sort.column)
        sort = sort.then
    for column in columns:
        if not is_value_column(column):
            raise UnknownName("column", column, ())
