"""Which terms the articles write like names, counted while they are analysed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from indexer.engine.base import Int32Array, Snapshot
from indexer.language.names import YARDSTICK, is_name, is_well_read

#: The kind of evidence that says how often a term stood with a capital after a word that
#: announces a name: ``("announced", term, "", times)``.
ANNOUNCED = "announced"

#: Terms counted before the rarest are forgotten.
_MAX_TERMS = 1_000_000


class Counts(NamedTuple):
    """How often a term stood inside sentences in ``lower`` case and with a ``capital``, and how
    often of the latter ``announced`` as a name.
    """

    lower: int = 0
    capital: int = 0
    announced: int = 0


_CLITIC = "nya"

CountTerm = Callable[[str], Counts]
_UNSEEN = Counts()


def count_by(snapshot: Snapshot) -> CountTerm:
    """What the articles of ``snapshot`` say of a term."""

    def count(term: str) -> Counts:
        seen = snapshot.statistics(term)
        return Counts(seen.lower, seen.capital, count_announced(snapshot, term))

    return count


def count_announced(snapshot: Snapshot, term: str) -> int:
    """How often the articles of ``snapshot`` announce ``term`` as a name."""
    return sum(count for _, count in snapshot.evidence(ANNOUNCED).get(term, ()))


class NameCounts:
    """Adds up letter case over batches and says which terms are names by all of it.

    ``known`` gives what an index being added to has counted before: asked once for each term.
    """

    def __init__(self, known: CountTerm | None = None) -> None:
        self._known = known
        self._counts: dict[str, Counts] = {}

    def __call__(
        self,
        terms: Sequence[str],
        lower_counts: Int32Array,
        capital_counts: Int32Array,
        announced_counts: Int32Array,
    ) -> set[str]:
        """The names among ``terms``, after adding their counts."""
        if len(self._counts) > _MAX_TERMS:
            self._forget_rare()
        counts = self._counts
        capitalised: list[str] = []
        columns = (lower_counts.tolist(), capital_counts.tolist(), announced_counts.tolist())
        for term, lower, capital, announced in zip(terms, *columns, strict=True):
            before = self._recall(term)
            if lower or capital or before is not _UNSEEN:
                before = counts[term] = Counts(
                    before.lower + lower, before.capital + capital, before.announced + announced
                )
            if before.capital > before.lower:
                capitalised.append(term)
        return find_names_by(self._recall)(capitalised)

    def _forget_rare(self) -> None:
        least = 1
        while len(self._counts) > _MAX_TERMS // 2:
            least += 1
            self._counts = {
                term: seen
                for term, seen in self._counts.items()
                if seen.lower + seen.capital >= least
            }

    def _recall(self, term: str) -> Counts:
        found = self._counts.get(term)
        if found is not None:
            return found
        return _UNSEEN if self._known is None else self._known(term)


def find_names_by(count: CountTerm) -> Callable[..., set[str]]:
    """A ``find_names`` for queries: the terms that are names by ``count`` alone."""

    def find_names(terms: Sequence[str], *_: Int32Array) -> set[str]:
        return {term for term in terms if is_name_by(term, count)}

    return find_names


def is_name_by(term: str, count: CountTerm) -> bool:
    """Whether ``term`` is a name by what ``count`` says of it and, where it ends in -nya, of what
    stands before: Zefanya is a name, TikToknya is one with a clitic.
    """
    lower, capital, announced = count(term)
    if lower >= capital or (term.endswith(_CLITIC) and any(count(term[: -len(_CLITIC)]))):
        return False
    well_read = is_well_read(count(YARDSTICK).lower)
    return is_name(term, lower, capital, announced_count=announced, well_read=well_read)
