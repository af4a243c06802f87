"""What Prometheus and the operator of a service learn of requests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from support.brute_force import BruteForceEngine

from searchsvc.access.keys import KeyStore
from searchsvc.access.new_key import read_key
from searchsvc.engines import ADDRESS_FILE
from searchsvc.index import Index
from searchsvc.web import create_app

MASTER = "kunci-induk-untuk-uji-coba"
BEHIND_A_PROXY = {"X-Forwarded-For": "203.0.113.7"}


def read_samples(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Values by name, then by the values of the labels."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_requests_are_counted_by_the_template_of_their_address(client: FlaskClient) -> None:
    for path in ("/api/v1/search?q=padi", "/api/v1/search?q=padi", "/artikel/panen-padi"):
        assert client.get(path).status_code == 200
    assert client.get("/tidak/ada").status_code == 404
    assert client.get("/api/v1/search?page=x").status_code == 400
    assert client.get("/api/v1/search", headers={"Host": "a b"}).status_code == 400
    response = client.get("/metrics")
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    samples = read_samples(response.text)
    assert samples["searchsvc_request_seconds_count"] == {
        ("GET", "/api/v1/search", "200"): 2,
        ("GET", "/api/v1/search", "400"): 1,
        ("GET", "/artikel/<article_id:in_path>", "200"): 1,
        ("GET", "(none)", "404"): 1,
        ("GET", "(none)", "400"): 1,
    }
    assert samples["searchsvc_answers_total"] == {("hit",): 1, ("miss",): 2}
    assert samples["searchsvc_slow_queries_total"] == {(): 0}
    for word in ("padi", "panen", "tidak"):
        assert word not in response.text


def test_slow_searches_are_counted_and_other_slow_requests_are_not(
    app: Flask, brute_engine: BruteForceEngine
) -> None:
    client = create_app({"slow_query_ms": 1e-6}, engine=brute_engine).test_client()
    for path in ("/healthz", "/api/v1/search?q=padi", "/api/v1/search?q=padi", "/robots.txt"):
        client.get(path)
    assert read_samples(client.get("/metrics").text)["searchsvc_slow_queries_total"] == {(): 1}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two indexes, one of which has articles, and a damaged one."""
    with Index.open(tmp_path / "berita", create=True) as index:
        index.add([{"title": "Panen Padi", "body": "Petani memanen padi."}])
    Index.open(tmp_path / "arsip", create=True).close()
    Index.open(tmp_path / "rusak", create=True).close()
    (tmp_path / "rusak" / "_MAIN_0.toc").write_bytes(b"rusak")
    return tmp_path


def test_every_index_is_measured(folder: Path) -> None:
    client = create_app({"index": folder / "berita"}).test_client()
    samples = read_samples(client.get("/metrics").text)
    assert samples["searchsvc_indexes"] == {(): 3}
    assert samples["searchsvc_index_up"] == {("berita",): 1, ("arsip",): 1, ("rusak",): 0}
    assert samples["searchsvc_index_articles"] == {("berita",): 1, ("arsip",): 0}
    assert samples["searchsvc_index_generation"] == {("berita",): 1, ("arsip",): 0}
    size = sum(path.stat().st_size for path in (folder / "berita").glob("*.pack"))
    assert samples["searchsvc_index_bytes"] == {("berita",): size, ("arsip",): 0}
    assert 0 <= samples["searchsvc_index_age_seconds"]["berita",] < 600
    # Nothing is written without a master key, so there are no tasks.
    assert "searchsvc_tasks" not in samples
    assert not (folder / "tasks.sqlite").exists()


@pytest.mark.parametrize("record", [b"rubbish", b"", b"[]", b"{}", b"\xff", b'{"address"'])
def test_an_index_without_a_readable_address_is_down(folder: Path, record: bytes) -> None:
    address = folder / "jauh" / ADDRESS_FILE
    address.parent.mkdir()
    address.write_bytes(record)
    client = create_app({"index": folder / "berita"}).test_client()
    up = {("berita",): 1, ("arsip",): 1, ("rusak",): 0}
    measured = read_samples(client.get("/metrics").text)
    assert measured["searchsvc_index_up"] == {**up, ("jauh",): 0}
    address.write_bytes(b'{"address": "http://127.0.0.1:9/jauh"}')
    assert read_samples(client.get("/metrics").text)["searchsvc_index_up"] == up


