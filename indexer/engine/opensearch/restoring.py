"""How is a saved generation brought back? Beside the index, verified, and then shown at once.

It is restored under names of its own. Until the document ``generation`` names them nobody sees
them, and afterwards everybody does: as a commit that replaces all articles, so that services go on
with it at their next request. What they remember goes by the names of indexes and words, which are
new.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import uuid4

from indexer.engine.opensearch.check import check_articles
from indexer.engine.opensearch.cluster import Body, Cluster
from indexer.engine.opensearch.indices import (
    count_replicas,
    create_state,
    drop_data,
    list_indices,
    point_alias,
    refuse_taken_name,
)
from indexer.engine.opensearch.saving import (
    SavedGeneration,
    SnapshotUnusable,
    pauses,
    verify_snapshot,
)
from indexer.engine.opensearch.state import Generation, Lease, StateIndex
from indexer.engine.opensearch.word_documents import sum_words, write_words
from indexer.errors import IndexCorrupt, IndexerError, IndexNotFound, IndexOutdated


class Restoration:
    """The generation ``saved``, to become the newest of the index at the cluster's address. Nobody
    else writes to that index until :meth:`close`, which removes everything that was not shown.
    """

    def __init__(self, cluster: Cluster, saved: SavedGeneration, *, wait_s: float = 0.0) -> None:
        """``wait_s``: seconds to wait for another writer. Raises NoRepository, SnapshotUnusable,
        IndexLocked, EngineUnavailable.
        """
        cluster.check_version()
        verify_snapshot(cluster, saved)
        refuse_taken_name(cluster)
        self._cluster = cluster
        self._saved = saved
        self._state = StateIndex(cluster)
        name, once = cluster.address.name, uuid4().hex[:12]
        self._data = f"{name}.data-{once}"
        self._beside = StateIndex(cluster, f"{name}.state-{once}")
        self._found = self._state.exists()
        if not self._found:
            create_state(cluster, self._state.name)
        self._lease = Lease(self._state)
        try:
            self._lease.acquire(wait_s)
        except BaseException:
            self._remove_made()
            raise
        try:
            self._old = self._read_old()
            if self._old is not None and self._old.data:
                self._drop_left(self._old)
            self._load()
            self._new = self._number_anew()
            self._verify()
        except BaseException:
            self.close()
            raise

    # --- beside the index

    def _read_old(self) -> Generation | None:
        """The newest generation, if there is one; one that cannot be read has no number."""
        try:
            return self._state.read_generation()
        except IndexNotFound:
            return None
        except (IndexCorrupt, IndexOutdated):
            return Generation(0, "", "", version=self._state.read_version())

    def _load(self) -> None:
        """Restore the snapshot under the names that were chosen for it."""
        name, _, once = self._data.rpartition(".data-")
        self._cluster.request(
            "POST",
            f"{self._saved.path}/_restore",
            {
                "indices": ",".join(self._saved.indices),
                "include_global_state": False,
                "include_aliases": False,
                "rename_pattern": r"^[^.]+\.(data|state).*$",
                "rename_replacement": f"{name}.$1-{once}",
                "index_settings": {"index.number_of_replicas": count_replicas(self._cluster)},
            },
        )
        for pause in pauses():
            self._lease.keep()
            if self._has_started():
                return
            time.sleep(pause)

    def _has_started(self) -> bool:
        """Whether every shard is there. Raises SnapshotUnusable if one cannot be restored."""
        names = f"{self._data},{self._beside.name}"
        told = self._cluster.request("GET", f"/_cluster/state/routing_table/{names}")
        indices: dict[str, Any] = told["routing_table"]["indices"]
        primaries: list[Body] = [
            shard
            for index in indices.values()
            for copies in index["shards"].values()
            for shard in copies
            if shard["primary"]
        ]
        for shard in primaries:
            why = shard.get("unassigned_info", {})
            if shard["state"] == "UNASSIGNED" and why.get("allocation_status") == "deciders_no":
                raise SnapshotUnusable(self._saved, _explain(why))
        return all(shard["state"] == "STARTED" for shard in primaries)

    def _number_anew(self) -> Generation:
        """The saved generation as one of what was restored; without its words yet. Marks of later
        ones, which were written while the snapshot was taken, mean nothing in it.
        """
        saved = self._saved.generation
        marks = {mark: {"max": {"field": mark}} for mark in ("born", "died")}
        told = self._cluster.search(self._data, {"size": 0, "aggs": marks})["aggregations"]
        greatest = max(saved.number, *(int(told[mark]["value"] or 0) for mark in marks))
        return replace(
            saved,
            number=greatest + 1,
            identity=uuid4().hex,
            data=self._data,
            abandoned=(*saved.abandoned, *range(saved.number + 1, greatest + 1)),
            words=(),
            replaced=(),
            retired=(),
        )

    def _verify(self) -> None:
        """Raise SnapshotUnusable if articles or words are missing or do not agree."""
        problems = check_articles(self._cluster, self._new)
        if problems:
            raise SnapshotUnusable(self._saved, problems[0].rstrip("."))
        try:
            self._words = sum_words(self._beside, self._saved.generation.words)
        except IndexCorrupt as error:
            raise SnapshotUnusable(self._saved, error.problem) from error

    # --- in its place

    def show(self) -> int:
        """Make the restored generation the newest one; return its number. Raises IndexTakenOver,
        EngineUnavailable.
        """
        self._lease.keep()
        number, old, now = self._new.number, self._old, time.time()
        retired: tuple[tuple[str, float], ...] = ()
        if old is not None and old.data:
            retired = (*old.retired, *((name, now) for name in (*old.words, old.data)))
        new = replace(
            self._new,
            words=write_words(self._state, number, self._words, (), whole=True),
            retired=retired,
        )
        self._state.write_generation(new, old)
        self._lease.restart(number)
        point_alias(self._cluster, new.data)
        self._drop_left(new)
        return number

    def _drop_left(self, newest: Generation) -> None:
        """Drop what runs that were killed have left: nobody else writes now, and readers need what
        the newest generation names.
        """
        named = {newest.data, *(name for name, _ in newest.retired)}
        name = self._cluster.address.name
        for left in list_indices(self._cluster, f"{name}.data-*,{name}.state-*"):
            if left not in named:
                drop_data(self._cluster, left)

    # --- leaving

    def close(self) -> None:
        """Let others write, and remove what was not shown, as far as OpenSearch lets that be."""
        with suppress(IndexerError):
            drop_data(self._cluster, self._beside.name)
            newest = self._read_old()
            if newest is None or newest.data != self._data:
                drop_data(self._cluster, self._data)
        self._lease.release()
        self._remove_made()

    def _remove_made(self) -> None:
        """Remove the companion index if it was made here and has no generation."""
        if not self._found:
            with suppress(IndexerError):
                if self._read_old() is None:
                    drop_data(self._cluster, self._state.name)

    def __enter__(self) -> Restoration:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _explain(unassigned: Body) -> str:
    """Why a shard is on no node."""
    if not unassigned.get("failed_attempts"):
        return "no node takes a shard of it; is there room on their disks?"
    # The innermost exception is told last.
    cause = str(unassigned.get("details", "")).rpartition("; nested: ")[2].strip("; ")
    return f"a shard of it cannot be restored ({cause[:200]})"
