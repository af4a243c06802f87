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
from typing import Any
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
from indexer.engine.base import Clause, IdFilter, LabelFilter, Query, Term, Word
from indexer.engine.opensearch import cluster as cluster_module
from indexer.engine.opensearch.address import (
    CERTIFICATES,
    PASSWORD,
    PASSWORD_FILE,
    VariableInvalid,
    read_address,
)
from indexer.engine.opensearch.cluster import Cluster
from indexer.engine.opensearch.engine import OpenSearchEngine, open_engine
from indexer.engine.opensearch.mapping import MOST_TERMS
from indexer.engine.opensearch.refusals import find_cause, find_meaning
from indexer.engine.opensearch.saving import (
    NoRepository,
    SavedGeneration,
    SnapshotUnusable,
    plan_snapshot,
    verify_snapshot,
)
from indexer.engine.opensearch.state import Generation, StateIndex
from indexer.errors import (
    EngineUnavailable,
    IndexCorrupt,
    IndexNotFound,
    IndexNotWritten,
    QueryTooCostly,
)

RED = "a part of the index is on no running node (red)"


def ask_for(*words: str, few: int = 0) -> Query:
    clauses = tuple(Clause((Word(word, (Term(word),)),)) for word in words)
    return Query(clauses, few=few, enough=max(few, 1))


ASKED = ask_for("satu")
#: What a server says of itself that can be used.
OURS = {"version": {"number": "3.8.0", "distribution": "opensearch"}}


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


@pytest.mark.parametrize(
    ("nodes", "told"),
    [
        ({"a": {"settings": {"path": {"home": "/x"}}}}, " (path.repo is not set on its nodes)"),
        ({"a": {"settings": {"path": {"repo": ["/x"]}}}}, ""),
        ({}, ""),
    ],
)
def test_without_a_repository_for_snapshots_it_is_told_whether_a_folder_could_be_one(
    nodes: Any, told: str
) -> None:
    answers: dict[str, Any] = {"/": OURS, "/_snapshot": {}, "/_nodes/settings": {"nodes": nodes}}
    with serve_by(lambda _, path, __: (200, json.dumps(answers[path]).encode())) as port:
        cluster = Cluster(read_address(f"http://127.0.0.1:{port}/a"))
        with pytest.raises(NoRepository) as refused:
            plan_snapshot(cluster)
        cluster.close()
    assert str(refused.value) == (
        f"The cluster of http://127.0.0.1:{port}/a has no snapshot repository{told}; register one, "
        "as docs/engines.md says."
    )


