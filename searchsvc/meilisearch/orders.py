"""In which order do hits come, if a request or the index's rules name attributes?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from indexer.engine.base import Query, Sort, SortBy
from indexer.own_fields.attributes import matches
from searchsvc.meilisearch.columns import find_column
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.index_settings import RULES
from searchsvc.meilisearch.reading import read_strings
from searchsvc.meilisearch.search_parameters import SearchParameters
from searchsvc.meilisearch.searched import Searched

#: Each is an order within the one before it.
_MOST_ORDERS: Final = 100


def choose_order(index: Searched, parameters: SearchParameters) -> Sort | SortBy | None:
    """The order that the request specifies, or for all documents that of the index's own rules;
    ``None`` for relevance.
    """
    wanted = read_orders(parameters.sort or [], index, "invalid_search_sort")
    if not wanted and not parameters.q.strip():
        rules = [rule for rule in index.settings["rankingRules"] if rule not in RULES]
        wanted = [parse_order(rule) for rule in rules]
    return make_order(wanted, index)


def order_documents(query: Query, given: Any, index: Searched) -> Query:
    """``query`` in the order that a list of documents is asked for. Raises ProtocolError."""
    code = "invalid_document_sort"
    texts = [one.strip() for one in given.split(",")] if isinstance(given, str) else given
    order = make_order(read_orders(read_strings(texts or [], ".sort", code), index, code), index)
    return query if order is None else replace(query, sort=order)


def read_orders(texts: Sequence[str], index: Searched, code: str) -> list[tuple[str, bool]]:
    """The orders that ``texts`` name, of attributes that may be sorted by. Raises ProtocolError."""
    if len(texts) > _MOST_ORDERS:
        told = f"The sort parameter may name at most {_MOST_ORDERS} attributes."
        raise ProtocolError(code, told)
    wanted = [parse_order(one, code) for one in texts]
    sortable = index.settings["sortableAttributes"]
    for path, _ in wanted:
        if not matches(sortable, path):
            known = (
                f"Available sortable attributes are: `{', '.join(sorted(sortable))}`."
                if sortable
                else "This index does not have configured sortable attributes."
            )
            raise ProtocolError(code, f"Attribute `{path}` is not sortable. {known}")
    return wanted


def parse_order(text: str, code: str = "invalid_search_sort") -> tuple[str, bool]:
    """(attribute, whether descending) for ``price:desc``. Raises ProtocolError."""
    path, _, order = text.rpartition(":")
    if not path or order not in ("asc", "desc"):
        raise ProtocolError(
            code,
            "Invalid syntax for the sort parameter: expected expression ending by `:asc` or "
            f"`:desc`, found `{text}`.",
        )
    return path, order == "desc"


def make_order(wanted: Sequence[tuple[str, bool]], index: Searched) -> Sort | SortBy | None:
    """By each attribute in turn: by numbers if any article has one there, otherwise as texts."""
    order: SortBy | None = None
    for path, descending in reversed(wanted):
        column = find_column(path, index.fields)
        if column.dated:
            # Remaining ties: the newest first.
            if path == wanted[0][0]:
                return Sort.NEWEST if descending else Sort.OLDEST
            continue
        names = [name for name in (column.number, column.labels) if name]
        for name in reversed(names):
            order = SortBy(name, descending, order)
    return order
