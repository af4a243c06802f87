"""Tables: comma-, semicolon- or tab-separated values with a header (``.csv``, ``.tsv``)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Final

from indexer.article import Reject, Warned
from indexer.build_article import make_excerpt
from indexer.readers.decode import ERRORS, SAMPLE_BYTES, choose_encoding
from indexer.readers.input import Input
from indexer.readers.records import Record

_DELIMITERS: Final = (",", ";", "\t", "|")


def read_delimited(source: Input, *, max_article_bytes: int) -> Iterator[Record | Reject | Warned]:
    """Records of a table, named by its header; a row that does not fit it is a Reject.

    ``line`` is where a row begins: quoted values may go over several lines.
    """
    encoding = choose_encoding(source.peek(SAMPLE_BYTES))
    if encoding is None:
        yield Reject(source.path, 1, "it is not text: it has zero bytes")
        return
    if not encoding.startswith("utf"):
        yield Warned(source.path, 1, f"the file is not UTF-8; read as {encoding}")
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    errors = ERRORS if encoding.startswith("utf-8") else "replace"
    # The csv module's limit is one for the process; it only ever grows here.
    csv.field_size_limit(max(csv.field_size_limit(), max_article_bytes))
    with io.TextIOWrapper(source.stream, encoding, errors, newline="") as text:
        header_line = text.readline(SAMPLE_BYTES).replace("\0", "")
        delimiter = max(_DELIMITERS, key=header_line.count)
        rows = _Rows(header_line, text, delimiter, max_article_bytes)
        yield from _read_rows(source, rows)


class _Rows:
    """Rows of a table and where they begin.

    A quotation mark that never closes would take all rows behind it into one value. So the lines
    of a row are kept until it is complete; where it is not, only its first line is given up.
    """

    def __init__(self, first: str, rest: Iterator[str], delimiter: str, limit: int) -> None:
        self._again = [first]
        self._rest = rest
        self._limit = limit
        self._taken: list[str] = []
        self._delimiter = delimiter
        self._reader = csv.reader(self._lines(), delimiter=delimiter)
        self._line = 1

    def _lines(self) -> Iterator[str]:
        while True:
            if self._again:
                line = self._again.pop()
            else:
                found = next(self._rest, None)
                if found is None:
                    return
                line = found.replace("\0", "") if "\0" in found else found
            self._taken.append(line)
            yield line

    def read(self) -> tuple[int, list[str] | str] | None:
        """The next row and its line, or why there is none; ``None`` at the end."""
        line = self._line
        self._taken.clear()
        problem = ""
        row: list[str] = []
        try:
            row = next(self._reader)
        except StopIteration:
            return None
        except csv.Error as error:
            problem = f"broken table: {error}"
            if "field limit" in str(error):
                problem = f"a value is over the limit of {self._limit:,} bytes"
        several = len(self._taken) > 1
        if several and (problem or sum(text.count('"') for text in self._taken) % 2):
            self._again += reversed(self._taken[1:])
            self._reader = csv.reader(self._lines(), delimiter=self._delimiter)
            del self._taken[1:]
            problem = (
                "a quotation mark opens a value that does not end; the line is left out. "
                "Close it, or double it inside a value"
            )
        self._line += len(self._taken)
        return line, problem or row

    def describe(self) -> str:
        """The beginning of the row that was read last, to recognise it by."""
        return self._taken[0][:400] if self._taken else ""


def _read_rows(source: Input, rows: _Rows) -> Iterator[Record | Reject]:
    header: list[str] = []
    doubled = False
    while (found := rows.read()) is not None:
        line, row = found
        if isinstance(row, str):
            yield Reject(source.path, line, row, make_excerpt(rows.describe()))
            continue
        if not any(row):
            continue
        if not header:
            header = [name.strip() for name in row]
            doubled = len(set(header)) < len(header)
            continue
        if len(row) > len(header):
            yield Reject(
                source.path,
                line,
                f"{len(row)} values where the header names {len(header)}: a value with a "
                "separator in it needs quotation marks",
                make_excerpt(" | ".join(row)),
            )
            continue
        pairs = zip_longest(header, row, fillvalue="")
        yield Record(line, _join_columns(pairs) if doubled else dict(pairs))


def _join_columns(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A row whose header names a column twice: the first value counts."""
    values: dict[str, str] = {}
    for name, value in pairs:
        values[name] = values.get(name) or value
    return values
