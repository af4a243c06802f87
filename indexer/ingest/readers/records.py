"""What does a format reader yield? Records with the line they came from, and what went wrong."""

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
    """One article as in the input. ``line`` counts from 1."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """Settings that readers receive besides their input.

    ``max_article_bytes`` bounds the memory used for one record. ``keys`` says which keys mean what.
    ``delimiter`` separates the columns of a table; empty: detected. ``query`` is the SELECT with
    which a database is read; empty: its tables of articles. ``pages``: an entry of a sitemap is
    read together with its page from the folder, not only from the sitemap.
    """

    max_article_bytes: int = MAX_ARTICLE_BYTES
    keys: KeyMap = field(default_factory=KeyMap)
    delimiter: str = ""
    query: str = ""
    pages: bool = True


class Reader(Protocol):
    """Reads one input of one format, lazily.

    A record beyond the bounds becomes a Reject, and reading continues after it. Raises
    UnreadableInput only if nothing of the input can be parsed.
    """

    def __call__(self, source: Input, options: Options) -> Iterator[Record | Reject | Warned]: ...
