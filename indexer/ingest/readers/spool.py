"""Where are the tables of a dump kept until all are there? On disk: any table may describe articles
of an earlier one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from shutil import disk_usage
from tempfile import gettempdir
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.errors import UnreadableInput
from indexer.ingest.readers.joined_rows import LINE, read_joined
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.limits import MAX_SPOOLED
from indexer.ingest.readers.records import Record
from indexer.ingest.readers.references import Table, choose_key, is_unique, quote
from indexer.ingest.readers.table_choice import holds_articles

_MOST_TABLES: Final = 1_000
_MAKE_ROOM: Final = "Make room for temporary files, or name another folder with TMPDIR"
#: Bytes that are left to others, and to what SQLite still holds in memory; characters between two
#: looks at what is free.
_LEAST_FREE: Final = 16_000_000
_CHECKED_EVERY: Final = 1_000_000


def _find_folder() -> str:
    """Where SQLite keeps files without a name."""
    named = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp", "/usr/tmp")
    usable = (one for one in named if one and os.path.isdir(one) and os.access(one, os.W_OK))
    return next(usable, gettempdir())


class Spool:
    """Rows by table, on disk; deleted on exit. Use as a context manager."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        #: Table -> its columns, in lower case -> as written.
        self._columns: dict[str, dict[str, str]] = {}
        self._described: dict[str, tuple[list[str] | None, Mapping[str, str]]] = {}
        self._size = 0
        #: The first line whose row was not stored, and why.
        self.full_at = 0
        self._problem = ""
        self._is_full = False
        self._checked_at = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._database.close()

    def describe(self, name: str, key: list[str] | None, declared: Mapping[str, str]) -> None:
        """Record a table's declared key columns (``None``: undeclared), and the tables that its
        columns refer to.
        """
        self._described[name.lower()] = key, declared

    def note(self, name: str, columns: Sequence[str]) -> list[str]:
        """Make sure that a table with this name and these ``columns`` exists; return its column
        names: a repeated column gets a number.
        """
        known = self._columns.get(name.lower())
        if known is None:
            if len(self._columns) >= _MOST_TABLES or not self._change(
                f"CREATE TABLE {quote(name)} ({quote(LINE)} INTEGER)"
            ):
                return []
            known = self._columns[name.lower()] = {}
        called: dict[str, str] = {}
        for number, column in enumerate(columns, 1):
            unique = f"{column}_{number}" if column.lower() in called else column
            called[unique.lower()] = known.get(unique.lower(), unique)
        for lowered, column in called.items():
            if lowered not in known:
                if not self._change(f"ALTER TABLE {quote(name)} ADD COLUMN {quote(column)} TEXT"):
                    return []
                known[lowered] = column
        return list(called.values())

    def add(self, name: str, columns: Sequence[str], line: int, row: Sequence[str | None]) -> bool:
        """Store a row, whose ``columns`` come from :meth:`note`; return whether there was space."""
        self._size += sum(len(value) for value in row if value is not None)
        if self._size - self._checked_at > _CHECKED_EVERY and not self._problem:
            self._check_room()
        if self._size > MAX_SPOOLED:
            self._problem = self._problem or f"its tables are over {MAX_SPOOLED:,} characters"
        if self._problem or not columns:
            self.full_at = self.full_at or line
            return False
        named = ", ".join(map(quote, (LINE, *columns)))
        marks = ", ".join("?" * (len(columns) + 1))
        statement = f"INSERT INTO {quote(name)} ({named}) VALUES ({marks})"
        try:
            kept = self._change(statement, (line, *row))
        except UnicodeEncodeError:
            whole = [value and value.encode("utf-8", "replace").decode() for value in row]
            kept = self._change(statement, (line, *whole))
        self.full_at = self.full_at or (0 if kept else line)
        return kept

    def _change(self, statement: str, values: Sequence[Any] = ()) -> bool:
        """Execute ``statement``; return whether the disk had room for what it adds."""
        try:
            self._database.execute(statement, values)
        except sqlite3.OperationalError as error:
            self._note_full(error)
            return False
        return True

    def _note_full(self, error: object) -> None:
        self._is_full = True
        self._problem = f"its tables do not fit into temporary files: {error}"

    def _check_room(self) -> None:
        """Stop storing rows before the disk is full: SQLite could not even read them any more."""
        self._checked_at = self._size
        free = disk_usage(_find_folder()).free
        if free < _LEAST_FREE:
            self._note_full(f"{free:,} bytes are free in {_find_folder()}")

    def read(
        self, path: str, keys: KeyMap, passed: Sequence[str] = ()
    ) -> Iterator[Record | Reject | Warned]:
        """The articles of all tables, joined, or each on its own if the disk is nearly full;
        ``passed`` are tables whose rows were not stored. Raises UnreadableInput if it is full.
        """
        try:
            if self._is_full:
                yield from self._read_alone(keys)
            else:
                tables = [self._make_table(name) for name in self._list_names()]
                tables += [Table(name, ()) for name in passed]
                yield from read_joined(path, self._database, tables, keys)
        except sqlite3.Error as error:
            told = f"its tables cannot be read back: {error}. {_MAKE_ROOM}."
            raise UnreadableInput(path, told) from error
        if self._problem:
            since = f" from line {self.full_at:,} on" if self.full_at and not self._is_full else ""
            told = f"{self._problem}: articles{since} lack what other tables say of them"
            yield Warned(path, self.full_at or 1, told, _MAKE_ROOM if self._is_full else "")

    def _read_alone(self, keys: KeyMap) -> Iterator[Record]:
        """The rows of the tables of articles, without what others say of them."""
        for name in self._list_names():
            columns = list(self._columns[name.lower()].values())
            if holds_articles(name, columns, keys):
                for line, *row in self._database.execute(f"SELECT * FROM {quote(name)}"):
                    yield Record(line, dict(zip(columns, row, strict=True)))

    def _list_names(self) -> list[str]:
        with closing(self._database.execute("SELECT name FROM sqlite_master")) as named:
            return [name for (name,) in named]

    def _make_table(self, name: str) -> Table:
        columns = list(self._columns[name.lower()].values())
        declared_key, declared = self._described.get(name.lower(), (None, {}))
        key = choose_key(name, columns, declared_key)
        if key and declared_key is None and not is_unique(self._database, name, key):
            key = ""
        if key:
            index = quote(f"key of {name}")
            self._database.execute(f"CREATE INDEX {index} ON {quote(name)} ({quote(key)})")
        return Table(name, tuple(columns), key, declared)
