"""What planning asks the index again and again, remembered for as long as a generation lives."""

from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from indexer.engine.base import Clause, Engine, Form, Phrase, Query, Snapshot, TermStatistics, Word
from indexer.language.fold import fold
from indexer.language.names import is_name
from searchsvc.query.lookups import Lookups, recall_lookups

#: Answers kept of each sort before they start over: queries repeat, but without end they grow.
_MOST_KEPT = 20_000


class Knowledge:
    """Facts about one generation, looked up once. Safe to share between threads: the worst a race
    can do is to look the same fact up twice.
    """

    def __init__(self, generation: int, lookups: Lookups) -> None:
        self.generation = generation
        self.lookups = lookups
        self._statistics: dict[tuple[str, Form], TermStatistics] = {}
        self._phrases: dict[Phrase, int] = {}
        self._labels: dict[str, dict[str, list[str]]] = {}

    def statistics(self, snapshot: Snapshot, text: str, form: Form = Form.EXACT) -> TermStatistics:
        """How often the term occurs."""
        key = (text, form)
        found = self._statistics.get(key)
        if found is None:
            found = snapshot.statistics(text, form)
            _keep(self._statistics, key, found)
        return found

    def count_documents(self, snapshot: Snapshot, text: str, form: Form = Form.EXACT) -> int:
        """How many documents have the term."""
        return self.statistics(snapshot, text, form).documents

    def is_name(self, snapshot: Snapshot, text: str) -> bool:
        """Whether the articles write this exact term as a name."""
        seen = self.statistics(snapshot, text)
        return is_name(text, seen.lower, seen.capital)

    def count_phrase(self, snapshot: Snapshot, phrase: Phrase) -> int:
        """How many documents have the phrase."""
        found = self._phrases.get(phrase)
        if found is None:
            found = 0
            terms = [term for term in phrase.terms if term is not None]
            if all(self.count_documents(snapshot, term.text, term.form) for term in terms):
                query = Query((Clause((Word("", (phrase,)),)),), relax=False, limit=0)
                found = snapshot.search(query).total
            _keep(self._phrases, phrase, found)
        return found

    def labels(self, snapshot: Snapshot, facet: str) -> dict[str, list[str]]:
        """The facet's labels by their folded form, most frequent first."""
        found = self._labels.get(facet)
        if found is None:
            found = defaultdict(list)
            for label, _ in snapshot.label_counts(facet):
                found[fold(label)].append(label)
            self._labels[facet] = found = dict(found)
        return found


Key = TypeVar("Key")
Value = TypeVar("Value")


def _keep(kept: dict[Key, Value], key: Key, value: Value) -> None:
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = value


_KNOWN: WeakKeyDictionary[Engine, Knowledge] = WeakKeyDictionary()
_CHANGING = Lock()


def recall_knowledge(engine: Engine, snapshot: Snapshot) -> Knowledge:
    """What is remembered of ``snapshot``'s generation; older generations' is forgotten."""
    lookups = recall_lookups(engine, snapshot)
    with _CHANGING:
        known = _KNOWN.get(engine)
        if known is None or known.generation < snapshot.generation:
            known = _KNOWN[engine] = Knowledge(snapshot.generation, lookups)
    if known.generation > snapshot.generation:
        # A request that began before the newest commit: right, but not worth remembering.
        return Knowledge(snapshot.generation, lookups)
    known.lookups = lookups
    return known
