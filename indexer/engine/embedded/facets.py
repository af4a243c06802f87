"""Facets over all segments of a snapshot: what the core counts, and how the totals are told."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.base import FacetRequest
from indexer.engine.embedded.contents import NO_DAY
from indexer.engine.embedded.native import Packed, address_of, core, pack_rows
from indexer.engine.embedded.segment import SegmentData
from indexer.engine.embedded.strings import decode_term

Array = npt.NDArray[Any]

#: Up to so many days (some 1,000 years) between first and last have a total each.
_MOST_DAYS = 366_000
#: Up to so many labels are found by keeping the best seen; more are sorted.
_FEW_LABELS = 128


class LabelCounter:
    """Counts the labels of one facet. ``size``: how many totals there are, one for each label.

    Each segment has its own codes; ``columns`` turn them into the numbers of the labels of all
    segments in byte order.
    """

    def __init__(self, segments: Sequence[SegmentData], facet: str) -> None:
        readers = [segment.labels[facet] for segment in segments]
        vocabularies = [list(reader.values) for reader in readers]
        values = sorted(set().union(*vocabularies))
        number_of = {value: number for number, value in enumerate(values)}
        self._values = [decode_term(value) for value in values]
        self.size = len(values)
        numbers = [
            np.array([number_of[value] for value in vocabulary], np.int64)
            for vocabulary in vocabularies
        ]
        self.columns: Packed = pack_rows(
            "Column",
            [
                (
                    address_of(reader.codes, "i4"),
                    0 if reader.offsets is None else address_of(reader.offsets, "i8"),
                    address_of(one, "i8"),
                    -1,
                    0,
                )
                for reader, one in zip(readers, numbers, strict=True)
            ],
            (readers, numbers),
        )

    def tell(self, totals: Array, request: FacetRequest) -> list[tuple[str, int]]:
        """(label, documents) as :class:`indexer.engine.base.FacetRequest` asks for them."""
        best = self._best(totals, request.limit)
        if request.selected:
            present = {label for label, _ in best}
            others = [one for one in dict.fromkeys(request.selected) if one not in present]
            best += [(label, self._total(totals, label)) for label in others]
        return best

    def _total(self, totals: Array, label: str) -> int:
        """The total of one label; 0 where no segment has it."""
        # UTF-8 sorts as code points do.
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
        return [
            (self._values[number], total)
            for number, total in zip(best.tolist(), totals[best].tolist(), strict=True)
        ]


class DateCounter:
    """Counts days, told as days, months or years. ``size``: how many totals there are."""

    def __init__(self, segments: Sequence[SegmentData]) -> None:
        columns = [segment.days for segment in segments]
        dated = [days[days != NO_DAY] for days in columns]
        first = min((int(days.min()) for days in dated if len(days)), default=0)
        last = max((int(days.max()) for days in dated if len(days)), default=first - 1)
        none = NO_DAY
        if last - first < _MOST_DAYS:
            self._days = np.arange(first, last + 1)
        else:
            # A date of the Middle Ages, or of the far future: only days that there are.
            self._days = np.unique(np.concatenate(dated))
            none, first = -1, 0
            columns = [self._number(days) for days in columns]
        self.size = len(self._days)
        self.columns: Packed = pack_rows(
            "Column", [(address_of(one, "i4"), 0, 0, none, first) for one in columns], columns
        )

    def _number(self, days: Array) -> Array:
        """The number of each day among all there are, -1 for none: int32."""
        numbers = np.searchsorted(self._days, days)
        return np.where(days == NO_DAY, -1, numbers).astype(np.int32)

    def tell(self, totals: Array, request: FacetRequest) -> list[tuple[str, int]]:
        """(interval, documents), oldest first, of the intervals that have any."""
        present = np.flatnonzero(totals)
        if len(present) == 0:
            return []
        unit = {"day": "D", "month": "M", "year": "Y"}[request.interval]
        periods = self._days[present].astype("datetime64[D]").astype(f"datetime64[{unit}]")
        firsts = np.flatnonzero(np.concatenate(([True], periods[1:] != periods[:-1])))
        sums = np.add.reduceat(totals[present], firsts)
        return list(
            zip(np.datetime_as_string(periods[firsts]).tolist(), sums.tolist(), strict=True)
        )
