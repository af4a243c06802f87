"""Articles are joined with what they refer to in their file, whichever way an export writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article, Reject, Warned
from indexer.ingest.readers import json_document, read_paths

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
