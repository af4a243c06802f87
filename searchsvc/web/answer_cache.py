"""Which answers were given before? Cached in memory per process, up to a number of bytes."""

from __future__ import annotations

import gzip
import secrets
import threading
from collections.abc import Callable
from typing import Any, Protocol

from cachetools import LRUCache

from searchsvc.insight.record import Answered

#: Bytes counted for an answer in addition to its body: key, list links, objects.
OVERHEAD_BYTES = 400

#: Shorter bodies are sent uncompressed: compressing them saves no packet.
LEAST_GZIP_BYTES = 1_000

_GZIP_LEVEL = 4


class Body:
    """The bytes of one answer, compressed at most once."""

    __slots__ = ("_gzipped", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._gzipped: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes it occupies, including its compressed form once there is one."""
        return len(self.data) + len(self._gzipped or b"")

    def encode(self, *, accepts_gzip: bool) -> tuple[bytes, str]:
        """(bytes to send, their Content-Encoding or empty)."""
        if not accepts_gzip or len(self.data) < LEAST_GZIP_BYTES:
            return self.data, ""
        if self._gzipped is None:
            self._gzipped = gzip.compress(self.data, _GZIP_LEVEL, mtime=0)
        return self._gzipped, "gzip"


#: Placeholders for the time that an answer took, and for the id of the search. Random, so that no
#: article can contain them.
TIME_MARK = secrets.token_hex(16)
QUERY_MARK = secrets.token_hex(16)


class TimedBody:
    """The bytes of an answer that reports its duration, with :data:`TIME_MARK` for the figure: each
    reply reports its own, even if the rest was cached. ``write`` formats the milliseconds. With
    ``answered``, for a search that may be recorded, :data:`QUERY_MARK` likewise becomes its id.
    ``hits``: how many articles match, for the log.
    """

    __slots__ = ("_write", "answered", "data", "hits", "took_ms")

    def __init__(
        self,
        data: bytes,
        took_ms: float,
        write: Callable[[float], str],
        answered: Answered | None = None,
        *,
        hits: int | None = None,
    ) -> None:
        self.hits = hits
        self.data = data
        self.took_ms = took_ms
        self.answered = answered
        self._write = write

    def tell(self, took_ms: float, query_id: str = "") -> Body:
        """The reply that took ``took_ms``."""
        data = self.data.replace(TIME_MARK.encode(), self._write(took_ms).encode(), 1)
        if self.answered is not None:
            data = data.replace(QUERY_MARK.encode(), query_id.encode(), 1)
        return Body(data)


class Answer(Protocol):
    """The bytes of an answer, of whatever protocol."""

    @property
    def data(self) -> bytes: ...


class AnswerCache:
    """The most recently used answers, up to ``max_bytes``. Safe from several threads.

    An answer belongs to a committed state of the index. Adding one of another state evicts all
    earlier ones: they will not be requested again.
    """

    def __init__(self, max_bytes: int) -> None:
        self._bodies: LRUCache[bytes, Answer] = LRUCache(max_bytes, _count_bytes)
        self._state = ""
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes occupied now."""
        return int(self._bodies.currsize)

    def get(self, state: str, request_key: bytes) -> Any:
        """The answer that was cached for this request in this state of the index, or ``None``."""
        with self._lock:
            return self._bodies.get(request_key) if state == self._state else None

    def put(self, state: str, request_key: bytes, body: Answer) -> None:
        """Cache ``body``, unless it would take more than a quarter of the cache."""
        if _count_bytes(body) > self._bodies.maxsize // 4:
            return
        with self._lock:
            if state != self._state:
                self._bodies.clear()
                self._state = state
            self._bodies[request_key] = body


def _count_bytes(body: Answer) -> int:
    """The size of ``body``, including its compressed form, which is no larger."""
    return 2 * len(body.data) + OVERHEAD_BYTES
