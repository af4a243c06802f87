"""Which segment holds an article, among all those a writer works on?

Asking each of forty segments in turn would cost a writer more than everything else it does with an
article; one table of all their ids costs one lookup.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.contents import hash_id
from indexer.engine.embedded.segment import SegmentData

Array = npt.NDArray[Any]


class IdTable:
    """Ids of segments, numbered in the order they are added; 16 bytes of memory for each."""

    def __init__(self) -> None:
        self._segments: list[SegmentData] = []
        #: Ascending hashes, and for each the segment and the document there.
        self._hashes: Array = np.zeros(0, np.uint64)
        self._owners: Array = np.zeros(0, np.int32)
        self._documents: Array = np.zeros(0, np.uint32)

    def add(self, data: SegmentData) -> None:
        """Add the ids of one more segment."""
        hashes, documents = data.id_hashes
        owners = np.full(len(hashes), len(self._segments), np.int32)
        self._segments.append(data)
        hashes = np.concatenate([self._hashes, hashes])
        # Two ascending runs: a stable sort merges them in one pass.
        order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[order]
        self._owners = np.concatenate([self._owners, owners])[order]
        self._documents = np.concatenate([self._documents, documents])[order]

    def find_all(self, ids: Sequence[bytes]) -> list[list[tuple[int, int]]]:
        """For each id (segment, document) of every occurrence, deleted or not, the last one added
        first.
        """
        hashes = np.fromiter(map(hash_id, ids), np.uint64, len(ids))
        lows, ends = (
            self._hashes.searchsorted(hashes, side).tolist() for side in ("left", "right")
        )
        return [
            self._look(article_id, low, end) if low < end else []
            for article_id, low, end in zip(ids, lows, ends, strict=True)
        ]

    def _look(self, article_id: bytes, low: int, end: int) -> list[tuple[int, int]]:
        """The same for one id, among the occurrences of its hash."""
        owners, documents = self._owners[low:end].tolist(), self._documents[low:end].tolist()
        return sorted(
            (
                (owner, document)
                for owner, document in zip(owners, documents, strict=True)
                if self._segments[owner].ids[document] == article_id
            ),
            reverse=True,
        )
