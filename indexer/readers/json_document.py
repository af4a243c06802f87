"""JSON documents: an array of articles, an object that holds one, or objects in a row.

Read piece by piece: memory holds one article and one chunk of text, whatever the file's size.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.build_article import make_excerpt
from indexer.readers.decode import ERRORS, SAMPLE_BYTES, choose_encoding
from indexer.readers.input import Input
from indexer.readers.json_lines import LENIENT, name_json_kind
from indexer.readers.keys import fold_key
from indexer.readers.limits import MAX_WRAPPERS, limit_record
from indexer.readers.records import Record
from indexer.word_list import list_words

#: Keys of an object under which exports keep the list of articles, folded.
LIST_KEYS: Final = list_words(
    """
    articles article data items results result docs documents rows posts news berita artikel
    records entries hits response list output
    """
)
_CHUNK: Final = 1 << 20
#: Space, and the marks of UTF-8 that files joined together have between them.
_SPACE: Final = re.compile("[ \t\r\n\ufeff]*")
_NEXT_OBJECT: Final = re.compile(r"\}\s*(?:,\s*)?(?=\{)")
#: A bracket, a string without escapes, or where another string begins.
_STRUCTURE: Final = re.compile(r'[\[\]{}]|"(?:[^"\\]*")?')


class _Broken(Exception):
    """A value at the cursor that is not JSON, however much more is read."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


class _Unheld(Exception):
    """A value at the cursor that is too large, or nested too deeply, to be held in memory."""


class _Cursor:
    """A place in a text that is read as needed. ``limit``: characters a value may have."""

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
        """Read more, dropping what is behind the cursor; whether there was more."""
        if self._ended:
            return False
        more = self._stream.read(_CHUNK)
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
        """How many characters stand before the cursor."""
        return self._dropped + self.position

    def peek(self) -> str:
        """The next character that is no space, or an empty string at the end."""
        while True:
            match = _SPACE.match(self.text, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self.text):
                return self.text[self.position]
            if not self._fill():
                return ""

    def take(self, char: str) -> bool:
        """Step over ``char`` where it is next."""
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
                    raise _Unheld(f"over the limit of {self.limit:,} bytes") from error
                if not self._fill():
                    raise _Broken(reason, error.pos) from error
                continue
            # A number at the very end of what was read may go on.
            if end == len(self.text) and not isinstance(value, dict | list | str) and self._fill():
                continue
            self.position = end
            return value

    def skip_value(self) -> bool:
        """Step over the object, array or string at the cursor without holding it; ``False`` where
        it does not end.
        """
        depth = 0
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
        """Step over the rest of a string, and its closing quotation mark."""
        while True:
            end = self.text.find('"', self.position)
            before = self.text[self.position : end] if end >= 0 else self.text[self.position :]
            # An odd number of backslashes escapes what follows.
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
        """Move to where another object seems to begin; ``False`` at the end."""
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
    """What is wrong, and whether it is that a string has no end as yet."""
    if error.msg.startswith("Unterminated string"):
        return "a string does not end (was the file cut off?)", True
    return error.msg, False


def read_json_document(
    source: Input, *, max_article_bytes: int
) -> Iterator[Record | Reject | Warned]:
    """Records of a JSON document; an element that is broken is a Reject, and reading goes on."""
    encoding = choose_encoding(source.peek(SAMPLE_BYTES))
    if encoding is None:
        yield Reject(source.path, 1, "it is not text: it has zero bytes")
        return
    if not encoding.startswith("utf"):
        yield Warned(source.path, 1, f"the file is not UTF-8; read as {encoding}")
    errors = ERRORS if encoding.startswith("utf-8") else "replace"
    with io.TextIOWrapper(source.stream, encoding, errors) as text:
        cursor = _Cursor(text, limit_record(max_article_bytes))
        while True:
            first = cursor.peek()
            if first == "[":
                cursor.position += 1
                yield from _read_elements(source, cursor)
            elif first == "{":
                yield from _read_object(source, cursor)
            elif first:
                yield Reject(
                    source.path,
                    cursor.current_line(),
                    "broken JSON: neither an array nor an object begins here",
                    cursor.excerpt(),
                )
                if not cursor.skip_to_next_object():
                    return
            else:
                return
            cursor.take(",")


