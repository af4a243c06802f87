"""How is a file locked so that the system releases it when the process dies?"""

from __future__ import annotations

import sys


def lock_at_once(file: int) -> bool:
    """Whether the open file could be locked immediately; closing it releases the lock."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
