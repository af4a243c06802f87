"""The HTTP API: status, headers and whole JSON bodies."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.brute_force import BruteForceEngine
from support.copied_story import BANJIR

from indexer.article import Article
from indexer.calendar import find_today
from searchsvc import __version__
from searchsvc.query.parameters import PARAMETERS
from searchsvc.request import SearchResponse
from searchsvc.search import run_search
from searchsvc.web import conditional, create_app

AddArticles = Callable[[list[Article]], None]

HIT = {
    "id": "panen-padi",
    "title": "Petani Sukaraja Mulai Memanen Padi",
    "title_html": "Petani Sukaraja Mulai <mark>Memanen Padi</mark>",
    "url": "https://contoh.example/panen-padi",
    "source": "Harian Ladang",
    "published_at": "2022-07-21T07:30:00+07:00",
    "category": "Ekonomi",
    "tags": ["pertanian"],
    "authors": ["Joko Prasetyo"],
    "agency": "Antara",
    "place": "Sukaraja",
    "image": "",
    "also": [],
    "also_total": 0,
}


def test_a_search_answers_the_whole_contract(client: FlaskClient) -> None:
    response = client.get("/api/v1/search?q=panen+padi&facets=category,published_at")
    assert response.status_code == 200
    assert response.content_type == "application/json"
    body = response.json
    assert body is not None
    [hit] = body.pop("hits")
    assert "<mark>memanen padi</mark>" in hit.pop("snippet_html")
    assert hit.pop("score") > 0
    assert hit == HIT
    assert body.pop("took_ms") >= 0
    assert body == {
        "query": "panen padi",
        "total": 1,
        "stories": 1,
        "page": 1,
        "per_page": 10,
        "pages": 1,
        "facets": {
            "category": [{"value": "ekonomi", "count": 1, "selected": False}],
            "published_at": [{"value": "2022-07", "count": 1}],
        },
        "notes": [],
    }


@pytest.fixture
def told_often(app: Flask, add_articles: AddArticles) -> Flask:
    """The samples, and one agency story that three outlets have, the third a day later."""
    add_articles(
        [
            Article(
                "a",
                "Banjir Rawamerta",
                BANJIR,
                url="https://a.example/1",
                source="Kabar Pagi",
                published_at="2023-02-07T08:00:00+07:00",
            ),
            Article(
                "b",
                "640 Keluarga Mengungsi",
                f"{BANJIR} Demikian kabar ini.",
                source="Warta Kita",
                published_at="2023-02-07T06:00:00+07:00",
            ),
            Article(
                "c",
                "Tanggul Cibening Jebol, Banjir Rawamerta Meluas",
                BANJIR,
                source="Kabar Pagi",
                published_at="2023-02-08T06:00:00+07:00",
            ),
        ]
    )
    return app


def test_one_story_is_one_hit_with_the_others_beside_it(told_often: Flask) -> None:
    body = told_often.test_client().get("/api/v1/search?q=banjir+rawamerta&facets=source").json
    assert body is not None
    [hit] = body["hits"]
    assert (body["total"], body["stories"], body["pages"]) == (3, 1, 1)
    assert hit["id"] == "a"
    assert hit["also"] == [
        {
            "id": "b",
            "title": "640 Keluarga Mengungsi",
            "url": "",
            "source": "Warta Kita",
            "published_at": "2023-02-07T06:00:00+07:00",
        },
        {
            "id": "c",
            "title": "Tanggul Cibening Jebol, Banjir Rawamerta Meluas",
            "url": "",
            "source": "Kabar Pagi",
            "published_at": "2023-02-08T06:00:00+07:00",
        },
    ]
    assert hit["also_total"] == 2
    assert body["facets"]["source"] == [
        {"value": "Kabar Pagi", "count": 2, "selected": False},
        {"value": "Warta Kita", "count": 1, "selected": False},
    ]


@pytest.mark.parametrize(
    ("parameters", "heads"),
    [
        ("", ["a"]),
        ("&collapse=", ["a"]),
        ("&collapse=1", ["a"]),
        ("&collapse=0", ["a", "b", "c"]),
        ("&sort=newest", ["c"]),
        ("&sort=oldest", ["b"]),
        ("&source=Warta+Kita", ["b"]),
        ("&from=2023-02-08", ["c"]),
        ("&per_page=1&page=2", []),
        ("&per_page=1&page=2&collapse=0", ["c"]),
    ],
)
def test_which_article_stands_for_a_story(
    told_often: Flask, parameters: str, heads: list[str]
) -> None:
    body = told_often.test_client().get(f"/api/v1/search?q=banjir{parameters}").json
    assert body is not None
    ids = [hit["id"] for hit in body["hits"]]
    assert sorted(ids) == heads if len(heads) > 1 else ids == heads
    if "collapse=0" in parameters:
        assert body["stories"] == body["total"] == 3
        assert all(hit["also"] == [] for hit in body["hits"])


def test_the_setting_counts_where_the_request_does_not_say(told_often: Flask) -> None:
    engine = told_often.extensions["searchsvc"].index.engine()
    client = create_app({"collapse": False}, engine=engine).test_client()
    for parameters, stories in (("", 3), ("&collapse=", 3), ("&collapse=1", 1)):
        body = client.get(f"/api/v1/search?q=banjir{parameters}").json
        assert body is not None
        assert (body["total"], body["stories"]) == (3, stories)


def test_explained_copies_say_how_alike_they_are(told_often: Flask) -> None:
    body = told_often.test_client().get("/api/v1/search?q=banjir+rawamerta&explain=1").json
    assert body is not None
    [hit] = body["hits"]
    alike = {copy["id"]: copy["alike"] for copy in hit["also"]}
    assert alike["c"] == 1.0
    assert 0.75 < alike["b"] < 1


def test_related_articles_are_other_stories(told_often: Flask, add_articles: AddArticles) -> None:
    other = BANJIR.replace("Banjir merendam tiga", "Hujan mengguyur semua").replace("640", "72")
    add_articles([Article(name, "Banjir Rawamerta Surut", other) for name in ("d", "e")])
    body = told_often.test_client().get("/api/v1/articles/a/related").json
    assert body is not None
    [hit] = [hit for hit in body["hits"] if "Rawamerta" in hit["title"]]
    assert (hit["id"], [copy["id"] for copy in hit["also"]]) == ("d", ["e"])


def test_copies_beyond_ten_are_counted(told_often: Flask, add_articles: AddArticles) -> None:
    add_articles([Article(f"x{n}", "Kabar", BANJIR, source=f"Situs {n}") for n in range(20)])
    body = told_often.test_client().get("/api/v1/search?q=banjir+rawamerta").json
    assert body is not None
    [hit] = body["hits"]
    assert (body["total"], body["stories"], hit["also_total"], len(hit["also"])) == (23, 1, 22, 10)


def test_a_facets_own_choice_does_not_narrow_its_counts(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?category=Hukum&facets=category,place").json
    assert body is not None
    assert body["total"] == 2
    assert [count for count in body["facets"]["category"] if count["selected"]] == [
        {"value": "hukum", "count": 2, "selected": True}
    ]
    assert len(body["facets"]["category"]) == 5
    assert {count["value"] for count in body["facets"]["place"]} == {"Jakarta", "Semarang"}


def test_the_page_size_of_the_settings_counts_where_the_request_has_none(app: Flask) -> None:
    small = create_app({"per_page": 2}, engine=app.extensions["searchsvc"].index.engine())
    client = small.test_client()
    first = client.get("/api/v1/search").json
    assert first is not None
    assert (first["per_page"], first["pages"], len(first["hits"])) == (2, 3, 2)
    other = client.get("/api/v1/search?per_page=5").json
    assert other is not None
    assert len(other["hits"]) == 5


@pytest.mark.parametrize(
    ("address", "status", "code", "param"),
    [
        ("/api/v1/search?page=0", 400, "invalid_page", "page"),
        ("/api/v1/search?page=2000&per_page=100", 400, "invalid_page", "page"),
        ("/api/v1/search?per_page=101", 400, "invalid_per_page", "per_page"),
        ("/api/v1/search?sort=best", 400, "invalid_sort", "sort"),
        ("/api/v1/search?from=pasar", 400, "invalid_from", "from"),
        ("/api/v1/search?to=2022-13", 400, "invalid_to", "to"),
        ("/api/v1/search?facets=colour", 400, "invalid_facets", "facets"),
        ("/api/v1/search?interval=week", 400, "invalid_interval", "interval"),
        ("/api/v1/search?collapse=maybe", 400, "invalid_parameter", "collapse"),
        ("/api/v1/search?distinct=1", 400, "unknown_parameter", "distinct"),
        ("/api/v1/search?explain=maybe", 400, "invalid_parameter", "explain"),
        ("/api/v1/suggest?q=a&limit=21", 400, "invalid_limit", "limit"),
        ("/api/v1/articles/panen-padi/related?limit=x", 400, "invalid_limit", "limit"),
        ("/api/v1/facets/colour", 400, "invalid_facets", None),
        ("/api/v1/facets/category?limit=0", 400, "invalid_limit", "limit"),
        ("/api/v1/articles/nope", 404, "article_not_found", None),
        ("/api/v1/articles/nope/related", 404, "article_not_found", None),
        ("/api/v1/problems/nope", 404, "not_found", None),
        ("/api/v1/nope", 404, "not_found", None),
    ],
)
def test_errors_are_problems(
    client: FlaskClient, address: str, status: int, code: str, param: str | None
) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    body = json.loads(response.data)
    assert (body["code"], body["status"], body.get("param")) == (code, status, param)
    explained = client.get(body["type"]).json
    assert explained == {"code": code, "title": body["title"], "status": status}


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    response = client.post("/api/v1/suggest")
    assert response.status_code == 405
    assert json.loads(response.data)["code"] == "method_not_allowed"
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    "typed", ["", "   ", '"', "-", "((", "a" * 3000, "\x00\ufffe", "😀 OR", "judul:", "%", "kata*"]
)
def test_nothing_a_person_types_is_an_error(client: FlaskClient, typed: str) -> None:
    address = f"/api/v1/search?q={quote(typed)}"
    assert client.get(address).status_code == 200
    assert client.get(f"/api/v1/suggest?q={quote(typed)}").status_code == 200


def test_bytes_that_are_not_utf8_are_no_error_either(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=%ff%fe")
    assert (answer.status_code, answer.get_json()["total"]) == (200, 0)


def test_an_article_is_answered_whole(client: FlaskClient, sample_articles: list[Article]) -> None:
    response = client.get("/api/v1/articles/kpk-periksa")
    assert response.json == sample_articles[3].to_dict()


@pytest.mark.parametrize(
    "article_id",
    [
        "https://contoh.example/2022/07/berita?id=7&x=1#atas",
        "/a//b/",
        "Judul: 100% benar",
        "é漢字",
        "a;b,c=d",
        "..",
        "a/../b",
        "a\\b",
        "berita/related",
        "/related",
        "related/related",
    ],
)
def test_any_text_may_be_an_article_id(
    client: FlaskClient, add_articles: object, article_id: str
) -> None:
    assert callable(add_articles)
    add_articles([Article(id=article_id, title="Satu Judul", body="Isi.")])
    quoted = quote(article_id, safe="")
    for article, related, page in (
        (f"/api/v1/articles/{quoted}", f"/api/v1/articles/{quoted}/related", f"/artikel/{quoted}"),
        (f"/api/v1/articles?id={quoted}", f"/api/v1/related?id={quoted}", f"/artikel?id={quoted}"),
    ):
        if "?" in article or not article_id.endswith("/related"):
            body = client.get(article).json
            assert body is not None
            assert body["id"] == article_id
        body = client.get(related).json
        assert body is not None
        assert body["id"] == article_id
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("address", ["/api/v1/articles", "/api/v1/related?id=&limit=3"])
def test_an_article_id_is_needed(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert json.loads(response.data)["param"] == "id"


def test_related_articles_are_hits_without_the_article_itself(client: FlaskClient) -> None:
    body = client.get("/api/v1/articles/kpk-periksa/related?limit=3").json
    assert body is not None
    assert body["id"] == "kpk-periksa"
    assert all(hit["id"] != "kpk-periksa" and "title_html" in hit for hit in body["hits"])


def test_suggestions_finish_words_and_name_articles(client: FlaskClient) -> None:
    response = client.get("/api/v1/suggest?q=pemerik")
    body = response.json
    assert body is not None
    assert body["query"] == "pemerik"
    assert {"text": "pemeriksaan", "kind": "term"} in body["suggestions"]
    titles = client.get("/api/v1/suggest?q=kpk+peri").json
    assert titles is not None
    assert titles["suggestions"][-1] == {
        "text": "KPK Periksa Bupati soal Dana Jembatan",
        "kind": "article",
        "id": "kpk-periksa",
        "source": "Suara Warga",
        "published_at": "2023-01-12T16:00:00+07:00",
        "image": "",
    }
    assert response.headers["Cache-Control"] == "public, max-age=60"


def test_facet_values_can_be_listed_and_searched(client: FlaskClient) -> None:
    body = client.get("/api/v1/facets/authors?prefix=RINA").json
    assert body == {
        "facet": "authors",
        "query": "",
        "total": 1,
        "values": [{"value": "Rina Lestari", "count": 2, "selected": False}],
        "notes": [],
    }
    two = client.get("/api/v1/facets/category?limit=1").json
    assert two is not None
    assert (two["total"], two["values"]) == (
        5,
        [{"value": "hukum", "count": 2, "selected": False}],
    )


def test_facet_values_are_counted_within_the_query(client: FlaskClient) -> None:
    address = "/api/v1/facets/source?q=pasar&category=Hukum&source=Suara+Warga&prefix=kab&from=2022"
    assert client.get(address).json == {
        "facet": "source",
        "query": "pasar",
        "total": 1,
        "values": [{"value": "Contoh Kabar", "count": 1, "selected": False}],
        "notes": [],
    }


def test_facet_values_are_of_the_query_as_it_is_understood(client: FlaskClient) -> None:
    body = client.get("/api/v1/facets/category?q=tidakada+padi&prefix=e").json
    assert body is not None
    assert body["values"] == [{"value": "ekonomi", "count": 1, "selected": False}]
    assert [note["code"] for note in body["notes"]] == ["relaxed"]


def test_explain_says_why(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=padi&explain=1").json
    assert body is not None
    assert body["hits"][0]["explain"]


# --- conditional requests and the cache


def test_an_unchanged_answer_is_304_until_a_commit(
    client: FlaskClient, add_articles: object
) -> None:
    address = "/api/v1/search?q=padi"
    first = client.get(address)
    assert first.headers["Cache-Control"] == "no-cache"
    tag = first.headers["ETag"]
    again = client.get(address, headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert callable(add_articles)
    add_articles([Article(id="baru", title="Harga Padi Naik", body="Padi.")])
    newer = client.get(address, headers={"If-None-Match": tag})
    assert newer.status_code == 200
    assert newer.headers["ETag"] != tag
    assert newer.json is not None
    assert newer.json["total"] == 2


def test_an_answer_about_today_is_not_kept_until_tomorrow(
    brute_engine: BruteForceEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app({"recency_half_life_days": 0}, engine=brute_engine).test_client()
    address = "/api/v1/search?q=berita+hari+ini"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    monkeypatch.setattr(conditional, "find_today", lambda: find_today() + timedelta(days=1))
    tomorrow = client.get(address, headers={"If-None-Match": tag})
    assert (tomorrow.status_code, tomorrow.headers["ETag"] == tag) == (200, False)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("{tag}", 304),
        ('"x",{tag}', 304),
        ("{strong}", 304),
        ('"{tag}"', 200),
        ("*", 200),
        ("", 200),
    ],
)
def test_tags_are_compared_as_http_has_it(client: FlaskClient, given: str, status: int) -> None:
    address = "/api/v1/articles/panen-padi"
    tag = client.get(address).headers["ETag"]
    given = given.format(tag=tag, strong=tag.removeprefix("W/"))
    response = client.get(address, headers={"If-None-Match": given})
    assert response.status_code == status
    assert response.headers["Vary"] == "Accept-Encoding"
    assert client.get("/api/v1/articles/nope", headers={"If-None-Match": "*"}).status_code == 404


def test_requests_that_mean_the_same_have_one_tag(client: FlaskClient) -> None:
    one = client.get("/api/v1/search?q=padi&category=Hukum&category=Ekonomi&page=1&utm_source=x")
    two = client.get("/api/v1/search?category=Ekonomi&category=Hukum&q=padi")
    other = client.get("/api/v1/search?category=Ekonomi&q=padi")
    assert one.headers["ETag"] == two.headers["ETag"] != other.headers["ETag"]


def test_an_answer_is_kept(client: FlaskClient) -> None:
    first = client.get("/api/v1/articles/panen-padi")
    assert client.get("/api/v1/articles/panen-padi").data == first.data


def test_cache_seconds_let_proxies_keep_answers(app: Flask) -> None:
    engine = app.extensions["searchsvc"].index.engine()
    client = create_app({"cache_seconds": 30}, engine=engine).test_client()
    response = client.get("/api/v1/search?q=padi")
    assert response.headers["Cache-Control"] == "public, max-age=30"


def test_head_has_the_headers_of_get(client: FlaskClient) -> None:
    get = client.get("/api/v1/articles/panen-padi")
    head = client.head("/api/v1/articles/panen-padi")
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(get.data))


def test_long_answers_are_compressed_for_those_who_take_it(client: FlaskClient) -> None:
    plain = client.get("/api/v1/search?facets=*")
    packed = client.get("/api/v1/search?facets=*", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    unpacked = json.loads(gzip.decompress(packed.data))
    assert {**unpacked, "took_ms": 0} == {**(plain.json or {}), "took_ms": 0}
    assert len(packed.data) < len(plain.data) / 2


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip", "gzip"), ("*", "gzip"), ("gzip;q=0", None), ("br", None), ("gzip;q=0, *", None)],
)
def test_compression_is_only_for_those_who_take_it(
    client: FlaskClient, accepted: str, encoding: str | None
) -> None:
    response = client.get("/api/v1/search?facets=*", headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding


# --- who may read it


def test_any_origin_may_read_the_api_by_default(client: FlaskClient) -> None:
    headers = {"Origin": "https://situs.example"}
    assert client.get("/api/v1/search", headers=headers).headers["Access-Control-Allow-Origin"] == (
        "*"
    )
    assert "Access-Control-Allow-Origin" not in client.get("/", headers=headers).headers


@pytest.mark.parametrize(
    ("origins", "origin", "allowed"),
    [
        ("https://situs.example", "https://situs.example", "https://situs.example"),
        (
            "https://a.example, https://Situs.example/",
            "https://situs.example",
            "https://situs.example",
        ),
        ("https://situs.example", "https://lain.example", None),
        ("https://situs.example", "", None),
        ("", "https://situs.example", None),
    ],
)
def test_origins_can_be_named(app: Flask, origins: str, origin: str, allowed: str | None) -> None:
    engine = app.extensions["searchsvc"].index.engine()
    client = create_app({"cors_origins": origins}, engine=engine).test_client()
    response = client.get("/api/v1/search", headers={"Origin": origin})
    assert response.headers.get("Access-Control-Allow-Origin") == allowed
    assert ("Origin" in response.headers["Vary"]) == bool(origins)


def test_a_preflight_allows_reads(client: FlaskClient) -> None:
    response = client.options("/api/v1/suggest", headers={"Origin": "https://situs.example"})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert response.headers["Access-Control-Max-Age"] == "86400"


def test_a_preflight_allows_what_clients_send(client: FlaskClient) -> None:
    asked = "authorization,content-type,X-Meilisearch-Client,X-Meili-API-Key,x-lain,x-meili-<b>"
    headers = {
        "Origin": "https://situs.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": asked,
    }
    response = client.options("/api/v1/articles", headers=headers)
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == (
        "Accept, Authorization, Content-Type, Content-Encoding, If-None-Match, "
        "X-Meilisearch-Client, X-Meili-API-Key"
    )
    assert "Access-Control-Allow-Origin" not in client.options("/", headers=headers).headers


@pytest.mark.parametrize("address", ["/", "/?q=padi", "/artikel/nope", "/api/v1/search", "/nope"])
def test_every_response_has_the_security_headers(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    policy = response.headers.get("Content-Security-Policy", "")
    assert bool(policy) == (response.mimetype == "text/html")
    assert "unsafe" not in policy


# --- the description


def test_openapi_describes_every_route(app: Flask, client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    assert document is not None
    parts = (
        *("api", "articles_api", "tasks_api", "keys_api", "system"),
        *("pins_api", "events_api", "insight_api"),
    )
    routes = {
        (
            rule.rule.replace("<article_id:in_path>", "{id}").replace("<", "{").replace(">", "}"),
            method,
        )
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.split(".")[0] in parts and rule.endpoint != "system.static"
    }
    assert {
        (path, method.upper()) for path, methods in document["paths"].items() for method in methods
    } == routes
    assert document["info"]["version"] == __version__


def test_docs_name_every_route_and_parameter(client: FlaskClient) -> None:
    docs = (Path(__file__).resolve().parents[3] / "docs" / "http-api.md").read_text("utf-8")
    document = client.get("/api/v1/openapi.json").json
    assert document is not None
    for path, methods in document["paths"].items():
        for method in methods:
            assert re.search(rf"^\|[^|]*`{method.upper()} {re.escape(path)}`", docs, re.MULTILINE)
    for name in PARAMETERS:
        assert re.search(rf"^\|[^|]*`{name}`[^|]*\|", docs, re.MULTILINE), name
    described = document["paths"]["/api/v1/search"]["get"]["parameters"]
    assert [parameter["name"] for parameter in described] == list(PARAMETERS)


@pytest.mark.parametrize(
    ("address", "name", "meant"),
    [
        ("/api/v1/search?query=padi", "query", "q"),
        ("/api/v1/search?q=padi&kategori=Ekonomi", "kategori", "category"),
        ("/api/v1/search?q=padi&fq=category:Ekonomi", "fq", "category"),
        ("/api/v1/search?q=padi&limit=5", "limit", "per_page"),
        ("/api/v1/search?q=padi&tags[]=polisi", "tags[]", "tags"),
        ("/api/v1/suggest?query=pad", "query", "q"),
        ("/api/v1/suggest?q=pad&per_page=3", "per_page", "limit"),
        ("/api/v1/facets/tags?search=pol", "search", "q"),
        ("/api/v1/facets/tags?facetQuery=pol", "facetQuery", "prefix"),
        ("/api/v1/facets/tags?per_page=9", "per_page", "limit"),
        ("/api/v1/facets/tags?tanggal_awal=2022", "tanggal_awal", "from"),
        ("/api/v1/articles/panen-padi/related?size=2", "size", "limit"),
        ("/api/v1/related?docid=panen-padi", "docid", "id"),
        ("/api/v1/articles?article_id=panen-padi", "article_id", "id"),
    ],
)
def test_a_parameter_of_another_name_is_refused(
    client: FlaskClient, address: str, name: str, meant: str
) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert response.get_json(force=True) == {
        "type": "/api/v1/problems/unknown_parameter",
        "title": "Parameter not known",
        "status": 400,
        "detail": f"There is no parameter {name!r}. Did you mean {meant!r}?",
        "code": "unknown_parameter",
        "param": name,
    }


def test_a_parameter_nobody_knows_is_named_and_one_that_sites_add_is_not(
    client: FlaskClient,
) -> None:
    body = client.get("/api/v1/search?q=padi&utm_source=surat&warna=merah&_=17").json
    assert body is not None
    assert body["total"] == 1
    assert body["notes"] == [
        {
            "code": "unknown_parameter",
            "message": "Parameter “warna” tidak dikenal dan diabaikan.",
        }
    ]


@pytest.mark.parametrize(
    ("path", "first"),
    [("/api/v1/search?q=panen", '"took_ms":5432.1,'), ("/?q=panen", "Ditemukan dalam 5,43 detik.")],
)
def test_a_kept_answer_does_not_repeat_how_long_it_took(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, first: str
) -> None:
    def run_slow_search(*given: Any, **named: Any) -> SearchResponse:
        return replace(run_search(*given, **named), took_ms=5432.1)

    for name in ("api", "page"):
        monkeypatch.setattr(import_module(f"searchsvc.web.{name}"), "run_search", run_slow_search)
    computed, kept = (client.get(path).text for _ in range(2))
    assert first in computed
    assert first not in kept
    cut = re.compile(r'(?<="took_ms":)[\d.]+|(?<=Ditemukan dalam )[\d,]+ \w+')
    assert cut.sub("", computed) == cut.sub("", kept)
