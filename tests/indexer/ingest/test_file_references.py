"""Articles are joined with what they refer to in their file, whichever way an export writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article, Reject, Warned
from indexer.ingest.readers import file_references, json_document, read_paths, waiting_lines
from indexer.ingest.readers.file_references import FileReferences
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.records import Record

STORY = "Warga berharap keadaan segera pulih. Petugas berjaga sampai malam hari."
UNIQUE = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def link(kind: str, identity: str) -> dict[str, Any]:
    """A link of Contentful's."""
    return {"sys": {"type": "Link", "linkType": kind, "id": identity}}


JSON_API: dict[str, Any] = {
    "data": [
        {
            "type": "node--article",
            "id": "n1",
            "links": {"self": {"href": "https://a.id/jsonapi/node/article/n1"}},
            "attributes": {"title": "Satu", "body": {"value": STORY, "format": "html"}},
            "relationships": {
                "uid": {"data": {"type": "user--user", "id": "u1"}},
                "field_image": {
                    "data": {"type": "media--image", "id": "m1", "meta": {"alt": "Banjir"}}
                },
                "field_kategori": {"data": {"type": "taxonomy_term--kanal", "id": "k1"}},
                "field_tags": {
                    "data": [
                        {"type": "taxonomy_term--tags", "id": "t1"},
                        {"type": "taxonomy_term--tags", "id": "missing"},
                    ]
                },
            },
        }
    ],
    "included": [
        {
            "type": "user--user",
            "id": "u1",
            "attributes": {"name": "rina", "display_name": "Rina Widi"},
        },
        {
            "type": "media--image",
            "id": "m1",
            "attributes": {"name": "x"},
            "relationships": {"field_media_image": {"data": {"type": "file--file", "id": "f1"}}},
        },
        {"type": "file--file", "id": "f1", "attributes": {"uri": {"url": "/files/a.jpg"}}},
        {"type": "taxonomy_term--kanal", "id": "k1", "attributes": {"name": "Daerah"}},
        {"type": "taxonomy_term--tags", "id": "t1", "attributes": {"name": "banjir"}},
    ],
}
SANITY: list[dict[str, Any]] = [
    {"_id": "rina", "_type": "author", "name": "Rina Widi", "bio": [{"_type": "block"}]},
    {"_id": "kanal", "_type": "category", "title": "Daerah", "description": "Kabar dari daerah."},
    {
        "_id": "a",
        "_type": "post",
        "title": "Satu",
        "writtenBy": {"_type": "reference", "_ref": "rina"},
        "categories": [{"_type": "reference", "_ref": "kanal"}],
        "tags": ["banjir"],
        "mainImage": {"_type": "image", "asset": {"_type": "reference", "_ref": "image-1-jpg"}},
        "body": [{"_type": "block", "children": [{"_type": "span", "text": STORY}]}],
    },
    {"_id": "image-1-jpg", "_type": "sanity.imageAsset", "url": "https://a.id/files/a.jpg"},
    {"_id": "drafts.b", "_type": "post", "title": "Konsep", "body": STORY},
    {"_id": "s", "_type": "siteSettings", "title": "Kabar"},
]
CONTENTFUL: dict[str, Any] = {
    "entries": [
        {
            "sys": {"id": "p", "type": "Entry", "contentType": link("ContentType", "penulis")},
            "fields": {"name": {"en-US": "R. Widi", "id-ID": "Rina Widi"}},
        },
        {
            "sys": {"id": "k", "type": "Entry", "contentType": link("ContentType", "kanal")},
            "fields": {"title": {"id-ID": "Daerah"}},
        },
        {
            "sys": {"id": "a", "type": "Entry", "contentType": link("ContentType", "artikel")},
            "fields": {
                "title": {"id-ID": "Satu"},
                "body": {"id-ID": STORY},
                "author": {"id-ID": link("Entry", "p")},
                "category": {"id-ID": link("Entry", "k")},
                "tags": {"id-ID": ["banjir"]},
                "image": {"id-ID": link("Asset", "f")},
            },
        },
    ],
    "assets": [
        {
            "sys": {"id": "f", "type": "Asset"},
            "fields": {"file": {"id-ID": {"url": "https://a.id/files/a.jpg"}}},
        }
    ],
}
STORYBLOK: dict[str, Any] = {
    "stories": [
        {
            "name": "satu",
            "content": {
                "component": "artikel",
                "title": "Satu",
                "body": STORY,
                "author": UNIQUE,
                "kategori": "Daerah",
                "image": {"filename": "https://a.id/files/a.jpg"},
            },
            "tag_list": ["banjir"],
        }
    ],
    "rels": [{"uuid": UNIQUE, "name": "rina", "content": {"name": "Rina Widi"}}],
}
DJANGO: list[dict[str, Any]] = [
    {"model": "auth.user", "pk": 4, "fields": {"first_name": "Rina", "last_name": "Widi"}},
    {"model": "berita.kategori", "pk": 7, "fields": {"nama": "Daerah"}},
    {"model": "berita.tag", "pk": 1, "fields": {"nama": "banjir"}},
    {
        "model": "berita.artikel",
        "pk": 3,
        "fields": {
            "judul": "Satu",
            "isi": STORY,
            "penulis": 4,
            "kategori": 7,
            "tags": [1],
            "gambar": "https://a.id/files/a.jpg",
        },
    },
]
LISTS: dict[str, Any] = {
    "posts": [
        {
            "id": 3,
            "title": "Satu",
            "content": STORY,
            "author_id": 4,
            "category_id": 7,
            "image": "https://a.id/files/a.jpg",
        }
    ],
    "authors": [{"id": 4, "name": "Rina Widi"}],
    "categories": [{"id": 7, "title": "Daerah", "description": "Kabar dari daerah."}],
    "tags": [{"id": 1, "name": "banjir"}, {"id": 2, "name": "lain"}],
    "posts_tags": [{"post_id": 3, "tag_id": 1}, {"post_id": 9, "tag_id": 2}],
}
FIREBASE: dict[str, Any] = {
    "artikel": {
        "-Nq1": {
            "judul": "Satu",
            "isi": STORY,
            "penulisId": "u4",
            "kategori": "Daerah",
            "tags": ["banjir"],
            "gambar": "https://a.id/files/a.jpg",
        }
    },
    "users": {"u4": {"nama": "Rina Widi"}},
}
PHPMYADMIN: list[dict[str, Any]] = [
    {"type": "header", "version": "5.2.1", "comment": "Export to JSON plugin for PHPMyAdmin"},
    {"type": "database", "name": "portal"},
    {
        "type": "table",
        "name": "berita",
        "database": "portal",
        "data": [
            {
                "id_berita": "3",
                "judul": "Satu",
                "isi": STORY,
                "id_kategori": "7",
                "id_penulis": "4",
                "tag": "banjir",
                "gambar": "https://a.id/files/a.jpg",
            }
        ],
    },
    {
        "type": "table",
        "name": "kategori",
        "database": "portal",
        "data": [{"id_kategori": "7", "nama_kategori": "Daerah"}],
    },
    {
        "type": "table",
        "name": "penulis",
        "database": "portal",
        "data": [{"id_penulis": "4", "nama": "Rina Widi"}],
    },
]


