"""Backups, a restore and an upgrade while the service answers and articles keep coming."""

from __future__ import annotations

import json
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.background import Background
from support.commands import run
from support.running import LONGEST_START_S, ask, run_server

from indexer.engine.embedded import open_engine
from searchsvc.index import Index
from searchsvc.serving.writer import make_drain
from searchsvc.settings import load

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")

MASTER = "kunci-induk-untuk-uji-coba"
_BACKUPS = 4


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    Index.open(tmp_path / "data" / "berita", create=True).close()
    monkeypatch.setenv("SEARCHSVC_MASTER_KEY", MASTER)
    return tmp_path / "data" / "berita"


def send(address: str, number: int, *, wait: bool = True) -> Any:
    request = urllib.request.Request(
        f"{address}api/v1/articles{'?wait=1' if wait else ''}",
        data=json.dumps({"id": f"{number:04}", "body": f"Artikel nomor {number}."}).encode(),
        headers={"Authorization": f"Bearer {MASTER}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=LONGEST_START_S) as response:
        return json.load(response)


def count(address: str) -> int:
    status, body = ask(f"{address}api/v1/search?per_page=1")
    assert status == 200
    return int(json.loads(body)["total"])


class Traffic(Background):
    """Sends articles with rising numbers and searches, until it is told to stop."""

    def __init__(self, address: str) -> None:
        super().__init__(self._write, self._search)
        self._address = address
        self.sent = 0
        self.done = 0
        self.problems: list[str] = []

    def _write(self) -> None:
        # Every other task is left behind, so that some always wait.
        self.sent += 1
        task = send(self._address, self.sent - 1, wait=self.sent % 2 == 0)
        if task["status"] == "succeeded":
            self.done = self.sent
        elif self.sent % 2 == 0:
            self.problems.append(str(task))

    def _search(self) -> None:
        try:
            count(self._address)
        except urllib.error.HTTPError as error:
            self.problems.append(f"{error} {error.read()!r}")


def run_well(*arguments: str | Path) -> Any:
    """What a command that succeeds prints as JSON."""
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def list_ids(index: Path) -> Iterator[int]:
    with Index.open(index) as opened:
        yield from sorted(int(article.id) for article in opened)


def test_every_backup_is_one_moment_and_a_restore_is_served(index: Path, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    confirmed = []
    with run_server(index) as (process, address):
        with Traffic(address) as traffic:
            for _ in range(_BACKUPS):
                before = traffic.done
                made = run_well("backup", backups, "--index", index)
                confirmed.append((Path(made["backup"]), before))
        assert traffic.problems == []
        for number, (backup, before) in enumerate(confirmed):
            new = tmp_path / f"new-{number}" / "berita"
            run_well("restore", backup, "--index", new)
            assert open_engine(new).check() == []
            # What waited is done by the writer that comes next, in order, and exactly once.
            make_drain(load({"index": new})).run_until_empty()
            found = list(list_ids(new))
            assert found == list(range(len(found)))
            assert before <= len(found) <= traffic.sent
        # The first of them, under the running service, which then goes on.
        backup, before = confirmed[0]
        run_well("restore", backup, "--force", "--index", index)
        send(address, 9_999)
        restored = len(list(list_ids(tmp_path / "new-0" / "berita")))
        assert count(address) == restored + 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=LONGEST_START_S) == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_a_new_version_takes_over_while_the_old_one_serves(index: Path) -> None:
    with run_server(index, "--workers", "1") as (old, old_address):
        send(old_address, 0)
        with run_server(index, "--workers", "1") as (_, new_address):
            # Both answer; the old one still writes, for both.
            send(new_address, 1)
            assert (count(old_address), count(new_address)) == (2, 2)
            old.send_signal(signal.SIGTERM)
            assert old.wait(timeout=LONGEST_START_S) == 0
            send(new_address, 2)
            assert count(new_address) == 3
