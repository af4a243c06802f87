"""Which number has each string, while a segment is collected?"""

from __future__ import annotations

import secrets
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.native import core
from indexer.engine.embedded.strings import JoinedStrings

Array = npt.NDArray[Any]


class StringTable:
    """Numbers strings in the order in which they are first given: a hash table of the core's."""

    def __init__(self) -> None:
        self._seed = secrets.randbits(63)
        self._count = 0
        # Each has room for more than is used.
        self._text: Array = np.empty(0, np.uint8)
        self._offsets: Array = np.zeros(1, np.int64)
        self._hashes: Array = np.empty(0, np.uint32)
        self._slots: Array = np.empty(0, np.int32)

    def __len__(self) -> int:
        return self._count

    def number(self, strings: JoinedStrings) -> Array:
        """int32: the number of each."""
        self._make_room(self._count + len(strings), len(strings.text))
        numbers = np.empty(len(strings), np.int32)
        self._count = core.number_strings(
            strings.packed,
            self._seed,
            self._text,
            self._offsets,
            self._hashes,
            self._count,
            self._slots,
            len(self._slots),
            numbers,
        )
        return numbers

    @property
    def strings(self) -> JoinedStrings:
        """All of them, by number."""
        offsets = self._offsets[: self._count + 1]
        return JoinedStrings(self._text[: offsets[-1]], offsets)

    def _make_room(self, count: int, more_bytes: int) -> None:
        """Make room for ``count`` strings in all, with so many more bytes."""
        self._text = enlarge(self._text, int(self._offsets[self._count]) + more_bytes)
        self._offsets = enlarge(self._offsets, count + 1)
        self._hashes = enlarge(self._hashes, count)
        if 2 * count > len(self._slots):
            self._slots = np.full(1 << (4 * count).bit_length(), -1, np.int32)
            core.place_strings(self._hashes, self._count, self._slots, len(self._slots))


def enlarge(array: Array, size: int) -> Array:
    """The array, or one at least twice as large that begins with it, if it has less than ``size``
    items.
    """
    if size <= len(array):
        return array
    larger = np.empty(max(size, 2 * len(array)), array.dtype)
    larger[: len(array)] = array
    return larger
