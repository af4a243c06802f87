"""What a short form stands for beside other words, and which short form words stand for."""

from __future__ import annotations

import pytest
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.engine.base import Form
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from searchsvc.query.context import open_context
from searchsvc.query.expand import QueryTerm, find_variants

ARTICLES = {
    "mk1": "Sidang Mahkamah Konstitusi membacakan putusan. Hakim Mahkamah Konstitusi hadir.",
    "mk2": "Gugatan ke Mahkamah Konstitusi ditolak dalam putusan siang tadi.",
    "pmi1": "Palang Merah Indonesia menggelar donor darah. Stok darah menipis.",
    "pmi2": "Kantong darah di Palang Merah Indonesia terisi.",
    "pmi3": "Pekerja Migran Indonesia dipulangkan dari Malaysia.",
    "pmi4": "Upah Pekerja Migran Indonesia di Malaysia naik.",
    "pks1": "Partai Keadilan Sejahtera memilih ketua. Partai lain menyusul.",
    "pks2": "Limbah pabrik kelapa sawit mencemari sungai. Warga menolak sawit.",
    "pt1": "Pengadilan Tinggi mengubah vonis terdakwa.",
    "pt2": "Direktur PT Antam menjual emas. Laba PT Antam naik.",
    "nick1": "Menteri Darmono Wirasena yang akrab disapa Kang Mono datang. Kang Mono tersenyum.",
    "nick2": "Kang Mono menyapa warga. Darmono Wirasena lalu pulang.",
    "nick3": "Kang Mono bernyanyi bersama warga.",
    "rudy1": "Sutejo Prawira yang akrab disapa Rudy menang.",
    "rudy2": "Rudy lain kalah. Rudy ketiga menonton. Rudy keempat juga.",
    "rudy3": "Kata Rudy, cuaca cerah.",
    "rudy4": "Pelari bernama Rudy cedera.",
    "lkb1": "Gudang LKB penuh beras. Pengurus lumbung kampung itu bangga, kata ketua LKB.",
    "lkb2": "Beras LKB dibagikan. Lumbung kampung itu ramai, kata pengurus LKB.",
    "lkb3": "Panen masuk LKB. Menurut pengurus LKB, lumbung di kampung itu cukup.",
    "other": "Warga bakti polisi berjaga. Pemuda bakti polisi bernyanyi.",
    "third": "Warga kampung bakti polisi menanam pohon. Lagu bakti dinyanyikan.",
    "fourth": "Lagu bakti itu ramai. Kantin bakti lapangan dibangun.",
    "fifth": "Lapangan dan kantin dibangun. Kantin lapangan ramai.",
    "sixth": "Lapangan, kantin, dan bilik dibangun. Bilik kecil. Bilik besar.",
    "seventh": "Bilik kecil dan bilik besar dibuka. Kantin dan lapangan menyusul.",
}


def say(engine: BruteForceEngine, query: str) -> set[str]:
    """How else the rules of acronyms say words of ``query``."""
    index_articles(
        engine, [Article(name, "Kabar", body) for name, body in ARTICLES.items()], Analyzer()
    )
    analyzer = Analyzer()
    with engine.snapshot() as snapshot:
        context = open_context(engine, snapshot, analyzer=analyzer)
        words = [
            QueryTerm(
                token.text,
                stem,
                context.count(token.text),
                snapshot.statistics(stem, Form.STEM).documents,
            )
            for token, stem in analyzer.analyse_text(query)
        ]
        return {
            " ".join(variant.terms)
            for variant in find_variants(words, context)
            if variant.rule in ("acronym", "initials") and variant.weight >= 0.4
        }


@pytest.mark.parametrize(
    ("query", "senses"),
    [
        ("pmi", {"palang merah indonesia", "pekerja migran indonesia"}),
        ("pmi darah", {"palang merah indonesia"}),
        ("donor darah pmi", {"palang merah indonesia"}),
        ("pmi malaysia", {"pekerja migran indonesia"}),
        ("pks sawit", {"pabrik kelapa sawit"}),
        ("ketua partai pks", {"partai keadilan sejahtera"}),
        ("putusan mk", {"mahkamah konstitusi"}),
        ("vonis pt", {"pengadilan tinggi"}),
        ("pt antam", set()),
        ("laba pt antam", set()),
        ("kang mono", {"darmono wirasena"}),
        ("darmono wirasena", {"kang mono"}),
        ("rudy", set()),  # others are called so, too
    ],
)
def test_a_short_form_has_the_sense_that_fits(
    brute_engine: BruteForceEngine, query: str, senses: set[str]
) -> None:
    assert say(brute_engine, query) == senses


@pytest.mark.parametrize(
    ("query", "short_forms"),
    [
        ("lumbung kampung bakti", {"lkb"}),
        ("sidang terdakwa malaysia", set()),  # no such acronym
        ("lapangan kantin bilik", set()),  # LKB, which is not of these words
    ],
)
def test_initials_are_taken_for_a_short_form_that_the_words_explain(
    brute_engine: BruteForceEngine, query: str, short_forms: set[str]
) -> None:
    assert say(brute_engine, query) == short_forms
