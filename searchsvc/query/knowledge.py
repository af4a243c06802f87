"""What planning asks the index again and again, remembered for as long as a generation lives."""

from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from indexer.engine.base import Clause, Engine, Form, Phrase, Query, Snapshot, TermStatistics, Word
from indexer.language.acronym_table import AcronymTable
from indexer.language.fold import fold
from indexer.language.names import is_name
from searchsvc.query.vocabulary import Vocabulary

#: Answers kept of each sort before they start over: queries repeat, but without end they grow.
_MOST_KEPT = 20_000


class Knowledge:
    """Facts about one generation, looked up once. Safe to share between threads: the worst a race
    can do is to look the same fact up twice.
    """

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self._building = Lock()
        self._statistics: dict[tuple[str, Form], TermStatistics] = {}
        self._phrases: dict[Phrase, int] = {}
        self._labels: dict[str, dict[str, list[str]]] = {}
        self._vocabulary: Vocabulary | None = None
        self._acronyms: AcronymTable | None = None

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

    def vocabulary(self, snapshot: Snapshot) -> Vocabulary:
        """The generation's words, to be searched by likeness. Built when first asked for, which
        takes about a second for each million of them.
        """
        if self._vocabulary is None:
            with self._building:
                if self._vocabulary is None:
                    self._vocabulary = Vocabulary(snapshot.terms())
        return self._vocabulary

    def acronyms(self, snapshot: Snapshot) -> AcronymTable:
        """Short and long forms: those that the articles explain, and those of our list."""
        if self._acronyms is None:
            with self._building:
                if self._acronyms is None:
                    self._acronyms = AcronymTable(snapshot.evidence("acronym"))
        return self._acronyms


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
    with _CHANGING:
        known = _KNOWN.get(engine)
        if known is None or known.generation < snapshot.generation:
            known = Knowledge(snapshot.generation)
            _KNOWN[engine] = known
    if known.generation > snapshot.generation:
        # A request that began before the newest commit: right, but not worth remembering.
        return Knowledge(snapshot.generation)
    return known
