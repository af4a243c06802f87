"""What does each word of a query weigh in a segment: its postings, idf, and lengths' norms?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.base import Alternative, Clause, Ranking, Scope, Word
from indexer.engine.embedded.gates import SegmentGates
from indexer.engine.embedded.remember import remember
from indexer.engine.embedded.resolve import (
    PostingRun,
    SegmentResolver,
    read_only,
    strip_weight,
)
from indexer.engine.embedded.segment import SegmentData

Array = npt.NDArray[Any]


@dataclass(slots=True)
class SearchedSegment:
    """One segment of a snapshot: its data, its first ref, and what is kept for it in memory."""

    data: SegmentData
    first_ref: int
    resolver: SegmentResolver
    gates: SegmentGates


@dataclass(frozen=True, slots=True)
class WeighedRun:
    """A posting run with its alternative's weight times the weights of title, body and lead."""

    run: PostingRun
    weights: Array


@dataclass(frozen=True, slots=True)
class WeighedWord:
    """A word resolved in one segment. ``idf`` is that of the snapshot, times the word's boost:
    more than that the word adds to no score.
    """

    runs: tuple[WeighedRun, ...]
    idf: float
    scope: int


@dataclass(frozen=True, slots=True)
class WeighedClause:
    """A clause resolved in one segment. ``worth`` is 0 where it is not required."""

    words: tuple[WeighedWord, ...]
    worth: int

    @property
    def required(self) -> bool:
        return self.worth > 0


class Weigher:
    """Weighs the words of queries for the segments of one snapshot. Safe for several threads."""

    def __init__(self, segments: Sequence[SearchedSegment]) -> None:
        self.segments = segments
        datas = [segment.data for segment in segments]
        self._document_count = sum(data.document_count for data in datas)
        size = max(1, self._document_count)
        self._average_title = sum(data.title_tokens for data in datas) / size
        self._average_body = sum(data.body_tokens for data in datas) / size
        self.count_documents = remember(self._count_documents, 4096)
        self._norms: dict[tuple[float, float], list[tuple[Array, Array]]] = {}

    def norms(self, ranking: Ranking) -> list[tuple[Array, Array]]:
        """For each segment, 1 / (1 - b + b · length / average) of titles and bodies: float32."""
        key = (ranking.title_b, ranking.body_b)
        if key not in self._norms:
            self._norms[key] = [
                (
                    self._measure_norm(one.data.title_lengths, self._average_title, key[0]),
                    self._measure_norm(one.data.body_lengths, self._average_body, key[1]),
                )
                for one in self.segments
            ]
        return self._norms[key]

    @staticmethod
    def _measure_norm(lengths: Array, average: float, b: float) -> Array:
        with np.errstate(divide="ignore"):
            norm = 1.0 / (1.0 - b + b * lengths / (average or 1.0))
        # Only a document without tokens in the field can have an infinite one; it has no use.
        return read_only(np.where(np.isfinite(norm), norm, 0.0).astype(np.float32))

    def find_document_frequency(self, word: Word) -> int:
        """That of the most frequent alternative among those of the greatest weight."""
        if not word.alternatives:
            return 0
        greatest = max(alternative.weight for alternative in word.alternatives)
        return max(
            self.count_documents(strip_weight(alternative), word.scope)
            for alternative in word.alternatives
            if alternative.weight == greatest
        )

    def _count_documents(self, alternative: Alternative, scope: Scope) -> int:
        """How many documents of all segments have the alternative within ``scope``."""
        runs = [(one, one.resolver.find_run(alternative)) for one in self.segments]
        return sum(
            run.document_frequency(scope, segment.data.document_count)
            for segment, run in runs
            if run is not None
        )

    def measure_idf(self, document_frequency: int) -> float:
        """``idf`` of :class:`indexer.engine.base.Ranking`."""
        without = self._document_count - document_frequency
        return log(1 + (without + 0.5) / (document_frequency + 0.5))

    def weigh_clause(
        self, segment: SearchedSegment, clause: Clause, idfs: Sequence[float], ranking: Ranking
    ) -> WeighedClause:
        """The clause in a segment. ``idfs``: of each word, from :meth:`measure_idf`."""
        return WeighedClause(
            tuple(
                self._weigh(segment, word, idf, ranking)
                for word, idf in zip(clause.words, idfs, strict=True)
            ),
            clause.worth if clause.required else 0,
        )

    def _weigh(
        self, segment: SearchedSegment, word: Word, idf: float, ranking: Ranking
    ) -> WeighedWord:
        """The word's runs in a segment, the longest first."""
        runs = []
        for alternative in word.alternatives:
            run = segment.resolver.find_run(strip_weight(alternative))
            if run is not None:
                runs.append(WeighedRun(run, weigh_fields(alternative.weight, ranking)))
        # A word's longest run usually holds the documents of all others, in ascending order.
        runs.sort(key=lambda weighed: weighed.run.low - weighed.run.high)
        return WeighedWord(tuple(runs), idf * word.boost, int(word.scope))


@lru_cache(1024)
def weigh_fields(weight: float, ranking: Ranking) -> Array:
    """float32 [title, body, lead]: an alternative's weight times those of the fields."""
    weights = [ranking.title_weight, ranking.body_weight, ranking.lead_weight]
    return read_only(np.array([weight * field for field in weights], np.float32))
