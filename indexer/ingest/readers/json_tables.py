"""How are the tables of a database read that were written as JSON? As those of a dump.

phpMyAdmin writes an object for each: ``{"type": "table", "name": "berita", "data": [rows]}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from indexer.article import Reject, Warned
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.records import Record
from indexer.ingest.readers.spool import Spool


def is_table(values: Mapping[str, Any]) -> bool:
    """Whether an object is a table, judged by the members before its rows.

    >>> is_table({"type": "table", "name": "berita", "database": "portal"})
    True
    """
    return values.get("type") == "table" and isinstance(values.get("name"), str)


class JsonTables:
    """The tables of one document, on disk until all are there. Use as a context manager."""

    def __init__(self) -> None:
        self._spool: Spool | None = None

    def __enter__(self) -> JsonTables:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._spool is not None:
            self._spool.__exit__(*exc_info)

    def __bool__(self) -> bool:
        """Whether any row has been stored."""
        return self._spool is not None

    def add(self, table: str, rows: Iterable[tuple[int, Any]], keys: KeyMap) -> Iterator[Record]:
        """Store the rows of a table, with their lines; anything but an object is no row. Once there
        is no space left, an article is read on its own.
        """
        for line, row in rows:
            if not isinstance(row, dict):
                continue
            self._spool = self._spool or Spool()
            columns = self._spool.note(table, list(row))
            values = [_write(value) for value in row.values()]
            if not self._spool.add(table, columns, line, values) and keys.rank_text(row):
                yield Record(line, row)

    def read(self, path: str, keys: KeyMap) -> Iterator[Record | Reject | Warned]:
        """The articles of all tables, joined. Raises UnreadableInput if the disk is full."""
        if self._spool is not None:
            yield from self._spool.read(path, keys)


def _write(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()
