"""What is built from a whole generation? Its acronyms and its labels.

Building takes up to a second for a large site. A service must not stop for that after every commit,
so the first lookups are waited for, and later ones are built in the background: until they are
ready, the previous ones serve. Everything found in them is checked against the index before it
counts, so late lookups may miss a word of the last second, but never invent one.
"""

from __future__ import annotations

from threading import Lock, Thread
from weakref import WeakKeyDictionary

from indexer.engine.base import Engine, Snapshot
from indexer.language.acronym_table import AcronymTable
from indexer.language.nicknames import KINDS as NICKNAME_KINDS
from searchsvc.query.label_table import LabelTable

#: For an index of up to this many articles, lookups are built at once.
FEW_ARTICLES = 5_000


class Lookups:
    """``acronyms`` and ``labels`` of one generation."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.generation = snapshot.generation
        self.acronyms = AcronymTable(
            snapshot.evidence("acronym"),
            nicknames={kind: snapshot.evidence(kind) for kind in NICKNAME_KINDS},
        )
        self.labels = LabelTable(snapshot)


class LookupKeeper:
    """The newest lookups of one engine. Safe to use from several threads."""

    def __init__(self) -> None:
        self._newest: Lookups | None = None
        self._building = Lock()

    def get(self, engine: Engine, snapshot: Snapshot) -> Lookups:
        """The lookups of ``snapshot``'s generation or, temporarily, of an earlier one."""
        newest = self._newest
        if newest is not None and newest.generation >= snapshot.generation:
            return newest
        if newest is not None and snapshot.document_count() > FEW_ARTICLES:
            if self._building.acquire(blocking=False):
                Thread(target=self._renew, args=(engine,), daemon=True).start()
            return newest
        with self._building:
            if self._newest is None or self._newest.generation < snapshot.generation:
                self._newest = Lookups(snapshot)
            return self._newest

    def is_current(self, engine: Engine, snapshot: Snapshot) -> bool:
        """Whether :meth:`get` returns those of ``snapshot``; if not, they are being built."""
        return self._newest is None or self.get(engine, snapshot).generation >= snapshot.generation

    def _renew(self, engine: Engine) -> None:
        try:
            with engine.snapshot() as snapshot:
                newest = Lookups(snapshot)
            self._newest = newest
        finally:
            self._building.release()


_KEEPERS: WeakKeyDictionary[Engine, LookupKeeper] = WeakKeyDictionary()
_CHANGING = Lock()


def recall_lookups(engine: Engine, snapshot: Snapshot) -> Lookups:
    """The lookups to use for ``snapshot``."""
    return _find_keeper(engine).get(engine, snapshot)


def are_lookups_current(engine: Engine, snapshot: Snapshot) -> bool:
    """Whether a search would use the lookups of ``snapshot``'s own generation.

    If it would still use older ones, its answer may soon change.
    """
    return _find_keeper(engine).is_current(engine, snapshot)


def _find_keeper(engine: Engine) -> LookupKeeper:
    with _CHANGING:
        return _KEEPERS.setdefault(engine, LookupKeeper())
