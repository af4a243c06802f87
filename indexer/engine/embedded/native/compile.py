"""Compiles the core: C sources beside this file to one shared library.

For ``setup.py`` and the tests, which run it as a program: then the library is made beside the
sources, unless it is of these already; with arguments, which go to the compiler, always. The
compiler is that of the ``ziglang`` package, which pip installs like any other, or the one that
``SEARCHSVC_CC`` names. The library needs no header and no library of Python's, so one serves every
version of it.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
LIBRARY = {"darwin": "core.dylib", "win32": "core.dll"}.get(sys.platform, "core.so")
#: No contraction: sums must not depend on whether a machine multiplies and adds in one step.
FLAGS = ("-std=gnu11", "-O3", "-ffp-contract=off", "-fvisibility=hidden", "-Wall", "-Wextra")


class NoCompiler(Exception):
    """There is no C compiler, or it failed. The message says what to do."""


def find_compiler() -> list[str]:
    """The command of the compiler. Raises NoCompiler."""
    named = os.environ.get("SEARCHSVC_CC")
    if named:
        return shlex.split(named)
    if find_spec("ziglang") is None:
        raise NoCompiler(
            "searchsvc is built by a C compiler that the package 'ziglang' brings, which has no "
            "wheel for this machine. Install any C compiler and name it: SEARCHSVC_CC=cc"
        )
    # Not of the very processor it is compiled on: the library may be carried to another.
    return [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline"]


def list_sources() -> list[Path]:
    """All C files and headers, in the order of their names."""
    return sorted([*HERE.glob("*.c"), *HERE.glob("*.h")])


def digest_sources() -> str:
    """What the sources are, in 16 hexadecimal digits: a library has those it is made of in it."""
    digest = hashlib.sha256()
    for path in list_sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def is_current(library: Path) -> bool:
    """Whether the library was compiled from the sources as they are."""
    return library.is_file() and _mark().encode() in library.read_bytes()


def _mark() -> str:
    return f"searchsvc core {digest_sources()}"


def compile_core(folder: Path, *flags: str) -> Path:
    """The library, made in ``folder``. Raises NoCompiler."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / LIBRARY
    # Made beside it and renamed: a process that has the old one mapped keeps it whole.
    unfinished = folder / f"{LIBRARY}.{os.getpid()}"
    command = [
        *find_compiler(),
        *FLAGS,
        *flags,
        f'-DSOURCES="{_mark()}"',
        "-shared",
        *([] if sys.platform == "win32" else ["-fPIC"]),
        *map(str, sorted(HERE.glob("*.c"))),
        "-o",
        str(unfinished),
        *([] if sys.platform == "win32" else ["-lm"]),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise NoCompiler(f"{shlex.join(command[:3])} failed:\n{done.stderr.strip()}")
        unfinished.replace(made)
    except OSError as error:
        raise NoCompiler(f"{command[0]} cannot be run ({error.strerror}).") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return made


if __name__ == "__main__":
    if sys.argv[1:] or not is_current(HERE / LIBRARY):
        try:
            compile_core(HERE, *sys.argv[1:])
        except NoCompiler as error:
            sys.exit(str(error))
