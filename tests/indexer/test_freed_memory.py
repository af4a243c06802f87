"""Memory that was freed gets back to the system, where the C library can be asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer import freed_memory
from indexer.freed_memory import give_back_memory, share_freed_memory

STATUS = Path("/proc/self/status")
ON_GLIBC = pytest.mark.skipif(
    freed_memory._find("malloc_trim") is None or not STATUS.exists(), reason="not glibc on Linux"
)
#: Prints glibc's account of its heaps after eight threads at once have allocated.
COUNT_HEAPS = """
import ctypes, threading
from indexer.freed_memory import share_freed_memory
{first}
together = threading.Barrier(8)
def allocate():
    kept = bytearray(10_000)
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
library = ctypes.CDLL(None)
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
library.fflush(None)
"""


def measure_memory() -> int:
    lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return int(lines["RssAnon"].split()[0]) * 1024


def count_heaps(first: str, **variables: str) -> int:
    told = subprocess.run(
        [sys.executable, "-c", COUNT_HEAPS.format(first=first)],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return told.count("<heap nr=")


@ON_GLIBC
def test_what_lies_between_things_that_stay_is_given_back() -> None:
    pieces = [bytearray(10_000) for _ in range(10_000)]
    kept = pieces[::100]
    del pieces
    before = measure_memory()
    give_back_memory()
    assert before - measure_memory() > 50_000_000
    assert len(kept) == 100


@ON_GLIBC
def test_threads_share_one_heap_unless_the_operator_has_decided() -> None:
    assert count_heaps("") > 2
    assert count_heaps("share_freed_memory()") == 1
    assert count_heaps("share_freed_memory()", MALLOC_ARENA_MAX="2") == 2


def test_elsewhere_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freed_memory, "_find", lambda name: None)
    give_back_memory()
    share_freed_memory()
