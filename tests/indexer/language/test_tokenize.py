"""Cutting text into tokens: what stays together, what is taken apart, and where it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.language.fold import fold
from indexer.language.reduplication import is_reduplication
from indexer.language.tokens import (
    MAX_TERM_LENGTH,
    Token,
    find_chunks,
    find_token_end,
    split_chunk,
    tokenize,
    write_number,
)

KEPT_WHOLE = [
    ("anak-anak", "anak-anak"),
    ("ANAK-ANAK", "anak-anak"),
    ("anak2", "anak2"),
    ("anak2nya", "anak2nya"),
    ("sayur-mayur", "sayur-mayur"),
    ("berlari-larian", "berlari-larian"),
    ("kemerah-merahan", "kemerah-merahan"),
    ("sebaik-baiknya", "sebaik-baiknya"),
    ("tolong-menolong", "tolong-menolong"),
    ("pukul-memukul", "pukul-memukul"),
    ("surat-menyurat", "surat-menyurat"),
    ("tali-temali", "tali-temali"),
    ("bolak-balik", "bolak-balik"),
    ("mondar-mandir", "mondar-mandir"),
    ("kupu-kupu-nya", "kupu-kupu-nya"),
    ("anak‑anak", "anak-anak"),
    ("KTP-nya", "ktp-nya"),
    ("Bekasi-lah", "bekasi-lah"),
    ("ke-20", "ke-20"),
    ("ke20", "ke-20"),
    ("jum'at", "jumat"),
    ("jum’at", "jumat"),
    ("do`a", "doa"),
    ("S.H.", "sh"),
    ("P.T.", "pt"),
    ("d.a.", "da"),
    ("S.Pd.I", "spdi"),
    ("M.Si.", "msi"),
    ("Ph.D.", "phd"),
    ("1.500.000", "1500000"),
    ("1,500,000", "1500000"),
    ("10,000", "10000"),
    ("1.234,50", "1234,5"),
    ("1,5", "1,5"),
    ("1.5", "1,5"),
    ("1,50", "1,5"),
    ("100,00", "100"),
    ("4.0", "4,0"),
    ("0.125", "0,125"),
    ("2022", "2022"),
    ("café", "cafe"),
    ("cafe\u0301", "cafe"),
    ("Ｊａｋａｒｔａ", "jakarta"),
    ("ﬁnal", "final"),
    ("Straße", "strasse"),
    ("ko\u00adrup\u200bsi", "korupsi"),
    ("𝐊𝐏𝐊", "kpk"),
    ("日本語", "日本語"),
]

TAKEN_APART = [
    ("", []),
    (" \n\t", []),
    ("--- ... '' \u200b 😀", []),
    ("Jawa-Bali", ["jawa", "bali"]),
    ("AS-Tiongkok", ["as", "tiongkok"]),
    ("putra-putri", ["putra", "putri"]),
    ("Jawa-Bali-Nusa", ["jawa", "bali", "nusa"]),
    ("di-PHK", ["di", "phk"]),
    ("e-KTP", ["e", "ktp"]),
    ("Al-Qur'an", ["al", "quran"]),
    ("20/7/2022", ["20", "7", "2022"]),
    ("20-7-2022", ["20", "7", "2022"]),
    ("20.7.2022", ["20", "7", "2022"]),
    ("13:05", ["13", "05"]),
    ("2-1", ["2", "1"]),
    ("192.168.1.10", ["192", "168", "1", "10"]),
    ("Rp1,5", ["rp", "1,5"]),
    ("Rp.1.500.000,00", ["rp", "1500000"]),
    ("US$2.5", ["us", "2,5"]),
    ("5G", ["5", "g"]),
    ("B-52", ["b", "52"]),
    ("B52", ["b", "52"]),
    ("covid-19", ["covid", "19"]),
    ("Covid19", ["covid", "19"]),
    ("5%", ["5", "persen"]),
    ("5 %", ["5", "persen"]),
    ("5 persen", ["5", "persen"]),
    ("J.K.Rowling", ["jk", "rowling"]),
    ("M.Nasir", ["m", "nasir"]),
    ("selesai.Dia", ["selesai", "dia"]),
    ("satu,dua", ["satu", "dua"]),
    ("redaksi@detik.com", ["redaksi", "detik", "com"]),
    ("https://www.bps.go.id/a_b", ["https", "www", "bps", "go", "id", "a", "b"]),
    ('"Iya," kata dia', ["iya", "kata", "dia"]),
    ("½ iPhone™", ["iphone"]),
    ("x\ud800y", ["x", "y"]),
]


@pytest.mark.parametrize(("text", "term"), KEPT_WHOLE)
def test_stays_one_token(text: str, term: str) -> None:
    assert [token.text for token in tokenize(text)] == [term]


@pytest.mark.parametrize(("text", "terms"), TAKEN_APART)
def test_is_taken_apart(text: str, terms: list[str]) -> None:
    assert [token.text for token in tokenize(text)] == terms


def test_examples_of_the_documentation() -> None:
    text = (Path(__file__).parents[3] / "docs" / "analysis.md").read_text("utf-8")
    rows = re.findall(r"^\| `(.+?)` \| (.+) \|$", text, re.MULTILINE)
    assert len(rows) > 20
    for written, terms in rows:
        assert [token.text for token in tokenize(written)] == re.findall(r"`(.+?)`", terms)


def test_offsets_are_those_of_the_source() -> None:
    text = "Kata ’Jum’at’ di e\u0301cole Rp1.500"
    assert [(token.text, text[token.start : token.end]) for token in tokenize(text)] == [
        ("kata", "Kata"),
        ("jumat", "Jum’at"),
        ("di", "di"),
        ("ecole", "e\u0301cole"),
        ("rp", "Rp"),
        ("1500", "1.500"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("laki", "laki", True),
        ("bermain", "main", True),
        ("buku", "bukunya", True),
        ("balas", "berbalas", True),
        ("tawar", "menawar", True),
        ("gerak", "gerik", True),
        ("berwarna", "warni", True),
        ("menggembar", "gemborkan", True),
        ("berporak", "poranda", True),
        ("jawa", "bali", False),
        ("jakarta", "bandung", False),
        ("suami", "istri", False),
        ("mahasiswa", "mahasiswi", False),
        ("a", "a", False),
        ("utara", "selatan", False),
    ],
)
def test_reduplication(first: str, second: str, expected: bool) -> None:
    assert is_reduplication(first, second) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", "7"),
        ("007", "007"),
        ("12.345.678", "12345678"),
        ("12.345.67", None),
        ("1,2,3", None),
        ("1.500,000", "1500"),
        ("7,125", "7,125"),
        ("13.00", "13"),
    ],
)
def test_numbers_are_written_one_way(text: str, expected: str | None) -> None:
    assert write_number(text) == expected


# Characters that the rules treat differently, so that random text often meets a rule.
TRICKY = st.text(
    alphabet=st.one_of(
        st.sampled_from("aAbe-'.,/%&120 \n’é\u0301\u200bß½😀İ\u2028ﬁＡ²日𝐊"),
        st.characters(),
    ),
    max_size=60,
)


@given(TRICKY)
@example("-a'.1,5-\u0301")
@example("a-" * 40 + "a" * 100)
@example("\ud800")
def test_tokens_slice_back_in_order(text: str) -> None:
    tokens = tokenize(text)
    position = 0
    for token in tokens:
        assert position <= token.start < token.end <= len(text)
        position = token.end
        assert 0 < len(token.text) <= MAX_TERM_LENGTH
        assert token.text == fold(token.text)
        source = fold(text[token.start : token.end])
        if source.isalpha():
            assert token.text == source[:MAX_TERM_LENGTH]


@given(TRICKY)
def test_no_letter_or_digit_is_lost(text: str) -> None:
    covered: set[int] = set()
    for token in tokenize(text):
        covered.update(range(token.start, token.end))
    for position, character in enumerate(text):
        if character.isascii() and character.isalnum():
            assert position in covered


@given(TRICKY)
def test_a_chunk_reads_the_same_once_folded(text: str) -> None:
    assert [t.text for t in split_chunk(fold(text))] == [t.text for t in split_chunk(text)]


@given(st.one_of(st.text(st.characters(codec="ascii")), TRICKY))
def test_short_texts_are_cut_as_batches_are(text: str) -> None:
    chunks = find_chunks(text)
    assert tokenize(text) == [
        Token(term, start + first, start + last)
        for chunk, start in zip(chunks.texts, chunks.starts.tolist(), strict=True)
        for term, first, last in split_chunk(chunk)
    ]


@given(st.lists(TRICKY, max_size=4))
def test_text_joined_by_space_is_the_tokens_joined(texts: list[str]) -> None:
    together = [token.text for token in tokenize(" ".join(texts))]
    assert together == [token.text for text in texts for token in tokenize(text)]


@given(TRICKY)
def test_the_end_of_a_token_is_found_from_its_start(text: str) -> None:
    for token in tokenize(text):
        assert find_token_end(text, token.start) == token.end


@pytest.mark.parametrize("unit", ["a", "a-", "1.", "a.", "a'", "é-", "-", "%", "a1", "ke-1-"])
def test_long_hostile_text_is_read_to_its_end(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert all(len(token.text) <= MAX_TERM_LENGTH for token in tokenize(text))
