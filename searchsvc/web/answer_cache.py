"""Answers given before, kept by process up to a number of bytes."""

from __future__ import annotations

import gzip
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable

#: Bytes counted for an answer besides its body: key, list links, objects.
OVERHEAD_BYTES = 400

#: Bodies shorter than this are sent as they are: compressing them saves no packet.
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
        """Bytes it occupies, compressed form included once there is one."""
        return len(self.data) + len(self._gzipped or b"")

    def encode(self, *, accepts_gzip: bool) -> tuple[bytes, str]:
        """(bytes to send, their Content-Encoding or empty)."""
        if not accepts_gzip or len(self.data) < LEAST_GZIP_BYTES:
            return self.data, ""
        if self._gzipped is None:
            self._gzipped = gzip.compress(self.data, _GZIP_LEVEL, mtime=0)
        return self._gzipped, "gzip"


#: What an answer has where the time stands that it took. Nobody can write it into an article.
TIME_MARK = secrets.token_hex(16)


class TimedBody:
    """The bytes of an answer that says how long it took, with :data:`TIME_MARK` for the figure:
    each reply has its own, also where the rest was kept. ``write`` makes it of milliseconds.
    """

    __slots__ = ("_write", "data", "took_ms")

    def __init__(self, data: bytes, took_ms: float, write: Callable[[float], str]) -> None:
        self.data = data
        self.took_ms = took_ms
        self._write = write

    def tell(self, took_ms: float) -> Body:
        """The reply that took so long."""
        return Body(self.data.replace(TIME_MARK.encode(), self._write(took_ms).encode(), 1))


class AnswerCache:
    """The most recently used answers, ``max_bytes`` of them at most. Safe from several threads.

    Keys begin with the identity of a committed state of the index; as soon as an answer of
    another state is kept, those of all others are dropped, for nobody will ask for them again.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._state = ""
        self._bodies: OrderedDict[tuple[str, bytes], tuple[Body | TimedBody, int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes occupied now."""
        return self._bytes

    def get(self, state: str, request_key: bytes) -> Body | TimedBody | None:
        """The answer kept for this request of this state."""
        key = (state, request_key)
        with self._lock:
            kept = self._bodies.get(key)
            if kept is None:
                return None
            self._bodies.move_to_end(key)
            return kept[0]

    def put(self, state: str, request_key: bytes, body: Body | TimedBody) -> None:
        """Keep ``body``. One larger than a quarter of the cache is not worth keeping.

        Room for a compressed form is counted from the start: at most as much again.
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
