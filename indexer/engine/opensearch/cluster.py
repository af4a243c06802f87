"""How is OpenSearch asked? Every request goes through here, and every refusal becomes one sentence.

Requests that change nothing twice are repeated if a node does not answer or asks for patience
(429). A search that some shard could not answer is an error: a part is never taken for the whole.
"""

from __future__ import annotations

import json
import logging
import os
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NoReturn, TypeVar

import orjson

from indexer.deadline import check_deadline, measure_time_left, refuse_late
from indexer.engine.opensearch.address import CERTIFICATES, Address
from indexer.errors import EngineUnavailable, ExtraMissing, IndexNotFound, IndexNotWritten

try:
    from opensearchpy import OpenSearch, exceptions
    from opensearchpy.serializer import JSONSerializer
    from urllib3 import Timeout
except ModuleNotFoundError as error:
    raise ExtraMissing("An index in OpenSearch", "opensearch") from error

# The client writes a traceback about every refusal, of which a sentence of ours tells.
logging.getLogger("opensearch").setLevel(logging.CRITICAL)

#: Requests that are no searches take at most this long; a commit on a slow disk does not.
PATIENCE_S: Final = 120.0
#: A query without a deadline.
_SEARCH_S: Final = 30.0
#: A node that is there accepts a connection sooner; after that another one is asked.
_CONNECT_S: Final = 3.0
#: How long a commit insists while the nodes settle who of them is left.
_SETTLED_S: Final = 90.0
#: How often, and from how many seconds on, a node that asks for patience is asked again.
_TRIES: Final = 6
_FIRST_PAUSE_S: Final = 0.25
_POOL: Final = 32
#: 2.19 and 3.x have what is used here.
_OLDEST: Final = (2, 19)

_REFUSALS: Final = (exceptions.AuthenticationException, exceptions.AuthorizationException)

#: What a refusal means, by what is in it.
_MEANINGS: Final = (
    ("flood-stage", "its disk is nearly full, so it writes nothing more; make room"),
    ("index read-only", "it was set to read-only; lift index.blocks"),
    ("circuit_breaking_exception", "its nodes have too little memory for this (circuit breaker)"),
    ("cluster_manager_not_discovered", "too few of its nodes are running to choose a manager"),
    ("no cluster manager", "too few of its nodes are running to choose a manager"),
    ("no_shard_available", "a part of the index is on no running node (red)"),
    ("unavailable_shards", "a part of the index is on no running node (red)"),
    ("NoShardAvailable", "a part of the index is on no running node (red)"),
    ("all shards failed", "a part of the index is on no running node (red)"),
)

Body = dict[str, Any]
Made = TypeVar("Made")


class _Serializer(JSONSerializer):
    """JSON by orjson, which is several times faster."""

    def loads(self, s: Any) -> Any:
        return orjson.loads(s)

    def dumps(self, data: Any) -> Any:
        return data if isinstance(data, str | bytes) else orjson.dumps(data)