def read_text(tmp_path: Path, name: str, text: str) -> list[Article | Reject | Warned]:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return list(read_paths([path]))


def write_lines(rows: list[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


EXPORTS = {
    "JSON:API": ("a.json", json.dumps(JSON_API)),
    "Sanity": ("a.ndjson", write_lines(SANITY)),
    "Sanity in an array": ("a.json", json.dumps(SANITY)),
    "Contentful": ("a.json", json.dumps(CONTENTFUL)),
    "Storyblok": ("a.json", json.dumps(STORYBLOK)),
    "Django": ("a.json", json.dumps(DJANGO)),
    "lists": ("a.json", json.dumps(LISTS)),
    "lists, the articles last": ("a.json", json.dumps(dict(reversed(LISTS.items())))),
    "pages of lists": ("a.ndjson", write_lines([LISTS])),
    "Firebase": ("a.json", json.dumps(FIREBASE)),
    "phpMyAdmin": ("a.json", json.dumps(PHPMYADMIN)),
}


@pytest.mark.parametrize("export", EXPORTS)
def test_articles_have_what_they_refer_to(export: str, tmp_path: Path) -> None:
    found = read_text(tmp_path, *EXPORTS[export])
    assert [item for item in found if isinstance(item, Reject)] == []
    (article,) = [item for item in found if isinstance(item, Article)]
    assert (article.title, article.body) == ("Satu", STORY)
    assert article.authors == ["Rina Widi"]
    assert article.category == "Daerah"
    assert article.tags == ["banjir"]
    assert article.image == "https://a.id/files/a.jpg"


def test_what_is_no_article_of_a_typed_export_is_counted(tmp_path: Path) -> None:
    told = [str(item) for item in read_text(tmp_path, "a.ndjson", write_lines(SANITY))]
    assert any("of another type: 1 author, 1 category" in one for one in told)
    assert any("1 draft" in one for one in told)


@pytest.mark.parametrize("rows", [1, 40])
def test_tables_larger_than_one_record_are_joined(
    rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With the smallest chunk the table is read row by row, as one of gigabytes.
    monkeypatch.setattr(json_document, "_CHUNK", 64)
    (first,) = PHPMYADMIN[2]["data"]
    many = [{**first, "id_berita": str(number)} for number in range(rows)]
    tables = [*PHPMYADMIN[:2], {**PHPMYADMIN[2], "data": many}, *PHPMYADMIN[3:]]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(tables), "utf-8")
    found = list(read_paths([path], max_article_bytes=400))
    articles = [item for item in found if isinstance(item, Article)]
    assert [item for item in found if isinstance(item, Reject)] == []
    assert [(one.category, one.authors) for one in articles] == [("Daerah", ["Rina Widi"])] * rows


def test_an_id_without_its_row_joins_nothing(tmp_path: Path) -> None:
    lists = {**LISTS, "authors": [{"id": 5, "name": "Orang Lain"}]}
    (article,) = [
        item
        for item in read_text(tmp_path, "a.json", json.dumps(lists))
        if isinstance(item, Article)
    ]
    assert article.authors == []
    assert article.extra["author_id"] == 4


def test_records_that_refer_to_each_other_come_to_an_end(tmp_path: Path) -> None:
    rows = [
        {"_id": one, "_type": "person", "name": one, "friend": {"_ref": other}}
        for one, other in (("a", "b"), ("b", "a"))
    ]
    post = {"_id": "p", "_type": "post", "title": "Satu", "body": STORY, "author": {"_ref": "a"}}
    found = read_text(tmp_path, "a.ndjson", write_lines([*rows, post]))
    (article,) = [item for item in found if isinstance(item, Article)]
    assert article.authors == ["a"]


def read_articles(tmp_path: Path, document: object) -> list[Article]:
    found = read_text(tmp_path, "a.json", json.dumps(document))
    assert [item for item in found if isinstance(item, Reject)] == []
    return [item for item in found if isinstance(item, Article)]


@pytest.mark.parametrize("key", ["uuid", "guid", "_uid"])
def test_an_article_is_not_told_what_it_is_itself(key: str, tmp_path: Path) -> None:
    uniques = [UNIQUE, UNIQUE.replace("7", "8")]
    rows = [
        {"uuid": one, key: one, "title": "Kilas berita", "description": STORY} for one in uniques
    ]
    found = read_articles(tmp_path, {"items": rows})
    assert sorted(one.id for one in found) == sorted(uniques)


@pytest.mark.parametrize(
    "given",
    [
        {"photo_count": 3, "tag_count": 2, "user_rating": 5},
        {"created": 3, "media_count": 3, "total_tags": 2, "jumlah_foto": 3},
        {"photos": 3, "users": 5, "skor_user": 5, "tag_size": 2},
        {"user_id": 5, "editor_user_id": 5, "updated_user_id": 5, "image": "https://a.id/b.jpg"},
    ],
)
def test_numbers_replace_no_author_picture_or_tag(given: dict[str, Any], tmp_path: Path) -> None:
    (article,) = read_articles(
        tmp_path,
        {
            "articles": [{"title": "Satu", "body": STORY, "author": "Rina", **given}],
            "photos": [{"id": 3, "url": "https://a.id/salah.jpg"}],
            "tags": [{"id": 2, "name": "Politik"}],
            "users": [{"id": 5, "name": "Budi Salah"}],
        },
    )
    assert (article.authors, article.tags) == (["Rina"], [])
    assert article.image == given.get("image", "")


def test_who_likes_an_article_did_not_write_it(tmp_path: Path) -> None:
    (article,) = read_articles(
        tmp_path,
        {
            "articles": [{"id": 3, "title": "Satu", "body": STORY, "section_id": 1}],
            "users": [{"id": 5, "name": "Budi Salah"}],
            "likes": [{"post_id": 3, "user_id": 5}],
            "user_comments": [{"post_id": 3, "user_id": 5, "approved": True}],
        },
    )
    assert article.authors == []


def test_references_of_references_are_bounded(tmp_path: Path) -> None:
    links = [{"_ref": "a"}] * 20
    bomb = {"_id": "a", "_type": "person", **{f"k{number}": links for number in range(40)}}
    post = {"_id": "p", "_type": "post", "title": "Satu", "body": STORY, "author": {"_ref": "a"}}
    found = FileReferences("a.json", KeyMap())
    found.note(bomb)
    (record,) = found.join([Record(1, post)])
    assert isinstance(record, Record)
    assert len(json.dumps(record.values)) < 1_000_000


@pytest.mark.parametrize(
    ("given", "by_line"),
    [
        ({"_type": "_doc", "_id": "x"}, True),
        ({"_index": "berita", "_type": "berita", "_id": "x"}, True),
        ({"model": "Avanza"}, False),
        ({"user_id": 4}, True),
        ({"uuid": UNIQUE}, False),
    ],
)
def test_articles_without_references_do_not_wait(given: dict[str, Any], by_line: bool) -> None:
    taken = []

    def list_records() -> Iterator[Record]:
        for number in range(3):
            taken.append(number)
            yield Record(number, {**given, "title": "Satu", "body": STORY})

    found = FileReferences("a", KeyMap(), by_line=by_line, in_lists=True).join(list_records())
    next(found)
    assert taken == [0]


def test_ids_wait_for_lists_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_references, "_MOST_IN_VAIN", 1_000)
    references = FileReferences("a", KeyMap(), in_lists=True)

    def list_records() -> Iterator[Record]:
        for number in range(100):
            yield Record(number, {"title": "Satu", "body": STORY, "user_id": 4})
        references.note([{"id": 4, "name": "Rina"}], "users")

    *records, told = references.join(list_records())
    assert [one.line for one in records if isinstance(one, Record)] == list(range(100))
    assert isinstance(told, Warned)


def test_articles_of_another_type_that_none_refers_to_are_kept(tmp_path: Path) -> None:
    found = read_articles(
        tmp_path,
        {
            "articles": [
                {"type": "news", "title": "Satu", "body": STORY, "author_id": 4},
                {"type": "video", "title": "Dua", "description": STORY},
            ]
        },
    )
    assert [one.title for one in found] == ["Satu", "Dua"]


def test_an_article_about_a_table_is_no_table(tmp_path: Path) -> None:
    desk = {"type": "table", "name": "Meja jati", "title": "Meja jati", "description": STORY}
    (article,) = read_articles(tmp_path, [desk])
    assert article.title == "Meja jati"


@pytest.mark.parametrize("wrap", [lambda table: table, lambda table: [table]])
def test_a_table_may_have_rows_that_are_lists(wrap: Any, tmp_path: Path) -> None:
    columns = ["judul", "isi"]
    table = {"type": "table", "name": "b", "columns": columns, "data": [["Satu", STORY]]}
    (article,) = read_articles(tmp_path, wrap(table))
    assert (article.title, article.body) == ("Satu", STORY)


TAGS = [{"id": 1, "name": "pasar"}, {"id": 2, "name": "banjir"}, {"id": 3, "name": "jembatan"}]
PEOPLE = [{"id": 7, "name": "Rina Widi"}, {"id": 8, "name": "Budi Eko"}]
SECTIONS = [{"id": 4, "nama": "Ekonomi"}, {"id": 5, "nama": "Daerah"}]
PHOTOS = [{"id": 1, "url": "https://a.id/a.jpg"}, {"id": 2, "url": "https://a.id/b.jpg"}]


@pytest.mark.parametrize(
    ("given", "lists", "told"),
    [
        ({"tag_ids": [2, 3]}, {"tags": TAGS}, {"tags": ["banjir", "jembatan"]}),
        ({"tags": [2, 3]}, {"tags": TAGS}, {"tags": ["banjir", "jembatan"]}),
        ({"tagIds": ["2"]}, {"tags": TAGS}, {"tags": ["banjir"]}),
        ({"tag_ids": "2, 3"}, {"tags": TAGS}, {"tags": ["banjir", "jembatan"]}),
        ({"topic_ids": [2]}, {"topics": TAGS}, {"tags": ["banjir"]}),
        ({"author_ids": [7, 8]}, {"users": PEOPLE}, {"authors": ["Rina Widi", "Budi Eko"]}),
        ({"penulis": [7]}, {"penulis": PEOPLE}, {"authors": ["Rina Widi"]}),
        ({"categories": [5]}, {"categories": SECTIONS}, {"category": "Daerah"}),
        ({"kategori_ids": [4, 5]}, {"kategori": SECTIONS}, {"category": "Ekonomi"}),
        ({"photo_ids": [1]}, {"photos": PHOTOS}, {"image": "https://a.id/a.jpg"}),
        # Not of these lists, not all of them there, or told by the article itself.
        ({"related_ids": [2]}, {"tags": TAGS}, {"tags": []}),
        ({"scores": [2, 3]}, {"tags": TAGS}, {"tags": []}),
        ({"tag_ids": [2, 99]}, {"tags": TAGS}, {"tags": []}),
        ({"tag_ids": []}, {"tags": TAGS}, {"tags": []}),
        ({"tags": ["politik"], "tag_ids": [2]}, {"tags": TAGS}, {"tags": ["politik"]}),
        ({"country_id": 2}, {"countries": TAGS}, {"tags": [], "authors": []}),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_lists_of_ids_are_joined_with_the_lists_beside(
    tmp_path: Path, given: dict[str, Any], lists: Any, told: dict[str, Any], first: bool
) -> None:
    rows = [{"id": number, "title": f"Kabar {number}", "body": STORY} for number in (11, 12)]
    articles = {"articles": [{**rows[0], **given}, rows[1]]}
    found = read_articles(tmp_path, {**lists, **articles} if first else {**articles, **lists})
    assert [one.id for one in found] == ["11", "12"]
    assert {name: getattr(found[0], name) for name in told} == told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_loses_no_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_lines, "_IN_MEMORY", 2_000)
    rows = [
        {"id": number, "title": f"Kabar {number}", "body": f"{number} {STORY}", "author_id": 7}
        for number in range(90)
    ]
    document = json.dumps({"articles": rows, "authors": PEOPLE})
    whole = [one for one in read_text(tmp_path, "a.json", document) if isinstance(one, Article)]
    monkeypatch.setattr(waiting_lines, "TemporaryFile", lambda buffering: FileIO("/dev/full", "r+"))
    *found, told = read_text(tmp_path, "a.json", document)
    assert [one.id for one in found if isinstance(one, Article)] == [one.id for one in whole]
    assert isinstance(told, Warned)
    assert "temporary files cannot be written: No space left on device" in told.reason
    assert {tuple(one.authors) for one in whole} == {("Rina Widi",)}
