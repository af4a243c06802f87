"""How are chunks that were read before found again? Each is tokenised once, then known by number.

News repeats itself: nearly all chunks of an article have been seen before. Each distinct chunk is
read once by :func:`indexer.language.tokens.split_chunk`, numbered, and found again by number.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.language.tokens import MAX_TERM_LENGTH, Chunks, split_chunk

#: Characters of chunks kept before the table starts over; some 150 MB with all their columns.
MAX_CHARACTERS = 2_500_000

#: Longer chunks, hardly any of which is a word, are looked up by their text.
_LONGEST_HASHED = 64
#: Initial capacity for chunks; at most half is used.
_PLACES = 1 << 17


class TokenColumns(NamedTuple):
    """Tokens of a text in reading order: ``terms`` T int64, numbers in :attr:`ChunkTable.terms`;
    ``starts`` T int64, character offsets.
    """

    terms: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]


class ChunkTable:
    """Numbers chunks; a new chunk is read and numbered when first met.

    Chunks are looked up by 64-bit hashes of their characters (multilinear hashing, Carter and
    Wegman 1979), many at a time: with 200,000 chunks, two collide in one of some 10**8 tables.
    ``terms`` lists the distinct terms met so far by term number. Not safe across threads.
    """

    def __init__(self) -> None:
        self.terms: list[str] = []
        self._term_numbers: dict[str, int] = {}
        self._characters = 0
        # Chunk n owns tokens _first[n] to _first[n + 1] of the two columns below.
        self._first = array("q", [0])
        self._token_terms = array("q")
        self._token_starts = array("q")
        # Random for each table, so that nobody can craft two words with the same hash.
        self._factors = np.frombuffer(os.urandom(8 * _LONGEST_HASHED), np.uint64) | np.uint64(1)
        self._long: dict[str, int] = {}
        #: Open addressing: the hash of a chunk (0 if the slot is free) and its number.
        self._hashes = np.zeros(_PLACES, np.uint64)
        self._numbers = np.zeros(_PLACES, np.int64)

    def find_numbers(self, terms: Iterable[str]) -> list[int]:
        """The numbers of those of ``terms`` that were met so far, unordered."""
        return [self._term_numbers[term] for term in terms if term in self._term_numbers]

    @property
    def full(self) -> bool:
        """Whether this table has reached its bound and should be replaced."""
        return self._characters > MAX_CHARACTERS

    def read(self, chunks: Chunks) -> TokenColumns:
        """The tokens of ``chunks``."""
        numbers = self._number(chunks)
        # Views of growing arrays must not outlive this line.
        begins = np.frombuffer(self._first, np.int64)[numbers]
        counts = np.frombuffer(self._first, np.int64)[numbers + 1] - begins
        ends = np.cumsum(counts)
        total = int(ends[-1]) if ends.size else 0
        rows = np.arange(total) + np.repeat(begins - ends + counts, counts)
        if total == 0:
            return TokenColumns(rows, rows)
        return TokenColumns(
            np.frombuffer(self._token_terms, np.int64)[rows],
            np.frombuffer(self._token_starts, np.int64)[rows] + np.repeat(chunks.starts, counts),
        )

    def _number(self, chunks: Chunks) -> npt.NDArray[np.int64]:
        """The number of each chunk; new ones are read, in their order."""
        lengths = chunks.lengths
        firsts = np.cumsum(lengths) - lengths
        hashes = self._hash(chunks, firsts)
        numbers = self._find(hashes)
        numbers[lengths > _LONGEST_HASHED] = -1
        missing = np.flatnonzero(numbers < 0)
        met: dict[int, int] = {}
        for chunk, first, length, hashed in zip(
            missing.tolist(),
            firsts[missing].tolist(),
            lengths[missing].tolist(),
            hashes[missing].tolist(),
            strict=True,
        ):
            if length > _LONGEST_HASHED:
                numbers[chunk] = self._number_long(chunks.decode(first, length))
                continue
            if hashed not in met:
                met[hashed] = self._read_new(chunks.decode(first, length))
            numbers[chunk] = met[hashed]
        self._keep(np.array(list(met), np.uint64), np.array(list(met.values()), np.int64))
        return numbers

    def _hash(self, chunks: Chunks, firsts: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
        """The hash of each chunk; ``firsts`` are the offsets of their first characters."""
        if len(firsts) == 0:
            return np.zeros(0, np.uint64)
        places = np.arange(len(chunks.folded)) - np.repeat(firsts, chunks.lengths)
        factors = self._factors[places & (_LONGEST_HASHED - 1)]
        # Add one, so that no character counts as zero.
        factors *= chunks.folded + np.uint32(1)
        hashes: npt.NDArray[np.uint64] = np.add.reduceat(factors, firsts) | np.uint64(1)
        return hashes

    def _find(self, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """The number of each chunk, -1 for those not met yet."""
        last = len(self._hashes) - 1
        places = _find_places(hashes, last)
        numbers = self._numbers[places]
        asked = np.flatnonzero(self._hashes[places] != hashes)
        while len(asked):
            there = self._hashes[places[asked]]
            numbers[asked[there == 0]] = -1
            asked = asked[(there != 0) & (there != hashes[asked])]
            places[asked] = (places[asked] + 1) & last
            numbers[asked] = self._numbers[places[asked]]
        return numbers

    def _number_long(self, chunk: str) -> int:
        if chunk not in self._long:
            self._long[chunk] = self._read_new(chunk)
        return self._long[chunk]

    def _keep(self, hashes: npt.NDArray[np.uint64], numbers: npt.NDArray[np.int64]) -> None:
        """Insert new chunks, none of which is in the table yet."""
        size = len(self._hashes)
        while 2 * len(self._first) > size:
            size *= 2
        if size > len(self._hashes):
            taken = np.flatnonzero(self._hashes)
            hashes = np.concatenate([self._hashes[taken], hashes])
            numbers = np.concatenate([self._numbers[taken], numbers])
            self._hashes = np.zeros(size, np.uint64)
            self._numbers = np.zeros(size, np.int64)
        places = _find_places(hashes, size - 1)
        while len(places):
            free = self._hashes[places] == 0
            self._hashes[places[free]] = hashes[free]
            # Of several chunks that wanted the same slot, one got it.
            left = self._hashes[places] != hashes
            self._numbers[places[~left]] = numbers[~left]
            hashes, numbers = hashes[left], numbers[left]
            places = (places[left] + 1) & (size - 1)

    def _read_new(self, chunk: str) -> int:
        if chunk.isascii() and chunk.isalpha():
            # Most chunks are one token; read it as split_chunk would.
            self._add_token(chunk[:MAX_TERM_LENGTH], 0)
        else:
            for text, start, _ in split_chunk(chunk):
                self._add_token(text, start)
        self._first.append(len(self._token_terms))
        self._characters += len(chunk)
        return len(self._first) - 2

    def _add_token(self, text: str, start: int) -> None:
        number = self._term_numbers.setdefault(text, len(self.terms))
        if number == len(self.terms):
            self.terms.append(text)
        self._token_terms.append(number)
        self._token_starts.append(start)


def _find_places(hashes: npt.NDArray[np.uint64], last: int) -> npt.NDArray[np.int64]:
    """The first slot to probe for each hash, in a table whose size is a power of two (``last`` +
    1): its high bits, which depend on all characters.
    """
    places: npt.NDArray[np.int64] = (hashes >> np.uint64(64 - last.bit_length())).astype(np.int64)
    return places
