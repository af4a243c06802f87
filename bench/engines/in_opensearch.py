"""Our engine in OpenSearch, through its seam: the address of a node in ``SEARCHSVC_OPENSEARCH``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from bench.engines.embedded import EmbeddedDriver
from indexer.engine.base import AnalysedBatch, Engine
from indexer.engine.opensearch.address import read_address
from indexer.engine.opensearch.engine import open_engine

#: The nodes: ``http://127.0.0.1:9200``.
NODE: Final = "SEARCHSVC_OPENSEARCH"
#: Articles a commit, as ``searchsvc index`` has them.
_COMMIT_EVERY: Final = 20_000


class OpenSearchDriver(EmbeddedDriver):
    """The same requests as of the embedded engine. Of one index for each folder, which stays in the
    cluster until it is built again.
    """

    index_of = "opensearch"

    def __init__(self) -> None:
        if not os.environ.get(NODE):
            raise ImportError(f"{NODE} names no node")
        self._waiting = 0

    def open_engine(self, folder: Path, *, create: bool = False) -> Engine:
        # The folders of a corpus and of its indexes.
        name = f"bench-{folder.parents[1].name}".lower()
        address = read_address(f"{os.environ[NODE].rstrip('/')}/{name}")
        return open_engine(address, create=create)

    def start_build(self, folder: Path) -> None:
        super().start_build(folder)
        self._writer.delete_all()

    def add(self, converted: AnalysedBatch) -> None:
        super().add(converted)
        self._waiting += len(converted.documents)
        if self._waiting >= _COMMIT_EVERY:
            self._writer.commit(more=True)
            self._waiting = 0

    def measure_index(self, folder: Path) -> int:
        size: int = self.open_engine(folder).describe()["bytes"]
        return size
