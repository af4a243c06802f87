"""What a format reader yields: records with the line they came from, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from indexer.article import Reject, Warned
from indexer.readers.input import Input


@dataclass(frozen=True, slots=True)
class Record:
    """One article as the input has it. ``line`` counts from 1."""

    line: int
    values: Mapping[str, Any]


class Reader(Protocol):
    """Reads one input of one format, lazily.

    ``max_article_bytes`` bounds what is held in memory of one record; a record beyond it is a
    Reject, and reading goes on behind it. Raises UnreadableInput only where nothing of the
    input can be understood.
    """

    def __call__(
        self, source: Input, *, max_article_bytes: int
    ) -> Iterator[Record | Reject | Warned]: ...
