"""Searches asked as JSON, several at once, and in other shapes."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

SEARCH = "/api/v1/search"
SEVERAL = "/api/v1/multi-search"


def ask(client: FlaskClient, **asked: Any) -> Any:
    return client.post(SEARCH, json=asked).get_json()


def forget_time(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "took_ms"}


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("", {}),
        ("?q=padi", {"q": "padi"}),
        (
            "?q=polisi&category=Hukum&category=Olahraga",
            {"q": "polisi", "category": ["Hukum", "Olahraga"]},
        ),
        ("?page=2&per_page=2&sort=newest", {"page": 2, "per_page": 2, "sort": "newest"}),
        (
            "?facets=category,source&collapse=0",
            {"facets": ["category", "source"], "collapse": False},
        ),
        ("?facets=*&interval=year", {"facets": "*", "interval": "year"}),
        ("?from=2022-08&to=2023", {"from": "2022-08", "to": 2023}),
        ("?q=padi&explain=1", {"q": "padi", "explain": True, "category": None}),
    ],
)
def test_a_body_asks_what_an_address_asks(
    client: FlaskClient, address: str, asked: dict[str, Any]
) -> None:
    by_address = client.get(SEARCH + address).get_json()
    assert forget_time(ask(client, **asked)) == forget_time(by_address)
    several = client.post(SEVERAL, json={"queries": [asked, {"q": "iran"}]}).get_json()
    first, second = several["results"]
    assert forget_time(first) == forget_time(by_address)
    assert second["hits"][0]["id"] == "kerja-sama-iran"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_body"),
        (b"[]", "invalid_body"),
        (b"{", "invalid_body"),
        (b'{"q": {"a": 1}}', "invalid_parameter"),
        (b'{"q": [[1]]}', "invalid_parameter"),
        (b'{"page": 0}', "invalid_page"),
        (b'{"page": 1.5}', "invalid_page"),
        (b'{"page": true, "per_page": 101}', "invalid_per_page"),
        (b'{"page": 1e308}', "invalid_page"),
        (b'{"query": "padi"}', "unknown_parameter"),
        (b'{"entah": "padi"}', "unknown_parameter"),
        (b'{"select": "warna"}', "invalid_parameter"),
        (b'{"mark_start": "<b onclick=x>"}', "invalid_parameter"),
        (b'{"mark_start": "<script>alert(1)</script>"}', "invalid_parameter"),
        (b'{"snippet_length": 39}', "invalid_parameter"),
        (b'{"snippet_length": 2001}', "invalid_parameter"),
        (b'{"match": "some"}', "invalid_parameter"),
        (b'{"without": "everything"}', "invalid_parameter"),
        (b'{"category": [' + b'"a",' * 300 + b'"a"]}', "invalid_parameter"),
    ],
    ids=str,
)
def test_what_cannot_be_meant_has_a_code(client: FlaskClient, body: bytes, code: str) -> None:
    response = client.post(SEARCH, data=body, content_type="application/json")
    assert (response.status_code, response.get_json()["code"]) == (400, code)
    several = b'{"queries": [{"q": "padi"}, ' + body + b"]}"
    response = client.post(SEVERAL, data=several, content_type="application/json")
    assert response.status_code == 400
    if code != "invalid_body":
        assert response.get_json()["code"] == code
        assert "queries[1]" in response.get_json()["detail"] or code == "unknown_parameter"


@pytest.mark.parametrize(
    "asked",
    [{}, {"queries": []}, {"queries": {}}, {"queries": [1]}, {"queries": [{}] * 21}, {"q": "a"}],
    ids=str,
)
def test_several_are_a_list_of_objects(client: FlaskClient, asked: dict[str, Any]) -> None:
    response = client.post(SEVERAL, json=asked)
    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_body")


def test_several_may_name_indexes(client: FlaskClient) -> None:
    asked = {"queries": [{"index": "default", "q": "padi"}, {"index": "tidak-ada"}]}
    assert client.post(SEVERAL, json=asked).get_json()["code"] == "unknown_index"
    for name, code in ((7, "invalid_parameter"), ("a/b", "invalid_index_name")):
        response = client.post(SEVERAL, json={"queries": [{"index": name}]})
        assert response.get_json()["code"] == code


def test_fields_of_hits_are_chosen(client: FlaskClient) -> None:
    (hit,) = ask(client, q="padi", select=["title", "body", "id"])["hits"]
    assert list(hit) == ["title", "body", "id"]
    assert hit["body"].startswith("Para petani memanen")
    hit = client.get(f"{SEARCH}?q=padi&select=id,extra").get_json()["hits"][0]
    assert hit == {"id": "panen-padi", "extra": {}}


def test_marks_are_those_asked_for(client: FlaskClient) -> None:
    marks = {"mark_start": '<em class="hit">', "mark_end": "</em>"}
    (hit,) = ask(client, q="padi", **marks)["hits"]
    assert hit["title_html"] == 'Petani Sukaraja Mulai Memanen <em class="hit">Padi</em>'
    assert "<mark>" not in hit["snippet_html"]
    (hit,) = ask(client, q="padi", mark_start="**", mark_end="**")["hits"]
    assert hit["title_html"] == "Petani Sukaraja Mulai Memanen **Padi**"
    page = client.get("/?q=padi&mark_start=<em>&mark_end=</em>").get_data(as_text=True)
    assert "<em>Padi" not in page


def test_snippets_are_as_long_as_asked(client: FlaskClient) -> None:
    short, long = (
        ask(client, q="padi", snippet_length=length)["hits"][0]["snippet_html"]
        for length in (40, 2_000)
    )
    assert len(short) < 80 < len(long)


def test_a_request_says_how_many_words_must_match(client: FlaskClient) -> None:
    def count(match: str) -> int:
        total: int = ask(client, q="padi bupati", match=match)["total"]
        return total

    assert (count("all"), count("any")) == (0, 2)
    assert ask(client, q="padi bupati", match="any")["notes"] == []
    assert ask(client, q="padi petani", match="all")["total"] == 1


def test_a_request_may_leave_out_parts_of_understanding(client: FlaskClient) -> None:
    assert ask(client, q="penyerangan")["total"] == 1
    assert ask(client, q="penyerangan", without=["stems", "typos"])["total"] == 0
    assert ask(client, q="panen", recency=0)["total"] == ask(client, q="panen")["total"]
