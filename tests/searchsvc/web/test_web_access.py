"""What a request may do over HTTP, by what it comes with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.article import Article
from searchsvc.access.gate import Access
from searchsvc.access.keys import Key, make_uid
from searchsvc.index import Index
from searchsvc.web import create_app
from searchsvc.web.service import EXTENSION

MASTER = "kunci-induk-untuk-uji-coba"
MakeKey = Callable[..., dict[str, str]]

READS = [
    "/api/v1/search?q=padi",
    "/api/v1/articles/panen-padi",
    "/api/v1/articles?id=panen-padi",
    "/api/v1/related?id=panen-padi",
    "/api/v1/articles/panen-padi/related",
    "/api/v1/suggest?q=pa",
    "/api/v1/facets/category",
]


@pytest.fixture
def folder(tmp_path: Path, sample_articles: list[Article]) -> Path:
    for name, articles in (("default", sample_articles), ("arsip", sample_articles[:2])):
        with Index.open(tmp_path / name, create=True) as index:
            index.add(articles)
    return tmp_path


def make_app(folder: Path, **settings: Any) -> Flask:
    return create_app({"index": folder / "default", "master_key": MASTER, **settings})


@pytest.fixture
def closed(folder: Path) -> Flask:
    return make_app(folder, reads="key")


@pytest.fixture
def make_key(closed: Flask) -> MakeKey:
    access: Access = closed.extensions[EXTENSION].access

    def make(**values: Any) -> dict[str, str]:
        values = {"actions": ("search",), "indexes": ("*",), **values}
        key = access.keys.create(Key(make_uid(), **values))
        return {"Authorization": f"Bearer {access.keys.secret_of(key)}"}

    return make


@pytest.fixture
def client(closed: Flask) -> FlaskClient:
    return closed.test_client()


@pytest.mark.parametrize("path", READS)
def test_where_reads_need_a_key_nothing_is_read_without(
    client: FlaskClient, make_key: MakeKey, path: str
) -> None:
    response = client.get(path)
    assert (response.status_code, response.get_json()["code"]) == (401, "missing_key")
    response = client.get(path, headers={"Authorization": "Bearer salah"})
    assert (response.status_code, response.get_json()["code"]) == (403, "invalid_key")
    response = client.get(path, headers=make_key(actions=("documents.add",)))
    assert (response.status_code, response.get_json()["code"]) == (403, "not_allowed")
    response = client.get(path, headers=make_key())
    assert response.status_code == 200
    assert "public" not in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/?q=padi", "/artikel/panen-padi", "/buka/panen-padi"])
def test_pages_are_closed_then(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 401
    assert "tidak terbuka untuk umum" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/api/v1/openapi.json", "/static/page.css"]
)
def test_what_tells_no_article_stays_open(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", READS)
def test_open_reads_want_no_key_and_hold_a_key_to_what_it_may(
    folder: Path, make_key: MakeKey, path: str
) -> None:
    client = make_app(folder, reads="open").test_client()
    assert client.get(path).status_code == 200
    assert client.get(path, headers=make_key()).status_code == 200
    assert client.get(path, headers=make_key(actions=("tasks.get",))).status_code == 403
    # What a proxy in front asks for is none of ours.
    assert client.get(path, headers={"Authorization": "Basic eDp5"}).status_code == 200


def test_named_indexes_stand_beside_the_own_one(folder: Path) -> None:
    client = make_app(folder).test_client()
    assert client.get("/api/v1/search").get_json()["total"] == 6
    assert client.get("/api/v1/indexes/default/search").get_json()["total"] == 6
    assert client.get("/api/v1/indexes/arsip/search").get_json()["total"] == 2
    assert client.get("/api/v1/indexes/arsip/articles/kpk-periksa").status_code == 404
    assert client.get("/api/v1/indexes/arsip/suggest?q=pa").status_code == 200
    for name, status, code in (
        ("tidak-ada", 404, "unknown_index"),
        ("a.b", 400, "invalid_index_name"),
        ("x" * 500, 400, "invalid_index_name"),
        ("%2e%2e", 400, "invalid_index_name"),
    ):
        response = client.get(f"/api/v1/indexes/{name}/search")
        assert (response.status_code, response.get_json()["code"]) == (status, code)


def test_an_index_that_appears_is_served_and_one_that_goes_is_not(folder: Path) -> None:
    client = make_app(folder).test_client()
    assert client.get("/api/v1/indexes/baru/search").status_code == 404
    with Index.open(folder / "baru", create=True) as index:
        index.add([{"title": "Baru", "body": "Baru saja ditulis."}])
    assert client.get("/api/v1/indexes/baru/search").get_json()["total"] == 1
    (folder / "baru").rename(folder / "lama")
    assert client.get("/api/v1/indexes/baru/search").status_code == 404
    assert client.get("/api/v1/indexes/lama/search").get_json()["total"] == 1


def test_a_key_for_an_index_is_for_no_other(client: FlaskClient, make_key: MakeKey) -> None:
    headers = make_key(indexes=("ars*",))
    assert client.get("/api/v1/indexes/arsip/search", headers=headers).status_code == 200
    response = client.get("/api/v1/search", headers=headers)
    assert response.get_json()["detail"] == "The key does not allow search on the index 'default'."


def test_a_key_with_filters_sees_its_part_only(client: FlaskClient, make_key: MakeKey) -> None:
    headers = make_key(filters={"category": ("hukum",)})

    def get(path: str) -> Any:
        return client.get(path, headers=headers).get_json()

    found = get("/api/v1/search?facets=category,source")
    assert found["total"] == 2
    assert found["facets"]["category"] == [{"value": "hukum", "count": 2, "selected": False}]
    assert get("/api/v1/search?category=Ekonomi")["total"] == 0
    assert [one["value"] for one in get("/api/v1/facets/category")["values"]] == ["hukum"]
    assert get("/api/v1/articles/kpk-periksa")["id"] == "kpk-periksa"
    assert get("/api/v1/articles/panen-padi")["code"] == "article_not_found"
    for path in ("/api/v1/suggest?q=pa", "/api/v1/related?id=kpk-periksa"):
        assert get(path)["code"] == "not_allowed"
    # What others were answered is not what this one gets.
    whole = client.get("/api/v1/search?facets=category,source", headers=make_key())
    assert whole.get_json()["total"] == 6


def test_a_token_is_as_good_as_its_key(closed: Flask, client: FlaskClient) -> None:
    access: Access = closed.extensions[EXTENSION].access
    key = access.keys.create(Key(make_uid(), ("search",), ("*",)))

    def ask(rules: Any, path: str) -> int:
        claims = {"apiKeyUid": key.uid, "searchRules": rules}
        token = jwt.encode(claims, access.keys.secret_of(key), algorithm="HS256")
        return client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code

    assert ask(["arsip"], "/api/v1/indexes/arsip/search") == 200
    assert ask(["arsip"], "/api/v1/search") == 403
    # Its filter is in a language that only the protocol of Meilisearch speaks.
    assert ask({"*": {"filter": "category = Hukum"}}, "/api/v1/search") == 403
