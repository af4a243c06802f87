"""A site's own logo, colour, fonts, CSS and templates on the page."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from support.brute_force import BruteForceEngine

from indexer.article import Article
from searchsvc.setting import InvalidSetting
from searchsvc.web import create_app
from searchsvc.web.branding import contrast, derive_colours, read_colour

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"/>'


def brand(engine: BruteForceEngine, **settings: object) -> FlaskClient:
    return create_app(settings, engine=engine).test_client()


def sheets(client: FlaskClient) -> list[str]:
    page = HTMLParser(client.get("/").data)
    return [one.attributes["href"] or "" for one in page.css("link[rel=stylesheet]")]


def test_without_settings_there_is_our_style_only(brute_engine: BruteForceEngine) -> None:
    [sheet] = sheets(brand(brute_engine))
    assert sheet.startswith("/static/page.css?v=")


def test_a_site_has_its_logo_colour_fonts_and_css(
    brute_engine: BruteForceEngine, tmp_path: Path
) -> None:
    (tmp_path / "Kabar.SVG").write_bytes(LOGO)
    (tmp_path / "own.css").write_text(".top { background: navy }", "utf-8")
    client = brand(
        brute_engine,
        site_name="Kabar Kita",
        site_logo=str(tmp_path / "Kabar.SVG"),
        accent_color="#A3262E",
        text_font='"Source Sans 3", sans-serif',
        heading_font="Lora, serif",
        site_css=str(tmp_path / "own.css"),
    )
    page = HTMLParser(client.get("/").data)
    logo = page.css_first("a.brand img")
    assert logo is not None
    assert logo.attributes["alt"] == "Kabar Kita"
    assert client.get(logo.attributes["src"] or "").data == LOGO
    _, brand_css, site_css = sheets(client)
    assert client.get(site_css).text == ".top { background: navy }"
    assert site_css.startswith("/static/site.css?v=")
    written = client.get(brand_css)
    assert written.mimetype == "text/css"
    for declaration in (
        '--sans: "Source Sans 3", sans-serif;',
        "--serif: Lora, serif;",
        "--accent: #a3262e;",
        "--on-accent: #ffffff;",
        "prefers-color-scheme: dark",
    ):
        assert declaration in written.text


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), st.booleans())
def test_whatever_the_colour_text_can_be_read(accent: str, dark: bool) -> None:
    rows = dict(row.strip(" -;").split(": ", 1) for row in derive_colours(accent, dark=dark))
    ground = read_colour("#12161a" if dark else "#ffffff")
    colour = read_colour(rows["accent"])
    assert contrast(colour, ground) >= 4.5
    assert contrast(colour, read_colour(rows["tint"])) >= 4.5
    assert contrast(colour, read_colour(rows["on-accent"])) >= 4.5


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("accent_color", "teal", "it must be a colour as #0b5f55."),
        ("accent_color", "#fff", "it must be a colour as #0b5f55."),
        (
            "text_font",
            "Lora; } body { color: red",
            "it must be names of fonts with commas between.",
        ),
        ("language", "fr", "it must be one of id, en."),
        ("site_logo", "logo.gif", "its name must end in one of svg, png, jpg, jpeg, webp."),
        ("site_logo", "/no/such/logo.png", "the file cannot be read (No such file or directory)."),
        ("site_css", "/no/such.css", "the file cannot be read (No such file or directory)."),
        ("template_folder", "/no/such", "there is no such folder."),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(name: str, value: str, reason: str) -> None:
    with pytest.raises(InvalidSetting) as caught:
        create_app({name: value})
    assert str(caught.value) == f"Setting {name} cannot be {value!r}: {reason}"


def test_templates_and_files_of_a_site_take_the_place_of_ours(
    brute_engine: BruteForceEngine, tmp_path: Path
) -> None:
    (tmp_path / "base.html").write_text(
        '{% extends "searchsvc/base.html" %}'
        '{% block head %}<meta name="site" content="{{ site_name }}">{% endblock %}',
        "utf-8",
    )
    (tmp_path / "problem.html").write_text("<h1>Aduh: {{ heading }}</h1>", "utf-8")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "icon.svg").write_bytes(LOGO)
    (tmp_path / "static" / "huruf.woff2").write_bytes(b"wOF2")
    (tmp_path / "static" / "catatan.txt").write_bytes(b"-")
    client = brand(brute_engine, template_folder=str(tmp_path), site_name="Kabar Kita")
    page = HTMLParser(client.get("/").data)
    meta = page.css_first("meta[name=site]")
    assert meta is not None
    assert meta.attributes["content"] == "Kabar Kita"
    assert page.css(".hero")
    assert client.get("/artikel/tidak-ada").text == "<h1>Aduh: Artikel tidak ditemukan</h1>"
    assert client.get("/static/icon.svg").data == LOGO
    font = client.get("/static/huruf.woff2")
    assert (font.data, font.mimetype) == (b"wOF2", "font/woff2")
    assert client.get("/static/catatan.txt").status_code == 404


def test_a_change_of_branding_makes_kept_pages_old(
    brute_engine: BruteForceEngine, tmp_path: Path
) -> None:
    css = tmp_path / "own.css"
    css.write_text("a {}", "utf-8")
    (tmp_path / "front.html").write_text("Satu", "utf-8")
    tags = []
    for settings in ({}, {"site_css": str(css)}, {"language": "en"}, {"site_name": "Lain"}):
        tags.append(brand(brute_engine, **settings).get("/").headers["ETag"])
    tags.append(brand(brute_engine, template_folder=str(tmp_path)).get("/").headers["ETag"])
    assert all(one != other for one, other in itertools.combinations(tags, 2))


@pytest.mark.parametrize("shown", [True, False])
def test_a_site_may_show_no_pictures(
    brute_engine: BruteForceEngine, add_articles: object, shown: bool
) -> None:
    assert callable(add_articles)
    add_articles([Article("foto", "Padi", "Padi.", image="https://a.id/x.jpg")])
    client = brand(brute_engine, images=shown)
    for address in ("/", "/?q=padi", "/artikel/foto"):
        assert bool(HTMLParser(client.get(address).data).css("img")) == shown


def test_results_while_one_types_can_be_turned_off(brute_engine: BruteForceEngine) -> None:
    for chosen, told in ((True, "1"), (False, "0")):
        page = HTMLParser(brand(brute_engine, live_results=chosen).get("/?q=a").data)
        region = page.css_first("#temuan")
        assert region is not None
        assert region.attributes["data-live"] == told
