"""A load test of the whole service: ``searchsvc serve`` asked by wrk, a real load generator.

wrk keeps a fixed number of connections busy: each asks again as soon as it is answered.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from bench.places import REPOSITORY
from bench.workload import BenchQuery

SCRIPT = Path(__file__).with_name("requests.lua")
START = "from searchsvc.cli import main; main()"
#: The last address of "Serving INDEX at ADDRESS": an index may have an address too.
ADDRESS = re.compile(r" at (http://[^\s/]+)")
START_LIMIT_S = 60.0
WARM_UP_S = 3

#: What is asked for: the parameters beside ``q``.
SHAPES: dict[str, dict[str, str]] = {
    "plain": {},
    "facets": {"facets": "category,source"},
    "all facets": {"facets": "*"},
}


class LoadFailed(Exception):
    """The service or the load generator did not do what the test needs."""


@dataclass(frozen=True, slots=True)
class Load:
    """How hard, how long, and on which processor cores (``0,1``; empty: any)."""

    workers: int = 2
    connections: int = 8
    threads: int = 2
    seconds: int = 15
    server_cores: str = ""
    client_cores: str = ""
    cache_bytes: int = 0


def pin(cores: str) -> list[str]:
    """The start of a command that keeps a process on these cores."""
    if not cores:
        return []
    if shutil.which("taskset") is None:
        raise LoadFailed("taskset is not installed; leave the cores out, or install util-linux.")
    return ["taskset", "--cpu-list", cores]


@contextmanager
def serve(index: Path | str, load: Load) -> Iterator[str]:
    """The service on this index, at a free port; gives its address, stops it afterwards."""
    command = [
        *pin(load.server_cores),
        *(sys.executable, "-c", START, "--index", str(index), "serve"),
        *("--port", "0", "--workers", str(load.workers), "--cache-bytes", str(load.cache_bytes)),
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY)
    try:
        yield wait_for_address(process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for_address(process: subprocess.Popen[str]) -> str:
    """The address the service prints once it listens. Raises LoadFailed."""
    assert process.stderr is not None
    printed: list[str] = []
    timer = threading.Timer(START_LIMIT_S, process.kill)
    timer.start()
    try:
        for line in process.stderr:
            printed.append(line)
            found = ADDRESS.search(line)
            if found:
                break
        else:
            raise LoadFailed("the service did not start: " + "".join(printed[-5:]))
    finally:
        timer.cancel()
    # Read on, so that the service never waits for room in the pipe.
    threading.Thread(target=process.stderr.read, daemon=True).start()
    wait_until_ready(found[1])
    return found[1]


def wait_until_ready(address: str) -> None:
    """Return when the service says that it is ready. Raises LoadFailed."""
    for _ in range(int(START_LIMIT_S * 10)):
        try:
            with urlopen(f"{address}/readyz", timeout=START_LIMIT_S) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError):
            threading.Event().wait(0.1)
    raise LoadFailed(f"{address}/readyz did not become ready in {START_LIMIT_S:.0f} s")


def list_paths(queries: Sequence[BenchQuery], shape: str) -> list[str]:
    """A request path for each query, as a page would send it."""
    paths = []
    for query in queries:
        values = {"q": query.typed, **SHAPES[shape]}
        if query.category:
            values["category"] = query.category
        paths.append("/api/v1/search?" + urlencode(values))
    return paths


def run_load(
    index: Path, queries: Sequence[BenchQuery], shapes: Sequence[str], load: Load, work: Path
) -> dict[str, dict[str, Any]]:
    """What wrk measured for each shape. Raises LoadFailed."""
    if shutil.which("wrk") is None:
        raise LoadFailed("wrk is not installed. On Debian and Ubuntu: apt-get install wrk")
    measured = {}
    with serve(index, load) as address:
        for shape in shapes:
            paths = work / "paths.txt"
            paths.write_text("\n".join(list_paths(queries, shape)) + "\n")
            ask(address, paths, load, WARM_UP_S)
            measured[shape] = ask(address, paths, load, load.seconds)
    return measured


def ask(address: str, paths: Path, load: Load, seconds: int) -> dict[str, Any]:
    """One run of wrk."""
    command = [
        *pin(load.client_cores),
        *("wrk", "--threads", str(load.threads), "--connections", str(load.connections)),
        *("--duration", f"{seconds}s", "--timeout", "10s", "--script", str(SCRIPT), address),
    ]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "BENCH_PATHS": str(paths)},
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise LoadFailed(f"wrk failed: {done.stderr.strip() or done.stdout.strip()}")
    answer: dict[str, Any] = json.loads(lines[-1])
    answer["requests_per_second"] = answer["requests"] / answer["seconds"]
    return answer
