"""Which terms are a few edits from a word? Those with nearly the same letters are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer.deadline import check_deadline

Array = npt.NDArray[Any]


class Likeness:
    """The terms that may be near a word, by their length. Safe to use from several threads."""

    def __init__(self, by_length: Mapping[int, Sequence[str]]) -> None:
        self._by_length = by_length
        self._letters: dict[int, Array] = {}

    def find(self, word: str, most: int) -> list[tuple[str, int]]:
        """(term, edits) of those one to ``most`` edits from ``word``, in no particular order."""
        (letters,) = _sum_letters([word], len(word))
        found = []
        for length in range(len(word) - most, len(word) + most + 1):
            terms = self._by_length.get(length, ())
            if not terms:
                continue
            check_deadline()
            if length not in self._letters:
                self._letters[length] = _sum_letters(terms, length)
            # An edit takes at most one letter away and adds one.
            differing = np.bitwise_count(self._letters[length] ^ letters)
            likely = [terms[number] for number in np.flatnonzero(differing <= 2 * most).tolist()]
            if likely:
                edits = process.cdist(
                    [word], likely, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8
                )[0]
                found += [
                    (likely[number], int(edits[number]))
                    for number in np.flatnonzero((edits > 0) & (edits <= most)).tolist()
                ]
        return found


def _sum_letters(terms: Sequence[str], length: int) -> Array:
    """Which letters each of some terms of a length has, as bits; letters may share one."""
    letters = np.frombuffer("".join(terms).encode("utf-32-le"), np.uint32).reshape(-1, length)
    bits: Array = np.bitwise_or.reduce(np.uint32(1) << (letters & 31), axis=1)
    return bits
