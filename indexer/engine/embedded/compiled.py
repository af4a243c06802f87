"""How the engine's inner loops are compiled."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, cast

import numba

from indexer.engine.embedded.loop_cache import LoopCache

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """``loop`` compiled to machine code at its first call, without holding the interpreter lock.

    The code is cached on disk, so only the first run on a machine pays for compiling. The cache
    knows when the loop's own module changed, not when one did whose loops it calls: after editing
    ``packed_posting`` remove the ``__pycache__`` folders. What a loop calls at every round takes
    numbers only: passing an array counts its references, which costs more than most bodies.
    """
    made = numba.njit(nogil=True)(loop)
    # Neither the package's folder nor the user's may be writable. Set NUMBA_CACHE_DIR to one that
    # is; without it every start compiles anew.
    with suppress(RuntimeError):
        made._cache = LoopCache(loop)
    return cast(Loop, made)
