"""How do objects written in JavaScript become JSON? Keys without quotation marks, strings in single
ones, commas behind the last member.

MongoDB's shell prints them, and sites keep articles in modules: ``export const berita = [{ judul:
'Satu' }]``. Only the text is converted, as it is read; it is never executed.
"""

from __future__ import annotations

import io
import json
import re
from typing import Final

_CHUNK: Final = 1 << 16
#: Length of a word, with the space behind it, that is certainly no key.
_LONGEST_KEY: Final = 1 << 12
#: The first member of an object whose key has no quotation marks.
_BARE_KEY: Final = re.compile(
    r"[^{\"'`]{0,300}?\{\s*(?:(?://[^\n]*\n|/\*.{0,500}?\*/)\s*)?[A-Za-z_$][\w$]*\s*:", re.S
)
#: What differs from JSON, and what tells keys from other words.
_TOKEN: Final = re.compile(
    r"(?P<begin>[\"'`]|//|/\*)|(?P<word>[\w$]+)|(?P<mark>[^\w\s$])|(?P<space>\s+)"
)
_COLON: Final = re.compile(r"\s*(:?)")
#: What a string or comment has before its end, by how it begins.
_INSIDE: Final = {
    '"': re.compile(r'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL),
    "'": re.compile(r"[^'\\]*(?:\\.[^'\\]*)*", re.DOTALL),
    "`": re.compile(r"[^`\\]*(?:\\.[^`\\]*)*", re.DOTALL),
    "//": re.compile(r"[^\n]*"),
    "/*": re.compile(r"[^*]*(?:\*(?!/|\Z)[^*]*)*"),
}
_COMMENT_ENDS: Final = {"//": "\n", "/*": "*/"}
_ESCAPE: Final = re.compile(r"\\(?P<char>.)|(?P<raw>[\"\n\r\t])", re.DOTALL)
#: Escapes that JSON has as well.
_SHARED: Final = frozenset('"\\/bfnrtu')
_RAW: Final = {'"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def begins_as_script(text: str) -> bool:
    """Whether the first object in ``text`` is written in JavaScript.

    >>> begins_as_script("[ { judul: 'Satu' } ]"), begins_as_script('[{"judul": "Satu"}]')
    (True, False)
    """
    return _BARE_KEY.match(text) is not None


class JsonFromScript(io.TextIOBase):
    """``stream`` as JSON. Holds one chunk, wherever strings and lines end."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self._stream = stream
        #: What has been read but not converted: less than a token, or its beginning.
        self._rest = ""
        #: How the string or comment begins that has not ended; empty outside.
        self._inside = ""
        #: The last character without white space and comments. A comma has not been written.
        self._before = ""
        self._ended = False

    def read(self, size: int | None = -1, /) -> str:
        """``size`` characters of the text or some more; less only at the end."""
        pieces: list[str] = []
        missing = size if size is not None and size >= 0 else None
        while not self._ended and (missing is None or missing > 0):
            more = self._stream.read(_CHUNK)
            self._ended = not more
            converted = self._convert(self._rest + more)
            pieces.append(converted)
            missing = missing if missing is None else missing - len(converted)
        return "".join(pieces)

    def _convert(self, text: str) -> str:
        """The JSON of ``text``, except for what is decided by the text after it."""
        pieces: list[str] = []
        position = 0
        while position < len(text):
            if self._inside:
                position = self._leave(text, position, pieces)
                if self._inside:
                    break
                continue
            token = _TOKEN.match(text, position)
            if token is None or (not self._ended and _is_undecided(token, text)):
                break
            position = token.end()
            self._write(token, text, pieces)
        self._rest = text[position:]
        return "".join(pieces)

    def _leave(self, text: str, position: int, pieces: list[str]) -> int:
        """Convert the string or comment around ``position`` up to its end, if ``text`` has it; the
        position behind what was converted.
        """
        inner = _INSIDE[self._inside].match(text, position)
        content = inner[0] if inner else ""
        position += len(content)
        end = _COMMENT_ENDS.get(self._inside)
        if end is None:
            pieces.append(_ESCAPE.sub(_write_character, content))
            end = self._inside
        else:
            # The lines of what remains keep their numbers.
            pieces.append("\n" * content.count("\n"))
        if text.startswith(end, position):
            if end in _INSIDE:
                pieces.append('"')
            self._inside = ""
            position += len(end) if end != "\n" else 0
        return position

    def _write(self, token: re.Match[str], text: str, pieces: list[str]) -> None:
        if token["space"]:
            pieces.append(token[0])
            return
        if token["begin"] in _COMMENT_ENDS:
            self._inside = token[0]
            return
        if self._before == "," and token[0] not in ("}", "]", ","):
            pieces.append(",")
        if token["begin"]:
            self._inside = token[0]
            pieces.append('"')
        elif token["word"]:
            pieces.append(self._write_word(token, text))
        elif token[0] != ",":
            pieces.append(token[0])
        self._before = token[0][-1]

    def _write_word(self, token: re.Match[str], text: str) -> str:
        colon = _COLON.match(text, token.end())
        if colon is not None and colon[1]:
            # "const posts: Post[] = [" has no key.
            return json.dumps(token[0]) if self._before in ("{", ",") else token[0]
        return "null" if token[0] == "undefined" else token[0]


def _is_undecided(token: re.Match[str], text: str) -> bool:
    """Whether what follows ``text`` decides what ``token`` is: a key, or half of a comment's
    beginning.
    """
    if token["word"]:
        colon = _COLON.match(text, token.end())
        near = len(text) - token.start() < _LONGEST_KEY
        return near and colon is not None and colon.end() == len(text) and not colon[1]
    return token[0] == "/" and token.end() == len(text)


def _write_character(found: re.Match[str]) -> str:
    if found["raw"]:
        return _RAW[found["raw"]]
    char = found["char"]
    return found[0] if char in _SHARED else "" if char == "\n" else char
