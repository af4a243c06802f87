"""How is OpenSearch asked? Every request goes through here, and every refusal becomes one sentence.

Requests that change nothing twice are repeated if a node does not answer or asks for patience
(429). A search that some shard could not answer is an error: a part is never taken for the whole.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NoReturn, TypeVar

import orjson
from urllib3 import Timeout

from indexer.deadline import check_deadline, measure_time_left, refuse_late
from indexer.engine.opensearch.address import Address, find_certificates
from indexer.engine.opensearch.client import JSONSerializer, OpenSearch, exceptions
from indexer.engine.opensearch.refusals import (
    explain,
    find_cause,
    find_meaning,
    is_of_opensearch,
    shorten,
)
from indexer.errors import EngineUnavailable, IndexNotFound, IndexNotWritten

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
#: What a part of an answer says instead of 429.
_BUSY: Final = ("rejected_execution_exception", "circuit_breaking_exception")
_POOL: Final = 32
#: Searches of one request that the nodes do at once, so that none fills their queues.
_AT_ONCE: Final = 16
#: 2.19 and 3.x have what is used here.
_OLDEST: Final = (2, 19)

Body = dict[str, Any]
Made = TypeVar("Made")


class _Serializer(JSONSerializer):
    """JSON by orjson, which is several times faster."""

    def loads(self, s: Any) -> Any:
        try:
            return orjson.loads(s)
        except orjson.JSONDecodeError as error:
            raise exceptions.SerializationError(s, error) from error

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
            ca_certs=find_certificates(environment) if address.secure else None,
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
        about = self.request("GET", "/").get("version")
        told = about if isinstance(about, dict) else {}
        version = str(told.get("number", ""))
        numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())
        name = {"opensearch": "OpenSearch", None: "Elasticsearch"}.get(told.get("distribution"))
        if name != "OpenSearch" or numbers < _OLDEST:
            least = ".".join(map(str, _OLDEST))
            found = f"{name or 'something else'} {version}" if version else "something else"
            self._fail(f"it is not OpenSearch {least} or newer, but {found}")
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

    def get_all(self, index: str, document_ids: Sequence[str]) -> list[Body]:
        """The documents of ``index`` with these ids, each as ``found`` or not. Raises
        EngineUnavailable.
        """

        def ask() -> list[Body]:
            body = {"ids": list(document_ids)}
            documents: list[Body] = self._send(
                "POST", f"/{index}/_mget", body, {}, PATIENCE_S, False
            )["docs"]
            for one in documents:
                # One whose shard could not be read: nobody knows whether it is there.
                if "error" in one:
                    self._refuse(one["error"], f"its document {one['_id']} cannot be read")
            return documents

        return self._insist(ask)

    def search(self, index: str, body: Body, **params: Any) -> Body:
        """The answer of all shards to one search, within the deadline. Raises QueryTooCostly,
        EngineUnavailable.
        """
        (answer,) = self.search_all(index, [body], **params)
        return answer

    def search_all(
        self, index: str, bodies: Sequence[Body], *, spare: Collection[int] = (), **params: Any
    ) -> list[Body]:
        """The answers to several searches, in one round trip. As :meth:`search`, but that those
        numbered in ``spare`` have half the time, and are answered by ``{}`` if they fail.
        """
        left = measure_time_left()
        lines: list[Body] = []
        for number, body in enumerate(bodies):
            lines += {"index": index}, {"track_total_hits": True}
            if number in spare:
                lines[-1] |= _time_out((_SEARCH_S if left is None else left) / 2)
            elif left is not None:
                lines[-1] |= _time_out(left)
            lines[-1] |= body

        def ask() -> list[Body]:
            told = self._send(
                "POST",
                "/_msearch",
                join_lines(lines),
                {"max_concurrent_searches": min(len(bodies), _AT_ONCE), **params},
                _SEARCH_S if left is None else max(left, 0.05),
                False,
            )
            return [
                {} if number in spare and not _is_whole(answer) else self._check_whole(answer)
                for number, answer in enumerate(told["responses"])
            ]

        return self._insist(ask)

    def _check_whole(self, answer: Body) -> Body:
        """``answer``, if all shards contributed to it. To be called while :meth:`_insist` asks."""
        if _is_whole(answer):
            return answer
        if "error" in answer:
            self._refuse(answer["error"], "a search failed")
        if answer["timed_out"]:
            refuse_late()
        shards = answer["_shards"]
        missing = shards["total"] - shards["successful"]
        causes = [failure["reason"] for failure in shards.get("failures", ())]
        if _is_busy(causes):
            raise _Postponed(find_meaning(causes))
        why = find_meaning(causes) or (shorten(find_cause(causes[0])) if causes else "")
        more = f" ({why})" if why else ""
        return self._fail(f"{missing} of {shards['total']} shards did not answer{more}")

    def _refuse(self, error: Body, what: str) -> NoReturn:
        """Raise what an ``error`` in an answer means; ``what`` could not be done. To be called
        while :meth:`_insist` asks.
        """
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
        meaning = find_meaning(error)
        if _is_busy(error):
            raise _Postponed(meaning)
        if meaning:
            self._fail(meaning)
        self._fail(f"{what} ({shorten(find_cause(error))})")

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
        waiting, why = operations, ""
        for turn in range(_TRIES + 1):
            answer = self.request("POST", f"/{index}/_bulk", b"".join(waiting))
            if not answer["errors"]:
                return
            waiting, why = self._find_postponed(waiting, answer)
            if not waiting:
                return
            if turn < _TRIES:
                _pause(turn)
        raise IndexNotWritten(str(self.address), why)

    def _find_postponed(self, operations: Sequence[bytes], answer: Body) -> tuple[list[bytes], str]:
        """The operations that must be repeated, and why they were not done. Raises IndexNotWritten
        for others that failed.
        """
        again: list[bytes] = []
        why = ""
        for mine, row in zip(operations, answer["items"], strict=True):
            ((action, told),) = row.items()
            status = told["status"]
            if status < 400 or (action == "delete" and status == 404):
                continue
            reason = str(told["error"].get("reason", told["error"]))
            meaning = find_meaning(reason)
            if status not in (429, 503) or "blocked by" in reason:
                raise IndexNotWritten(str(self.address), meaning or shorten(reason))
            again.append(mine)
            why = meaning or f"OpenSearch has too much to do ({status})"
        return again, why

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
                params={**params, "request_timeout": _limit(patience_s)},
                body=body,
                headers={"content-type": "application/json"},
            )
        except exceptions.NotFoundError as error:
            if not is_of_opensearch(error):
                self._refuse_request(error)
            if missing:
                return {}
            raise IndexNotFound(str(self.address)) from None
        except exceptions.ConflictError as error:
            raise Conflict(path) from error
        except exceptions.ConnectionTimeout as error:
            check_deadline()
            self._fail(f"it did not answer within {patience_s:g} s", error)
        except (exceptions.OpenSearchException, AttributeError) as error:
            # The client takes any JSON of a refusal for an object.
            self._refuse_request(error)
        if not isinstance(answer, dict):
            self._refuse_request(exceptions.SerializationError(answer))
        return answer

    def _refuse_request(self, error: Exception) -> NoReturn:
        """Raise what a request's failure means."""
        if isinstance(error, exceptions.TransportError) and error.status_code == 429:
            told = f"{error.error} {error.info}"
            if "blocked by" not in told:
                raise _Postponed(find_meaning(told)) from error
        self._fail(explain(error, self.address), error)

    def _fail(self, reason: str, cause: BaseException | None = None) -> NoReturn:
        raise EngineUnavailable(str(self.address), reason) from cause


