"""Marks and snippets: what is marked, what is escaped, where a snippet is cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.brute_passage import choose_passage

from indexer.engine.base import NO_PASSAGE, Occurrence
from indexer.language.tokens import tokenize
from searchsvc.highlight import (
    bound_passage,
    highlight_title,
    make_snippet,
    mark,
    mark_paragraphs,
)
from searchsvc.limits import DEFAULT_SNIPPET, MAX_SNIPPET, MIN_SNIPPET


def occur(text: str, *wanted: str) -> list[Occurrence]:
    """Every token of the body ``text`` that is one of ``wanted``."""
    return [
        Occurrence(False, position, token.start, wanted.index(token.text))
        for position, token in enumerate(tokenize(text))
        if token.text in wanted
    ]


def list_starts(text: str, *wanted: str) -> list[int]:
    """Where they start."""
    return [one.start for one in occur(text, *wanted)]


def cut_snippet(
    body: str, occurrences: Sequence[Occurrence], characters: int = DEFAULT_SNIPPET
) -> str:
    """The snippet of a body with these occurrences."""

    passage = choose_passage(occurrences, bound_passage(body, characters))
    return make_snippet(body, passage, characters=characters)


def strip_marks(marked: str) -> str:
    return unescape(re.sub(r"</?mark>", "", marked))


@pytest.mark.parametrize(
    ("title", "wanted", "expected"),
    [
        ("Gempa di Palu", ("palu",), "Gempa di <mark>Palu</mark>"),
        ("Gempa di Palu.", ("palu",), "Gempa di <mark>Palu</mark>."),
        ("KTP-nya Hilang", ("ktp-nya",), "<mark>KTP-nya</mark> Hilang"),
        ("Anak-anak Belajar", ("anak-anak",), "<mark>Anak-anak</mark> Belajar"),
        ("Jum’at Kelabu", ("jumat",), "<mark>Jum’at</mark> Kelabu"),
        ("Dana Rp1,5 Miliar", ("1,5",), "Dana Rp<mark>1,5</mark> Miliar"),
        ("Kerja Sama Iran", ("kerja", "sama"), "<mark>Kerja Sama</mark> Iran"),
        ("Jawa-Bali", ("jawa", "bali"), "<mark>Jawa-Bali</mark>"),
        ("Iran, Rusia", ("iran", "rusia"), "<mark>Iran</mark>, <mark>Rusia</mark>"),
        (
            "<b>Iran</b> & 'Rusia'",
            ("iran",),
            "&lt;b&gt;<mark>Iran</mark>&lt;/b&gt; &amp; &#39;Rusia&#39;",
        ),
        ("Café de Paris", ("cafe",), "<mark>Café</mark> de Paris"),
        ("Inflasi 5% Lagi", ("persen",), "Inflasi 5<mark>%</mark> Lagi"),
        ("", (), ""),
    ],
)
def test_titles(title: str, wanted: tuple[str, ...], expected: str) -> None:
    assert highlight_title(title, list_starts(title, *wanted)) == expected


FILLER = "Kata pengisi yang tidak dicari siapa pun di sini. " * 20


def test_a_snippet_without_matches_is_the_beginning() -> None:
    snippet = make_snippet("Awal berita.\nParagraf dua. " + FILLER, NO_PASSAGE)
    assert snippet.startswith("Awal berita. Paragraf dua.")
    assert snippet.endswith("\u00a0…")
    assert len(snippet) <= DEFAULT_SNIPPET + 2


def test_a_snippet_shows_the_stretch_with_most_different_words() -> None:
    body = f"Gempa gempa gempa. {FILLER}Lalu gempa mengguncang Palu kemarin. {FILLER}"
    snippet = cut_snippet(body, occur(body, "gempa", "palu"))
    assert "<mark>gempa</mark> mengguncang <mark>Palu</mark>" in snippet
    assert snippet.startswith("…\u00a0Lalu gempa".replace("gempa", "<mark>gempa</mark>"))
    assert snippet.endswith("\u00a0…")


def test_a_snippet_begins_with_a_word() -> None:
    body = f"{FILLER},Gempa mengguncang Palu. {FILLER}"
    assert cut_snippet(body, occur(body, "palu")).startswith("…\u00a0Gempa mengguncang <mark>")


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("", []),
        ("Palu tenang.", ["<mark>Palu</mark> tenang."]),
        ("\n Satu \n\n\tke Palu\nPalu\n", ["Satu", "ke <mark>Palu</mark>", "<mark>Palu</mark>"]),
        ("<i>Palu</i>\r\n&", ["&lt;i&gt;<mark>Palu</mark>&lt;/i&gt;", "&amp;"]),
    ],
)
def test_paragraphs(body: str, paragraphs: list[str]) -> None:
    assert mark_paragraphs(body, list_starts(body, "palu")) == paragraphs


def test_a_place_behind_the_body_is_not_marked() -> None:
    assert mark_paragraphs("Tenang.", [7]) == ["Tenang."]


def test_of_equal_stretches_the_earliest_is_shown() -> None:
    body = f"Palu tenang. {FILLER}Palu lagi. {FILLER}"
    assert cut_snippet(body, occur(body, "palu")).startswith("<mark>Palu</mark> tenang.")


def test_a_raised_digit_is_a_token_of_its_own() -> None:
    assert highlight_title("A¹", [0]) == "<mark>A</mark>¹"


def test_a_short_body_is_shown_whole() -> None:
    assert make_snippet("Palu tenang.", NO_PASSAGE) == "Palu tenang."
    assert make_snippet("", NO_PASSAGE) == ""


WORDS = ["Gempa", "palu", "anak-anak", "Rp1,5", "jum’at", "5%", "S.H.", "é", "x" * 90]
PIECES = [*WORDS, "<b>", "&amp;", ".", "\n"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=120).map(" ".join) | st.text()


@given(text=TEXTS, wanted=st.sets(st.integers(0, 30)))
def test_without_marks_a_snippet_is_part_of_the_text(text: str, wanted: set[int]) -> None:
    tokens = tokenize(text)
    occurrences = [
        Occurrence(False, place, tokens[place].start, place % 3)
        for place in sorted(wanted)
        if place < len(tokens)
    ]
    starts = [one.start for one in occurrences]
    for one in occurrences:
        token = tokens[one.position]
        marked = mark(text, [token.start], end=token.end)
        assert unescape(marked).endswith(f"<mark>{text[token.start : token.end]}</mark>")
    assert strip_marks(highlight_title(text, starts)) == text
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    assert [strip_marks(one) for one in mark_paragraphs(text, starts)] == lines
    snippet = cut_snippet(text, occurrences)
    shown = strip_marks(snippet.removeprefix("…\u00a0").removesuffix("\u00a0…"))
    assert shown in re.sub(r"[\n\t\r]", " ", text)
    assert len(shown) <= DEFAULT_SNIPPET + 5
    assert ("<mark>" in snippet) == bool(occurrences)


@given(
    st.lists(st.sampled_from(["padi", "sawah", "di", "pemerintah"]), min_size=1, max_size=400),
    st.integers(MIN_SNIPPET, MAX_SNIPPET),
)
def test_a_snippet_of_any_length_shows_a_match(words: list[str], characters: int) -> None:
    body = " ".join([*words, "panen", *words])
    snippet = cut_snippet(body, occur(body, "panen"), characters=characters)
    assert "<mark>panen</mark>" in snippet
    assert len(strip_marks(snippet)) <= characters + 30
