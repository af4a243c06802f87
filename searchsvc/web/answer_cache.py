"""Answers given before, kept by process up to a number of bytes."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict

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


class AnswerCache:
    """The most recently used answers, ``max_bytes`` of them at most. Safe from several threads.

    Keys begin with the identity of a committed state of the index; as soon as an answer of
    another state is kept, those of all others are dropped, for nobody will ask for them again.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._state = ""
        self._bodies: OrderedDict[tuple[str, bytes], tuple[Body, int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes occupied now."""
        return self._bytes

    def get(self, state: str, request_key: bytes) -> Body | None:
        """The answer kept for this request of this state."""
        key = (state, request_key)
        with self._lock:
            kept = self._bodies.get(key)
            if kept is None:
                return None
            self._bodies.move_to_end(key)
            return kept[0]

    def put(self, state: str, request_key: bytes, body: Body) -> None:
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
