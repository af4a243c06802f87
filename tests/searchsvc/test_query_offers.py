"""What a reader is told of an answer, and offered beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from searchsvc.request import SearchRequest, SearchResponse
from searchsvc.search import run_search

ANALYZER = Analyzer()
#: A Friday.
TODAY = date(2022, 7, 22)
Search = Callable[..., SearchResponse]

ARTICLES = [
    Article(
        "situ",
        "Mahkamah di Tepi Situ",
        "Mahkamah bersidang di tepi situ, Rabu (20/7/2022).",
        authors=["Siti Marhamah"],
        source="kabarnusa.example",
        category="Hukum",
        tags=["sidang", "mahkamah agung"],
        published_at="2022-07-20",
    ),
    Article(
        "banjir",
        "Banjir Surut",
        "Banjir surut pada Senin. Kabarnya warga pulang.",
        authors=["Siti Marhamah", "Adi Nugroho"],
        source="Harian Ladang",
        category="Daerah",
        tags=["qris"],
        published_at="2022-07-21",
    ),
    Article(
        "wabah",
        "Wabah Baru",
        "Kasus Covid bertambah menjadi 21 orang.",
        authors=["Adi Nugroho"],
        source="Harian Ladang",
        category="Kesehatan",
        published_at="2021-01-05",
    ),
    Article("angka", "Angka", "Ada 19 ekor ayam di sana, dua belas di sini.", category="Daerah"),
]


@pytest.fixture
def search(brute_engine: BruteForceEngine) -> Search:
    """Search for a query, with further fields of the request by name."""
    index_articles(brute_engine, ARTICLES, Analyzer())

    def run(q: str, **fields: Any) -> SearchResponse:
        request = SearchRequest(q=q, **fields)
        return run_search(brute_engine, request, analyzer=ANALYZER, today=TODAY)

    return run


@pytest.mark.parametrize(
    ("q", "message", "offered"),
    [
        ("siti marhamah", "Ada 2 artikel oleh Siti Marhamah: ", 'penulis:"Siti Marhamah"'),
        ('"Siti Marhamah"', "Ada 2 artikel oleh Siti Marhamah: ", 'penulis:"Siti Marhamah"'),
        ("marhamah", "Ada 2 artikel oleh Siti Marhamah: ", 'penulis:"Siti Marhamah"'),
        ("nugroho adi", "Ada 2 artikel oleh Adi Nugroho: ", 'penulis:"Adi Nugroho"'),
        ("kabarnusa", "Ada 1 artikel dari kabarnusa.example: ", "sumber:kabarnusa.example"),
        ("harian ladang", "Ada 2 artikel dari Harian Ladang: ", 'sumber:"Harian Ladang"'),
        ("qris", "Ada 1 artikel dengan tag qris: ", "tag:qris"),
        ("kesehatan", "Ada 1 artikel dalam kategori kesehatan: ", "kategori:kesehatan"),
    ],
)
def test_names_typed_as_words_are_offered(
    search: Search, q: str, message: str, offered: str
) -> None:
    response = search(q)
    assert [(note.code, note.query) for note in response.notes] == [("label", offered)]
    assert response.notes[0].message == message + offered
    assert search(offered).total == int(message.split()[1])


def test_parts_of_a_query_are_offered_where_it_lacks_hits(search: Search) -> None:
    notes = search("banjir siti marhamah").notes
    assert [(note.code, note.query) for note in notes] == [
        ("relaxed", ""),
        ("label", 'penulis:"Siti Marhamah"'),
    ]


@pytest.mark.parametrize(
    ("q", "fields"),
    [
        ("banjir surut", {}),
        ("sidang", {}),  # a tag, and the words find as many
        ('penulis:"Siti Marhamah"', {}),
        ("marhamah -banjir", {}),
        ("adi nugroho", {"filters": {"category": ("Hukum",)}}),  # none left there
    ],
)
def test_nothing_is_offered_without_need(search: Search, q: str, fields: dict[str, Any]) -> None:
    assert [note for note in search(q, **fields).notes if note.code == "label"] == []


@pytest.mark.parametrize(
    ("q", "offered", "first"),
    [
        ("sidang juli 2022", "sidang tanggal:2022-07", "situ"),
        ("juli 2022", "tanggal:2022-07", "situ"),  # "(20/7/2022)" has the month
        ("gubernur Juli 2022", "tanggal:2022-07", "situ"),
        ("sidang januari 2019", "", "situ"),
        ("sidang 20 juli 2022", "sidang tanggal:2022-07-20", "situ"),
        ("sidang 20/7/2022", "sidang tanggal:2022-07-20", "situ"),
        ("sidang 20-7-22", "sidang tanggal:2022-07-20", "situ"),
        ("sidang 20 jul 2022 situ", "sidang situ tanggal:2022-07-20", "situ"),
        ("19 ekor 2022", "", "angka"),
        ("sidang 2-1-1", "", "situ"),  # of 2001, when there was nothing
        ("banjir kemarin", "banjir tanggal:kemarin", "banjir"),
        ("banjir minggu ini", "banjir tanggal:minggu-ini", "banjir"),
        ("kabar sidang bulan ini", "kabar sidang tanggal:bulan-ini", "situ"),
        ("banjir hari ini", "", "banjir"),  # nothing of that day
    ],
)
def test_days_among_words(search: Search, q: str, offered: str, first: str) -> None:
    response = search(q)
    assert response.hits[0].id == first
    offers = [note.query for note in response.notes if note.code == "dated"]
    assert offers == ([offered] if offered else [])
    if offered:
        assert search(offered).total > 0


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("covid-19", ["wabah"]),
        ("flu-19", []),
        ("ayam -covid-19", ["angka"]),
        ("covid-ayam", ["angka", "wabah"]),
    ],
)
def test_the_number_of_a_hyphenated_word_is_not_enough(
    search: Search, q: str, found: list[str]
) -> None:
    assert sorted(hit.id for hit in search(q).hits) == found


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("kategori:hukum atau kategori:kesehatan", ["situ", "wabah"]),
        ("covid kategori:hukum atau kategori:kesehatan", ["wabah"]),
        ("kategori:hukum atau kategori:tidakada", ["situ"]),
        ("-kategori:hukum", ["angka", "banjir", "wabah"]),
    ],
)
def test_any_of_labels_joined_by_atau(search: Search, q: str, found: list[str]) -> None:
    assert sorted(hit.id for hit in search(q).hits) == found


@pytest.mark.parametrize(
    ("q", "codes", "lacking"),
    [
        ("bnajir surut", ["corrected"], ""),
        # The best hit has the guess: the other word is what is lacking.
        ("bnajir bersidang", ["corrected", "relaxed"], "Dengan ejaan itu pun tidak ada"),
        # The best hit has other words only: it is no hit for the guess.
        ("bersidang mahkamah situ bnajir", ["relaxed"], "Tidak ada artikel yang memuat semua"),
        ("banjir ayam", ["relaxed"], "Tidak ada artikel yang memuat semua"),
    ],
)
def test_what_was_spelt_otherwise_is_said_before_what_is_lacking(
    search: Search, q: str, codes: list[str], lacking: str
) -> None:
    notes = search(q).notes
    assert [note.code for note in notes] == codes
    if lacking:
        assert notes[-1].message.startswith(lacking)


@pytest.mark.parametrize(
    ("q", "offered"),
    [
        ("penulis:siti marhmah", 'penulis:"Siti Marhamah"'),
        ("penulis:siti marhamah", 'penulis:"Siti Marhamah"'),
        ("penulis:siti marhmah banjir", 'penulis:"Siti Marhamah" banjir'),
        ('banjir penulis:"siti marhmah"', 'banjir penulis:"Siti Marhamah"'),
        ("penulis:marhmah", "penulis:marhamah"),
        ("kategori:kesehatn", "kategori:kesehatan"),
        ("wabah kategori:kesehatn orang", "wabah kategori:kesehatan orang"),
        ("sumber:kabrnusa.example", "sumber:kabarnusa.example"),
        ("tag:qris kategori:daera", "tag:qris kategori:daerah"),
        ("kategori:kesehatan", ""),
        ("kategori:entahlah", ""),
        ("kategori:kesehatn mahkamah", ""),
        ("-kategori:kesehatn wabah", ""),
    ],
)
def test_labels_with_a_slip_are_offered_as_they_are(search: Search, q: str, offered: str) -> None:
    response = search(q)
    offers = [note.query for note in response.notes if note.code == "did_you_mean"]
    assert offers == ([offered] if offered else [])
    if offered:
        found = search(offered)
        assert found.total >= max(1, response.total)
        assert "relaxed" not in [note.code for note in found.notes]
