"""Running a target on one input, with an end to it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from fuzz.targets import Target

#: Processor time for one input of at most 64 kB. The slowest takes a tenth of it; what takes time
#: with the square of its length takes all of it.
SECONDS: Final = 20.0


class TooSlow(AssertionError):
    """An input that took more than its processor time."""


@contextmanager
def limit_time(seconds: float = SECONDS) -> Iterator[None]:
    """Raise TooSlow in the block after ``seconds`` of processor time; no limit off POSIX."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"an input took more than {seconds:g} s of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def run_limited(target: Target, data: bytes, *, seconds: float = SECONDS) -> None:
    """``target(data)``. Raises TooSlow, and whatever the target does where a promise is broken."""
    with limit_time(seconds):
        target(data)
