"""Which index does a service answer from? Opened when first needed, and reopened when it comes
back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from indexer.engine.base import Engine, Snapshot
from indexer.errors import IndexCorrupt, IndexNotFound, IndexUnreadable
from searchsvc.engines import open_engine

OpenEngine = Callable[[Path], Engine]

#: A damaged index is not reopened more often than this.
REOPEN_SECONDS = 5.0

#: Generation and identity before any snapshot: every snapshot is later.
_NOTHING_SEEN = (-1, "")


class OpenIndex:
    """Opens the engine once per process; after a failure, the next request tries again.

    So a service may start before its index exists, and answers as soon as it does. Safe to use from
    several threads. A given ``engine`` is used as it is and never reopened.
    """

    def __init__(
        self,
        path: Path,
        *,
        engine: Engine | None = None,
        open_engine: OpenEngine = open_engine,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._path = path
        self._given = engine
        self._engine: Engine | None = None
        self._open_engine = open_engine
        self._opening = threading.Lock()
        self._newest = _NOTHING_SEEN
        self._clock = clock
        self._distrusted_at = -REOPEN_SECONDS

    def engine(self) -> Engine:
        """The open engine. Raises IndexNotFound, IndexOutdated, IndexCorrupt."""
        engine = self._given or self._engine
        if engine is not None:
            return engine
        with self._opening:
            if self._engine is None:
                self._engine = self._open_engine(self._path)
                self._newest = _NOTHING_SEEN
            return self._engine

    def snapshot(self) -> Snapshot:
        """The newest generation; close it after use. Raises what :meth:`engine` raises.

        If the index is missing or damaged, its engine is dropped, so that a replacement is opened
        afresh. So is an index that was replaced between requests: what is cached beside an engine
        is valid only for the generations of one index.
        """
        engine = self.engine()
        try:
            snapshot = engine.snapshot()
            if self._is_of_another_index(snapshot):
                # Requested again: another thread may have seen a commit in the meantime.
                snapshot = engine.snapshot()
                if self._is_of_another_index(snapshot):
                    self._forget(engine)
                    return self.engine().snapshot()
        except (IndexNotFound, IndexCorrupt, IndexUnreadable):
            self._forget(engine)
            raise
        self._newest = (snapshot.generation, snapshot.identity)
        return snapshot

    def _is_of_another_index(self, snapshot: Snapshot) -> bool:
        """Whether this is not a later generation of the index seen before."""
        generation, identity = self._newest
        return snapshot.generation < generation or (
            snapshot.generation == generation and snapshot.identity != identity
        )

    def _forget(self, engine: Engine | None) -> None:
        with self._opening:
            if self._engine is engine:
                self._engine = None
                self._newest = _NOTHING_SEEN

    def distrust(self) -> None:
        """Reopen the index soon: it is damaged, and may be repaired in the meantime.

        Not at every request that meets the damage, because other requests still succeed.
        """
        now = self._clock()
        if now - self._distrusted_at >= REOPEN_SECONDS:
            self._distrusted_at = now
            self._forget(self._engine)

    def close_files(self) -> None:
        """Close the files until the next request, but keep what was learned from them."""
        if self._engine is not None:
            self._engine.close()
