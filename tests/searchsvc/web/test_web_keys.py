"""Keys over HTTP, and how many requests each may send."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient

from searchsvc.index import Index
from searchsvc.setting import InvalidSetting
from searchsvc.web import create_app

MASTER = "kunci-induk-untuk-uji-coba"


def bear(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    Index.open(tmp_path / "default", create=True).close()
    return tmp_path / "default"


@pytest.fixture
def client(index: Path) -> FlaskClient:
    return create_app({"index": index, "master_key": MASTER, "reads": "key"}).test_client()


def make(client: FlaskClient, by: str = MASTER, **values: Any) -> Any:
    return client.post("/api/v1/keys", json=values, headers=bear(by))


def test_a_key_is_made_shown_renamed_and_revoked(client: FlaskClient) -> None:
    made = make(client, actions=["search"], indexes=["def*"], name="Situs", origins=[]).get_json()
    secret = made.pop("key")
    assert client.get("/api/v1/search", headers=bear(secret)).status_code == 200
    assert client.get(f"/api/v1/keys/{made['uid']}", headers=bear(MASTER)).get_json() == made
    assert client.get("/api/v1/keys", headers=bear(MASTER)).get_json() == {"keys": [made]}
    renamed = client.patch(
        f"/api/v1/keys/{secret}", json={"description": "Kotak cari"}, headers=bear(MASTER)
    ).get_json()
    assert (renamed["name"], renamed["description"]) == ("Situs", "Kotak cari")
    assert client.delete(f"/api/v1/keys/{made['uid']}", headers=bear(MASTER)).status_code == 200
    refused = client.get("/api/v1/search", headers=bear(secret))
    assert refused.get_json()["code"] == "invalid_key"
    gone = client.delete(f"/api/v1/keys/{made['uid']}", headers=bear(MASTER))
    assert gone.get_json()["code"] == "key_not_found"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "'actions' must be a list of texts"),
        ({"actions": []}, "'actions' must name one or more"),
        ({"actions": ["cari"]}, "'actions' has 'cari'"),
        ({"actions": "search"}, "'actions' must be a list of texts"),
        ({"actions": ["search"], "indexes": []}, "'indexes' must name one or more"),
        ({"actions": ["search"], "indexes": ["a/b"]}, "'indexes' has 'a/b'"),
        ({"actions": ["search"], "indexes": ["a*b"]}, "'indexes' has 'a*b'"),
        ({"actions": ["search"], "indexes": [7]}, "'indexes' must be a list of texts"),
        ({"actions": ["search"], "uid": "7"}, "'uid' must be a UUID"),
        ({"actions": ["search"], "uid": 7}, "'uid' must be a UUID"),
        ({"actions": ["search"], "expires_at": "kapan"}, "'expires_at' must be a time, as in"),
        ({"actions": ["search"], "expires_at": 7}, "'expires_at' must be a time, as in"),
        (
            {"actions": ["search"], "expires_at": "2001-01-01"},
            "'expires_at' must be a time to come",
        ),
        ({"actions": ["search"], "origins": ["contoh.example"]}, "'origins' has 'contoh.example'"),
        ({"actions": ["search"], "filters": ["a"]}, "'filters' must be an object"),
        ({"actions": ["search"], "filters": {"warna": ["a"]}}, "'filters' has 'warna'"),
        ({"actions": ["search"], "filters": {"category": []}}, "'filters' has no label"),
        ({"actions": ["search"], "name": 7}, "'name' must be a text"),
        ({"actions": ["search"], "warna": 7}, "'warna' is none of uid"),
    ],
    ids=str,
)
def test_what_no_key_can_be_is_told(client: FlaskClient, values: dict[str, Any], told: str) -> None:
    response = make(client, **values)
    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_new_key")
    assert told in response.get_json()["detail"]


def test_nobody_gives_more_than_they_have(client: FlaskClient) -> None:
    mine = ["keys.*", "search", "documents.*"]
    key = make(client, actions=mine, indexes=["berita-*"]).get_json()["key"]
    allowed = {"actions": ["search", "documents.add"], "indexes": ["berita-2026"]}
    assert make(client, by=key, **allowed).status_code == 201
    for more in (
        {"actions": ["*"], "indexes": ["berita-*"]},
        {"actions": ["tasks.get"], "indexes": ["berita-*"]},
        {"actions": ["search"], "indexes": ["*"]},
        {"actions": ["search"]},
        {"actions": ["search"], "indexes": ["berita*"]},
    ):
        assert make(client, by=key, **more).get_json()["code"] == "not_allowed"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/keys"),
        ("GET", "/api/v1/keys/x"),
        ("POST", "/api/v1/keys"),
        ("PATCH", "/api/v1/keys/x"),
        ("DELETE", "/api/v1/keys/x"),
    ],
)
def test_keys_are_for_who_may(client: FlaskClient, index: Path, method: str, path: str) -> None:
    key = make(client, actions=["search", "documents.*"]).get_json()["key"]

    def ask(asked: FlaskClient, **options: Any) -> str:
        code: str = asked.open(path, method=method, json={}, **options).get_json()["code"]
        return code

    assert ask(client) == "missing_key"
    assert ask(client, headers=bear(key)) == "not_allowed"
    assert ask(create_app({"index": index}).test_client()) == "writes_off"


# --- how many requests


def test_each_client_may_send_so_many(index: Path) -> None:
    app = create_app({"index": index, "master_key": MASTER, "rate_limit": "3/hour"})
    client = app.test_client()
    public, own = (
        make(client, actions=["search", *more]).get_json()["key"] for more in ([], ["tasks.get"])
    )
    uid = client.get(f"/api/v1/keys/{public}", headers=bear(MASTER)).get_json()["uid"]
    token = jwt.encode({"apiKeyUid": uid, "searchRules": ["*"]}, public)

    def ask(path: str, key: str = "", address: str = "10.0.0.1") -> int:
        headers = bear(key) if key else {}
        return client.get(path, headers=headers, environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask("/api/v1/search") for _ in range(4)] == [200, 200, 200, 429]
    # Others are not held to it, and neither is who asks whether the service is well.
    assert ask("/api/v1/search", address="10.0.0.2") == 200
    assert ask("/api/v1/search", public) == 200
    assert ask("/healthz") == 200
    # A key counts from wherever it is sent, unless it only reads: then all readers may share it.
    many = [ask("/api/v1/suggest?q=a", own, f"10.0.1.{one}") for one in range(4)]
    assert many == [200, 200, 200, 429]
    many = [ask("/api/v1/suggest?q=a", public, f"10.0.1.{one}") for one in range(4)]
    assert many == [200, 200, 200, 200]
    # A token counts as its key does; what is no key counts for the address.
    shared = [ask("/api/v1/search", key, "10.0.2.1") for key in (public, token, public, token)]
    assert shared == [200, 200, 200, 429]
    assert [ask("/api/v1/search", "salah", "10.0.0.3") for _ in range(4)] == [403, 403, 403, 429]
    refused = client.get("/api/v1/search", environ_base={"REMOTE_ADDR": "10.0.0.1"})
    assert refused.get_json()["code"] == "too_many_requests"
    assert int(refused.headers["Retry-After"]) > 3_000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rate_limit", "sering"),
        ("rate_limit", "10"),
        ("rate_limit", "0.5/second"),
        ("rate_limit_storage", "kantong://"),
    ],
)
def test_limits_that_cannot_be_are_told(index: Path, name: str, value: str) -> None:
    with pytest.raises(InvalidSetting, match=name):
        create_app({"index": index, "rate_limit": "1/second", name: value})
