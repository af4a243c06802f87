"""The page in each language: whole tables, and whole pages without a word of the other."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from string import Formatter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from support.brute_force import BruteForceEngine

import searchsvc
from searchsvc.errors import ERROR_CODES, ErrorCode
from searchsvc.request import Note
from searchsvc.settings import BY_NAME
from searchsvc.web import create_app
from searchsvc.web.wording import WORDINGS, Wording, english
from searchsvc.web.wording.english import ENGLISH
from searchsvc.web.wording.indonesian import INDONESIAN

WEB = Path(searchsvc.__file__).parent / "web"
QUERY = Path(searchsvc.__file__).parent / "query"


def list_fields(message: str | tuple[str, str]) -> set[str]:
    texts = [message] if isinstance(message, str) else message
    return {field for text in texts for _, field, _, _ in Formatter().parse(text) if field}


def find_said() -> set[str]:
    """The keys of messages that templates and modules of the page name."""
    said: set[str] = set()
    for path in (*WEB.glob("*.py"), *WEB.glob("wording/wording.py"), *WEB.glob("templates/*")):
        text = path.read_text("utf-8")
        said.update(re.findall(r"""\b(?:say|self)(?:\.html)?\(\s*["'](\w+)["']""", text))
    return said


def test_the_setting_offers_each_language() -> None:
    assert BY_NAME["language"].choices == tuple(WORDINGS)


def test_tables_have_the_same_messages_with_the_same_parts() -> None:
    tables = [wording.messages for wording in WORDINGS.values()]
    assert [set(table) ^ set(tables[0]) for table in tables] == [set()] * len(tables)
    for key, message in tables[0].items():
        assert [list_fields(table[key]) for table in tables] == [list_fields(message)] * len(tables)


def test_every_message_that_is_said_is_there_and_every_other_is_said() -> None:
    said = find_said()
    computed = {key for key in INDONESIAN.messages if key.startswith(("sort_", "last_"))}
    computed |= {"today", "yesterday", "milliseconds", "seconds"}
    computed |= {"smallest", "largest", "earliest", "latest", "a_to_z", "z_to_a"}
    computed |= {key for key in INDONESIAN.messages if re.fullmatch(r"insight_\d+[hd]", key)}
    assert said - set(INDONESIAN.messages) - {"sort_", "insight_"} == set()
    assert set(INDONESIAN.messages) - said - computed == set()


@pytest.mark.parametrize("wording", WORDINGS.values(), ids=lambda one: one.tag)
def test_every_facet_and_month_has_a_name(wording: Wording) -> None:
    assert wording.facets.keys() == INDONESIAN.facets.keys()
    assert [len(set(names)) for names in (wording.months, wording.short_months)] == [12, 12]


@pytest.mark.parametrize("row", ERROR_CODES, ids=lambda row: row.code)
def test_problems_are_told_in_both_languages(row: ErrorCode) -> None:
    assert INDONESIAN.tell_problem(row) == (row.heading, row.advice)
    heading, advice = ENGLISH.tell_problem(row)
    assert heading == row.title
    assert advice not in ("", row.advice)


def test_advice_is_for_codes_that_there_are() -> None:
    assert english._ADVICE.keys() <= {row.code for row in ERROR_CODES}


def test_every_note_has_english_words() -> None:
    codes: set[str] = set()
    for path in QUERY.rglob("*.py"):
        codes.update(re.findall(r"""(?:\bNote|\.note)\(\s*"([a-z_]+)",""", path.read_text("utf-8")))
    assert len(codes) > 10
    assert ENGLISH.notes.keys() == codes


@pytest.mark.parametrize(
    ("note", "told"),
    [
        (Note("did_you_mean", "Mungkin maksud Anda: padi", "padi"), "Did you mean: padi"),
        (
            Note("unknown_label", "Tidak ada artikel dengan kategori “Kuliner”."),
            "No article has this label: “Kuliner”",
        ),
        (Note("baru", "Sebuah catatan baru."), "Sebuah catatan baru."),
    ],
)
def test_notes_are_told_in_english(note: Note, told: str) -> None:
    assert ENGLISH.tell_note(note) == told
    assert INDONESIAN.tell_note(note) == note.message


@pytest.mark.parametrize(
    ("wording", "number", "value", "took", "day", "instant", "period"),
    [
        (
            INDONESIAN,
            "28.857",
            "75.000",
            "1,25 detik",
            "20 Jul 2022",
            "20 Juli 2022, 13.05 WIB",
            "Mei 2022",
        ),
        (
            ENGLISH,
            "28,857",
            "75,000",
            "1.25 seconds",
            "20 Jul 2022",
            "20 July 2022, 13:05 WIB",
            "May 2022",
        ),
    ],
)
def test_numbers_and_dates_are_written_as_the_language_does(
    wording: Wording, number: str, value: str, took: str, day: str, instant: str, period: str
) -> None:
    assert wording.format_number(28857) == number
    assert wording.format_value(75000) == value
    assert wording.format_milliseconds(1250.0) == took
    assert wording.format_short_day(date(2022, 7, 20)) == day
    assert wording.format_instant("2022-07-20T13:05:00+07:00") == instant
    assert wording.format_period(date(2022, 5, 1), date(2022, 5, 31)) == period


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(0, "just now"), (1, "1 minute ago"), (5, "5 minutes ago"), (60, "1 hour ago")],
)
def test_one_is_told_from_many(minutes: int, told: str) -> None:
    now = datetime(2023, 1, 13, 12, 0, tzinfo=timezone(timedelta(hours=7)))
    assert ENGLISH.format_age((now - timedelta(minutes=minutes)).isoformat(), now) == told


def test_what_is_said_with_html_escapes_the_rest() -> None:
    said = ENGLISH.html("results_for", count=1, query="<i>")
    assert str(said) == "<b>1</b> result for <q>&lt;i&gt;</q>"


# --- whole pages

ADDRESSES = (
    "/",
    "/?q=-zzz",
    "/?q=-zzz&category=hukum&from=2022-07&to=2022-07",
    "/?q=xyzzyqwrtp&category=hukum",
    "/?q=bupsti",
    "/pilihan/category?q=-zzz",
    "/artikel/kerja-sama-iran?q=iran",
    "/artikel/tidak-ada",
    "/?q=kota&from=x",
)
#: Words that only stand in the other table's messages.
_WORD = re.compile(r"[^\W\d_]{4,}")


def list_words(wording: Wording) -> set[str]:
    texts = [
        text
        for message in (*wording.messages.values(), *wording.facets.values())
        for text in ([message] if isinstance(message, str) else message)
    ]
    return {word.lower() for text in texts for word in _WORD.findall(text)}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_in_english_has_no_indonesian_message(
    app: Flask, brute_engine: BruteForceEngine, address: str
) -> None:
    client: FlaskClient = create_app({"language": "en"}, engine=brute_engine).test_client()
    page = HTMLParser(client.get(address).data)
    html = page.css_first("html")
    assert html is not None
    assert html.attributes["lang"] == "en"
    # What is the articles' own, or an example of a query, is not the page's.
    for node in page.css(
        "kbd, .hit, .newest, .prose, h1, .facts, .beside, .choice, .pills, .chip, .note a, .byline,"
        " .trail, script, .outside, title, meta, q"
    ):
        node.decompose()
    foreign = list_words(INDONESIAN) - list_words(ENGLISH) - {"cari", "berita"}
    shown = {word.lower() for word in _WORD.findall(html.text(separator=" "))}
    assert shown & foreign == set()
