"""What does a watched source yield? Changes in chunks, each recorded once it is in the index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from indexer.article import Reject, Warned
from indexer.ingest.build_article import Draft


@dataclass(slots=True)
class Taken:
    """The result of a chunk: the ids of the articles from each key, and the keys with rejects."""

    given: dict[str, list[str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some changes of a source. ``items`` are drafts of articles, with the key of their file or
    entry. ``settle`` records that they are in the index, inside a transaction of the state, and
    returns the ids of articles that the source no longer has.
    """

    items: Iterable[tuple[str, Draft | Reject | Warned]]
    settle: Callable[[Taken], Collection[str]]


class Source(Protocol):
    """A folder, or a web address; ``address`` is as given."""

    address: str

    def look(self) -> Iterator[Chunk]:
        """The changes since the last check. Raises NotRead."""
        ...