class Cluster:
    """The nodes at an address. Thread-safe."""

    def __init__(self, address: Address, environment: Mapping[str, str] = os.environ) -> None:
        self.address = address
        login = (address.user, address.password) if address.user else None
        self._client = OpenSearch(
            hosts=[{"host": host, "port": port} for host, port in address.hosts],
            http_auth=login,
            use_ssl=address.secure,
            verify_certs=address.secure,
            ca_certs=environment.get(CERTIFICATES) or None,
            ssl_show_warn=False,
            serializer=_Serializer(),
            # Several nodes: one that does not answer is left alone for a while.
            max_retries=len(address.hosts),
            retry_on_timeout=False,
            timeout=PATIENCE_S,
            pool_maxsize=_POOL,
        )

    # --- what is asked

    def check_version(self) -> str:
        """The version of the cluster. Raises EngineUnavailable if it is too old."""
        about = self.request("GET", "/")
        version = str(about.get("version", {}).get("number", ""))
        numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())
        if about.get("version", {}).get("distribution") != "opensearch" or numbers < _OLDEST:
            least = ".".join(map(str, _OLDEST))
            self._fail(f"it is not OpenSearch {least} or newer, but {version or 'something else'}")
        return version

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, Any] | None = None,
        patience_s: float = PATIENCE_S,
        missing: bool = False,
    ) -> Body:
        """The answer to a request that may be repeated. With ``missing``, what is not there is
        answered by ``{}``; otherwise IndexNotFound is raised. Raises EngineUnavailable.
        """
        return self._insist(
            lambda: self._send(method, path, body, params or {}, patience_s, missing)
        )

    def search(self, index: str, body: Body, **params: Any) -> Body:
        """The answer of all shards to one search, within the deadline. Raises QueryTooCostly,
        EngineUnavailable.
        """
        (answer,) = self.search_all(index, [body], **params)
        return answer

    def search_all(self, index: str, bodies: Sequence[Body], **params: Any) -> list[Body]:
        """The answers to several searches, in one round trip. As :meth:`search`."""
        left = measure_time_left()
        limit = {} if left is None else {"timeout": f"{max(1, int(left * 1000))}ms"}
        lines = [
            one
            for body in bodies
            for one in ({"index": index}, {"track_total_hits": True} | limit | body)
        ]
        told = self._insist(
            lambda: self._send(
                "POST",
                "/_msearch",
                join_lines(lines),
                {"max_concurrent_searches": len(bodies), **params},
                _SEARCH_S if left is None else max(left, 0.05),
                False,
            )
        )
        return [self._whole(answer) for answer in told["responses"]]

    def _whole(self, answer: Body) -> Body:
        """``answer``, if all shards contributed to it."""
        if "error" in answer:
            self._refuse(answer)
        shards = answer["_shards"]
        if answer["timed_out"]:
            refuse_late()
        missing = shards["total"] - shards["successful"]
        if shards["failed"] or missing:
            causes = [failure["reason"] for failure in shards.get("failures", ())]
            why = _find_meaning(orjson.dumps(causes).decode()) if causes else ""
            more = f" ({why})" if why else ""
            self._fail(f"{missing} of {shards['total']} shards did not answer{more}")
        return answer

    def _refuse(self, answer: Body) -> None:
        error = answer["error"]
        kind = str(error.get("type", ""))
        causes = orjson.dumps(error).decode()
        if kind == "index_not_found_exception":
            raise IndexNotFound(str(self.address))
        if "too_many_clauses" in causes or "too_many_nested_clauses" in causes:
            self._fail(
                "the query has more parts than indices.query.bool.max_clause_count allows; "
                "ask with fewer words or stars"
            )
        if "time_exceeded" in causes or "task_cancelled" in causes:
            refuse_late()
        if meaning := _find_meaning(causes):
            self._fail(meaning)
        while isinstance(error.get("caused_by"), dict):
            error = error["caused_by"]
        self._fail(f"a search failed ({_shorten(error.get('reason') or kind)})")

    def refresh(self, index: str) -> None:
        """Let searches see what was written to ``index``, on every node that answers them. Raises
        EngineUnavailable.
        """
        until = time.monotonic() + _SETTLED_S
        while True:
            # A copy that was not reached would answer without the commit's articles; soon the
            # cluster finds that its node is gone, or it is reached.
            try:
                failed = self.request("POST", f"/{index}/_refresh")["_shards"]["failed"]
                reason = f"{failed} copies of its shards do not show what was written"
            except EngineUnavailable as error:
                if time.monotonic() > until:
                    raise
                failed, reason = 1, error.reason
            if not failed:
                return
            if time.monotonic() > until:
                self._fail(reason)
            time.sleep(_FIRST_PAUSE_S)

    def bulk(self, index: str, operations: Sequence[bytes]) -> None:
        """Do the operations, each idempotent and written by :func:`join_lines`, all or raise.
        Raises IndexNotWritten.
        """
        waiting = operations
        for turn in range(_TRIES + 1):
            if not waiting:
                return
            answer = self.request("POST", f"/{index}/_bulk", b"".join(waiting))
            waiting = self._find_postponed(waiting, answer) if answer["errors"] else []
            if waiting and turn < _TRIES:
                _pause(turn)
        raise IndexNotWritten(str(self.address), "OpenSearch has too much to do (429)")

    def _find_postponed(self, operations: Sequence[bytes], answer: Body) -> list[bytes]:
        """The operations that must be repeated. Raises IndexNotWritten for others that failed."""
        again: list[bytes] = []
        for mine, row in zip(operations, answer["items"], strict=True):
            ((action, told),) = row.items()
            status = told["status"]
            if status < 400 or (action == "delete" and status == 404):
                continue
            reason = str(told["error"].get("reason", told["error"]))
            if status in (429, 503) and "blocked by" not in reason:
                again.append(mine)
            else:
                raise IndexNotWritten(str(self.address), _find_meaning(reason) or reason[:300])
        return again

    def close(self) -> None:
        self._client.close()

    # --- how

    def _insist(self, ask: Callable[[], Made]) -> Made:
        """What ``ask`` returns; asked again while the cluster asks for patience."""
        for turn in range(_TRIES):
            check_deadline()
            try:
                return ask()
            except _Postponed as error:
                meaning = str(error)
                if turn < _TRIES - 1:
                    _pause(turn)
        return self._fail(meaning or "it has too much to do (429)")

    def _send(
        self,
        method: str,
        path: str,
        body: Any,
        params: Mapping[str, Any],
        patience_s: float,
        missing: bool,
    ) -> Body:
        try:
            answer = self._client.transport.perform_request(
                method,
                path,
                params={
                    **params,
                    "request_timeout": Timeout(
                        connect=min(_CONNECT_S, patience_s), read=patience_s
                    ),
                },
                body=body,
                headers={"content-type": "application/json"},
            )
        except exceptions.NotFoundError:
            if missing:
                return {}
            raise IndexNotFound(str(self.address)) from None
        except exceptions.ConflictError as error:
            raise Conflict(path) from error
        except exceptions.ConnectionTimeout as error:
            check_deadline()
            self._fail(f"it did not answer within {patience_s:g} s", error)
        except exceptions.OpenSearchException as error:
            self._explain(error)
        return answer if isinstance(answer, dict) else {}

    def _explain(self, error: exceptions.OpenSearchException) -> NoReturn:
        """Raise what a request's failure means."""
        if isinstance(error, exceptions.SSLError):
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                self._fail(f"its certificate is not trusted; set {CERTIFICATES}", error)
            self._fail("it does not speak TLS; write http:// if it need not", error)
        if isinstance(error, exceptions.ConnectionError):
            self._fail("no node can be reached", error)
        if isinstance(error, _REFUSALS) and "blocked by" not in str(error.info):
            self._fail(f"it refuses the user {self.address.user or '(none)'}", error)
        if not isinstance(error, exceptions.TransportError):
            self._fail(_shorten(error), error)
        meaning = _find_meaning(f"{error.error} {error.info}")
        if error.status_code == 429 and "blocked by" not in str(error.info):
            raise _Postponed(meaning) from error
        told = f"it answered {error.status_code} ({_shorten(error.error)})"
        self._fail(meaning or told, error)

    def _fail(self, reason: str, cause: BaseException | None = None) -> NoReturn:
        raise EngineUnavailable(str(self.address), reason) from cause


class Conflict(Exception):
    """A document is not as the request requires it to be: somebody else has changed it."""


class _Postponed(Exception):
    """The cluster asks for patience; says why, if that is known."""


def _limit(patience_s: float) -> Timeout:
    return Timeout(connect=min(_CONNECT_S, patience_s), read=patience_s)


def _pause(turn: int) -> None:
    time.sleep(_FIRST_PAUSE_S * 2**turn * random.uniform(0.75, 1.25))


def _find_meaning(told: str) -> str:
    """What a refusal means, in our words; empty if it is none that we know."""
    return next((meaning for sign, meaning in _MEANINGS if sign in told), "")


def _shorten(reason: object) -> str:
    return str(reason)[:200]


def join_lines(lines: Iterable[Body]) -> bytes:
    """As JSON, a line each."""
    return b"".join(map(_dump_line, lines))


def _dump_line(line: Body) -> bytes:
    try:
        return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        # It nests no deeper than 254, and filters may.
        return json.dumps(line).encode() + b"\n"
