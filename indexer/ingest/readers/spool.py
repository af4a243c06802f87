"""Where are the tables of a dump kept until all are there? On disk: any table may describe articles
of an earlier one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Final

from indexer.article import Reject, Warned
from indexer.errors import UnreadableInput
from indexer.ingest.readers.joined_rows import LINE, read_joined
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.limits import MAX_SPOOLED
from indexer.ingest.readers.records import Record
from indexer.ingest.readers.references import Table, choose_key, is_unique, quote

_MOST_TABLES: Final = 1_000


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
        #: The first line whose row was dropped for lack of space.
        self.full_at = 0

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
            if len(self._columns) >= _MOST_TABLES:
                return []
            self._database.execute(f"CREATE TABLE {quote(name)} ({quote(LINE)} INTEGER)")
            known = self._columns[name.lower()] = {}
        called: dict[str, str] = {}
        for number, column in enumerate(columns, 1):
            unique = f"{column}_{number}" if column.lower() in called else column
            called[unique.lower()] = known.get(unique.lower(), unique)
        for lowered, column in called.items():
            if lowered not in known:
                known[lowered] = column
                self._database.execute(f"ALTER TABLE {quote(name)} ADD COLUMN {quote(column)} TEXT")
        return list(called.values())

    def add(self, name: str, columns: Sequence[str], line: int, row: Sequence[str | None]) -> bool:
        """Store a row, whose ``columns`` come from :meth:`note`; return whether there was space."""
        self._size += sum(len(value) for value in row if value is not None)
        if self._size > MAX_SPOOLED or not columns:
            self.full_at = self.full_at or line
            return False
        named = ", ".join(map(quote, (LINE, *columns)))
        marks = ", ".join("?" * (len(columns) + 1))
        statement = f"INSERT INTO {quote(name)} ({named}) VALUES ({marks})"
        try:
            self._database.execute(statement, (line, *row))
        except UnicodeEncodeError:
            whole = [value and value.encode("utf-8", "replace").decode() for value in row]
            self._database.execute(statement, (line, *whole))
        return True

    def read(
        self, path: str, keys: KeyMap, passed: Sequence[str] = ()
    ) -> Iterator[Record | Reject | Warned]:
        """The articles of all tables, joined; ``passed`` are tables whose rows were not stored.
        Raises UnreadableInput if the disk is full.
        """
        tables = [self._make_table(name) for name in self._list_names()]
        tables += [Table(name, ()) for name in passed]
        try:
            yield from read_joined(path, self._database, tables, keys)
        except sqlite3.Error as error:
            raise UnreadableInput(path, f"its tables cannot be put together: {error}.") from error
        if self.full_at:
            told = (
                f"its tables are over {MAX_SPOOLED:,} characters: articles from line "
                f"{self.full_at:,} on lack what other tables say of them"
            )
            yield Warned(path, self.full_at, told)

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
