"""The production server, run for real."""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.build_article import document
from indexer.engine.embedded import open_engine
from indexer.language.analyzer import Analyzer
from searchsvc.serve import (
    AddressInUse,
    AddressUnknown,
    AppLoader,
    count_workers,
    find_port,
    format_address,
)
from searchsvc.settings import load

LONGEST_START_S = 60
_COMMAND = "from searchsvc.cli import main; main()"


@pytest.fixture
def index(tmp_path: Path, sample_articles: list[Article]) -> Path:
    engine = open_engine(tmp_path / "indeks", create=True)
    with engine.writer() as writer:
        batch = [document(article) for article in sample_articles]
        writer.add(Analyzer().analyse(batch))
        writer.commit()
    return tmp_path / "indeks"


@pytest.fixture
def server(index: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running server with two workers, and its address."""
    command = [sys.executable, "-c", _COMMAND, "serve", "--index", str(index)]
    options = ["--port", "0", "--workers", "2", "--access-log"]
    with subprocess.Popen(
        [*command, *options], stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        announced = re.search(r"http://\S+/", process.stderr.readline())
        assert announced
        try:
            yield process, announced[0]
        finally:
            if process.poll() is None:
                process.kill()


def ask(address: str) -> tuple[int, bytes]:
    """Status and body, as soon as the server accepts connections."""
    deadline = time.monotonic() + LONGEST_START_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=LONGEST_START_S) as response:
                return response.status, response.read()
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError) or time.monotonic() > deadline:
                raise


def test_it_answers_and_stops_when_told(server: tuple[subprocess.Popen[str], str]) -> None:
    process, address = server
    status, body = ask(f"{address}readyz")
    assert (status, json.loads(body)["articles"]) == (200, 6)
    status, body = ask(f"{address}api/v1/search?q=panen+padi")
    assert json.loads(body)["hits"][0]["id"] == "panen-padi"
    # The log is written beside the answers: read it while the server is there to finish it.
    assert process.stderr is not None
    requests = [process.stderr.readline() for _ in range(2)]
    assert any(
        re.search(r"127\.0\.0\.1 GET /api/v1/search\?q=panen\+padi 200 \d+\.\d ms", line)
        for line in requests
    )
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert "Traceback" not in process.stderr.read()


@pytest.mark.skipif(os.name != "posix", reason="processes of POSIX")
def test_workers_end_with_a_server_that_was_killed(
    server: tuple[subprocess.Popen[str], str],
) -> None:
    process, address = server
    assert ask(f"{address}readyz")[0] == 200
    process.kill()
    process.wait(timeout=30)
    port = int(address.rstrip("/").rpartition(":")[2])
    deadline = time.monotonic() + LONGEST_START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            return
        assert time.monotonic() < deadline


@pytest.mark.skipif(os.name != "posix", reason="processes of POSIX")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("started", [True, False])
def test_a_whole_group_stops_quietly(
    server: tuple[subprocess.Popen[str], str], sent: signal.Signals, started: bool
) -> None:
    process, address = server
    if started:
        assert ask(f"{address}readyz")[0] == 200
    os.killpg(process.pid, sent)
    assert process.stderr is not None
    told = process.stderr.read()
    # Granian may say that it kills a worker that has just ended by itself.
    assert "Unexpected exit" not in told
    assert "Traceback" not in told
    assert process.wait(timeout=30) in (0, 130, -sent)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes of POSIX")
def test_a_worker_whose_server_is_gone_already_ends() -> None:
    """The parent it would find by itself is then another process."""
    code = "from searchsvc.serve import end_with_parent; end_with_parent(-1); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as worker:
        assert worker.wait(timeout=LONGEST_START_S) == 1


def test_an_address_in_use_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            AddressInUse, match=f"Cannot listen on 127.0.0.1 port {port}: "
        ) as error:
            find_port("127.0.0.1", port)
        assert error.value.port == port


@pytest.mark.parametrize("host", ["192.0.2.1", "cari..example"])
def test_an_address_of_another_machine_is_told(host: str) -> None:
    with pytest.raises(AddressUnknown, match=f"Cannot listen on {host}: .+ with --host"):
        find_port(host, 0)


def test_port_zero_finds_a_free_one() -> None:
    assert find_port("127.0.0.1", 0) > 1023


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),
        ("::", "http://[::1]:80/"),
        ("fe80::1", "http://[fe80::1]:80/"),
        ("cari.example", "http://cari.example:80/"),
    ],
)
def test_the_address_shown_can_be_opened(host: str, address: str) -> None:
    assert format_address(host, 80) == address


def test_workers_are_one_for_each_core_unless_said() -> None:
    assert count_workers(3) == 3
    assert 1 <= count_workers(0) <= (os.cpu_count() or 1)


def test_the_app_travels_to_a_fresh_process_without_what_was_prepared(index: Path) -> None:
    loader = AppLoader(load({"index": index}, environ={}))
    loader.prepare()
    assert loader.load() is loader.load()
    other = pickle.loads(pickle.dumps(loader))
    app = other.load()
    assert app is not loader.load()
    assert app.test_client().get("/readyz").status_code == 200
