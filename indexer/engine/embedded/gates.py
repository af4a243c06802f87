"""Which documents of a segment may be hits? The filter mask: filters and deletions as one byte per
document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.deadline import check_deadline
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
from indexer.engine.embedded.contents import NO_DAY
from indexer.engine.embedded.native import address_of
from indexer.engine.embedded.remember import remember
from indexer.engine.embedded.segment import SegmentData
from indexer.engine.embedded.strings import encode_term
from indexer.schema import DATE_FACET, is_label_facet

Array = npt.NDArray[Any]

#: The gate value of a document that passes everything.
OPEN = 0
#: The gate value of a document that is neither a hit nor counted for any facet.
CLOSED = 127

_CACHED = 32


def seal_gate(values: Array) -> Gate:
    """A gate with these values, which must not change from now on."""
    values.flags.writeable = False
    return Gate(values, address_of(values, "i1"), not values.any())


def facet_of(condition: Filter) -> str:
    """The facet or column whose own counts the filter does not narrow (drill-sideways); empty if it
    narrows all.
    """
    if isinstance(condition, LabelFilter):
        return "" if condition.exclude else condition.facet
    if isinstance(condition, RangeFilter):
        return condition.column
    return DATE_FACET if isinstance(condition, DateFilter) else ""


def number_facets(filters: Sequence[Filter]) -> dict[str, int]:
    """A number from 1 for each facet narrowed by an including filter, in order of appearance."""
    facets = dict.fromkeys(filter(None, map(facet_of, filters)))
    return {facet: number for number, facet in enumerate(facets, 1)}


class Gate(NamedTuple):
    """A filter mask, int8 for each document: ``OPEN``, ``CLOSED``, or the number from
    :func:`number_facets` of the only facet whose filters the document fails: it is not a hit, but
    counts for that facet, whose own filters do not narrow it. Immutable.
    """

    values: Array
    address: int
    """The address of the values in memory."""
    all_open: bool


class SegmentGates:
    """Computes the gates of one segment and caches the latest. Thread-safe."""

    def __init__(self, data: SegmentData, deleted: Array) -> None:
        self._data = data
        self._deleted = deleted
        self.any_deleted = len(deleted) > 0
        self.make_gate = remember(self._make_gate, _CACHED)
        self._find_passing = remember(self._compute_passing, _CACHED)

    def _make_gate(self, filters: tuple[Filter, ...]) -> Gate:
        """The gate for ``filters``."""
        gate = np.zeros(self._data.document_count, np.int8)
        facets = number_facets(filters)
        fails_facet = {facet: np.zeros(self._data.document_count, np.bool_) for facet in facets}
        closed = np.zeros(self._data.document_count, np.bool_)
        closed[self._deleted] = True
        for condition in filters:
            facet = facet_of(condition)
            failing = fails_facet[facet] if facet else closed
            failing |= ~self._find_passing(condition)
        for facet, number in facets.items():
            fails = fails_facet[facet]
            gate[fails & (gate != OPEN)] = CLOSED
            gate[fails & (gate == OPEN)] = number
        gate[closed] = CLOSED
        return seal_gate(gate)

    def _compute_passing(self, condition: Filter) -> Array:
        """bool[documents]: which documents pass one filter, or an expression of filters."""
        check_deadline()
        if isinstance(condition, Not):
            return ~self._find_passing(condition.filter)
        if isinstance(condition, AllOf | AnyOf):
            every = isinstance(condition, AllOf)
            passing = np.full(self._data.document_count, every)
            for one in condition.filters:
                if every:
                    passing &= self._find_passing(one)
                else:
                    passing |= self._find_passing(one)
            return passing
        return self._compute_simple(condition)

    def _compute_simple(
        self, condition: LabelFilter | DateFilter | RangeFilter | HasFilter | IdFilter
    ) -> Array:
        if isinstance(condition, DateFilter):
            days = self._data.days
            return find_within(days, days != NO_DAY, condition.first_day, condition.last_day)
        if isinstance(condition, RangeFilter):
            values = self._data.values_of(condition.column)
            return find_within(values, ~np.isnan(values), condition.low, condition.high)
        if isinstance(condition, HasFilter):
            return self._find_having(condition.column)
        if isinstance(condition, IdFilter):
            return self._find_named(condition.ids)
        reader = self._data.labels_of(condition.facet)
        has_any = np.zeros(self._data.document_count, np.bool_)
        for value in condition.values:
            code = reader.find(encode_term(value))
            if code >= 0:
                has_any[reader.documents_with(code)] = True
        return ~has_any if condition.exclude else has_any

    def _find_named(self, ids: Sequence[str]) -> Array:
        """bool[documents]: which documents have one of these ids, deleted or not."""
        named = np.zeros(self._data.document_count, np.bool_)
        documents = (self._data.find(encode_term(one)) for one in ids)
        named[[document for document in documents if document >= 0]] = True
        return named

    def _find_having(self, column: str) -> Array:
        """bool[documents]: which documents have any value in a column."""
        if column == DATE_FACET:
            dated: Array = self._data.days != NO_DAY
            return dated
        if not is_label_facet(column):
            return ~np.isnan(self._data.values_of(column))
        having: Array = self._data.labels_of(column).find_having()
        return having


def find_within(values: Array, known: Array, low: float | None, high: float | None) -> Array:
    """bool: which of the ``known`` values are from ``low`` to ``high``, ``None`` for open."""
    if low is not None:
        known &= values >= low
    if high is not None:
        known &= values <= high
    return known
