"""Which lines does a text file given to a command have? Queries, judgements, tables of words.

Not for articles, which :mod:`indexer.ingest.readers` accepts in any encoding: here an unreadable
line means that it is the wrong file, and the whole file is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.errors import UnreadableInput
from indexer.ingest.readers.input import explain

_MOST_BYTES = 1_000_000


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The non-blank lines of ``path``, without their breaks, with numbers from 1.

    Raises UnreadableInput if the file cannot be read, or a line is not UTF-8 or over a megabyte.
    """
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(_MOST_BYTES + 1):
                number += 1
                if len(line) > _MOST_BYTES:
                    told = f"line {number} is over the limit of {_MOST_BYTES:,} bytes."
                    raise UnreadableInput(str(path), told)
                try:
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError as error:
                    told = f"line {number} is not a text in UTF-8. Save the file as UTF-8."
                    raise UnreadableInput(str(path), told) from error
                if text.strip():
                    yield number, text.rstrip("\r\n")
    except OSError as error:
        raise UnreadableInput(str(path), explain(error)) from error


def read_json_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """The value of each line of JSON Lines, with its number.

    Raises UnreadableInput like :func:`read_lines`, and if a line is not JSON.
    """
    for number, line in read_lines(path):
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UnreadableInput(str(path), f"line {number} is not JSON.") from error
