"""How long may one query take? A limit on everything that the code inside it does.

It belongs to the running thread instead of being passed from function to function: the costly code
lies deep, and most of the code in between has nothing to do with time. Code that works in steps
calls :func:`check_deadline` between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import NoReturn

from indexer.errors import QueryTooCostly


class Deadline:
    """The moment ``seconds`` from now by ``clock``."""

    __slots__ = ("_clock", "_ends", "seconds")

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._ends = clock() + seconds

    def check(self) -> None:
        """Raise QueryTooCostly if the moment has passed."""
        if self._clock() > self._ends:
            raise QueryTooCostly(self.seconds)

    def seconds_left(self) -> float:
        """Seconds until the moment; negative once it has passed."""
        return self._ends - self._clock()


_CURRENT: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def until(deadline: Deadline | None) -> Iterator[None]:
    """Apply ``deadline`` to the code inside, replacing any outer one; ``None``: no limit."""
    token = _CURRENT.set(deadline)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def check_deadline() -> None:
    """Raise QueryTooCostly if the current deadline has passed."""
    deadline = _CURRENT.get()
    if deadline is not None:
        deadline.check()


def measure_time_left() -> float | None:
    """Seconds until the current deadline, above 0; ``None`` without one. Raises QueryTooCostly if
    it has passed.
    """
    deadline = _CURRENT.get()
    if deadline is None:
        return None
    deadline.check()
    return max(deadline.seconds_left(), 1e-6)


def refuse_late() -> NoReturn:
    """Raise QueryTooCostly, for code that checks the deadline by other means than
    :func:`check_deadline`.
    """
    deadline = _CURRENT.get()
    raise QueryTooCostly(deadline.seconds if deadline is not None else 0.0)
