"""The pages as a reader without JavaScript gets them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from protego import Protego
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node
from support.brute_force import BruteForceEngine
from support.copied_story import BANJIR

from indexer.article import Article
from searchsvc.web import create_app
from searchsvc.web.wording.indonesian import INDONESIAN

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
    assert only(page, '#saring input[name="collapse"]').attributes["value"] == "0"
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


@pytest.mark.parametrize(
    ("address", "shown"), [("/?q=jakarta", 2), ("/?q=jakarta+kpk", 0), ("/?sort=newest", 0)]
)
def test_a_hit_found_by_its_place_alone_shows_it_everywhere(
    client: FlaskClient, address: str, shown: int
) -> None:
    page = get(client, address)
    assert len(page.css(".hit-where")) == shown
    assert all("Jakarta" in line for line in texts(page, ".hit-where"))


def test_a_hit_shows_what_is_known_of_it(client: FlaskClient) -> None:
    page = get(client, "/?q=menyerang+pasar")
    hit = page.css(".hit")[0]
    assert texts(page, ".hit-publisher")[0] == "Contoh Kabar"
    assert texts(page, ".hit time")[0] == "20 Jul 2022"
    time = page.css(".hit time")[0]
    assert time.attributes["datetime"] == "2022-07-20T13:05:00+07:00"
    assert time.attributes["title"] == "20 Juli 2022, 13.05 WIB"
    assert texts(page, ".hit-category")[0] == "Hukum"
    assert texts(page, ".hit-credit")[0] == "SemarangOleh Rina Lestari"
    assert "Serangan" in [mark.text() for mark in hit.css("mark")]
    link = hit.css_first(".hit-title a")
    assert link is not None
    assert link.attributes["href"] == "/artikel/serangan-pasar?q=menyerang+pasar"


def test_the_count_and_the_query_are_shown_and_kept(client: FlaskClient) -> None:
    page = get(client, "/?q=++kota++")
    assert texts(page, ".result-count") == ["1 hasil untuk kota"]
    assert only(page, ".search input[name=q]").attributes["value"] == "kota"
    assert only(page, "#saring input[name=q]").attributes["value"] == "kota"


def test_what_is_typed_is_escaped(client: FlaskClient) -> None:
    page = get(client, "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    typed = '"><script>alert(1)</script>'
    assert {node.attributes["value"] for node in page.css("input[name=q]")} == {typed}
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
        assert len(page.css("script[src]")) == 1
        assert len(page.css("script:not([src])")) == ("/artikel/" in address)
        assert not page.css("img, i, u, s, em, main b:not(.result-count b)")
        assert not page.css("a[href^=javascript]")


def read_form(page: HTMLParser, *, check: str = "", uncheck: str = "") -> str:
    """The address that the form with filters leads to, as a browser without scripts sends it, after
    the checkbox with a value was checked, and another unchecked.
    """
    pairs = []
    for field in page.css("#saring input[name]"):
        facts = field.attributes
        value = facts.get("value") or ""
        if facts.get("type") == "checkbox":
            chosen = ("checked" in facts or value == check) and value != uncheck
            if not chosen or "disabled" in facts:
                continue
        pairs.append((facts["name"] or "", value))
    return f"{only(page, '#saring').attributes['action']}?{urlencode(pairs)}"


def test_choices_are_checkboxes_that_add_up_and_keep_everything_else(client: FlaskClient) -> None:
    page = get(client, "/?sort=newest&category=hukum&from=2022&collapse=0&page=1&per_page=10")
    asked = query_of(read_form(page, check="ekonomi"))
    assert asked == {
        "category": ["hukum", "ekonomi"],
        "from": ["2022-01-01"],
        "sort": ["newest"],
        "collapse": ["0"],
    }
    both = get(client, read_form(page, check="ekonomi"))
    assert texts(both, ".result-count") == ["3 hasil"]
    assert texts(both, ".choice:has(input[checked])") == ["Hukum 2", "Ekonomi 1"]
    assert "category" not in query_of(read_form(page, uncheck="hukum"))


def test_a_label_that_no_article_has_stays_chosen(client: FlaskClient) -> None:
    page = get(client, "/?q=kota&category=Kuliner&category=HUKUM")
    assert query_of(read_form(page))["category"] == ["hukum", "kuliner"]


def test_a_label_in_the_query_is_undone_there(client: FlaskClient) -> None:
    page = get(client, "/?q=kategori:hukum")
    [box] = page.css("input[name=category][checked]")
    assert box.attributes["value"] == "hukum"
    assert "disabled" in box.attributes
    assert query_of(read_form(page)) == {"q": ["kategori:hukum"]}


def test_filters_come_before_the_hits(client: FlaskClient) -> None:
    text = client.get("/?q=-zzz").text
    assert text.index('id="saring"') < text.index('id="hasil"') < text.index('class="hits"')
    assert only(HTMLParser(text), "a[href='#hasil'].skip").text() == "Langsung ke hasil"


def add_sections(add_articles: AddArticles, count: int) -> None:
    add_articles(
        [Article(f"r{n}", f"Kabar {n}", "Padi.", category=f"Rubrik {n}") for n in range(count)]
    )


def test_all_values_have_a_page_of_their_own(
    client: FlaskClient, add_articles: AddArticles
) -> None:
    add_sections(add_articles, 30)
    page = get(client, "/?q=padi&collapse=0&sort=newest")
    assert len(page.css("input[name=category]")) == 20
    link = only(page, "[data-facet=category] a").attributes["href"] or ""
    values = get(client, link)
    assert texts(values, "h1") == ["Rubrik: pilih"]
    assert texts(values, ".values-form legend") == ["31 pilihan"]
    assert len(values.css("input[type=checkbox]")) == 31
    hidden = values.css(".values-form input[type=hidden]")
    assert [(one.attributes["name"], one.attributes["value"]) for one in hidden] == [
        ("q", "padi"),
        ("sort", "newest"),
        ("collapse", "0"),
    ]
    found = get(client, f"{link}&awalan=RUBRIK+2&category=ekonomi")
    assert texts(found, ".values-form legend") == ["11 pilihan"]
    kept = only(found, ".values-form input[type=hidden][name=category]")
    assert kept.attributes["value"] == "ekonomi"
    assert texts(get(client, f"{link}&awalan=zzz"), ".values-form fieldset p") == [
        "Tidak ada pilihan yang berawalan begitu."
    ]
    assert get(client, "/pilihan/warna", status=400)


def test_few_values_need_no_page(client: FlaskClient) -> None:
    assert not get(client, "/?q=-zzz").css("[data-facet=category] a")


# --- dates

NOON = datetime(2023, 1, 13, 12, 0, tzinfo=timezone(timedelta(hours=7)))


def at_noon(app: Flask, **settings: object) -> FlaskClient:
    engine = app.extensions["searchsvc"].index.engine()
    return create_app(settings, engine=engine, clock=lambda: NOON).test_client()


@pytest.mark.parametrize(
    ("published_at", "shown"),
    [
        ("2023-01-13T11:59:30+07:00", "baru saja"),
        ("2023-01-13T11:59:00+07:00", "1 menit lalu"),
        ("2023-01-13T11:00:30+07:00", "59 menit lalu"),
        ("2023-01-13T11:00:00+07:00", "1 jam lalu"),
        ("2023-01-13T03:00:00+00:00", "2 jam lalu"),
        ("2023-01-12T12:00:01+07:00", "23 jam lalu"),
        ("2023-01-12T12:00:00+07:00", "kemarin"),
        ("2023-01-11T11:00:00+07:00", "2 hari lalu"),
        ("2023-01-06T12:01:00+07:00", "6 hari lalu"),
        ("2023-01-06T12:00:00+07:00", "6 Jan 2023"),
        ("2023-01-13T00:00:00+07:00", "hari ini"),
        ("2023-01-12T00:00:00+07:00", "kemarin"),
        ("2023-01-10T00:00:00+07:00", "3 hari lalu"),
        ("2023-01-13T12:01:00+07:00", "13 Jan 2023"),
        ("2023-01-14T00:00:00+07:00", "14 Jan 2023"),
        ("2023-01-13T11:00:00", "13 Jan 2023"),
        ("2019-09-16", "16 Sep 2019"),
        ("kemarin", ""),
    ],
)
def test_articles_of_the_last_days_tell_their_age(published_at: str, shown: str) -> None:
    assert INDONESIAN.format_age(published_at, NOON) == shown


def test_ages_are_those_of_the_servers_clock(app: Flask) -> None:
    page = get(at_noon(app), "/?q=kpk")
    assert texts(page, ".hit time") == ["20 jam lalu"]
    assert texts(get(at_noon(app, language="en"), "/?q=kpk"), ".hit time") == ["20 hours ago"]


def test_presets_choose_days_back_from_today(app: Flask) -> None:
    client = at_noon(app)
    page = get(client, "/?q=-zzz&to=2022&category=hukum")
    links = page.css(".presets a")
    assert [(one.text(), one.attributes.get("title")) for one in links] == [
        ("Kapan saja", None),
        ("24 jam", "sejak 12 Jan 2023"),
        ("7 hari", "sejak 7 Jan 2023"),
        ("30 hari", "sejak 15 Des 2022"),
        ("Setahun", "sejak 14 Jan 2022"),
    ]
    assert not page.css(".presets [aria-current]")
    week = links[2].attributes["href"] or ""
    assert query_of(week) == {"q": ["-zzz"], "category": ["hukum"], "from": ["2023-01-07"]}
    chosen = get(client, week)
    assert texts(chosen, ".presets [aria-current]") == ["7 hari"]
    assert texts(chosen, ".result-count") == ["1 hasil untuk -zzz"]


def test_dates_can_be_chosen_whatever_there_is(
    client: FlaskClient, add_articles: AddArticles
) -> None:
    for address in ("/?q=kota", "/?q=xyzzyqwrtp", "/?q=-zzz&from=1999&to=1999"):
        page = get(client, address)
        assert len(page.css(".presets a")) == 5
        assert len(page.css("#saring input[type=date]")) == 2
    assert texts(get(client, "/?q=kpk"), ".bar-alone") == ["Januari 2023: 1 artikel"]


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


def test_dates_are_fields_of_the_form(client: FlaskClient) -> None:
    page = get(client, "/?q=kota&category=hukum&from=2022-07-01&to=2022-07-31")
    dates = page.css("#saring .dates input[type=date]")
    assert [n.attributes["value"] for n in dates] == ["2022-07-01", "2022-07-31"]
    assert len(page.css("#saring button[type=submit]")) == 1


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


def test_nothing_found_under_filters_counts_what_there_is_without(app: Flask) -> None:
    client = give_time(app)
    page = get(client, "/?q=kota&category=olahraga")
    button = only(page, ".empty .button")
    assert " ".join(button.text().split()) == "Cari tanpa saringan 1"
    assert query_of(button.attributes["href"]) == {"q": ["kota"]}
    assert not page.css(".near")


def give_time(app: Flask, seconds: float = 0) -> FlaskClient:
    """A client of the same articles whose queries may take so long; 0 sets no limit."""
    engine = app.extensions["searchsvc"].index.engine()
    return create_app({"query_deadline_seconds": seconds}, engine=engine).test_client()


def test_nothing_found_offers_queries_near_it(app: Flask, add_articles: AddArticles) -> None:
    client = give_time(app)
    add_articles([Article(f"t{n}", f"Transportasi {n} Umum", f"Angkutan {n}.") for n in range(4)])
    page = get(client, "/?q=trnspttsi")
    assert texts(page, ".near .pill") == ["transportasi 4"]
    assert query_of(page.css(".near a")[0].attributes["href"]) == {"q": ["transportasi"]}
    assert not get(client, "/?q=qqqqqq").css(".near")


def test_help_never_costs_the_answer(
    app: Flask, add_articles: AddArticles, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The package's attribute of this name is the blueprint.
    monkeypatch.setattr(sys.modules["searchsvc.web.page"], "HELP_PART", 1e-12)
    add_articles([Article(f"t{n}", f"Transportasi {n} Umum", f"Angkutan {n}.") for n in range(4)])
    page = get(give_time(app, seconds=600), "/?q=trnspttsi")
    assert texts(page, ".result-count") == ["Tidak ada hasil untuk trnspttsi"]
    assert not page.css(".near")
    assert page.css(".tips")


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
        ("http://a.id/x.jpg", True),
        ("javascript:alert(1)", False),
        ("data:image/png;base64,x", False),
        ("//a.id/x.jpg", False),
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
    for address, selector in (("/?q=kabar+pasar", ".hit .thumb"), ("/", ".newest .thumb")):
        thumbs = get(client, address).css(selector)
        assert [one.attributes["src"] for one in thumbs] == [image] * shown
        for thumb in thumbs:
            facts = thumb.attributes
            assert (facts["loading"], facts["referrerpolicy"]) == ("lazy", "no-referrer")
            assert (facts["width"], facts["height"], facts["alt"]) == ("120", "80", "")
    response = client.get("/api/v1/search?q=kabar+pasar")
    assert response.json is not None
    assert [hit["image"] for hit in response.json["hits"] if hit["id"] == "foto"] == [image]


def test_an_article_is_described_to_machines(
    client: FlaskClient, add_articles: AddArticles
) -> None:
    title = 'Harga "</script><b>'
    add_articles(
        [
            Article(
                "a/b",
                title,
                "Harga naik. " * 40,
                url="https://kabar.example/a",
                source="Kabar",
                published_at="2023-01-12T16:00:00+07:00",
                category="ekonomi",
                authors=["Rina"],
                tags=["harga", "pasar"],
                place="Jakarta",
                image="https://kabar.example/a.jpg",
            ),
            Article("polos", "Polos", "Isi."),
        ]
    )
    page = get(client, "/artikel?id=a/b")
    assert [
        (one.attributes["property"], one.attributes["content"]) for one in page.css("[property]")
    ] == [
        ("og:type", "article"),
        ("og:title", title),
        ("og:description", "Harga naik. " * 12 + "Harga…"),
        ("og:url", "https://kabar.example/a"),
        ("og:site_name", "Cari Contoh"),
        ("og:locale", "id_ID"),
        ("og:image", "https://kabar.example/a.jpg"),
        ("article:published_time", "2023-01-12T16:00:00+07:00"),
        ("article:section", "ekonomi"),
        ("article:author", "Rina"),
        ("article:tag", "harga"),
        ("article:tag", "pasar"),
    ]
    assert json.loads(only(page, "script[type='application/ld+json']").text()) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "description": "Harga naik. " * 12 + "Harga…",
        "url": "https://kabar.example/a",
        "mainEntityOfPage": "https://kabar.example/a",
        "inLanguage": "id",
        "datePublished": "2023-01-12T16:00:00+07:00",
        "articleSection": "ekonomi",
        "keywords": ["harga", "pasar"],
        "author": [{"@type": "Person", "name": "Rina"}],
        "publisher": {"@type": "Organization", "name": "Kabar"},
        "image": ["https://kabar.example/a.jpg"],
        "contentLocation": {"@type": "Place", "name": "Jakarta"},
    }
    outside = only(page, ".outside a")
    assert outside.attributes["href"] == "https://kabar.example/a"
    assert outside.text() == "Baca di Kabar ↗"
    plain = get(client, "/artikel/polos")
    here = only(plain, "[property='og:url']").attributes["content"]
    assert here == "http://localhost/artikel/polos"
    assert not plain.css(".outside")
    assert json.loads(only(plain, "script[type='application/ld+json']").text()) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Polos",
        "description": "Isi.",
        "url": here,
        "mainEntityOfPage": here,
        "inLanguage": "id",
    }


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
    imports = re.findall(r'from "\./(.+)"', script)
    assert len(imports) == script.count("\nimport ")
    for imported in imports:
        response = client.get(f"/static/{imported}")
        assert response.headers["Cache-Control"] == "public, max-age=31536000"
    imported = imports[0]
    assert imported.startswith("combobox.js?v=")
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
    names = (
        "page.css",
        "page.js",
        "combobox.js",
        "results.js",
        "facets.js",
        "events.js",
        "words.js",
        "icon.svg",
    )
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
    assert b'template="http://localhost/saran?q={searchTerms}"' in response.data
    icon = re.search(r"http://localhost(/static/icon\.svg[^<]*)", response.text)
    assert icon is not None
    assert client.get(icon[1]).status_code == 200


def test_browsers_get_suggestions(client: FlaskClient) -> None:
    response = client.get("/saran?q=kpk")
    assert response.mimetype == "application/x-suggestions+json"
    typed, texts = response.get_json(force=True)
    assert typed == "kpk"
    assert "KPK Periksa Bupati soal Dana Jembatan" in texts


@pytest.mark.parametrize("root", ["", "/cari"])
def test_robots_visit_articles_and_no_results(client: FlaskClient, root: str) -> None:
    response = client.get("/robots.txt", environ_overrides={"SCRIPT_NAME": root})
    assert response.mimetype == "text/plain"
    rules = Protego.parse(response.text)
    for path, may in (
        ("/", True),
        ("/artikel/panen-padi", True),
        ("/artikel?id=a%2Fb", True),
        ("/static/page.css", True),
        ("/api", True),
        ("/?q=padi", False),
        ("/pilihan/category?q=padi", False),
        ("/api/v1/search?q=padi", False),
        ("/buka/panen-padi", False),
    ):
        assert rules.can_fetch(f"http://localhost{root}{path}", "robot") == may, path


def test_the_api_is_a_page_to_read(client: FlaskClient) -> None:
    page = get(client, "/api")
    document = client.get("/api/v1/openapi.json").json
    assert document is not None
    operations = [
        f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item
    ]
    assert texts(page, ".api-page h2 code") == operations
    assert texts(page, ".api-list a") == operations
    for link in page.css("main a[href^='#']"):
        assert page.css(f"[id='{(link.attributes['href'] or '')[1:]}']"), link.html
    for name in document["components"]["schemas"]:
        assert page.css(f"[id='s-{name}']")
    assert len(page.css("script")) == 1
    assert only(get(client, "/"), ".foot a").attributes["href"] == "/api"


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
