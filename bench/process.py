"""A worker process as seen from outside: requests in, answers out."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.places import REPOSITORY


class WorkerFailed(Exception):
    """A worker ended without an answer; its own message is on standard error."""


class WorkerProcess:
    """One engine in a process of its own. Use as a context manager."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.started = perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker", engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=REPOSITORY,
            text=True,
            env={**os.environ, "NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )

    def ask(self, **request: object) -> dict[str, Any]:
        """The worker's answer. Raises WorkerFailed where the process died."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise WorkerFailed(f"{self.engine} ended with exit code {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> WorkerProcess:
        return self

    def __exit__(self, *exc_info: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def forget_files(folder: Path) -> None:
    """Ask the system to drop the folder's files from its page cache, for a cold start."""
    if not hasattr(os, "posix_fadvise"):
        return
    for path in folder.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(descriptor)
