"""Sorted strings in two arrays: how dictionaries stand in a container."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.container import Container, ContainerWriter, Section


def write_strings(out: ContainerWriter, name: str, encoded: Sequence[bytes]) -> None:
    """Write UTF-8 strings as sections ``name.text`` (bytes) and ``name.offsets`` (int64, n + 1)."""
    offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=offsets[1:])
    out.add(f"{name}.text", b"".join(encoded))
    out.add(f"{name}.offsets", offsets)


class Strings(Sequence[bytes]):
    """The strings that :func:`write_strings` wrote, each decoded only when it is asked for."""

    def __init__(self, container: Container, name: str) -> None:
        self._text: Section = container[f"{name}.text"]
        self._buffer = self._text.values.data
        self._offsets: npt.NDArray[np.int64] = container[f"{name}.offsets"].all()

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, index: int) -> bytes:  # type: ignore[override]
        low, high = self._offsets[index : index + 2].tolist()
        self._text.touch(low, high)
        return self._buffer[low:high].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        return self.run(0, len(self))

    def run(self, first: int, end: int) -> Iterator[bytes]:
        """The strings ``first`` to ``end`` (exclusive)."""
        offsets = self._offsets[first : end + 1].tolist()
        base = offsets[0] if offsets else 0
        text = self._text.slice(base, offsets[-1]).tobytes() if offsets else b""
        return (text[low - base : high - base] for low, high in pairwise(offsets))

    def find(self, wanted: bytes) -> int:
        """Where ``wanted`` stands, or -1. The strings must have been written in byte order."""
        index = bisect_left(self, wanted)
        return index if index < len(self) and self[index] == wanted else -1

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        """(low, high) of the strings that begin with ``prefix``, end exclusive."""
        low = bisect_left(self, prefix)
        # 0xFF never occurs in UTF-8, so this sorts after every string with the prefix.
        return low, bisect_left(self, prefix + b"\xff", low)