@pytest.mark.parametrize(
    ("status", "about", "told"),
    [
        (403, OURS, "it does not let requests without a user do this."),
        (
            200,
            {"version": {"number": "2.18.0", "distribution": "opensearch"}},
            "OpenSearch 2.18.0.",
        ),
    ],
)
def test_no_snapshot_is_taken_without_rights_or_of_an_older_version(
    status: int, about: Any, told: str
) -> None:
    def answer(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        return (200, json.dumps(about).encode()) if path == "/" else (status, b'{"error": "no"}')

    with serve_by(answer) as port:
        cluster = Cluster(read_address(f"http://127.0.0.1:{port}/a"))
        with pytest.raises(EngineUnavailable) as refused:
            plan_snapshot(cluster)
        cluster.close()
    assert str(refused.value).endswith(told)


@pytest.mark.parametrize(
    ("state", "failed", "told"),
    [
        ("PARTIAL", 1, "it is not whole: PARTIAL, 1 of 2 shards failed (node shutdown)."),
        ("FAILED", 2, "it is not whole: FAILED, 2 of 2 shards failed (node shutdown)."),
        ("IN_PROGRESS", 0, "it is not whole: IN_PROGRESS, 0 of 2 shards failed (node shutdown)."),
    ],
)
def test_a_snapshot_that_is_not_whole_is_refused(state: str, failed: int, told: str) -> None:
    saved = SavedGeneration("r", "s", Generation(1, "x", "a.data-1"))
    described = {
        "state": state,
        "indices": ["a.data-1", "a.state"],
        "failures": [{"index": "a.data-1", "reason": "node shutdown"}],
        "shards": {"total": 2, "failed": failed},
    }
    answers: dict[str, Any] = {"/_snapshot": {"r": {}}, saved.path: {"snapshots": [described]}}
    with serve_by(lambda _, path, __: (200, json.dumps(answers[path]).encode())) as port:
        cluster = Cluster(read_address(f"http://127.0.0.1:{port}/a"))
        with pytest.raises(SnapshotUnusable) as refused:
            verify_snapshot(cluster, saved)
        cluster.close()
    assert str(refused.value) == f"The snapshot s in the repository r cannot be used: {told}"


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


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ({"type": "no_shard_available_action_exception", "reason": "No shard available"}, RED),
        ({"type": "index_closed_exception", "reason": "closed"}, "words-1 cannot be read (closed)"),
    ],
)
def test_a_document_that_cannot_be_read_is_not_taken_for_a_missing_one(
    error: dict[str, str], told: str
) -> None:
    docs: list[dict[str, object]] = [
        {"_id": "words-0", "found": True, "_source": {}},
        {"_id": "words-1", "error": error},
    ]
    with serve(200, {"docs": docs}) as port:
        cluster = cluster_module.Cluster(read_address(f"http://127.0.0.1:{port}/a"))
        with pytest.raises(EngineUnavailable) as refused:
            StateIndex(cluster).get_all(["words-0", "words-1"])
        cluster.close()
    assert told in str(refused.value)


