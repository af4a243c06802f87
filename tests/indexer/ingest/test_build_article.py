from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.ingest.build_article import (
    Built,
    build_article,
    canonical_url,
    document,
    make_excerpt,
    make_fingerprint,
    make_id,
)
from indexer.ingest.plain_text import clean_text

BODY = "Warga Demak memperbaiki tanggul bersama-sama sejak pagi."


def build(**record: Any) -> Built:
    return build_article(record, path="arsip.jsonl", line=7)


def article(**record: Any) -> Article:
    built = build(**{"body": BODY, **record})
    assert built.article is not None
    return built.article


def test_what_is_given_wins_over_what_the_text_says() -> None:
    body = "SOLO, KOMPAS.com - Air surut.\nEditor: Budi Hartono\n(ant/adt)"
    given_values = article(
        body=body,
        id=12,
        title="Judul",
        source="Kabar Kita",
        place="Demak",
        editors=["Rahma Dewi"],
        agency="AFP",
    )
    assert given_values.original() == body
    given_values.raw = ""
    assert given_values == Article(
        id="12",
        title="Judul",
        body="Air surut.",
        source="Kabar Kita",
        place="Demak",
        editors=["Rahma Dewi"],
        agency="AFP",
    )
    found = article(body=body, title="Judul")
    assert (found.source, found.place, found.agency) == ("kompas.com", "Solo", "Antara")
    assert found.editors == ["Budi Hartono"]


def test_title_and_id_are_made_where_missing() -> None:
    made = article()
    assert made.title == "Warga Demak memperbaiki tanggul bersama-sama sejak pagi"
    assert len(made.id) == 24
    assert made.id == article().id
    assert made.id != article(source="kabarkita.com").id
    assert article(url="https://www.kabarkita.com/1/?utm_source=x").id == "https://kabarkita.com/1"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://kabarkita.com/1", True),
        ("HTTP://kabarkita.com/1?a=b:c", True),
        ("//kabarkita.com/1", True),
        ("/berita/1:2", True),
        ("berita/1", True),
        ("?p=12:3", True),
        ("kabarkita.com:8080/1", True),
        ("", True),
        ("javascript:alert(1)", False),
        ("JavaScript:1/alert(1)", False),
        (" \tjava\nscript:alert(1)", False),
        ("\x01javascript:alert(1)", False),
        ("data:text/html,halo", False),
        ("vbscript:x", False),
        ("file:///etc/passwd", False),
        ("mailto:redaksi@kabarkita.com", False),
    ],
)
def test_an_address_that_is_none_of_the_web_is_left_out(url: str, kept: bool) -> None:
    built = build(body=BODY, url=url)
    assert built.article is not None
    assert built.article.url == (url if kept else "")
    told = [warning for warning in built.warnings if "no address of the web" in warning.reason]
    assert bool(told) != kept


def test_source_falls_back_to_the_caller_then_to_the_url() -> None:
    url = "https://regional.kompas.com/read/1"
    with_option = build_article({"body": BODY}, path="a", line=1, source="Arsip").article
    assert with_option is not None
    assert with_option.source == "Arsip"
    assert article(url=url).source == "kompas.com"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, "no text"),
        ({"title": "Judul"}, "no text: it has a title only"),
        ({"body": " \n "}, "no text"),
        ({"body": None}, "no text"),
        ({"body": {"ops": []}}, "no text"),
        ({"body": "<p> </p><script>x()</script>"}, "no text: nothing is left of its markup"),
        ({"body": "a" * 2_000_001}, "its text is over the limit of 2,000,000 bytes"),
    ],
)
def test_rejections_say_why(record: dict[str, Any], reason: str) -> None:
    reject = build(**record).reject
    assert reject is not None
    assert (reject.path, reject.line, reject.reason) == ("arsip.jsonl", 7, reason)
    assert len(reject.excerpt) <= 80


def test_article_that_is_all_boilerplate_is_kept_with_a_warning() -> None:
    built = build(title="Judul", body="[Gambas:Video 20detik]")
    assert built.article is not None
    assert built.article.body == "[Gambas:Video 20detik]"
    assert [warning.reason for warning in built.warnings] == ["its text is nothing but boilerplate"]


