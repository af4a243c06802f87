"""Which faults can a system call meet? By the manual pages of Linux, and NFS."""

from __future__ import annotations

import errno
from typing import Final, NamedTuple

from faults import shim


class Call(NamedTuple):
    """What system calls of one sort do, and the errors that they may return. ``changes``: whether
    a file or folder is different afterwards; ``cut_short``: whether they may do half of it.
    """

    does: str
    errors: str
    changes: bool = False
    cut_short: bool = False


#: By the letter that the shim gives each call.
CALLS: Final = {
    "o": Call("open a file", "EIO EMFILE EINTR ESTALE EACCES ENOMEM"),
    "c": Call("make a file", "EIO ENOSPC EDQUOT EMFILE EINTR ESTALE EACCES ENOMEM", changes=True),
    "x": Call("close it", "EIO ENOSPC EDQUOT EINTR ESTALE"),
    "r": Call("read", "EIO EINTR ESTALE ENOMEM", cut_short=True),
    "w": Call("write", "EIO ENOSPC EDQUOT EINTR ESTALE ENOMEM", changes=True, cut_short=True),
    "f": Call("flush to the disk", "EIO ENOSPC EDQUOT EINTR ESTALE"),
    "n": Call("rename, link, remove", "EIO ENOSPC EDQUOT ESTALE EACCES ENOMEM", changes=True),
    "s": Call("look at a name", "EIO ESTALE EACCES ENOMEM"),
    "a": Call("look at an open file", "EIO ESTALE ENOMEM"),
    "d": Call("open a folder", "EIO EMFILE ESTALE EACCES ENOMEM"),
    "e": Call("read a folder", "EIO ESTALE ENOMEM"),
    "k": Call("lock", "EIO EINTR ESTALE ENOLCK"),
    "m": Call("map", "EACCES ENOMEM"),
}
#: Of those faults everything that follows may fail as well.
LASTING: Final = ("EIO", "ENOSPC")
KINDS: Final = (
    "kill",
    "short",
    *dict.fromkeys(" ".join(one.errors for one in CALLS.values()).split()),
)


class Fault(NamedTuple):
    """What goes wrong: one of :data:`KINDS`, at call ``at``, or with ``stays`` from there on."""

    kind: str
    at: int
    stays: bool = False

    @property
    def number(self) -> int:
        """The shim's number of the kind."""
        special = {"kill": shim.KILL, "short": shim.SHORT}
        return special.get(self.kind) or int(getattr(errno, self.kind))


def list_faults(calls: str) -> list[Fault]:
    """Every fault that a run with these calls, a letter each, can meet, by kind.

    A process that is killed leaves the disk as its last change did. So it is killed before each
    change, and at the end.
    """
    found = []
    for at, letter in enumerate(calls, 1):
        call = CALLS[letter]
        if call.changes or at == len(calls):
            found.append(Fault("kill", at))
        if call.cut_short:
            found.append(Fault("short", at))
        for error in call.errors.split():
            found.append(Fault(error, at))
            if error in LASTING:
                found.append(Fault(error, at, stays=True))
    return sorted(found, key=lambda fault: (KINDS.index(fault.kind), fault.at))
