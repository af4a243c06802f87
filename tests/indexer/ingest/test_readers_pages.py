"""Feeds, exports in XML, sitemaps, web pages and Markdown, good and bad."""

from __future__ import annotations

import builtins
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article, Reject, Warned
from indexer.ingest.readers import read_paths

TEXT = "Warga menunggu kabar baik. Pasar tetap ramai sampai sore."


def read(
    folder: Path, name: str, data: str | bytes, **options: Any
) -> tuple[list[Article], list[tuple[int, str]], list[str]]:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return sort_out(path, **options)


def sort_out(path: Path, **options: Any) -> tuple[list[Article], list[tuple[int, str]], list[str]]:
    items = list(read_paths([path], **options))
    return (
        [item for item in items if isinstance(item, Article)],
        [(item.line, item.reason) for item in items if isinstance(item, Reject)],
        [item.reason for item in items if isinstance(item, Warned)],
    )


RSS = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:m="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Umpan</title>'
    "<description>Kabar</description>%s</channel></rss>"
)
WXR = (
    '<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/" '
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><wp:wxr_version>1.2</wp:wxr_version>'
    "<wp:author><wp:author_login><![CDATA[dewi]]></wp:author_login><wp:author_display_name>"
    "<![CDATA[Dewi Ayu]]></wp:author_display_name></wp:author>%s</channel></rss>"
)
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Umpan</title>%s</feed>'

