"""Counting facets exactly: labels by code, dates by day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.contents import NO_DAY
from indexer.engine.embedded.match_kernels import (
    count_code_runs,
    count_codes,
    count_days,
    find_most,
)
from indexer.engine.embedded.segment import SegmentData
from indexer.engine.embedded.strings import decode_term

Array = npt.NDArray[Any]

#: Up to so many days (some 1,000 years) between first and last are counted in an array.
_MOST_DAYS = 366_000
#: Up to so many labels are found by keeping the best seen; more are sorted.
_FEW_LABELS = 128


@dataclass(frozen=True, slots=True)
class Counted:
    """Documents to count in one segment: ``documents[:count]``."""

    documents: Array
    count: int


class LabelCounter:
    """Counts the labels of one facet over all segments of a snapshot.

    Each segment has its own codes; ``_maps`` turn them into numbers of ``values``, the labels of
    all segments in byte order.
    """

    def __init__(self, segments: Sequence[SegmentData], facet: str) -> None:
        self._readers = [segment.labels[facet] for segment in segments]
        vocabularies = [list(reader.values) for reader in self._readers]
        values = sorted(set().union(*vocabularies))
        number_of = {value: number for number, value in enumerate(values)}
        self.values = [decode_term(value) for value in values]
        self._maps = [
            np.array([number_of[value] for value in vocabulary], np.int64)
            for vocabulary in vocabularies
        ]

    def count(
        self,
        counted: Sequence[Sequence[Counted]],
        limit: int,
        selected: Sequence[str] = (),
    ) -> list[tuple[str, int]]:
        """The ``limit`` most frequent (label, documents), ties by label; then the others of
        ``selected``, each once, in the order given.

        ``counted`` has, for each segment, the lists of documents to count.
        """
        totals = np.zeros(len(self.values), np.int64)
        for reader, numbers, parts in zip(self._readers, self._maps, counted, strict=True):
            counts = np.zeros(len(numbers), np.int64)
            for part in parts:
                if reader.offsets is None:
                    count_codes(part.documents, part.count, reader.codes, counts)
                else:
                    count_code_runs(
                        part.documents, part.count, reader.offsets, reader.codes, counts
                    )
            totals[numbers] += counts
        best = self._best(totals, limit)
        if selected:
            present = {label for label, _ in best}
            others = [label for label in dict.fromkeys(selected) if label not in present]
            best += [(label, self._total(totals, label)) for label in others]
        return best

    def _total(self, totals: Array, label: str) -> int:
        """The total of one label; 0 where no segment has it."""
        # UTF-8 sorts as code points do.
        number = bisect_left(self.values, label)
        known = number < len(self.values) and self.values[number] == label
        return int(totals[number]) if known else 0

    def _best(self, totals: Array, limit: int) -> list[tuple[str, int]]:
        if limit > _FEW_LABELS:
            present = np.flatnonzero(totals)
            # Numbers ascend with the labels and the sort is stable, so ties come by label.
            best = present[np.argsort(-totals[present], kind="stable")][:limit]
        else:
            numbers = np.empty(max(min(limit, len(totals)), 0), np.int64)
            best = numbers[: find_most(totals, numbers)] if len(numbers) else numbers
        return [
            (self.values[number], total)
            for number, total in zip(best.tolist(), totals[best].tolist(), strict=True)
        ]


class DateCounter:
    """Counts days, months or years over all segments of a snapshot."""

    def __init__(self, segments: Sequence[SegmentData]) -> None:
        self._days = [segment.days for segment in segments]
        dated = [days[days != NO_DAY] for days in self._days]
        dated = [days for days in dated if len(days)]
        self._first = min((int(days.min()) for days in dated), default=0)
        last = max((int(days.max()) for days in dated), default=-1)
        self._span = last - self._first + 1

    def count(self, counted: Sequence[Sequence[Counted]], interval: str) -> list[tuple[str, int]]:
        """(interval, documents), oldest first, of the intervals that have any."""
        if self._span <= _MOST_DAYS:
            counts = np.zeros(max(self._span, 0), np.int64)
            for days, parts in zip(self._days, counted, strict=True):
                for part in parts:
                    count_days(part.documents, part.count, days, NO_DAY, self._first, counts)
            present = np.flatnonzero(counts)
            numbers, totals = present + self._first, counts[present]
        else:
            all_days = [
                days[part.documents[: part.count]]
                for days, parts in zip(self._days, counted, strict=True)
                for part in parts
            ]
            flat = np.concatenate(all_days) if all_days else np.empty(0, np.int32)
            numbers, totals = np.unique(flat[flat != NO_DAY], return_counts=True)
        if len(numbers) == 0:
            return []
        unit = {"day": "D", "month": "M", "year": "Y"}[interval]
        periods = numbers.astype("datetime64[D]").astype(f"datetime64[{unit}]")
        firsts = np.flatnonzero(np.concatenate(([True], periods[1:] != periods[:-1])))
        sums = np.add.reduceat(totals, firsts)
        return list(
            zip(np.datetime_as_string(periods[firsts]).tolist(), sums.tolist(), strict=True)
        )
