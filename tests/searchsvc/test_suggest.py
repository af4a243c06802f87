"""What is suggested while a person types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from searchsvc.suggest import RARE_PART, Suggestion, suggest

ANALYZER = Analyzer()
ARTICLES = [
    Article("a", "Gempa Guncang Palu", "Gempa bumi mengguncang Palu, warga mengungsi."),
    Article("b", "Warga Palu Mengungsi", "Warga mengungsi setelah gempa bumi di Palu."),
    Article("c", "Gemar Membaca di Kota", "Warga kota gemar membaca buku yang bagus."),
    Article("d", "Gempa Guncang Palu", "Kabar yang sama dari tempat lain, warga tenang."),
]


@pytest.fixture(scope="module")
def engine() -> BruteForceEngine:
    made = BruteForceEngine()
    index_articles(made, ARTICLES, Analyzer())
    return made


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("gem", ["gempa", "gemar"]),
        ("Gem", ["gempa", "gemar"]),
        ("warga m", ["warga mengungsi", "warga membaca", "warga mengguncang"]),
        ("warga  kota g", ["warga kota gemar"]),
        ("gempa y", []),
        ("gempa ", ["gempa guncang"]),
        ("zzz", []),
        ("", []),
        ("yan", []),
        ("5", []),
    ],
)
def test_terms_finish_the_last_word(engine: BruteForceEngine, typed: str, terms: list[str]) -> None:
    found = suggest(engine, typed, 8)
    assert [one.text for one in found if one.kind == "term"] == terms


def test_slips_are_not_offered_beside_a_frequent_word() -> None:
    made = BruteForceEngine()
    articles = [Article(f"a{n}", "Kabar", "Gempa bumi lagi.") for n in range(RARE_PART + 1)]
    articles.append(Article("b", "Kabar", "Gempa bumidengan kekuatan besar."))
    articles.extend(Article(f"c{n}", "Kabar", "Gempa bumiputra.") for n in range(2))
    index_articles(made, articles, ANALYZER)
    for typed, offered in (("gempa bumi", ["gempa bumiputra"]), ("bumi", ["bumiputra"])):
        assert [one.text for one in suggest(made, typed) if one.kind == "term"] == offered


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("guncang pa", ["Gempa Guncang Palu"]),
        ("palu", ["Gempa Guncang Palu", "Warga Palu Mengungsi"]),
        ("palu gempa", ["Gempa Guncang Palu"]),
        ("palu ", ["Gempa Guncang Palu", "Warga Palu Mengungsi"]),
        ("membaca di k", ["Gemar Membaca di Kota"]),
    ],
)
def test_titles_have_all_the_words(engine: BruteForceEngine, typed: str, titles: list[str]) -> None:
    found = suggest(engine, typed, 8)
    assert sorted(one.text for one in found if one.kind == "article") == titles
    assert all(one.id for one in found if one.kind == "article")


def test_json() -> None:
    assert Suggestion("gempa", "term").to_dict() == {"text": "gempa", "kind": "term"}
    assert Suggestion("Judul", "article", "a").to_dict()["id"] == "a"


@given(typed=st.text(max_size=20), limit=st.integers(0, 5))
def test_never_more_than_asked_for_and_none_twice(typed: str, limit: int) -> None:
    made = BruteForceEngine()
    index_articles(made, ARTICLES, ANALYZER)
    found = suggest(made, typed, limit)
    assert len(found) <= limit
    assert len({one.text.lower() for one in found}) == len(found)


def test_titles_tell_the_next_word_and_other_inflections_and_labels_begin_alike() -> None:
    made = BruteForceEngine()
    articles = [
        Article(
            "a", "Pelabuhan Hadapi Serangan Teroris", "Uji kesiapan.", authors=["Serafina Lubis"]
        ),
        Article("b", "Kawanan Monyet Menyerang Kebun", "Warga resah."),
    ]
    index_articles(made, articles, Analyzer())
    found = suggest(made, "serangan")
    assert Suggestion("serangan teroris", "term") in found
    assert [one.id for one in found if one.kind == "article"] == ["a", "b"]
    assert Suggestion("Serafina Lubis", "term") in suggest(made, "sera")
