"""How do objects written in JavaScript become JSON? Keys without quotation marks, strings in single
ones, commas behind the last member.

MongoDB's shell prints them, and sites keep articles in modules: ``export const berita = [{ judul:
'Satu' }]``. Only the text is converted, as it is read; it is never executed.
"""

from __future__ import annotations

import io
import json
import re
from typing import Final, NamedTuple

_CHUNK: Final = 1 << 16
#: The first member of an object whose key has no quotation marks.
_BARE_KEY: Final = re.compile(
    r"[^{\"'`]{0,300}?\{\s*(?:(?://[^\n]*\n|/\*.{0,500}?\*/)\s*)?[A-Za-z_$][\w$]*\s*:", re.S
)
#: What differs from JSON, and strings, in which nothing does; a quotation mark alone begins a
#: string that does not end yet.
_TOKEN: Final = re.compile(
    r"(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)|(?P<open>[\"'`]|/\*)"
    r"|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<key>[A-Za-z_$][\w$]*)(?=\s*:)|(?P<comma>,)(?=\s*[}\]])"
    r"|(?P<nothing>\bundefined\b)|\n",
    re.DOTALL,
)
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
    """``stream`` as JSON, converted whole lines at a time."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self._stream = stream
        self._text = self._before = ""
        self._ended = False

    def read(self, size: int | None = -1, /) -> str:
        """More of the text, of any length; empty at the end."""
        while not self._ended:
            more = self._stream.read(_CHUNK)
            self._ended = not more
            self._text += more
            converted = _convert(self._text, self._before, whole=self._ended)
            if converted.text or self._ended:
                self._text, self._before = self._text[converted.used :], converted.last
                return converted.text
        return ""


class _Converted(NamedTuple):
    """JSON, the number of characters it was converted from, and the last of these that counts."""

    text: str
    used: int
    last: str


def _convert(text: str, before: str, *, whole: bool) -> _Converted:
    """The JSON of the complete lines at the beginning of ``text``, or of all of it. ``before``: the
    last character before it, without white space and comments.
    """
    pieces: list[str] = []
    done = lines = 0
    position = 0
    last = before
    for token in _TOKEN.finditer(text):
        if token["open"]:
            break
        between = text[position : token.start()]
        before = between.rstrip()[-1:] or before
        # "const posts: Post[] = [" has no key.
        kept = bool(token["key"]) and before not in ("{", ",")
        pieces += (between, token[0] if kept else _write(token))
        before = token[0][-1] if token["string"] or token["key"] else before
        position = token.end()
        if token[0] == "\n" and before != ",":
            # What follows a comma decides whether it stays.
            done, lines, last = position, len(pieces), before
    if whole:
        return _Converted("".join(pieces) + text[position:], len(text), before)
    return _Converted("".join(pieces[:lines]), done, last)


def _write(token: re.Match[str]) -> str:
    if token["string"]:
        quoted = token["string"]
        return quoted if quoted[0] == '"' else f'"{_ESCAPE.sub(_write_character, quoted[1:-1])}"'
    if token["key"]:
        return json.dumps(token["key"])
    if token["nothing"]:
        return "null"
    return "\n" if token[0] == "\n" else ""


def _write_character(found: re.Match[str]) -> str:
    if found["raw"]:
        return _RAW[found["raw"]]
    char = found["char"]
    return found[0] if char in _SHARED else "" if char == "\n" else char
