"""Which generation is the newest, and who writes? Two documents, changed only from what was read.

Every version of an article is marked with the generation that brought it (``born``) and, once it
was replaced or deleted, the one that removed it (``died``). A snapshot of generation *g* sees those
with ``born <= g`` and no ``died <= g``, on any node and in any number of requests. A writer takes
the number of its next generation, which nobody else will use, when it begins; what it writes is
seen by nobody until the document ``generation`` names that number. If it dies first, the number is
*abandoned*: later generations ignore whatever is marked with it.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final
from uuid import uuid4

from indexer.engine.opensearch.cluster import Body, Cluster, Conflict
from indexer.engine.opensearch.mapping import FORMAT
from indexer.errors import (
    IndexCorrupt,
    IndexerError,
    IndexLocked,
    IndexNotFound,
    IndexOutdated,
    IndexTakenOver,
)

_GENERATION: Final = "generation"
_LEASE: Final = "lease"
#: A writer that has not renewed its lease for this long is taken for dead.
LEASE_S: Final = 60.0
_RENEW_AFTER_S: Final = 15.0
#: Versions that no newer generation shows are kept this long for readers of older ones.
GRACE_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Generation:
    """One committed generation: the document ``generation``.

    ``data``: the index that holds its articles. ``words``: ids of the documents with its words.
    ``next_ref``: the ref of the next article. ``abandoned``: numbers that writers took and never
    committed. ``replaced``: (number, when it stopped being the newest) of earlier generations, and
    ``retired``: (name, since when) of indexes and words that only they use, for as long as readers
    may. ``restemmed``: the last one in which words of earlier articles got other stems.
    """

    number: int
    identity: str
    data: str
    note: str = ""
    articles: int = 0
    title_tokens: int = 0
    body_tokens: int = 0
    next_ref: int = 0
    words: tuple[str, ...] = ()
    abandoned: tuple[int, ...] = ()
    replaced: tuple[tuple[int, float], ...] = ()
    retired: tuple[tuple[str, float], ...] = ()
    restemmed: int = 0
    format: int = FORMAT
    #: Where the document itself is: not part of it.
    version: tuple[int, int] = field(default=(0, 0), compare=False)

    def to_document(self) -> Body:
        document = asdict(self)
        del document["version"]
        return document


def make_visible(generation: Generation) -> Body:
    """The query for the versions that the generation shows."""
    number, abandoned = generation.number, list(generation.abandoned)
    died: Body = {"range": {"died": {"lte": number}}}
    gone = [died]
    if abandoned:
        gone = [{"bool": {"filter": [died], "must_not": [{"terms": {"died": abandoned}}]}}]
        gone.append({"terms": {"born": abandoned}})
    return {"bool": {"filter": [{"range": {"born": {"lte": number}}}], "must_not": gone}}


def parse_generation(source: Any, place: str, version: tuple[int, int] = (0, 0)) -> Generation:
    """The generation that a document describes. ``place``: where that is, for errors. Raises
    IndexOutdated, IndexCorrupt.
    """
    try:
        if source.get("format") != FORMAT:
            found = int(source.get("format", 0))
            raise IndexOutdated(place, found=found, expected=FORMAT)
        return Generation(
            **source
            | {
                "words": tuple(source["words"]),
                "abandoned": tuple(source["abandoned"]),
                "replaced": tuple((number, at) for number, at in source["replaced"]),
                "retired": tuple((name, at) for name, at in source["retired"]),
            },
            version=version,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise IndexCorrupt(place, f"its document {_GENERATION!r} is not one ({error})") from error


class StateIndex:
    """The companion index of one address; ``name``: another one, laid out alike."""

    def __init__(self, cluster: Cluster, name: str = "") -> None:
        self.cluster = cluster
        self.name = name or f"{cluster.address.name}.state"

    def read_generation(self) -> Generation:
        """The newest generation, also right after another machine committed it. Raises
        IndexNotFound, IndexOutdated, IndexCorrupt.
        """
        found = self.cluster.request("GET", f"/{self.name}/_doc/{_GENERATION}", missing=True)
        if not found.get("found"):
            # Elasticsearch answers like that, too.
            self.cluster.check_version()
            raise IndexNotFound(str(self.cluster.address))
        version = (found["_seq_no"], found["_primary_term"])
        return parse_generation(found["_source"], str(self.cluster.address), version)

    def exists(self) -> bool:
        """Whether there is this index in OpenSearch, with or without a generation."""
        return bool(self.cluster.request("GET", f"/{self.name}/_settings", missing=True))

    def read_version(self) -> tuple[int, int]:
        """That of the newest generation, also if it cannot be read otherwise. Raises
        IndexNotFound.
        """
        found = self.cluster.request("GET", f"/{self.name}/_doc/{_GENERATION}")
        return found["_seq_no"], found["_primary_term"]

    def write_generation(self, new: Generation, old: Generation | None) -> Generation:
        """Make ``new`` the newest if ``old`` still is. Raises IndexTakenOver."""
        params: Body = {"op_type": "create"}
        if old is not None:
            params = {"if_seq_no": old.version[0], "if_primary_term": old.version[1]}
        try:
            told = self.cluster.request(
                "PUT", f"/{self.name}/_doc/{_GENERATION}", new.to_document(), params=params
            )
        except Conflict:
            newest = self.read_generation()
            if newest.identity != new.identity:
                raise IndexTakenOver(
                    str(self.cluster.address), f"its newest generation is {newest.number}"
                ) from None
            # An answer was lost: the request had arrived.
            return newest
        return replace(new, version=(told["_seq_no"], told["_primary_term"]))

    def put(self, document_id: str, body: Body) -> None:
        self.cluster.request("PUT", f"/{self.name}/_doc/{document_id}", body)

    def get_all(self, document_ids: Sequence[str]) -> list[Body]:
        """The documents. Raises IndexCorrupt if one is missing, EngineUnavailable."""
        found = self.cluster.get_all(self.name, document_ids)
        for document in found:
            if not document["found"]:
                raise IndexCorrupt(
                    str(self.cluster.address), f"its document {document['_id']} is missing"
                )
        return [document["_source"] for document in found]


class Lease:
    """The right to write, until it expires or is given back."""

    def __init__(self, state: StateIndex) -> None:
        self._state = state
        self._path = f"/{state.name}/_doc/{_LEASE}"
        self._token = uuid4().hex
        self._version = (0, 0)
        self._renewed_at = 0.0
        self._reserved = 0

    def acquire(self, wait_s: float) -> int:
        """Take the lease and return the greatest number that any writer took so far. Raises
        IndexLocked, naming the holder.
        """
        ends = time.monotonic() + wait_s
        while True:
            found = self._state.cluster.request("GET", self._path, missing=True)
            held = found.get("_source") if found.get("found") else None
            if held is None or time.time() >= held["expires"]:
                self._reserved = held["reserved"] if held else 0
                self._version = (found["_seq_no"], found["_primary_term"]) if held else (0, 0)
                try:
                    self._write(LEASE_S)
                    return self._reserved
                except Conflict:
                    continue
            if time.monotonic() >= ends:
                raise IndexLocked(str(self._state.cluster.address), held["holder"])
            time.sleep(min(0.2, max(0.0, ends - time.monotonic())))

    def reserve(self, number: int) -> None:
        """Take ``number`` for the next generation. Raises IndexTakenOver."""
        self._reserved = max(self._reserved, number)
        self._renew()

    def restart(self, number: int) -> None:
        """Let numbers continue after ``number``, although greater ones may have been taken: they
        mark nothing in the articles that are shown now. Raises IndexTakenOver.
        """
        self._reserved = number
        self._renew()

    def keep(self) -> None:
        """Renew the lease if it is time. Raises IndexTakenOver."""
        if time.monotonic() - self._renewed_at > _RENEW_AFTER_S:
            self._renew()

    def _renew(self) -> None:
        try:
            self._write(LEASE_S)
        except Conflict:
            raise IndexTakenOver(
                str(self._state.cluster.address), "another writer has its lease"
            ) from None

    def release(self) -> None:
        """Give the lease back, if it is still ours; if that fails, it expires."""
        with suppress(Conflict, IndexerError):
            self._write(0.0)

    def _write(self, seconds: float) -> None:
        """Raises Conflict if another writer has changed the lease since we did."""
        document = {
            "token": self._token,
            "holder": f"process {os.getpid()} on {socket.gethostname()}",
            "expires": time.time() + seconds,
            "reserved": self._reserved,
        }
        params: Body = {"op_type": "create"}
        if self._version != (0, 0):
            params = {"if_seq_no": self._version[0], "if_primary_term": self._version[1]}
        cluster = self._state.cluster
        try:
            told = cluster.request("PUT", self._path, document, params=params)
        except Conflict:
            found = cluster.request("GET", self._path, missing=True)
            if found.get("_source", {}).get("token") != self._token:
                raise
            # An answer was lost: the request had arrived.
            told = found
        self._version = (told["_seq_no"], told["_primary_term"])
        self._renewed_at = time.monotonic()
