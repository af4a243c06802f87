"""The pages as a reader without JavaScript gets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node
from support.brute_force import BruteForceEngine
from support.copied_story import BANJIR

from indexer.article import Article
from searchsvc.web import create_app

AddArticles = Callable[[list[Article]], None]


def get(client: FlaskClient, address: str, status: int = 200) -> HTMLParser:
    response = client.get(address)
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    return HTMLParser(response.data)


def texts(page: HTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


def only(page: HTMLParser, selector: str) -> Node:
    [node] = page.css(selector)
    return node


def query_of(address: str | None) -> dict[str, list[str]]:
    assert address is not None
    return parse_qs(urlsplit(address).query)


# --- one story at several outlets


def add_banjir(add_articles: AddArticles, count: int) -> None:
    add_articles(
        [
            Article(f"a{n}", f"Banjir <{n}>", BANJIR, source=f"Situs {n}" if n else "Kabar Pagi")
            for n in range(count)
        ]
    )


def test_a_story_names_the_outlets_that_have_it_too(
    client: FlaskClient, add_articles: AddArticles
) -> None:
    add_banjir(add_articles, 3)
    page = get(client, "/?q=banjir")
    assert texts(page, ".hit-title") == ["Banjir <0>"]
    assert texts(page, ".hit-also") == ["Juga di: Situs 1, Situs 2"]
    links = page.css(".hit-also a")
    assert [link.attributes["href"] for link in links] == [
        "/artikel/a1?q=banjir",
        "/artikel/a2?q=banjir",
    ]
    assert [link.attributes["title"] for link in links] == ["Banjir <1>", "Banjir <2>"]
    assert texts(page, ".result-count") == ["3 hasil untuk banjir"]
    assert texts(page, ".told-once") == ["2 artikel berisi sama disatukan. Tampilkan satu per satu"]
    assert page.css(".pager") == []


def test_an_article_names_the_outlets_that_have_it_too(
    client: FlaskClient, add_articles: AddArticles
) -> None:
    add_banjir(add_articles, 13)
    page = get(client, "/artikel/a3?q=banjir")
    assert texts(page, ".hit-also") == [
        "Juga di: Kabar Pagi, "
        + ", ".join(f"Situs {n}" for n in (1, 2, 4, 5, 6, 7, 8, 9, 10))
        + ", dan 2 lainnya"
    ]
    assert page.css(".hit-also a")[0].attributes["href"] == "/artikel/a0?q=banjir"
    assert get(client, "/artikel/panen-padi").css(".hit-also") == []


def test_stories_can_be_taken_apart_and_put_together_again(
    client: FlaskClient, add_articles: AddArticles
) -> None:
    add_banjir(add_articles, 25)
    page = get(client, "/?q=banjir")
    assert texts(page, ".hit-also")[0].endswith("Situs 9, Situs 10, dan 14 lainnya")
    apart = only(page, ".told-once a").attributes["href"]
    assert query_of(apart) == {"q": ["banjir"], "collapse": ["0"]}
    page = get(client, apart or "")
    assert len(page.css(".hit")) == 10
    assert page.css(".hit-also") == []
    # Kept by pages, filters and the search box; the way back leaves it out.
    assert query_of(page.css(".pager a")[1].attributes["href"])["collapse"] == ["0"]
    assert query_of(page.css(".choice")[0].attributes["href"])["collapse"] == ["0"]
    assert only(page, 'form.search input[name="collapse"]').attributes["value"] == "0"
    assert query_of(only(page, ".told-once a").attributes["href"]) == {"q": ["banjir"]}


def test_a_site_may_show_every_article_unless_asked(app: Flask, add_articles: AddArticles) -> None:
    add_banjir(add_articles, 3)
    engine = app.extensions["searchsvc"].index.engine()
    client = create_app({"collapse": False}, engine=engine).test_client()
    page = get(client, "/?q=banjir")
    assert len(page.css(".hit")) == 3
    together = only(page, ".told-once a").attributes["href"]
    assert query_of(together) == {"q": ["banjir"], "collapse": ["1"]}
    assert len(get(client, together or "").css(".hit")) == 1


# --- the front page


def test_the_front_page_shows_a_story_once(client: FlaskClient, add_articles: AddArticles) -> None:
    add_banjir(add_articles, 3)
    assert [title for title in texts(get(client, "/"), ".newest-title") if "Banjir" in title] == [
        "Banjir <0>"
    ]


def test_the_front_page_shows_the_newest_and_the_sections(client: FlaskClient) -> None:
    page = get(client, "/")
    assert only(page, "html").attributes["lang"] == "id"
    assert texts(page, ".hero-count") == [
        "6 artikel dari 3 sumber. Salah ketik, singkatan, dan imbuhan tidak masalah."
    ]
    assert texts(page, ".newest-title")[0] == "Persatuan Bekasi Menang Tipis atas Maluku Muda"
    assert texts(page, ".pill")[0] == "Hukum 2"
    assert query_of(page.css(".pill")[0].attributes["href"]) == {"category": ["hukum"]}


def test_all_sources_are_counted(client: FlaskClient, add_articles: object) -> None:
    assert callable(add_articles)
    add_articles([Article(f"s{n}", "Kabar", "Isi.", source=f"Kabar {n}") for n in range(30)])
    assert texts(get(client, "/"), ".hero-count")[0].startswith("36 artikel dari 33 sumber.")


def test_an_empty_index_says_so(brute_engine: BruteForceEngine) -> None:
    page = get(create_app(engine=brute_engine).test_client(), "/")
    assert texts(page, ".hero-count")[0].startswith("Belum ada artikel")


@pytest.mark.parametrize("address", ["/", "/?q=", "/?q=++", "/?utm_source=x"])
def test_without_a_search_the_front_page_is_shown(client: FlaskClient, address: str) -> None:
    assert get(client, address).css(".hero")


# --- results


def test_a_hit_shows_what_is_known_of_it(client: FlaskClient) -> None:
    page = get(client, "/?q=menyerang+pasar")
    hit = page.css(".hit")[0]
    assert texts(page, ".hit-publisher")[0] == "Contoh Kabar"
    assert texts(page, ".hit time")[0] == "20 Juli 2022"
    assert texts(page, ".hit-category")[0] == "Hukum"
    assert texts(page, ".hit-credit")[0] == "SemarangOleh Rina Lestari"
    assert "Serangan" in [mark.text() for mark in hit.css("mark")]
    link = hit.css_first(".hit-title a")
    assert link is not None
    assert link.attributes["href"] == "/artikel/serangan-pasar?q=menyerang+pasar"


def test_the_count_and_the_query_are_shown_and_kept(client: FlaskClient) -> None:
    page = get(client, "/?q=++kota++")
    assert texts(page, ".result-count") == ["1 hasil untuk kota"]
    assert only(page, "input[name=q]").attributes["value"] == "kota"


def test_what_is_typed_is_escaped(client: FlaskClient) -> None:
    page = get(client, "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert only(page, "input[name=q]").attributes["value"] == '"><script>alert(1)</script>'
    assert [script.attributes.get("type") for script in page.css("script")] == ["module"]


def test_article_text_is_escaped(client: FlaskClient, add_articles: object) -> None:
    assert callable(add_articles)
    add_articles(
        [
            Article(
                id='"><b>x',
                title="<img src=x onerror=alert(1)> padi",
                body="padi <script>alert(2)</script>",
                url="javascript:alert(3)",
                source="<i>",
                category="<u>",
                authors=["<s>"],
                place="<em>",
            )
        ]
    )
    for address in ("/?q=padi", "/", "/artikel/%22%3E%3Cb%3Ex"):
        page = get(client, address)
        assert len(page.css("script")) == 1
        assert not page.css("img, i, u, s, em, main b:not(.result-count b)")
        assert not page.css("a[href^=javascript]")


def test_a_facet_value_is_a_link_that_adds_it(client: FlaskClient) -> None:
    page = get(client, "/?q=kata+-zzz&sort=newest&category=hukum")
    choices = {texts_of(node): node for node in page.css("#saring .choice")}
    chosen = choices["Hukum"]
    assert chosen.attributes["aria-current"] == "true"
    assert "category" not in query_of(chosen.attributes["href"])


def texts_of(node: Node) -> str:
    value = node.css_first(".choice-value")
    assert value is not None
    return value.text()


def test_choices_add_up_and_keep_everything_else(client: FlaskClient) -> None:
    page = get(client, "/?sort=newest&category=hukum&from=2022&page=1&per_page=10")
    choices = {texts_of(node): node for node in page.css("#saring .choice")}
    added = query_of(choices["Ekonomi"].attributes["href"])
    assert added == {
        "category": ["hukum", "ekonomi"],
        "from": ["2022-01-01"],
        "sort": ["newest"],
    }
    both = get(client, choices["Ekonomi"].attributes["href"] or "")
    assert texts(both, ".result-count") == ["3 hasil"]


def test_chips_remove_one_filter_or_all(client: FlaskClient) -> None:
    page = get(client, "/?q=a+OR+b&category=hukum&place=Jakarta&from=2022-01&to=2023-12")
    assert texts(page, ".chip") == [
        "Hapus saringan Rubrik: Hukum",
        "Hapus saringan Lokasi: Jakarta",
        "Hapus saringan Tanggal: 2022–2023",
    ]
    kept = query_of(page.css(".chip")[1].attributes["href"])
    assert kept == {
        "q": ["a OR b"],
        "category": ["hukum"],
        "from": ["2022-01-01"],
        "to": ["2023-12-31"],
    }
    assert query_of(only(page, ".chip-clear").attributes["href"]) == {"q": ["a OR b"]}


def test_the_search_form_keeps_filters_and_sort_but_not_the_page(client: FlaskClient) -> None:
    page = get(client, "/?q=kata&category=hukum&from=2022&sort=newest&page=1")
    hidden = page.css(".search input[type=hidden]")
    assert [(n.attributes["name"], n.attributes["value"]) for n in hidden] == [
        ("category", "hukum"),
        ("from", "2022-01-01"),
        ("sort", "newest"),
    ]


def test_the_date_form_keeps_everything_but_the_dates(client: FlaskClient) -> None:
    page = get(client, "/?q=kota&category=hukum&from=2022-07-01&to=2022-07-31")
    hidden = page.css(".dates input[type=hidden]")
    assert [(n.attributes["name"], n.attributes["value"]) for n in hidden] == [
        ("q", "kota"),
        ("category", "hukum"),
    ]
    dates = page.css(".dates input[type=date]")
    assert [n.attributes["value"] for n in dates] == ["2022-07-01", "2022-07-31"]


def test_sort_links(client: FlaskClient) -> None:
    page = get(client, "/?q=kata&sort=oldest&page=1")
    links = page.css(".sort a")
    assert [(n.text(), "aria-current" in n.attributes) for n in links] == [
        ("Relevansi", False),
        ("Terbaru", False),
        ("Terlama", True),
    ]
    assert query_of(links[1].attributes["href"]) == {"q": ["kata"], "sort": ["newest"]}


def test_bars_link_to_their_days(client: FlaskClient) -> None:
    page = get(client, "/?category=hukum&category=ekonomi&category=internasional")
    bars = page.css(".bars a")
    assert [bar.attributes["aria-label"] for bar in bars] == [
        "Juli 2022: 2 artikel",
        "Agustus 2022: 1 artikel",
        "Januari 2023: 1 artikel",
    ]
    july = query_of(bars[0].attributes["href"])
    assert (july["from"], july["to"]) == (["2022-07-01"], ["2022-07-31"])
    month = get(client, bars[0].attributes["href"] or "")
    assert texts(month, ".result-count") == ["2 hasil"]
    assert [bar.attributes["aria-label"] for bar in month.css(".bars a")] == [
        "20 Juli 2022: 1 artikel",
        "21 Juli 2022: 1 artikel",
    ]
    assert texts(month, ".outer a") == ["Semua tanggal", "2022"]


def test_pages_are_linked(app: Flask) -> None:
    engine = app.extensions["searchsvc"].index.engine()
    client = create_app({"per_page": 1}, engine=engine).test_client()
    page = get(client, "/?sort=newest&page=3")
    assert texts(page, ".pager li") == ["1", "2", "3", "4", "5", "6"]
    assert only(page, ".pager [aria-current=page]").text() == "3"
    assert only(page, ".hits").attributes["start"] == "3"
    assert query_of(only(page, ".pager [rel=prev]").attributes["href"])["page"] == ["2"]
    assert query_of(only(page, ".pager [rel=next]").attributes["href"])["page"] == ["4"]


def test_a_page_after_the_last_says_so(client: FlaskClient) -> None:
    page = get(client, "/?q=kota&page=7")
    assert "hanya sampai halaman 1" in texts(page, ".empty")[0]
    assert query_of(only(page, ".empty .button").attributes["href"]) == {"q": ["kota"]}


def test_nothing_found_offers_a_way_on(client: FlaskClient) -> None:
    page = get(client, "/?q=xyzzy+qwrtp&category=hukum")
    assert texts(page, ".result-count") == ["Tidak ada hasil untuk xyzzy qwrtp"]
    assert query_of(only(page, ".empty .button").attributes["href"]) == {"q": ["xyzzy qwrtp"]}
    assert page.css(".tips")
    assert texts(page, ".empty .pill")[0] == "Hukum 2"


def test_notes_are_shown_with_what_they_offer(client: FlaskClient) -> None:
    page = get(client, "/?q=bupsti")
    offers = page.css(".note a")
    assert [offer.text() for offer in offers] == ["bupati"]
    assert query_of(offers[0].attributes["href"]) == {"q": ["bupati"]}


def test_a_parameter_that_cannot_be_is_a_friendly_page(client: FlaskClient) -> None:
    page = get(client, "/?q=kota&page=abc", status=400)
    assert texts(page, "h1") == ["Halaman itu tidak ada"]
    assert only(page, "input[name=q]").attributes["value"] == "kota"


# --- articles


def test_an_article_page_shows_the_article(client: FlaskClient) -> None:
    page = get(client, "/artikel/kerja-sama-iran?q=iran")
    assert texts(page, "h1") == ["Indonesia dan Iran Perluas Kerja Sama Perdagangan"]
    assert len(page.css(".prose p")) == 2
    assert texts(page, "h1 mark") == ["Iran"]
    assert texts(page, ".byline time") == ["2 Agustus 2022, 19.45 WIB"]
    assert texts(page, ".byline a") == ["Rina Lestari", "Adi Nugroho"]
    author = page.css(".byline a")[0].attributes["href"]
    assert query_of(author) == {"authors": ["Rina Lestari"]}
    assert query_of(only(page, ".trail a").attributes["href"]) == {"q": ["iran"]}
    button = only(page, "article .button")
    assert button.attributes["href"] == "https://contoh.example/kerja-sama-iran"
    assert texts(page, ".tag-list .pill") == ["diplomasi", "perdagangan"]


def test_an_article_is_marked_where_the_query_matches(client: FlaskClient) -> None:
    page = get(client, "/artikel/serangan-pasar?q=menyerang+pedagang")
    assert texts(page, "mark") == ["Serangan", "serangan", "pedagang", "Penyerang"]
    assert not get(client, "/artikel/serangan-pasar").css("mark")
    description = only(page, "meta[name=description]").attributes["content"]
    assert description is not None
    assert description.startswith("Polisi menyelidiki serangan yang melukai")


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        ("https://a.id/x.jpg?a=1&b=2", True),
        ("http://a.id/x.jpg", False),
        ("", False),
        ('https://a.id/"onerror="alert(1)', True),
    ],
)
def test_an_article_shows_its_picture(
    client: FlaskClient, add_articles: AddArticles, image: str, shown: bool
) -> None:
    caption = 'Los "pasar" <b>'
    add_articles([Article("foto", "Kabar Pasar", "Ramai.", image=image, image_caption=caption)])
    page = get(client, "/artikel/foto")
    pictures = [(one.attributes["src"], one.attributes["alt"]) for one in page.css(".picture img")]
    assert pictures == [(image, caption)] * shown
    assert texts(page, ".picture figcaption") == [caption] * shown
    response = client.get("/api/v1/search?q=kabar+pasar")
    assert response.json is not None
    assert [hit["image"] for hit in response.json["hits"] if hit["id"] == "foto"] == [image]


def test_titles_named_in_an_article_are_searches(client: FlaskClient, add_articles: object) -> None:
    assert callable(add_articles)
    add_articles([Article(id="a", title="Satu", body="Isi.", related=["Judul Lain"])])
    page = get(client, "/artikel/a")
    assert query_of(only(page, ".mentions a").attributes["href"]) == {"q": ["Judul Lain"]}


def test_an_article_that_is_not_there_is_a_friendly_404(client: FlaskClient) -> None:
    page = get(client, "/artikel/tidak-ada", status=404)
    assert texts(page, "h1") == ["Artikel tidak ditemukan"]


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://situs.example/berita", "https://situs.example/berita"),
        ("javascript:alert(1)", "/artikel?id=a%2Fb"),
        ("//situs.example/x", "/artikel?id=a%2Fb"),
        ("https://[rusak", "/artikel?id=a%2Fb"),
        ("", "/artikel?id=a%2Fb"),
    ],
)
def test_opening_an_article_leads_to_its_publisher(
    client: FlaskClient, add_articles: object, url: str, location: str
) -> None:
    assert callable(add_articles)
    add_articles([Article(id="a/b", title="Satu", body="Isi.", url=url)])
    for address in ("/buka/a%2Fb", "/buka?id=a%2Fb"):
        response = client.get(address)
        assert (response.status_code, response.headers["Location"]) == (302, location)
    assert client.get("/buka/tidak-ada").status_code == 404


@pytest.mark.parametrize(
    ("article_id", "address"),
    [
        ("berita-1", "/artikel/berita-1?q=jerapah"),
        ("100% & lebih", "/artikel/100%25%20%26%20lebih?q=jerapah"),
        (
            "https://situs.example/a?b=1",
            "/artikel?id=https%3A%2F%2Fsitus.example%2Fa%3Fb%3D1&q=jerapah",
        ),
        ("..", "/artikel?id=..&q=jerapah"),
        ("...", "/artikel/...?q=jerapah"),
        ("a\\b", "/artikel?id=a%5Cb&q=jerapah"),
    ],
)
def test_links_to_articles_survive_browsers_and_proxies(
    client: FlaskClient, add_articles: object, article_id: str, address: str
) -> None:
    assert callable(add_articles)
    add_articles([Article(id=article_id, title="Jerapah Lahir", body="Isi.")])
    page = get(client, "/?q=jerapah")
    assert only(page, ".hit-title a").attributes["href"] == address
    assert texts(get(client, address), "h1") == ["Jerapah Lahir"]


# --- the rest


def test_pages_are_kept_by_browsers_until_a_commit(
    client: FlaskClient, add_articles: object
) -> None:
    assert callable(add_articles)
    for address in ("/", "/?q=padi", "/artikel/panen-padi"):
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        add_articles([Article(id="baru", title=f"Padi {address}", body="Padi.")])
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_every_asset_a_page_names_is_there_for_a_year(client: FlaskClient) -> None:
    page = get(client, "/")
    sources = [node.attributes["src"] for node in page.css("script[src]")]
    links = page.css("link[rel=stylesheet], link[rel=icon], link[rel=modulepreload]")
    sources += [node.attributes["href"] for node in links]
    assert len(sources) == 4
    for source in sources:
        response = client.get(source or "")
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000"


@pytest.mark.parametrize("name", ["page.js", "searchsvc-widget.js"])
def test_scripts_import_the_version_they_were_made_for(client: FlaskClient, name: str) -> None:
    script = client.get(f"/static/{name}").text
    [imported] = re.findall(r'from "\./(.+)"', script)
    assert imported.startswith("combobox.js?v=")
    response = client.get(f"/static/{imported}")
    assert response.headers["Cache-Control"] == "public, max-age=31536000"
    preloaded = only(get(client, "/"), "link[rel=modulepreload]").attributes["href"]
    assert preloaded == f"/static/{imported}"


@pytest.mark.parametrize("name", ["combobox.js", "searchsvc-widget.js"])
def test_unversioned_assets_are_asked_for_again(client: FlaskClient, name: str) -> None:
    response = client.get(f"/static/{name}", headers={"Origin": "https://situs.example"})
    assert response.headers["Cache-Control"] == "public, max-age=600"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    tag = response.headers["ETag"]
    assert client.get(f"/static/{name}", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("name", ["nope.css", "../page.py", "%2e%2e%2fpage.py"])
def test_other_files_are_not_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_page_and_assets_stay_small(client: FlaskClient) -> None:
    names = ("page.css", "page.js", "combobox.js", "icon.svg")
    packed = {"Accept-Encoding": "gzip"}
    sent = sum(len(client.get(f"/static/{name}", headers=packed).data) for name in names)
    assert sent + len(client.get("/?q=kota", headers=packed).data) < 20_000


def test_everything_works_under_a_prefix(app: Flask) -> None:
    environ = {"SCRIPT_NAME": "/cari"}
    client = app.test_client()
    page = HTMLParser(client.get("/?q=kota", environ_overrides=environ).data)
    addresses = [node.attributes.get("href") for node in page.css("a, link")]
    addresses += [node.attributes.get("src") for node in page.css("script")]
    addresses += [node.attributes.get("action") for node in page.css("form")]
    local = [address for address in addresses if address and not address.startswith("#")]
    assert local
    assert [address for address in local if not address.startswith("/cari/")] == []


def test_browsers_can_add_the_search(client: FlaskClient) -> None:
    response = client.get("/opensearch.xml")
    assert response.mimetype == "application/opensearchdescription+xml"
    assert b'template="http://localhost/?q={searchTerms}"' in response.data


def test_the_sites_name_is_shown(client: FlaskClient) -> None:
    assert texts(get(client, "/"), ".brand") == ["Cari Contoh"]


def test_a_parameter_of_another_name_is_told_and_never_shows_the_front_page(
    client: FlaskClient,
) -> None:
    response = client.get("/?query=padi")
    assert response.status_code == 200
    assert "Parameter “query” tidak dikenal dan diabaikan; mungkin maksudnya “q”." in response.text
    filtered = client.get("/?q=padi&kategori=Olahraga&utm_source=surat")
    assert "mungkin maksudnya “category”" in filtered.text
    assert "utm_source" not in filtered.text
    assert client.get("/?fbclid=x&warna=y").text == client.get("/").text
