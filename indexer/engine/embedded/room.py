"""Arrays that the core writes while it works: one set for each thread, clean between uses."""

from __future__ import annotations

import threading

import numpy as np

from indexer.engine.embedded.native import Packed, pack


class Room(threading.local):
    """The structures ``Room`` (for searches) and ``Workspace`` (for the tokens of a document)."""

    def __init__(self) -> None:
        self._sizes = (-1, -1, -1)
        self._tokens = -1

    def discard(self) -> None:
        """Throw the arrays away: the next use makes clean ones."""
        self._sizes = (-1, -1, -1)

    def for_search(self, largest: int, documents: int, segments: int) -> Packed:
        """Room for so many documents in the largest segment and in all of so many segments."""
        wanted = (largest, documents, segments)
        if any(size < want for size, want in zip(self._sizes, wanted, strict=True)):
            self._sizes = wanted
            self._search = pack(
                "Room",
                frequencies=np.full(largest, -1, np.float32),
                collected=np.full(largest, -1, np.float32),
                sums=np.full(largest, -1, np.float32),
                states=np.zeros(largest, np.int32),
                touched=np.empty(largest, np.uint32),
                matched=np.empty(largest, np.uint32),
                marks=np.zeros(largest, np.uint8),
                hits=np.zeros(largest, np.uint8),
                documents=np.empty(documents, np.uint32),
                scores=np.empty(documents, np.float32),
                satisfied=np.empty(documents, np.int32),
                counts=np.empty(segments, np.int64),
            )
        return self._search

    def for_tokens(self, most: int) -> Packed:
        """Room for a document of ``most`` tokens."""
        if self._tokens < most:
            self._tokens = most
            self._workspace = pack(
                "Workspace",
                starts=np.empty(most, np.int32),
                tokens=np.empty(most, np.int32),
                places=np.empty(most, np.int32),
                other_places=np.empty(most, np.int32),
                stages=np.zeros(most, np.uint16),
                marks=np.zeros(most, np.uint8),
            )
        return self._workspace


#: Shared by all indexes that a thread reads: what it holds is clean between calls.
room = Room()