@pytest.mark.parametrize(
    ("given_date", "published", "warnings"),
    [
        ("2022-07-20", "2022-07-20T00:00:00+07:00", 0),
        (1658297100, "2022-07-20T13:05:00+07:00", 0),
        ({"$date": "2022-07-20T13:05:00Z"}, "2022-07-20T13:05:00+00:00", 0),
        (["2022-07-20"], "2022-07-20T00:00:00+07:00", 0),
        ("31 Februari 2022", "", 1),
        ("kemarin", "", 1),
        ("", "", 0),
        (None, "", 0),
    ],
)
def test_dates_are_read_or_warned_about(given_date: Any, published: str, warnings: int) -> None:
    built = build(body=BODY, published_at=given_date)
    assert built.article is not None
    assert built.article.published_at == published
    assert len(built.warnings) == warnings
    for warning in built.warnings:
        assert "no date we can read" in warning.reason


def test_a_wrong_date_falls_back_to_the_text() -> None:
    built = build(body=f"Rabu, 20 Juli 2022 13:05 WITA\n{BODY}", published_at="kemarin")
    assert built.article is not None
    assert built.article.published_at == "2022-07-20T13:05:00+08:00"
    assert built.article.body == BODY


@pytest.mark.parametrize(
    ("value", "values"),
    [
        ("Pemilu, KPU;Demak", ["Pemilu", "KPU", "Demak"]),
        (["Pemilu", "KPU", "Pemilu", "", None], ["Pemilu", "KPU"]),
        ([{"name": "Pemilu"}, {"nama": "KPU"}], ["Pemilu", "KPU"]),
        ({"name": "Pemilu"}, ["Pemilu"]),
        (12, ["12"]),
        (None, []),
        (float("nan"), []),
        ("", []),
    ],
)
def test_lists_in_every_spelling(value: Any, values: list[str]) -> None:
    assert article(tags=value).tags == values


def test_degrees_do_not_split_names() -> None:
    names = "Dr. Andi Wijaya, S.H., Budi Hartono"
    assert article(authors=names).authors == ["Dr. Andi Wijaya, S.H.", "Budi Hartono"]


def test_html_bodies_become_paragraphs() -> None:
    made = article(
        title={"rendered": "Harga &amp; Pasar"},
        body={
            "rendered": "<p><b>SOLO, KOMPAS.com</b> - Air&nbsp;surut.</p><script>x</script>"
            "<p><strong>Baca juga: <a href='/1'>Tanggul Jebol di Demak</a></strong></p>"
            "<ul><li>Satu</li><li>Dua</li></ul>"
        },
    )
    assert made.title == "Harga & Pasar"
    assert made.body == "Air surut.\nSatu\nDua"
    assert made.related == ["Tanggul Jebol di Demak"]


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**Solo** tetap *ramai*", "Solo tetap ramai"),
        ("**Solo**ramai", "Soloramai"),
        ("Kata si d**ky16, itu b****t.", "Kata si d**ky16, itu b****t."),
        ('**Unggahan** akun na**rio\nviral di [sini](https://a.id/1){target="_self"}.',
         "Unggahan akun na**rio\nviral di sini."),
    ],
)  # fmt: skip
def test_markdown_goes_and_letters_stay_hidden(markdown: str, plain: str) -> None:
    assert clean_text(markdown + "\\!") == plain + "!"


def test_bold_links_of_a_list_are_other_articles() -> None:
    body = (
        '- **[Harga Cabai Turun di Demak](https://a.id/1){target="_self"}**\nPasar ramai, kata dia.'
    )
    built = article(body=f"Air surut.\n{body}")
    assert built.related == ["Harga Cabai Turun di Demak"]
    assert built.body == "Air surut.\nPasar ramai, kata dia."


