"""Searches and clicks over HTTP are recorded where the settings want it, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from support.brute_force import BruteForceEngine

from searchsvc.index import Index
from searchsvc.insight.collecting import Insight
from searchsvc.insight.popular import count_popular
from searchsvc.insight.query_id import ID_CHARACTERS, QueryIds
from searchsvc.insight.record import Answered, Searched
from searchsvc.insight.store import FILE
from searchsvc.web import create_app

FOUND = Answered(3)
ReadTable = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def recording(app: Flask, brute_engine: BruteForceEngine, tmp_path: Path) -> Flask:
    """A service over the samples that records."""
    settings = {"index": tmp_path / "default", "insight": True}
    return create_app(settings, engine=brute_engine)


@pytest.fixture
def reader(recording: Flask) -> FlaskClient:
    return recording.test_client()


@pytest.fixture
def insight(recording: Flask) -> Insight:
    found = recording.extensions["searchsvc"].insight
    assert isinstance(found, Insight)
    return found


@pytest.fixture
def read(insight: Insight) -> ReadTable:
    """The rows of a table, in order."""

    def read(table: str = "ubi_queries") -> list[dict[str, Any]]:
        assert insight.recorder.flush()
        with insight.store.read() as db:
            rows = db.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in rows.description]
            return [dict(zip(names, row, strict=True)) for row in rows]

    return read


def find_id(html: str) -> str:
    found = HTMLParser(html).css_first("#hasil")
    assert found is not None
    return found.attributes["data-query-id"] or ""


def click(query_id: str, object_id: str) -> dict[str, Any]:
    return {
        "application": "page",
        "action_name": "click",
        "query_id": query_id,
        "client_id": "never kept",
        "event_attributes": {"object": {"object_id": object_id}, "position": {"ordinal": 77}},
    }


def test_a_search_over_the_api_is_recorded(reader: FlaskClient, read: ReadTable) -> None:
    address = "/api/v1/search?q=Padi&category=ekonomi&from=2021&sort=newest&per_page=5&page=1"
    answer = reader.get(address).get_json()
    assert len(answer["query_id"]) == ID_CHARACTERS
    (row,) = read("ubi_queries")
    assert row["took_ms"] == answer["took_ms"]
    assert {name: row[name] for name in ("query_id", "application", "indexes", "user_query")} == {
        "query_id": answer["query_id"],
        "application": "api",
        "indexes": "default",
        "user_query": "Padi",
    }
    assert (row["normal"], row["total"], row["page"]) == ("padi", answer["total"], 1)
    assert row["filters"] == '{"category": ["ekonomi"], "from": "2021-01-01", "sort": "newest"}'


def test_a_search_of_the_page_is_recorded_and_its_clicks_too(
    reader: FlaskClient, read: ReadTable
) -> None:
    html = reader.get("/?q=padi").text
    query_id = find_id(html)
    hits = [one.attributes["data-id"] for one in HTMLParser(html).css("#hasil .hit")]
    response = reader.post("/api/v1/events", json=click(query_id, hits[0] or ""))
    assert (response.status_code, response.get_json()) == (202, {"accepted": 1})
    (row,) = read("ubi_queries")
    assert (row["application"], row["query_id"]) == ("page", query_id)
    (event,) = read("ubi_events")
    assert event.pop("timestamp") >= row["timestamp"]
    assert event == {
        "query_id": query_id,
        "action_name": "click",
        "object_id": hits[0],
        "ordinal": 1,
    }


def test_answers_from_the_cache_are_searches_of_their_own(
    reader: FlaskClient, read: ReadTable
) -> None:
    ids = [reader.get("/api/v1/search?q=padi").get_json()["query_id"] for _ in range(3)]
    assert [row["query_id"] for row in read("ubi_queries")] == ids
    assert len(set(ids)) == 3


def test_what_a_browser_has_already_is_not_searched_again(
    reader: FlaskClient, read: ReadTable
) -> None:
    tag = reader.get("/?q=padi").headers["ETag"]
    assert reader.get("/?q=padi", headers={"If-None-Match": tag}).status_code == 304
    assert len(read("ubi_queries")) == 1


def test_every_search_of_several_is_recorded(reader: FlaskClient, read: ReadTable) -> None:
    queries = [{"q": "padi"}, {"q": "kota", "per_page": 1}]
    answer = reader.post("/api/v1/multi-search", json={"queries": queries}).get_json()
    assert [row["query_id"] for row in read("ubi_queries")] == [
        one["query_id"] for one in answer["results"]
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "AhrefsBot/7.0"},
        {"User-Agent": "Baiduspider/2.0"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
    ],
)
def test_robots_and_pages_fetched_in_advance_are_not_recorded(
    reader: FlaskClient, read: ReadTable, headers: dict[str, str]
) -> None:
    assert reader.get("/api/v1/search?q=padi", headers=headers).get_json()["query_id"] == ""
    assert find_id(reader.get("/?q=padi", headers=headers).text or '<p id="hasil">') == ""
    assert read("ubi_queries") == []


@pytest.mark.parametrize("agent", ["Mozilla/5.0 (X11) Firefox/130.0", "Cubot Note 9", "", "curl/8"])
def test_readers_are_recorded(reader: FlaskClient, read: ReadTable, agent: str) -> None:
    reader.get("/api/v1/search?q=padi", headers={"User-Agent": agent})
    reader.head("/?q=padi", headers={"User-Agent": agent})
    assert len(read("ubi_queries")) == 1


def test_other_addresses_are_no_searches(reader: FlaskClient, read: ReadTable) -> None:
    for address in ("/", "/artikel/panen-padi?q=padi", "/api/v1/suggest?q=pa", "/pilihan/tags"):
        assert reader.get(address).status_code == 200
    assert reader.get("/api/v1/search?page=0").status_code == 400
    assert read("ubi_queries") == []


def test_results_at_a_keystroke_count_once_they_are_stayed_with(
    reader: FlaskClient, read: ReadTable
) -> None:
    headers = {"X-Search-As-You-Type": "1"}
    ids = [find_id(reader.get(f"/?q={typed}", headers=headers).text) for typed in ("pad", "padi")]
    assert [row["as_you_type"] for row in read("ubi_queries")] == [1, 1]
    event = {"action_name": "search", "query_id": ids[1]}
    assert reader.post("/api/v1/events", json=event).status_code == 202
    assert [row["as_you_type"] for row in read("ubi_queries")] == [1, 0]


def test_nothing_is_recorded_unless_the_settings_want_it(
    app: Flask, tmp_path: Path, brute_engine: BruteForceEngine
) -> None:
    plain = create_app({"index": tmp_path / "default"}, engine=brute_engine).test_client()
    assert "query_id" not in plain.get("/api/v1/search?q=padi").get_json()
    assert "data-query-id" not in plain.get("/?q=padi").text
    issued = QueryIds(b"x").issue()
    response = plain.post("/api/v1/events", json=click(issued, "panen-padi"))
    assert (response.status_code, response.get_json()) == (202, {"accepted": 0})
    assert not (tmp_path / FILE).exists()


ISSUED = "an issued id"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "an event needs 'action_name'"),
        ([], "a list of 1 to 20"),
        ([click(ISSUED, "x")] * 21, "a list of 1 to 20"),
        (7, "an event must be an object"),
        ([[]], "an event must be an object"),
        ({"action_name": "purchase"}, "must be one of click, search"),
        ({"action_name": "click"}, "an event needs 'query_id'"),
        ({"action_name": "click", "query_id": 7}, "an event needs 'query_id'"),
        ({"action_name": "click", "query_id": ISSUED}, "a click needs"),
        ({"action_name": "click", "query_id": ISSUED, "event_attributes": []}, "a click needs"),
        (click(ISSUED, ""), "an event needs 'object_id'"),
        (click(ISSUED, "x" * 2_001), "an event needs 'object_id'"),
        (click("A" * 32, "panen-padi"), "was not issued here within the last day"),
        (click("x" * 3_000, "panen-padi"), "an event needs 'query_id'"),
    ],
)
def test_events_that_are_none_are_refused(
    reader: FlaskClient, read: ReadTable, insight: Insight, body: Any, told: str
) -> None:
    issued = reader.get("/api/v1/search?q=padi").get_json()["query_id"]

    def fill(value: Any) -> Any:
        if isinstance(value, list):
            return [fill(one) for one in value]
        if isinstance(value, dict):
            return {key: fill(one) for key, one in value.items()}
        return issued if value == ISSUED else value

    response = reader.post("/api/v1/events", json=fill(body))
    assert response.status_code == 400
    assert response.get_json()["code"] == "invalid_body"
    assert told in response.get_json()["detail"]
    assert read("ubi_events") == []


def test_one_forged_event_spoils_the_whole_report(reader: FlaskClient, read: ReadTable) -> None:
    issued = reader.get("/api/v1/search?q=padi").get_json()["query_id"]
    forged = issued[:-1] + ("A" if issued[-1] != "A" else "B")
    events = [click(issued, "panen-padi"), click(forged, "panen-padi")]
    assert reader.post("/api/v1/events", json=events).status_code == 400
    assert read("ubi_events") == []


def test_a_click_on_what_was_not_shown_is_not_kept(reader: FlaskClient, read: ReadTable) -> None:
    issued = reader.get("/api/v1/search?q=padi").get_json()["query_id"]
    reader.post("/api/v1/events", json=[click(issued, "serangan-pasar"), click(issued, "nope")])
    assert read("ubi_events") == []


def test_one_address_cannot_report_without_end(reader: FlaskClient) -> None:
    issued = reader.get("/api/v1/search?q=padi").get_json()["query_id"]
    many = [click(issued, f"a{n}") for n in range(20)]
    statuses = [reader.post("/api/v1/events", json=many).status_code for _ in range(8)]
    assert statuses == [202] * 6 + [429] * 2
    other = {"REMOTE_ADDR": "10.1.2.3"}
    assert reader.post("/api/v1/events", json=many, environ_overrides=other).status_code == 202


def test_a_body_may_be_sent_by_beacon_and_from_other_origins(reader: FlaskClient) -> None:
    issued = reader.get("/api/v1/search?q=padi").get_json()["query_id"]
    response = reader.post(
        "/api/v1/events",
        data=f'{{"action_name": "search", "query_id": "{issued}"}}',
        content_type="text/plain;charset=UTF-8",
        headers={"Origin": "https://lain.example"},
    )
    assert response.status_code == 202
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    too_large = reader.post("/api/v1/events", data=b" " * 40_000)
    assert too_large.get_json()["code"] == "payload_too_large"


def test_searches_go_on_where_nothing_can_be_recorded(
    reader: FlaskClient, insight: Insight, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).mkdir()
    for _ in range(3):
        answer = reader.get("/api/v1/search?q=padi").get_json()
        assert answer["total"] > 0
        event = click(answer["query_id"], "panen-padi")
        assert reader.post("/api/v1/events", json=event).status_code == 202
        assert not insight.recorder.flush()
    assert caplog.text.count("Searches are not recorded") == 1


def test_events_need_the_key_that_searching_needs(tmp_path: Path) -> None:
    Index.open(tmp_path / "default", create=True).close()
    settings = {
        "index": tmp_path / "default",
        "insight": True,
        "reads": "key",
        "master_key": "kunci-induk-untuk-uji-coba",
    }
    client = create_app(settings).test_client()
    assert client.post("/api/v1/events", json=click("x", "y")).status_code == 401


# --- Meilisearch's protocol


@pytest.fixture
def meili(tmp_path: Path) -> Flask:
    with Index.open(tmp_path / "default", create=True) as index:
        index.add([{"id": "1", "judul": "Harga padi", "isi": "Harga padi naik."}])
    return create_app({"index": tmp_path / "default", "insight": True})


def test_searches_of_meilisearch_clients_are_recorded(meili: Flask) -> None:
    client = meili.test_client()
    metadata = {"Meili-Include-Metadata": "true"}
    found = client.post("/indexes/default/search", json={"q": "padi"}, headers=metadata).get_json()
    several = {"queries": [
        {"indexUid": "default", "q": "naik"},
        {"indexUid": "default", "q": "naik", "limit": 0, "facets": []},
    ]}  # fmt: skip
    assert client.post("/multi-search", json=several).status_code == 200
    query_id = found["metadata"]["queryUid"]
    assert found["metadata"] == {"indexUid": "default", "queryUid": query_id}
    client.post("/api/v1/events", json=click(query_id, "1"))
    insight = meili.extensions["searchsvc"].insight
    assert insight.recorder.flush()
    with insight.store.read() as db:
        rows = db.execute("SELECT application, user_query, total, page FROM ubi_queries").fetchall()
        (event,) = db.execute("SELECT query_id, object_id, ordinal FROM ubi_events").fetchall()
    assert rows == [("meilisearch", "padi", 1, 1), ("meilisearch", "naik", 1, 1)]
    assert event == (query_id, "1", 1)


def test_what_readers_search_often_is_suggested(reader: FlaskClient, insight: Insight) -> None:
    now = insight.store.read_clock()
    rows = [
        Searched(f"q{hours}", now - hours * 3_600_000, "page", "default", "Pasar malam", FOUND, 1.0)
        for hours in (1, 3, 5, 30, 50)
    ]
    insight.store.add(rows, [])
    assert "pasar malam" not in reader.get("/saran?q=pas").text
    count_popular(insight.store, 5)
    insight.prepare()
    first = reader.get("/api/v1/suggest?q=pas").get_json()["suggestions"][0]
    assert first == {"text": "pasar malam", "kind": "query"}
    assert reader.get("/saran?q=pas").get_json(force=True)[1][0] == "pasar malam"
    other = reader.get("/api/v1/suggest?q=gempa").get_json()["suggestions"]
    assert "query" not in {one["kind"] for one in other}
