"""Values of a facet that begin as typed, counted within a query."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.errors import UnknownName
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from indexer.schema import LABEL_FACETS
from searchsvc.facet_search import search_facet
from searchsvc.request import FacetValues, SearchRequest
from searchsvc.search import run_search

ANALYZER = Analyzer()

ROWS = [
    # text, source, authors, tags, day
    ("banjir bandang", "antaranews.com", ["Siti Marhamah"], ["banjir", "Jawa Barat"], "2023-01-05"),
    ("banjir rob", "antaranews.com", ["Mario Siahaan"], ["banjir", "pesisir"], "2023-01-06"),
    ("banjir surut", "Kabar Antara", ["Siti Marhamah", "Umar"], ["banjir"], "2023-02-01"),
    ("gempa bumi", "kompas.com", ["Éva Martina"], ["gempa", "jawa timur"], "2023-02-02"),
    ("gempa susulan", "kompas.com", ["Al-Maruf Idris"], ["gempa"], "2023-02-03"),
    ("harga beras", "Pasar Minggu", ["Umar"], ["pasar", "beras (medium)"], "2023-03-03"),
    ("harga cabai", "pasarminggu.example", ["Umar"], ["pasar", "C++"], "2023-03-04"),
]


@pytest.fixture(scope="module")
def engine() -> BruteForceEngine:
    made = BruteForceEngine()
    articles = [
        Article(
            f"a{number}",
            text.title(),
            f"Isi {text}.",
            source=source,
            authors=authors,
            tags=tags,
            category="Bencana" if number < 5 else "Ekonomi",
            published_at=f"{day}T08:00:00+07:00",
        )
        for number, (text, source, authors, tags, day) in enumerate(ROWS)
    ]
    index_articles(made, articles, Analyzer())
    return made


def find(
    engine: BruteForceEngine, facet: str, prefix: str = "", limit: int = 100, **asked: Any
) -> FacetValues:
    request = SearchRequest(**asked)
    return search_facet(engine, facet, prefix, request, limit, analyzer=ANALYZER)


def write(found: FacetValues) -> str:
    return ", ".join(
        f"{one.value} {one.count}{'*' if one.selected else ''}" for one in found.values
    )


@pytest.mark.parametrize(
    ("facet", "prefix", "expected"),
    [
        ("authors", "siti", "Siti Marhamah 2"),
        ("authors", "MAR", "Siti Marhamah 2, Al-Maruf Idris 1, Mario Siahaan 1, Éva Martina 1"),
        ("authors", "siti mar", "Siti Marhamah 2"),
        ("authors", "  siti   mar ", "Siti Marhamah 2"),
        ("authors", "mar siti", ""),
        ("authors", "eva", "Éva Martina 1"),
        ("authors", "Éva", "Éva Martina 1"),
        ("authors", "arhamah", ""),
        ("authors", "al-m", "Al-Maruf Idris 1"),
        ("authors", "u", "Umar 3"),
        ("source", "com", "antaranews.com 2, kompas.com 2"),
        ("source", "antara", "antaranews.com 2, Kabar Antara 1"),
        ("tags", "JAWA", "jawa barat 1, jawa timur 1"),
        ("tags", "C+", "c++ 1"),
        ("tags", "[", ""),
        ("tags", "beras (", "beras (medium) 1"),
        ("tags", ".*", ""),
        ("tags", "zzz", ""),
        ("category", "", "bencana 5, ekonomi 2"),
    ],
)
def test_values_begin_as_typed_or_have_a_word_that_does(
    engine: BruteForceEngine, facet: str, prefix: str, expected: str
) -> None:
    found = find(engine, facet, prefix)
    assert sorted(write(found).split(", ")) == sorted(expected.split(", "))
    assert [one.count for one in found.values] == sorted(
        (one.count for one in found.values), reverse=True
    )
    assert found.total == len(found.values)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "banjir"}, "Siti Marhamah 2, Mario Siahaan 1"),
        ({"q": "gempa"}, "Al-Maruf Idris 1, Éva Martina 1"),
        ({"q": "banjir sumber:antaranews.com"}, "Mario Siahaan 1, Siti Marhamah 1"),
        (
            {"q": "banjir", "filters": {"source": ("antaranews.com",)}},
            "Mario Siahaan 1, Siti Marhamah 1",
        ),
        ({"q": "banjir", "date_from": "2023-01-06"}, "Mario Siahaan 1, Siti Marhamah 1"),
        ({"q": "banjir -rob"}, "Siti Marhamah 2"),
        ({"filters": {"category": ("Ekonomi",)}}, ""),
        # What is chosen of the facet itself does not narrow it.
        (
            {"q": "banjir", "filters": {"authors": ("Mario Siahaan",)}},
            "Siti Marhamah 2, Mario Siahaan 1*",
        ),
        ({"q": "banjir penulis:umar"}, "Siti Marhamah 2, Mario Siahaan 1"),
    ],
)
def test_values_are_counted_within_the_query(
    engine: BruteForceEngine, asked: dict[str, Any], expected: str
) -> None:
    assert write(find(engine, "authors", "mar", **asked)) == expected


def test_only_so_many_are_listed_and_all_are_counted(engine: BruteForceEngine) -> None:
    found = find(engine, "authors", "mar", limit=1)
    assert (found.total, write(found)) == (4, "Siti Marhamah 2")


def test_only_facets_with_labels_have_values(engine: BruteForceEngine) -> None:
    with pytest.raises(UnknownName):
        find(engine, "published_at")


WORDS = [
    "banjir",
    "gempa",
    "bumi",
    "harga",
    "beras",
    "isi",
    "tidakada",
    "-rob",
    "sumber:kompas.com",
]


@given(
    st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join),
    st.sampled_from(["relevance", "newest"]),
    st.dictionaries(
        st.sampled_from(["source", "category", "tags"]),
        st.sampled_from([("kompas.com",), ("bencana",), ("banjir", "gempa"), ("lain",)]),
        max_size=2,
    ),
    st.sampled_from(["", "2023-01-06", "2023-03-01"]),
    st.sampled_from(LABEL_FACETS),
)
@settings(max_examples=60, deadline=None)
def test_counts_are_those_of_the_search(
    engine: BruteForceEngine,
    q: str,
    sort: str,
    filters: dict[str, tuple[str, ...]],
    date_from: str,
    facet: str,
) -> None:
    asked: dict[str, Any] = {"q": q, "sort": sort, "filters": filters, "date_from": date_from}
    found = find(engine, facet, **asked)
    request = SearchRequest(**asked, facets=(facet,))
    response = run_search(engine, request, analyzer=ANALYZER)
    assert found.values == [one for one in response.facets[facet] if one.count]
    assert found.notes == response.notes
