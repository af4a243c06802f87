"""How does a table write its values? Separator, quotation marks and escapes, detected from a
sample.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from indexer.ingest.readers.keys import KeyMap

DELIMITERS: Final = (",", ";", "\t", "|")
#: The first line of tables that Excel writes in locales with a decimal comma.
_SEPARATOR: Final = re.compile(r"\ufeff?\"?sep=(?P<mark>.)\"?\s*", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "0": "", "b": "", "Z": ""}
_MYSQL_ESCAPE: Final = re.compile(r"\\[ntrN\\]")


@dataclass(frozen=True, slots=True)
class Dialect:
    """``quoted``: values may be in quotation marks. ``backslash``: a backslash escapes a quotation
    mark. ``escaped``: line breaks and tabs are written ``\\n`` and ``\\t``, as the mysql client
    does.
    """

    delimiter: str
    quoted: bool = True
    backslash: bool = False
    escaped: bool = False

    def read(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Rows of ``lines``. Raises csv.Error."""
        if not self.quoted:
            return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        escape = "\\" if self.backslash else None
        return csv.reader(lines, delimiter=self.delimiter, escapechar=escape)

    def count_marks(self, line: str) -> int:
        """The number of quotation marks in ``line`` that open or close a value."""
        if not self.quoted:
            return 0
        return line.count('"') - (line.count('\\"') if self.backslash else 0)

    def prepare(self, line: str) -> str:
        """``line`` made readable: ``\\N``, which means null, would lose its backslash."""
        if not self.backslash or "\\N" not in line:
            return line
        mark = re.escape(self.delimiter)
        return re.sub(rf"(?:^|(?<={mark}))\\N(?={mark}|\r?\n|$)", "", line)

    def finish(self, row: list[str]) -> list[str]:
        """``row`` with its escapes resolved."""
        return (
            [unescape(value) if "\\" in value else value for value in row] if self.escaped else row
        )


def unescape(text: str) -> str:
    """``text`` with the escapes of the mysql client resolved.

    >>> unescape("satu\\\\ndua"), unescape("\\\\N")
    ('satu\\ndua', '')
    """
    if text == "\\N":
        return ""
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), text)


def read_separator(line: str) -> str:
    """The separator named by a line ``sep=;``; empty if ``line`` is not one."""
    match = _SEPARATOR.fullmatch(line)
    return match["mark"] if match else ""


def find_dialect(header: str, sample: str, keys: KeyMap, delimiter: str = "") -> Dialect:
    """The dialect of a table whose first line is ``header``, followed by ``sample``."""
    delimiter = delimiter or max(DELIMITERS, key=lambda mark: _score(header, mark, keys))
    mark = re.escape(delimiter)
    opened = len(re.findall(rf'(?:^|{mark})"', sample, re.MULTILINE))
    plain = _count_closed(sample, mark, r'[^"]|""')
    backslash = _count_closed(sample, mark, r'[^"\\]|\\.|""') if '\\"' in sample else 0
    if backslash > plain:
        return Dialect(delimiter, backslash=True)
    if delimiter == "\t" and plain * 2 <= opened:
        # mysql client output, copied and pasted: quotation marks are ordinary characters.
        escaped = _MYSQL_ESCAPE.search(sample) is not None
        return Dialect(delimiter, quoted=False, escaped=escaped)
    return Dialect(delimiter)


def split_header(header: str, mark: str) -> list[str]:
    """The columns that the first line of a table names."""
    try:
        return next(csv.reader([header], delimiter=mark), [])
    except csv.Error:
        return header.split(mark)


def _score(header: str, mark: str, keys: KeyMap) -> tuple[bool, int]:
    columns = split_header(header, mark)
    return len(columns) > 1 and keys.finds_text(columns), len(columns)


def _count_closed(sample: str, mark: str, inside: str) -> int:
    """The number of quoted values that end before a separator."""
    pattern = rf'(?:^|{mark})"(?:{inside}){{0,20000}}"(?={mark}|\r?$)'
    return len(re.findall(pattern, sample, re.MULTILINE | re.DOTALL))
