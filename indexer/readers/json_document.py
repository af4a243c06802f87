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
from indexer.readers.json_lines import name_json_kind
from indexer.readers.keys import fold_key
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
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NEXT_OBJECT: Final = re.compile(r"\}\s*,?\s*(?=\{)")
_DECODER: Final = json.JSONDecoder(strict=False)


class _Broken(Exception):
    """A value at the cursor that is not JSON, however much more is read."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


class _Cursor:
    """A place in a text that is read as needed."""

    def __init__(self, stream: io.TextIOBase, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._ended = False
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
        self.text = self.text[self.position :] + more
        self.position = self._counted = 0
        return not self._ended

    def current_line(self) -> int:
        """The line of the cursor, from 1."""
        self._line += self.text.count("\n", self._counted, self.position)
        self._counted = self.position
        return self._line

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
        """The value at the cursor. Raises _Broken."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.position)
            except (json.JSONDecodeError, RecursionError) as error:
                reason, position = _explain(error, self.position)
                inside = position < len(self.text) - 12 and not reason.startswith(
                    "a string does not end"
                )
                held = len(self.text) - self.position
                if inside or held > self._limit or not self._fill():
                    raise _Broken(reason, position) from error
                continue
            # A number at the very end of what was read may go on.
            if end == len(self.text) and not isinstance(value, dict | list | str) and self._fill():
                continue
            self.position = end
            return value

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


def _explain(error: Exception, position: int) -> tuple[str, int]:
    if isinstance(error, json.JSONDecodeError):
        if error.msg.startswith("Unterminated string"):
            return "a string does not end (was the file cut off?)", error.pos
        return error.msg, error.pos
    return "nested too deeply", position


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
        cursor = _Cursor(text, max_article_bytes * 3)
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
        try:
            value = cursor.read_value()
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


def _read_object(source: Input, cursor: _Cursor) -> Iterator[Record | Reject]:
    """An object: the list of articles it holds, or itself as one."""
    line = cursor.current_line()
    excerpt = cursor.excerpt()
    cursor.position += 1
    values: dict[str, Any] = {}
    listed = False
    try:
        while not cursor.take("}"):
            key = cursor.read_value()
            if not isinstance(key, str) or not cursor.take(":"):
                raise _Broken("Expecting a key and a colon", cursor.position)
            wanted = fold_key(key) in LIST_KEYS
            if wanted and cursor.peek() == "[":
                cursor.position += 1
                listed = True
                yield from _read_elements(source, cursor)
            elif wanted and cursor.peek() == "{" and not values.keys() & {"body", "title"}:
                # {"hits": {"hits": [...]}}, {"response": {"docs": [...]}}
                listed = True
                yield from _read_object(source, cursor)
            else:
                values[key] = cursor.read_value()
            if not cursor.take(",") and cursor.peek() != "}":
                raise _Broken("Expecting ',' or '}'", cursor.position)
    except _Broken as broken:
        if not source.problem:
            yield Reject(source.path, line, f"broken JSON: {broken}", excerpt)
        cursor.position = max(cursor.position + 1, broken.position)
        cursor.skip_to_next_object()
        return
    if not listed and values:
        yield Record(line, values)
