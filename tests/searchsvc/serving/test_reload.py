"""New settings take effect in a server that runs, which answers all the time."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from support.background import Background
from support.running import LONGEST_START_S, ask, find_port_of, list_workers, run_server

from searchsvc.index import Index

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")


class Visitors(Background):
    """Ask for a page over a new connection each time, until they are told to stop."""

    def __init__(self, address: str) -> None:
        super().__init__(*[self._visit] * 4)
        self._port = find_port_of(address)
        self.problems: list[str] = []
        self.asked = 0

    def _visit(self) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=LONGEST_START_S)
        try:
            connection.request("GET", "/api/v1/search?q=padi")
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            self.problems.append(repr(error))
        else:
            self.asked += 1
            if status != 200:
                self.problems.append(str(status))
        finally:
            connection.close()


def wait_until_all_are_new(server: int, old: set[int]) -> None:
    deadline = time.monotonic() + LONGEST_START_S
    while set(list_workers(server)) & old:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_reload_waits_for_the_start(tmp_path: Path) -> None:
    with Index.open(tmp_path / "berita", create=True) as index:
        index.add([{"title": "Panen Padi", "body": "Petani memanen padi."}])
    log = tmp_path / "log"
    command = "from searchsvc.cli import main; main()"
    options = ["--index", str(tmp_path / "berita"), "--port", "0", "--workers", "1"]
    options += ["--log-file", str(log)]
    with subprocess.Popen([sys.executable, "-c", command, "serve", *options]) as process:
        try:
            while not log.exists():
                assert process.poll() is None
                time.sleep(0.01)
            process.send_signal(signal.SIGHUP)
            while "The settings were read again" not in log.read_text():
                assert process.poll() is None
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=LONGEST_START_S) == 0
        finally:
            if process.poll() is None:
                process.kill()


def test_a_reload_reads_the_settings_again_and_goes_on_answering(tmp_path: Path) -> None:
    with Index.open(tmp_path / "data" / "berita", create=True) as index:
        index.add([{"title": "Panen Padi", "body": "Petani memanen padi."}])
    config = tmp_path / "searchsvc.toml"
    config.write_text('site_name = "Kabar Lama"\nlog_format = "json"\naccess_log = true\n')
    log = tmp_path / "log"
    options = ("--config", str(config), "--log-file", str(log))
    with run_server(tmp_path / "data" / "berita", *options, log=log) as (process, address):
        assert b"Kabar Lama" in ask(address)[1]
        config.write_text(
            'site_name = "Kabar Baru"\nlog_format = "json"\naccess_log = true\nthreads = 3\n'
        )
        with Visitors(address) as visitors:
            for _ in range(3):
                old = set(list_workers(process.pid))
                process.send_signal(signal.SIGHUP)
                wait_until_all_are_new(process.pid, old)
        assert (visitors.problems, visitors.asked > 0) == ([], True)
        assert b"Kabar Baru" in ask(address)[1]
        # What cannot be read changes nothing.
        new = set(list_workers(process.pid))
        config.write_text("site_name = ")
        process.send_signal(signal.SIGHUP)
        while "goes on as it is" not in log.read_text():
            time.sleep(0.05)
        assert b"Kabar Baru" in ask(address)[1]
        assert set(list_workers(process.pid)) == new
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=LONGEST_START_S) == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert {line["route"] for line in requests} <= {"/healthz", "/", "/api/v1/search"}
    search = next(line for line in requests if line["route"] == "/api/v1/search")
    assert (search["status"], search["index"], search["hits"]) == (200, "berita", 1)
    messages = [line["message"] for line in lines if line["event"] == "message"]
    assert "Restart the service to change threads." in messages
    assert "The settings were read again. Workers are being replaced." in messages
    assert any("it is not TOML" in message for message in messages)
    assert not any("traceback" in line for line in lines)
