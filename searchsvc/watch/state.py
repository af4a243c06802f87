"""What has been seen of every source? Stored beside the index, so that a watch may be killed.

An SQLite database: a round's records take effect together, after the articles concerned are in the
index. A watch killed in between reads some articles again, which changes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple

from indexer.durable_file import create_file
from indexer.errors import IndexerError

STATE_FILE: Final = "watch-state.sqlite"
_FORMAT: Final = 1
_TABLES: Final = """
CREATE TABLE source (address TEXT PRIMARY KEY, failures INTEGER NOT NULL, not_before REAL NOT NULL);
CREATE TABLE document (
    source TEXT NOT NULL, address TEXT NOT NULL, etag TEXT NOT NULL, last_modified TEXT NOT NULL,
    PRIMARY KEY (source, address)
) WITHOUT ROWID;
CREATE TABLE entry (
    source TEXT NOT NULL, document TEXT NOT NULL, key TEXT NOT NULL, mark TEXT NOT NULL,
    attempts INTEGER NOT NULL, PRIMARY KEY (source, document, key)
) WITHOUT ROWID;
CREATE TABLE given (
    source TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (source, key, id)
) WITHOUT ROWID;
CREATE INDEX given_id ON given (id);
CREATE TABLE robots (site TEXT PRIMARY KEY, read_at REAL NOT NULL, text TEXT NOT NULL);
"""
#: Maximum number of variables of one statement.
_AT_ONCE: Final = 500


class StateUnusable(IndexerError):
    """The state beside the index cannot be used."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"What was seen of the sources, {path}, cannot be used: {reason}. Where the file is "
            "damaged, delete it: everything is read again, and nothing goes in twice."
        )


