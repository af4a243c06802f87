"""How the engine's inner loops are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """``loop`` compiled to machine code at its first call, without holding the interpreter lock.

    The code is cached on disk, so only the first run on a machine pays for compiling. The cache
    knows when the loop's own module changed, not when one did whose loops it calls: after editing
    ``packed_posting`` remove the ``__pycache__`` folders. What a loop calls at every round takes
    numbers only: passing an array counts its references, which costs more than most bodies.
    """
    try:
        return cast(Loop, numba.njit(cache=True, nogil=True)(loop))
    except RuntimeError:
        # Neither the package's folder nor the user's is writable. Set NUMBA_CACHE_DIR to one
        # that is; without it every start compiles anew.
        return cast(Loop, numba.njit(nogil=True)(loop))
