"""Articles are found by structure, whatever program exported them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article, Reject, Warned
from indexer.ingest.readers import read_paths

TEXT = "Warga menunggu kabar baik. Pasar tetap ramai sampai sore."
HTML = f"<p>{TEXT}</p>"
#: What every row of the tables below has as its one article, at least.
ONE = {"title": "Kabar Pasar", "body": TEXT}


def read(
    folder: Path, name: str, data: Any, **options: Any
) -> tuple[list[Article], list[str], list[str]]:
    path = folder / name
    text = data if isinstance(data, str) else json.dumps(data)
    path.write_text(text, encoding="utf-8")
    items = list(read_paths([path], **options))
    return (
        [item for item in items if isinstance(item, Article)],
        [item.reason for item in items if isinstance(item, Reject)],
        [item.reason for item in items if isinstance(item, Warned)],
    )


#: Name -> document, and fields of its one article.
DOCUMENTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "JSON Feed": (
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Umpan",
            "description": "Kabar dari desa",
            "items": [
                {
                    "id": "k1",
                    "url": "https://k.example/1",
                    "title": "Kabar Pasar",
                    "content_html": HTML,
                    "image": "https://k.example/1.jpg",
                    "date_published": "2024-05-02T08:00:00+07:00",
                    "authors": [{"name": "Dewi A"}],
                    "tags": ["pasar"],
                }
            ],
        },
        {
            "id": "k1",
            "authors": ["Dewi A"],
            "tags": ["pasar"],
            "image": "https://k.example/1.jpg",
            "published_at": "2024-05-02T08:00:00+07:00",
        },
    ),
    "WordPress REST": (
        [
            {
                "id": 9,
                "date": "2024-05-02T08:00:00",
                "status": "publish",
                "type": "post",
                "link": "https://k.example/9",
                "title": {"rendered": "Kabar Pasar"},
                "content": {"rendered": f'[gallery ids="1"]{HTML}[caption]Foto[/caption]'},
                "author": 3,
                "categories": [4],
                "tags": [5, 6],
                "_embedded": {
                    "author": [{"id": 3, "name": "Dewi A"}],
                    "wp:featuredmedia": [
                        {
                            "source_url": "https://k.example/9.jpg",
                            "caption": {"rendered": "<p>Los pasar</p>"},
                        }
                    ],
                    "wp:term": [
                        [{"name": "Ekonomi", "taxonomy": "category"}],
                        [{"name": "pasar", "taxonomy": "post_tag"}],
                    ],
                },
            }
        ],
        {
            "authors": ["Dewi A"],
            "category": "Ekonomi",
            "tags": ["pasar"],
            "image": "https://k.example/9.jpg",
            "image_caption": "Los pasar",
        },
    ),
    "WordPress REST, not embedded": (
        [
            {
                "id": 9,
                "title": {"rendered": "Kabar Pasar"},
                "content": {"rendered": HTML},
                "tags": [5],
            }
        ],
        {"tags": [], "category": "", "extra": {"tags": [5]}},
    ),
    "Elasticsearch": (
        {
            "took": 1,
            "hits": {
                "total": {"value": 1},
                "hits": [{"_id": "x7", "_source": {"judul": "Kabar Pasar", "isi": TEXT}}],
            },
        },
        {"id": "x7"},
    ),
    "Drupal": (
        {
            "jsonapi": {"version": "1.0"},
            "data": [
                {
                    "type": "node--article",
                    "id": "u-1",
                    "attributes": {
                        "title": "Kabar Pasar",
                        "status": True,
                        "created": "2024-05-02T08:00:00+07:00",
                        "body": {"value": HTML, "format": "full_html", "processed": HTML},
                    },
                }
            ],
        },
        {"id": "u-1", "published_at": "2024-05-02T08:00:00+07:00"},
    ),
    "Blogger": (
        {
            "kind": "blogger#postList",
            "items": [
                {
                    "kind": "blogger#post",
                    "id": "12",
                    "published": "2024-05-02T08:00:00+07:00",
                    "title": "Kabar Pasar",
                    "content": HTML,
                    "author": {"displayName": "Dewi A"},
                    "labels": ["pasar"],
                    "images": [{"url": "https://k.example/12.jpg"}],
                }
            ],
        },
        {"authors": ["Dewi A"], "tags": ["pasar"], "image": "https://k.example/12.jpg"},
    ),
    "ninjs": (
        {
            "uri": "urn:x:1",
            "headline": "Kabar Pasar",
            "body_html": HTML,
            "byline": "Dewi A",
            "located": "Solo",
            "versioncreated": "2024-05-02T01:00:00Z",
            "associations": {
                "featuremedia": {
                    "type": "picture",
                    "description_text": "Los pasar",
                    "renditions": {"original": {"href": "https://k.example/n.jpg"}},
                }
            },
        },
        {
            "id": "urn:x:1",
            "place": "Solo",
            "image": "https://k.example/n.jpg",
            "image_caption": "Los pasar",
        },
    ),
    "trafilatura": (
        {
            "title": "Kabar Pasar",
            "author": "Dewi A; Budi B",
            "hostname": "k.example",
            "date": "2024-05-02",
            "text": TEXT,
            "raw_text": TEXT + " Menu.",
            "source": "https://k.example/t",
            "image": "https://k.example/t.jpg",
        },
        {"authors": ["Dewi A", "Budi B"], "image": "https://k.example/t.jpg"},
    ),
    "news-please": (
        {
            "title": "Kabar Pasar",
            "maintext": TEXT,
            "authors": ["Dewi A"],
            "date_publish": "2024-05-02 08:00:00",
            "image_url": "https://k.example/p.jpg",
            "source_domain": "k.example",
            "description": "Ringkas",
            "text": None,
        },
        {"image": "https://k.example/p.jpg", "extra": {"description": "Ringkas"}},
    ),
    "JSON-LD graph": (
        {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebSite", "name": "Situs", "description": "Situs kabar"},
                {
                    "@type": ["NewsArticle"],
                    "headline": "Kabar Pasar",
                    "articleBody": TEXT,
                    "author": {"@id": "#dewi"},
                    "image": {"@id": "#foto"},
                    "datePublished": "2024-05-02T08:00:00+07:00",
                },
                {"@type": "Person", "@id": "#dewi", "name": "Dewi A", "description": "Wartawan"},
                {"@type": "ImageObject", "@id": "#foto", "url": "https://k.example/g.jpg"},
            ],
        },
        {"authors": ["Dewi A"], "image": "https://k.example/g.jpg"},
    ),
    "Ghost": (
        {
            "db": [
                {
                    "meta": {"version": "5"},
                    "data": {
                        "users": [{"id": "1", "name": "Dewi A", "bio": "Wartawan"}],
                        "tags": [
                            {"id": "1", "name": "pasar", "description": "Tentang pasar"},
                            {"id": "2", "name": "sore"},
                        ],
                        "posts_tags": [
                            {"id": "8", "post_id": "g1", "tag_id": "1", "sort_order": 1},
                            {"id": "9", "post_id": "g1", "tag_id": "2", "sort_order": 0},
                        ],
                        "posts_authors": [{"id": "7", "post_id": "g1", "author_id": "1"}],
                        "posts": [
                            {
                                "id": "g1",
                                "title": "Kabar Pasar",
                                "html": HTML,
                                "status": "published",
                                "feature_image": "https://k.example/gh.jpg",
                            }
                        ],
                    },
                }
            ]
        },
        {
            "id": "g1",
            "image": "https://k.example/gh.jpg",
            "authors": ["Dewi A"],
            "tags": ["sore", "pasar"],
        },
    ),
    "phpMyAdmin": (
        [
            {"type": "header", "version": "5.2"},
            {"type": "database", "name": "portal"},
            {
                "type": "table",
                "name": "berita",
                "data": [{"id_berita": "4", "judul": "Kabar Pasar", "isi_berita": HTML}],
            },
        ],
        {"id": "4"},
    ),
    "articles under their ids": (
        {"a-1": {"judul": "Kabar Pasar", "isi": TEXT}},
        {"id": "a-1"},
    ),
    "Firebase": (
        {"berita": {"-Nx1": {"judul": "Kabar Pasar", "isi": TEXT}}},
        {"id": "-Nx1"},
    ),
    "GraphQL": (
        {
            "data": {
                "allPosts": {"edges": [{"node": {"id": "q", "title": "Kabar Pasar", "body": TEXT}}]}
            }
        },
        {"id": "q"},
    ),
    "CouchDB": (
        {
            "rows": [
                {"id": "c", "key": "c", "doc": {"_id": "c", "judul": "Kabar Pasar", "isi": TEXT}}
            ]
        },
        {"id": "c"},
    ),
    "rows with columns": (
        {"columns": ["id", "judul", "isi"], "data": [["3", "Kabar Pasar", TEXT]]},
        {"id": "3"},
    ),
    "pandas": ({"judul": {"0": "Kabar Pasar"}, "isi": {"0": TEXT}}, {}),
    "sheet": ({"range": "A1", "values": [["judul", "isi"], ["Kabar Pasar", TEXT]]}, {}),
    "NewsAPI": (
        {
            "status": "ok",
            "articles": [
                {
                    "source": {"id": None, "name": "Kabar.id"},
                    "title": "Kabar Pasar - Kabar.id",
                    "url": "https://kabar.id/1",
                    "urlToImage": "https://kabar.id/1.jpg",
                    "publishedAt": "2024-05-02T01:00:00Z",
                    "content": TEXT,
                }
            ],
        },
        {"source": "Kabar.id", "image": "https://kabar.id/1.jpg"},
    ),
    "MongoDB": (
        {
            "_id": {"$oid": "64882137e64754047c08dcf1"},
            "judul": "Kabar Pasar",
            "isi": TEXT,
            "tanggal": {"$date": {"$numberLong": "1714611600000"}},
        },
        {"id": "64882137e64754047c08dcf1", "published_at": "2024-05-02T08:00:00+07:00"},
    ),
    "an editor's blocks": (
        {
            "title": "Kabar Pasar",
            "content": {
                "type": "doc",
                "content": [
                    {
                        "type": "paragraph",
                        "content": [
                            {"type": "text", "text": "Warga menunggu "},
                            {"type": "text", "text": "kabar baik. Pasar tetap ramai sampai sore."},
                        ],
                    }
                ],
            },
        },
        {},
    ),
    "tokens": (
        {
            "title": "Kabar Pasar",
            "paragraphs": [
                [
                    ["Warga", "menunggu", "kabar", "baik", "."],
                    ["Pasar", "tetap", "ramai", "sampai", "sore", "."],
                ]
            ],
        },
        {},
    ),
    "Arc XP": (
        {
            "type": "story",
            "_id": "A1",
            "headlines": {"basic": "Kabar Pasar"},
            "content_elements": [
                {"type": "text", "content": TEXT},
                {"type": "image", "url": "https://k.example/a.jpg", "caption": "Los"},
            ],
            "credits": {"by": [{"name": "Dewi A"}]},
        },
        {"id": "A1", "authors": ["Dewi A"], "image": "https://k.example/a.jpg"},
    ),
    "Strapi": (
        {
            "data": [
                {
                    "id": 3,
                    "attributes": {
                        "judul": "Kabar Pasar",
                        "isi": HTML,
                        "kategori": {"data": {"attributes": {"nama": "Ekonomi"}}},
                        "gambar": {"data": {"attributes": {"url": "https://k.example/s.jpg"}}},
                    },
                }
            ]
        },
        {"id": "3", "category": "Ekonomi", "image": "https://k.example/s.jpg"},
    ),
    "Laravel": (
        {
            "current_page": 1,
            "data": [
                {
                    "id": 5,
                    "judul": "Kabar Pasar",
                    "konten": HTML,
                    "kategori": {"id": 2, "nama_kategori": "Ekonomi"},
                    "user": {"id": 1, "name": "Dewi A"},
                }
            ],
        },
        {"id": "5", "category": "Ekonomi", "authors": ["Dewi A"]},
    ),
    "columns that begin alike": (
        [
            {
                "warta_id": "6",
                "warta_judul": "Kabar Pasar",
                "warta_isi": HTML,
                "warta_tgl_tayang": "2024-05-02",
                "warta_penulis": "Dewi A",
            }
        ],
        {"id": "6", "authors": ["Dewi A"], "published_at": "2024-05-02T00:00:00+07:00"},
    ),
    "Telegram": (
        {
            "name": "Kanal",
            "messages": [
                {
                    "id": 5,
                    "title": "Kabar Pasar",
                    "date": "2024-05-02T08:00:00",
                    "text": [TEXT[:6], {"type": "bold", "text": TEXT[6:15]}, TEXT[15:]],
                }
            ],
        },
        {"id": "5"},
    ),
    "its own export": (
        {**ONE, "extra": {"dibaca": 7}, "lain": 1},
        {"extra": {"dibaca": 7, "lain": 1}},
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_of_many_programs(tmp_path: Path, name: str) -> None:
    document, wanted = DOCUMENTS[name]
    for text in (json.dumps(document), json.dumps(document, indent=2)):
        articles, rejects, warnings = read(tmp_path, "a.json", text)
        assert (rejects, warnings) == ([], [])
        assert len(articles) == 1
        found = articles[0].to_dict()
        assert {key: found[key] for key in (*ONE, *wanted)} == {**ONE, **wanted}


def test_articles_of_elasticsearchs_bulk_format(tmp_path: Path) -> None:
    lines = [
        {"index": {"_index": "b", "_id": "1"}},
        {"judul": "A", "isi": TEXT},
        {"delete": {"_index": "b", "_id": "9"}},
        {"create": {"_id": "2"}},
        {"judul": "B", "isi": TEXT},
        {"judul": "C", "isi": TEXT},
    ]
    data = "\n".join(map(json.dumps, lines))
    for name in ("a.ndjson", "a.json"):
        articles, rejects, _ = read(tmp_path, name, data)
        assert [(article.id, article.title) for article in articles[:2]] == [("1", "A"), ("2", "B")]
        assert articles[2].title == "C"
        assert rejects == []


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.txt"])
def test_objects_over_several_lines_are_read_whatever_the_ending(tmp_path: Path, name: str) -> None:
    data = "\n".join(json.dumps({**ONE, "id": number}, indent=1) for number in (1, 2))
    articles, rejects, _ = read(tmp_path, name, data)
    assert [article.id for article in articles] == ["1", "2"]
    assert rejects == []


def test_a_large_object_of_articles_is_read_piece_by_piece(tmp_path: Path) -> None:
    many = {f"n{number}": {**ONE, "isi": f"{TEXT} {number} " * 50} for number in range(900)}
    articles, rejects, _ = read(tmp_path, "a.json", many, max_article_bytes=100_000)
    assert [article.id for article in articles] == list(many)
    assert rejects == []


def test_a_large_table_within_an_array_is_read_piece_by_piece(tmp_path: Path) -> None:
    rows = [{"id": number, "judul": "A", "isi": TEXT * 20} for number in range(900)]
    document = [{"type": "header"}, {"type": "table", "name": "berita", "data": rows}]
    articles, rejects, _ = read(tmp_path, "a.json", document, max_article_bytes=50_000)
    assert len(articles) == 900
    assert rejects == []


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"status": "draft"}, "1 draft"),
        ({"post_status": "trash"}, "1 trash"),
        ({"post_type": "attachment"}, "1 attachment"),
        ({"draft": True}, "1 draft"),
        ({"published": False}, "1 published false"),
        ({"state": "-2"}, "1 state -2"),
        ({"aktif": "N"}, "1 aktif n"),
        ({"is_published": "f"}, "1 ispublished f"),
        ({"terbit": "tidak"}, "1 terbit tidak"),
        ({"tayang": "belum"}, "1 tayang belum"),
        ({"is_draft": "t"}, "1 draft"),
        ({"konsep": "ya"}, "1 draft"),
        ({"active": 0}, "1 active 0"),
        ({"is_deleted": "1"}, "1 deleted"),
        ({"tampil": "N"}, "1 tampil n"),
        ({"tayang": "b'0'"}, "1 tayang b'0'"),
        ({"berita_published": "0.0"}, "1 published 0.0"),
        ({"status_berita": "Belum tayang"}, "1 belum tayang"),
    ],
)
def test_what_is_not_published_is_left_out_and_counted(
    tmp_path: Path, record: dict[str, Any], told: str
) -> None:
    articles, rejects, warnings = read(tmp_path, "a.json", [{**ONE, **record}, {**ONE, "id": "2"}])
    assert [article.id for article in articles] == ["2"]
    assert rejects == []
    assert len(warnings) == 1
    assert told in warnings[0]
    if "attachment" not in told:
        articles, _, _ = read(tmp_path, "a.json", [{**ONE, **record}], statuses=["any"])
        assert len(articles) == 1


@pytest.mark.parametrize(
    "page",
    [
        {"post_type": "page"},
        {"wp:post_type": "page"},
        {"type": "page", "_links": {"self": []}, "menu_order": 0, "comment_status": "closed"},
        {"type": "page", "lexical": "{}", "feature_image": None},
        {"page": 1, "mobiledoc": "{}", "comment_id": "5"},
        {"page": True, "comment_id": "5", "feature_image": None},
        {"type": "page", "wordpress_id": 5, "wordpress_url": "https://a.example/?page_id=5"},
        {"type": "page", "nid": 1, "promote": 0, "sticky": 0},
        {"__typename": "Page", "databaseId": 1},
        {"kind": "blogger#page"},
        {"blogger:type": "PAGE"},
        {"entry_class": "page"},
    ],
)
def test_pages_of_a_site_are_left_out_and_counted(tmp_path: Path, page: dict[str, Any]) -> None:
    rows = [{**ONE, **page}, {**ONE, "id": "2"}]
    articles, rejects, warnings = read(tmp_path, "a.json", rows)
    assert [article.id for article in articles] == ["2"]
    assert rejects == []
    assert ["left out 1 page of the site" in told for told in warnings] == [True]
    for wanted in ("page", "any"):
        articles, _, warnings = read(tmp_path, "a.json", rows, statuses=[wanted])
        assert [len(articles), warnings] == [2, []]


@pytest.mark.parametrize(
    "record",
    [
        {"type": "page"},
        {"page": 1},
        {"page": True},
        {"@type": "WebPage"},
        {"page": 1, "nid": 101},
        {"page": "1", "comment_status": "open"},
        {"page": 1, "feature_image": "https://a.example/a.jpg"},
        {"page": 1, "comment_id": 7},
        {"page": 1.0, "_links": {"self": []}, "comment_status": "open"},
        {"page": "1", "nid": 1, "sticky": 0, "promote": 1},
        {"page": 1, "databaseId": 4},
        {"type": "page", "vid": "abc"},
        {"type": "page", "nid": 1, "vid": "abc"},
        {"type": "page", "_links": {"self": []}},
        {"type": "Page", "comment_id": 5, "nid": 5},
        {"type": "page", "wordpress_id": 5},
        {"type": "page", "databaseId": 5},
        {"__typename": "Page", "nid": 5},
        {"kind": "page", "nid": 5, "sticky": 0},
    ],
)
def test_what_any_program_calls_a_page_is_taken(tmp_path: Path, record: dict[str, Any]) -> None:
    articles, _, warnings = read(tmp_path, "a.json", [{**ONE, **record}])
    assert [len(articles), warnings] == [1, []]


def test_statuses_that_are_named_are_taken(tmp_path: Path) -> None:
    rows = [
        {**ONE, "id": status, "status": status, "state": "Bali"}
        for status in ("draft", "publish", "pending", "0")
    ]
    articles, _, warnings = read(tmp_path, "a.json", rows)
    assert [article.id for article in articles] == ["publish", "0"]
    assert any("may mean that it is not published" in told for told in warnings)
    for wanted, kept in ({"publish": ["publish"], "draft": ["draft"]}).items():
        articles, _, _ = read(tmp_path, "a.json", rows, statuses=[wanted])
        assert [article.id for article in articles] == kept


@pytest.mark.parametrize(
    "record",
    [
        {"is_published": "t"},
        {"terbit": "2024-05-02"},
        {"tayang": "sudah"},
        {"is_draft": "f"},
        {"konsep": "catatan untuk redaksi"},
        {"status": "non fiksi"},
        {"is_featured": "f"},
    ],
)
def test_what_is_published_or_says_something_else_is_taken(
    tmp_path: Path, record: dict[str, Any]
) -> None:
    articles, _, warnings = read(tmp_path, "a.json", [{**ONE, **record}])
    assert (len(articles), warnings) == (1, [])


def test_a_flag_answers_to_the_status_that_it_means(tmp_path: Path) -> None:
    rows = [{**ONE, "id": flag, "is_published": flag} for flag in ("t", "f")]
    for wanted, kept in ({"publish": ["t"], "draft": ["f"], "any": ["t", "f"]}).items():
        articles, _, _ = read(tmp_path, "a.json", rows, statuses=[wanted])
        assert [article.id for article in articles] == kept


@pytest.mark.parametrize(
    ("body", "kept", "told"),
    [
        (f"{TEXT}… [+874 chars]", TEXT, True),
        (f"<p>{TEXT} [&hellip;]</p>", TEXT, True),
        (f"{TEXT} ... <a href='x'>Baca selengkapnya</a>", TEXT, True),
        (f"{TEXT} [...]", TEXT, True),
        (f"{TEXT}... [1204 chars]", TEXT, True),
        (
            f"<p>{TEXT}</p><p>The post <a href='x'>A</a> appeared first on <a href='y'>B</a>.</p>",
            TEXT,
            False,
        ),
        (TEXT, TEXT, False),
        (f"&lt;p&gt;{TEXT}&lt;/p&gt;&lt;script&gt;var a=1;&lt;/script&gt;", TEXT, False),
        (f"&amp;lt;p&amp;gt;{TEXT}&amp;lt;/p&amp;gt;", TEXT, False),
        (f"{TEXT} Jumâ€™at â€œramaiâ€\x9d.", f"{TEXT} Jum’at “ramai”.", False),
        (f'[vc_row css="a"]{TEXT}[/vc_row]', TEXT, False),
    ],
)
def test_texts_are_repaired_and_cuts_are_told(
    tmp_path: Path, body: str, kept: str, told: bool
) -> None:
    articles, _, warnings = read(tmp_path, "a.json", [{"judul": "A", "isi": body}])
    assert articles[0].body.rstrip("…") == kept
    assert any("is cut" in warning for warning in warnings) == told


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("['banjir', 'desa']", ["banjir", "desa"]),
        ('["banjir","desa"]', ["banjir", "desa"]),
        ("['banjir' 'desa']", ["banjir", "desa"]),
        ("{banjir,desa}", ["banjir", "desa"]),
        ('a:2:{i:0;s:6:"banjir";i:1;s:4:"desa";}', ["banjir", "desa"]),
        ("#banjir #desa", ["#banjir", "#desa"]),
        ("[{'name': 'banjir'}]", ["banjir"]),
        ("[" * 5_000, ["[" * 1_000]),
        ([4, 5], []),
        ("NULL", []),
    ],
)
def test_lists_however_they_were_written(tmp_path: Path, value: Any, tags: list[str]) -> None:
    articles, _, _ = read(tmp_path, "a.json", [{**ONE, "tags": value}])
    assert articles[0].tags == tags


@pytest.mark.parametrize(
    ("record", "image", "caption"),
    [
        ({"gambar": "https://a.id/x.jpg", "keterangan_foto": "Los"}, "https://a.id/x.jpg", "Los"),
        ({"foto": "//a.id/x.jpg"}, "https://a.id/x.jpg", ""),
        ({"foto": "/x.jpg", "url": "https://a.id/b/c"}, "https://a.id/x.jpg", ""),
        ({"foto": "x.jpg"}, "", ""),
        ({"foto": "javascript:alert(1)"}, "", ""),
        ({"images": '{"image_intro":"https://a.id/x.jpg"}'}, "https://a.id/x.jpg", ""),
        ({"thumbnail": [{"src": "https://a.id/x.jpg", "alt": "Los"}]}, "https://a.id/x.jpg", "Los"),
        ({"enclosure": {"@url": "https://a.id/a.mp3", "@type": "audio/mpeg"}}, "", ""),
        (
            {
                "isi": f"<figure><img src='https://a.id/x.jpg'><figcaption>Los</figcaption></figure>{HTML}",
                "body": None,
            },
            "https://a.id/x.jpg",
            "Los",
        ),
    ],
)
def test_pictures_and_captions(
    tmp_path: Path, record: dict[str, Any], image: str, caption: str
) -> None:
    articles, _, _ = read(tmp_path, "a.json", [{**ONE, **record}])
    assert (articles[0].image, articles[0].image_caption) == (image, caption)
    if not image:
        # What is no address is not lost.
        assert articles[0].extra


def test_what_no_field_takes_is_kept_as_it_was(tmp_path: Path) -> None:
    own = {"dibaca": 7, "lokasi_gps": {"lat": -6.2}, "premium": False, "kode_pos": "10110"}
    articles, _, warnings = read(
        tmp_path, "a.json", [{**ONE, **own, "besar": "x" * 300_000, "kosong": "", "nol": None}]
    )
    assert articles[0].extra == own
    assert [warning.split(";")[1] for warning in warnings] == [" left out are besar"]
