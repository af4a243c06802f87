"""Chunks already read, so that a batch of articles is cut and numbered without reading rules again.

News repeats itself: of the chunks of an article all but a few were seen before. Each distinct one
is read once by :func:`indexer.language.tokens.split_chunk`, numbered, and found again by number.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.language.tokens import Chunks, split_chunk

#: Characters of chunks kept before the table starts over; some 150 MB with everything they bring.
MAX_CHARACTERS = 2_500_000


class TokenColumns(NamedTuple):
    """Tokens of a text in reading order: ``terms`` T int64, numbers in :attr:`ChunkTable.terms`;
    ``starts`` T int64, character offsets.
    """

    terms: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]


class ChunkTable(dict[str, int]):
    """Chunk -> chunk number; a chunk not there yet is read and numbered when asked for.

    ``terms`` lists the distinct terms met so far by term number. Not safe across threads.
    """

    def __init__(self) -> None:
        super().__init__()
        self.terms: list[str] = []
        self._term_numbers: dict[str, int] = {}
        self._characters = 0
        # Of chunk n: tokens _first[n] to _first[n + 1] of the two columns below.
        self._first = array("q", [0])
        self._token_terms = array("q")
        self._token_starts = array("q")

    def __missing__(self, chunk: str) -> int:
        for text, start, _ in split_chunk(chunk):
            number = self._term_numbers.setdefault(text, len(self.terms))
            if number == len(self.terms):
                self.terms.append(text)
            self._token_terms.append(number)
            self._token_starts.append(start)
        self._first.append(len(self._token_terms))
        self._characters += len(chunk)
        number = self[chunk] = len(self)
        return number

    def find_numbers(self, terms: Iterable[str]) -> list[int]:
        """The numbers of those of ``terms`` that were met so far, in no order."""
        return [self._term_numbers[term] for term in terms if term in self._term_numbers]

    @property
    def full(self) -> bool:
        """Whether it is time for a new table, because this one has grown to its bound."""
        return self._characters > MAX_CHARACTERS

    def read(self, chunks: Chunks) -> TokenColumns:
        """The tokens of ``chunks``."""
        numbers = np.fromiter(
            map(self.__getitem__, chunks.texts), dtype=np.int64, count=len(chunks.texts)
        )
        # Copied, since an array with a view on it cannot grow.
        first = np.array(self._first)
        begins = first[numbers]
        counts = first[numbers + 1] - begins
        ends = np.cumsum(counts)
        total = int(ends[-1]) if ends.size else 0
        rows = np.arange(total) + np.repeat(begins - ends + counts, counts)
        return TokenColumns(
            np.array(self._token_terms)[rows],
            np.array(self._token_starts)[rows] + np.repeat(chunks.starts, counts),
        )
