"""How long did a thread wait for things that are loaded only once?

Word lists and tables of an index are read when first needed. The duration reported for an answer
excludes that loading.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from time import perf_counter
from typing import TypeVar

Loaded = TypeVar("Loaded")


class _Waited(threading.local):
    seconds = 0.0


_waited = _Waited()


@contextmanager
def loading() -> Iterator[None]:
    """Count the time inside as loading; nested loads count once."""
    began, before = perf_counter(), _waited.seconds
    try:
        yield
    finally:
        _waited.seconds = before + perf_counter() - began


def loaded_once(load: Callable[[], Loaded]) -> Callable[[], Loaded]:
    """``load``, called once per process."""

    @lru_cache(maxsize=1)
    @wraps(load)
    def loaded() -> Loaded:
        with loading():
            return load()

    return loaded


def read_clock() -> float:
    """Seconds from an arbitrary moment, by a clock that stops while this thread is loading."""
    return perf_counter() - _waited.seconds
