"""A writer killed at any moment leaves an index that is whole and can be continued."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from indexer.engine.embedded import open_engine

TESTS = Path(__file__).parent.parent
KILLS = 10


def index_and_kill(folder: Path, first: int, commits: int, moment_s: float) -> int:
    """Index from article ``first``; kill after ``commits`` commits and a moment; last known."""
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join((str(TESTS.parent), str(TESTS))))
    with subprocess.Popen(
        [sys.executable, str(TESTS / "engine" / "kill_me.py"), str(folder), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        committed = first
        for _ in range(commits):
            committed = int(process.stdout.readline())
        try:
            # The wait is for the process, not for time to pass: it never ends by itself.
            process.wait(timeout=moment_s)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        for line in process.stdout:
            # Only whole lines: the kill may have cut the last one.
            if line.endswith("\n"):
                committed = int(line)
        assert process.wait() == -signal.SIGKILL
    return committed


def test_every_committed_article_survives_ten_kills(tmp_path: Path) -> None:
    rng = random.Random(3)
    folder = tmp_path / "index"
    committed = 0
    for _ in range(KILLS):
        committed = index_and_kill(folder, committed, rng.randint(1, 3), rng.uniform(0, 0.06))
        engine = open_engine(folder)
        assert engine.check() == []
        with engine.snapshot() as snapshot:
            for number in range(committed):
                assert snapshot.find(f"artikel-{number}") is not None
            # A last commit may have become durable just before its line was printed.
            assert snapshot.document_count() in (committed, committed + 20)
    with open_engine(folder).writer() as writer:
        assert writer.delete(["artikel-0"]) == 1
        assert writer.commit().deleted == 1
    files = {path.suffix for path in folder.iterdir()}
    assert files <= {".pack", ".toc", ".json", ""}
