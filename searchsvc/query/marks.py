"""Where do the hits of a page contain the words to highlight? Looked up for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer.engine.base import Occurrence, Places, Snapshot, Word


class WordPlaces(NamedTuple):
    """The ``places`` of ``words`` in the documents ``refs``."""

    refs: Sequence[int]
    words: Sequence[Word]
    places: Places


def look_for(words: Sequence[Word], refs: Sequence[int], snapshot: Snapshot) -> WordPlaces:
    """The positions of the words in the documents."""
    return WordPlaces(refs, words, snapshot.places(refs, words))


class Marks:
    """The positions of ``words`` in documents, all covered by ``found``."""

    def __init__(self, words: Sequence[Word], found: WordPlaces, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        numbers = {id(word): number for number, word in enumerate(words)}
        wanted = np.array([numbers.get(id(word), -1) for word in found.words], np.int32)
        places = found.places
        rows = np.flatnonzero(wanted[places.words] >= 0)
        self._in_title = places.in_title[rows]
        self._positions = places.positions[rows]
        self._words = wanted[places.words[rows]]
        bounds = np.searchsorted(places.documents[rows], np.arange(len(found.refs) + 1)).tolist()
        self._rows = {ref: slice(*bounds[n : n + 2]) for n, ref in enumerate(found.refs)}

    def find_words(self, ref: int) -> set[int]:
        """The indices of the words that the document has."""
        return set(self._words[self._rows[ref]].tolist())

    def find_occurrences(self, ref: int) -> list[Occurrence]:
        """As :meth:`indexer.engine.base.Snapshot.occurrences`."""
        rows = self._rows[ref]
        in_title, positions = self._in_title[rows], self._positions[rows]
        if not len(positions):
            return []
        starts = self._snapshot.starts(ref, in_title, positions)
        columns = (in_title, positions, starts, self._words[rows])
        return list(map(Occurrence._make, zip(*(one.tolist() for one in columns), strict=True)))
