"""How is a generation saved outside its index while writers go on? In a snapshot of OpenSearch.

A snapshot has each shard as it is at some moment after it was asked for, so what is in it is of no
one generation. But all that a generation needs stays for some minutes after the next commit
(``state.GRACE_S``). So the newest generation is read first, and is whole in the snapshot if all
shards were taken within that time. Its document is kept by the caller: that in the snapshot may be
of a later one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from indexer.engine.opensearch.cluster import Body, Cluster
from indexer.engine.opensearch.state import GRACE_S, Generation, StateIndex, parse_generation
from indexer.errors import EngineUnavailable, IndexerError

_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 2.0
#: What a snapshot is before it is complete, or will never be.
_UNDER_WAY: Final = ("INIT", "STARTED", "IN_PROGRESS")
_MOST_NAMED: Final = 10


class NoRepository(IndexerError):
    """It is not known where snapshots should lie."""

    def __init__(self, cluster: Cluster, reason: str) -> None:
        super().__init__(f"The cluster of {cluster.address} has {reason}.")


class SnapshotUnusable(IndexerError):
    """A snapshot is missing, or is not whole."""

    def __init__(self, saved: SavedGeneration, reason: str) -> None:
        super().__init__(
            f"The snapshot {saved.snapshot} in the repository {saved.repository} cannot be used: "
            f"{reason}."
        )


@dataclass(frozen=True, slots=True)
class SavedGeneration:
    """A generation, and the snapshot that holds what it needs."""

    repository: str
    snapshot: str
    generation: Generation

    @property
    def path(self) -> str:
        return _name_path(self.repository, self.snapshot)

    @property
    def indices(self) -> tuple[str, str]:
        """Of its articles, and their companion."""
        name = self.generation.data.partition(".")[0]
        return self.generation.data, f"{name}.state"

    def to_record(self) -> Body:
        return {
            "repository": self.repository,
            "snapshot": self.snapshot,
            "generation": self.generation.to_document(),
        }


def _name_path(repository: str, snapshot: str) -> str:
    return f"/_snapshot/{quote(repository, safe='')}/{quote(snapshot, safe='')}"


def read_record(record: Any, place: str) -> SavedGeneration:
    """What :meth:`SavedGeneration.to_record` wrote in ``place``. Raises KeyError, TypeError if it
    is no such record, IndexCorrupt, IndexOutdated.
    """
    generation = parse_generation(record["generation"], place)
    return SavedGeneration(str(record["repository"]), str(record["snapshot"]), generation)


def choose_repository(cluster: Cluster, wanted: str = "") -> str:
    """The snapshot repository ``wanted`` of the cluster, or its only one. Raises NoRepository."""
    names = sorted(cluster.request("GET", "/_snapshot"))
    if wanted in names:
        return wanted
    if len(names) == 1 and not wanted:
        return names[0]
    shown = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
    if not names:
        folders = "" if _may_keep_in_folders(cluster) else " (path.repo is not set on its nodes)"
        reason = f"no snapshot repository{folders}; register one, as docs/engines.md says"
    elif wanted:
        reason = f"no snapshot repository {wanted}, but {shown}; choose one with --repository"
    else:
        reason = f"several snapshot repositories, {shown}; choose one with --repository"
    raise NoRepository(cluster, reason)


def _may_keep_in_folders(cluster: Cluster) -> bool:
    """Whether a repository may be a folder, for all we are let know."""
    try:
        nodes = cluster.request("GET", "/_nodes/settings").get("nodes", {})
    except EngineUnavailable:
        return True
    return not nodes or any(
        node.get("settings", {}).get("path", {}).get("repo") for node in nodes.values()
    )


def plan_snapshot(cluster: Cluster, repository: str = "") -> SavedGeneration:
    """The newest generation, to be saved at once by :func:`take_snapshot` in the repository of this
    name. Raises NoRepository, IndexNotFound, IndexOutdated, IndexCorrupt, EngineUnavailable.
    """
    cluster.check_version()
    chosen = choose_repository(cluster, repository)
    name = f"{cluster.address.name}-{time.strftime('%Y%m%dt%H%M%Sz', time.gmtime())}"
    generation = StateIndex(cluster).read_generation()
    return SavedGeneration(chosen, f"{name}-{uuid4().hex[:8]}", generation)


def take_snapshot(cluster: Cluster, saved: SavedGeneration) -> tuple[int, int]:
    """Take the snapshot and verify it; return its bytes, and those that no earlier snapshot in the
    repository has. Raises SnapshotUnusable, EngineUnavailable.
    """
    body = {"indices": ",".join(saved.indices), "include_global_state": False}
    cluster.request("PUT", saved.path, body)
    for pause in pauses():
        if _has_all_shards(cluster, saved):
            break
        time.sleep(pause)
    _refuse_late(cluster, saved)
    for pause in pauses():
        if _read_state(cluster, saved) not in _UNDER_WAY:
            break
        time.sleep(pause)
    verify_snapshot(cluster, saved)
    stats = _read_status(cluster, saved)["stats"]
    return stats["total"]["size_in_bytes"], stats["incremental"]["size_in_bytes"]


def pauses() -> Iterator[float]:
    """Seconds between looks at what takes an unknown time."""
    pause = _FIRST_PAUSE_S
    while True:
        yield pause
        pause = min(pause * 1.5, _LONGEST_PAUSE_S)


def _has_all_shards(cluster: Cluster, saved: SavedGeneration) -> bool:
    """Whether all shards are held as they will be in the snapshot, or it has failed."""
    status = _read_status(cluster, saved)
    if status["state"] not in _UNDER_WAY:
        return True
    indices = status["indices"].values()
    shards = [shard for index in indices for shard in index["shards"].values()]
    return bool(shards) and all(map(_is_held, shards))


def _is_held(shard: Body) -> bool:
    """Whether the shard will be in the snapshot as it is now. One that waits, for another snapshot
    or until it is on its node, is told as ``STARTED``, too, but since no time.
    """
    if shard["stage"] == "STARTED":
        return bool(shard["stats"]["start_time_in_millis"])
    return str(shard["stage"]) != "INIT"


def _read_status(cluster: Cluster, saved: SavedGeneration) -> Body:
    told = cluster.request("GET", f"{saved.path}/_status", missing=True)
    if not told:
        raise SnapshotUnusable(saved, "it was deleted meanwhile")
    status: Body = told["snapshots"][0]
    return status


def _refuse_late(cluster: Cluster, saved: SavedGeneration) -> None:
    """Raise SnapshotUnusable if parts of the generation may have been deleted before the snapshot
    had them.
    """
    newest = StateIndex(cluster).read_generation()
    if newest.identity == saved.generation.identity:
        return
    ended = dict(newest.replaced).get(saved.generation.number, 0.0)
    if time.time() - ended > GRACE_S:
        raise SnapshotUnusable(
            saved,
            f"OpenSearch began with the last shard more than {GRACE_S / 60:.0f} minutes after the "
            "generation to be saved had been replaced",
        )


def _read_state(cluster: Cluster, saved: SavedGeneration) -> str:
    return str(_describe(cluster, saved).get("state", ""))


def _describe(cluster: Cluster, saved: SavedGeneration) -> Body:
    """What OpenSearch says of the snapshot; empty if it is not there."""
    told = cluster.request("GET", saved.path, missing=True)
    return told["snapshots"][0] if told else {}


def verify_snapshot(cluster: Cluster, saved: SavedGeneration) -> None:
    """Raise NoRepository or SnapshotUnusable unless OpenSearch has the whole snapshot, as far as it
    tells without restoring it. Raises EngineUnavailable.
    """
    choose_repository(cluster, saved.repository)
    about = _describe(cluster, saved)
    if not about:
        raise SnapshotUnusable(saved, "it is not there")
    failed, state = about["shards"]["failed"], about["state"]
    if state != "SUCCESS" or failed:
        why = "".join(f" ({one['reason']})" for one in about["failures"][:1])
        raise SnapshotUnusable(
            saved,
            f"it is not whole: {state}, {failed} of {about['shards']['total']} shards failed{why}",
        )
    missing = set(saved.indices).difference(about["indices"])
    if missing:
        raise SnapshotUnusable(saved, f"it does not have {' and '.join(sorted(missing))}")


def delete_snapshot(cluster: Cluster, repository: str, snapshot: str) -> None:
    """Delete the snapshot if it is there, whole or not. Raises NoRepository if nobody knows, since
    the cluster does not have its repository at the moment, EngineUnavailable.
    """
    choose_repository(cluster, repository)
    cluster.request("DELETE", _name_path(repository, snapshot), missing=True)
