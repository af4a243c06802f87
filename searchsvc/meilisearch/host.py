"""What does the protocol need of the service that it is served by?"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from indexer.engine.base import Engine, Ranking, Snapshot
from indexer.language.analyzer import Analyzer
from indexer.own_fields.declaration import OwnFields
from searchsvc.settings import Settings


class HeldIndex(Protocol):
    """An index that is kept open, and opened anew when it is another."""

    def engine(self) -> Engine: ...

    def snapshot(self) -> Snapshot: ...


class Served(Protocol):
    """One index with what queries of it are read with."""

    @property
    def index(self) -> HeldIndex: ...

    @property
    def settings(self) -> Settings: ...

    def analyzer(self) -> Analyzer: ...

    def fields(self) -> OwnFields: ...

    def ranking(self) -> Ranking: ...


class Host(Served, Protocol):
    """The service, of all indexes."""

    def for_index(self, name: str) -> Served:
        """The index of this name. Raises IndexNotFound."""


def find_folder(served: Served) -> Path:
    """The folder of an index."""
    return served.settings.index
