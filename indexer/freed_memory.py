"""How is freed memory returned to the system?

The C library keeps it, separately for groups of threads: after a large segment, these are hundreds
of megabytes that the next one, built in other threads and with other sizes, cannot reuse. In a
service of many threads, each group's share grows for hours.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from functools import lru_cache

#: glibc's ``mallopt(M_ARENA_MAX, count)``.
_M_ARENA_MAX = -8


def share_freed_memory() -> None:
    """Let all threads of this process, and of processes forked from it, allocate from one heap, so
    that each can reuse what another has freed.

    Call it before threads start. Threads that hold Python's lock do not compete for the heap's. An
    operator's ``MALLOC_ARENA_MAX`` takes precedence; does nothing where glibc is not used.
    """
    set_option = _find("mallopt")
    if set_option is not None and "MALLOC_ARENA_MAX" not in os.environ:
        set_option(_M_ARENA_MAX, 1)


def give_back_memory() -> None:
    """Ask the C library to return freed memory to the system; takes some 40 ms after hundreds of
    megabytes.

    Does nothing if that is not supported: ``malloc_trim`` is specific to glibc.
    """
    trim = _find("malloc_trim")
    if trim is not None:
        trim(0)


@lru_cache(maxsize=2)
def _find(name: str) -> Callable[..., int] | None:
    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
    return found
