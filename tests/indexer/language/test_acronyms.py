"""Short and long forms: found in text, and looked up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.acronym_table import AcronymTable, load_listed
from indexer.language.acronyms import INITIALS, LETTERS, SYLLABLES, Pair, find_pairs
from indexer.language.tokens import tokenize

FOUND = [
    ("Ketua Komisi Pemberantasan Korupsi (KPK) hadir", "kpk", INITIALS),
    ("kata KPK (Komisi Pemberantasan Korupsi) itu", "kpk", INITIALS),
    ("Badan Meteorologi, Klimatologi, dan Geofisika (BMKG)", "bmkg", INITIALS),
    ("Rancangan Undang-Undang (RUU)", "ruu", INITIALS),
    ("pasal undang-undang (UU)", "uu", INITIALS),
    ("nomor pokok wajib pajak (npwp)", "npwp", INITIALS),
    ("PT ( Perseroan Terbatas )", "pt", INITIALS),
    ("margin bersih (net interest margin/NIM)", "nim", INITIALS),
    ("penyidik Kejaksaan Agung (Kejagung)", "kejagung", SYLLABLES),
    ("Badan Pengawas Pemilu (Bawaslu)", "bawaslu", SYLLABLES),
    ("Menteri Keuangan (Menkeu)", "menkeu", SYLLABLES),
    ("Kementerian Pendidikan dan Kebudayaan (Kemendikbud)", "kemendikbud", SYLLABLES),
    ("Kepolisian Daerah (Polda)", "polda", SYLLABLES),
    ("Polda (Kepolisian Daerah)", "polda", SYLLABLES),
    ("Kepala Kepolisian Resor (Kapolres)", "kapolres", SYLLABLES),
    ("Kepolisian Daerah Jawa Timur (Polda Jatim)", "polda jatim", SYLLABLES),
    ("calon partai politik (parpol)", "parpol", SYLLABLES),
    ("Menteri Pemuda dan Olahraga (Menpora)", "menpora", SYLLABLES),
    ("rekaman closed circuit television (CCTV)", "cctv", SYLLABLES),
    ("oleh Badan Ekonomi Kreatif (BEKraF)", "bekraf", LETTERS),
]

LONG_FORMS = {
    "kpk": "komisi pemberantasan korupsi",
    "bmkg": "badan meteorologi klimatologi dan geofisika",
    "ruu": "rancangan undang-undang",
    "uu": "undang-undang",
    "npwp": "nomor pokok wajib pajak",
    "pt": "perseroan terbatas",
    "nim": "net interest margin",
    "kejagung": "kejaksaan agung",
    "bawaslu": "badan pengawas pemilu",
    "menkeu": "menteri keuangan",
    "kemendikbud": "kementerian pendidikan dan kebudayaan",
    "polda": "kepolisian daerah",
    "kapolres": "kepala kepolisian resor",
    "polda jatim": "kepolisian daerah jawa timur",
    "parpol": "partai politik",
    "menpora": "menteri pemuda dan olahraga",
    "cctv": "closed circuit television",
    "bekraf": "badan ekonomi kreatif",
}

NOT_FOUND = [
    "pada Selasa (10/9/2019)",
    "Kurnadi (55)",
    "gol Saka (85')",
    "PT Pertamina (Persero)",
    "Sebastian Vettel (Ferrari)",
    "dua gestur (senang dan jempol)",
    "militer Israel (IDF)",
    "Sidang selesai. Korupsi (KPK)",
    "baris satu\nKorupsi (KPK)",
    "pemandu karaoke (lc)",
    "kata dan (KD)",
    "(KPK)",
    "()",
    "((((",
    "KPK (KPK)",
    "Budi (baru)",
]


@pytest.mark.parametrize(("text", "short", "strength"), FOUND)
def test_pair_is_found(text: str, short: str, strength: int) -> None:
    assert find_pairs(text) == [Pair(short, LONG_FORMS[short], strength)]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_no_pair(text: str) -> None:
    assert find_pairs(text) == []


@given(st.text(alphabet=st.one_of(st.sampled_from("aAbB (((())) -/dan.,\n'½ﷺ"), st.characters())))
def test_any_text_has_an_answer(text: str) -> None:
    for pair in find_pairs(text):
        assert pair.short
        assert pair.long
        assert [token.text for token in tokenize(pair.short)] == pair.short.split(" ")


@pytest.mark.parametrize("unit", ["(", "aa aa (aaaaaaa) ", "A (A a a a a a a a a a) ", "(a/", "a "])
def test_hostile_text_is_read_to_its_end(unit: str) -> None:
    find_pairs(unit * (50_000 // len(unit)) + "(")


def test_listed_pairs_read_like_text() -> None:
    """The list is read by a short cut; it must give what the tokenizer gives."""
    pairs = load_listed()
    assert len(pairs) >= 1000
    assert len(set(pairs)) == len(pairs)
    for short, long in pairs:
        assert short != long
        for form in (short, long):
            assert form
            assert [token.text for token in tokenize(form)] == form.split(" ")


def test_both_ways() -> None:
    table = AcronymTable(listed=[("kpk", "komisi pemberantasan korupsi")])
    assert table.longs("kpk")[0].terms == ("komisi", "pemberantasan", "korupsi")
    assert table.shorts("komisi pemberantasan korupsi")[0].terms == ("kpk",)
    assert table.longs("xyz") == ()
    assert table.shorts("komisi") == ()


def test_evidence_weighs_what_is_ambiguous() -> None:
    table = AcronymTable(
        {"dpd": [("dewan pimpinan daerah", 30), ("dewan perwakilan daerah", 10), ("di pd", 1)]},
        listed=[("dpd", "dewan perwakilan daerah")],
    )
    assert [(expansion.terms, expansion.weight) for expansion in table.longs("dpd")] == [
        (("dewan", "pimpinan", "daerah"), 1.0),
        (("dewan", "perwakilan", "daerah"), 0.4),
    ]
    assert table.shorts("dewan perwakilan daerah")[0].weight == 0.4


def test_a_single_article_is_believed_only_for_initials() -> None:
    table = AcronymTable(
        {"oss": [("online single submission", 1)], "rasis": [("ras dan etnis", 1)]}, listed=[]
    )
    assert table.longs("oss")
    assert not table.longs("rasis")


def test_function_words_and_hyphens_do_not_matter() -> None:
    table = AcronymTable()
    for typed in (
        "badan meteorologi klimatologi dan geofisika",
        "badan meteorologi klimatologi geofisika",
    ):
        assert table.shorts(typed)[0].terms == ("bmkg",)
    assert ("uu",) in [expansion.terms for expansion in table.shorts("undang undang")]


def test_forms_are_found_in_a_query() -> None:
    table = AcronymTable(
        listed=[
            ("kpk", "komisi pemberantasan korupsi"),
            ("covid 19", "coronavirus disease 2019"),
            ("ruu", "rancangan undang-undang"),
            ("uu", "undang-undang"),
        ]
    )
    tokens = ["ketua", "kpk", "covid", "19"]
    assert [(found.start, found.end) for found in table.find_shorts(tokens)] == [(2, 4), (1, 2)]
    tokens = ["revisi", "rancangan", "undang-undang", "komisi", "pemberantasan", "korupsi"]
    assert [
        (found.start, found.end, found.expansions[0].terms) for found in table.find_longs(tokens)
    ] == [(3, 6, ("kpk",)), (1, 3, ("ruu",)), (2, 3, ("uu",))]


def test_initials_are_guessed() -> None:
    table = AcronymTable(listed=[])
    found = table.guess_shorts(["lembaga", "kajian", "hukum", "dan", "ham", "2020"])
    assert (0, 5, ["lkhh", "lkhdh"]) in [
        (row.start, row.end, [expansion.terms[0] for expansion in row.expansions]) for row in found
    ]
    assert all(row.end < 6 for row in found)
    assert table.guess_shorts(["warga", "indonesia"]) == []


@given(st.lists(st.sampled_from(["kpk", "dan", "undang-undang", "-", "", "5", "komisi"])))
def test_any_tokens_have_an_answer(tokens: list[str]) -> None:
    table = AcronymTable(listed=[("uu", "undang-undang")])
    for found in (
        *table.find_shorts(tokens),
        *table.find_longs(tokens),
        *table.guess_shorts(tokens),
    ):
        assert 0 <= found.start < found.end <= len(tokens)
