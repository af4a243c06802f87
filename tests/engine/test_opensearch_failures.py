"""What cannot be done in OpenSearch is said in one sentence, and nothing of it is half done."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest
from support.batches import Draft, build_batch
from support.opensearch_node import (
    NODE,
    ask_node,
    empty_index,
    needs_node,
    open_opensearch,
    remove_index,
)

from indexer.deadline import Deadline, until
from indexer.engine.base import Clause, Query, Term, Word
from indexer.engine.opensearch import cluster as cluster_module
from indexer.engine.opensearch.address import (
    CERTIFICATES,
    PASSWORD,
    PASSWORD_FILE,
    VariableInvalid,
    read_address,
)
from indexer.engine.opensearch.engine import OpenSearchEngine, open_engine
from indexer.errors import EngineUnavailable, IndexNotFound, IndexNotWritten, QueryTooCostly

ASKED = Query((Clause((Word("satu", (Term("satu"),)),)),), few=0)


# --- servers that are none of ours


#: What a server answers to a request of a method, for a path, with a body.
Answer = Callable[[str, str, bytes], tuple[int, bytes]]


@contextmanager
def serve_by(
    answer: Answer, certificate: Path | None = None, kind: str = "application/json"
) -> Iterator[int]:
    """The port of a server that answers so."""

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, content = answer(self.command, self.path, body)
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = handle_one

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            # A client that hangs up is what is wanted.
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def serve(
    status: int, body: object, certificate: Path | None = None
) -> AbstractContextManager[int]:
    """The port of a server that always answers the same."""
    content = json.dumps(body).encode()
    return serve_by(lambda *_: (status, content), certificate)


def fail_to_open(address: str) -> str:
    """Why it cannot be opened, after its address."""
    with pytest.raises(EngineUnavailable) as refused:
        open_engine(read_address(address), create=True)
    begin = f"The index at {address} cannot be used: "
    assert str(refused.value).startswith(begin)
    return str(refused.value).removeprefix(begin)


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ({"number": "7.10.2"}, "Elasticsearch 7.10.2"),
        ({"number": "2.18.0", "distribution": "opensearch"}, "OpenSearch 2.18.0"),
        ({}, "something else"),
    ],
)
def test_another_server_is_refused_by_its_version(version: dict[str, str], told: str) -> None:
    with serve(200, {"version": version}) as port:
        why = fail_to_open(f"http://127.0.0.1:{port}/a")
    assert why == f"it is not OpenSearch 2.19 or newer, but {told}."


def test_elasticsearch_is_not_taken_for_an_opensearch_without_the_index() -> None:
    def answer(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if path == "/":
            return 200, b'{"version": {"number": "8.15.0"}, "tagline": "You Know, for Search"}'
        return 404, b'{"error": {"type": "index_not_found_exception"}, "status": 404}'

    with serve_by(answer) as port:
        engine = OpenSearchEngine(read_address(f"http://127.0.0.1:{port}/a"))
        with pytest.raises(EngineUnavailable, match=r"but Elasticsearch 8\.15\.0"):
            engine.snapshot()
        engine.close()


@pytest.mark.parametrize(
    ("status", "kind", "content", "told"),
    [
        (404, "text/html", b"<h1>Not Found</h1>", "it answered 404 Not Found, which is not how"),
        (404, "application/json", b'{"message": "no", "code": "not_found"}', "404 Not Found, wh"),
        (404, "application/json", b'"tidak ada"', "its answer cannot be read"),
        (405, "text/plain", b"no", "it answered 405 Method Not Allowed, which is not how"),
        (502, "text/html", b"<html>Bad gateway</html>", "it answered 502 Bad Gateway, which"),
        (301, "text/html", b"", "it answered 301 Moved Permanently, which is not how"),
        (599, "text/html", b"", "it answered 599, which is not how"),
        (200, "text/html", b"<p>Selamat datang", "its answer cannot be read"),
        (200, "application/json", b"", "its answer cannot be read"),
        (200, "application/json", b"[1", "its answer cannot be read"),
        (200, "application/json", b"[]", "its answer cannot be read"),
        (200, "application/json", b'{"version": "3.8.0"}', "but something else"),
    ],
)
def test_any_other_server_is_told_from_opensearch_without_the_index(
    status: int, kind: str, content: bytes, told: str
) -> None:
    with serve_by(lambda *_: (status, content), kind=kind) as port:
        assert told in fail_to_open(f"http://127.0.0.1:{port}/a")
        engine = OpenSearchEngine(read_address(f"http://127.0.0.1:{port}/a"))
        with pytest.raises(EngineUnavailable):
            engine.snapshot()
        engine.close()


@pytest.mark.parametrize(
    ("user", "password", "status", "told"),
    [
        ("", "", 401, "it refuses requests without a user; write it"),
        ("siti@", "", 401, "it refuses the user siti; set its password with SEARCHSVC_OPENSEARCH"),
        ("siti@", "rahasia", 401, "it refuses the user siti, or the password."),
        ("siti@", "rahasia", 403, "it does not let the user siti do this."),
    ],
)
def test_a_user_that_is_refused_is_named_and_no_password(
    user: str, password: str, status: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, password)
    with serve(status, {"error": "no"}) as port:
        why = fail_to_open(f"http://{user}127.0.0.1:{port}/a")
    assert why.startswith(told)
    assert "rahasia" not in why


def test_where_nothing_listens_no_node_can_be_reached() -> None:
    why = fail_to_open("http://127.0.0.1:1,127.0.0.1:2/a")
    assert why == "no node can be reached (Connection refused)."


def test_what_the_environment_sets_wrongly_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").touch()
    for name, value, told in (
        (CERTIFICATES, str(tmp_path / "none"), "No such file or directory."),
        (CERTIFICATES, str(tmp_path / "empty"), "there is no certificate in it."),
        (PASSWORD_FILE, str(tmp_path), "Is a directory."),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            with pytest.raises(VariableInvalid) as refused:
                open_engine(read_address("https://127.0.0.1:1/a"))
        assert str(refused.value) == f"{name}={value} cannot be used: {told}"


@pytest.mark.parametrize("status", [429, 503])
def test_of_a_batch_only_what_was_refused_is_sent_again(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every third operation is refused each time, in the end all that are left."""
    sent: list[list[int]] = []

    def answer(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        numbers = [json.loads(line)["index"]["_id"] for line in body.splitlines()[::2]]
        sent.append(numbers)
        items = [
            {"index": {"status": status, "error": {"reason": "too much"}}}
            if place % 3 == 0
            else {"index": {"status": 201}}
            for place in range(len(numbers))
        ]
        return 200, json.dumps({"errors": True, "items": items}).encode()

    pauses: list[int] = []
    monkeypatch.setattr(cluster_module, "_pause", pauses.append)
    operations = [
        cluster_module.join_lines([{"index": {"_id": number}}, {"a": 1}]) for number in range(9)
    ]
    with serve_by(answer) as port:
        cluster = cluster_module.Cluster(read_address(f"http://127.0.0.1:{port}/a"))
        with pytest.raises(IndexNotWritten, match=rf"too much to do \({status}\)"):
            cluster.bulk("a", operations)
        cluster.close()
    assert sent == [list(range(9)), [0, 3, 6], *[[0]] * 5]
    assert pauses == list(range(6))


def test_a_server_without_tls_is_not_asked_by_it() -> None:
    with serve(200, {}) as port:
        why = fail_to_open(f"https://127.0.0.1:{port}/a")
    assert why == "it does not speak TLS; write http:// if it need not."


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_certificate_is_trusted_only_if_its_authority_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "server.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
    command += "-addext subjectAltName=DNS:localhost -keyout key -out cert"
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    made.write_bytes((tmp_path / "key").read_bytes() + (tmp_path / "cert").read_bytes())
    with serve(200, {"version": {"number": "1"}}, made) as port:
        address = f"https://localhost:{port}/a"
        assert fail_to_open(address) == f"its certificate is not trusted; set {CERTIFICATES}."
        monkeypatch.setenv(CERTIFICATES, str(tmp_path / "cert"))
        assert "but Elasticsearch 1." in fail_to_open(address)
        why = fail_to_open(f"https://127.0.0.1:{port}/a")
        assert why == "its certificate is for another name; write the name that it has."
        why = fail_to_open(f"http://localhost:{port}/a")
        assert why == "it ended the connection without an answer; write https:// if it speaks TLS."


def test_one_that_does_not_answer_is_waited_for_as_long_as_there_is_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster_module, "PATIENCE_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = OpenSearchEngine(read_address(f"http://127.0.0.1:{silent.getsockname()[1]}/a"))
        with pytest.raises(EngineUnavailable, match="did not answer within"):
            engine._cluster.request("GET", "/", patience_s=0.1)
        with until(Deadline(0.1)), pytest.raises(QueryTooCostly):
            engine._cluster.search("a", {})
        engine.close()


# --- on a node


@pytest.fixture
def engine() -> Iterator[OpenSearchEngine]:
    """An index with one article."""
    opened = open_opensearch(empty_index("failures"))
    add(opened, Draft("a", "satu", "dua"))
    yield opened
    opened.close()


def add(engine: OpenSearchEngine, *drafts: Draft) -> None:
    with engine.writer() as writer:
        writer.add(build_batch(drafts))
        writer.commit()


@contextmanager
def cluster_setting(name: str, value: str) -> Iterator[None]:
    ask_node("PUT", "/_cluster/settings", {"transient": {name: value}})
    try:
        yield
    finally:
        ask_node("PUT", "/_cluster/settings", {"transient": {name: None}})


@needs_node
def test_a_missing_index_is_named() -> None:
    address = f"{NODE}/test-none"
    missing = open_engine(read_address(address))
    for ask in (missing.snapshot, missing.writer, missing.describe):
        with pytest.raises(IndexNotFound, match="test-none"):
            ask()
    missing.close()


@needs_node
def test_an_index_that_was_deleted_while_it_was_read_is_missed() -> None:
    name = f"test-gone-{uuid4().hex[:8]}"
    opened = open_opensearch(name)
    add(opened, Draft("a", "satu", "dua"))
    with opened.snapshot() as snapshot:
        assert snapshot.search(ASKED).total == 1
        remove_index(name)
        with pytest.raises(IndexNotFound, match=name):
            snapshot.search(ASKED)
    opened.close()


@needs_node
@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("read_only_allow_delete", "its disk is nearly full, so it writes nothing more"),
        ("read_only", "it was set to read-only"),
    ],
)
def test_what_a_full_disk_refuses_is_not_there(
    engine: OpenSearchEngine, block: str, told: str
) -> None:
    data = engine.describe()["index"]
    setting = f"index.blocks.{block}"
    ask_node("PUT", f"/{data}/_settings", {setting: True})
    try:
        with pytest.raises((IndexNotWritten, EngineUnavailable), match=told):
            add(engine, Draft("b", "satu", "tiga"))
    finally:
        ask_node("PUT", f"/{data}/_settings", {setting: None})
    with engine.snapshot() as snapshot:
        assert [one.id for one in snapshot.articles()] == ["a"]
    add(engine, Draft("b", "satu", "tiga"))
    with engine.snapshot() as snapshot:
        assert snapshot.search(ASKED).total == 2
    assert engine.check() == []


