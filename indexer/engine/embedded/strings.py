"""How are sorted strings stored in a container? In two arrays."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.container import Container, ContainerWriter, Section
from indexer.engine.embedded.native import Packed, core, pack
from indexer.engine.run_starts import find_starts

Array = npt.NDArray[Any]
Key = TypeVar("Key")


class Numbering(dict[Key, int]):
    """Numbers keys in the order they are first looked up."""

    def __missing__(self, key: Key) -> int:
        number = self[key] = len(self)
        return number


def encode_term(text: str) -> bytes:
    """UTF-8, for any Python string: lone surrogates are encoded, too."""
    return text.encode("utf-8", "surrogatepass")


def encode_terms(texts: Collection[str]) -> list[bytes]:
    """:func:`encode_term` for many, usually in one call."""
    encoded = encode_term("\0".join(texts)).split(b"\0")
    # A term may contain a zero byte, though none in any language does.
    return encoded if len(encoded) == len(texts) else list(map(encode_term, texts))


def decode_term(encoded: bytes) -> str:
    """The string that :func:`encode_term` encoded; for invalid bytes, which ``check`` reports, a
    similar one.
    """
    try:
        return encoded.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return encoded.decode("utf-8", "replace")


class JoinedStrings:
    """UTF-8 strings in memory: ``text`` uint8, all of them concatenated; ``offsets``
    int64[strings + 1], the start of each, and the end of the last.
    """

    __slots__ = ("offsets", "packed", "text")

    def __init__(self, text: Array, offsets: Array) -> None:
        self.text = text
        self.offsets = offsets
        #: The structure ``Strings``.
        self.packed = pack("Strings", text=text, offsets=offsets, count=len(self))

    @classmethod
    def join(cls, encoded: Collection[bytes]) -> JoinedStrings:
        offsets = find_starts(np.fromiter(map(len, encoded), np.int64, len(encoded)))
        return cls(np.frombuffer(b"".join(encoded), np.uint8), offsets)

    @classmethod
    def encode(cls, texts: Collection[str]) -> JoinedStrings:
        """Those of :func:`encode_term`."""
        parted = np.frombuffer(encode_term("\0".join(texts)), np.uint8)
        ends = np.flatnonzero(parted == 0)
        if len(ends) != len(texts) - 1:  # a term contains a zero byte, or there is none
            return cls.join([encode_term(text) for text in texts])
        offsets = np.zeros(len(texts) + 1, np.int64)
        offsets[1:-1] = ends - np.arange(len(ends))
        offsets[-1] = len(parted) - len(ends)
        return cls(parted[parted != 0], offsets)

    def take(self, rows: Array) -> JoinedStrings:
        """Those with these numbers (int64), in this order."""
        offsets = find_starts(np.diff(self.offsets)[rows])
        text = np.empty(int(offsets[-1]), np.uint8)
        core.gather_runs(self.text, 1, self.offsets, rows, len(rows), text)
        return JoinedStrings(text, offsets)

    def sort(self) -> tuple[JoinedStrings, Array]:
        """(the strings, distinct, in byte order; int32, the number there of each)."""
        order = np.empty(len(self), np.int32)
        core.sort_strings(self.packed, np.empty(len(self), np.uint64), np.empty_like(order), order)
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order), dtype=np.int32)
        return self.take(order.astype(np.int64)), rank

    def decode(self) -> list[str]:
        """The texts, by :func:`decode_term`."""
        text, offsets = self.text.tobytes(), self.offsets.tolist()
        return [decode_term(text[low:high]) for low, high in pairwise(offsets)]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def write(self, out: ContainerWriter, name: str) -> None:
        """Write them as sections ``name.text`` (bytes) and ``name.offsets`` (int64, n + 1)."""
        out.add(f"{name}.text", self.text)
        out.add(f"{name}.offsets", self.offsets)


class Strings(Sequence[bytes]):
    """The strings that :meth:`JoinedStrings.write` wrote, each decoded only when accessed.

    :meth:`find` and :meth:`prefix_range` require byte order.
    """

    def __init__(self, container: Container, name: str) -> None:
        self._text: Section = container[f"{name}.text"]
        self._offsets: npt.NDArray[np.int64] = container[f"{name}.offsets"].read_offsets(
            len(self._text.values)
        )

    @property
    def text(self) -> Array:
        """uint8: all strings concatenated, verified."""
        return self._text.all()

    @property
    def offsets(self) -> Array:
        """int64[strings + 1]: the start of each in :attr:`text`."""
        return self._offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, index: int) -> bytes:  # type: ignore[override]
        low, high = self._offsets[index : index + 2].tolist()
        return self._text.slice(low, high).tobytes()

    def __iter__(self) -> Iterator[bytes]:
        return self.run(0, len(self))

    def run(self, first: int, end: int) -> Iterator[bytes]:
        """The strings ``first`` to ``end`` (exclusive)."""
        offsets = self._offsets[first : end + 1].tolist()
        base = offsets[0] if offsets else 0
        text = self._text.slice(base, offsets[-1]).tobytes() if offsets else b""
        return (text[low - base : high - base] for low, high in pairwise(offsets))

    def pick(self, numbers: Array) -> list[bytes]:
        """The strings with these numbers, in their order."""
        text = self.text.data
        bounds = zip(
            self._offsets[numbers].tolist(), self._offsets[numbers + 1].tolist(), strict=True
        )
        return [bytes(text[low:high]) for low, high in bounds]

    @cached_property
    def _packed(self) -> Packed:
        return pack("Strings", text=self._text.values, offsets=self._offsets, count=len(self))

    @property
    def packed(self) -> Packed:
        """The structure ``Strings``, verified."""
        self._text.all()
        return self._packed

    def find(self, wanted: bytes) -> int:
        """The index of ``wanted``, or -1."""
        place: int = core.find_string(self.packed, wanted, len(wanted))
        return place

    def find_all(self, wanted: Sequence[bytes]) -> Array:
        """int64: for each of ``wanted``, what :meth:`find` returns."""
        sizes = np.fromiter(map(len, wanted), np.int64, len(wanted))
        places = np.empty(len(wanted), np.int64)
        core.find_strings(self.packed, b"".join(wanted), sizes, len(wanted), places)
        return places

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        """(low, high) of the strings with this prefix, end exclusive."""
        # 0xFF never occurs in UTF-8, so this sorts after every string with the prefix.
        after = prefix + b"\xff"
        low: int = core.find_first(self.packed, prefix, len(prefix))
        return low, core.find_first(self.packed, after, len(after))


def merge_strings(parts: Sequence[Strings | JoinedStrings]) -> tuple[JoinedStrings, list[Array]]:
    """(all strings of ``parts`` in byte order, each once; for each part, int32, the number there of
    each of its own). Each part must be in byte order.
    """
    merged = JoinedStrings.join(())
    all_numbers: list[Array] = []
    for part in parts:
        text = np.empty(len(merged.text) + len(part.text), np.uint8)
        offsets = np.empty(len(merged) + len(part) + 1, np.int64)
        before, numbers = np.empty(len(merged), np.int32), np.empty(len(part), np.int32)
        count = core.merge_strings(merged.packed, part.packed, text, offsets, before, numbers)
        merged = JoinedStrings(text[: offsets[count]].copy(), offsets[: count + 1].copy())
        all_numbers = [before[one] for one in all_numbers] + [numbers]
    return merged, all_numbers


def find_places(some: Strings | JoinedStrings, others: Strings | JoinedStrings) -> Array:
    """int32: for each of ``some`` its number among ``others``, or -1; both in byte order."""
    places = np.empty(len(some), np.int32)
    core.match_strings(some.packed, others.packed, places)
    return places
