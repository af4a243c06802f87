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
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import pytest
from support.running import (
    LONGEST_START_S,
    ask,
    connect,
    find_port_of,
    list_workers,
    receive_all,
    run_server,
)

from indexer.article import Article
from indexer.engine.embedded import open_engine
from indexer.ingest.build_article import document
from indexer.language.analyzer import Analyzer
from searchsvc.serving.serve import (
    AddressInUse,
    AddressUnknown,
    AppLoader,
    count_workers,
    find_port,
    format_address,
)
from searchsvc.serving.worker_processes import QUIET_SECONDS, BackOff, describe_end
from searchsvc.settings import load


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
    with run_server(index, "--access-log", "--log-queries") as running:
        yield running


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
    port = find_port_of(address)
    deadline = time.monotonic() + LONGEST_START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            pass  # A worker ended while it took this connection.
        assert time.monotonic() < deadline


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends workers at once")
def test_the_address_of_a_server_that_was_killed_is_free_at_once(
    server: tuple[subprocess.Popen[str], str], index: Path
) -> None:
    process, address = server
    assert ask(f"{address}readyz")[0] == 200
    process.kill()
    process.wait(timeout=30)
    with run_server(index, "--port", str(find_port_of(address))) as (_, again):
        assert again == address
        assert ask(f"{again}readyz")[0] == 200


@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers as Linux shows them")
def test_it_goes_on_however_often_its_workers_die(index: Path) -> None:
    with run_server(index, "--workers", "1") as (process, address):
        assert process.stderr is not None
        told = []
        for sent in (signal.SIGBUS, signal.SIGKILL, signal.SIGSEGV):
            assert ask(f"{address}readyz")[0] == 200
            [worker] = list_workers(process.pid)
            os.kill(worker, sent)
            told += [process.stderr.readline() for _ in range(2)]
        assert ask(f"{address}readyz")[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    for name, line in zip(("SIGBUS", "SIGKILL", "SIGSEGV"), told[1::2], strict=True):
        assert f"Worker 1 was ended by {name} (" in line
        assert "A new one starts" in line


@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers as Linux shows them")
def test_it_stops_while_it_waits_to_replace_a_worker(index: Path) -> None:
    with run_server(index, "--workers", "1") as (process, address):
        assert process.stderr is not None
        line = ""
        while "starts in" not in line:
            assert ask(f"{address}readyz")[0] == 200
            [worker] = list_workers(process.pid)
            os.kill(worker, signal.SIGKILL)
            line = [process.stderr.readline() for _ in range(2)][1]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert "Traceback" not in process.stderr.read()


@pytest.fixture
def many_files() -> Iterator[None]:
    """This process may open as many files as the tests of connections need."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2_000:
        pytest.skip("this system lets a process open too few files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2_000), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
def test_silent_connections_keep_nobody_out_and_are_closed(index: Path) -> None:
    options = ("--workers", "1", "--connection-timeout-seconds", "1")
    with run_server(index, *options) as (_, address), ExitStack() as stack:
        assert ask(f"{address}readyz")[0] == 200
        silent = [stack.enter_context(connect(address)) for _ in range(1_100)]
        assert ask(f"{address}healthz")[0] == 200
        for connection in silent:
            assert connection.recv(1) == b""


def test_full_of_silent_connections_it_answers_as_soon_as_they_are_closed(index: Path) -> None:
    options = ("--workers", "1", "--max-connections", "3", "--connection-timeout-seconds", "1")
    with run_server(index, *options) as (_, address), ExitStack() as stack:
        assert ask(f"{address}healthz")[0] == 200
        silent = [stack.enter_context(connect(address)) for _ in range(6)]
        assert ask(f"{address}healthz")[0] == 200
        for connection in silent:
            assert receive_all(connection) == b""


_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_connections_without_a_whole_request_are_closed(index: Path) -> None:
    # What is sent, and how many answers that gets.
    said = [
        (b"G", 0),
        (_REQUEST[:-2], 0),
        (_REQUEST, 1),
        (_REQUEST + b"GET /heal", 1),
        (3 * _REQUEST, 3),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 0),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + 100_000 * b"x", 0),
        (b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n", 0),
    ]
    options = ("--workers", "1", "--connection-timeout-seconds", "1")
    with run_server(index, *options) as (_, address), ExitStack() as stack:
        assert ask(f"{address}healthz")[0] == 200
        opened = [(stack.enter_context(connect(address, sent)), sent, n) for sent, n in said]
        for connection, sent, answers in opened:
            answer = receive_all(connection)
            assert answer.count(b"HTTP/1.1 200 OK") == answers, sent[:80]
        assert ask(f"{address}healthz")[0] == 200


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
@pytest.mark.parametrize(
    ("limits", "wanted", "allowed"),
    [
        ("(300, 300)", 4096, 44),
        ("(300, 400)", 4096, 144),
        ("(200, 200)", 4096, 1),
        ("(300, 400)", 10, 10),
    ],
)
def test_connections_are_as_many_as_the_system_lets_be_open(
    limits: str, wanted: int, allowed: int
) -> None:
    code = (
        "import resource; from searchsvc.serving.serve import allow_connections;"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, {limits}); print(allow_connections({wanted}))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(ended.stdout) == allowed


def test_a_worker_is_replaced_at_once_unless_others_died_just_before() -> None:
    now = 1000.0
    back_off = BackOff(clock=lambda: now)
    assert [back_off.count_death() for _ in range(8)] == [0, 0.5, 1, 2, 4, 8, 10, 10]
    now += QUIET_SECONDS - 1
    assert back_off.count_death() == 10
    now += QUIET_SECONDS
    assert [back_off.count_death() for _ in range(2)] == [0, 0.5]


@pytest.mark.parametrize(
    ("exit_code", "described"),
    [
        (0, "ended with status 0"),
        (None, "ended with status None"),
        (-signal.SIGKILL, "ended by SIGKILL (by hand, or by the system because memory ran out)"),
        (-signal.SIGTERM, "ended by SIGTERM"),
        (-300, "ended by signal 300"),
    ],
)
def test_how_a_worker_ended_is_said(exit_code: int | None, described: str) -> None:
    assert describe_end(exit_code) == described


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
    module = "searchsvc.serving.worker_processes"
    code = f"from {module} import end_with_parent; end_with_parent(-1); input()"
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


def test_it_says_that_it_serves_when_it_answers(server: tuple[subprocess.Popen[str], str]) -> None:
    _, address = server
    with urlopen(f"{address}readyz", timeout=LONGEST_START_S) as answer:
        assert answer.status == 200
