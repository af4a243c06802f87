"""How are tables read? Comma-, semicolon- or tab-separated values with a header (``.csv``,
``.tsv``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import zip_longest
from typing import Final

from indexer.article import Reject, Warned
from indexer.ingest.build_article import make_excerpt
from indexer.ingest.readers.decode import NOT_TEXT, SAMPLE_BYTES, choose_encoding, open_text
from indexer.ingest.readers.dialect import (
    DELIMITERS,
    Dialect,
    find_dialect,
    read_separator,
    split_header,
)
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.limits import MAX_COLUMNS, MAX_HEADER, MAX_REREAD, limit_record
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.readers.table_header import count_lines_above, guess_columns

_SHOWN_VALUES: Final = 80


#: Unnamed columns of row numbers, as written by spreadsheets and pandas.
_NAMELESS: Final = ("", "Unnamed: 0")


def read_delimited(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """Records of a table, named by its header; a row that does not fit it becomes a Reject.

    ``line`` is where a row begins: quoted values may span several lines.
    """
    sample = source.peek(SAMPLE_BYTES)
    encoding = choose_encoding(sample)
    if encoding is None:
        yield Reject(source.path, 1, NOT_TEXT)
        return
    if not encoding.startswith("utf"):
        yield Warned(source.path, 1, f"the file is not UTF-8; read as {encoding}")
    begins = sample.decode(encoding, "replace")
    limit = options.max_article_bytes
    # The csv module has one limit per process; we only ever raise it.
    csv.field_size_limit(max(csv.field_size_limit(), limit))
    with open_text(source.stream, encoding, newline="") as text:
        header_line = text.readline(MAX_HEADER).replace("\0", "")
        separator = read_separator(header_line)
        delimiter = options.delimiter or separator
        above = 1 if separator else 0
        above += count_lines_above(begins.splitlines()[above:], options.keys, delimiter)
        for _ in range(above):
            header_line = text.readline(MAX_HEADER).replace("\0", "")
        first_rows = begins.split("\n", above)[-1]
        line = above + 1
        if len(header_line) >= MAX_HEADER:
            reason = f"its first line, which should name the columns, is over {MAX_HEADER:,} bytes"
            yield Reject(source.path, line, reason, make_excerpt(header_line))
            return
        dialect, header = _find_columns(header_line, first_rows, options.keys, delimiter)
        if header:
            told = f"no line names its columns; by their values they are {', '.join(header)}"
            yield Warned(source.path, line, told, "write a line of names above them to change that")
        yield from _read_rows(source, _Rows(header_line, text, dialect, limit, line), header)


def _find_columns(
    header: str, sample: str, keys: KeyMap, delimiter: str
) -> tuple[Dialect, list[str]]:
    """How a table is written, whose first line is ``header`` and begins ``sample``; and names of
    its columns if that line names no text.
    """
    rest = sample.partition("\n")[2]
    found = find_dialect(header, rest, keys, delimiter)
    if keys.finds_text(split_header(header, found.delimiter)):
        return found, []
    # Prose has more commas than a row has separators. The right one gives rows of one length,
    # and values of more kinds.
    best, names = (False, 0), list[str]()
    for mark in (delimiter,) if delimiter else filter(header.__contains__, DELIMITERS):
        dialect = find_dialect(header, rest, keys, mark)
        rows = _read_first(sample, dialect)
        guessed = guess_columns(rows)
        kinds = sum(not name.startswith("column ") for name in guessed)
        score = len(set(map(len, rows))) == 1, kinds
        if guessed and score > best:
            best, found, names = score, dialect, guessed
    return found, names


def _read_first(sample: str, dialect: Dialect) -> list[list[str]]:
    """The rows of ``sample`` that it has whole, without empty ones."""
    lines = sample.splitlines(keepends=True)
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(
            dialect.read(lines if len(lines) < 2 or lines[-1].endswith("\n") else lines[:-1])
        )
    return list(filter(None, rows))


class _TooLong(Exception):
    """A row exceeds the length limit."""


class _Rows:
    """The rows of a table and their line numbers.

    An unclosed quotation mark would swallow all following rows into one value. So the lines of a
    row are kept until it is complete; if it never is, only its first line is given up, and the
    others are read again, up to a total that keeps the time linear in the size of the input.
    """

    def __init__(
        self, first: str, rest: io.TextIOBase, dialect: Dialect, limit: int, line: int
    ) -> None:
        self._again = [first]
        self._rest = rest
        self._limit = limit
        self._row_limit = limit_record(limit)
        self._taken: list[str] = []
        self._held = 0
        self._dialect = dialect
        self._reader = dialect.read(self._lines())
        self._line = line
        self._may_reread = MAX_REREAD

    def _lines(self) -> Iterator[str]:
        while line := self._again.pop() if self._again else self._read_line():
            self._taken.append(line)
            self._held += len(line)
            if self._held > self._row_limit:
                raise _TooLong
            yield self._dialect.prepare(line)

    def _read_line(self) -> str:
        """The next line; if it is too long, its beginning, just beyond the limit."""
        while line := self._rest.readline(self._row_limit + 1):
            self._may_reread += len(line)
            if len(line) > self._row_limit:
                rest = line
                while rest and not rest.endswith(("\n", "\r")):
                    rest = self._rest.readline(MAX_HEADER)
            elif "\0" in line:
                line = line.replace("\0", "")
            if line:
                break
        return line

    def read(self) -> tuple[int, list[str] | str] | None:
        """The next row and its line, or the reason why it is missing; ``None`` at the end."""
        line = self._line
        self._taken.clear()
        self._held = 0
        problem = ""
        row: list[str] = []
        try:
            row = next(self._reader)
        except StopIteration:
            return None
        except _TooLong:
            problem = f"the row is over the limit of {self._row_limit:,} bytes"
            self._reader = self._dialect.read(self._lines())
        except csv.Error as error:
            problem = f"broken table: {error}"
            if "field limit" in str(error):
                problem = f"a value is over the limit of {self._limit:,} bytes"
        several = len(self._taken) > 1
        if several and (problem or sum(map(self._dialect.count_marks, self._taken)) % 2):
            problem = self._give_up()
        self._line += len(self._taken)
        return line, problem or self._dialect.finish(row)

    def _give_up(self) -> str:
        """Put back all lines of the row except the first; return the reason."""
        if self._held > self._may_reread:
            return (
                f"these {len(self._taken):,} lines are left out: quotation marks open values that "
                "do not end. Close them, or double them inside a value"
            )
        self._may_reread -= self._held
        self._again += reversed(self._taken[1:])
        self._reader = self._dialect.read(self._lines())
        del self._taken[1:]
        return (
            "a quotation mark opens a value that does not end; the line is left out. "
            "Close it, or double it inside a value"
        )

    def describe(self) -> str:
        """The beginning of the last row read, to identify it."""
        return self._taken[0][:400] if self._taken else ""


def _read_rows(source: Input, rows: _Rows, header: list[str]) -> Iterator[Record | Reject]:
    """Records of ``rows``, whose first one is the header unless it is given."""
    doubled = False
    while (found := rows.read()) is not None:
        line, row = found
        if isinstance(row, str):
            yield Reject(source.path, line, row, make_excerpt(rows.describe()))
            if not header:
                # The columns have no names.
                return
            continue
        if not any(row):
            continue
        if not header:
            header = [name.strip() for name in row]
            if len(header) > MAX_COLUMNS:
                reason = (
                    f"its first row names {len(header):,} columns; at most {MAX_COLUMNS:,} are read"
                )
                yield Reject(source.path, line, reason, make_excerpt(rows.describe()))
                return
            doubled = len(set(header)) < len(header)
            continue
        if (
            row[0].strip("\ufeff ") == header[0]
            and [name.strip("\ufeff ") for name in row] == header
        ):
            # Concatenated files, each with its header.
            continue
        if len(row) > len(header):
            yield Reject(
                source.path,
                line,
                f"{len(row)} values where the header names {len(header)}: a value with a "
                "separator in it needs quotation marks",
                make_excerpt(" | ".join(row[:_SHOWN_VALUES])),
            )
            continue
        pairs = zip_longest(header, row, fillvalue="")
        values = _join_columns(pairs) if doubled else dict(pairs)
        for name in _NAMELESS:
            values.pop(name, None)
        yield Record(line, values)


def _join_columns(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A row whose header names a column twice: the first value counts, the others are numbered."""
    values: dict[str, str] = {}
    for name, value in pairs:
        if not values.get(name):
            values[name] = value
        elif value and value != values[name]:
            number = 2
            while f"{name}_{number}" in values:
                number += 1
            values[f"{name}_{number}"] = value
    return values
