"""What does each word of a query weigh? Its document frequency, its postings, and the length
norms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.deadline import check_deadline
from indexer.engine.base import Phrase, Ranking, Term, Word
from indexer.engine.embedded.gates import OPEN, SegmentGates
from indexer.engine.embedded.native import address_of, core
from indexer.engine.embedded.resolve import SegmentResolver
from indexer.engine.embedded.segment import SegmentData

Array = npt.NDArray[Any]


@dataclass(slots=True)
class SearchedSegment:
    """One segment of a snapshot: its data, its first ref, and its cached lookups."""

    data: SegmentData
    first_ref: int
    resolver: SegmentResolver
    gates: SegmentGates


class Norms(NamedTuple):
    """float32[documents, 2]: 1 / (1 - b + b · length / average) of each title, and of its body."""

    values: Array
    address: int
    """The address of the values in memory."""


class Weigher:
    """Weighs the words of queries for the segments of one snapshot. Thread-safe."""

    def __init__(self, segments: Sequence[SearchedSegment]) -> None:
        self.segments = segments
        datas = [segment.data for segment in segments]
        self._document_count = sum(data.document_count for data in datas)
        size = max(1, self._document_count)
        self._average_title = sum(data.title_tokens for data in datas) / size
        self._average_body = sum(data.body_tokens for data in datas) / size
        self._norms: dict[tuple[float, float], list[Norms]] = {}

    def norms(self, ranking: Ranking) -> list[Norms]:
        """The norms of each segment."""
        key = (ranking.title_b, ranking.body_b)
        if key not in self._norms:
            self._norms[key] = [self._measure_norms(one.data, *key) for one in self.segments]
        return self._norms[key]

    def _measure_norms(self, data: SegmentData, title_b: float, body_b: float) -> Norms:
        titles = _measure_norm(data.title_lengths, self._average_title, title_b)
        bodies = _measure_norm(data.body_lengths, self._average_body, body_b)
        # Side by side: a document's are read together.
        values = np.column_stack((titles, bodies))
        return Norms(values, address_of(values, "f4"))

    def find_document_frequency(self, word: Word) -> int:
        """The document frequency of the most frequent alternative among those of the greatest
        weight.
        """
        counts = [
            one.resolver.resolve(word).count_documents(one.data.document_count)
            for one in self.segments
        ]
        if len(counts) == 1:
            return max(counts[0], default=0)
        return max(map(sum, zip(*counts, strict=True)), default=0)

    def measure_idf(self, document_frequency: int) -> float:
        """``idf`` of :class:`indexer.engine.base.Ranking`."""
        without = self._document_count - document_frequency
        return log(1 + (without + 0.5) / (document_frequency + 0.5))


def _measure_norm(lengths: Array, average: float, b: float) -> Array:
    with np.errstate(divide="ignore"):
        norm = 1.0 / (1.0 - b + b * lengths / (average or 1.0))
    # Only a document without tokens in the field can have an infinite norm, which is never used.
    return np.where(np.isfinite(norm), norm, 0.0).astype(np.float32)


def count_having(segment: SearchedSegment, alternatives: Sequence[Term | Phrase]) -> int:
    """How many documents of the segment, without deleted ones, contain all of the alternatives."""
    check_deadline()
    runs = []
    for alternative in alternatives:
        run = segment.resolver.find_run(alternative)
        if run is None:
            return 0
        runs.append(run)
    rarest, *others = sorted(runs, key=lambda run: run.high - run.low)
    count = rarest.high - rarest.low
    if not others and not segment.gates.any_deleted:
        return count
    documents = rarest.list_documents()
    for run in others:
        count = core.intersect(documents, count, run.postings, run.low, run.high)
    gate = segment.gates.make_gate(()).values
    return int(np.count_nonzero(gate[documents[:count]] == OPEN))
