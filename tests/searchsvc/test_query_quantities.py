"""What is one amount, measure, law or model in a query is one thing in articles."""

from __future__ import annotations

import pytest
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from searchsvc.request import SearchRequest, SearchResponse
from searchsvc.search import run_search

ANALYZER = Analyzer()

#: The query, a text that has it, and one that only has its parts.
WHOLE = [
    ("anggaran Rp 1,5 T", "Anggaran Rp1,5 triliun disetujui.", "Anggaran 1,5 kali Rp 3 T."),
    ("anggaran 1,5 T", "Anggaran Rp1,5 triliun disetujui.", "Anggaran tahap T, 1,5 kali."),
    ("hadiah 1 M", "Hadiah Rp 1 miliar.", "Hadiah M untuk 1 orang."),
    ("jajan 10rb", "Uang jajan Rp 10.000 sehari.", "Jajan bersama RB, 10 orang."),
    ("gaji 5 jt", "Gaji 5 juta sebulan.", "Gaji 2 juta, naik 5 kali."),
    ("sabu 5kg", "Sabu 5 kilogram disita.", "Sabu 2 kg dan 5 orang."),
    ("sabu 5 kg", "Sabu 5 kg disita.", "Sabu 2 kg dan 5 orang."),
    ("ngebut 80 kilometer per jam", "Ngebut 80 km/jam.", "Ngebut 3 kilometer, 80 per jam."),
    ("kamera 64 megapiksel", "Kamera 64MP.", "Kamera 8 megapiksel, 64 orang."),
    ("ponsel 128gb", "Ponsel 128 gigabyte.", "Ponsel 8 GB, 128 orang."),
    ("mesin 500 cc", "Mesin 500cc.", "Mesin 250 cc, 500 orang."),
    ("laptop 14 inch", "Laptop 14 inci.", "Laptop 13 inch, 14 orang."),
    ("ngebut 80 kpj", "Ngebut 80 kilometer per jam.", "Ngebut 80 hari."),
    ("gempa 5,3 sr", "Gempa M 5,3 terasa.", "Gempa 4,1 SR, 5,3 menit."),
    ("gempa m5,3", "Gempa magnitudo 5,3 terasa.", "Gempa M 4,1 selama 5,3 menit."),
    ("gempa mag 5,3", "Gempa 5,3 skala richter.", "Gempa selama 5,3 menit."),
    ("uu no 13 tahun 2003", "UU Nomor 13 Tahun 2003 itu.", "UU no 7 tahun 2003, 13 orang."),
    ("uu nomor 13 tahun 2003", "Menurut UU 13/2003.", "UU nomor 7 tahun 2003, 13 orang."),
    ("uu 13/2003", "UU No. 13 Tahun 2003 itu.", "Kata UU, 13 Mei 2003."),
    ("perda no 8 2007", "Perda Nomor 8 Tahun 2007.", "Perda no satu, 8 orang 2007."),
    ("permenhub 12 tahun 2019", "Permenhub Nomor 12 Tahun 2019.", "Permenhub 2019, 12 tahun."),
    ("galaxy s 10", "Galaxy S10 terbaru.", "Galaxy S untuk 10 orang."),
    ("timnas u 17", "Timnas U-17 menang.", "Timnas U punya 17 pemain."),
]


def ask(engine: BruteForceEngine, texts: dict[str, str], q: str) -> SearchResponse:
    articles = [Article(name, "Kabar", body) for name, body in texts.items()]
    index_articles(engine, articles, Analyzer())
    return run_search(engine, SearchRequest(q=q), analyzer=ANALYZER)


@pytest.mark.parametrize(("q", "whole", "parts"), WHOLE)
def test_parts_apart_are_not_the_whole(
    brute_engine: BruteForceEngine, q: str, whole: str, parts: str
) -> None:
    answer = ask(brute_engine, {"whole": whole, "parts": parts}, q)
    assert [hit.id for hit in answer.hits] == ["whole"]
    assert answer.notes == []


def test_without_any_such_article_the_parts_are_words(brute_engine: BruteForceEngine) -> None:
    answer = ask(brute_engine, {"parts": "Sabu 2 kg dan 5 orang."}, "sabu 5 kg")
    assert [hit.id for hit in answer.hits] == ["parts"]


@pytest.mark.parametrize(
    "q",
    [
        "liga 1 2020",  # no regulation
        "remaja 19 tahun 2019",
        "bmw m 5",
    ],
)
def test_numbers_that_only_follow_one_another_are_words(
    brute_engine: BruteForceEngine, q: str
) -> None:
    texts = {
        "words": "Remaja BMW Liga M, pada 2019 dan 2020, 1 kali, 5 orang, 19 tahun.",
        "other": "Nomor 1 tahun 2020, nomor 19 tahun 2019, 5 SR.",
    }
    assert [hit.id for hit in ask(brute_engine, texts, q).hits] == ["words"]


def test_a_date_does_not_make_a_query_long(brute_engine: BruteForceEngine) -> None:
    texts = {
        "day": "Gempa di Palu, Selasa (10/9/2019).",
        **{f"other{place}": f"Gempa di Palu {place}." for place in range(200)},
    }
    answer = ask(brute_engine, texts, "gempa palu 10 sept 2019")
    assert [hit.id for hit in answer.hits] == ["day"]
    assert answer.notes == []


@pytest.mark.parametrize(
    ("q", "written"),
    [
        ("emak2", "emak-emak"),
        ("tiba2", "tiba-tiba"),
        ("gara2nya", "gara-garanya"),
        ("kab blitar", "kabupaten Blitar"),
        ("tgl merah", "tanggal merah"),
        ("mhs blitar", "mahasiswa Blitar"),
    ],
)
def test_short_writing(brute_engine: BruteForceEngine, q: str, written: str) -> None:
    answer = ask(brute_engine, {"it": f"Ada {written} kini.", "not": "Ada orang di sana."}, q)
    assert [hit.id for hit in answer.hits] == ["it"]
    assert answer.notes == []


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("bln depan", "month"),  # *bulan depan* is a phrase
        ("bln boyolali", "company"),
        ("bln", "company"),
    ],
)
def test_an_acronym_is_not_read_as_an_abbreviation(
    brute_engine: BruteForceEngine, q: str, first: str
) -> None:
    texts = {
        "company": "Koperasi BLN Boyolali diusut. BLN diam. Kata BLN, ada bulan sabit.",
        "month": "Festival digelar bulan depan.",
        **{f"month{place}": f"Acara {place} bulan depan." for place in range(40)},
    }
    hits = [hit.id for hit in ask(brute_engine, texts, q).hits]
    assert hits[0].startswith(first)
    assert len(hits) == 1 or first == "month"


def test_an_abbreviation_is_as_frequent_as_what_it_stands_for(
    brute_engine: BruteForceEngine,
) -> None:
    """The name that articles do not have beside it is what the query is about."""
    texts = {
        "name": "Banjir di Pluit surut.",
        "rare": "Kel. Baru bersih.",
        **{f"other{place}": f"Kelurahan nomor {place} bersih." for place in range(60)},
    }
    answer = ask(brute_engine, texts, "kel pluit")
    assert [hit.id for hit in answer.hits][:1] == ["name"]
