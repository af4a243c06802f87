"""What somebody meets who installs searchsvc: how much it is, and how long the first search takes.

A new environment is made and the checkout installed into it, as the README says. Then the command
searches the samples: the first time, later, and as a user who may write neither the environment nor
a home, again and again.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.places import REPOSITORY, measure_bytes

Say = Callable[[str], None]

#: What is searched for in the samples.
QUERY = "serangan teroris"


class InstallFailed(Exception):
    """A step ended with an error; its last words are in the message."""


@dataclass(slots=True)
class Installed:
    """Seconds, and bytes on the disk. ``as_nobody`` is empty where that cannot be tried."""

    install_s: float
    bytes: int
    largest: dict[str, int] = field(default_factory=dict)
    first_s: float = 0.0
    later_s: float = 0.0
    as_nobody: list[float] = field(default_factory=list)


def measure_install(python: str, rounds: int, say: Say) -> Installed:
    """Install into a new environment of ``python`` and search there. Raises InstallFailed."""
    # Not below a folder that only its owner may enter: another user is to run it.
    with tempfile.TemporaryDirectory(prefix="searchsvc-install-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        began = perf_counter()
        _run([python, "-m", "venv", str(folder / "venv")])
        pip = [str(folder / "venv/bin/python"), "-m", "pip", "install", "--quiet"]
        say("  installing")
        _run([*pip, "--disable-pip-version-check", str(REPOSITORY)])
        packages = next((folder / "venv/lib").glob("*/site-packages"))
        measured = Installed(perf_counter() - began, measure_bytes(folder / "venv"))
        sizes = {path.name: measure_bytes(path) for path in packages.iterdir()}
        measured.largest = dict(sorted(sizes.items(), key=lambda row: -row[1])[:8])
        command = str(folder / "venv/bin/searchsvc")
        index = str(folder / "index")
        samples = str(REPOSITORY / "index_data/samples")
        _run([command, "index", samples, "--index", index], processes=1)
        # Indexing has loaded what a search loads; a search is to be the first thing that runs.
        for cache in (folder / "venv").rglob("__pycache__"):
            if "searchsvc" in cache.parts or "indexer" in cache.parts:
                shutil.rmtree(cache, ignore_errors=True)
        search = [command, "search", QUERY, "--index", index]
        measured.first_s = _run(search)
        measured.later_s = median(_run(search) for _ in range(rounds))
        if os.geteuid() == 0:
            for path in (folder / "index", *(folder / "index").iterdir()):
                path.chmod(0o755 if path.is_dir() else 0o644)
            with suppress(PermissionError):  # this Python is in a folder that is nobody's to enter
                measured.as_nobody = [_run(search, user="nobody") for _ in range(rounds)]
        return measured


def _run(command: list[str], *, user: str | None = None, processes: int = 0) -> float:
    """Seconds that the command took. Raises InstallFailed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    kept |= {"HOME": "/nonexistent"} if user else {}
    more = ["--processes", str(processes)] if processes else []
    began = perf_counter()
    ended = subprocess.run(
        [*command, *more],
        cwd="/",
        env=kept,
        capture_output=True,
        text=True,
        user=pwd.getpwnam(user).pw_uid if user else None,
        check=False,
    )
    spent = perf_counter() - began
    if ended.returncode:
        last = (ended.stderr or ended.stdout).strip().splitlines()[-1:]
        raise InstallFailed(f"{' '.join(command[:2])} failed: {' '.join(last)}")
    return spent
