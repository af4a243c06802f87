"""Whose turn is it? Only a limited number of requests per process compute at once; others wait.

Waiting does not block requests that cost nothing (health checks, files of the page, cached
answers): these need no turn, and there are more threads than requests that may wait.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from indexer.errors import IndexerError

#: Requests of one process that may wait. Further ones are better told to come back.
MOST_WAITING = 128
#: Requests of one process that may wait for what others do.
MOST_IDLE = 16
#: Threads of a process reserved for requests that need no turn.
SPARE_THREADS = 8


class TooBusy(IndexerError):
    """Too many others are waiting for this request to get its turn in time."""

    def __init__(self) -> None:
        super().__init__(
            "More requests come than can be answered in time. "
            "Try again later; start more workers, or limit requests in front of the service."
        )


class Waiting:
    """So many requests of a process at most wait for what others do; they need no turn meanwhile,
    but a thread each. Safe to use from several threads.
    """

    def __init__(self, most: int = MOST_IDLE) -> None:
        self._free = threading.Semaphore(most)

    @contextmanager
    def one_more(self) -> Iterator[bool]:
        """Whether the code inside may wait."""
        may = self._free.acquire(blocking=False)
        try:
            yield may
        finally:
            if may:
                self._free.release()


class Turns:
    """``at_once`` turns. A request that waits longer than ``longest_wait_seconds`` gives up; 0:
    never. Thread-safe.
    """

    def __init__(
        self,
        at_once: int,
        *,
        longest_wait_seconds: float = 0,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._free = threading.Semaphore(at_once)
        self._longest_wait_seconds = longest_wait_seconds
        self._most_waiting = most_waiting
        self._waiting = 0
        self._counting = threading.Lock()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Take a turn for the code inside. Raises TooBusy."""
        if not self._free.acquire(blocking=False):
            self._wait()
        try:
            yield
        finally:
            self._free.release()

    def _wait(self) -> None:
        with self._counting:
            if self._waiting >= self._most_waiting:
                raise TooBusy
            self._waiting += 1
        try:
            if not self._free.acquire(timeout=self._longest_wait_seconds or None):
                raise TooBusy
        finally:
            with self._counting:
                self._waiting -= 1
