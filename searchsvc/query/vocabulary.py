"""The words of an index, to be looked up at once and searched by likeness.

Kept as packed arrays, some 50 bytes a term. For likeness every term has the set of its letters as
bits of a number, and that of its pairs of letters: one edit changes at most two letters and six
pairs, so one pass over the numbers leaves few terms to be measured in full, well below a
millisecond for some hundred thousand terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from heapq import nlargest
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from indexer.deadline import check_deadline

#: Beyond this many, the most frequent terms are kept.
MAX_TERMS = 1_000_000
#: Terms of other lengths, or not made of letters, are looked up, but not searched by likeness.
MIN_LETTERS = 3
MAX_LETTERS = 32
#: Answers kept by :meth:`Vocabulary.recall` before they start over.
_MOST_KEPT = 20_000

_LETTERS = 26
_VOWELS = str.maketrans("", "", "aiueo")

Int64Array = npt.NDArray[np.int64]
Found = TypeVar("Found")


class Neighbour(NamedTuple):
    """A term of the index ``distance`` edits away: letters put in, left out, changed, or two
    neighbours swapped; ``documents`` have it.
    """

    term: str
    documents: int
    distance: int


class Vocabulary:
    """The (term, documents) pairs of one generation, each term once. Never changes."""

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        kept = list(pairs)
        if len(kept) > MAX_TERMS:
            kept = nlargest(MAX_TERMS, kept, key=lambda pair: pair[1])
        # By length; those that are not searched by likeness first, as if they had none.
        lengths = np.array([_measure(term) for term, _ in kept], dtype=np.int64)
        order = np.argsort(lengths, kind="stable")
        terms = [kept[place][0] for place in order.tolist()]
        self._text = "".join(terms)
        self._offsets = np.zeros(len(terms) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, terms), np.int64, len(terms)), out=self._offsets[1:])
        self._documents = np.array([count for _, count in kept], dtype=np.int32)[order]
        #: Where the terms of each length begin.
        self._begins = np.searchsorted(lengths[order], np.arange(MAX_LETTERS + 2)).tolist()
        self._by_hash = _Hashed(list(map(hash, terms)))
        self._kept: dict[tuple[Any, str], Any] = {}

    # What only an unknown word needs: a service answers its first query sooner without.

    def prepare(self) -> None:
        """Make now what the first unknown word would wait for."""
        _ = self._letters, self._pairs, self._by_skeleton

    @cached_property
    def _letters(self) -> npt.NDArray[np.uint32]:
        return collect_letters(self._text, self._offsets)

    @cached_property
    def _pairs(self) -> npt.NDArray[np.uint64]:
        return collect_pairs(self._text, self._offsets)

    @cached_property
    def _by_skeleton(self) -> _Hashed:
        first = self._begins[1]
        places = range(first, len(self))
        return _Hashed([hash(draw_skeleton(self.term(place))) for place in places], first)

    def __len__(self) -> int:
        return len(self._documents)

    def term(self, place: int) -> str:
        first, last = self._offsets[place : place + 2].tolist()
        return self._text[first:last]

    def count(self, term: str) -> int:
        """How many documents have ``term``; 0 where it is not kept."""
        for place in self._by_hash.find(hash(term)):
            if self.term(place) == term:
                return int(self._documents[place])
        return 0

    def find_near(self, word: str, distance: int) -> list[Neighbour]:
        """Terms at most ``distance`` edits from ``word``, itself left out, nearest first, then the
        most frequent, then by text.
        """
        if not word.isalpha() or len(word) > MAX_LETTERS:
            return []
        first = self._begins[max(MIN_LETTERS, len(word) - distance)]
        last = self._begins[min(MAX_LETTERS, len(word) + distance) + 1]
        whole = np.array([0, len(word)])
        differing = np.bitwise_count(self._letters[first:last] ^ collect_letters(word, whole)[0])
        places = np.flatnonzero(differing <= 2 * distance) + first
        differing = np.bitwise_count(self._pairs[places] ^ collect_pairs(word, whole)[0])
        found = []
        for place in places[differing <= 6 * distance].tolist():
            term = self.term(place)
            edits = OSA.distance(word, term, score_cutoff=distance)
            if 0 < edits <= distance:
                found.append(Neighbour(term, int(self._documents[place]), edits))
        return sorted(found, key=lambda one: (one.distance, -one.documents, one.term))

    def find_with_vowels(self, word: str) -> list[tuple[str, int]]:
        """(term, vowels) of the terms that ``word`` becomes by putting in vowels, and how many.

        The first letter stays: ``trjebak`` finds ``terjebak``.
        """
        found = []
        for place in self._by_skeleton.find(hash(draw_skeleton(word))):
            term = self.term(place)
            if len(term) > len(word) and is_subsequence(word, term):
                found.append((term, len(term) - len(word)))
        return found

    def recall(self, find: Callable[[Vocabulary, str], Found], word: str) -> Found:
        """``find(self, word)``, worked out once for each word. What it returns must not be changed,
        and must depend on nothing else.
        """
        key = (find, word)
        if key not in self._kept:
            check_deadline()
            found = find(self, word)
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = found
            return found
        kept: Found = self._kept[key]
        return kept


class _Hashed:
    """Places by the hash of what stands there; ``first`` is the place of the first hash."""

    def __init__(self, hashes: list[int], first: int = 0) -> None:
        unsorted = np.array(hashes, dtype=np.int64)
        order = np.argsort(unsorted, kind="stable")
        self._hashes: Int64Array = unsorted[order]
        self._places = (order + first).astype(np.int32)

    def find(self, wanted: int) -> list[int]:
        """The places with this hash, ascending."""
        hashes = self._hashes
        first = int(hashes.searchsorted(wanted))
        last = first
        while last < len(hashes) and hashes[last] == wanted:
            last += 1
        return self._places[first:last].tolist() if last > first else []


def _measure(term: str) -> int:
    length = len(term)
    return length if MIN_LETTERS <= length <= MAX_LETTERS and term.isalpha() else 0


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


def collect_letters(text: str, offsets: Int64Array) -> npt.NDArray[np.uint32]:
    """For each ``text[offsets[i]:offsets[i + 1]]`` its letters as bits: a to z one each, all other
    characters together one. None of them may be empty.
    """
    if not text:
        return np.zeros(len(offsets) - 1, dtype=np.uint32)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    bits = np.left_shift(np.uint32(1), np.minimum(codes - ord("a"), _LETTERS).astype(np.uint32))
    letters: npt.NDArray[np.uint32] = np.bitwise_or.reduceat(bits, offsets[:-1])
    return letters


def collect_pairs(text: str, offsets: Int64Array) -> npt.NDArray[np.uint64]:
    """For each ``text[offsets[i]:offsets[i + 1]]`` its pairs of neighbouring letters as bits, by
    their hash. None of them may be empty.
    """
    if not text:
        return np.zeros(len(offsets) - 1, dtype=np.uint64)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    hashes = codes * np.uint64(29)
    hashes[:-1] += codes[1:]
    bits = np.left_shift(np.uint64(1), hashes % np.uint64(61))
    bits[offsets[1:] - 1] = 0  # The last letter of a term has no neighbour.
    pairs: npt.NDArray[np.uint64] = np.bitwise_or.reduceat(bits, offsets[:-1])
    return pairs
