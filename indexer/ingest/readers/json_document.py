"""How are JSON documents read? An array of articles, an object that contains one, or a sequence of
objects.

Read piece by piece: memory holds one article and one chunk of text, whatever the file's size.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.ingest.build_article import make_excerpt
from indexer.ingest.readers.decode import NOT_TEXT, SAMPLE_BYTES, choose_encoding, open_text
from indexer.ingest.readers.file_references import FileReferences
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.json_lines import LENIENT, name_json_kind, unwrap_calls
from indexer.ingest.readers.json_tables import JsonTables, is_table
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.limits import MAX_WRAPPERS, limit_record
from indexer.ingest.readers.paths import fold_key
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.readers.script_objects import JsonFromScript, begins_as_script
from indexer.ingest.readers.shapes import (
    LIST_KEYS,
    find_articles,
    find_columns,
    is_entry,
    name_columns,
    name_entry,
    unwrap_unnamed,
)
from indexer.ingest.readers.sniff import SCRIPT

_CHUNK: Final = 1 << 20
#: White space, and the UTF-8 byte order marks between concatenated files.
_SPACE: Final = re.compile("[ \t\r\n\ufeff]*")
_NEXT_OBJECT: Final = re.compile(r"\}\s*(?:,\s*)?(?=\{)")
#: A bracket, a string without escapes, or the beginning of another string.
_STRUCTURE: Final = re.compile(r'[\[\]{}]|"(?:[^"\\]*")?')


class _Broken(Exception):
    """The value at the cursor is not JSON, however much more is read."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


class _Unheld(Exception):
    """The value at the cursor is nested too deeply to be held in memory."""


class _TooLarge(_Unheld):
    """The value at the cursor is too large to be held; its members may not be."""


class _Cursor:
    """A position in a text that is read as needed. ``limit``: maximum characters of a value."""

    def __init__(self, stream: io.TextIOBase, limit: int) -> None:
        self._stream = stream
        self.limit = limit
        self._ended = False
        self._dropped = 0
        self.text = ""
        self.position = 0
        self._line = 1
        self._counted = 0

    def _fill(self) -> bool:
        """Read more, dropping the text before the cursor; return whether there was more."""
        if self._ended:
            return False
        more = unwrap_calls(self._stream.read(_CHUNK))
        self._ended = not more
        self.current_line()
        self._dropped += self.position
        self.text = self.text[self.position :] + more
        self.position = self._counted = 0
        return not self._ended

    def current_line(self) -> int:
        """The line of the cursor, from 1."""
        self._line += self.text.count("\n", self._counted, self.position)
        self._counted = self.position
        return self._line

    @property
    def offset(self) -> int:
        """The number of characters before the cursor."""
        return self._dropped + self.position

    def peek(self) -> str:
        """The next non-space character, or an empty string at the end."""
        while True:
            match = _SPACE.match(self.text, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self.text):
                return self.text[self.position]
            if not self._fill():
                return ""

    def take(self, char: str) -> bool:
        """Step over ``char`` if it comes next."""
        if self.peek() != char:
            return False
        self.position += 1
        return True

    def read_value(self) -> Any:
        """The value at the cursor. Raises _Broken, or _Unheld, with the cursor before it."""
        self.peek()
        while True:
            try:
                value, end = LENIENT.raw_decode(self.text, self.position)
            except RecursionError as error:
                raise _Unheld("nested too deeply") from error
            except json.JSONDecodeError as error:
                reason, unended = _explain(error)
                if error.pos < len(self.text) - 12 and not unended:
                    raise _Broken(reason, error.pos) from error
                if len(self.text) - self.position > self.limit:
                    raise _TooLarge(f"over the limit of {self.limit:,} bytes") from error
                if not self._fill():
                    raise _Broken(reason, error.pos) from error
                continue
            # A number at the very end of the text read so far may continue.
            if end == len(self.text) and not isinstance(value, dict | list | str) and self._fill():
                continue
            self.position = end
            return value

    def skip_value(self, depth: int = 0) -> bool:
        """Step over the object, array or string at the cursor without holding it; ``False`` if it
        does not end. ``depth``: number of brackets already open.
        """
        while True:
            match = _STRUCTURE.search(self.text, self.position)
            self.position = match.end() if match else len(self.text)
            if match is None:
                if not self._fill():
                    return False
                continue
            if match[0] == '"':
                if not self._skip_string():
                    return False
            elif match[0][0] != '"':
                depth += 1 if match[0] in "[{" else -1
            if depth <= 0:
                return True

    def _skip_string(self) -> bool:
        """Step over the rest of a string, including its closing quotation mark."""
        while True:
            end = self.text.find('"', self.position)
            before = self.text[self.position : end] if end >= 0 else self.text[self.position :]
            # An odd number of backslashes escapes the next character.
            escapes = (len(before) - len(before.rstrip("\\"))) % 2 == 1
            if end >= 0:
                self.position = end + 1
                if not escapes:
                    return True
                continue
            self.position = len(self.text) - escapes
            if not self._fill():
                return False

    def skip_to_next_object(self) -> bool:
        """Move to the apparent beginning of the next object; ``False`` at the end."""
        while True:
            match = _NEXT_OBJECT.search(self.text, self.position)
            if match is not None:
                self.position = match.end()
                return True
            self.position = max(self.position, len(self.text) - 64)
            if not self._fill():
                self.position = len(self.text)
                return False

    def excerpt(self) -> str:
        return make_excerpt(self.text[self.position : self.position + 400])


