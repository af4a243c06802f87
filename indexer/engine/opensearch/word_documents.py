"""In which documents do the words of a generation lie, and what need be read of them, or written?

A generation names documents of changes, and its words are the sum. A commit adds its own, into
which it takes the last ones before if they are no larger: so there are few, each row is written
again only about as often as the words double, and a reader of the generation before reads little
besides the commit's own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final
from uuid import uuid4

from indexer.engine.opensearch.state import Generation, StateIndex
from indexer.engine.opensearch.vocabulary import Vocabulary
from indexer.engine.opensearch.word_changes import WordChanges
from indexer.errors import IndexCorrupt

#: Documents read at a time, of at most some megabytes.
_AT_A_TIME: Final = 8


def write_words(
    state: StateIndex, number: int, changes: WordChanges, before: Sequence[str], *, whole: bool
) -> tuple[str, ...]:
    """Write what the commit of generation ``number`` changed; return the names of all documents of
    its words. ``before``: those of the generation before; with ``whole``, none of them is kept.
    """
    # Those of one commit belong together.
    groups = [list(group) for _, group in groupby(before, lambda name: name.split("-")[1])]
    while groups and (whole or _count_rows(groups[-1]) <= len(changes)):
        changes.add(sum_words(state, groups.pop()))
    names = []
    # Another index of this name, before or after, has commits of the same number and size, and what
    # a reader remembers of a document goes by its name.
    once = uuid4().hex[:8]
    for part, (rows, document) in enumerate(changes.pack()):
        names.append(f"words-{number}-{part}-{rows}-{once}")
        state.put(names[-1], document)
    return (*(name for group in groups for name in group), *names)


def sum_words(state: StateIndex, names: Sequence[str]) -> WordChanges:
    """The sum of these documents. Raises IndexCorrupt if one is missing."""
    changes = WordChanges()
    for first in range(0, len(names), _AT_A_TIME):
        for document in state.get_all(names[first : first + _AT_A_TIME]):
            changes.unpack(document)
    return changes


def _count_rows(names: Iterable[str]) -> int:
    return sum(map(_read_rows, names))


def _read_rows(name: str) -> int:
    """The rows that a document's name tells; 0 if it is of before names told them."""
    return int([*name.split("-"), "0"][3])


class VocabularyReader:
    """Reads the vocabulary of generations, each from what it read last. Thread-safe."""

    def __init__(self, state: StateIndex) -> None:
        self._state = state
        self._reading = threading.Lock()
        self._names: tuple[str, ...] = ()
        self._vocabulary = Vocabulary(WordChanges())

    def read(self, generation: Generation) -> Vocabulary:
        """The generation's vocabulary. Raises IndexCorrupt."""
        with self._reading:
            if generation.words != self._names:
                self._vocabulary = self._follow(generation.words)
                self._names = generation.words
            return self._vocabulary

    def _follow(self, names: tuple[str, ...]) -> Vocabulary:
        gone = [name for name in self._names if name not in names]
        come = [name for name in names if name not in self._names]
        if _count_rows(gone) + _count_rows(come) < _count_rows(names):
            try:
                changes = sum_words(self._state, come)
                changes.add(sum_words(self._state, gone), -1)
                return self._vocabulary.follow(changes)
            except IndexCorrupt:
                # Long ago, so that they are deleted: what is there now is read instead.
                pass
        return Vocabulary(sum_words(self._state, names))
