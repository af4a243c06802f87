"""Which arrays does the core work in? Borrowed for one call, clean between calls."""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.native import Packed, Sheet, pack


class Room:
    """The structures ``Room`` (for searches) and ``Workspace`` (for the tokens of a document)."""

    def __init__(self) -> None:
        self._sizes = (-1, -1, -1)
        self._tokens = -1
        self._marks = np.zeros(0, np.uint8)
        #: Where a query is laid out.
        self.sheet = Sheet()

    def __enter__(self) -> Room:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            _FREE.append(self)

    def for_search(self, largest: int, documents: int, segments: int) -> Packed:
        """Room for this many documents in the largest segment, in total, and for this many
        segments.
        """
        wanted = tuple(map(max, self._sizes, (largest, documents, segments)))
        if wanted != self._sizes:
            largest, documents, segments = wanted
            self._search = pack(
                "Room",
                frequencies=np.full(largest, -1, np.float32),
                collected=np.full(largest, -1, np.float32),
                sums=np.full(largest, -1, np.float32),
                states=np.zeros(largest, np.int32),
                touched=np.empty(largest + 1, np.uint32),
                matched=np.empty(largest + 1, np.uint32),
                marks=np.zeros(largest, np.uint8),
                hits=np.zeros(largest, np.uint8),
                documents=np.empty(documents, np.uint32),
                scores=np.empty(documents, np.float32),
                satisfied=np.empty(documents, np.int32),
                counts=np.empty(segments, np.int64),
            )
            # Set only now: memory may have run out above.
            self._sizes = (largest, documents, segments)
        return self._search

    def for_tokens(self, most: int) -> Packed:
        """Room for a document of up to ``most`` tokens."""
        if self._tokens < most:
            self._workspace = pack(
                "Workspace",
                starts=np.empty(most, np.int32),
                tokens=np.empty(most, np.int32),
                places=np.empty(most, np.int32),
                other_places=np.empty(most, np.int32),
                stages=np.zeros(most, np.uint16),
                marks=np.zeros(most, np.uint8),
            )
            self._tokens = most
        return self._workspace

    def for_marks(self, most: int) -> npt.NDArray[np.uint8]:
        """At least ``most`` zeros, for a call that leaves zeros."""
        if len(self._marks) < most:
            self._marks = np.zeros(most, np.uint8)
        return self._marks


#: Unused rooms. Any index may use any of them, so there are as many as there were simultaneous
#: calls.
_FREE: deque[Room] = deque()


def borrow_room() -> Room:
    """A room for calls of the core, as a context manager. If its use ends with an exception, it is
    not reused.
    """
    try:
        return _FREE.pop()
    except IndexError:
        return Room()