_REJECTED = {"type": "rejected_execution_exception", "reason": "queue capacity reached"}
_TOO_LARGE = {"type": "circuit_breaking_exception", "reason": "Data too large"}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (_REJECTED, r"too much to do \(429\)"),
        ({"type": "search_phase_execution_exception", "root_cause": [_REJECTED]}, "too much"),
        (_TOO_LARGE, "too little memory for this"),
    ],
)
@pytest.mark.parametrize("by_shard", [False, True])
@pytest.mark.parametrize("tries", [1, 5, 6])
def test_a_part_of_an_answer_that_asks_for_patience_gets_it(
    error: dict[str, object], told: str, tries: int, by_shard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an answer that does so altogether: of several searches, or of several documents."""
    pauses: list[int] = []
    whole = {"timed_out": False, "_shards": {"total": 1, "successful": 1, "failed": 0}}
    done = {"responses": [whole, whole], "docs": [{"_id": "a", "found": True, "_source": {}}] * 2}
    failures = [{"reason": error}]
    shards = {"total": 2, "successful": 1, "failed": 1, "failures": failures}
    in_part = {"timed_out": False, "_shards": shards}
    busy: dict[str, object] = {
        "responses": [whole, in_part if by_shard else {"status": 429, "error": error}],
        "docs": [done["docs"][0], {"_id": "b", "error": error}],
    }

    def answer(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        return 200, json.dumps(busy if len(pauses) < tries else done).encode()

    monkeypatch.setattr(cluster_module, "_pause", pauses.append)
    with serve_by(answer) as port:
        cluster = cluster_module.Cluster(read_address(f"http://127.0.0.1:{port}/a"))
        asks: list[Callable[[], list[dict[str, Any]]]] = [
            lambda: cluster.search_all("a", [{}, {}]),
            lambda: cluster.get_all("a", ["a", "b"]),
        ]
        for ask in asks:
            pauses.clear()
            if tries < 6:
                assert len(ask()) == 2
            else:
                with pytest.raises(EngineUnavailable, match=told):
                    ask()
            assert pauses == list(range(min(tries, 5)))
        cluster.close()


def test_a_missing_document_is_named() -> None:
    with serve(200, {"docs": [{"_id": "words-1", "found": False}]}) as port:
        cluster = cluster_module.Cluster(read_address(f"http://127.0.0.1:{port}/a"))
        with pytest.raises(IndexCorrupt, match="its document words-1 is missing"):
            StateIndex(cluster).get_all(["words-1"])
        cluster.close()


_DIVIDED = {"type": "arithmetic_exception", "reason": "/ by zero"}
_SCRIPT = {"type": "script_exception", "reason": "runtime error", "caused_by": _DIVIDED}


@pytest.mark.parametrize(
    ("told", "meaning", "cause"),
    [
        ({"root_cause": [], "failed_shards": []}, RED, "all shards failed"),
        ({}, RED, "all shards failed"),
        ({"root_cause": [_SCRIPT], "caused_by": _SCRIPT}, "", "/ by zero"),
        ({"root_cause": [_SCRIPT], "failed_shards": [{"reason": _SCRIPT}]}, "", "/ by zero"),
        ({"root_cause": [{"type": "no_shard_available_action_exception"}]}, RED, None),
    ],
)
def test_all_shards_of_an_index_of_one_fail_for_any_reason(
    told: dict[str, object], meaning: str, cause: str | None
) -> None:
    error = {"type": "search_phase_execution_exception", "reason": "all shards failed"} | told
    assert find_meaning(error) == meaning
    assert cause in (None, find_cause(error))


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
        assert [one.id for one in snapshot.all_articles()] == ["a"]
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
def test_a_search_that_cannot_be_done_is_told_with_its_cause(engine: OpenSearchEngine) -> None:
    data = engine.describe()["index"]
    for body, told in (
        ({"query": {"terms": {"ref": list(range(MOST_TERMS + 1))}}}, "number of terms"),
        ({"size": 20_000_000}, "Result window is too large"),
        ({"aggs": {"a": {"terms": {"field": "title"}}}}, "field"),
    ):
        with pytest.raises(EngineUnavailable, match=rf"a search failed \(.*{told}"):
            engine._cluster.search(data, body)


@needs_node
def test_filters_have_any_number_of_values(engine: OpenSearchEngine) -> None:
    add(engine, Draft("b", "satu", "tiga", labels={"source": ("Kabar",)}))
    many = tuple(map(str, range(2 * MOST_TERMS)))
    with engine.snapshot() as snapshot:
        for condition, found in (
            (IdFilter((*many, "b")), 1),
            (IdFilter(("a", *many, "b")), 2),
            (IdFilter(many), 0),
            (IdFilter(()), 0),
            (LabelFilter("source", (*many, "Kabar")), 1),
            (LabelFilter("source", (*many, "Kabar"), exclude=True), 1),
        ):
            assert snapshot.search(Query(filters=(condition,))).total == found


@needs_node
@pytest.mark.parametrize(
    "failed",
    [
        {"status": 429, "error": {"type": "rejected_execution_exception", "reason": "busy"}},
        {"timed_out": True, "_shards": {"total": 1, "successful": 1, "failed": 0}},
        {"timed_out": False, "_shards": {"total": 2, "successful": 1, "failed": 1}},
    ],
)
def test_what_is_asked_before_it_is_wanted_fails_no_query(
    engine: OpenSearchEngine, failed: dict[str, object]
) -> None:
    """How many articles have which of the words, where the first answer may have enough."""
    add(engine, Draft("b", "satu", "tiga"))
    name = engine._address.name
    asked: list[list[str]] = []
    failing: list[str] = []

    def pass_on(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        answer = ask_node(method, path, body or None)
        if path.startswith("/_msearch"):
            searches = [json.loads(line) for line in body.splitlines()[1::2]]
            kinds = ["scores" if "scores" in one.get("aggs", {}) else "" for one in searches]
            asked.append(kinds)
            if failing and kinds[-1] == failing[0]:
                del failing[0]
                answer["responses"][-1] = failed
        return 200, json.dumps(answer).encode()

    with serve_by(pass_on) as port:
        between = open_engine(read_address(f"http://127.0.0.1:{port}/{name}"))
        with between.snapshot() as snapshot, engine.snapshot() as direct:
            for query, wanted in (
                # One article has both words: enough, or not.
                (ask_for("satu", "dua", few=1), [["scores"], [""]]),
                (ask_for("satu", "dua", few=2), [["scores"], [""], ["scores"], [""]]),
            ):
                asked.clear()
                failing[:] = ["scores"]
                assert snapshot.search(query) == direct.search(query)
                assert asked[-len(wanted) :] == wanted
        between.close()


@needs_node
@pytest.mark.parametrize(
    ("away", "told"), [("closed", r"cannot be read \(closed\)"), ("on no node", r"\(red\)")]
)
def test_words_that_are_out_of_reach_are_not_taken_for_damaged(away: str, told: str) -> None:
    name = f"test-words-{uuid4().hex[:8]}"
    opened = open_opensearch(name)
    add(opened, Draft("a", "satu", "dua"))
    state = f"{name}.state"
    try:
        # Its words are read once they are needed.
        snapshot = opened.snapshot()
        ask_node("POST", f"/{state}/_close")
        nowhere = {"index.routing.allocation.require._name": "nobody"}
        if away == "on no node":
            ask_node("PUT", f"/{state}/_settings", nowhere)
            ask_node("POST", f"/{state}/_open?wait_for_active_shards=0")
        with pytest.raises(EngineUnavailable, match=told):
            snapshot.known_terms(["satu"])
        if away == "on no node":
            ask_node("PUT", f"/{state}/_settings", dict.fromkeys(nowhere))
        else:
            ask_node("POST", f"/{state}/_open?wait_for_active_shards=0")
        ask_node("GET", f"/_cluster/health/{state}?wait_for_status=yellow&timeout=60s")
        assert snapshot.known_terms(["satu"]) == ["satu"]
    finally:
        remove_index(name)
        opened.close()


@needs_node
def test_a_reader_forgets_the_words_of_an_index_that_another_one_replaced() -> None:
    """Of the same name, with as many words in each commit, or in the first."""
    name = f"test-again-{uuid4().hex[:8]}"
    reader = open_opensearch(name)
    try:
        for words in (
            ("kucing makan ikan", "susu"),
            ("burung cari biji", "ayam"),
            ("rusa lari jauh", "ayam jago"),
        ):
            remove_index(name)
            writing = open_opensearch(name)
            for word in words:
                add(writing, Draft(word, word))
            writing.close()
            with reader.snapshot() as snapshot:
                every = " ".join(words).split()
                assert [term for term, _ in snapshot.terms()] == sorted(every)
                assert [snapshot.search(ask_for(word)).total for word in every] == [1] * len(every)
    finally:
        remove_index(name)
        reader.close()


@needs_node
def test_words_are_read_under_the_names_that_earlier_versions_gave_them(
    engine: OpenSearchEngine,
) -> None:
    state = f"/{engine._address.name}.state/_doc"
    for number, name in enumerate(("words-1-0", "words-2-0-4")):
        generation = ask_node("GET", f"{state}/generation")["_source"]
        words = ask_node("GET", f"{state}/{generation['words'][-1]}")["_source"]
        ask_node("PUT", f"{state}/{name}", words)
        generation |= {"words": [*generation["words"][:-1], name], "identity": uuid4().hex}
        ask_node("PUT", f"{state}/generation?refresh=true", generation)
        with engine.snapshot() as snapshot:
            assert snapshot.known_terms(["satu"]) == ["satu"]
        add(engine, Draft(f"new {number}", "satu", "tiga"))
    with engine.snapshot() as snapshot:
        assert dict(snapshot.terms()) == {"satu": 3, "dua": 1, "tiga": 2}
    assert engine.check() == []


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
