"""``/health``, ``/version``, ``/stats``, and unsupported features."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from flask import Response, request

from indexer.errors import IndexerError
from indexer.own_fields.attributes import KEYS
from searchsvc.meilisearch.blueprint import meilisearch, read_body, send
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.features import change_features, load_features
from searchsvc.meilisearch.gate import allow, allow_whole, allow_writing
from searchsvc.meilisearch.host import Host, find_folder, find_host
from searchsvc.meilisearch.times import write_change
from searchsvc.tasks.task import Status

#: The version of Meilisearch whose protocol this is.
VERSION: Final = "1.22.0"
_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB")


@meilisearch.get("/health")
def answer_health() -> Response:
    """Whether the service responds, as this response shows."""
    return send({"status": "available"})


@meilisearch.get("/version")
def answer_version() -> Response:
    """The version of the protocol."""
    allow("version")
    return send({"commitSha": "unknown", "commitDate": "unknown", "pkgVersion": VERSION})


@meilisearch.get("/stats")
def answer_stats() -> Response:
    """The size and contents of all indexes."""
    rights = allow_whole("stats.get")
    host = find_host()
    names = [name for name in host.folder.names() if rights.may("stats.get", name)]
    size = measure_folder(host.folder.path)
    return send(
        {
            "databaseSize": _show_size(size),
            "usedDatabaseSize": _show_size(size),
            "lastUpdate": write_change(host.folder.path) if names else None,
            "indexes": {name: describe_index(host.for_index(name)) for name in names},
        }
    )


@meilisearch.get("/indexes/<uid>/stats")
def answer_index_stats(uid: str) -> Response:
    """The size and contents of an index."""
    allow_whole("stats.get", uid)
    return send(describe_index(find_host().for_index(uid)))


def describe_index(host: Host) -> dict[str, Any]:
    """The figures of one index."""
    counts = host.queue.count()
    size = measure_folder(find_folder(host))
    with host.index.snapshot() as snapshot:
        documents = snapshot.document_count()
        told: dict[str, Any] = {
            "numberOfDocuments": documents,
            "rawDocumentDbSize": _show_size(size),
            "avgDocumentSize": _show_size(size // documents if documents else 0),
            "isIndexing": (host.name, Status.PROCESSING) in counts,
            "numberOfEmbeddings": 0,
            "numberOfEmbeddedDocuments": 0,
            "fieldDistribution": dict(sorted(snapshot.label_counts(KEYS))),
        }
    if request.args.get("showInternalDatabaseSizes") == "true":
        told["internalDatabaseSizes"] = {"index": _show_size(size)}
    return told


def measure_folder(folder: Path) -> int:
    """Bytes of the files in a folder and below."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(path, name)).st_size
            except OSError:
                # Deleted since it was listed.
                continue
    return total


def _show_size(size: int) -> int | str:
    if request.args.get("sizeFormat") != "human":
        return size
    shown, unit = float(size), 0
    while shown >= 1024 and unit < len(_UNITS) - 1:
        shown, unit = shown / 1024, unit + 1
    return f"{shown:.2f} {_UNITS[unit]}" if unit else f"{size} B"


# --- experimental features


@meilisearch.get("/experimental-features")
def answer_features() -> Response:
    """Which features are enabled."""
    allow("experimental.get")
    return send(load_features(find_host().folder.path))


@meilisearch.patch("/experimental-features")
def change_experimental() -> Response:
    """Enable or disable features."""
    allow_writing("experimental.update")
    try:
        return send(change_features(find_host().folder.path, read_body()))
    except OSError as error:
        raise _unkept(error) from None


def _unkept(error: OSError) -> IndexerError:
    return IndexerError(f"It cannot be kept: {error.strerror or error}")


# --- unsupported features


@meilisearch.get("/webhooks")
def list_webhooks() -> Response:
    """There are none."""
    allow_writing("webhooks.get")
    return send({"results": []})


@meilisearch.route("/webhooks", methods=["POST"])
@meilisearch.route("/webhooks/<uuid>", methods=["GET", "PATCH", "DELETE"])
@meilisearch.route("/dumps", methods=["POST"])
@meilisearch.route("/snapshots", methods=["POST"])
@meilisearch.route("/export", methods=["POST"])
@meilisearch.route("/network", methods=["GET", "PATCH"])
@meilisearch.route("/chats", methods=["GET"])
@meilisearch.route("/chats/<path:rest>", methods=["GET", "POST", "PATCH", "DELETE"])
@meilisearch.route("/indexes/<uid>/similar", methods=["GET", "POST"])
@meilisearch.route("/indexes/<uid>/documents/edit", methods=["POST"])
@meilisearch.route("/dynamic-search-rules", methods=["GET", "POST", "DELETE"])
@meilisearch.route("/dynamic-search-rules/<path:rest>", methods=["GET", "PATCH", "DELETE"])
@meilisearch.route("/render-template", methods=["POST"])
def refuse_unsupported(**parts: str) -> Response:
    """Report that this server does not support it."""
    allow("*")
    name = request.path.rstrip("/").rpartition("/")[2] if "uid" in parts else request.path
    raise ProtocolError("unsupported", f"`{name[:80]}` is not supported by this server.")
