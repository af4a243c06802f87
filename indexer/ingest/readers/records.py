"""What a format reader yields: records with the line they came from, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from indexer.article import Reject, Warned
from indexer.ingest.build_article import MAX_ARTICLE_BYTES
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.keys import KeyMap


@dataclass(frozen=True, slots=True)
class Record:
    """One article as the input has it. ``line`` counts from 1."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """What readers are told besides their input.

    ``max_article_bytes`` bounds what is held in memory of one record. ``keys`` says which keys
    mean what. ``delimiter`` separates the columns of a table; empty: found out. ``query`` is the
    SELECT by which a database is read; empty: its tables of articles. ``pages``: an entry of a
    sitemap is read with its page from the folder, and not only as the sitemap has it.
    """

    max_article_bytes: int = MAX_ARTICLE_BYTES
    keys: KeyMap = field(default_factory=KeyMap)
    delimiter: str = ""
    query: str = ""
    pages: bool = True


class Reader(Protocol):
    """Reads one input of one format, lazily.

    A record beyond the bounds is a Reject, and reading goes on behind it. Raises UnreadableInput
    only where nothing of the input can be understood.
    """

    def __call__(self, source: Input, options: Options) -> Iterator[Record | Reject | Warned]: ...