class WatchedAlready(IndexerError):
    """Another process is watching for the same index."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"Another searchsvc watch works for the index at {path}. Give that one all sources."
        )


class Standing(NamedTuple):
    """The condition of a source: failures in a row, and when it may be retried (since 1970)."""

    failures: int = 0
    not_before: float = 0.0


class Entry(NamedTuple):
    """The state of an entry of a document: ``mark`` changes with it, and is empty until it was
    read; ``attempts`` counts failed reads.
    """

    mark: str = ""
    attempts: int = 0


class WatchState:
    """The state of one index. One process at a time; use as a context manager.

    Raises WatchedAlready; StateUnusable, also on exit.
    """

    def __init__(self, index: Path) -> None:
        self._path = index / STATE_FILE
        if self._path.is_symlink():
            raise StateUnusable(str(self._path), "it is a symbolic link")
        try:
            if not self._path.exists():
                with suppress(FileExistsError):
                    create_file(self._path).close()
            # Explicit transactions; do not wait for another watch.
            self._database = sqlite3.connect(self._path, isolation_level=None, timeout=0)
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._prepare(index)
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise WatchedAlready(str(index)) from error
            raise StateUnusable(str(self._path), str(error)) from error
        except OSError as error:
            raise StateUnusable(str(self._path), error.strerror or str(error)) from error
        except sqlite3.Error as error:
            raise StateUnusable(str(self._path), str(error)) from error

    def _prepare(self, index: Path) -> None:
        with self._begin("EXCLUSIVE"):
            (found,) = self._database.execute("PRAGMA user_version").fetchone()
            if found == 0:
                for statement in _TABLES.split(";"):
                    self._database.execute(statement)
                self._database.execute(f"PRAGMA user_version = {_FORMAT}")
            elif found != _FORMAT:
                raise StateUnusable(str(self._path), f"it is of format {found}, ours is {_FORMAT}")

    def __enter__(self) -> WatchState:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()
        if isinstance(error, sqlite3.Error):
            raise StateUnusable(str(self._path), str(error)) from error

    @contextmanager
    def _begin(self, kind: str) -> Iterator[None]:
        self._database.execute(f"BEGIN {kind}")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    @contextmanager
    def noting(self) -> Iterator[None]:
        """A transaction: records made inside take effect together, or not at all."""
        with self._begin("IMMEDIATE"):
            yield

    # --- sources

    def find_standing(self, source: str) -> Standing:
        found = self._database.execute(
            "SELECT failures, not_before FROM source WHERE address = ?", (source,)
        ).fetchone()
        return Standing(*found) if found else Standing()

    def keep_standing(self, source: str, standing: Standing) -> None:
        self._database.execute("REPLACE INTO source VALUES (?, ?, ?)", (source, *standing))

    # --- web documents, and their entries

    def find_document(self, source: str, address: str) -> tuple[str, str]:
        """The ETag and Last-Modified of a document whose entries are all settled."""
        found = self._database.execute(
            "SELECT etag, last_modified FROM document WHERE source = ? AND address = ?",
            (source, address),
        ).fetchone()
        return found or ("", "")

    def keep_document(self, source: str, address: str, etag: str, last_modified: str) -> None:
        self._database.execute(
            "REPLACE INTO document VALUES (?, ?, ?, ?)", (source, address, etag, last_modified)
        )

    def find_entry(self, source: str, document: str, key: str) -> Entry:
        found = self._database.execute(
            "SELECT mark, attempts FROM entry WHERE source = ? AND document = ? AND key = ?",
            (source, document, key),
        ).fetchone()
        return Entry(*found) if found else Entry()

    def keep_entry(self, source: str, document: str, key: str, entry: Entry) -> None:
        self._database.execute(
            "REPLACE INTO entry VALUES (?, ?, ?, ?, ?)", (source, document, key, *entry)
        )

    def list_entries(self, source: str, document: str) -> list[str]:
        """The keys of all known entries of a document."""
        rows = self._database.execute(
            "SELECT key FROM entry WHERE source = ? AND document = ?", (source, document)
        )
        return [key for (key,) in rows]

    def forget_entries(self, source: str, document: str, keys: Collection[str]) -> None:
        rows = ((source, document, key) for key in keys)
        self._database.executemany(
            "DELETE FROM entry WHERE source = ? AND document = ? AND key = ?", rows
        )

    # --- which articles an entry has

    def replace_given(self, source: str, key: str, ids: Collection[str], *, more: bool) -> set[str]:
        """Record the ids of the articles that ``key`` has now; return those that no key has any
        more. ``more``: it may have others that could not be read, so it keeps earlier ones.
        """
        before = set()
        if not more:
            rows = self._database.execute(
                "SELECT id FROM given WHERE source = ? AND key = ?", (source, key)
            )
            before = {one for (one,) in rows}
        wanted = set(ids)
        self._database.executemany(
            "INSERT OR IGNORE INTO given VALUES (?, ?, ?)",
            ((source, key, one) for one in wanted - before),
        )
        gone = before - wanted
        self._database.executemany(
            "DELETE FROM given WHERE source = ? AND key = ? AND id = ?",
            ((source, key, one) for one in gone),
        )
        return gone

    def list_orphans(self, ids: Collection[str]) -> list[str]:
        """Those of ``ids`` that no entry of any source has, sorted."""
        orphans: list[str] = []
        listed = sorted(ids)
        for start in range(0, len(listed), _AT_ONCE):
            some = listed[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            rows = self._database.execute(f"SELECT id FROM given WHERE id IN ({marks})", some)
            held = {one for (one,) in rows}
            orphans += [one for one in some if one not in held]
        return orphans

    # --- robots.txt

    def find_robots(self, site: str) -> tuple[float, str] | None:
        found: tuple[float, str] | None = self._database.execute(
            "SELECT read_at, text FROM robots WHERE site = ?", (site,)
        ).fetchone()
        return found

    def keep_robots(self, site: str, read_at: float, text: str) -> None:
        self._database.execute("REPLACE INTO robots VALUES (?, ?, ?)", (site, read_at, text))
