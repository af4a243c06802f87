"""Which indexes does OpenSearch hold for one of ours? Made, named and removed."""

from __future__ import annotations

import os
from typing import Final
from uuid import uuid4

from indexer.engine.opensearch.address import REPLICAS, SHARDS, read_count
from indexer.engine.opensearch.cluster import Cluster
from indexer.engine.opensearch.mapping import describe_data, describe_state
from indexer.engine.opensearch.state import Generation, StateIndex
from indexer.errors import EngineUnavailable, IndexNotFound, IndexTakenOver

#: One shard holds some tens of millions of articles; see docs/engines.md.
_SHARDS: Final = 1


def create_index(cluster: Cluster) -> None:
    """Create an empty index at the cluster's address if there is none."""
    cluster.check_version()
    state = StateIndex(cluster)
    try:
        state.read_generation()
        return
    except IndexNotFound:
        pass
    refuse_taken_name(cluster)
    # Described before anything is created: the environment may set what cannot be.
    articles = _describe_data(cluster)
    create_state(cluster, state.name)
    data = _create_data(cluster, articles)
    try:
        state.write_generation(Generation(0, uuid4().hex, data), None)
    except IndexTakenOver:
        # Somebody else has created it meanwhile.
        drop_data(cluster, data)
        return
    point_alias(cluster, data)


def _create(cluster: Cluster, name: str, body: dict[str, object]) -> None:
    if not cluster.request("GET", f"/{name}/_settings", missing=True):
        cluster.request("PUT", f"/{name}", body, params={"wait_for_active_shards": 1})


def create_state(cluster: Cluster, name: str) -> None:
    """Create an empty companion if there is none: an index without a generation is none yet."""
    _create(cluster, name, describe_state(count_replicas(cluster)))


def create_data(cluster: Cluster) -> str:
    """Create an empty index of articles; return its name."""
    return _create_data(cluster, _describe_data(cluster))


def _create_data(cluster: Cluster, described: dict[str, object]) -> str:
    name = f"{cluster.address.name}.data-{uuid4().hex[:12]}"
    _create(cluster, name, described)
    return name


def _describe_data(cluster: Cluster) -> dict[str, object]:
    return describe_data(read_count(SHARDS, _SHARDS, 1, os.environ), count_replicas(cluster))


def count_replicas(cluster: Cluster) -> int:
    """Copies of each shard: as many as the environment says, else one if another node can hold
    it.
    """
    nodes = int(cluster.request("GET", "/_cluster/health")["number_of_data_nodes"])
    return read_count(REPLICAS, min(1, nodes - 1), 0, os.environ)


def drop_data(cluster: Cluster, name: str) -> bool:
    """Delete an index of articles, if it is there; return false if it cannot be deleted yet,
    because a snapshot is being taken of it.
    """
    try:
        cluster.request("DELETE", f"/{name}", params={"ignore_unavailable": "true"}, missing=True)
    except EngineUnavailable as error:
        if "being snapshotted" not in error.reason:
            raise
        return False
    return True


def list_indices(cluster: Cluster, pattern: str) -> list[str]:
    """The names of the indexes in OpenSearch that match ``pattern``."""
    return sorted(cluster.request("GET", f"/{pattern}/_alias", missing=True))


def point_alias(cluster: Cluster, data: str) -> None:
    """Let the index's own name in OpenSearch, which people may query, stand for ``data``."""
    name = cluster.address.name
    actions = [
        {"remove": {"index": f"{name}.data-*", "alias": name, "must_exist": False}},
        {"add": {"index": data, "alias": name}},
    ]
    cluster.request("POST", "/_aliases", {"actions": actions})


def refuse_taken_name(cluster: Cluster) -> None:
    """Raise EngineUnavailable if somebody's index has the name that :func:`point_alias` needs."""
    name = cluster.address.name
    if name in list_indices(cluster, name):
        raise EngineUnavailable(str(cluster.address), f"it has another index of the name {name}")