@needs_node
def test_a_node_that_asks_for_patience_gets_it(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.snapshot() as snapshot:
        pauses: list[int] = []
        monkeypatch.setattr(cluster_module, "_pause", pauses.append)
        with cluster_setting("network.breaker.inflight_requests.limit", "10b"):
            with pytest.raises(EngineUnavailable, match="too little memory for this"):
                snapshot.search(ASKED)
            assert pauses == [0, 1, 2, 3, 4]

            def make_room(turn: int) -> None:
                ask_node(
                    "PUT",
                    "/_cluster/settings",
                    {"transient": {"network.breaker.inflight_requests.limit": "90%"}},
                )

            monkeypatch.setattr(cluster_module, "_pause", make_room)
            assert snapshot.search(ASKED).total == 1


@needs_node
def test_a_part_on_no_node_is_never_left_out_of_an_answer() -> None:
    name = f"test-red-{uuid4().hex[:8]}"
    opened = open_opensearch(name)
    add(opened, *(Draft(str(number), "satu", "dua") for number in range(10)))
    data = opened.describe()["index"]
    try:
        with opened.snapshot() as snapshot:
            ask_node("POST", f"/{data}/_close")
            nowhere = {"index.routing.allocation.require._name": "nobody"}
            ask_node("PUT", f"/{data}/_settings", nowhere)
            ask_node("POST", f"/{data}/_open?wait_for_active_shards=0")
            with pytest.raises(EngineUnavailable, match=r"on no running node \(red\)"):
                snapshot.search(ASKED)
            assert any("is red" in problem for problem in opened.check())
            ask_node("PUT", f"/{data}/_settings", dict.fromkeys(nowhere))
            ask_node("GET", f"/_cluster/health/{data}?wait_for_status=yellow&timeout=60s")
            assert snapshot.search(ASKED).total == 10
    finally:
        remove_index(name)
        opened.close()
