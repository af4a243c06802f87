"""How are SQL dumps read? Rows of ``INSERT`` and of PostgreSQL's ``COPY``, by the columns of their
tables.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from indexer.article import Reject, Warned
from indexer.ingest.build_article import make_excerpt
from indexer.ingest.readers.decode import NOT_TEXT, SAMPLE_BYTES, choose_encoding, open_text
from indexer.ingest.readers.dialect import unescape
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.limits import limit_record
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.readers.spool import Spool
from indexer.ingest.readers.table_choice import (
    holds_articles,
    is_about_something_else,
    is_revision,
)

_CHUNK: Final = 1 << 18
#: Maximum characters of a statement before its first value, and of a table's definition.
_HEAD: Final = 1 << 18
_NAME: Final = r"(?:`[^`\n]{1,80}`|\"[^\"\n]{1,80}\"|\[[^\]\n]{1,80}\]|[\w$]{1,80})"
_STATEMENT: Final = re.compile(
    rf"(?:^|;)[ \t\r\n]*(?P<verb>INSERT|REPLACE|CREATE\s+TABLE|COPY)\s+"
    rf"(?:(?:LOW_PRIORITY|DELAYED|IGNORE|OR\s+\w+|INTO|IF\s+NOT\s+EXISTS)\s+)*"
    rf"(?P<name>{_NAME}(?:\s*\.\s*{_NAME}){{0,2}})\s*",
    re.IGNORECASE | re.MULTILINE,
)
_COLUMNS: Final = re.compile(rf"\(\s*(?P<names>{_NAME}(?:\s*,\s*{_NAME}){{0,999}})\s*\)\s*")
_VALUES: Final = re.compile(r"VALUES?\s*", re.IGNORECASE)
_FROM_STDIN: Final = re.compile(r"FROM\s+stdin[^;\n]*;[ \t\r]*\n", re.IGNORECASE)
#: A column in a table's definition, on a line of its own or after a comma.
_COLUMN: Final = re.compile(
    rf"(?:^|[,(])\s*(?P<name>{_NAME})\s+\[?[a-z]\w+", re.IGNORECASE | re.MULTILINE
)
_NO_COLUMN: Final = re.compile(
    r"(?:PRIMARY|UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|CONSTRAINT|FOREIGN|CHECK|REFERENCES|ON)\b", re.I
)
_KEY: Final = re.compile(rf"PRIMARY\s+KEY\s*(?:\w+\s*)?\(\s*(?P<names>{_NAME}[^()]{{0,400}})", re.I)
_INLINE_KEY: Final = re.compile(rf"(?P<name>{_NAME})\s[^,\n]{{0,80}}?\bPRIMARY\s+KEY\b", re.I)
_FOREIGN: Final = re.compile(
    rf"FOREIGN\s+KEY\s*\(\s*(?P<column>{_NAME})\s*\)\s*REFERENCES\s+(?P<table>{_NAME})", re.I
)
_BETWEEN: Final = re.compile(r"[\s,]*")
_STRING_START: Final = re.compile(r"(?:N|E|_\w{1,20}\s*)?'", re.IGNORECASE)
_PLAIN: Final = re.compile(r"[^',()]{1,10000}")
#: The contents of a string, a few hundred pieces at a time: more would use memory for each.
_INSIDE: Final = {
    True: re.compile(r"(?:[^'\\]+|\\.|''){1,500}", re.DOTALL),
    False: re.compile(r"(?:[^']+|''){1,500}", re.DOTALL),
}
_QUOTED: Final = re.compile(r"N?'((?:[^']|'')*)'")
_MYSQL: Final = re.compile(r"`|MySQL|MariaDB|phpMyAdmin|\\['\"rn]")
_OTHER_SQL: Final = re.compile(
    r"PostgreSQL database dump|PRAGMA foreign_keys|BEGIN TRANSACTION|\bGO\s*$", re.M
)
_HEX: Final = re.compile(r"(?:0x([0-9a-f]+)|x'([0-9a-f]*)')", re.IGNORECASE)


def read_sql(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """Records of a dump: the rows of tables that hold articles."""
    sample = source.peek(SAMPLE_BYTES)
    encoding = choose_encoding(sample)
    if encoding is None:
        yield Reject(source.path, 1, NOT_TEXT)
        return
    begins = sample.decode(encoding, "replace")
    backslash = bool(_MYSQL.search(begins)) and not _OTHER_SQL.search(begins[:4_000])
    with open_text(source.stream, encoding, newline="\n") as text:
        cursor = _Cursor(text, limit_record(options.max_article_bytes), backslash)
        yield from _Dump(source.path, options, cursor).read()


class _CutOff(Exception):
    """The dump ends within a value."""


class _Cursor:
    """A position in a text that is read as needed."""

    def __init__(self, stream: io.TextIOBase, limit: int, backslash: bool) -> None:
        self._stream = stream
        self._inside = _INSIDE[backslash]
        self._backslash = backslash
        self.limit = limit
        self._ended = False
        self._line = 1
        self._counted = 0
        self.text = ""
        self.position = 0

    def fill(self) -> bool:
        """Read more, dropping the text before the cursor; return whether there was more."""
        if self._ended:
            return False
        more = self._stream.read(_CHUNK)
        self._ended = not more
        self.current_line()
        self.text = self.text[self.position :] + more
        self.position = self._counted = 0
        return bool(more)

    def hold(self, size: int) -> None:
        """Make sure that ``size`` characters from the cursor on are loaded, if the dump has
        them.
        """
        while len(self.text) - self.position < size and self.fill():
            pass

    def current_line(self) -> int:
        """The line of the cursor, from 1."""
        self._line += self.text.count("\n", self._counted, self.position)
        self._counted = self.position
        return self._line

    def peek(self) -> str:
        """The next character that is neither space nor comma; empty at the end."""
        while True:
            found = _BETWEEN.match(self.text, self.position)
            self.position = found.end() if found else self.position
            if self.position < len(self.text):
                return self.text[self.position]
            if not self.fill():
                return ""

    def read_line(self) -> str | None:
        """The line at the cursor; ``None`` if it is too long. Raises _CutOff."""
        held = True
        while (end := self.text.find("\n", self.position)) < 0:
            if len(self.text) - self.position > self.limit:
                held = False
                self.position = len(self.text)
            if not self.fill():
                raise _CutOff
        text = self.text[self.position : end].rstrip("\r")
        self.position = end + 1
        return text if held else None

    def read_tuple(self) -> tuple[list[str | None], bool]:
        """The values of the row at the cursor, and whether one was too long, in which case it is
        ``None``. Raises _CutOff.
        """
        self.position += 1
        values: list[str | None] = []
        too_long = False
        while True:
            char = self.peek()
            if not char:
                raise _CutOff
            if char == ")":
                self.position += 1
                return values, too_long
            value, held = self._read_value()
            values.append(value)
            too_long = too_long or not held

    def _read_value(self) -> tuple[str | None, bool]:
        """The value at the cursor, and whether it could be held."""
        self.hold(64)
        start = _STRING_START.match(self.text, self.position)
        if start is not None:
            self.position = start.end()
            return self._read_string()
        hexadecimal = _HEX.match(self.text, self.position)
        if hexadecimal is not None:
            return self._read_hexadecimal()
        return self._read_expression(), True

    def _read_string(self) -> tuple[str | None, bool]:
        """The string whose opening quotation mark was read."""
        held = True
        scanned = 0
        while True:
            end, resume = self._find_end(self.position + scanned)
            if end < 0 and self._ended and self.text[resume : resume + 1] == "'":
                end = resume
            if end >= 0:
                value = self.text[self.position : end] if held else None
                self.position = end + 1
                return self._unescape(value) if value is not None else None, held
            if resume - self.position > self.limit:
                held = False
            if not held:
                self.position = resume
            scanned = resume - self.position
            if self._ended:
                raise _CutOff
            self.fill()

    def _find_end(self, position: int) -> tuple[int, int]:
        """The position of the mark that closes a string, or -1; and where to resume the search with
        more text.
        """
        text = self.text
        while (found := self._inside.match(text, position)) is not None:
            position = found.end()
        if position + 1 >= len(text):
            return -1, min(position, len(text))
        return (position, position) if text[position] == "'" else (-1, position)

    def _unescape(self, text: str) -> str:
        if "''" in text:
            text = text.replace("''", "'")
        return unescape(text) if self._backslash and "\\" in text else text

    def _read_hexadecimal(self) -> tuple[str | None, bool]:
        while not (found := _HEX.match(self.text, self.position)) or (
            found.end() == len(self.text) and len(self.text) - self.position < self.limit
        ):
            if not self.fill():
                break
        found = _HEX.match(self.text, self.position)
        if found is None:
            raise _CutOff
        self.position = found.end()
        digits = found[1] or found[2] or ""
        data = bytes.fromhex(digits[: len(digits) // 2 * 2])
        return data.decode("utf-8", "replace"), True

    def _read_expression(self) -> str | None:
        """A number, NULL, or the first string of a call, as in ``CAST('2024' AS date)``."""
        start, depth = self.position, 0
        self.hold(4_096)
        start = self.position
        while self.position < len(self.text):
            char = self.text[self.position]
            if depth == 0 and char in ",)":
                break
            depth += {"(": 1, ")": -1}.get(char, 0)
            if char == "'":
                end, _ = self._find_end(self.position + 1)
                self.position = max(end, self.position)
            self.position += 1
        text = self.text[start : self.position].strip()
        if text.upper() in ("NULL", "DEFAULT", ""):
            return None
        quoted = _QUOTED.search(text)
        return self._unescape(quoted[1]) if quoted and "(" in text else text


class _Wanted(NamedTuple):
    """A table whose rows follow: its columns, their names in the spool (empty if not stored), and
    whether its rows are articles.
    """

    name: str
    columns: list[str]
    called: list[str]
    articles: bool


class _Dump:
    """The tables of one dump, and which of them are read."""

    def __init__(self, path: str, options: Options, cursor: _Cursor) -> None:
        self._path = path
        self._keys = options.keys
        self._cursor = cursor
        self._described: dict[str, list[str]] = {}
        self._tables = Spool()
        #: Tables of which nothing is stored.
        self._passed: dict[str, None] = {}

    def read(self) -> Iterator[Record | Reject | Warned]:
        """The articles of all tables. Raises UnreadableInput if the disk is full."""
        cursor = self._cursor
        with self._tables:
            try:
                while (found := self._find_statement()) is not None:
                    yield from self._read_statement(found)
            except _CutOff:
                told = "the dump ends within a row: it was cut off; what could be read went in"
                yield Reject(self._path, cursor.current_line(), told)
            yield from self._tables.read(self._path, self._keys, list(self._passed))

    def _find_statement(self) -> re.Match[str] | None:
        cursor = self._cursor
        while True:
            found = _STATEMENT.search(cursor.text, cursor.position)
            if found is not None:
                cursor.position = found.start()
                cursor.hold(_HEAD if found["verb"][0] in "Cc" else 4_096)
                found = _STATEMENT.match(cursor.text, cursor.position)
                if found is not None:
                    cursor.position = found.end()
                    return found
            else:
                cursor.position = max(len(cursor.text) - 400, cursor.position)
            if not cursor.fill():
                return None

    def _read_statement(self, found: re.Match[str]) -> Iterator[Record | Reject]:
        verb = found["verb"].upper()
        name = _clean_name(re.split(r"\s*\.\s*(?![^\[`\"]*[\]`\"]$)", found["name"])[-1])
        if verb.startswith("CREATE"):
            description = self._read_description()
            self._described[name] = _list_columns(description)
            self._tables.describe(name, *_read_keys(description))
            return
        cursor = self._cursor
        cursor.hold(_HEAD // 4)
        columns = self._described.get(name, [])
        listed = _COLUMNS.match(cursor.text, cursor.position)
        if listed is not None:
            columns = [_clean_name(one) for one in re.findall(_NAME, listed["names"])]
            cursor.position = listed.end()
        table = self._choose(name, columns)
        copied = _FROM_STDIN.match(cursor.text, cursor.position)
        values = _VALUES.match(cursor.text, cursor.position)
        if copied is not None:
            cursor.position = copied.end()
            yield from self._read_copied(table)
        elif values is not None:
            cursor.position = values.end()
            yield from self._read_rows(table)

    def _choose(self, name: str, columns: list[str]) -> _Wanted:
        wanted = bool(columns) and holds_articles(name, columns, self._keys)
        kept = bool(columns) and (wanted or is_revision(name) or not is_about_something_else(name))
        if not kept:
            self._passed[name] = None
        return _Wanted(name, columns, self._tables.note(name, columns) if kept else [], wanted)

    def _read_description(self) -> str:
        """The parenthesised definition of a table, up to the end of its statement."""
        cursor = self._cursor
        end = cursor.text.find(";\n", cursor.position, cursor.position + _HEAD)
        end = end if end >= 0 else cursor.position + _HEAD // 8
        text = cursor.text[cursor.position : end]
        cursor.position = min(end, len(cursor.text))
        return text

    def _read_rows(self, table: _Wanted) -> Iterator[Record | Reject]:
        cursor = self._cursor
        while cursor.peek() == "(":
            line = cursor.current_line()
            begins = cursor.text[cursor.position : cursor.position + 400] if table.articles else ""
            values, too_long = cursor.read_tuple()
            if too_long and table.articles:
                reason = f"a value is over the limit of {cursor.limit:,} bytes"
                yield Reject(self._path, line, reason, make_excerpt(begins))
            elif not too_long:
                yield from self._take(table, line, values, begins)

    def _read_copied(self, table: _Wanted) -> Iterator[Record | Reject]:
        """The lines of ``COPY``, up to the terminating one."""
        cursor = self._cursor
        while True:
            line, text = cursor.current_line(), cursor.read_line()
            if text == "\\.":
                return
            if text is not None:
                values = [None if one == "\\N" else unescape(one) for one in text.split("\t")]
                yield from self._take(table, line, values, text)
            elif table.articles:
                reason = f"the line is over the limit of {cursor.limit:,} bytes"
                yield Reject(self._path, line, reason)

    def _take(
        self, table: _Wanted, line: int, values: list[str | None], begins: str
    ) -> Iterator[Record | Reject]:
        """Store a row; once there is no space left, an article is read on its own."""
        if len(values) != len(table.columns):
            if table.articles:
                reason = f"{len(values)} values where its table has {len(table.columns)} columns"
                yield Reject(self._path, line, reason, make_excerpt(begins))
            return
        kept = not table.articles
        if table.called:
            kept = self._tables.add(table.name, table.called, line, values)
        if not kept and table.articles:
            yield Record(line, dict(zip(table.columns, values, strict=True)))


def _clean_name(name: str) -> str:
    return name.strip().strip('`"[]')


def _list_columns(description: str) -> list[str]:
    """The columns of a table, in order, from its definition."""
    inside = re.sub(r"'[^']{0,2000}'|\([^()]{0,2000}\)", "", description.lstrip()[1:])
    names = []
    for match in _COLUMN.finditer("(" + inside):
        if not _NO_COLUMN.match(match["name"]):
            names.append(_clean_name(match["name"]))
    return names


def _read_keys(description: str) -> tuple[list[str] | None, dict[str, str]]:
    """The key columns in a table's definition (``None``: undeclared), and the tables that its
    columns are declared to refer to.
    """
    declared = {
        _clean_name(found["column"]): _clean_name(found["table"])
        for found in _FOREIGN.finditer(description)
    }
    listed, inline = _KEY.search(description), _INLINE_KEY.search(description)
    if listed is not None:
        return [_clean_name(name) for name in re.findall(_NAME, listed["names"])], declared
    return ([_clean_name(inline["name"])] if inline is not None else None), declared
