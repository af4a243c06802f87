"""What goes on beside a test: threads that repeat something until they are told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

Self = TypeVar("Self", bound="Background")


class Background:
    """Repeats each of ``jobs`` in a thread of its own while the context is open."""

    def __init__(self, *jobs: Callable[[], None]) -> None:
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._repeat, args=(job,)) for job in jobs]

    def _repeat(self, job: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            job()

    def __enter__(self: Self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()
