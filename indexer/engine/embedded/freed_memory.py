"""How does memory that was freed get back to the system?

The C library keeps it, for each thread apart: after a large segment, hundreds of megabytes that the
next one, made in other threads and of other sizes, does not find.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import lru_cache


def give_back_memory() -> None:
    """Ask the C library to give back what was freed; some 40 ms after hundreds of megabytes.

    Does nothing where it cannot be asked: ``malloc_trim`` is glibc's.
    """
    trim = _find_trim()
    if trim is not None:
        trim(0)


@lru_cache(maxsize=1)
def _find_trim() -> Callable[[int], int] | None:
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return trim
