"""Pins over HTTP: written into the dictionary, honoured by both protocols and the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from searchsvc.access.keys import KeyStore
from searchsvc.access.new_key import read_key
from searchsvc.index import Index
from searchsvc.web import create_app

MASTER = "kunci-induk-untuk-uji-coba"
RECORDS = [
    {"id": "1", "judul": "Harga beras naik", "isi": "Harga beras naik di pasar."},
    {"id": "2", "judul": "Harga beras turun", "isi": "Harga beras turun lagi."},
    {"id": "3", "judul": "Panen raya", "isi": "Petani panen raya."},
]
PINS = {"query": "Harga Beras", "pinned": ["3", "gone"], "hidden": ["1"]}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    with Index.open(tmp_path / "default", create=True) as index:
        index.add(RECORDS)
    return tmp_path / "default"


@pytest.fixture
def client(index: Path) -> FlaskClient:
    return create_app({"index": index, "master_key": MASTER}).test_client()


def bear(key: str = MASTER) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def put(client: FlaskClient, body: Any, key: str = MASTER) -> Any:
    return client.put("/api/v1/pins", json=body, headers=bear(key))


def test_pins_are_set_listed_and_taken_out(client: FlaskClient, index: Path) -> None:
    (index / "dictionary.txt").write_text("# Ours.\n[names]\nSri Mulyani\n")
    answer = put(client, PINS)
    described = {"query": "harga beras", "pinned": ["3", "gone"], "hidden": ["1"]}
    assert answer.get_json() == {**described, "missing": ["gone"]}
    assert (index / "dictionary.txt").read_text() == (
        "# Ours.\n[names]\nSri Mulyani\n\n[pinned]\nharga beras = 3, gone\n\n"
        "[hidden]\nharga beras = 1\n"
    )
    assert client.get("/api/v1/pins", headers=bear()).get_json() == {"pins": [described]}
    one = client.get("/api/v1/pins?q=HARGA+beras!", headers=bear()).get_json()
    assert one == {"pins": [described]}
    assert client.get("/api/v1/pins?q=lain", headers=bear()).get_json() == {"pins": []}
    gone = client.delete("/api/v1/pins?q=harga+beras", headers=bear()).get_json()
    assert gone == {"query": "harga beras", "pinned": [], "hidden": [], "missing": []}
    assert client.get("/api/v1/pins", headers=bear()).get_json() == {"pins": []}


def test_both_protocols_and_the_page_honour_them_at_once(client: FlaskClient) -> None:
    address = "/api/v1/search?q=harga+beras&facets=category"
    assert [hit["id"] for hit in client.get(address).get_json()["hits"]] != ["3", "2"]
    put(client, PINS)
    found = client.get(address).get_json()
    assert [(hit["id"], hit.get("pinned")) for hit in found["hits"]] == [("3", True), ("2", None)]
    assert found["total"] == 2
    page = HTMLParser(client.get("/?q=harga+beras").text)
    assert [one.attributes["data-id"] for one in page.css(".hit")] == ["3", "2"]
    assert [one.text() for one in page.css(".hit-pinned")] == ["Pilihan redaksi"]
    other = client.post(
        "/indexes/default/search", json={"q": "harga beras"}, headers=bear()
    ).get_json()
    assert [hit["id"] for hit in other["hits"]] == ["3", "2"]
    assert other["estimatedTotalHits"] == 2
    paged = client.post(
        "/indexes/default/search",
        json={"q": "harga beras", "hitsPerPage": 1, "page": 2},
        headers=bear(),
    ).get_json()
    assert ([hit["id"] for hit in paged["hits"]], paged["totalHits"]) == (["2"], 2)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "'query' must be a text"),
        ({"query": 7, "pinned": ["1"]}, "'query' must be a text"),
        ({"query": "a"}, "pins nothing and hides nothing"),
        ({"query": "a", "pinned": [], "hidden": []}, "pins nothing and hides nothing"),
        ({"query": "a", "pinned": "1"}, "'pinned' must be a list of at most 20 ids"),
        ({"query": "a", "pinned": [""]}, "'pinned' must be a list of at most 20 ids"),
        ({"query": "a", "pinned": ["\0"]}, "'pinned' must be a list of at most 20 ids"),
        ({"query": "a", "pinned": [1]}, "'pinned' must be a list of at most 20 ids"),
        ({"query": "a", "pinned": [str(n) for n in range(21)]}, "at most 20 ids"),
        ({"query": "a", "hidden": [str(n) for n in range(201)]}, "at most 200 ids"),
        ({"query": "a", "pinned": ["1"], "pins": ["1"]}, "it has 'pins'"),
        ({"query": "", "pinned": ["1"]}, "words without operators"),
        ({"query": "?!", "pinned": ["1"]}, "words without operators"),
        ({"query": "a -b", "pinned": ["1"]}, "words without operators"),
        ({"query": "kategori:x", "pinned": ["1"]}, "words without operators"),
        ({"query": "a " * 17, "pinned": ["1"]}, "words without operators"),
        ([], "an object of JSON"),
    ],
)
def test_what_cannot_be_pinned(client: FlaskClient, index: Path, body: Any, told: str) -> None:
    answer = put(client, body)
    assert answer.status_code == 400
    assert told in answer.get_json()["detail"]
    assert not (index / "dictionary.txt").exists()


def test_only_a_key_that_allows_it_may_pin(client: FlaskClient, index: Path) -> None:
    keys = KeyStore(index.parent, MASTER)

    def make(*actions: str, **values: Any) -> str:
        return keys.secret_of(keys.create(read_key({"actions": actions, **values})))

    assert client.put("/api/v1/pins", json=PINS).status_code == 401
    for key in (make("search"), make("pins.get"), make("pins.*", indexes=["lain"]),
                make("pins.update", filters={"category": ["Hukum"]})):  # fmt: skip
        assert put(client, PINS, key).get_json()["code"] == "not_allowed"
    editor = make("pins.*")
    assert put(client, PINS, editor).status_code == 200
    assert client.get("/api/v1/pins", headers=bear(editor)).status_code == 200
    assert client.get("/api/v1/tasks", headers=bear(editor)).status_code == 403


def test_without_a_master_key_nothing_is_pinned(index: Path) -> None:
    client = create_app({"index": index}).test_client()
    assert put(client, PINS).get_json()["code"] == "writes_off"


def test_a_dictionary_that_cannot_be_written_is_an_error(client: FlaskClient, index: Path) -> None:
    (index / "dictionary.txt").write_bytes(b"\xff\xfe")
    answer = put(client, PINS)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "dictionary_not_written")


def test_named_indexes_have_pins_of_their_own(client: FlaskClient, index: Path) -> None:
    Index.open(index.parent / "arsip", create=True).close()
    named = "/api/v1/indexes/arsip/pins"
    assert client.put(named, json=PINS, headers=bear()).status_code == 200
    assert client.get("/api/v1/pins", headers=bear()).get_json() == {"pins": []}
    assert (index.parent / "arsip" / "dictionary.txt").exists()


def test_a_key_for_one_index_writes_no_dictionary_of_all(index: Path, tmp_path: Path) -> None:
    Index.open(tmp_path / "lain", create=True).close()
    own = tmp_path / "kamus.txt"
    for file in (own, tmp_path / "lain" / "kamus.txt", index / "kamus.txt"):
        file.write_text("")
    keys = KeyStore(tmp_path, MASTER)
    made = {"actions": ["pins.*"], "indexes": ["lain"]}
    some = keys.secret_of(keys.create(read_key(made)))
    every = keys.secret_of(keys.create(read_key({**made, "indexes": ["*"]})))
    for dictionary, key, status in (
        (str(own), some, 403),
        (str(own), every, 200),
        ("{index}/kamus.txt", some, 200),
    ):
        settings = {"index": index, "master_key": MASTER, "dictionary": dictionary}
        client = create_app(settings).test_client()
        address = "/api/v1/indexes/lain/pins"
        assert client.put(address, json=PINS, headers=bear(key)).status_code == status
        assert client.get(address, headers=bear(key)).status_code == status
