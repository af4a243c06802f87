"""Which terms the articles write like names, counted while they are analysed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from indexer.engine.base import Int32Array
from indexer.language.names import is_name

#: (lower, capital): how often a term stood inside sentences in lower case, and capitalised.
Counts = tuple[int, int]
CountTerm = Callable[[str], Counts]

#: Terms counted before those seen once are let go.
_MAX_TERMS = 1_000_000


class NameCounts:
    """Adds up letter case over batches and says which terms are names by all of it.

    ``known`` gives what an index being added to has counted before: asked once for each term.
    Without it, the counts of terms that were only seen in lower case so far are not kept.
    """

    def __init__(self, known: CountTerm | None = None) -> None:
        self._known = known
        self._counts: dict[str, Counts] = {}

    def __call__(
        self, terms: Sequence[str], lower_counts: Int32Array, capital_counts: Int32Array
    ) -> set[str]:
        """The names among ``terms``, after adding their counts."""
        counts = self._counts
        if len(counts) > _MAX_TERMS:
            counts = self._counts = {term: seen for term, seen in counts.items() if seen[1] > 1}
        names: set[str] = set()
        rows = zip(terms, lower_counts.tolist(), capital_counts.tolist(), strict=True)
        for term, lower, capital in rows:
            before = counts.get(term)
            if before is None:
                if self._known is not None:
                    before = self._known(term)
                elif capital:
                    before = (0, 0)
                else:
                    continue
            lower += before[0]
            capital += before[1]
            counts[term] = (lower, capital)
            if capital > lower and is_name(term, lower, capital):
                names.add(term)
        return names


def find_names_by(count: CountTerm) -> Callable[[Sequence[str], Int32Array, Int32Array], set[str]]:
    """A ``find_names`` for queries: the terms that are names by ``count`` alone."""

    def find_names(
        terms: Sequence[str], lower_counts: Int32Array, capital_counts: Int32Array
    ) -> set[str]:
        return {term for term in terms if is_name(term, *count(term))}

    return find_names
