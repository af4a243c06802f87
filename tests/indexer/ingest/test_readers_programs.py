"""Exports of programs, read by what they hold: one small input a kind, as the program writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article, Reject, Warned
from indexer.ingest.readers import read_paths, script_objects

STORY = "Warga berharap keadaan segera pulih. Petugas berjaga sampai malam hari."
LONG = f"{STORY} Pasar dibuka lagi keesokan harinya, kata kepala dinas."
TREE = {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": STORY, "marks": []}]}
PERSON = {"first_name": "Ratna", "last_name": "Sari"}


def dump(value: Any) -> str:
    return json.dumps(value)


def quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "GraphQL": (
        "a.json",
        dump(
            {
                "data": {
                    "posts": {
                        "edges": [
                            {
                                "node": {
                                    "databaseId": 7,
                                    "title": "Satu",
                                    "content": STORY,
                                    "date": "2025-06-10T08:00:00",
                                    "categories": {"nodes": [{"name": "Daerah"}]},
                                    "tags": {"nodes": [{"name": "banjir"}, {"name": "kota"}]},
                                    "author": {"node": {"name": "Ratna Sari"}},
                                    "featuredImage": {"node": {"sourceUrl": "https://a.id/a.jpg"}},
                                }
                            }
                        ]
                    }
                }
            }
        ),
        {
            "category": "Daerah",
            "tags": ["banjir", "kota"],
            "authors": ["Ratna Sari"],
            "image": "https://a.id/a.jpg",
        },
    ),
    "Firestore": (
        "a.json",
        dump(
            {
                "documents": [
                    {
                        "name": "projects/x/documents/berita/7",
                        "fields": {
                            "judul": {"stringValue": "Satu"},
                            "isi": {"stringValue": STORY},
                            "tags": {"arrayValue": {"values": [{"stringValue": "banjir"}]}},
                            "tanggal": {"timestampValue": "2025-06-10T01:00:00Z"},
                        },
                    }
                ]
            }
        ),
        {"tags": ["banjir"], "published_at": "2025-06-10T01:00:00+00:00"},
    ),
    "DynamoDB": (
        "a.json",
        dump({"Item": {"id": {"S": "7"}, "judul": {"S": "Satu"}, "isi": {"S": STORY}}}),
        {"id": "7"},
    ),
    "MongoDB's shell": (
        "a.json",
        f'{{ "_id" : ObjectId("64af"), "judul" : "Satu", "isi" : "{STORY}", '
        '"tanggal" : ISODate("2025-06-10T01:00:00Z"), "dilihat" : NumberLong(12) }\n',
        {"id": "64af", "published_at": "2025-06-10T01:00:00+00:00", "extra": {"dilihat": 12}},
    ),
    "a script": (
        "a.js",
        f'var berita = [{{"id":7,"judul":"Satu","isi":"{STORY}"}}];\n',
        {"id": "7"},
    ),
    "JSONP": (
        "a.json",
        f'callback({{"items":[{{"id":7,"judul":"Satu","isi":"{STORY}"}}]}});',
        {"id": "7"},
    ),
    "a person in two values": (
        "a.json",
        dump({"data": [{"title": "Satu", "content": STORY, "user_created": PERSON}]}),
        {"authors": ["Ratna Sari"]},
    ),
    "keys of several words": (
        "a.json",
        dump(
            [
                {
                    "title": "Satu",
                    "text": STORY,
                    "pageUrl": "https://a.id/7",
                    "dateTimePub": "2025-06-10",
                }
            ]
        ),
        {"url": "https://a.id/7", "published_at": "2025-06-10T00:00:00+07:00"},
    ),
    "a date of seconds under a name of two words": (
        "a.jsonl",
        dump({"webTitle": "Satu", "content": STORY, "published_timestamp": 1749517200}),
        {"published_at": "2025-06-10T08:00:00+07:00"},
    ),
    "Pelican": (
        "a.md",
        f"Title: Satu\nDate: 2025-06-10 08:00\nCategory: Daerah\nSlug: satu\n\n{STORY}\n",
        {"category": "Daerah", "published_at": "2025-06-10T08:00:00+07:00"},
    ),
    "Notion": (
        "a.md",
        f"# Satu\n\nTanggal: June 10, 2025\nPenulis: Ratna Sari\n\n{STORY}\n",
        {"authors": ["Ratna Sari"], "published_at": "2025-06-10T00:00:00+07:00"},
    ),
    "a table of HTML called a workbook": (
        "a.xls",
        "<html><body><table><tr><th>No</th><th>Judul</th><th>Isi</th><th>Tanggal</th></tr>"
        f"<tr><td>1</td><td>Satu</td><td>{STORY}</td><td>21-06-2025</td></tr></table>",
        {"published_at": "2025-06-21T00:00:00+07:00"},
    ),
    "PHP-Nuke": (
        "a.sql",
        "CREATE TABLE nuke_stories (sid int, title varchar(80), hometext text, bodytext text);\n"
        "INSERT INTO nuke_stories VALUES (7,'Satu','Warga berharap keadaan segera pulih.',"
        "'Petugas berjaga sampai malam hari.');\n",
        {"body": STORY.replace("pulih. ", "pulih.\n")},
    ),
    "NewsML-G2 in its envelope": (
        "a.xml",
        '<?xml version="1.0"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>'
        '<newsItem guid="urn:7"><itemMeta><firstCreated>2025-06-10T08:00:00+08:00</firstCreated>'
        "<title>air-demak</title></itemMeta><contentMeta><located><name>Demak</name></located>"
        "<headline>Satu</headline><by>Ratna Sari</by></contentMeta><contentSet><inlineXML>"
        f"<nitf><body><body.content><p>{STORY}</p></body.content></body></nitf>"
        "</inlineXML></contentSet></newsItem></itemSet></newsMessage>",
        {
            "place": "Demak",
            "authors": ["Ratna Sari"],
            "published_at": "2025-06-10T08:00:00+08:00",
        },
    ),
    "a slug beside the title": (
        "a.json",
        dump([{"title": "air-surut-di-demak", "headline": "Satu", "body": STORY}]),
        {},
    ),
    "a picture under a name of the site's own": (
        "a.json",
        dump(
            [
                {
                    "title": "Satu",
                    "body": STORY,
                    "logo_media": "https://a.id/l.png",
                    "sampul": {"url": "https://a.id/a.jpg?w=9", "nama": "a"},
                }
            ]
        ),
        {"image": "https://a.id/a.jpg?w=9"},
    ),
    "a picture among Quill's operations": (
        "a.json",
        dump(
            [
                {
                    "title": "Satu",
                    "isi": [{"insert": {"image": "https://a.id/a.jpg"}}, {"insert": f"{STORY}\n"}],
                }
            ]
        ),
        {"image": "https://a.id/a.jpg"},
    ),
    "a headline above the head, without a title": (
        "a.json",
        dump([{"date": "2025-06-10", "text": f"Satu\n\nDEMAK - {STORY}"}]),
        {"place": "Demak"},
    ),
    "Wix": (
        "a.csv",
        "Title,Excerpt,Rich Content\nSatu,Ringkas,"
        + quote(
            dump(
                {
                    "nodes": [
                        {
                            "type": "PARAGRAPH",
                            "nodes": [
                                {"type": "TEXT", "textData": {"text": STORY[:9]}},
                                {"type": "TEXT", "textData": {"text": STORY[9:]}},
                            ],
                        },
                        {"type": "IMAGE", "imageData": {"altText": "Air"}},
                    ]
                }
            )
        )
        + "\n",
        {},
    ),
    "Ghost's editor": (
        "a.json",
        dump(
            {
                "posts": [
                    {
                        "title": "Satu",
                        "html": None,
                        "lexical": dump(
                            {"root": {"children": [{"type": "extended-text", "text": STORY}]}}
                        ),
                    }
                ]
            }
        ),
        {},
    ),
    "Kirby": (
        "a.txt",
        f"Title: Satu\n\n----\n\nDate: 2025-06-10\n\n----\n\nTags: air, desa\n\n----\n\n"
        f"Text:\n\n{STORY}\n",
        {"tags": ["air", "desa"], "published_at": "2025-06-10T00:00:00+07:00"},
    ),
    "Scrapy": (
        "a.json",
        dump([{"judul": ["\n Satu \n"], "penulis": ["Penulis: Ratna Sari"], "isi": [STORY, " "]}]),
        {"authors": ["Ratna Sari"]},
    ),
    "Solr's dynamic fields": (
        "a.xml",
        f'<add><doc><field name="id">7</field><field name="judul_t">Satu</field><field name='
        f'"isi_t">{STORY}</field><field name="tag_ss">air</field><field name="tag_ss">desa</field>'
        "</doc></add>",
        {"id": "7", "tags": ["air", "desa"]},
    ),
    "names under keys of their kind": (
        "a.json",
        dump(
            {
                "list": [
                    {
                        "news_title": "Satu",
                        "news_desc": STORY,
                        "permalink_url": "https://a.id/7",
                        "channel": {"id": 2, "channel_name": "Daerah"},
                        "reporter": [{"reporter_id": 3, "reporter_name": "Ratna Sari"}],
                        "tags": 4,
                    }
                ]
            }
        ),
        {"category": "Daerah", "authors": ["Ratna Sari"], "tags": [], "url": "https://a.id/7"},
    ),
    "a search's answer with a text under a name of its own": (
        "a.json",
        dump(
            {
                "hits": {
                    "hits": [
                        {"_index": "log", "_id": "7", "_source": {"judul": "Satu", "message": LONG}}
                    ]
                }
            }
        ),
        {"id": "7", "body": LONG},
    ),
    "metadata beside the article": (
        "a.jsonl",
        dump(
            {
                "meta": {"url": "https://a.id/7", "publish_date": "2025-06-10"},
                "article": {"title": "Satu", "text": STORY},
            }
        ),
        {"url": "https://a.id/7", "published_at": "2025-06-10T00:00:00+07:00"},
    ),
    "Contentful, by language": (
        "a.json",
        dump(
            {
                "items": [
                    {
                        "sys": {"id": "e7", "createdAt": "2025-06-10T01:00:00Z"},
                        "fields": {
                            "title": {"id-ID": "Satu"},
                            "body": {"id-ID": {"nodeType": "document", "content": [TREE]}},
                        },
                    }
                ]
            }
        ),
        {"id": "e7", "published_at": "2025-06-10T01:00:00+00:00"},
    ),
    "an id beside its address": (
        "a.json",
        dump({"hydra:member": [{"@id": "/a/7", "id": 7, "judul": "Satu", "isi": STORY}]}),
        {"id": "7"},
    ),
    "a person under a capitalised key": (
        "a.json",
        dump({"value": [{"Title": "Satu", "Body": STORY, "Author": {"Title": "Ratna Sari"}}]}),
        {"authors": ["Ratna Sari"]},
    ),
    "MDX": (
        "a.mdx",
        f'---\ntitle: Satu\n---\nimport Foto from "../Foto.astro";\n\n{STORY}\n\n<Foto a="b" />\n',
        {},
    ),
    "a feed converted to JSON": (
        "a.json",
        dump(
            {
                "feed": {
                    "entry": [
                        {
                            "published": {"$t": "2025-06-10T08:00:00+07:00"},
                            "title": {"type": "text", "$t": "Satu"},
                            "content": {"type": "html", "$t": f"<p>{STORY}</p>"},
                            "author": [{"name": {"$t": "Ratna Sari"}}],
                        }
                    ]
                }
            }
        ),
        {"authors": ["Ratna Sari"], "published_at": "2025-06-10T08:00:00+07:00"},
    ),
}


CASES |= {
    "MongoDB's shell": (
        "a.json",
        f"[\n  {{\n    _id: ObjectId('64af'),\n    judul: 'Satu',\n    isi: '{STORY}',\n"
        "    tayang: ISODate('2025-06-10T08:00:00Z'),\n    tag: [ 'banjir', \"kota\", ]\n  }\n]\n",
        {"id": "64af", "tags": ["banjir", "kota"], "published_at": "2025-06-10T08:00:00+00:00"},
    ),
    "a module of a page": (
        "berita.json",
        "// daftar\nexport const berita: Berita[] = [\n  {\n    title: 'Satu', // judul\n"
        f'    body: `{STORY}`,\n    url: "https://a.id/x:1",\n    date: undefined,\n  }},\n];\n',
        {"url": "https://a.id/x:1", "published_at": ""},
    ),
    "Ghost's mobiledoc": (
        "a.json",
        dump(
            {
                "title": "Satu",
                "mobiledoc": dump(
                    {
                        "version": "0.3.1",
                        "markups": [["strong"]],
                        "cards": [["image", {"src": "https://a.id/a.jpg"}]],
                        "sections": [
                            [1, "p", [[0, [0], 1, STORY[:5]], [0, [], 0, STORY[5:]]]],
                            [10, 0],
                            [3, "ul", [[[0, [], 0, "Satu butir."]], [[0, [], 0, "Dua butir."]]]],
                        ],
                    }
                ),
            }
        ),
        {"body": f"{STORY}\nSatu butir.\nDua butir."},
    ),
    "Kontent": (
        "a.json",
        dump(
            {
                "items": [
                    {
                        "system": {"id": "k7", "type": "article"},
                        "elements": {
                            "title": {"type": "text", "name": "Title", "value": "Satu"},
                            "body_copy": {"type": "rich_text", "name": "B", "value": STORY},
                            "author": {"type": "text", "name": "A", "value": "Ratna Sari"},
                        },
                    }
                ]
            }
        ),
        {"authors": ["Ratna Sari"]},
    ),
    "Directus's translations": (
        "a.json",
        dump(
            {
                "data": [
                    {
                        "id": 7,
                        "date_created": "2025-06-10",
                        "translations": [
                            {"languages_code": "en-US", "title": "One", "content": "Water."},
                            {"languages_code": "id-ID", "title": "Satu", "content": STORY},
                        ],
                    }
                ]
            }
        ),
        {"published_at": "2025-06-10T00:00:00+07:00"},
    ),
    "Strapi's dynamic zone": (
        "a.json",
        dump(
            {
                "data": [
                    {
                        "title": "Satu",
                        "description": "Ringkas.",
                        "blocks": [
                            {"__component": "shared.rich-text", "id": 1, "body": STORY},
                            {"__component": "shared.quote", "title": "Camat", "body": "Aman."},
                        ],
                    }
                ]
            }
        ),
        {"body": f"{STORY}\nAman."},
    ),
    "texts in two languages": (
        "a.json",
        dump(
            [
                {
                    "_id": "7",
                    "judul": {"id": "Satu", "en": "One"},
                    "isi": {"id": STORY, "en": "Water."},
                }
            ]
        ),
        {"id": "7"},
    ),
    "links to rows of tags": (
        "a.json",
        dump(
            {
                "data": [
                    {
                        "title": "Satu",
                        "body": {"raw": STORY, "format": "plain"},
                        "tags": [{"tags_id": {"id": 3, "name": "banjir"}}],
                        "cover": {"original_url": "https://a.id/a.jpg"},
                    }
                ]
            }
        ),
        {"tags": ["banjir"], "image": "https://a.id/a.jpg"},
    ),
    "a list within an XML article": (
        "a.xml",
        f'<doc title="Satu" author="Ratna Sari"><main><p>{STORY}</p><list><item>Satu.</item>'
        "<item>Dua.</item></list></main></doc>",
        {"authors": ["Ratna Sari"], "body": f"{STORY}\nSatu.\nDua."},
    ),
    "NITF's person": (
        "a.xml",
        "<nitf><head><title>Satu</title></head><body><body.head><byline><person>Ratna Sari</person>"
        f"</byline></body.head><body.content><p>{STORY}</p></body.content></body></nitf>",
        {"authors": ["Ratna Sari"]},
    ),
    "NITF within NewsML": (
        "a.xml",
        "<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'><itemMeta><versionCreated>"
        "2025-06-10T08:00:00+07:00</versionCreated></itemMeta><contentMeta><creator><name>Ratna "
        "Sari</name></creator><headline>Satu</headline></contentMeta><contentSet><inlineXML><nitf>"
        f"<body><body.content><p>{STORY}</p></body.content></body></nitf></inlineXML></contentSet>"
        "</newsItem>",
        {"authors": ["Ratna Sari"], "published_at": "2025-06-10T08:00:00+07:00"},
    ),
    "the time in another column": (
        "a.csv",
        f"judul,isi,tgl_post,jam_post\nSatu,{STORY},2025-06-10,08:00:00\n",
        {"published_at": "2025-06-10T08:00:00+07:00"},
    ),
    "tables with names of their own": (
        "a.sql",
        "CREATE TABLE `artikel` (`id` int, `judul` text, `isi` text, `kategori_id` int, `user_id` "
        "int, PRIMARY KEY (`id`));\n"
        f"INSERT INTO `artikel` VALUES (7,'Satu','{STORY}',2,4);\n"
        "CREATE TABLE `kategori` (`id` int, `kategori` text, `aktif` text, PRIMARY KEY (`id`));\n"
        "INSERT INTO `kategori` VALUES (2,'Daerah','Y');\n"
        "CREATE TABLE `auth_user` (`id` int, `username` text, `first_name` text, `last_name` text, "
        "PRIMARY KEY (`id`));\nINSERT INTO `auth_user` VALUES (4,'ratna','Ratna','Sari');\n",
        {"category": "Daerah", "authors": ["Ratna Sari"]},
    ),
    "Notion's database": (
        "a.json",
        dump(
            {
                "results": [
                    {
                        "id": "n7",
                        "created_time": "2025-01-01T00:00:00Z",
                        "properties": {
                            "Judul": {"type": "title", "title": [{"plain_text": "Satu"}]},
                            "Tanggal": {"type": "date", "date": {"start": "2025-06-10"}},
                            "Kategori": {"type": "select", "select": {"name": "Daerah"}},
                            "Isi": {"type": "rich_text", "rich_text": [{"plain_text": STORY}]},
                        },
                    }
                ]
            }
        ),
        {"category": "Daerah", "published_at": "2025-06-10T00:00:00+07:00"},
    ),
    "Parse": (
        "a.json",
        dump(
            {
                "results": [
                    {
                        "objectId": "p7",
                        "judul": "Satu",
                        "isi": STORY,
                        "tayang": {"__type": "Date", "iso": "2025-06-10T08:00:00Z"},
                        "createdAt": "2025-01-01T00:00:00Z",
                    }
                ]
            }
        ),
        {"id": "p7", "published_at": "2025-06-10T08:00:00+00:00"},
    ),
    "Drupal's Solr": (
        "a.json",
        dump(
            {
                "response": {
                    "docs": [
                        {
                            "ss_title": "Satu",
                            "tm_X3b_id_body": [STORY],
                            "ds_created": "2025-06-10T08:00:00Z",
                            "sm_tags": ["banjir"],
                        }
                    ]
                }
            }
        ),
        {"tags": ["banjir"], "published_at": "2025-06-10T08:00:00+00:00"},
    ),
    "WordPress's table": (
        "a.csv",
        "Title,Content,Image URL,Author First Name,Author Last Name\n"
        f"Satu,{STORY},https://a.id/a.jpg|https://a.id/b.jpg,Ratna,Sari\n",
        {"authors": ["Ratna Sari"], "image": "https://a.id/a.jpg"},
    ),
    "a flattened table": (
        "a.csv",
        "_source.judul,_source.isi,_source.penulis.nama,kategori.nama,tags[0],tags[1]\n"
        f"Satu,{STORY},Ratna Sari,Daerah,banjir,kota\n",
        {"authors": ["Ratna Sari"], "category": "Daerah", "tags": ["banjir", "kota"]},
    ),
    "a post in HTML with front matter": (
        "2025-06-10-satu.html",
        f"---\ntitle: Satu\ncategories: [Daerah]\n---\n<p>{STORY}</p>\n{{% include iklan %}}\n",
        {"category": "Daerah", "published_at": "2025-06-10T00:00:00+07:00"},
    ),
    "the address as the source": (
        "a.json",
        dump(
            {
                "title": "Satu",
                "raw_text": STORY.upper(),
                "text": STORY,
                "source": "https://a.id/berita/1",
                "source-hostname": "Kabar Kita",
            }
        ),
        {"url": "https://a.id/berita/1", "source": "Kabar Kita"},
    ),
    "the best date": (
        "a.json",
        dump(
            {"judul": "Satu", "isi": STORY, "createdTime": "2025-01-01", "Tgl Tayang": "2025-06-10"}
        ),
        {"published_at": "2025-06-10T00:00:00+07:00"},
    ),
    "trafilatura's XML": (
        "a.xml",
        f'<doc title="Satu" author="Ratna Sari; Dimas" excerpt="Ringkas." source="https://a.id/1">'
        f"<main><p>{STORY}</p></main><comments/></doc>",
        {"authors": ["Ratna Sari", "Dimas"], "url": "https://a.id/1"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_program_writes_is_read(tmp_path: Path, name: str) -> None:
    file, text, wanted = CASES[name]
    path = tmp_path / file
    path.write_text(text, "utf-8")
    (article,) = (item for item in read_paths([path]) if isinstance(item, Article))
    found = {key: getattr(article, key) for key in wanted}
    assert (article.title, found) == ("Satu", wanted)
    assert article.body == wanted.get("body", STORY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("var berita = [{", "broken JSON"),
        ("berita(", "neither an array nor an object begins here"),
        ('{"judul": ObjectId("a', "broken JSON"),
        ('[{"a": {"stringValue": "x"}}]', "no text"),
    ],
)
def test_what_is_cut_off_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    assert any(told in str(one) for one in read_paths([path]))


def test_objects_of_scripts_are_converted_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.write_text(CASES["a module of a page"][1] * 3, "utf-8")
    at_once = list(read_paths([path]))
    for size in (1, 7, 64):
        monkeypatch.setattr(script_objects, "_CHUNK", size)
        assert list(read_paths([path])) == at_once
    assert len(at_once) == 3


def test_prose_under_an_unknown_key_is_the_text(tmp_path: Path) -> None:
    rows = [
        {"timestamp": 1749517200, "title": "Satu", "data": [{"post": LONG}], "n": 1},
        {"timestamp": 1749517300, "title": "Dua", "data": [{"post": LONG}], "n": 2},
        {"timestamp": 1749517400, "title": "Tiga", "data": [{"post": "Foto baru."}], "n": 3},
        {"status": "error", "message": LONG},
    ]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(rows), "utf-8")
    items = list(read_paths([path]))
    articles = [item for item in items if isinstance(item, Article)]
    assert [(article.title, article.body) for article in articles] == [
        ("Satu", LONG),
        ("Dua", LONG),
    ]
    (warned,) = (item for item in items if isinstance(item, Warned))
    assert "'post' is taken for the text" in warned.reason
    assert sum(isinstance(item, Reject) for item in items) == 2
