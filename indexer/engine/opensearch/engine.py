"""The engine for sites that outgrow one machine: an index in OpenSearch."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import Any

from indexer.engine.opensearch.address import Address
from indexer.engine.opensearch.check import find_problems
from indexer.engine.opensearch.cluster import Cluster
from indexer.engine.opensearch.indices import create_index
from indexer.engine.opensearch.mapping import FORMAT
from indexer.engine.opensearch.shelf import Shelf
from indexer.engine.opensearch.snapshot import OpenSearchSnapshot
from indexer.engine.opensearch.state import StateIndex
from indexer.engine.opensearch.word_documents import VocabularyReader
from indexer.engine.opensearch.words import Words
from indexer.engine.opensearch.writer import OpenSearchWriter
from indexer.own_fields.declaration import NO_FIELDS, OwnFields
from indexer.own_fields.file import FieldsFile


class OpenSearchEngine:
    """See :class:`indexer.engine.base.Engine`. Thread-safe. ``folder`` holds what a site keeps
    beside an index: its own fields, dictionary and keys.
    """

    def __init__(self, address: Address, folder: Path | None = None) -> None:
        self._address = address
        self._cluster = Cluster(address)
        self._state = StateIndex(self._cluster)
        self._fields = FieldsFile(folder) if folder is not None else None
        self._shelf = Shelf()
        self._opening = threading.Lock()
        self._snapshot: OpenSearchSnapshot | None = None
        self._vocabulary = VocabularyReader(self._state)

    @property
    def fields(self) -> OwnFields:
        return self._fields.current() if self._fields is not None else NO_FIELDS

    def writer(self, *, wait_s: float = 0.0) -> OpenSearchWriter:
        return OpenSearchWriter(self._cluster, self._vocabulary, wait_s=wait_s)

    def snapshot(self) -> OpenSearchSnapshot:
        generation = self._state.read_generation()
        current = self._snapshot
        if current is not None and current.identity == generation.identity:
            return current
        with self._opening:
            current = self._snapshot
            if current is None or current.identity != generation.identity:
                words = Words(partial(self._vocabulary.read, generation))
                current = OpenSearchSnapshot(self._cluster, generation, words, self._shelf)
                self._snapshot = current
            return current

    def check(self) -> list[str]:
        return find_problems(self._cluster, self._state)

    def describe(self) -> dict[str, Any]:
        generation = self._state.read_generation()
        name = generation.data
        about = self._cluster.request("GET", f"/{name}/_stats/store,docs")["_all"]["total"]
        health = self._cluster.request("GET", f"/_cluster/health/{name}")
        return {
            "path": str(self._address),
            "format": FORMAT,
            "engine": "opensearch",
            "version": self._cluster.check_version(),
            "generation": generation.number,
            "articles": generation.articles,
            "index": name,
            "health": health["status"],
            "nodes": health["number_of_data_nodes"],
            "shards": health["active_shards"],
            "missing_shards": health["unassigned_shards"],
            "bytes": about["store"]["size_in_bytes"],
        }

    def close(self) -> None:
        """Close the connections; the engine reopens them when needed."""
        self._snapshot = None
        self._cluster.close()


def open_engine(
    address: Address, folder: Path | None = None, *, create: bool = False
) -> OpenSearchEngine:
    """The engine on the index at ``address``; with ``create``, an empty index is created if there
    is none. Raises EngineUnavailable, IndexNotFound, IndexOutdated.
    """
    engine = OpenSearchEngine(address, folder)
    if create:
        create_index(engine._cluster)
    return engine
