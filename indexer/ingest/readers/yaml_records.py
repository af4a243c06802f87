"""How is YAML read? A list of articles, or one a document (``.yaml``, ``.yml``).

A list is cut into its items as text, and each is parsed on its own: a broken one becomes a Reject,
and the others are read, whatever the file's size.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.ingest.build_article import make_excerpt
from indexer.ingest.readers.decode import NOT_TEXT, SAMPLE_BYTES, choose_encoding, open_text
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.limits import limit_record
from indexer.ingest.readers.markdown_post import parse_yaml
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.readers.shapes import find_articles

#: The beginning of an item that is an object, and of a document.
_ITEM: Final = re.compile(
    r"(?P<indent> *)-(?: +|[ \t]*\r?\n)(?:[\"']?[\w@$][\w@$ .-]{0,60}[\"']?:)?"
)
_DOCUMENT: Final = re.compile(r"(?:---|\.\.\.)(?:\s|$)")


def read_yaml(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """Records of the items of a list, or of documents."""
    encoding = choose_encoding(source.peek(SAMPLE_BYTES))
    if encoding is None:
        yield Reject(source.path, 1, NOT_TEXT)
        return
    limit = limit_record(options.max_article_bytes)
    with open_text(source.stream, encoding) as text:
        for line, piece in _cut(text, limit):
            if piece is None:
                reason = f"the item is over the limit of {limit:,} bytes"
                yield Reject(source.path, line, reason)
            elif piece.strip():
                yield from _read_piece(source.path, line, piece, options)


def _read_piece(path: str, line: int, piece: str, options: Options) -> Iterator[Record | Reject]:
    try:
        value: Any = parse_yaml(piece)
    except ValueError as problem:
        yield Reject(path, line, f"broken item: {problem}", make_excerpt(piece[:400]))
        return
    if not isinstance(value, list | dict):
        if value is not None:
            yield Reject(path, line, "it is no object", make_excerpt(piece[:400]))
        return
    found = find_articles(value, options.keys)
    if not found:
        found = [one for one in (value if isinstance(value, list) else [value]) if one]
    for one in found:
        if isinstance(one, dict):
            yield Record(line, one)
        else:
            yield Reject(path, line, "it is no object", make_excerpt(str(one)))


def _cut(text: io.TextIOBase, limit: int) -> Iterator[tuple[int, str | None]]:
    """The items of the outermost list, or the documents, with their first lines; ``None`` for one
    that is longer than ``limit``.
    """
    pieces: list[str] = []
    size = 0
    begin = number = 1
    indent: str | None = None
    while line := text.readline(limit + 1):
        item = _ITEM.match(line)
        if indent is None and not line.startswith((" ", "#", "---", "%")) and line.strip():
            # The first line that says something: an item of a list, or the key of an object.
            indent = "" if item is not None else "object"
        begins = item is not None and item["indent"] == indent
        if begins or _DOCUMENT.match(line):
            yield begin, "".join(pieces) if size <= limit else None
            pieces, size, begin = [], 0, number
        if not _DOCUMENT.match(line):
            size += len(line)
            if size <= limit:
                pieces.append(line)
        number += line.endswith("\n")
    yield begin, "".join(pieces) if size <= limit else None
