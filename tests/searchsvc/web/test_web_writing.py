"""Articles sent, changed and taken out over HTTP."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.article import Article
from searchsvc.access.gate import Access
from searchsvc.access.keys import Key, make_uid
from searchsvc.index import Index
from searchsvc.serving.writer import make_drain
from searchsvc.settings import Settings, load
from searchsvc.web import create_app
from searchsvc.web.service import EXTENSION

MASTER = "kunci-induk-untuk-uji-coba"
HEADERS = {"Authorization": f"Bearer {MASTER}"}

Order = Callable[..., dict[str, Any]]


@pytest.fixture
def settings(tmp_path: Path, sample_articles: list[Article]) -> Settings:
    with Index.open(tmp_path / "default", create=True) as index:
        index.add(sample_articles)
    return load({"index": tmp_path / "default", "master_key": MASTER})


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def order(client: FlaskClient, settings: Settings) -> Order:
    """Orders something, has it done, and gives the task as it is then."""

    def do(method: str, path: str, **options: Any) -> dict[str, Any]:
        response = client.open(path, method=method, headers=HEADERS, **options)
        assert response.status_code == 202, response.get_data(as_text=True)
        make_drain(settings).run_until_empty()
        address = response.headers["Location"]
        done: dict[str, Any] = client.get(address, headers=HEADERS).get_json()
        return done

    return do


def list_results(task: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item.get("id", ""), item["result"]) for item in task["items"]]


def test_one_article_is_read_as_by_the_command(client: FlaskClient, order: Order) -> None:
    task = order(
        "POST",
        "/api/v1/articles",
        json={
            "judul": "Harga Cabai Turun",
            "isi": "BANDUNG, Contoh Kabar - Harga cabai turun di pasar induk.",
            "link": "https://contoh.example/cabai",
            "tanggal": "20 Juli 2022 13.05 WIB",
        },
    )
    assert task["status"] == "succeeded"
    assert task["details"] == {
        "format": "json",
        "clean": True,
        "source": "",
        "received": 1,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "refused": 0,
    }
    (item,) = task["items"]
    article = client.get(f"/api/v1/articles?id={item['id']}").get_json()
    assert article["place"] == "Bandung"
    assert article["body"] == "Harga cabai turun di pasar induk."
    assert article["published_at"] == "2022-07-20T13:05:00+07:00"
    assert client.get("/api/v1/search?q=cabai").get_json()["total"] == 1


def test_each_thing_has_an_answer_in_its_order(order: Order) -> None:
    sent = [
        {"id": "a", "title": "Satu", "body": "Isi artikel pertama."},
        "bukan artikel",
        {"id": "panen-padi", "title": "Panen", "body": "Isi lain sama sekali."},
        {"id": "b", "warna": "merah"},
        {"id": "a", "title": "Satu", "body": "Isi artikel pertama."},
        None,
        {"id": "c", "title": "Draf", "body": "Belum terbit.", "status": "draft"},
        [1, 2],
    ]
    task = order("POST", "/api/v1/articles", json=sent)
    assert [item["result"] for item in task["items"]] == [
        *("created", "refused", "updated", "refused", "unchanged", "refused", "refused", "refused")
    ]
    assert [item["item"] for item in task["items"]] == list(range(1, 9))
    reasons = [item.get("reason", "") for item in task["items"]]
    assert reasons[1] == "it is a text, not an object"
    assert reasons[3] == "no text: none of its keys (id, warna) holds one"
    assert reasons[5] == "it is null, not an object"
    assert "not published" in reasons[6]


_CLASH = "id,judul,isi\n1,Kabar Pasar,Pasar ramai sekali.\n1,Kabar Sawah,Sawah dipanen warga.\n"
_DOUBTFUL = "id,title,body,date\n1,Market News,The market is busy.,03/04/2025\n"
_STATUS = '[{"title": "A", "body": "Isi kabar.", "status": "entah"}, {"title": "B", "body": "Isi"}]'


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("{}", "application/json"),
        ('{"warna": "merah"}', "application/json"),
        (_STATUS, "application/json"),
        (_STATUS.replace("entah", "0"), "application/json"),
        (_CLASH, "text/csv"),
        (_DOUBTFUL, "text/csv"),
        ("a,b\n1,2\n", "text/csv"),
    ],
)
def test_nobody_who_sends_articles_is_told_of_the_command_line(
    order: Order, body: str, media_type: str
) -> None:
    task = order("POST", "/api/v1/articles", data=body, content_type=media_type)
    assert "--" not in json.dumps(task["items"])
    if body == "{}":
        assert task["items"] == [{"item": 1, "result": "refused", "reason": "it is empty"}]


@pytest.mark.parametrize("clean", [0, 1])
@pytest.mark.parametrize("media_type", ["application/json", "application/x-ndjson"])
def test_long_ids_are_kept_to_the_last_digit(order: Order, media_type: str, clean: int) -> None:
    ids = ["123456789012345678901", "123456789012345678902"]
    rows = [f'{{"id":{one},"title":"Kabar {one}","body":"Isi kabar","n":{one}}}' for one in ids]
    lines = media_type.endswith("ndjson")
    task = order(
        "POST",
        f"/api/v1/articles?clean={clean}",
        data="\n".join(rows) if lines else f"[{','.join(rows)}]",
        content_type=media_type,
    )
    assert list_results(task) == [(one, "created") for one in ids]


@pytest.mark.parametrize("path", ["/api/v1/articles", "/indexes/x/documents"])
def test_a_body_that_is_not_utf_8_is_told_so(client: FlaskClient, path: str) -> None:
    body = '{"id": 1, "title": "Café"}'.encode("latin-1")
    response = client.post(path, data=body, content_type="application/json", headers=HEADERS)
    assert response.status_code == 400
    told = "the body is not UTF-8 (byte 0xE9 at 23); send it as UTF-8"
    assert told in response.get_data(as_text=True)


def test_lines_of_json_are_refused_one_by_one(order: Order) -> None:
    lines = b'{"id":"a","title":"A","body":"Isi satu."}\n\nbukan json\n{"id":"b","body":"Isi dua."}'
    task = order("POST", "/api/v1/articles", data=lines, content_type="application/x-ndjson")
    assert list_results(task) == [("a", "created"), ("", "refused"), ("b", "created")]


def test_a_byte_order_mark_is_no_part_of_the_body(order: Order) -> None:
    for media_type in ("application/json", "application/x-ndjson"):
        body = b'\xef\xbb\xbf{"id": "a", "body": "Isi."}'
        task = order("POST", "/api/v1/articles", data=body, content_type=media_type)
        assert task["details"]["refused"] == 0


@pytest.mark.parametrize("clean", [0, 1])
def test_a_record_that_is_nested_too_deeply_is_refused(order: Order, clean: int) -> None:
    deep = b'{"id": "b", "body": "Isi.", "warna": ' + b"[" * 500 + b"]" * 500 + b"}"
    body = b'[{"id": "a", "body": "Isi."}, ' + deep + b"]"
    address = f"/api/v1/articles?clean={clean}"
    task = order("POST", address, data=body, content_type="application/json")
    assert list_results(task) == [("a", "created"), ("", "refused")]


@pytest.mark.parametrize(
    ("media_type", "content", "ids"),
    [
        (
            "text/csv",
            b"id,judul,isi\n7,Satu,Isi pertama artikel.\n8,Dua,Isi kedua artikel.",
            ["7", "8"],
        ),
        (
            "application/rss+xml",
            b"<rss><channel><title>K</title><item><guid>x1</guid><title>Satu</title>"
            b"<description>Isi berita yang pertama.</description></item></channel></rss>",
            ["x1"],
        ),
    ],
)
def test_other_formats_are_read_as_files_are(
    order: Order, media_type: str, content: bytes, ids: list[str]
) -> None:
    task = order("POST", "/api/v1/articles", data=content, content_type=media_type)
    assert list_results(task) == [(one, "created") for one in ids]


def test_a_body_may_come_compressed(client: FlaskClient, settings: Settings) -> None:
    body = gzip.compress(json.dumps({"id": "a", "body": "Isi."}).encode())
    headers = {**HEADERS, "Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert client.post("/api/v1/articles", data=body, headers=headers).status_code == 202
    bomb = gzip.compress(b" " * (settings.max_payload_bytes + 1))
    for data, status in ((body[:-4], 400), (b"{}", 400), (bomb, 413)):
        assert client.post("/api/v1/articles", data=data, headers=headers).status_code == status


def zip_up(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("berita.csv", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, bz2.compress, lzma.compress, zstandard.compress, zip_up],
    ids=["gzip", "bzip2", "xz", "zstd", "zip"],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_an_archive_is_no_body(
    client: FlaskClient, pack: Callable[[bytes], bytes], wrapped: bool
) -> None:
    body = pack(b"judul,isi\n" + b"Satu,Isi.\n" * 1000)
    headers = {**HEADERS, "Content-Type": "text/csv"}
    if wrapped:
        body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
    response = client.post("/api/v1/articles", data=body, headers=headers)
    assert (response.status_code, response.get_json()["code"]) == (415, "unsupported_media_type")
    assert client.get("/api/v1/tasks", headers=HEADERS).get_json()["total"] == 0


def test_an_article_may_be_taken_as_it_is(client: FlaskClient, order: Order) -> None:
    sent = {
        "id": 7,
        "title": "  Judul  apa adanya",
        "body": "JAKARTA, Kompas.com - Isi <b>apa</b> adanya.",
        "tags": "satu",
        "published_at": "2022-07-20",
        "warna": "merah",
    }
    task = order("POST", "/api/v1/articles?clean=0&source=Contoh", json=sent)
    assert list_results(task) == [("7", "created")]
    article = client.get("/api/v1/articles/7").get_json()
    assert article["body"] == sent["body"]
    assert article["title"] == sent["title"]
    assert article["source"] == "Contoh"
    assert article["extra"] == {"warna": "merah"}
    assert article["published_at"] == "2022-07-20T00:00:00+07:00"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "it has neither a title nor a body"),
        ({"title": 7}, "'title' must be a text"),
        ({"body": ["a"]}, "'body' must be a text"),
        ({"body": "x", "tags": {"a": 1}}, "'tags' must be a list"),
        ({"body": "x", "tags": [1]}, "'tags' must be a text"),
        ({"body": "x", "published_at": "kapan saja"}, "'published_at' must be a date"),
        ({"body": "x", "id": "y" * 600}, "'id' must be at most 512 bytes long"),
        ({"body": "x", "id": True}, "'id' must be a text"),
        ({"body": "x", "extra": []}, "'extra' must be an object"),
        ({"body": "x" * 2_000_001}, "'body' must be at most 2,000,000 bytes long"),
    ],
    ids=str,
)
def test_what_is_no_article_as_it_is_is_refused(
    order: Order, values: dict[str, Any], reason: str
) -> None:
    (item,) = order("POST", "/api/v1/articles?clean=0", json=values)["items"]
    assert item["result"] == "refused"
    assert item["reason"].startswith(reason)


def test_some_fields_of_an_article_change(client: FlaskClient, order: Order) -> None:
    changes = {"category": None, "tags": ["baru"], "extra": {"halaman": 3}}
    task = order("PATCH", "/api/v1/articles/panen-padi", json=changes)
    assert task["details"]["result"] == "updated"
    article = client.get("/api/v1/articles/panen-padi").get_json()
    assert (article["category"], article["tags"]) == ("", ["baru"])
    assert article["extra"] == {"halaman": 3}
    assert article["title"] == "Petani Sukaraja Mulai Memanen Padi"
    task = order("PATCH", "/api/v1/articles?id=panen-padi", json=changes)
    assert task["details"]["result"] == "unchanged"
    task = order("PATCH", "/api/v1/articles/tidak-ada", json=changes)
    assert (task["status"], task["error"]["code"]) == ("failed", "article_not_found")


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"judul": "Judul baru"}, "title", "Judul baru"),
        ({"isi": "Isi yang baru."}, "body", "Isi yang baru."),
        ({"judul": "Kalah", "title": "Menang"}, "title", "Menang"),
        ({"judul": None, "headline": "Ada"}, "title", "Ada"),
        ({"tanggal": "20 Juli 2022 13.05 WIB"}, "published_at", "2022-07-20T13:05:00+07:00"),
        ({"penulis": "Ani"}, "authors", ["Ani"]),
    ],
    ids=str,
)
def test_keys_of_a_change_are_read_as_those_of_an_article(
    client: FlaskClient, order: Order, changes: dict[str, Any], field: str, value: Any
) -> None:
    task = order("PATCH", "/api/v1/articles/panen-padi", json=changes)
    assert task["details"]["result"] == "updated"
    article = client.get("/api/v1/articles/panen-padi").get_json()
    assert article[field] == value
    assert article["extra"] == ({"judul": "Kalah"} if "title" in changes else {})


def test_a_change_leaves_an_article_a_title_or_a_body(client: FlaskClient, order: Order) -> None:
    path = "/api/v1/articles/panen-padi"
    told = "it has neither a title nor a body"
    for changes in ({"title": None, "body": None}, {"judul": " ", "isi": ""}):
        response = client.patch(path, json=changes, headers=HEADERS)
        assert (response.status_code, told in response.get_data(as_text=True)) == (400, True)
    assert order("PATCH", path, json={"body": None})["status"] == "succeeded"
    task = order("PATCH", path, json={"title": None})
    assert (task["status"], task["error"]["code"]) == ("failed", "invalid_article")
    assert told in str(task["error"])


def test_articles_are_taken_out(client: FlaskClient, order: Order) -> None:
    assert order("DELETE", "/api/v1/articles/panen-padi")["details"]["deleted"] == 1
    assert client.get("/api/v1/articles/panen-padi").status_code == 404
    assert order("DELETE", "/api/v1/articles?id=panen-padi")["details"]["deleted"] == 0
    ids = ["kpk-periksa", "tidak-ada"]
    task = order("POST", "/api/v1/articles/delete", json={"ids": ids})
    assert list_results(task) == [("kpk-periksa", "deleted"), ("tidak-ada", "not_there")]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({"q": "padi"}, 5),
        ({"category": ["hukum", "Olahraga"]}, 3),
        ({"q": "polisi", "category": "hukum"}, 5),
        ({"to": "2022"}, 3),
        ({"q": 'sumber:"Suara Warga"'}, 4),
        ({"q": "zzz"}, 6),
        ({"all": True}, 0),
    ],
    ids=str,
)
def test_articles_are_taken_out_by_a_query(
    client: FlaskClient, order: Order, query: dict[str, Any], left: int
) -> None:
    task = order("POST", "/api/v1/articles/delete", json=query)
    assert task["status"] == "succeeded"
    assert task["details"]["deleted"] == 6 - left
    assert client.get("/api/v1/search").get_json()["total"] == left


@pytest.mark.parametrize(
    "query",
    [
        {"q": "(padi) -sebelum:2022"},
        {"q": "sumber:tidak-ada padi"},
        {"q": "padi", "source": ["tidak-ada"]},
    ],
    ids=str,
)
def test_a_query_that_is_not_understood_whole_deletes_nothing(
    client: FlaskClient, order: Order, query: dict[str, Any]
) -> None:
    task = order("POST", "/api/v1/articles/delete", json=query)
    assert (task["status"], task["error"]["code"]) == ("failed", "query_misread")
    assert client.get("/api/v1/search").get_json()["total"] == 6


def test_another_index_is_made_by_writing_to_it(client: FlaskClient, order: Order) -> None:
    # Its name need not be there yet, for what adds to it.
    task = order("POST", "/api/v1/indexes/baru/articles", json={"id": "a", "body": "Isi."})
    assert (task["index"], task["status"]) == ("baru", "succeeded")
    assert client.get("/api/v1/indexes/baru/search").get_json()["total"] == 1
    response = client.delete("/api/v1/indexes/lain/articles/a", headers=HEADERS)
    assert response.get_json()["code"] == "unknown_index"


JSON_TYPE = {"Content-Type": "application/json"}
BAD = [
    ("POST", "/api/v1/articles", b"", "invalid_body"),
    ("POST", "/api/v1/articles", b"{", "invalid_body"),
    ("POST", "/api/v1/articles", b"\xff\xfe", "invalid_body"),
    ("POST", "/api/v1/articles", b"[" * 100_000, "invalid_body"),
    ("POST", "/api/v1/articles?clean=maybe", b"{}", "invalid_parameter"),
    ("POST", "/api/v1/articles?wait=forever", b"{}", "invalid_parameter"),
    ("POST", "/api/v1/articles?waitt=1", b"{}", "unknown_parameter"),
    ("PATCH", "/api/v1/articles/panen-padi", b"[]", "invalid_body"),
    ("PATCH", "/api/v1/articles/panen-padi", b'{"id": "lain"}', "invalid_article"),
    ("PATCH", "/api/v1/articles/panen-padi", b'{"tags": 7}', "invalid_article"),
    ("PATCH", "/api/v1/articles", b"{}", "invalid_parameter"),
    (
        "PATCH",
        "/api/v1/articles/panen-padi",
        b'{"warna": ' + b"[" * 500 + b"]" * 500 + b"}",
        "invalid_body",
    ),
    ("DELETE", "/api/v1/articles", b"", "invalid_parameter"),
    ("POST", "/api/v1/articles/delete", b"{}", "invalid_body"),
    ("POST", "/api/v1/articles/delete", b'{"q": ""}', "invalid_body"),
    ("POST", "/api/v1/articles/delete", b'{"all": false}', "invalid_body"),
    ("POST", "/api/v1/articles/delete", b'{"all": true, "q": "x"}', "invalid_body"),
    ("POST", "/api/v1/articles/delete", b'{"ids": "a"}', "invalid_body"),
    ("POST", "/api/v1/articles/delete", b'{"ids": [""]}', "invalid_body"),
    ("POST", "/api/v1/articles/delete", b'{"ids": [], "q": "x"}', "invalid_body"),
    ("POST", "/api/v1/articles/delete", b'{"category": {"a": 1}}', "invalid_parameter"),
    ("POST", "/api/v1/articles/delete", b'{"kategori": "a"}', "unknown_parameter"),
    ("POST", "/api/v1/articles/delete", b'{"apa": "a"}', "unknown_parameter"),
    ("POST", "/api/v1/articles/delete", b'{"from": "kapan"}', "invalid_from"),
    ("GET", "/api/v1/tasks/x", b"", "invalid_parameter"),
    ("GET", "/api/v1/tasks/-1", b"", "invalid_parameter"),
    ("GET", "/api/v1/tasks/" + "9" * 40, b"", "invalid_parameter"),
    ("GET", "/api/v1/tasks/999", b"", "task_not_found"),
    ("GET", "/api/v1/tasks?limit=0", b"", "invalid_limit"),
    ("GET", "/api/v1/tasks?from=x", b"", "invalid_from"),
    ("GET", "/api/v1/tasks?status=done", b"", "invalid_parameter"),
]


@pytest.mark.parametrize(("method", "path", "body", "code"), BAD, ids=str)
def test_what_cannot_be_meant_has_a_code(
    client: FlaskClient, method: str, path: str, body: bytes, code: str
) -> None:
    response = client.open(path, method=method, data=body, headers={**HEADERS, **JSON_TYPE})
    assert response.get_json()["code"] == code
    assert response.status_code in (400, 404)
    assert client.get("/api/v1/tasks", headers=HEADERS).get_json()["total"] == 0


def test_other_media_types_are_named(client: FlaskClient) -> None:
    response = client.post(
        "/api/v1/articles", data=b"x", headers={**HEADERS, "Content-Type": "image/png"}
    )
    assert (response.status_code, response.get_json()["code"]) == (415, "unsupported_media_type")


WRITES = [
    ("POST", "/api/v1/articles"),
    ("PATCH", "/api/v1/articles/panen-padi"),
    ("DELETE", "/api/v1/articles/panen-padi"),
    ("POST", "/api/v1/articles/delete"),
    ("POST", "/api/v1/indexes/default/articles"),
]


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_writing_always_wants_a_key(app: Flask, method: str, path: str) -> None:
    client = app.test_client()
    access: Access = app.extensions[EXTENSION].access

    def ask(credential: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {credential}"} if credential else {}
        return client.open(path, method=method, headers=headers, json={})

    def make(**values: Any) -> str:
        return access.keys.secret_of(access.keys.create(Key(make_uid(), **values)))

    assert ask("").get_json()["code"] == "missing_key"
    assert ask("salah").get_json()["code"] == "invalid_key"
    assert ask(make(actions=("search",), indexes=("*",))).get_json()["code"] == "not_allowed"
    assert ask(make(actions=("*",), indexes=("lain",))).get_json()["code"] == "not_allowed"
    partial = make(actions=("*",), indexes=("*",), filters={"category": ("hukum",)})
    assert ask(partial).get_json()["code"] == "not_allowed"
    assert ask(make(actions=("documents.*",), indexes=("def*",))).status_code in (202, 400)


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_without_a_master_key_nothing_is_written(
    settings: Settings, method: str, path: str
) -> None:
    client = create_app({"index": settings.index}).test_client()
    response = client.open(path, method=method, headers=HEADERS, json={"body": "x"})
    assert (response.status_code, response.get_json()["code"]) == (403, "writes_off")
    assert not (settings.data_folder / "tasks.sqlite").exists()


def test_a_full_queue_says_when_to_come_back(settings: Settings) -> None:
    client = create_app(
        {"index": settings.index, "master_key": MASTER, "queue_tasks": 1}
    ).test_client()
    answers = [
        client.post("/api/v1/articles", json={"body": "x"}, headers=HEADERS) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 429]
    assert answers[1].get_json()["code"] == "queue_full"
    assert int(answers[1].headers["Retry-After"]) > 0


def test_a_body_that_is_too_large_is_refused(settings: Settings) -> None:
    client = create_app(
        {"index": settings.index, "master_key": MASTER, "max_payload_bytes": 1_000}
    ).test_client()
    response = client.post("/api/v1/articles", json={"body": "x" * 2_000}, headers=HEADERS)
    assert (response.status_code, response.get_json()["code"]) == (413, "payload_too_large")


def test_tasks_are_listed_for_whom_they_concern(
    app: Flask, client: FlaskClient, order: Order
) -> None:
    for index, body in (("default", {"body": "x"}), ("default", {"body": "y"})):
        order("POST", f"/api/v1/indexes/{index}/articles", json=body)
    order("DELETE", "/api/v1/articles/panen-padi")
    listed = client.get("/api/v1/tasks?limit=2", headers=HEADERS).get_json()
    assert [task["uid"] for task in listed["tasks"]] == [2, 1]
    assert (listed["total"], listed["next"]) == (3, 0)
    listed = client.get("/api/v1/tasks?from=0", headers=HEADERS).get_json()
    assert [task["uid"] for task in listed["tasks"]] == [0]
    listed = client.get("/api/v1/tasks?kind=articlesDeletion", headers=HEADERS).get_json()
    assert [task["uid"] for task in listed["tasks"]] == [2]
    access: Access = app.extensions[EXTENSION].access
    key = access.keys.create(Key(make_uid(), ("tasks.get",), ("lain",)))
    headers = {"Authorization": f"Bearer {access.keys.secret_of(key)}"}
    assert client.get("/api/v1/tasks", headers=headers).get_json()["tasks"] == []
    assert client.get("/api/v1/tasks/0", headers=headers).status_code == 404
