"""How is a SQLite file shared by several processes? Durable at every commit, and private."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from indexer.durable_file import FILE_MODE, create_file, make_folder
from indexer.errors import IndexerError

#: How long a process waits for another's change to end. Changes take milliseconds.
_PATIENCE_SECONDS = 10.0
#: Connections of a process that stay open while nobody uses them.
_MOST_IDLE = 8


class DatabaseUnusable(IndexerError):
    """The file cannot be read or written."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        super().__init__(f"The file {path} cannot be used: {reason}.")


class Database:
    """The file ``path`` with the tables of ``schema``, created when first used.

    Each use borrows a connection of its process: there are as many as uses at the same time,
    however many threads there are. ``durable``: what was committed survives a power failure;
    without, the last moments may be lost, and nothing else. ``mode``: of the file.
    Every method raises DatabaseUnusable.
    """

    def __init__(
        self, path: Path, schema: str, *, durable: bool = True, mode: int = FILE_MODE
    ) -> None:
        self.path = path
        self._schema = schema
        self._durable = durable
        self._mode = mode
        # By process: a forked one must neither use nor close its parent's connections.
        self._idle: dict[int, list[sqlite3.Connection]] = {}

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection, for reading."""
        with self._explaining(), self._borrow() as db:
            yield db

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A connection, for a transaction: everything done inside takes effect durably, or nothing
        does.
        """
        with self._explaining(), self._borrow() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the connections that nobody uses; the next use opens one again."""
        idle = self._idle_here()
        while idle:
            idle.pop().close()

    @contextmanager
    def _borrow(self) -> Iterator[sqlite3.Connection]:
        idle = self._idle_here()
        try:
            db = idle.pop()
        except IndexError:
            db = self._open()
        try:
            yield db
        finally:
            # In a transaction: it could not be rolled back. The next user must not continue it.
            if len(idle) < _MOST_IDLE and not db.in_transaction:
                idle.append(db)
            else:
                db.close()

    def _idle_here(self) -> list[sqlite3.Connection]:
        return self._idle.setdefault(os.getpid(), [])

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise DatabaseUnusable(str(self.path), reason or str(error)) from error

    def _open(self) -> sqlite3.Connection:
        make_folder(self.path.parent)
        with suppress(FileExistsError):
            # SQLite would make it world-readable; its other files get the same mode.
            create_file(self.path).close()
            os.chmod(self.path, self._mode)
        db = sqlite3.connect(
            self.path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'NORMAL'}")
            db.executescript(f"BEGIN IMMEDIATE; {self._schema} COMMIT;")
        except BaseException:
            db.close()
            raise
        return db
