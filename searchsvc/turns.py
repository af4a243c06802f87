"""Whose turn is it? Only a limited number of requests per process compute at once; others wait.

Waiting does not block requests that cost nothing (health checks, files of the page, cached
answers): these need no turn, and there are more threads than requests that may wait.
"""

from __future__ import annotations

import threading
from collections import deque
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
    """``at_once`` turns, given in the order of coming. A request that waits longer than
    ``longest_wait_seconds`` gives up; 0: never. Thread-safe.
    """

    def __init__(
        self,
        at_once: int,
        *,
        longest_wait_seconds: float = 0,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._free = at_once
        self._longest_wait_seconds = longest_wait_seconds or -1
        self._most_waiting = most_waiting
        #: A locked lock for each that waits; unlocking it hands over a turn.
        self._queue: deque[threading.Lock] = deque()
        self._changing = threading.Lock()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Take a turn for the code inside. Raises TooBusy."""
        place = self._queue_up()
        if place is not None and not place.acquire(timeout=self._longest_wait_seconds):
            self._give_up(place)
        try:
            yield
        finally:
            self._pass_on()

    def _queue_up(self) -> threading.Lock | None:
        """A place in the queue, or ``None`` with a turn. Raises TooBusy."""
        with self._changing:
            if self._free:
                self._free -= 1
                return None
            if len(self._queue) >= self._most_waiting:
                raise TooBusy
            place = threading.Lock()
            place.acquire()
            self._queue.append(place)
            return place

    def _give_up(self, place: threading.Lock) -> None:
        """Leave the queue. Raises TooBusy, unless a turn has come in the meantime."""
        with self._changing:
            if place in self._queue:
                self._queue.remove(place)
                raise TooBusy

    def _pass_on(self) -> None:
        """Hand the turn to whoever waits longest. If it were put back instead, a request that has
        just come would often take it, and others wait again.
        """
        with self._changing:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._free += 1
