"""Several processes count together, however each of them ends."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from searchsvc.monitoring.counts import FOLDER_VARIABLE, Counts
from searchsvc.monitoring.shared_folder import keep_shared_folder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")

_COUNT = """
import os, signal, sys
from searchsvc.monitoring import shared_folder
from searchsvc.monitoring.counts import Counts
shared_folder.join()
counts = Counts()
for _ in range(int(sys.argv[1])):
    counts.count_answer(cached=True)
print(counts.write(lambda: ()).decode(), end="", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def count_in_a_process_that_is_killed(times: int) -> str:
    """What it told of the counts of all, before its end."""
    done = subprocess.run(
        [sys.executable, "-c", _COUNT, str(times)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout


def test_a_killed_process_is_continued_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    with keep_shared_folder():
        folder = Path(os.environ[FOLDER_VARIABLE])
        for total in (3, 6):
            told = count_in_a_process_that_is_killed(3)
            assert f'searchsvc_answers_total{{cache="hit"}} {total}.0\n' in told
        assert sorted(path.name for path in folder.iterdir()) == [
            "0.lock",
            "counter_0.db",
            "histogram_0.db",
        ]
        assert (folder.stat().st_mode & 0o777) == 0o700
    assert not folder.exists()
    assert FOLDER_VARIABLE not in os.environ


def test_the_folder_of_the_service_manager_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", f"{tmp_path}:/elsewhere")
    with keep_shared_folder():
        assert Path(os.environ[FOLDER_VARIABLE]).parent == tmp_path


def test_without_a_place_each_counts_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with keep_shared_folder():
        assert FOLDER_VARIABLE not in os.environ
    assert "Metrics are those of single workers" in caplog.text


_LITTLE_ROOM = """
import resource
from searchsvc.monitoring import shared_folder
from searchsvc.monitoring.counts import FOLDER_VARIABLE
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
shared_folder.join()
print(FOLDER_VARIABLE in shared_folder.os.environ)
"""


def test_a_process_without_room_for_its_counts_shares_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Files may not grow beyond 300,000 bytes: of a longer one the first part is written."""
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    with keep_shared_folder():
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, "-c", _LITTLE_ROOM], capture_output=True, text=True, check=True
            )
            assert done.stdout == "False\n"
            assert "This process does not share its metrics" in done.stderr


def test_methods_and_results_of_clients_add_no_series() -> None:
    counts = Counts()
    for method in ("GET", "BREW", "CURDLE"):
        counts.count_request(method, "/", 200, 0.01)
    counts.count_task({"created": 2, "result": "odd", "received": 7}, failed=False)
    counts.count_task({"indexedDocuments": 4}, failed=True)
    told = counts.write(lambda: ()).decode()
    assert 'searchsvc_request_seconds_count{method="other",route="/",status="200"} 2.0' in told
    assert "BREW" not in told
    assert 'searchsvc_task_articles_total{result="created"} 2.0' in told
    assert 'searchsvc_task_articles_total{result="written"} 4.0' in told
    assert "odd" not in told
    assert 'searchsvc_finished_tasks_total{status="failed"} 1.0' in told