def test_an_index_that_is_not_there_is_told(tmp_path: Path) -> None:
    client = create_app({"index": tmp_path / "belum"}).test_client()
    samples = read_samples(client.get("/metrics").text)
    assert samples["searchsvc_indexes"] == {(): 0}
    assert samples["searchsvc_index_up"] == {("belum",): 0}


def test_waiting_tasks_are_measured(folder: Path) -> None:
    app = create_app({"index": folder / "berita", "master_key": MASTER})
    client = app.test_client()
    body = {"title": "Cabai", "body": "Harga cabai."}
    sent = client.post("/api/v1/articles", json=body, headers={"Authorization": f"Bearer {MASTER}"})
    assert sent.status_code == 202
    samples = read_samples(client.get("/metrics").text)
    assert samples["searchsvc_tasks"]["enqueued",] == 1
    assert samples["searchsvc_queue_bytes"][()] > 0
    assert 0 < samples["searchsvc_queue_age_seconds"][()] < 600


def make_key(folder: Path, **values: Any) -> dict[str, str]:
    store = KeyStore(folder, MASTER)
    key = store.create(read_key(values))
    return {"Authorization": f"Bearer {store.secret_of(key)}"}


@pytest.mark.parametrize(
    ("setting", "master", "far", "actions", "indexes", "status"),
    [
        ("auto", False, False, None, "*", 200),
        ("auto", False, True, None, "*", 403),
        ("auto", True, False, None, "*", 200),
        ("auto", True, True, None, "*", 401),
        ("auto", True, True, "metrics.get", "*", 200),
        ("auto", True, True, "metrics.*", "*", 200),
        ("auto", True, True, "search", "*", 403),
        ("auto", True, False, "search", "*", 403),
        ("auto", True, True, "metrics.get", "berita", 403),
        ("open", False, True, None, "*", 200),
        ("key", True, False, None, "*", 401),
        ("key", True, False, "metrics.get", "*", 200),
        ("off", True, False, "metrics.get", "*", 404),
    ],
)
def test_who_may_read_them(
    tmp_path: Path,
    setting: str,
    master: bool,
    far: bool,
    actions: str | None,
    indexes: str,
    status: int,
) -> None:
    settings = {"index": tmp_path / "berita", "metrics": setting}
    client = create_app(settings | ({"master_key": MASTER} if master else {})).test_client()
    headers = dict(BEHIND_A_PROXY) if far else {}
    if actions is not None:
        headers |= make_key(tmp_path, actions=[actions], indexes=[indexes])
    response = client.get("/metrics", headers=headers)
    assert response.status_code == status
    if status != 200:
        assert response.mimetype == "application/problem+json"


def test_a_client_on_another_machine_is_not_local(app: Flask) -> None:
    response = app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert response.status_code == 403
    assert response.get_json(force=True)["detail"] == (
        "The key does not allow metrics.get: without keys it is for programs on this machine only."
    )


@pytest.mark.parametrize("sent", ["a", "7b1f:4+/=@-_.", "x" * 128])
def test_the_id_of_a_request_is_returned(client: FlaskClient, sent: str) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": sent})
    assert response.headers.getlist("X-Request-ID") == [sent]


@pytest.mark.parametrize("sent", ["", "a b", 'a"b', "x" * 129, "\u00e9", "<a>"])
def test_ids_that_a_log_cannot_hold_are_replaced(client: FlaskClient, sent: str) -> None:
    responses = [client.get("/tidak/ada", headers={"X-Request-ID": sent}) for _ in range(2)]
    first, second = (response.headers["X-Request-ID"] for response in responses)
    assert sent not in (first, second)
    assert first != second
