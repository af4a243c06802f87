"""How is freed memory returned to the system?

The C library keeps it, separately per thread: after a large segment, these are hundreds of
megabytes that the next one, built in other threads and with other sizes, cannot reuse.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import lru_cache


def give_back_memory() -> None:
    """Ask the C library to return freed memory to the system; takes some 40 ms after hundreds of
    megabytes.

    Does nothing if that is not supported: ``malloc_trim`` is specific to glibc.
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
