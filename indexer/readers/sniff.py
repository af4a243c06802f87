"""Which format a stream without a name is in, by its first bytes."""

from __future__ import annotations

import csv
from typing import Final

import orjson

from indexer.readers.decode import decode
from indexer.readers.keys import KeyMap

_DELIMITERS: Final = {",": "csv", ";": "csv", "\t": "tsv"}


def sniff_format(sample: bytes, keys: KeyMap) -> str:
    """The name of the format that ``sample`` begins; ``text`` where nothing else fits.

    >>> sniff_format(b'{"judul": "A"}\\n{"judul": "B"}\\n', KeyMap())
    'jsonl'
    """
    decoded = decode(sample)
    text = decoded[0].lstrip() if decoded is not None else ""
    if text.startswith("["):
        return "json"
    first, newline, rest = text.partition("\n")
    if text.startswith("{"):
        try:
            orjson.loads(first)
        except orjson.JSONDecodeError:
            # An object over several lines; or one line longer than the sample.
            return "json" if newline else "jsonl"
        return "jsonl"
    if rest:
        for delimiter, name in _DELIMITERS.items():
            columns = next(csv.reader([first], delimiter=delimiter), [])
            if len(columns) > 1 and keys.finds_text(columns):
                return name
    return "text"
