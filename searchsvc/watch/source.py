"""What does a watched source give? Some changes at a time, each noted once it is in the index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from indexer.article import Reject, Warned
from indexer.ingest.build_article import Draft


@dataclass(slots=True)
class Taken:
    """What became of a chunk: the ids of the articles that each key gave, and the keys of which
    something was refused.
    """

    given: dict[str, list[str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some changes of a source. ``items`` are what articles are made of, with the key of the file
    or entry that they come from. ``settle`` notes that they are in the index, inside a transaction
    of the state, and returns the ids of articles that the source no longer gives.
    """

    items: Iterable[tuple[str, Draft | Reject | Warned]]
    settle: Callable[[Taken], Collection[str]]


class Source(Protocol):
    """A folder, or an address of the web; ``address`` is what it was given as."""

    address: str

    def look(self) -> Iterator[Chunk]:
        """What changed since it was looked at last. Raises NotRead."""
        ...