class Conflict(Exception):
    """A document is not as the request requires it to be: somebody else has changed it."""


class _Postponed(Exception):
    """The cluster asks for patience; says why, if that is known."""


def _limit(patience_s: float) -> Timeout:
    return Timeout(connect=min(_CONNECT_S, patience_s), read=patience_s)


def _time_out(seconds: float) -> Body:
    """What makes a search end by itself."""
    return {"timeout": f"{max(1, int(seconds * 1000))}ms"}


def _is_busy(told: object) -> bool:
    """Whether a failure is told that asks for patience."""
    text = orjson.dumps(told).decode()
    return any(sign in text for sign in _BUSY)


def _is_whole(answer: Body) -> bool:
    """Whether all shards contributed to the answer of a search."""
    if "error" in answer or answer["timed_out"]:
        return False
    shards = answer["_shards"]
    return not shards["failed"] and shards["successful"] == shards["total"]


def _pause(turn: int) -> None:
    time.sleep(_FIRST_PAUSE_S * 2**turn * random.uniform(0.75, 1.25))


def join_lines(lines: Iterable[Body]) -> bytes:
    """As JSON, a line each."""
    return b"".join(map(_dump_line, lines))


def _dump_line(line: Body) -> bytes:
    try:
        return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        # It nests no deeper than 254, and filters may.
        return json.dumps(line).encode() + b"\n"
