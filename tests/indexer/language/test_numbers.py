"""Other ways to write numbers, amounts and dates."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.numbers import find_rewritings
from indexer.language.tokens import tokenize

SAME = [
    ("rp 1,5 miliar", "Rp1.500.000.000", "amount"),
    ("Rp1.500.000.000", "rp 1,5 miliar", "amount"),
    ("rp 1,5 milyar", "Rp 1,5 miliar", "amount"),
    ("rp 1,5 miliar", "Rp1,5 M", "amount"),
    ("rp 2 t", "Rp2 triliun", "amount"),
    ("rp 500rb", "Rp500.000", "amount"),
    ("1,5 miliar rupiah", "Rp1.500.000.000", "amount"),
    ("US$5 juta", "5 juta dolar AS", "amount"),
    ("5 juta dolar as", "US$5 juta", "amount"),
    ("150 ribu", "150.000", "amount"),
    ("1,25 juta", "1.250.000", "amount"),
    ("20 juli 2022", "20/7/2022", "date"),
    ("20/7/2022", "20 Juli 2022", "date"),
    ("5 agt 2019", "05/08/2019", "date"),
    ("2022-07-20", "20 Juli 2022", "date"),
    ("20 juli 2022", "2022-07-20", "date"),
    ("17 agustus", "17/8", "date"),
    ("juli 2022", "7/2022", "date"),
    ("dua belas", "12", "number_words"),
    ("12", "dua belas", "number_words"),
    ("sepuluh", "10", "number_words"),
    ("dua puluh lima", "25", "number_words"),
    ("seratus dua puluh", "120", "number_words"),
    ("kedua", "ke-2", "ordinal"),
    ("ke-2", "kedua", "ordinal"),
    ("ke 20", "ke-20", "ordinal"),
    ("kedua belas", "ke-12", "ordinal"),
    ("xx", "20", "roman"),
    ("20", "XX", "roman"),
    ("ke-20", "XX", "roman"),
    ("pukul 13.05", "pukul 13:05", "clock"),
    ("pukul 13:30", "pukul 13.30", "clock"),
    ("pukul 13:00", "pukul 13.00", "clock"),
    ("5kg", "5 kilogram", "unit"),
    ("100 hektar", "100 hektare", "unit"),
    ("80 km/jam", "80 kilometer per jam", "unit"),
    ("80 kpj", "80 km/jam", "unit"),
    ("500 t", "500 triliun", "scale"),
    ("20/7/22", "20 Juli 2022", "date"),
    ("M5,3", "5,3 SR", "magnitude"),
    ("5,3 skala richter", "M 5,3", "magnitude"),
    ("nomor 13 tahun 2003", "no 13/2003", "citation"),
]


def rewrite_whole(tokens: Sequence[str]) -> list[tuple[tuple[str, ...], str]]:
    """The other ways to write all of ``tokens``, each with its rule."""
    rows = find_rewritings(tokens)
    return [(row.terms, row.rule) for row in rows if (row.start, row.end) == (0, len(tokens))]


def cut(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokenize(text))


@pytest.mark.parametrize(("typed", "written", "rule"), SAME)
def test_the_same_written_otherwise(typed: str, written: str, rule: str) -> None:
    assert (cut(written), rule) in rewrite_whole(cut(typed))


@pytest.mark.parametrize(
    "typed",
    ["", "presiden", "2022", "liga", "m", "2-1", "kemarin", "kereta", "99", "i", "di", "juli"],
)
def test_nothing_else_to_write(typed: str) -> None:
    assert [
        row for row in rewrite_whole(cut(typed)) if row[1] not in ("number_words", "roman")
    ] == []


def test_spans_in_a_longer_query() -> None:
    rows = find_rewritings(cut("korupsi rp 1,5 miliar di bekasi 20 juli 2022"))
    assert (1, 4, ("rp", "1500000000"), "amount") in rows
    assert (6, 9, ("20", "7", "2022"), "date") in rows
    assert (6, 8, ("20", "7"), "date") in rows  # an article says (20/7) of its own year


NUMBERS = [
    "rp", "us", "1,5", "1500000", "miliar", "m", "dolar", "as", "20", "07", "juli", "2022",
    "dua", "belas", "puluh", "ratus", "seratus", "ke-2", "ke", "kedua", "ii", "pukul", "05",
    "kg", "km", "jam", "per", "sr", "5,3", "no", "uu", "tahun",
    "1,", ",5", "²", "", "999999999999999999999",
]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(NUMBERS), st.text(max_size=5)), max_size=6))
def test_any_tokens_have_an_answer(tokens: list[str]) -> None:
    for row in find_rewritings(tokens):
        assert 0 <= row.start < row.end <= len(tokens)
        assert row.terms
        assert row.terms != tuple(tokens[row.start : row.end])


@given(st.integers(min_value=10_000, max_value=10**15))
def test_an_amount_in_words_is_the_same_amount(number: int) -> None:
    for terms, _ in rewrite_whole([str(number)]):
        assert (str(number),) in [back for back, _ in rewrite_whole(terms)]
