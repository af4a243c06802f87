"""How are searches written down without slowing any? Queued in memory, stored by a thread."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections import deque
from collections.abc import Callable

from searchsvc.database import DatabaseUnusable
from searchsvc.insight.record import Event, Searched
from searchsvc.insight.store import Store

#: Searches and events of one process that may wait; further ones are dropped and counted.
MOST_WAITING = 10_000
#: Waiting for company makes one transaction of many searches.
_GATHER_SECONDS = 1.0
#: How long an event waits for its search, which another process may not have stored yet.
_PATIENCE_SECONDS = 10.0
_PRUNE_SECONDS = 60.0
#: How soon a file that could not be written is tried again.
_RETRY_SECONDS = 30.0


class Recorder:
    """Stores what the threads of this process hand over, from a thread of its own that starts with
    the first of it.

    Handing over never waits and never fails. ``report`` is called with one sentence when storing
    begins to fail, and one when it works again. ``after_writing`` is called by the thread after
    each transaction.
    """

    def __init__(
        self,
        store: Store,
        *,
        report: Callable[[str], None] = lambda sentence: None,
        after_writing: Callable[[], None] = lambda: None,
        most_waiting: int = MOST_WAITING,
        gather_seconds: float = _GATHER_SECONDS,
    ) -> None:
        self._store = store
        self._report = report
        self._after_writing = after_writing
        self._most_waiting = most_waiting
        self._gather_seconds = gather_seconds
        self._waiting: deque[Searched | Event] = deque()
        self._early: list[tuple[float, Event]] = []
        self._dropped = 0
        self._failing = False
        self._next_prune = 0.0
        self._wake = threading.Event()
        self._starting = threading.Lock()
        self._writing = threading.Lock()
        self._process = 0

    @property
    def dropped(self) -> int:
        """How many were dropped and not counted in the file yet."""
        return self._dropped

    def hand_over(self, one: Searched | Event) -> None:
        """Store it soon, unless too much is waiting."""
        if len(self._waiting) >= self._most_waiting:
            self._dropped += 1
            return
        self._waiting.append(one)
        if self._process != os.getpid():
            self._start()
        if not self._wake.is_set():
            self._wake.set()

    def _start(self) -> None:
        """Start the thread of this process: a fork has no threads of its parent."""
        with self._starting:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            threading.Thread(target=self._run, name="insight", daemon=True).start()
            atexit.register(self._finish)

    def _run(self) -> None:
        while True:
            self._wake.wait()
            time.sleep(self._gather_seconds)
            self._wake.clear()
            try:
                stored = self.flush()
            except Exception as error:
                # Whatever could not be stored must not end the thread, nor be tried for ever.
                self._waiting.clear()
                self._early.clear()
                # Its text might quote a query.
                self._report(f"Searches were not recorded: {type(error).__name__}.")
                continue
            if not stored:
                time.sleep(_RETRY_SECONDS)
                self._wake.set()
            elif self._early:
                self._wake.set()

    def _finish(self) -> None:
        if self._waiting:
            self.flush()

    def flush(self) -> bool:
        """Store all that waits now; whether that worked."""
        with self._writing:
            try:
                self._write()
            except DatabaseUnusable as error:
                if not self._failing:
                    self._report(f"Searches are not recorded: {error}")
                self._failing = True
                return False
            if self._failing:
                self._report("Searches are recorded again.")
            self._failing = False
        return True

    def _write(self) -> None:
        # Kept until they are stored, so that a disk that is full for a moment loses none.
        batch = list(self._waiting)
        dropped = self._dropped
        searches = [one for one in batch if isinstance(one, Searched)]
        now = time.monotonic()
        events = [(now, one) for one in batch if isinstance(one, Event)]
        waiting = [*self._early, *events]
        if batch or waiting or dropped:
            absent = self._store.add(searches, [event for _, event in waiting], dropped=dropped)
            for _ in batch:
                self._waiting.popleft()
            self._dropped -= dropped
            left = set(absent)
            self._early = [
                (since, event)
                for since, event in waiting
                if event in left and now - since < _PATIENCE_SECONDS
            ][: self._most_waiting]
        if now >= self._next_prune:
            self._next_prune = now + _PRUNE_SECONDS
            self._store.prune()
        self._after_writing()
