"""The index a service answers from: opened when first needed, and again when it comes back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from indexer.engine.base import Engine, Snapshot
from indexer.errors import IndexNotFound

OpenEngine = Callable[[Path], Engine]


def open_embedded(path: Path) -> Engine:
    """The embedded engine at ``path``. Raises IndexNotFound, IndexOutdated, IndexCorrupt."""
    from indexer.engine.embedded import open_engine

    return open_engine(path)


class OpenIndex:
    """Opens the engine once for a process; a failure is tried again by the next request.

    So a service may start before its index exists, and answers as soon as it does. Safe to use
    from several threads.
    """

    def __init__(
        self, path: Path, *, engine: Engine | None = None, open_engine: OpenEngine = open_embedded
    ) -> None:
        self._path = path
        self._engine = engine
        self._open_engine = open_engine
        self._opening = threading.Lock()

    def engine(self) -> Engine:
        """The open engine. Raises IndexNotFound, IndexOutdated, IndexCorrupt."""
        engine = self._engine
        if engine is not None:
            return engine
        with self._opening:
            if self._engine is None:
                self._engine = self._open_engine(self._path)
            return self._engine

    def snapshot(self) -> Snapshot:
        """The newest generation, to be closed after use. Raises what :meth:`engine` raises.

        Where the index has gone since it was opened, its engine is forgotten, so that an index
        put in its place is opened afresh.
        """
        try:
            return self.engine().snapshot()
        except IndexNotFound:
            self._engine = None
            raise

    def close(self) -> None:
        """Close the engine, if it is open."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()
