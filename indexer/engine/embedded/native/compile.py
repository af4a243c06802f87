"""How is the core compiled? The C sources beside this file become one shared library.

For ``setup.py`` and the tests, which run it as a program: the library is built beside the sources,
unless it is current; with arguments, which are passed to the compiler, always. The compiler is that
of the ``ziglang`` package, which pip installs like any other, or the one named by ``SEARCHSVC_CC``.
The library needs no Python headers or libraries, so one serves every version of Python.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
HEADER = HERE / "core.h"
LIBRARY = "core.dylib" if sys.platform == "darwin" else "core.so"
#: No contraction: sums must not depend on whether a machine fuses multiplication and addition.
FLAGS = ("-std=gnu11", "-O3", "-g0", "-ffp-contract=off", "-fvisibility=hidden", "-Wall", "-Wextra")


class NoCompiler(Exception):
    """There is no C compiler, or it failed. The message says what to do."""


def find_compiler() -> list[str]:
    """The command of the compiler. Raises NoCompiler."""
    named = os.environ.get("SEARCHSVC_CC")
    if named:
        return shlex.split(named)
    if find_spec("ziglang") is None:
        raise NoCompiler(
            "Building searchsvc takes a C compiler. Install one with: pip install ziglang. "
            "Or name one that is installed: SEARCHSVC_CC=cc"
        )
    # Not for this particular processor: the library may be copied to another machine.
    return [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline"]


def is_of_these_sources(named: str) -> bool:
    """Whether a library that identifies itself as ``named`` matches the header beside this file
    and, if the sources are present, was compiled from them.
    """
    _, header, sources, *_ = [*named.split(), "", ""]
    if header != _digest([HEADER]):
        return False
    return sources == _digest(_list_sources()) or not any(HERE.glob("*.c"))


def is_current(library: Path) -> bool:
    """Whether the library was compiled from the current sources, for a machine like this."""
    return library.is_file() and _name_sources().encode() in library.read_bytes()


def _list_sources() -> list[Path]:
    return sorted([*HERE.glob("*.c"), *HERE.glob("*.h")])


def _name_sources() -> str:
    """A library's identification: digests of its header and sources, and its target machine."""
    machine = [sys.platform, platform.machine(), platform.libc_ver()[0] or "libc"]
    return " ".join(["core", _digest([HEADER]), _digest(_list_sources()), *machine])


def _digest(paths: list[Path]) -> str:
    digest = hashlib.sha256(repr(FLAGS).encode())
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def compile_core(folder: Path, *flags: str) -> Path:
    """The library, built in ``folder``. Raises NoCompiler, OSError if it cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / LIBRARY
    # Built beside it and renamed: a process that has the old one mapped keeps it intact.
    unfinished = folder / f"{LIBRARY}.{os.getpid()}"
    command = [
        *find_compiler(),
        *FLAGS,
        *flags,
        f'-DSOURCES="{_name_sources()}"',
        *("-shared", "-fPIC"),
        *map(str, sorted(HERE.glob("*.c"))),
        *("-o", str(unfinished)),
    ]
    try:
        with tempfile.TemporaryDirectory(prefix="searchsvc-compile-") as scratch:
            _run(command, Path(scratch))
        unfinished.replace(made)
    finally:
        unfinished.unlink(missing_ok=True)
    return made


def _run(command: list[str], scratch: Path) -> None:
    """Run the compiler. Raises NoCompiler."""
    environment = dict(os.environ)
    if not os.access(os.path.expanduser("~"), os.W_OK):
        # Zig caches compiled parts of libc in the user's home, which may not exist.
        environment.setdefault("ZIG_GLOBAL_CACHE_DIR", str(scratch))
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
    except OSError as error:
        raise NoCompiler(f"{command[0]} cannot be run ({error.strerror}).") from error
    if done.returncode:
        raise NoCompiler(f"{shlex.join(command[:3])} failed:\n{done.stderr.strip()}")


if __name__ == "__main__":
    if sys.argv[1:] or not is_current(HERE / LIBRARY):
        try:
            compile_core(HERE, *sys.argv[1:])
        except (NoCompiler, OSError) as error:
            sys.exit(str(error))
