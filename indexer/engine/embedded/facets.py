"""How are facets counted over all segments of a snapshot? By the core; here totals become
results.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.base import FacetRequest, ValueStatistics
from indexer.engine.embedded.contents import NO_DAY
from indexer.engine.embedded.native import Packed, address_of, core, pack_rows
from indexer.engine.embedded.segment import LabelReader, SegmentData
from indexer.engine.embedded.strings import decode_term

Array = npt.NDArray[Any]

#: Up to this many labels are selected by keeping the best so far; more are sorted.
_FEW_LABELS = 128


class LabelCounter:
    """Counts the labels of one facet. ``size``: the number of totals, one per label.

    Each segment has its own codes; ``columns`` map them to the numbers of the labels of all
    segments in byte order.
    """

    def __init__(self, segments: Sequence[SegmentData], facet: str) -> None:
        readers = [segment.labels_of(facet) for segment in segments]
        vocabularies = [list(reader.values) for reader in readers]
        values = sorted(set().union(*vocabularies))
        number_of = {value: number for number, value in enumerate(values)}
        self._values = [decode_term(value) for value in values]
        self._readers = readers
        self.size = len(values)
        numbers = [
            np.array([number_of[value] for value in vocabulary], np.int64)
            for vocabulary in vocabularies
        ]
        self._numbers = numbers
        self.columns: Packed = pack_rows(
            "Column",
            [
                (
                    address_of(reader.codes, "i4"),
                    0 if reader.offsets is None else address_of(reader.offsets, "i8"),
                    address_of(one, "i8"),
                )
                for reader, one in zip(readers, numbers, strict=True)
            ],
            (readers, numbers),
        )

    def rank(self) -> list[Array]:
        """float64 for each document of each segment: the rank of its first label among all, in the
        order of :class:`indexer.engine.base.SortBy`; NaN if it has none.
        """
        order = sorted(range(self.size), key=lambda n: (self._values[n].casefold(), n))
        # One additional entry for code -1, no label.
        places = np.full(self.size + 1, np.nan)
        places[order] = np.arange(self.size)
        return [
            places[np.append(numbers, self.size)[_first_codes(reader)]]
            for reader, numbers in zip(self._readers, self._numbers, strict=True)
        ]

    def tell(self, totals: Array, request: FacetRequest) -> list[tuple[str, int]]:
        """(label, documents) as :class:`indexer.engine.base.FacetRequest` specifies."""
        best = self._best(totals, request.limit)
        if request.selected:
            present = {label for label, _ in best}
            others = [one for one in dict.fromkeys(request.selected) if one not in present]
            best += [(label, self._total(totals, label)) for label in others]
        return best

    def _total(self, totals: Array, label: str) -> int:
        """The total of one label; 0 if no segment has it."""
        # UTF-8 sorts like code points.
        number = bisect_left(self._values, label)
        known = number < len(self._values) and self._values[number] == label
        return int(totals[number]) if known else 0

    def _best(self, totals: Array, limit: int) -> list[tuple[str, int]]:
        if limit > _FEW_LABELS:
            present = np.flatnonzero(totals)
            # Numbers ascend with the labels and the sort is stable, so ties come by label.
            best = present[np.argsort(-totals[present], kind="stable")][:limit]
        else:
            best = np.empty(max(min(limit, len(totals)), 0), np.int64)
            if len(best):
                best = best[: core.find_most(totals, len(totals), len(best), best)]
        labels = map(self._values.__getitem__, best.tolist())
        return list(zip(labels, totals[best].tolist(), strict=True))


def _first_codes(reader: LabelReader) -> Array:
    """int32: the first code of each document, -1 for none."""
    if reader.offsets is None:
        return reader.codes
    starts = reader.offsets[:-1]
    return np.where(np.diff(reader.offsets) > 0, np.append(reader.codes, -1)[starts], -1)


class ValueCounter:
    """Counts the occurrences of each value of a column, in order to summarise them. ``size``: the
    number of totals, one per value.
    """

    def __init__(self, columns: Sequence[Array]) -> None:
        known = [values[~np.isnan(values)] for values in columns]
        self._values = np.unique(np.concatenate(known)) if known else np.empty(0)
        self.size = len(self._values)
        codes = [
            np.where(np.isnan(values), -1, np.searchsorted(self._values, values)).astype(np.int32)
            for values in columns
        ]
        self.columns: Packed = pack_rows(
            "Column", [(address_of(one, "i4"), 0, 0) for one in codes], codes
        )

    def tell(self, totals: Array) -> ValueStatistics:
        """The statistics of the values, each as often as its total says."""
        present = np.flatnonzero(totals)
        if len(present) == 0:
            return ValueStatistics()
        values, counts = self._values[present], totals[present]
        return ValueStatistics(
            # Not np.dot(), which starts threads for this many numbers, and waits for them.
            int(counts.sum()),
            float(values[0]),
            float(values[-1]),
            float((values * counts).sum()),
        )


def read_days(values: Array) -> Array:
    """int32: the days of a column of dates, ``NO_DAY`` if it has none."""
    return np.where(np.isnan(values), NO_DAY, np.floor(values)).astype(np.int32)


class DateCounter:
    """Counts the days, months or years of one column of dates. ``size``: the number of totals, one
    per interval that has any document.

    ``columns``: the number of each document's interval among them, oldest first.
    """

    def __init__(self, columns: Sequence[Array], interval: str) -> None:
        """``columns``: the days of each segment, ``NO_DAY`` for undated documents."""
        unit = {"day": "D", "month": "M", "year": "Y"}[interval]
        known = np.unique(np.concatenate([np.empty(0, np.int32), *columns]))
        known = known[known != NO_DAY]
        periods = known.astype("datetime64[D]").astype(f"datetime64[{unit}]")
        distinct, numbers = np.unique(periods, return_inverse=True)
        self._names: list[str] = np.datetime_as_string(distinct).tolist()
        self.size = len(self._names)
        # One additional entry, so that there is a place for undated documents.
        numbers = np.append(numbers, -1)
        codes = [
            np.where(days == NO_DAY, -1, numbers[np.searchsorted(known, days)]).astype(np.int32)
            for days in columns
        ]
        self.columns: Packed = pack_rows(
            "Column", [(address_of(one, "i4"), 0, 0) for one in codes], codes
        )

    def tell(self, totals: Array, request: FacetRequest) -> list[tuple[str, int]]:
        """(interval, documents), oldest first, of the intervals that have any."""
        present = np.flatnonzero(totals)
        names = map(self._names.__getitem__, present.tolist())
        return list(zip(names, totals[present].tolist(), strict=True))
