"""Compiled loops are kept between runs, and never run as anything else than was compiled."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SOURCE = """
import sys
from indexer.engine.embedded.compiled import compiled

@compiled
def add(first, second):
    return first + second

assert add(20, 3) == 23
print(sum(add.stats.cache_hits.values()))
"""


def run(folder: Path) -> str:
    """How many times the loop came from the cache in ``folder``."""
    (folder / "loop.py").write_text(SOURCE, encoding="utf-8")
    os.utime(folder / "loop.py", (1_000_000, 1_000_000))
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(folder / "loop.py")], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def empty(content: bytes) -> bytes:
    return b""


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    assert run(tmp_path) == "0"
    assert run(tmp_path) == "1"
    for ending, damage in (("*.nbi", empty), ("*.nbc", cut), ("*.nbi", flip), ("*.nbc", flip)):
        (path,) = (tmp_path / "cache").rglob(ending)
        path.write_bytes(damage(path.read_bytes()))
        assert run(tmp_path) == "0"
    assert run(tmp_path) == "1"


def test_a_cache_that_cannot_be_written_is_gone_without(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    assert run(tmp_path) == "0"
