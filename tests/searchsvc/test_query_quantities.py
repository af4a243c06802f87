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


@pytest.mark.parametrize(
    ("q", "written"),
    [
        # The letter belongs to the word before it.
        ("serie a 10 gol", "Di Serie A ada 10 gol."),
        ("vitamin c 5 manfaat", "Lima (5) manfaat vitamin C."),
        ("grup b 2 kemenangan", "Kanada di grup B: 2-1, 2 kemenangan."),
        ("grup a 3 tim", "Ada 3 tim di grup A."),
        ("inisial m 25 ditangkap", "Pria (25) inisial M ditangkap."),
        ("plan b 3", "Ada 3 plan B."),
        ("tipe c 2 port", "Laptop dengan 2 port tipe C."),
        ("hepatitis b 5 gejala", "Ada 5 gejala hepatitis B."),
        ("sim c 2 tahun", "SIM C berlaku 2 tahun."),
        ("formula e 20", "Formula E dengan 20 mobil."),
        # An hour, not a speed.
        ("macet 10 km jam 7", "Macet 10 km sejak jam 7."),
        ("lari 5 km jam 6", "Jam 6 lari 5 km."),
        ("banjir 2 kilometer jam 9", "Banjir 2 kilometer pada jam 9."),
        # A rank, no law.
        ("petenis nomor 1 2022", "Pada 2022 ia petenis nomor 1."),
        ("paslon nomor 2 2019", "Pada 2019, paslon nomor 2 menang."),
        ("capres no 1 2019", "Capres no 1 pada 2019."),
    ],
)
def test_what_only_looks_like_a_quantity_is_words(
    brute_engine: BruteForceEngine, q: str, written: str
) -> None:
    """Although articles about other things have the row."""
    rows = "Kode A 10, C 5, B 2, A 3, M 25, B 3, C 2, B 5, E 20. Melaju 10 km/jam, 5 km/jam. Arus "
    others = {
        "rows": rows + "2 kilometer/jam. Perda nomor 1 2022, no 2 2019, no 1 2019.",
        "all": "Nomor 1 2022, nomor 2 2019, A 17, X 5.",
    }
    answer = ask(brute_engine, {"it": written, **others}, q)
    assert [hit.id for hit in answer.hits] == ["it"]
    assert answer.notes == []


@pytest.mark.parametrize("q", ["ngebut 80 km/jam", "jarak sabu 5 kg", "galaxy promo s 10"])
def test_a_quantity_that_no_answer_has_is_words(brute_engine: BruteForceEngine, q: str) -> None:
    """That articles about other things have it changes nothing."""
    texts = {
        "other": "Angin 80 km/jam. Emas 5 kg. Kode S10.",
        "parts": "Ngebut 3 km/jam, 80 kali. Jarak sabu 2 kg, 5 orang. Galaxy S promo 10.",
    }
    answer = ask(brute_engine, texts, q)
    assert [hit.id for hit in answer.hits] == ["parts"]
    assert answer.notes == []


@pytest.mark.parametrize(
    ("q", "first"),
    [("bpk jokowi", "auditors"), ("bpk temuan", "auditors"), ("bpk tua", "father")],
)
def test_a_frequent_acronym_is_what_it_says(
    brute_engine: BruteForceEngine, q: str, first: str
) -> None:
    """Unless the phrase is far more frequent than the acronym."""
    texts = {
        **{f"auditors{place}": f"Temuan BPK {place}. Jokowi hadir, BPK." for place in range(35)},
        **{f"father{place}": f"Bapak Jokowi ke pasar {place}." for place in range(33)},
        **{f"father-tua{place}": f"Bapak tua {place} itu." for place in range(70)},
    }
    assert ask(brute_engine, texts, q).hits[0].id.startswith(first)


@pytest.mark.parametrize("q", ["asap kab", "asap kel", "asap prov"])
def test_an_abbreviation_may_also_be_a_beginning(brute_engine: BruteForceEngine, q: str) -> None:
    texts = {
        "long": "Asap di kabupaten, kelurahan dan provinsi.",
        "begun": "Asap dan kabut, keluhan, provokasi.",
    }
    answer = ask(brute_engine, texts, q)
    assert {hit.id for hit in answer.hits} == {"long", "begun"}
    assert answer.notes == []