#: Name -> file name, document, fields of its one article.
DOCUMENTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "RSS": (
        "a.rss",
        RSS
        % (
            "<item><title>Kabar &amp; Pasar</title><link>https://k.example/1?a=1&amp;utm_source=rss"
            "</link><guid isPermaLink='false'>77</guid><dc:creator>Dewi A</dc:creator>"
            "<pubDate>Thu, 02 May 2024 08:00:00 +0700</pubDate><category>Ekonomi</category>"
            "<category>pasar</category><description>Ringkas</description>"
            f"<content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded>"
            "<m:content url='https://k.example/1.jpg' medium='image'><m:description>Los"
            "</m:description></m:content></item>"
        ),
        {
            "id": "https://k.example/1?a=1",
            "title": "Kabar & Pasar",
            "category": "Ekonomi",
            "tags": ["pasar"],
            "authors": ["Dewi A"],
            "image": "https://k.example/1.jpg",
            "image_caption": "Los",
            "published_at": "2024-05-02T08:00:00+07:00",
        },
    ),
    "RSS without a root to speak of": (
        "a.xml",
        f"<rss><channel><item><title>Kabar</title><description>{TEXT}</description>"
        "<enclosure url='https://k.example/e.jpg' type='image/jpeg'/></item></channel></rss>",
        {"title": "Kabar", "image": "https://k.example/e.jpg"},
    ),
    "RDF": (
        "a.rdf",
        '<rdf:RDF xmlns:rdf="x" xmlns="http://purl.org/rss/1.0/"><channel/><item rdf:about="y">'
        f"<title>Kabar</title><link>https://k.example/1</link><description>{TEXT}</description>"
        "</item></rdf:RDF>",
        {"title": "Kabar", "id": "https://k.example/1"},
    ),
    "Atom": (
        "a.atom",
        ATOM
        % (
            "<entry><id>tag:k,2024:1</id><title type='html'>Kabar</title>"
            "<link rel='self' href='https://k.example/self'/><link href='https://k.example/1'/>"
            "<published>2024-05-02T08:00:00+07:00</published><author><name>Dewi A</name></author>"
            "<category term='Ekonomi'/><content type='xhtml'>"
            "<div xmlns='http://www.w3.org/1999/xhtml'>"
            "<p>Warga menunggu <b>kabar</b> baik. Pasar tetap ramai sampai sore.</p></div>"
            "</content>"
            "</entry>"
        ),
        {
            "id": "https://k.example/1",
            "title": "Kabar",
            "authors": ["Dewi A"],
            "category": "Ekonomi",
            "published_at": "2024-05-02T08:00:00+07:00",
        },
    ),
    "Atom with a draft": (
        "a.atom",
        ATOM
        % (
            "<entry><title>Konsep</title><content>Belum selesai.</content><app:control "
            "xmlns:app='http://purl.org/atom/app#'><app:draft>yes</app:draft></app:control></entry>"
            "<entry xmlns:p='http://www.w3.org/2007/app'><title>Kabar</title>"
            "<p:control><p:draft>no</p:draft></p:control>"
            f"<content>{TEXT}</content></entry>"
        ),
        {"title": "Kabar"},
    ),
    "NITF with a marked name": (
        "a.xml",
        "<nitf><head><docdata><date.issue norm='20240502T080000+0700'/></docdata></head><body>"
        "<body.head><hedline><hl1>Kabar</hl1></hedline><byline>Oleh: <person>Dewi A</person>"
        f"</byline></body.head><body.content><p>{TEXT}</p></body.content></body></nitf>",
        {"title": "Kabar", "authors": ["Dewi A"], "published_at": "2024-05-02T08:00:00+07:00"},
    ),
    "Atom under a prefix": (
        "a.xml",
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>Kabar</a:title>'
        f"<a:content>{TEXT}</a:content></a:entry></a:feed>",
        {"title": "Kabar"},
    ),
    "WordPress": (
        "situs.xml",
        WXR
        % (
            "<item><title>Foto</title><wp:post_id>5</wp:post_id><wp:post_type>attachment"
            "</wp:post_type><wp:attachment_url>https://k.example/5.jpg</wp:attachment_url>"
            "<excerpt:encoded><![CDATA[Los pasar]]></excerpt:encoded></item>"
            "<item><title>Konsep</title><wp:post_id>6</wp:post_id><wp:post_type>post"
            f"</wp:post_type><wp:status>draft</wp:status><content:encoded>{TEXT}</content:encoded></item>"
            "<item><title>Kabar</title><link>https://k.example/kabar</link>"
            "<pubDate>Thu, 02 May 2024 01:00:00 +0000</pubDate><dc:creator>dewi</dc:creator>"
            f"<content:encoded><![CDATA[<!-- wp:paragraph --><p>{TEXT}</p>[gallery ids='1']]]>"
            "</content:encoded><wp:post_id>7</wp:post_id><wp:status>publish</wp:status>"
            "<wp:post_type>post</wp:post_type><category domain='post_tag'>pasar</category>"
            "<category domain='category'>Ekonomi</category><wp:postmeta>"
            "<wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>5</wp:meta_value>"
            "</wp:postmeta><wp:postmeta><wp:meta_key>kecamatan</wp:meta_key><wp:meta_value>Cibiru"
            "</wp:meta_value></wp:postmeta><wp:postmeta><wp:meta_key>kecamatan</wp:meta_key>"
            "<wp:meta_value><![CDATA[Ujungberung]]></wp:meta_value></wp:postmeta></item>"
        ),
        {
            "id": "7",
            "title": "Kabar",
            "authors": ["Dewi Ayu"],
            "category": "Ekonomi",
            "tags": ["pasar"],
            "image": "https://k.example/5.jpg",
            "image_caption": "Los pasar",
            "published_at": "2024-05-02T01:00:00+00:00",
            "extra": {
                "wp:status": "publish",
                "wp:post_type": "post",
                "category": [
                    {"@domain": "post_tag", "#text": "pasar"},
                    {"@domain": "category", "#text": "Ekonomi"},
                ],
                "wp:postmeta": {"_thumbnail_id": "5", "kecamatan": ["Cibiru", "Ujungberung"]},
            },
        },
    ),
    "Blogger": (
        "blog.xml",
        ATOM
        % (
            "<entry><category scheme='http://schemas.google.com/g/2005#kind' "
            "term='http://schemas.google.com/blogger/2008/kind#comment'/><title>Re</title>"
            "<content type='html'>Setuju</content></entry>"
            "<entry><category scheme='http://schemas.google.com/g/2005#kind' "
            "term='http://schemas.google.com/blogger/2008/kind#post'/>"
            "<category scheme='http://www.blogger.com/atom/ns#' term='pasar'/>"
            "<title>Kabar</title>"
            f"<content type='html'>&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry>"
        ),
        {"title": "Kabar", "category": "pasar"},
    ),
    "mysqldump": (
        "dump.xml",
        '<mysqldump xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><database name="p">'
        '<table_data name="berita"><row><field name="id_berita">4</field><field name="judul">Kabar'
        f'</field><field name="isi">&lt;p&gt;{TEXT}&lt;/p&gt;</field>'
        '<field name="penulis" xsi:nil="true"/></row></table_data></database></mysqldump>',
        {"id": "4", "title": "Kabar", "authors": []},
    ),
    "NITF": (
        "a.nitf.xml",
        '<nitf><head><docdata><date.issue norm="20240502T080000+0700"/></docdata></head><body>'
        "<body.head><hedline><hl1>Kabar</hl1></hedline><dateline><location>Solo</location>"
        f"</dateline></body.head><body.content><p>{TEXT}</p></body.content></body></nitf>",
        {"title": "Kabar", "place": "Solo", "published_at": "2024-05-02T08:00:00+07:00"},
    ),
    "names of its own": (
        "a.xml",
        '<data><artikel id="4"><judul>Kabar</judul><tanggal>2024-05-02</tanggal>'
        f"<isi><p>{TEXT}</p></isi></artikel></data>",
        {"title": "Kabar", "published_at": "2024-05-02T00:00:00+07:00"},
    ),
    "a page with JSON-LD": (
        "a.html",
        "<!doctype html><html><head><title>Kabar | Situs</title><script type='application/ld+json'>"
        '{"@context":"https://schema.org","@graph":[{"@type":"NewsArticle","headline":"Kabar",'
        '"datePublished":"2024-05-02T08:00:00+07:00","author":{"@id":"#d"},"articleSection":'
        '"Ekonomi","image":{"@type":"ImageObject","url":"https://k.example/1.jpg","caption":"Los"}},'
        '{"@type":"Person","@id":"#d","name":"Dewi A"}]}</script>'
        "<link rel='canonical' href='https://k.example/1'></head><body><nav>Beranda Ekonomi</nav>"
        f"<article><h1>Kabar</h1><p>{TEXT}</p></article><footer>Hak cipta</footer></body></html>",
        {
            "id": "https://k.example/1",
            "title": "Kabar",
            "authors": ["Dewi A"],
            "category": "Ekonomi",
            "image": "https://k.example/1.jpg",
            "image_caption": "Los",
            "published_at": "2024-05-02T08:00:00+07:00",
        },
    ),
    "a page with metadata": (
        "a.htm",
        "<html><head><title>Kabar - Situs Kabar</title><meta property='og:title' content='Kabar'>"
        "<meta property='og:type' content='article'>"
        "<meta property='og:site_name' content='Kabar.id'>"
        "<meta property='og:image' content='https://k.example/1.jpg'>"
        "<meta property='og:url' content='https://kabar.id/1'>"
        "<meta property='article:section' content='Ekonomi'>"
        "<meta property='article:tag' content='pasar'><meta property='article:tag' content='sore'>"
        "<meta property='article:published_time' content='2024-05-02T08:00:00+07:00'>"
        "<meta name='author' content='Dewi A'></head>"
        f"<body><div class='x'><p>{TEXT}</p></div></body></html>",
        {
            "title": "Kabar",
            "url": "https://kabar.id/1",
            "source": "Kabar.id",
            "category": "Ekonomi",
            "tags": ["pasar", "sore"],
            "authors": ["Dewi A"],
            "image": "https://k.example/1.jpg",
        },
    ),
    "a page with a text in JSON-LD only": (
        "a.html",
        "<html><head><script type='application/ld+json'>"
        f'{{"@type":"NewsArticle","headline":"Kabar","articleBody":"{TEXT}"}}</script></head>'
        "<body><h1>Kabar</h1></body></html>",
        {"title": "Kabar"},
    ),
    "a page without any of it": (
        "a.html",
        "<html><body><h1>Kabar</h1><time datetime='2024-05-02'>2 Mei</time>"
        f"<p>{TEXT}</p></body></html>",
        {"title": "Kabar", "published_at": "2024-05-02T00:00:00+07:00"},
    ),
    "Jekyll": (
        "2024-05-02-kabar.md",
        "---\ntitle: Kabar\nauthor: Dewi A\ntags:\n  - pasar\n  - sore\n"
        "image: https://k.example/1.jpg\n"
        "layout: post\n---\n{% include iklan.html %}\n> Warga menunggu **kabar** baik.\n"
        f"{TEXT[27:]}\n",
        {
            "title": "Kabar",
            "authors": ["Dewi A"],
            "tags": ["pasar", "sore"],
            "image": "https://k.example/1.jpg",
            "published_at": "2024-05-02T00:00:00+07:00",
            "extra": {"layout": "post"},
            "body": "Warga menunggu kabar baik.\nPasar tetap ramai sampai sore.",
        },
    ),
    "Hugo": (
        "kabar.md",
        '+++\ntitle = "Kabar"\ndate = 2024-05-02T08:00:00+07:00\ntags = ["pasar"]\n'
        "draft = false\n+++\n"
        f'{{{{< figure src="x.jpg" >}}}}\n{TEXT}\n',
        {"title": "Kabar", "tags": ["pasar"], "published_at": "2024-05-02T08:00:00+07:00"},
    ),
    "Markdown alone": ("kabar.md", f"# Kabar\n\n{TEXT}\n", {"title": "Kabar"}),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_pages_and_feeds_become_articles(tmp_path: Path, name: str) -> None:
    file, data, wanted = DOCUMENTS[name]
    articles, rejects, _ = read(tmp_path, file, data)
    assert rejects == []
    assert len(articles) == 1
    found = articles[0].to_dict()
    assert {key: found[key] for key in ("body", *wanted)} == {"body": TEXT, **wanted}


