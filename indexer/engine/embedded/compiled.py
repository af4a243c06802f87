"""How the engine's inner loops are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """``loop`` compiled to machine code at its first call, without holding the interpreter lock.

    The code is cached on disk, so only the first run on a machine pays for compiling.
    """
    return cast(Loop, numba.njit(cache=True, nogil=True)(loop))
