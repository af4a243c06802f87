"""How long may one query take? A limit that holds for all that the code inside it does.

It belongs to the running thread and is not handed from function to function: what is costly lies
deep, and most of what lies between has no business with time. Code that works in steps calls
:func:`check_deadline` between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import NoReturn

from indexer.errors import QueryTooCostly


class Deadline:
    """The moment ``seconds`` from now, as ``clock`` tells it."""

    __slots__ = ("_clock", "_ends", "seconds")

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._ends = clock() + seconds

    def check(self) -> None:
        """Raise QueryTooCostly where the moment has passed."""
        if self._clock() > self._ends:
            raise QueryTooCostly(self.seconds)

    def seconds_left(self) -> float:
        """Seconds until the moment; below 0 where it has passed."""
        return self._ends - self._clock()


_CURRENT: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def until(deadline: Deadline | None) -> Iterator[None]:
    """Let ``deadline`` hold for the code inside, instead of one that held before; ``None``: let it
    take as long as it takes.
    """
    token = _CURRENT.set(deadline)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def check_deadline() -> None:
    """Raise QueryTooCostly where the deadline that holds here has passed."""
    deadline = _CURRENT.get()
    if deadline is not None:
        deadline.check()


def measure_time_left() -> float | None:
    """Seconds until the deadline that holds here, above 0; ``None`` where none holds. Raises
    QueryTooCostly where it has passed.
    """
    deadline = _CURRENT.get()
    if deadline is None:
        return None
    deadline.check()
    return max(deadline.seconds_left(), 1e-6)


def refuse_late() -> NoReturn:
    """Raise QueryTooCostly, where something else than :func:`check_deadline` found it so."""
    deadline = _CURRENT.get()
    raise QueryTooCostly(deadline.seconds if deadline is not None else 0.0)
