"""How are files read that need random access? SQLite databases, workbooks (XLSX), Parquet.

Packages for workbooks and Parquet are installed as an extra; without it, one sentence says so.
"""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.joined_rows import name_values, read_joined
from indexer.ingest.readers.limits import MAX_COLUMNS, MAX_ROW_GROUP, MAX_WORKBOOK, limit_record
from indexer.ingest.readers.nothing import is_nothing
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.readers.references import Table, choose_key, is_unique, quote
from indexer.ingest.readers.shapes import unwrap
from indexer.ingest.readers.table_choice import tell_choice

#: Maximum number of rows above a sheet's header: a title, a printing date.
_ABOVE_HEADER: Final = 20
_BATCH: Final = 64
#: sqlite3.SQLITE_LIMIT_LENGTH, which the module defines from Python 3.11 on.
_LIMIT_LENGTH: Final = 0


class _Missing(Exception):
    """A package is not installed; the text says which extra provides it."""


def _load(name: str, extra: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        told = f"reading it needs {package}: pip install 'searchsvc[{extra}]'"
        raise _Missing(told) from error


def read_sqlite(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """Rows of the tables that hold articles, or of ``options.query``; ``line`` counts rows."""
    with source.as_file() as path:
        try:
            with closing(_connect(path, limit_record(options.max_article_bytes))) as database:
                if options.query:
                    yield from _read_query(source.path, database, options.query)
                else:
                    yield from _read_tables(source.path, database, options)
        except sqlite3.Error as error:
            told = "the query cannot be run" if options.query else "the database cannot be read"
            yield Reject(source.path, 1, f"{told}: {error}")


def _connect(path: Path, limit: int) -> sqlite3.Connection:
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    database = sqlite3.connect(address, uri=True)
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    if hasattr(database, "setlimit"):
        database.setlimit(_LIMIT_LENGTH, limit)
    return database


def _read_query(
    path: str, database: sqlite3.Connection, query: str
) -> Iterator[Record | Reject | Warned]:
    rows = database.execute(query)
    columns = [one[0] for one in rows.description or ()]
    for number, row in enumerate(rows, start=1):
        yield Record(number, name_values(columns, row))


def _read_tables(
    path: str, database: sqlite3.Connection, options: Options
) -> Iterator[Record | Reject | Warned]:
    tables = [*_list_tables(database)]
    for told in read_joined(path, database, tables, options.keys):
        if isinstance(told, Reject):
            told = replace(told, reason=f"{told.reason}, or give --query SELECT")
        yield told


def _list_tables(database: sqlite3.Connection) -> Iterator[Table]:
    named = database.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
        "AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY type, name"
    )
    for (name,) in named.fetchall():
        about = database.execute(f"PRAGMA table_info({quote(name)})").fetchall()
        columns = tuple(row[1] for row in about)
        primary = [row[1] for row in about if row[5]] or None
        declared = database.execute(f"PRAGMA foreign_key_list({quote(name)})").fetchall()
        key = choose_key(name, columns, primary)
        if key and primary is None and not is_unique(database, name, key):
            key = ""
        yield Table(name, columns, key, {row[3]: row[2] for row in declared})


def read_workbook(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """Rows of the sheets that have a column of texts; ``line`` is the row of the sheet."""
    with source.as_file() as path:
        problem = _check_workbook(path)
        if problem:
            yield Reject(source.path, 1, problem)
            return
        try:
            openpyxl = _load("openpyxl", "xlsx")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            with closing(book):
                yield from _read_sheets(source.path, book, options)
        except _Missing as missing:
            yield Reject(source.path, 1, str(missing))
        except Exception as error:
            # openpyxl raises whatever its parsers raise for a damaged workbook.
            yield Reject(source.path, 1, f"the workbook is damaged ({_shorten(error)})")


def _check_workbook(path: Path) -> str:
    """Why a workbook must not be opened; empty if it may."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        return f"it is no workbook, or damaged ({_shorten(error)})"
    if size > MAX_WORKBOOK:
        return f"unpacked it has {size:,} bytes; at most {MAX_WORKBOOK:,} are read. Save it as CSV"
    return ""


def _read_sheets(path: str, book: Any, options: Options) -> Iterator[Record | Reject | Warned]:
    taken: list[str] = []
    left: list[str] = []
    for sheet in book.worksheets:
        columns: list[str] = []
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if not columns and number <= _ABOVE_HEADER:
                columns = _read_header(row, options)
            elif not columns:
                break
            elif not all(map(is_nothing, row)):
                values = dict(zip(columns, map(_simplify, row), strict=False))
                values.pop("", None)
                yield Record(number, values)
        (taken if columns else left).append(sheet.title)
    if not taken:
        names = ", ".join(left[:8])
        told = f"no sheet ({names}) has a row that names a column of texts: --map COLUMN=body"
        yield Reject(path, 1, told)
    elif left:
        yield Warned(path, 1, tell_choice(taken, left))


def _read_header(row: Sequence[Any], options: Options) -> list[str]:
    names = [str(value).strip() if value is not None else "" for value in row[:MAX_COLUMNS]]
    return names if options.keys.finds_text([name for name in names if name]) else []


def _simplify(value: Any) -> Any:
    """A whole number without the decimal point that spreadsheets give it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def read_parquet(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """Rows of a Parquet file; ``line`` counts them."""
    with source.as_file() as path:
        try:
            parquet = _load("pyarrow.parquet", "parquet")
            with closing(parquet.ParquetFile(path)) as file:
                yield from _read_batches(source.path, file, options)
        except _Missing as missing:
            yield Reject(source.path, 1, str(missing))
        except Exception as error:
            # pyarrow's own errors cannot be named without importing it.
            yield Reject(source.path, 1, f"the Parquet file is damaged ({_shorten(error)})")


def _read_batches(path: str, file: Any, options: Options) -> Iterator[Record | Reject]:
    about = file.metadata
    sizes = [about.row_group(number).total_byte_size for number in range(about.num_row_groups)]
    if max(sizes, default=0) > MAX_ROW_GROUP:
        told = f"a row group has {max(sizes):,} bytes; at most {MAX_ROW_GROUP:,} are read"
        yield Reject(path, 1, told)
        return
    number = 0
    for batch in file.iter_batches(batch_size=_BATCH):
        for row in batch.to_pylist():
            number += 1
            yield Record(number, unwrap(row, options.keys))


def _shorten(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
