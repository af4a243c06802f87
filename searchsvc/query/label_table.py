"""Which author, publisher, section or tag may a row of plain words name? Labels by their words."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from indexer.engine.base import Snapshot
from indexer.language.tokens import tokenize
from indexer.loading import loading

#: Facets whose labels people type as plain words, those first that plain words miss most often.
NAMED_FACETS = ("authors", "source", "category", "tags")


class FoundLabel(NamedTuple):
    """A value of a facet, and the number of its articles."""

    facet: str
    label: str
    documents: int


class LabelTable:
    """The labels of :data:`NAMED_FACETS` of one generation. Immutable."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._labels = [
            FoundLabel(facet, label, documents)
            for facet in NAMED_FACETS
            for label, documents in snapshot.label_counts(facet)
        ]

    @cached_property
    def _by_row(self) -> dict[tuple[str, ...], FoundLabel]:
        found: dict[tuple[str, ...], FoundLabel] = {}
        with loading():
            for one in self._labels:
                found.setdefault(tuple(token.text for token in tokenize(one.label)), one)
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of a label, folded."""
        return frozenset(word for row in self._by_row for word in row)

    def find(self, row: tuple[str, ...]) -> FoundLabel | None:
        """The label with exactly these words; of several, that of the first facet, then the most
        frequent.
        """
        return self._by_row.get(row)