def test_custom_fields_are_not_taken_for_the_post_itself(tmp_path: Path) -> None:
    fields = {"title": "Lain", "content": TEXT, "id": "55", "url": "https://lain.example/1"}
    named = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value>"
        "</wp:postmeta>"
        for key, value in fields.items()
    )
    item = (
        "<item><title>Kabar</title><content:encoded></content:encoded>"
        f"<wp:post_id>7</wp:post_id>{named}</item>"
    )
    articles, rejects, _ = read(tmp_path, "situs.xml", WXR % item)
    assert articles == []
    assert rejects == [(1, "no text: it has a title only")]


@pytest.mark.parametrize("name", [one for one in DOCUMENTS if "page" in one])
def test_pages_are_read_without_an_extractor(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def refuse(name: str, *given: Any, **options: Any) -> Any:
        if name == "trafilatura":
            raise ImportError(name)
        return real(name, *given, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    test_pages_and_feeds_become_articles(tmp_path, name)


@pytest.mark.parametrize("ending", ["txt", "data", "json"])
def test_feeds_and_pages_are_recognised_whatever_they_are_called(
    tmp_path: Path, ending: str
) -> None:
    for name in ("RSS", "Atom", "WordPress", "a page with JSON-LD"):
        articles, _, _ = read(tmp_path, f"a.{ending}", DOCUMENTS[name][1])
        assert [article.body for article in articles] == [TEXT]


ITEM = f"<item><title>Kabar %d</title><description>{TEXT}</description></item>"


@pytest.mark.parametrize(
    ("items", "titles", "told"),
    [
        (
            ITEM % 1 + "<item><title>Rusak</item>" + ITEM % 2,
            ["Kabar 1", "Kabar 2"],
            "mismatched tag",
        ),
        (
            ITEM % 1 + "<item><title>Rusak" + ITEM % 2,
            ["Kabar 1", "Kabar 2"],
            "this item has no end",
        ),
        (ITEM % 1 + "<item>" + "<b>" * 5_000 + "</item>" + ITEM % 2, ["Kabar 1", "Kabar 2"], ""),
        (
            ITEM % 1
            + f"<item><title>A&nbsp;& B\x03</title><description>{TEXT}</description></item>",
            ["Kabar 1", "A & B"],
            None,
        ),
    ],
)
def test_a_broken_item_costs_itself_only(
    tmp_path: Path, items: str, titles: list[str], told: str | None
) -> None:
    articles, rejects, _ = read(tmp_path, "a.rss", RSS % ("\n" + items))
    assert [article.title for article in articles] == titles
    assert [line for line, _ in rejects] == [2] * (told is not None)
    assert all((told or "") in reason for _, reason in rejects)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_feed_that_was_cut_off_gives_what_it_has(tmp_path: Path, kept: float) -> None:
    data = RSS % "".join(ITEM % number for number in range(20))
    articles, rejects, _ = read(tmp_path, "a.rss", data[: int(len(data) * kept)])
    assert articles
    assert ["it was cut off" in reason for _, reason in rejects] == [True]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        (
            "bom.xml",
            '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item><title>&b;</title>'
            "</item></rss>",
            "an entity bomb",
        ),
        ("bom.md", "---\na: &a [1]\nb: [*a, *a]\n---\nIsi.", "it refers to itself"),
        ("rusak.md", "---\na: [1\n---\nIsi.", "no YAML"),
        ("dalam.md", "---\na: " + "[" * 5_000 + "\n---\nIsi.", "no YAML"),
        ("buka.md", "---\ntitle: Kabar\nIsi tanpa akhir.", "its end (---) is missing"),
        ("dalam.html", "<html><body>" + "<article>" * 60_000 + "Isi", "nested too deeply"),
        (
            "sifat.html",
            "<html><body><article " + "a=1 " * 60_000 + "></article></body></html>",
            "no text",
        ),
        ("kosong.html", "<html><body></body></html>", "no text"),
        (
            "daftar.html",
            "<html><body>" + f"<article><h2>A</h2><p>{TEXT}</p></article>" * 6 + "</body></html>",
            "the page lists articles",
        ),
        (
            "peta.xml",
            "<sitemapindex><sitemap><loc>https://a.id/b.xml</loc></sitemap></sitemapindex>",
            "give those",
        ),
        ("lain.xml", "<data><x>1</x><x>2</x></data>", "no text"),
    ],
)
def test_what_cannot_be_read_is_told_once(tmp_path: Path, name: str, data: str, told: str) -> None:
    articles, rejects, _ = read(tmp_path, name, data)
    assert articles == []
    assert [told in reason for _, reason in rejects] == [True]
    assert all("\n" not in reason for _, reason in rejects)