def _explain(error: json.JSONDecodeError) -> tuple[str, bool]:
    """What is wrong, and whether it is an unterminated string."""
    if error.msg.startswith("Unterminated string"):
        return "a string does not end (was the file cut off?)", True
    return error.msg, False


#: Maximum number of buffered elements without a text, which may turn out to describe the file.
_MOST_HELD_BACK: Final = 16


def read_json_document(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """Records of a JSON document; a broken element becomes a Reject, and reading continues."""
    encoding = choose_encoding(source.peek(SAMPLE_BYTES))
    if encoding is None:
        yield Reject(source.path, 1, NOT_TEXT)
        return
    if not encoding.startswith("utf"):
        yield Warned(source.path, 1, f"the file is not UTF-8; read as {encoding}")
    written = begins_as_script(source.peek(SAMPLE_BYTES).decode(encoding, "replace"))
    with open_text(source.stream, encoding) as text:
        stream = JsonFromScript(text) if written else text
        cursor = _Cursor(stream, limit_record(options.max_article_bytes))
        references = FileReferences(source.path, options.keys)
        yield from references.join(_Document(source, cursor, options.keys, references).read())


class _Document:
    """The values of a document, one after another. Its lists are traversed element by element; an
    element is judged as a whole, by :mod:`indexer.ingest.readers.shapes`.
    """

    def __init__(
        self, source: Input, cursor: _Cursor, keys: KeyMap, references: FileReferences
    ) -> None:
        self._source = source
        self._cursor = cursor
        self._keys = keys
        self._references = references
        self._tables = JsonTables()

    def _refuse(self, line: int, reason: str, excerpt: str = "") -> Iterator[Reject]:
        # The end of a truncated archive is reported once, for the whole file.
        if not self._source.problem or not reason.startswith("broken JSON"):
            yield Reject(self._source.path, line, reason, excerpt)

    def read(self) -> Iterator[Record | Reject | Warned]:
        """All of the document. Raises UnreadableInput if its tables do not fit on the disk."""
        with self._tables:
            yield from self._read_values()
            yield from self._tables.read(self._source.path, self._keys)

    def _read_values(self) -> Iterator[Record | Reject]:
        cursor = self._cursor
        while first := cursor.peek():
            line, excerpt = cursor.current_line(), cursor.excerpt()
            if first == "[":
                cursor.position += 1
                yield from self._read_elements([])
            elif first == "{":
                yield from self._read_object("object")
            elif script := SCRIPT.match(cursor.text, cursor.position):
                cursor.position = script.end()
            elif first in ");":
                cursor.position += 1
            else:
                reason = "broken JSON: neither an array nor an object begins here"
                yield Reject(self._source.path, line, reason, excerpt)
                if not cursor.skip_to_next_object():
                    return
            cursor.take(",")

    def _read_elements(self, columns: list[str], depth: int = 0) -> Iterator[Record | Reject]:
        """The elements of an array whose opening bracket has been read; ``columns`` are the names
        for rows.
        """
        cursor = self._cursor
        elements = _Elements(self._source.path, self._keys, columns, self._references)
        while True:
            while cursor.take(","):
                pass
            if cursor.take("]"):
                break
            line, excerpt = cursor.current_line(), cursor.excerpt()
            if not cursor.peek():
                yield from elements.give_back()
                yield from self._refuse(
                    cursor.current_line(), "broken JSON: the array does not end"
                )
                return
            try:
                value = cursor.read_value()
                yield from self._judge(elements, value, line)
            except _Unheld as unheld:
                if isinstance(unheld, _TooLarge) and cursor.peek() == "{" and depth < MAX_WRAPPERS:
                    yield from self._read_object("element", depth + 1)
                elif cursor.skip_value() or not self._source.problem:
                    yield Reject(self._source.path, line, f"the element is {unheld}", excerpt)
                elements.wraps = elements.wraps or bool(self._tables)
                yield from elements.give_back()
            except _Broken as broken:
                yield from elements.give_back()
                yield from self._refuse(line, f"broken JSON: {broken}", cursor.excerpt())
                cursor.position = max(cursor.position + 1, broken.position)
                if not cursor.skip_to_next_object():
                    return
        yield from elements.give_back()

    def _judge(self, elements: _Elements, value: Any, line: int) -> Iterator[Record | Reject]:
        """The records of an element; those of a table come later."""
        rows = value.get("data") if isinstance(value, dict) and is_table(value) else None
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            yield from self._tables.add(value["name"], ((line, row) for row in rows), self._keys)
            elements.wraps = True
        else:
            yield from elements.judge(value, line)

    def _read_object(self, what: str, depth: int = 0) -> Iterator[Record | Reject]:
        """The object at the cursor: the articles inside it, or itself as one. ``what`` names it in
        rejections.
        """
        cursor = self._cursor
        line, excerpt = cursor.current_line(), cursor.excerpt()
        try:
            own = yield from self._walk(depth)
        except _Broken as broken:
            yield from self._refuse(line, f"broken JSON: {broken}", excerpt)
            cursor.position = max(cursor.position + 1, broken.position)
            cursor.skip_to_next_object()
            return
        if own.listed and not own.is_article:
            yield from (Record(line, one) for one in own.list_entries())
            return
        if own.unheld:
            yield Reject(self._source.path, line, f"the {what} is {own.unheld}", excerpt)
        elif own.values:
            found = find_articles(own.values, self._keys) or [own.values]
            self._references.note_beside(own.values, found)
            yield from (Record(line, one) for one in found)

    def _walk(self, depth: int) -> Generator[Record | Reject, None, _Members]:
        """Traverse the object at the cursor: yields the contents of its lists, and returns its
        other members. Raises _Broken.
        """
        cursor = self._cursor
        cursor.position += 1
        own = _Members(cursor, self._keys)
        while not cursor.take("}"):
            key = _read_key(cursor)
            wanted = fold_key(key) in LIST_KEYS and not own.is_article
            if wanted and cursor.take("["):
                own.listed = True
                yield from self._read_list(own.values, depth)
            elif wanted and cursor.peek() == "{" and depth < MAX_WRAPPERS:
                # {"hits": {"hits": [...]}}, {"response": {"docs": [...]}}
                inner = yield from self._walk(depth + 1)
                own.take_inner(key, inner)
            elif own.listed and cursor.take("["):
                self._note_elements(key)
            else:
                line = cursor.current_line()
                own.read(key)
                yield from (Record(line, one) for one in own.take_entries())
            if not cursor.take(",") and cursor.peek() != "}":
                raise _Broken("Expecting ',' or '}'", cursor.position)
        if own.listed:
            self._references.note(own.values)
        return own

    def _read_list(self, beside: Mapping[str, Any], depth: int) -> Iterator[Record | Reject]:
        """The elements of an array, whose opening bracket has been read, of an object that has
        ``beside`` before it.
        """
        if is_table(beside) and self._cursor.peek() in ("{", "]"):
            yield from self._read_rows(beside["name"])
            return
        self._references.in_lists = True
        yield from self._read_elements(find_columns(beside, self._keys), depth)

    def _read_rows(self, table: str) -> Iterator[Record | Reject]:
        """Store the rows of a table whose opening bracket has been read. Raises _Broken."""
        for line, row in self._read_array():
            if isinstance(row, _Unheld):
                yield Reject(self._source.path, line, f"the row is {row}")
            else:
                yield from self._tables.add(table, [(line, row)], self._keys)

    def _read_array(self) -> Iterator[tuple[int, Any]]:
        """The elements of an array whose opening bracket has been read, with their lines; an
        _Unheld instead of one that cannot be held. Raises _Broken.
        """
        cursor = self._cursor
        while not cursor.take("]"):
            line = cursor.current_line()
            try:
                yield line, cursor.read_value()
            except _Unheld as unheld:
                if not cursor.skip_value():
                    raise _Broken("a value does not end", cursor.position) from unheld
                yield line, unheld
            if not cursor.take(",") and cursor.peek() != "]":
                raise _Broken("Expecting ',' or ']'", cursor.position)

    def _note_elements(self, name: str) -> None:
        """Remember the elements of an array behind the articles, to which these may refer. Raises
        _Broken.
        """
        for _, value in self._read_array():
            if not isinstance(value, _Unheld):
                self._references.note([value], name)


class _Elements:
    """The elements of one array: which are articles, which contain some, which describe the
    file.
    """

    def __init__(
        self, path: str, keys: KeyMap, columns: list[str], references: FileReferences
    ) -> None:
        self._path = path
        self._keys = keys
        self._columns = columns
        self._references = references
        self._held_back: list[Record | Reject] = []
        self.wraps = False

    def judge(self, value: Any, line: int) -> Iterator[Record | Reject]:
        """The records of an element that begins in ``line`` and is no table."""
        if isinstance(value, list):
            if not self._columns:
                self._columns = name_columns(value, self._keys)
                if self._columns:
                    return
            if self._columns:
                value = dict(zip(self._columns, value, strict=False))
        found = find_articles(value, self._keys)
        self._references.note_beside(value, found)
        if not found:
            self._held_back.append(self._read_textless(value, line))
            if len(self._held_back) > _MOST_HELD_BACK:
                yield self._held_back.pop(0)
            return
        if not isinstance(value, list) and not self._keys.rank_text(value):
            # phpMyAdmin: {"type": "header"}, {"type": "table", "data": [...]}
            self.wraps = self.wraps or len(found) > 1 or any(map(_is_list, value.values()))
        yield from self.give_back()
        yield from (Record(line, one) for one in found)

    def give_back(self) -> list[Record | Reject]:
        """The buffered elements, without those that describe the file if others wrap articles."""
        kept = [one for one in self._held_back if isinstance(one, Reject) or not self.wraps]
        self._held_back.clear()
        return kept

    def _read_textless(self, value: Any, line: int) -> Record | Reject:
        if isinstance(value, dict):
            return Record(line, unwrap_unnamed(value, self._keys))
        reason = f"it is {name_json_kind(value)}, not an object"
        return Reject(self._path, line, reason, make_excerpt(str(value)))


def _read_key(cursor: _Cursor) -> str:
    """The key at the cursor, and the colon after it. Raises _Broken."""
    try:
        key = cursor.read_value()
    except _Unheld as unheld:
        raise _Broken(f"a key is {unheld}", cursor.position) from unheld
    if not isinstance(key, str) or not cursor.take(":"):
        raise _Broken("Expecting a key and a colon", cursor.position)
    return key


class _Members:
    """The members of an object other than its lists of articles, up to the size of a record; beyond
    that, ``values`` is empty and ``unheld`` says why. ``listed``: it had such a list.
    """

    def __init__(self, cursor: _Cursor, keys: KeyMap) -> None:
        self.values: dict[str, Any] = {}
        self.unheld = ""
        self.listed = False
        self._keys = keys
        self._cursor = cursor
        self._length = 0
        self._only_entries = True

    @property
    def is_article(self) -> bool:
        return self._keys.rank_text(self.values) == 2

    def read(self, key: str) -> None:
        """Read the value of ``key`` at the cursor. Raises _Broken."""
        cursor = self._cursor
        start = cursor.offset - len(key)
        try:
            value = cursor.read_value()
        except _Unheld as unheld:
            self.unheld = str(unheld)
            if not cursor.skip_value():
                raise _Broken("a value does not end", cursor.position) from unheld
            return
        self._only_entries = self._only_entries and is_entry(value, self._keys)
        self._add(key, value, cursor.offset - start)

    def take_inner(self, key: str, inner: _Members) -> None:
        """Add the members of an object under ``key``, other than its lists."""
        self._only_entries = False
        self.listed = self.listed or inner.listed
        self.unheld = self.unheld or inner.unheld
        if not inner.listed:
            self._add(key, inner.values, inner._length)

    def _add(self, key: str, value: Any, length: int) -> None:
        self._length += length
        if self._length > self._cursor.limit and not self._only_entries:
            self.unheld = f"over the limit of {self._cursor.limit:,} bytes"
            self.values.clear()
        elif not self.unheld:
            self.values[key] = value

    def take_entries(self) -> list[Mapping[str, Any]]:
        """The articles of an object that has each under its id, once there are many."""
        if not self._only_entries or self._length < self._cursor.limit // 2:
            return []
        self.listed = True
        entries = self.list_entries()
        self.values.clear()
        self._length = 0
        return entries

    def list_entries(self) -> list[Mapping[str, Any]]:
        """The articles among its values, if it has nothing else."""
        if not self._only_entries:
            return []
        return [name_entry(key, value) for key, value in self.values.items()]


def _is_list(value: Any) -> bool:
    return isinstance(value, list)
