"""The process that writes beside those that answer, for real."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from support.running import LONGEST_START_S, ask, list_workers, run_server

from searchsvc.index import Index

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes of POSIX")

MASTER = "kunci-induk-untuk-uji-coba"
Running = tuple[subprocess.Popen[str], str]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    Index.open(tmp_path / "default", create=True).close()
    monkeypatch.setenv("SEARCHSVC_MASTER_KEY", MASTER)
    with run_server(tmp_path / "default") as running:
        yield running


def send(address: str, path: str, values: Any, method: str = "POST") -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(
        f"{address}api/v1/{path}",
        data=json.dumps(values).encode(),
        headers={"Authorization": f"Bearer {MASTER}", "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=LONGEST_START_S) as response:
        return response.status, json.load(response)


def find_writer(folder: Path) -> int:
    """The process that has the lock of the tasks, by what the system says."""
    wanted = (folder / "tasks.lock").stat()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and has_open(entry, wanted):
            return int(entry.name)
    raise AssertionError("nobody writes")


def has_open(process: Path, wanted: os.stat_result) -> bool:
    """Whether the process of this folder of ``/proc`` has the file open."""
    try:
        files = list((process / "fd").iterdir())
    except OSError:
        return False
    for file in files:
        # Others of its files may be closed meanwhile.
        with suppress(OSError):
            if os.path.samestat(file.stat(), wanted):
                return True
    return False


def test_what_is_sent_is_found_at_once_when_waited_for(server: Running) -> None:
    process, address = server
    article = {"id": "a", "title": "Cabai", "body": "Harga cabai turun."}
    status, task = send(address, "articles?wait=1", article)
    assert (status, task["status"]) == (200, "succeeded")
    _, body = ask(f"{address}api/v1/search?q=cabai")
    assert json.loads(body)["total"] == 1
    # An index that comes later is served beside the first.
    assert send(address, "indexes/arsip/articles?wait=1", article)[0] == 200
    _, body = ask(f"{address}api/v1/indexes/arsip/search?q=cabai")
    assert json.loads(body)["total"] == 1
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=LONGEST_START_S) == 0
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="processes of Linux")
def test_a_writer_that_is_killed_is_replaced_and_nothing_is_lost(
    server: Running, tmp_path: Path
) -> None:
    process, address = server
    send(address, "articles?wait=1", {"id": "0", "body": "Artikel nomor nol."})
    killed = []
    for number in range(1, 13):
        article = {"id": str(number), "body": f"Artikel nomor {number}."}
        assert send(address, "articles", article)[0] == 202
        if number % 4 == 0:
            killed.append(find_writer(tmp_path))
            os.kill(killed[-1], signal.SIGKILL)
            send(address, "articles?wait=1", {"id": "0", "body": f"Sesudah {number}."})
    assert len(set(killed)) == 3
    _, body = ask(f"{address}api/v1/search?per_page=1")
    assert json.loads(body)["total"] == 13
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + LONGEST_START_S
    while time.monotonic() < deadline:
        try:
            find_writer(tmp_path)
        except AssertionError:
            return
    raise AssertionError("the writer outlives the server")


def test_without_a_master_key_nobody_writes(tmp_path: Path) -> None:
    Index.open(tmp_path / "default", create=True).close()
    with run_server(tmp_path / "default") as (_, address):
        ask(f"{address}readyz")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["default"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="processes of Linux")
def test_counts_of_all_processes_are_told_by_any_of_them_and_outlive_them(
    server: Running, tmp_path: Path
) -> None:
    process, address = server
    article = {"id": "a", "title": "Cabai", "body": "Harga cabai turun."}
    send(address, "articles?wait=1", [article, {"id": "b"}])
    for number in range(1, 9):
        ask(f"{address}api/v1/search?q=cabai")
        if number % 4 == 0:
            for worker in list_workers(process.pid):
                os.kill(worker, signal.SIGKILL)
            _, told = ask_patiently(f"{address}metrics")
            assert re.search(
                rf'_count{{.*route="/api/v1/search",status="200"}} {number}\.0\n', told
            )
            for result, count in (("created", 1), ("refused", 1), ("deleted", 0)):
                assert f'searchsvc_task_articles_total{{result="{result}"}} {count}.0\n' in told
    folder = find_metrics_folder(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=LONGEST_START_S) == 0
    assert not folder.exists()


def ask_patiently(address: str) -> tuple[int, str]:
    """As ``ask``, also while connections end with the worker that had them."""
    while True:
        try:
            status, body = ask(address)
        except (ConnectionError, http.client.HTTPException):
            continue
        return status, body.decode()


def find_metrics_folder(server: int) -> Path:
    """The folder that a worker has files in."""
    for worker in list_workers(server):
        for file in Path(f"/proc/{worker}/fd").iterdir():
            if "searchsvc-metrics-" in str(file.readlink()):
                return file.readlink().parent
    raise AssertionError("nobody counts")
