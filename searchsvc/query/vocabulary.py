"""The words of an index by likeness: which of them may a mistyped word stand for?

Every term is kept with the set of its letters as bits of a number. One edit changes at most two
letters of the set, so one pass over the numbers leaves few terms to be measured in full: less
than a millisecond for some hundred thousand terms, and 16 bytes for each besides its text.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

#: Beyond this many, the most frequent terms are kept.
MAX_TERMS = 1_000_000
MIN_LETTERS = 3
MAX_LETTERS = 32

_LETTERS = 26


class Neighbour(NamedTuple):
    """A term of the index ``distance`` edits away: letters put in, left out, changed, or two
    neighbours swapped; ``documents`` have it.
    """

    term: str
    documents: int
    distance: int


class Vocabulary:
    """The terms of one generation made of letters, ready to be searched by likeness."""

    def __init__(self, terms: Iterable[tuple[str, int]]) -> None:
        kept = [
            pair
            for pair in terms
            if MIN_LETTERS <= len(pair[0]) <= MAX_LETTERS and pair[0].isalpha()
        ]
        if len(kept) > MAX_TERMS:
            kept = nlargest(MAX_TERMS, kept, key=lambda pair: pair[1])
        kept.sort(key=lambda pair: len(pair[0]))
        self._terms = [term for term, _ in kept]
        self._documents = np.array([count for _, count in kept], dtype=np.int32)
        self._letters = collect_letters(self._terms)
        lengths = [len(term) for term in self._terms]
        #: Where the terms of each length begin.
        self._begins = np.searchsorted(lengths, np.arange(MAX_LETTERS + 2))

        self._skeletons = np.array([hash(draw_skeleton(term)) for term in self._terms], np.int64)
        self._by_skeleton = np.argsort(self._skeletons, kind="stable").astype(np.int32)
        self._skeletons = self._skeletons[self._by_skeleton]

    def __len__(self) -> int:
        return len(self._terms)

    def find_near(self, word: str, distance: int, *, min_documents: int = 1) -> list[Neighbour]:
        """Terms at most ``distance`` edits from ``word``, itself left out, nearest first, then the
        most frequent, then by text. Terms in fewer than ``min_documents`` are passed over.
        """
        if not word.isalpha() or len(word) > MAX_LETTERS:
            return []
        first = int(self._begins[max(0, len(word) - distance)])
        last = int(self._begins[min(MAX_LETTERS, len(word) + distance) + 1])
        differing = np.bitwise_count(self._letters[first:last] ^ collect_letters([word])[0])
        near = differing <= 2 * distance
        if min_documents > 1:
            near &= self._documents[first:last] >= min_documents
        found = []
        for place in (np.flatnonzero(near) + first).tolist():
            term = self._terms[place]
            edits = OSA.distance(word, term, score_cutoff=distance)
            if 0 < edits <= distance:
                found.append(Neighbour(term, int(self._documents[place]), edits))
        return sorted(found, key=lambda one: (one.distance, -one.documents, one.term))

    def find_with_vowels(self, word: str) -> list[tuple[str, int]]:
        """(term, vowels) of the terms that ``word`` becomes by putting in vowels, and how many.

        The first letter stays: ``trjebak`` finds ``terjebak``.
        """
        wanted = hash(draw_skeleton(word))
        first = int(np.searchsorted(self._skeletons, wanted, side="left"))
        last = int(np.searchsorted(self._skeletons, wanted, side="right"))
        found = []
        for place in self._by_skeleton[first:last].tolist():
            term = self._terms[place]
            if len(term) > len(word) and is_subsequence(word, term):
                found.append((term, len(term) - len(word)))
        return found


_VOWELS = str.maketrans("", "", "aiueo")


def draw_skeleton(word: str) -> str:
    """The word's first letter and the consonants after it.

    >>> draw_skeleton("terjebak")
    'trjbk'
    """
    return word[:1] + word[1:].translate(_VOWELS)


def is_subsequence(short: str, long: str) -> bool:
    """Whether leaving letters out of ``long`` makes ``short``."""
    letters = iter(long)
    return all(letter in letters for letter in short)


def collect_letters(terms: list[str]) -> npt.NDArray[np.uint32]:
    """For each term its letters as bits: a to z one each, all others together one."""
    codes = np.frombuffer("".join(terms).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    bits = np.left_shift(np.uint32(1), np.minimum(codes - ord("a"), _LETTERS).astype(np.uint32))
    lengths = np.array([len(term) for term in terms], dtype=np.int64)
    begins = np.concatenate(([0], np.cumsum(lengths)))[:-1]
    if not len(bits):
        return np.zeros(len(terms), dtype=np.uint32)
    letters: npt.NDArray[np.uint32] = np.bitwise_or.reduceat(bits, begins)
    return letters
