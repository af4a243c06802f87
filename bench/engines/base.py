"""What the benchmark asks of an engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bench.places import measure_bytes
from bench.workload import BenchQuery
from indexer.engine.base import AnalysedBatch

PAGE = 10
MOST_VALUES = 20


@dataclass(slots=True)
class Found:
    """An answer: the exact total, (id, title, snippet) of the hits, facet counts.

    Facets are the most frequent values, at most :data:`MOST_VALUES`; ``month`` all of them.
    """

    total: int
    hits: list[tuple[str, str, str]]
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


class InFolder:
    """What drivers share whose index is all in its folder."""

    def measure_index(self, folder: Path) -> int:
        return measure_bytes(folder)


class Driver(Protocol):
    """One engine. A process makes one, builds or searches with it, and ends."""

    #: Whether the engine is searched in the index that another one built.
    index_of: str
    #: What it cannot do, of :data:`bench.workload.KINDS`.
    lacks: frozenset[str]

    def start_build(self, folder: Path) -> None:
        """Prepare an empty index in ``folder``, which exists."""

    def convert(self, batch: AnalysedBatch) -> Any:
        """The batch in the form in which :meth:`add` takes it. Not timed."""

    def add(self, converted: Any) -> None:
        """Index these articles. Timed."""

    def finish_build(self) -> None:
        """Make the index durable and ready to be searched. Timed."""

    def measure_index(self, folder: Path) -> int:
        """Bytes of the finished index."""

    def open(self, folder: Path) -> None:
        """Open the index to search it."""

    def search(self, query: BenchQuery) -> Found:
        """The answer, with ten hits read from the index. Timed."""

    def close(self) -> None:
        """Let go of the index opened to search."""