def _read_elements(source: Input, cursor: _Cursor) -> Iterator[Record | Reject]:
    """The elements of an array whose bracket has been read."""
    while True:
        while cursor.take(","):
            pass
        if cursor.take("]"):
            return
        if not cursor.peek():
            if not source.problem:
                yield Reject(
                    source.path, cursor.current_line(), "broken JSON: the array does not end"
                )
            return
        line = cursor.current_line()
        excerpt = cursor.excerpt()
        try:
            value = cursor.read_value()
        except _Unheld as unheld:
            if not cursor.skip_value() and source.problem:
                return
            yield Reject(source.path, line, f"the element is {unheld}", excerpt)
            continue
        except _Broken as broken:
            if source.problem:
                return
            yield Reject(source.path, line, f"broken JSON: {broken}", cursor.excerpt())
            cursor.position = max(cursor.position + 1, broken.position)
            if not cursor.skip_to_next_object():
                return
            continue
        if isinstance(value, dict):
            yield Record(line, value)
        else:
            kind = name_json_kind(value)
            excerpt = make_excerpt(str(value))
            yield Reject(source.path, line, f"it is {kind}, not an object", excerpt)


def _read_object(source: Input, cursor: _Cursor, depth: int = 0) -> Iterator[Record | Reject]:
    """An object: the list of articles it holds, or itself as one."""
    line = cursor.current_line()
    excerpt = cursor.excerpt()
    cursor.position += 1
    own = _Members(cursor)
    listed = False
    try:
        while not cursor.take("}"):
            key = _read_key(cursor)
            wanted = fold_key(key) in LIST_KEYS
            if wanted and cursor.take("["):
                listed = True
                yield from _read_elements(source, cursor)
            elif wanted and cursor.peek() == "{" and depth < MAX_WRAPPERS and not own.is_article:
                # {"hits": {"hits": [...]}}, {"response": {"docs": [...]}}
                listed = True
                yield from _read_object(source, cursor, depth + 1)
            else:
                own.read(key)
            if not cursor.take(",") and cursor.peek() != "}":
                raise _Broken("Expecting ',' or '}'", cursor.position)
    except _Broken as broken:
        if not source.problem:
            yield Reject(source.path, line, f"broken JSON: {broken}", excerpt)
        cursor.position = max(cursor.position + 1, broken.position)
        cursor.skip_to_next_object()
        return
    if listed:
        return
    if own.unheld:
        yield Reject(source.path, line, f"the object is {own.unheld}", excerpt)
    elif own.values:
        yield Record(line, own.values)


def _read_key(cursor: _Cursor) -> str:
    """The key at the cursor, and the colon behind it. Raises _Broken."""
    try:
        key = cursor.read_value()
    except _Unheld as unheld:
        raise _Broken(f"a key is {unheld}", cursor.position) from unheld
    if not isinstance(key, str) or not cursor.take(":"):
        raise _Broken("Expecting a key and a colon", cursor.position)
    return key


class _Members:
    """What an object holds besides the list of articles, as long as it is no more than a record
    may be; beyond, ``values`` is empty and ``unheld`` says why.
    """

    def __init__(self, cursor: _Cursor) -> None:
        self.values: dict[str, Any] = {}
        self.unheld = ""
        self._cursor = cursor
        self._length = 0

    @property
    def is_article(self) -> bool:
        return not self.values.keys().isdisjoint(("body", "title"))

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
        self._length += cursor.offset - start
        if self._length > cursor.limit:
            self.unheld = f"over the limit of {cursor.limit:,} bytes"
            self.values.clear()
        else:
            self.values[key] = value