LARGE = 20_000_000


@pytest.mark.parametrize(
    ("name", "data", "articles"),
    [
        (
            "item.rss",
            RSS % (ITEM % 1 + "<item><title>" + "a" * LARGE + "</title></item>" + ITEM % 2),
            2,
        ),
        (
            "cdata.rss",
            RSS % (ITEM % 1 + "<item><![CDATA[" + "a" * LARGE + "]]></item>" + ITEM % 2),
            2,
        ),
        ("tag.rss", RSS % (ITEM % 1 + "<item " + "a='b' " * (LARGE // 6) + "/>"), 1),
        ("prolog.rss", "<rss>" + " " * LARGE + ITEM % 1 + "</rss>", 0),
        ("whole.xml", "<a>" + "<b>c</b>" * (LARGE // 8) + "</a>", 0),
        ("page.html", "<html><body>" + "a " * (LARGE // 2), 0),
        ("post.md", "---\ntitle: A\n---\n" + "a " * (LARGE // 2), 0),
    ],
)
def test_large_records_are_refused_and_not_held(
    tmp_path: Path, name: str, data: str, articles: int
) -> None:
    (tmp_path / name).write_text(data, encoding="utf-8")
    del data
    tracemalloc.start()
    try:
        items = list(read_paths([tmp_path / name], max_article_bytes=20_000))
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(isinstance(item, Article) for item in items) == articles
    assert sum(not isinstance(item, Article) for item in items) <= 2
    assert held < 16_000_000


def test_a_sitemap_takes_its_pages_from_the_folder(tmp_path: Path) -> None:
    page = (
        f"<html><head><title>%s</title></head><body><article><p>{TEXT}</p></article></body></html>"
    )
    pages = {
        "k.example/2024/kabar.html": "Kabar",
        "k.example/desa/index.html": "Desa",
        "sawah.html": "Sawah",
        "lain.html": "Lain",
    }
    for name, title in pages.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(page % title)
    entries = "".join(
        f"<url><loc>https://k.example/{path}</loc>{more}</url>"
        for path, more in (
            (
                "2024/kabar",
                "<n:news><n:publication><n:name>Kabar.id</n:name></n:publication>"
                "<n:publication_date>2024-05-02T08:00:00+07:00</n:publication_date>"
                "<n:title>Kabar Pasar</n:title><n:keywords>pasar, sore</n:keywords></n:news>"
                "<i:image><i:loc>https://k.example/1.jpg</i:loc></i:image>",
            ),
            ("desa/", ""),
            ("a/b/sawah", ""),
            ("../../etc/passwd", ""),
            ("tidak-ada", ""),
        )
    )
    (tmp_path / "sitemap-news.xml").write_text(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" '
        f'xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">{entries}</urlset>'
    )
    articles, rejects, _ = sort_out(tmp_path)
    assert [article.title for article in articles] == ["Kabar Pasar", "Desa", "Sawah", "Lain"]
    first = articles[0].to_dict()
    assert {key: first[key] for key in ("source", "tags", "image", "published_at", "url")} == {
        "source": "Kabar.id",
        "tags": ["pasar", "sore"],
        "image": "https://k.example/1.jpg",
        "published_at": "2024-05-02T08:00:00+07:00",
        "url": "https://k.example/2024/kabar",
    }
    assert ["the sitemap only names" in reason for _, reason in rejects] == [True, True]
    packed = tmp_path.parent / f"{tmp_path.name}.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(tmp_path.rglob("*.*ml")):
            archive.write(path, Path("situs", path.relative_to(tmp_path)))
    from_archive, refused, _ = sort_out(packed)
    assert [one.to_dict() for one in from_archive] == [one.to_dict() for one in articles]
    assert len(refused) == len(rejects)


def test_a_page_without_marks_is_read_where_its_paragraphs_are(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><head><title>Satu</title></head><body><div><a href='/'>Beranda</a></div>"
        "<div class='isi'><h1>Satu</h1><div>Selasa, 10 Juni 2025 08:00 WIB</div>"
        "<p>Warga menunggu kabar baik.</p><div><b>Baca Juga:</b> <a href='/x'>Harga Beras Naik</a>"
        "</div><p>Pasar tetap ramai sampai sore.</p></div><div>Hak cipta</div></body></html>",
        encoding="utf-8",
    )
    (article,) = read_paths([path])
    assert isinstance(article, Article)
    assert article.body == "Warga menunggu kabar baik.\nPasar tetap ramai sampai sore."
    assert article.related == ["Harga Beras Naik"]
    assert article.published_at == "2025-06-10T08:00:00+07:00"


BESIDE = (
    "<html><head><title>Satu - Kabar Muria</title><meta name='author' content='Kabar Muria'></head>"
    "<body><div class='atas'><span>Kamis, 6 Juni 2030</span></div><div class='isi'>%s<div>"
    "<p>Warga menunggu kabar baik.</p><p>Pasar tetap ramai sampai sore.</p></div></div>"
    "<div>Hak cipta</div></body></html>"
)


def test_the_date_below_a_headline_that_only_the_page_contains(tmp_path: Path) -> None:
    page = (
        "<html><body><div>Kamis, 6 Juni 2030</div><div><h1>Satu</h1></div>"
        "<div>Selasa, 10 Juni 2025 08:00 WIB</div><div class='isi'>"
        "<p>Warga menunggu kabar baik.</p><p>Pasar tetap ramai sampai sore.</p></div>"
        "<div>Jumat, 7 Juni 2030</div></body></html>"
    )
    (article,), _, _ = read(tmp_path, "a.html", page)
    assert article.published_at == "2025-06-10T08:00:00+07:00"


@pytest.mark.parametrize(
    ("beside", "published", "authors"),
    [
        (
            "<h1>Satu</h1><span>Selasa, 10 Juni 2025 08:00 WIB</span>"
            "<span>Penulis: Sri Wahyuni</span>",
            "2025-06-10T08:00:00+07:00",
            ["Sri Wahyuni"],
        ),
        (
            "<table><tr><td><h1>Satu</h1></td></tr><tr><td>10/06/2025 | 08:00 WITA</td></tr>"
            "</table>",
            "2025-06-10T08:00:00+08:00",
            ["Kabar Muria"],
        ),
        ("<div><div><h1>Satu</h1></div></div>", "", ["Kabar Muria"]),
        (
            "<h1>Satu</h1><ul><li>Pasar <i>9 Mei 2025</i></li>"
            "<li>Cabai <i>8 Mei 2025</i></li></ul>",
            "",
            ["Kabar Muria"],
        ),
    ],
)
def test_the_date_beside_a_headline(
    tmp_path: Path, beside: str, published: str, authors: list[str]
) -> None:
    (article,), rejects, _ = read(tmp_path, "a.html", BESIDE % beside)
    assert rejects == []
    assert (article.published_at, article.authors) == (published, authors)
    assert "Pasar tetap ramai" in article.body


@pytest.mark.parametrize(
    "body",
    [
        "Air <b>surut</b> sejak subuh.\n\nPasar buka.\n\nWarga pulang.",
        "Air <b>surut</b> sejak subuh.\nPasar buka.\nWarga pulang.",
        "Air surut sejak subuh.\r\n<!--more-->\r\nPasar buka.\r\n\r\nWarga pulang.",
        "<p>Air surut sejak\nsubuh.</p>\nPasar\nbuka.\n \nWarga <em>pulang</em>.",
        "Air surut sejak subuh.<br />\nPasar buka.\n\n<div>Warga\n\npulang.</div>",
        "<p>Air surut\n\nsejak subuh.</p><p>Pasar buka.</p><p>Warga pulang.</p>",
    ],
)
def test_paragraphs_end_where_they_were_typed_outside_elements(tmp_path: Path, body: str) -> None:
    content = f"<content:encoded><![CDATA[{body}]]></content:encoded>"
    (article,), _, _ = read(tmp_path, "a.xml", RSS % f"<item><title>Satu</title>{content}</item>")
    assert article.body == "Air surut sejak subuh.\nPasar buka.\nWarga pulang."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<div>" * 60_000, "</div>" * 60_000),
        ("<div>" * 60_000, ""),
        ("<span>" * 60_000, ""),
        ("<b><i>" * 30_000, ""),
        ("<div>x</div>" * 60_000 + "<article>", "</article>"),
        ("<article " + "a=1 " * 60_000 + ">", "</article>"),
        ("<table><tr><td>" * 400, "</td></tr></table>" * 400),
    ],
)
def test_a_page_of_endless_elements_is_read_all_the_same(
    tmp_path: Path, before: str, after: str
) -> None:
    page = (
        f"<html><head><title>Kabar</title></head><body><h1>Kabar</h1>{before}<p>{TEXT}</p>{after}"
    )
    articles, rejects, _ = read(tmp_path, "a.html", page)
    assert rejects == []
    assert articles[0].title == "Kabar"
    assert TEXT in articles[0].body


def test_what_a_page_shows_as_its_title_is_no_extra(tmp_path: Path) -> None:
    page = f"<title>Kabar - Situs</title><article><h1>Kabar</h1><p>{TEXT}</p></article>"
    articles, _, _ = read(tmp_path, "a.html", page)
    assert (articles[0].title, articles[0].extra) == ("Kabar", {})


@pytest.mark.parametrize("rows", [1, 3])
def test_a_table_that_phpmyadmin_wrote_as_xml(tmp_path: Path, rows: int) -> None:
    table = "".join(
        f"<table name='berita'><column name='id_berita'>{number}</column>"
        f"<column name='judul'>Kabar {number}</column>"
        f"<column name='isi_berita'>&lt;p&gt;{TEXT} {number}&lt;/p&gt;</column>"
        "<column name='tanggal'>2025-07-01</column><column name='jam'>07:45:00</column></table>"
        for number in range(1, rows + 1)
    )
    articles, rejects, _ = read(
        tmp_path,
        "a.xml",
        f"<pma_xml_export version='1.0'><database>{table}</database></pma_xml_export>",
    )
    assert [(one.id, one.title) for one in articles] == [
        (str(number), f"Kabar {number}") for number in range(1, rows + 1)
    ]
    assert {one.published_at for one in articles} == {"2025-07-01T07:45:00+07:00"}
    assert rejects == []
