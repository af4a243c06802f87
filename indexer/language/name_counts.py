"""Which terms do articles write like names? Counted during analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engine.base import Int32Array, Snapshot
from indexer.language.names import YARDSTICK, is_name, is_well_read

#: The evidence kind for how often a term appeared capitalised after a word that announces a name:
#: ``("announced", term, "", times)``.
ANNOUNCED = "announced"

#: Terms counted before the rarest are forgotten.
_MAX_TERMS = 1_000_000


class Counts(NamedTuple):
    """How often a term appeared inside sentences in ``lower`` case and with a ``capital``, and how
    many of the latter were ``announced`` as a name.
    """

    lower: int = 0
    capital: int = 0
    announced: int = 0


_CLITIC = "nya"

BoolArray = npt.NDArray[np.bool_]

CountTerm = Callable[[str], Counts]
_UNSEEN = Counts()


def count_by(snapshot: Snapshot) -> CountTerm:
    """A function that returns the counts of a term in the articles of ``snapshot``."""

    def count(term: str) -> Counts:
        seen = snapshot.statistics(term)
        return Counts(seen.lower, seen.capital, count_announced(snapshot, term))

    return count


def count_announced(snapshot: Snapshot, term: str) -> int:
    """How often the articles of ``snapshot`` announce ``term`` as a name."""
    return sum(count for _, count in snapshot.evidence(ANNOUNCED).get(term, ()))


class NameCounts:
    """Sums letter-case counts over batches and decides from the totals which terms are names.

    ``known`` returns the counts of an existing index: called once for each term that batches bring;
    ``list_known`` its terms, and ``is_known`` whether it has one. Count batches in one thread;
    lookups without counts are safe from several.
    """

    def __init__(
        self,
        known: CountTerm | None = None,
        list_known: Callable[[], Iterable[str]] = tuple,
        is_known: Callable[[str], bool] = lambda term: False,
    ) -> None:
        self._known = known
        self.list_known = list_known
        self.is_known = is_known
        #: Term -> its column of the counts.
        self._numbers: dict[str, int] = {}
        self._counts = np.zeros((len(Counts._fields), 0), np.int64)
        #: Whether enough had been read when :meth:`judges_anew` was last called.
        self._was_well_read: bool | None = None

    @classmethod
    def of(cls, snapshot: Snapshot) -> NameCounts:
        """Begins with what the articles of ``snapshot`` have taught."""
        return cls(
            count_by(snapshot),
            lambda: (term for term, _ in snapshot.terms()),
            lambda term: snapshot.statistics(term).documents > 0,
        )

    def __call__(
        self,
        terms: Sequence[str],
        lower_counts: Int32Array,
        capital_counts: Int32Array,
        announced_counts: Int32Array,
        asked: BoolArray | None = None,
    ) -> set[str]:
        """The names among ``terms``, of those where ``asked``, after adding their counts."""
        counted = np.stack([lower_counts, capital_counts, announced_counts])
        if counted.any():
            if self._was_well_read is None:
                self._was_well_read = self._is_well_read()
            capitalised = self._add(terms, counted)
            if asked is not None:
                capitalised &= asked
            terms = [terms[number] for number in np.flatnonzero(capitalised).tolist()]
        return find_names_by(self._recall)(terms)

    def list_judged_by(self, terms: Iterable[str]) -> list[str]:
        """The words so far that are no names if ``terms`` are words: see :func:`is_name_by`."""
        forms = (term + _CLITIC for term in terms)
        return [form for form in forms if form in self._numbers or self.is_known(form)]

    def judges_anew(self) -> bool:
        """Whether rare words are judged otherwise than at the last call, as more has been read."""
        before = self._was_well_read
        self._was_well_read = self._is_well_read()
        return before is not None and before != self._was_well_read

    def _is_well_read(self) -> bool:
        return is_well_read(self._recall(YARDSTICK).lower)

    def _add(self, terms: Sequence[str], counted: npt.NDArray[np.int32]) -> BoolArray:
        """Add the columns of ``counted``; return, for each term, whether it is now mostly
        capitalised.
        """
        if len(self._numbers) > _MAX_TERMS:
            self._forget_rare()
        numbers = np.fromiter(map(self._numbers.get, terms, repeat(-1)), np.int64, len(terms))
        missing = numbers < 0
        if self._known is None:
            missing &= counted[:2].any(axis=0)
        for place in np.flatnonzero(missing).tolist():
            numbers[place] = self._begin(terms[place])
        places = np.flatnonzero(numbers >= 0)
        self._counts[:, numbers[places]] += counted[:, places]
        capitalised = np.zeros(len(terms), np.bool_)
        lower, capital, _ = self._counts[:, numbers[places]]
        capitalised[places] = capital > lower
        return capitalised

    def _begin(self, term: str) -> int:
        """Allot a column to ``term``, initialised with its known counts."""
        number = len(self._numbers)
        if number == self._counts.shape[1]:
            more = np.zeros((len(Counts._fields), max(number, 1024)), np.int64)
            self._counts = np.concatenate([self._counts, more], axis=1)
        self._counts[:, number] = _UNSEEN if self._known is None else self._known(term)
        self._numbers[term] = number
        return number

    def _forget_rare(self) -> None:
        terms = list(self._numbers)
        seen = self._counts[:2, : len(terms)].sum(axis=0)
        least = 1
        kept = np.arange(len(terms))
        while len(kept) > _MAX_TERMS // 2:
            least += 1
            kept = np.flatnonzero(seen >= least)
        self._numbers = {terms[number]: place for place, number in enumerate(kept.tolist())}
        self._counts = np.ascontiguousarray(self._counts[:, kept])

    def _recall(self, term: str) -> Counts:
        number = self._numbers.get(term)
        if number is not None:
            return Counts(*self._counts[:, number].tolist())
        return _UNSEEN if self._known is None else self._known(term)


def find_names_by(count: CountTerm) -> Callable[..., set[str]]:
    """A ``find_names`` for queries: the terms that are names judging by ``count`` alone."""

    def find_names(terms: Sequence[str], *_: object) -> set[str]:
        return {term for term in terms if is_name_by(term, count)}

    return find_names


def is_name_by(term: str, count: CountTerm) -> bool:
    """Whether ``term`` is a name judging by ``count`` of it and, if it ends in -nya, of its base:
    Zefanya is a name, TikToknya is one with a clitic.
    """
    lower, capital, announced = count(term)
    if lower >= capital or (term.endswith(_CLITIC) and any(count(term[: -len(_CLITIC)]))):
        return False
    well_read = is_well_read(count(YARDSTICK).lower)
    return is_name(term, lower, capital, announced_count=announced, well_read=well_read)
