"""Tables: comma-, semicolon- or tab-separated values with a header (``.csv``, ``.tsv``)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final, Protocol

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
        header_line = text.readline(SAMPLE_BYTES)
        delimiter = max(_DELIMITERS, key=header_line.count)
        rows = csv.reader(_chain(header_line, text), delimiter=delimiter)
        yield from _read_rows(source, rows)


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    for line in rest:
        yield line.replace("\0", "") if "\0" in line else line


class _Rows(Protocol):
    """What ``csv.reader`` returns: rows, and how many lines they took so far."""

    @property
    def line_num(self) -> int: ...

    def __next__(self) -> list[str]: ...


def _read_rows(source: Input, rows: _Rows) -> Iterator[Record | Reject]:
    header: list[str] = []
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Reject(source.path, line, f"broken table: {error}")
            continue
        if not any(row):
            continue
        if not header:
            header = [name.strip() for name in row]
            continue
        if len(row) > len(header):
            yield Reject(
                source.path,
                line,
                f"{len(row)} values where the header names {len(header)}",
                make_excerpt(" | ".join(row)),
            )
            continue
        yield Record(line, dict(zip_longest(header, row, fillvalue="")))
