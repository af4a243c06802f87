"""The whole command ``searchsvc index``, files in and index out, in one process and in several.

Runs take turns, each from nothing, so that whatever else the machine does falls on all of them.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.corpus import prepare_corpus
from bench.http_load import START, pin
from bench.places import REPOSITORY, WORK, find_real_articles

Say = Callable[[str], None]


class IndexingFailed(Exception):
    """The command ended with an error; its last words are in the message."""


def write_input(size: int, *, invented: bool) -> tuple[Path, int]:
    """(JSONL of articles as a site exports them, how many): at most ``size``."""
    real = None if invented else find_real_articles()
    path = WORK / f"input-{'invented' if real is None else 'real'}-{size}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        unfinished = path.with_suffix(".new")
        with unfinished.open("w", encoding="utf-8") as out:
            if real is not None:
                with gzip.open(real, "rt", encoding="utf-8") as lines:
                    out.writelines(islice(lines, size))
            else:
                for batch in prepare_corpus(size, invented=True).read_chunks():
                    for document in batch.documents:
                        out.write(json.dumps(document.article.to_dict()) + "\n")
        unfinished.replace(path)
    with path.open("rb") as lines:
        return path, sum(1 for _ in lines)


def measure_indexing(
    source: Path, processes: Sequence[int], rounds: int, cores: str, say: Say
) -> dict[int, float]:
    """Median seconds of the command by number of processes. Raises IndexingFailed, LoadFailed."""
    seconds: dict[int, list[float]] = {number: [] for number in processes}
    for _ in range(rounds):
        for number in processes:
            spent = run_index(source, number, cores)
            seconds[number].append(spent)
            say(f"  --processes {number}: {spent:.1f} s")
    return {number: median(spent) for number, spent in seconds.items()}


def run_index(source: Path, processes: int, cores: str) -> float:
    """Seconds of one run of the command, from its start to its end, into an index of its own."""
    folder = WORK / "indexing"
    shutil.rmtree(folder, ignore_errors=True)
    started = perf_counter()
    ended = subprocess.run(
        [
            *pin(cores),
            *(sys.executable, "-c", START, "--index", str(folder), "index", str(source)),
            *("--processes", str(processes)),
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    spent = perf_counter() - started
    shutil.rmtree(folder, ignore_errors=True)
    # 1: done, but some articles were set aside.
    if ended.returncode not in (0, 1):
        raise IndexingFailed(
            f"searchsvc index ended with {ended.returncode}: {ended.stderr[-500:]}"
        )
    return spent
