"""The shim of system calls: built, preloaded, and armed. Linux, with a C compiler."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
KILL = -1
SHORT = -2
NO_LOG = -1


def is_possible() -> bool:
    """Whether this machine can build and preload the shim."""
    return sys.platform == "linux" and shutil.which("cc") is not None


def build(folder: Path) -> Path:
    """The shim, compiled into ``folder``."""
    library = folder / "shim.so"
    source = HERE / "shim.c"
    subprocess.run(
        ["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True
    )
    return library


def preload() -> None:
    """Start this program again under the shim, unless it runs under it already."""
    if "FAULT_SHIM" in os.environ:
        # It is loaded, and what this program starts needs none.
        shutil.rmtree(Path(os.environ["FAULT_SHIM"]).parent, ignore_errors=True)
        del os.environ["LD_PRELOAD"]
        return
    library = str(build(Path(tempfile.mkdtemp(prefix="faults-"))))
    os.environ.update(FAULT_SHIM=library, LD_PRELOAD=library)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def arm(
    below: Path | str,
    at: int,
    kind: int,
    *,
    stays: bool = False,
    log: int = NO_LOG,
    seed: int = 0,
) -> None:
    """Let call number ``at`` below a folder fail with errno ``kind``, be cut short or kill the
    process; with ``stays`` every call after it too. At 0 none does, and all are counted. With a
    ``seed`` the names of new files are those of every other run with it.
    """
    ctypes.CDLL(None).fault_seed(ctypes.c_ulong(seed))
    ctypes.CDLL(None).fault_arm(os.fsencode(below), ctypes.c_long(at), kind, int(stays), log)


def disarm() -> str:
    """Count no more; what each call did, as a letter of :data:`faults.possible.CALLS`."""
    library = ctypes.CDLL(None)
    library.fault_kinds.restype = ctypes.c_char_p
    calls: bytes = library.fault_kinds()
    library.fault_arm(b"", ctypes.c_long(0), 0, 0, NO_LOG)
    return calls.decode()
