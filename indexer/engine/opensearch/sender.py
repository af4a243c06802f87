"""How do documents reach OpenSearch while the next ones are analysed?"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from indexer.engine.opensearch.cluster import join_lines

#: Operations are sent once they have this many bytes.
_BYTES: Final = 4_000_000
#: Requests that may wait for their turn; further ones hold up whoever adds more.
_WAITING: Final = 2

Line = dict[str, Any]


class Sender:
    """Sends operations in requests of a bounded size, one request at a time."""

    def __init__(self, send: Callable[[list[bytes]], None]) -> None:
        self._send = send
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="opensearch-bulk")
        self._under_way: deque[Future[None]] = deque()
        self._operations: list[bytes] = []
        self._bytes = 0

    def add(self, *lines: Line) -> None:
        """Send an operation, with its document if it has one, soon. Raises what sending an earlier
        one raised.
        """
        self._operations.append(join_lines(lines))
        self._bytes += len(self._operations[-1])
        if self._bytes >= _BYTES:
            self._start()

    def _start(self) -> None:
        if not self._operations:
            return
        while len(self._under_way) >= _WAITING:
            self._under_way.popleft().result()
        self._under_way.append(self._thread.submit(self._send, self._operations))
        self._operations, self._bytes = [], 0

    def finish(self) -> None:
        """Send everything; return when it has arrived. Raises what sending raised."""
        self._start()
        while self._under_way:
            self._under_way.popleft().result()

    def drop(self) -> None:
        """Forget what has not been sent."""
        self._operations, self._bytes = [], 0
        while self._under_way:
            self._under_way.popleft().exception()

    def close(self) -> None:
        self.drop()
        self._thread.shutdown()
