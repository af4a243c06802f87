"""Which lookups does planning repeat? Memoised for the lifetime of a generation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from indexer.deadline import check_deadline
from indexer.engine.base import Engine, Form, Phrase, Snapshot, Term, TermStatistics
from indexer.language.fold import fold
from indexer.language.name_counts import Counts, count_announced, is_name_by
from searchsvc.query.lookups import Lookups, recall_lookups
from searchsvc.query.recent_queries import RecentQueries
from searchsvc.query.usage import WordUsage, sample_usages

#: A count that is to be guessed, see :mod:`searchsvc.query.foresight`.
_GUESS = 0
#: Entries of each kind before they start over: queries repeat, but the memory must be bounded.
_MOST_KEPT = 20_000
_NOTHING = object()

Found = TypeVar("Found")


class Knowledge:
    """Memoised facts about one generation. Safe to share between threads: at worst, a race looks
    the same fact up twice.
    """

    #: How often a count was guessed, see :mod:`searchsvc.query.foresight`: what follows from a
    #: guess is not remembered.
    guessed = 0

    def __init__(self, generation: int, lookups: Lookups) -> None:
        self.generation = generation
        self.lookups = lookups
        # By form: a tuple key would cost more than the text alone.
        self._statistics: list[dict[str, TermStatistics]] = [{} for _ in Form]
        self._rows: list[dict[tuple[str, ...], int]] = [{} for _ in Form]
        self._having: dict[tuple[Term | Phrase, ...], int] = {}
        self._found: dict[tuple[Hashable, ...], Any] = {}
        self._queries = RecentQueries()
        self._labels: dict[str, dict[str, list[str]]] = {}
        self._usages: dict[str, WordUsage] = {}
        self._names: dict[str, bool] = {}

    def statistics(self, snapshot: Snapshot, text: str, form: Form = Form.EXACT) -> TermStatistics:
        """The statistics of the term."""
        kept = self._statistics[form]
        found = kept.get(text)
        if found is None:
            found = snapshot.statistics(text, form)
            keep(kept, text, found)
        return found

    def count_documents(self, snapshot: Snapshot, text: str, form: Form = Form.EXACT) -> int:
        """The document frequency of the term."""
        return self.statistics(snapshot, text, form).documents

    def is_name(self, snapshot: Snapshot, text: str) -> bool:
        """Whether the articles write this exact term as a name."""
        found = self._names.get(text)
        if found is None:

            def count(term: str) -> Counts:
                seen = self.statistics(snapshot, term)
                return Counts(seen.lower, seen.capital, count_announced(snapshot, term))

            found = is_name_by(text, count)
            keep(self._names, text, found)
        return found

    def count_row(self, snapshot: Snapshot, texts: tuple[str, ...], form: Form = Form.EXACT) -> int:
        """How many documents have the terms as a phrase."""
        kept = self._rows[form]
        found = kept.get(texts)
        if found is None:
            if all(self.count_documents(snapshot, text, form) for text in texts):
                found = self._count_phrase(snapshot, texts, form)
            else:
                found = 0
            if found is None:
                return _GUESS
            keep(kept, texts, found)
        return found

    def _count_phrase(self, snapshot: Snapshot, texts: tuple[str, ...], form: Form) -> int | None:
        """The count, or ``None`` if it is to be guessed."""
        return snapshot.count_having([make_row(texts, form)])

    def count_having(self, snapshot: Snapshot, *alternatives: Term | Phrase) -> int:
        """How many documents have all of the alternatives."""
        found = self._having.get(alternatives)
        if found is None:
            found = self._count_together(snapshot, alternatives)
            if found is None:
                return _GUESS
            keep(self._having, alternatives, found)
        return found

    def _count_together(
        self, snapshot: Snapshot, alternatives: tuple[Term | Phrase, ...]
    ) -> int | None:
        """The count, or ``None`` if it is to be guessed."""
        return snapshot.count_having(alternatives)

    def recall(self, key: tuple[Hashable, ...], find: Callable[[], Found]) -> Found:
        """``find()``, memoised by key. The result must not be modified."""
        return self._recall(self._found.get, lambda found: keep(self._found, key, found), key, find)

    def recall_query(
        self, text: str, key: tuple[Hashable, ...], find: Callable[[], Found]
    ) -> Found:
        """The same for what belongs to ``text``, a whole query."""
        queries = self._queries
        return self._recall(
            queries.get, lambda found: queries.keep(key, found, len(text)), key, find
        )

    def _recall(
        self,
        look_up: Callable[[tuple[Hashable, ...], object], Any],
        remember: Callable[[Found], None],
        key: tuple[Hashable, ...],
        find: Callable[[], Found],
    ) -> Found:
        kept: Found | object = look_up(key, _NOTHING)
        if kept is not _NOTHING:
            return cast(Found, kept)
        check_deadline()
        before = self.guessed
        found = find()
        if self.guessed == before:
            remember(found)
        return found

    def usage(self, snapshot: Snapshot, term: str) -> WordUsage:
        """How some articles use the exact term."""
        found = self._usages.get(term)
        if found is None:
            (found,) = sample_usages(snapshot, [term])
            keep(self._usages, term, found)
        return found

    def labels(self, snapshot: Snapshot, facet: str) -> dict[str, list[str]]:
        """The facet's labels by folded form, most frequent first."""
        found = self._labels.get(facet)
        if found is None:
            found = defaultdict(list)
            for label, _ in snapshot.label_counts(facet):
                found[fold(label)].append(label)
            self._labels[facet] = found = dict(found)
        return found


Key = TypeVar("Key")
Value = TypeVar("Value")


def make_row(texts: Sequence[str], form: Form = Form.EXACT) -> Phrase:
    """The terms as a phrase."""
    return Phrase(tuple(Term(text, form) for text in texts))


def keep(kept: dict[Key, Value], key: Key, value: Value) -> None:
    """Remember ``value``, and forget all others first if there are too many."""
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = value


_KNOWN: WeakKeyDictionary[Engine, Knowledge] = WeakKeyDictionary()
_CHANGING = Lock()


def recall_knowledge(engine: Engine, snapshot: Snapshot) -> Knowledge:
    """The memoised facts about ``snapshot``'s generation; those of older generations are
    dropped.
    """
    lookups = recall_lookups(engine, snapshot)
    with _CHANGING:
        known = _KNOWN.get(engine)
        if known is None or known.generation < snapshot.generation:
            known = _KNOWN[engine] = Knowledge(snapshot.generation, lookups)
    if known.generation > snapshot.generation:
        # A request that began before the newest commit: correct, but not worth caching.
        return Knowledge(snapshot.generation, lookups)
    known.lookups = lookups
    return known
