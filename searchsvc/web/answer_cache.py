"""Which answers were given before? Cached in memory per process, up to a number of bytes."""

from __future__ import annotations

import gzip
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable

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


#: Placeholder for the time that an answer took. Random, so that no article can contain it.
TIME_MARK = secrets.token_hex(16)


class TimedBody:
    """The bytes of an answer that reports its duration, with :data:`TIME_MARK` for the figure: each
    reply reports its own, even if the rest was cached. ``write`` formats the milliseconds.
    """

    __slots__ = ("_write", "data", "took_ms")

    def __init__(self, data: bytes, took_ms: float, write: Callable[[float], str]) -> None:
        self.data = data
        self.took_ms = took_ms
        self._write = write

    def tell(self, took_ms: float) -> Body:
        """The reply that took ``took_ms``."""
        return Body(self.data.replace(TIME_MARK.encode(), self._write(took_ms).encode(), 1))


class AnswerCache:
    """An LRU cache of answers, at most ``max_bytes`` in size. Safe from several threads.

    Keys begin with the identity of a committed state of the index; once an answer of another state
    is added, those of all others are evicted, since they will not be requested again.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._state = ""
        self._bodies: OrderedDict[tuple[str, bytes], tuple[Body | TimedBody, int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes currently occupied."""
        return self._bytes

    def get(self, state: str, request_key: bytes) -> Body | TimedBody | None:
        """The cached answer to this request of this state."""
        key = (state, request_key)
        with self._lock:
            kept = self._bodies.get(key)
            if kept is None:
                return None
            self._bodies.move_to_end(key)
            return kept[0]

    def put(self, state: str, request_key: bytes, body: Body | TimedBody) -> None:
        """Cache ``body``, unless it is larger than a quarter of the cache.

        The compressed form is accounted for from the start, as at most the same size again.
        """
        size = 2 * len(body.data) + OVERHEAD_BYTES
        if size > self._max_bytes // 4:
            return
        key = (state, request_key)
        with self._lock:
            if state != self._state:
                self._bodies.clear()
                self._bytes = 0
                self._state = state
            replaced = self._bodies.pop(key, None)
            if replaced is not None:
                self._bytes -= replaced[1]
            self._bodies[key] = (body, size)
            self._bytes += size
            while self._bytes > self._max_bytes:
                _, (_, dropped) = self._bodies.popitem(last=False)
                self._bytes -= dropped
