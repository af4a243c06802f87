"""Who sees what readers search for: reports over HTTP, and the page with its sessions."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from searchsvc.access.keys import Key, KeyStore
from searchsvc.access.new_key import read_key
from searchsvc.index import Index
from searchsvc.web import create_app
from searchsvc.web.address_limit import LOGINS_A_MINUTE
from searchsvc.web.insight_page import SPANS

MASTER = "kunci-induk-untuk-uji-coba"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    with Index.open(tmp_path / "default", create=True) as index:
        index.add([{"id": "a/1", "judul": "Harga <beras>", "isi": "Harga beras naik."}])
    made = create_app({"index": tmp_path / "default", "master_key": MASTER, "insight": True})
    client = made.test_client()
    for query in ("harga beras", "harga beras", "<script>alert(1)</script>", "gabah"):
        found = client.get("/api/v1/search", query_string={"q": query}).get_json()
        for hit in found["hits"]:
            event = {
                "action_name": "click",
                "query_id": found["query_id"],
                "event_attributes": {"object": {"object_id": hit["id"]}},
            }
            assert client.post("/api/v1/events", json=event).status_code == 202
    assert made.extensions["searchsvc"].insight.recorder.flush()
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path, MASTER)


def make(keys: KeyStore, **values: Any) -> Key:
    return keys.create(read_key({"actions": ["insight"], **values}))


def bear(key: str = MASTER) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def log_in(client: FlaskClient, key: str) -> Any:
    return client.post("/insight/masuk", data={"key": key})


# --- reports


def test_reports_over_http(client: FlaskClient) -> None:
    top = client.get("/api/v1/insight/top?since=1h&limit=1", headers=bear()).get_json()
    (row,) = top["rows"]
    assert row.pop("last").endswith("Z")
    assert top["since"] == "1h"
    assert row == {
        "query": "harga beras",
        "normal": "harga beras",
        "searches": 2,
        "total": 1,
        "clicked": 2,
        "click_rate": 1.0,
    }
    clicks = client.get("/api/v1/insight/clicks", headers=bear()).get_json()["rows"]
    assert [(one["object_id"], one["clicks"]) for one in clicks] == [("a/1", 2)]
    summary = client.get("/api/v1/insight/summary?since=24h", headers=bear()).get_json()
    assert (summary["searches"], summary["no_results"], summary["clicked"]) == (4, 2, 2)
    assert sum(one["searches"] for one in summary["over_time"]) == 4
    assert all(datetime.fromisoformat(one["began"]).tzinfo for one in summary["over_time"])
    assert summary["clicks_by_position"][0] == 2


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/insight/nope", 404, "not_found"),
        ("/api/v1/insight/top?since=x", 400, "invalid_parameter"),
        ("/api/v1/insight/summary?since=99999w", 400, "invalid_parameter"),
        ("/api/v1/insight/top?limit=0", 400, "invalid_limit"),
        ("/api/v1/insight/top?sinse=7d", 400, "unknown_parameter"),
        ("/api/v1/indexes/a%20b/insight/top", 400, "invalid_index_name"),
    ],
)
def test_what_is_no_report(client: FlaskClient, address: str, status: int, code: str) -> None:
    answer = client.get(address, headers=bear())
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (status, code)


def test_reports_need_a_key_that_allows_insight(client: FlaskClient, keys: KeyStore) -> None:
    address = "/api/v1/insight/top"
    assert client.get(address).status_code == 401
    refused = [
        make(keys, actions=["search", "documents.*", "stats.*"]),
        make(keys, indexes=["lain"]),
        make(keys, filters={"category": ["Hukum"]}),
    ]
    for key in refused:
        answer = client.get(address, headers=bear(keys.secret_of(key)))
        assert answer.get_json(force=True)["code"] == "not_allowed"
    assert client.get(address, headers=bear(keys.secret_of(make(keys)))).status_code == 200


def test_reports_are_of_one_index(client: FlaskClient, tmp_path: Path) -> None:
    Index.open(tmp_path / "lain", create=True).close()
    answer = client.get("/api/v1/indexes/lain/insight/top", headers=bear()).get_json()
    assert answer["rows"] == []


def test_without_a_master_key_or_a_recording_there_is_nothing(tmp_path: Path) -> None:
    Index.open(tmp_path / "default", create=True).close()
    plain = create_app({"index": tmp_path / "default", "insight": True}).test_client()
    answer = plain.get("/api/v1/insight/top")
    assert answer.status_code == 403
    assert "no keys without SEARCHSVC_MASTER_KEY" in answer.get_json(force=True)["detail"]
    assert "tanpa kunci induk" in plain.get("/insight").text
    assert log_in(plain, "apa saja").status_code == 403
    off = create_app({"index": tmp_path / "default", "master_key": MASTER}).test_client()
    answer = off.get("/api/v1/insight/top", headers=bear())
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (404, "not_found")
    assert "SEARCHSVC_INSIGHT=true" in off.get("/insight").text
    assert log_in(off, MASTER).status_code == 303
    assert "SEARCHSVC_INSIGHT=true" in off.get("/insight").text


# --- the page


def test_a_key_opens_the_page(client: FlaskClient, keys: KeyStore) -> None:
    door = client.get("/insight")
    assert door.status_code == 200
    assert HTMLParser(door.text).css_first("form[method=post] input[type=password]") is not None
    assert "harga beras" not in door.text
    answer = log_in(client, f" {keys.secret_of(make(keys))} ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/insight")
    page = client.get("/insight")
    assert page.headers["Cache-Control"] == "no-store"
    tree = HTMLParser(page.text)
    values = [one.text() for one in tree.css(".figure-value")]
    assert values[:3] == ["4", "50,0 %", "50,0 %"]
    queries = [one.text() for one in tree.css("#dicari ~ table tbody th > a")]
    assert queries == ["harga beras", "<script>alert(1)</script>", "gabah"]
    unfound = [one.text() for one in tree.css("#nihil ~ table tbody th > a")]
    assert unfound == ["<script>alert(1)</script>", "gabah"]
    assert tree.css("script:not([src])") == []
    assert [one.text() for one in tree.css(".opened-title")] == ["Harga <beras>"]
    assert len(tree.css(".plot-bars g")) == 8


def test_the_cookie_is_for_this_page_of_this_site_alone(client: FlaskClient) -> None:
    cookie = log_in(client, MASTER).headers["Set-Cookie"]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/insight", "max-age=43200"} <= parts
    assert "secure" not in parts
    assert MASTER not in cookie
    safe = client.post("/insight/masuk", data={"key": MASTER}, base_url="https://localhost")
    assert "Secure" in safe.headers["Set-Cookie"]
    under = client.post(
        "/insight/masuk", data={"key": MASTER}, environ_overrides={"SCRIPT_NAME": "/cari"}
    )
    assert "Path=/cari/insight" in under.headers["Set-Cookie"]


@pytest.mark.parametrize("key", ["", "x", "kunci-induk-untuk-uji-cobo", "é" * 40, "a.b.c", "\0"])
def test_a_wrong_key_opens_nothing(client: FlaskClient, key: str) -> None:
    answer = log_in(client, key)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers
    assert "tidak berlaku" in answer.text


def test_a_key_without_the_right_opens_nothing(client: FlaskClient, keys: KeyStore) -> None:
    for key in (make(keys, actions=["search"]), make(keys, indexes=["lain"]),
                make(keys, filters={"category": ["Hukum"]})):  # fmt: skip
        answer = log_in(client, keys.secret_of(key))
        assert answer.status_code == 403
        assert "tidak mengizinkan" in answer.text


def test_a_session_ends_with_its_key_and_by_logging_out(
    client: FlaskClient, keys: KeyStore
) -> None:
    key = make(keys)
    log_in(client, keys.secret_of(key))
    assert "harga beras" in client.get("/insight").text
    keys.delete(key.uid)
    assert "harga beras" not in client.get("/insight").text
    log_in(client, MASTER)
    assert "harga beras" in client.get("/insight").text
    assert client.post("/insight/keluar").status_code == 303
    assert "harga beras" not in client.get("/insight").text


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXN0ZXIifQ.",  # pragma: allowlist secret
        "é",
        "x" * 3_000,
    ],
)
def test_a_forged_session_opens_nothing(client: FlaskClient, token: str) -> None:
    client.set_cookie("searchsvc_insight", token, path="/insight")
    page = client.get("/insight")
    assert page.status_code == 200
    assert "harga beras" not in page.text


def test_a_key_for_another_index_opens_its_page(client: FlaskClient, keys: KeyStore) -> None:
    secret = keys.secret_of(make(keys, indexes=["lain"]))
    door = HTMLParser(client.get("/insight?index=lain").text)
    hidden = door.css_first("form input[name=index]")
    assert hidden is not None
    form = {"key": secret, "index": hidden.attributes["value"]}
    answer = client.post("/insight/masuk", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/insight?index=lain")
    assert client.get(answer.headers["Location"]).status_code == 200
    assert client.get("/insight").status_code == 403
    assert client.post("/insight/masuk", data={**form, "index": "../x"}).status_code == 400
    assert log_in(client, secret).status_code == 403


def test_a_session_of_another_index_is_refused(client: FlaskClient, keys: KeyStore) -> None:
    log_in(client, keys.secret_of(make(keys, indexes=["default"])))
    assert client.get("/insight?index=default").status_code == 200
    assert client.get("/insight?index=lain").status_code == 403
    assert client.get("/insight?index=../x").status_code == 400


def test_the_session_is_good_for_nothing_else(client: FlaskClient) -> None:
    log_in(client, MASTER)
    assert client.get("/api/v1/keys").status_code == 401
    assert client.get("/api/v1/insight/top").status_code == 401


def test_attempts_are_counted(client: FlaskClient) -> None:
    statuses = [log_in(client, "salah").status_code for _ in range(LOGINS_A_MINUTE + 1)]
    assert statuses == [403] * LOGINS_A_MINUTE + [429]
    assert log_in(client, MASTER).status_code == 429


def test_other_origins_may_not_read_the_page(client: FlaskClient) -> None:
    answer = client.get("/insight", headers={"Origin": "https://lain.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_time_without_searches_and_an_unknown_one(client: FlaskClient, app: Flask) -> None:
    log_in(client, MASTER)
    assert client.get("/insight?since=99y").status_code == 200
    app.extensions["searchsvc"].insight.store.clear()
    for span in SPANS:
        page = client.get(f"/insight?since={span}")
        assert "Belum ada dalam rentang ini." in page.text
