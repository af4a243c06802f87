"""In which order do hits come? Ties are broken by date, newest first, then by ref."""

from __future__ import annotations

from typing import Any, Final

from indexer.engine.base import Query, Sort, SortBy
from indexer.engine.opensearch.encoding import name_column
from indexer.engine.opensearch.filters import name_field
from indexer.schema import is_label_facet

Body = dict[str, Any]

#: Where articles without a date come among the oldest or the newest: last.
_UNDATED: Final = {"missing": "_last"}


def write_order(query: Query, *, ranked: bool) -> list[Body]:
    """The order of the query's hits; by score first if it is ``ranked``."""
    if isinstance(query.sort, SortBy):
        return [*_order_by(query.sort), *order_by_date("desc")]
    if query.sort is Sort.RELEVANCE:
        by_score: list[Body] = [{"_score": "desc"}] if ranked else []
        return [*by_score, *order_by_date("desc")]
    return order_by_date("desc" if query.sort is Sort.NEWEST else "asc")


def order_by_date(direction: str) -> list[Body]:
    """``desc``: the newest first; ``asc``: the oldest."""
    return [{"second": {"order": direction, **_UNDATED}}, {"ref": "asc"}]


def _order_by(sort: SortBy) -> list[Body]:
    """By a column or the first label of a facet; articles without one last."""
    if is_label_facet(sort.column):
        field, kind = f"firsts.{name_column(sort.column)}", "keyword"
    else:
        field, kind = name_field(sort.column), "double"
    direction = "desc" if sort.descending else "asc"
    first = {field: {"order": direction, "unmapped_type": kind, **_UNDATED}}
    return [first, *(_order_by(sort.then) if sort.then else ())]