def test_lists_of_paragraphs_are_one_body() -> None:
    assert article(body=["Satu.", None, "Dua."]).body == "Satu.\nDua."


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://www.Contoh.id/a/b/?utm_source=x&b=2#komentar", "https://contoh.id/a/b?b=2"),
        ("https://contoh.id/a?page=all", "https://contoh.id/a"),
        ("https://contoh.id/a?page=berita&id=3", "https://contoh.id/a?page=berita&id=3"),
        ("//contoh.id/a", "https://contoh.id/a"),
        ("https://contoh.id:8443/", "https://contoh.id:8443"),
        ("https://contoh.id/berita harian/1", "https://contoh.id/berita%20harian/1"),
        ("contoh.id/a", ""),
        ("http://", ""),
        ("https://[x", ""),
        ("ftp://contoh.id", ""),
        ("https://contoh.id/" + "a" * 600, ""),
        ("", ""),
    ],
)
def test_canonical_urls(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


def test_ids_too_long_to_store_are_hashed() -> None:
    assert len(article(id="x" * 600).id) == 24


def test_document_has_what_an_engine_needs() -> None:
    made = article(id="1", source="KOMPAS.com", published_at="2022-07-20T23:30:00+09:00")
    values = document(made)
    assert values.article is made
    assert values.labels["source"] == ("kompas.com",)
    assert values.published_second == 1658327400
    assert values.published_day == 19193
    assert len(values.fingerprint) == 8
    undated = document(article(id="1"))
    assert (undated.published_second, undated.published_day) == (None, None)


def test_fingerprint_changes_with_anything() -> None:
    base = article(id="1", title="Judul")
    changed = [
        article(id="1", title="Judul lain"),
        article(id="1", title="Judul", tags=["a"]),
        article(id="1", title="Judul", editors=["a"]),
        article(id="1", title="Judul", body=BODY + " Lagi."),
    ]
    prints = {make_fingerprint(one) for one in (base, *changed)}
    assert len(prints) == len(changed) + 1
    assert make_fingerprint(base) == make_fingerprint(article(id="1", title="Judul"))


def test_excerpt_is_short_and_on_one_line() -> None:
    assert make_excerpt({"title": "a\n" * 200}) == ("a " * 40)[:79] + "…"
    assert make_excerpt("") == ""


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40),
        st.sampled_from(("\ud800", "<p>a", "&amp;", "20 Juli 2022", "http://[", "\x00")),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip
NAMES = st.sampled_from(
    ("id", "title", "body", "url", "source", "published_at", "category", "tags", "authors", "place")
)


@given(st.dictionaries(NAMES, VALUES, max_size=10))
def test_any_record_is_an_article_or_a_reject(record: dict[str, Any]) -> None:
    built = build_article(record, path="a", line=1)
    assert (built.article is None) == (built.reject is not None)
    if built.article is not None:
        assert built.article.id
        assert built.article.body
        document(built.article)
        assert make_id(built.article)


@pytest.mark.parametrize("body", [":", "… — …", "! ! !\n? ? ?", ", , ,", "(((((" * 40])
def test_a_text_without_a_word_needs_a_title(body: str) -> None:
    refused = build(body=body).reject
    assert refused is not None
    assert refused.reason == "no text: it has no word, and no title"
    assert article(body=body, title="Foto Hari Ini").title == "Foto Hari Ini"


@pytest.mark.parametrize("url", ["//contoh.id, lain.id/a", "https://a b.id/", "http://a.id | b.id"])
def test_two_values_in_one_field_are_no_address(url: str) -> None:
    assert canonical_url(url) == ""


@pytest.mark.parametrize(
    "given",
    [
        {"original": "Oleh Dian Pertiwi"},
        {"original": "By Dian P", "person": [{"firstname": "Dian", "lastname": "Pertiwi"}]},
        {"person": [{"firstname": "Dian", "lastname": "Pertiwi", "rank": 1}]},
        {"nama_depan": "Dian", "nama_belakang": "Pertiwi"},
        {"given_name": "Dian", "family_name": "Pertiwi"},
        {"display": "Dian Pertiwi"},
    ],
)
def test_people_are_objects_in_many_ways(given: dict[str, Any]) -> None:
    record = {"title": "Satu", "body": "Air surut.", "authors": given}
    built = build_article(record, path="a", line=1)
    assert built.article is not None
    assert built.article.authors == ["Dian Pertiwi"]
