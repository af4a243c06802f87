"""What the letter case of a word says where it stands."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.language.letter_case import (
    ABBREVIATIONS,
    ANNOUNCERS,
    PREPOSITIONS,
    Marks,
    read_letter_case,
)
from indexer.language.tokens import find_chunks, tokenize


def read(text: str) -> tuple[list[str], list[str], list[str]]:
    """The words of ``text`` that count as small, as capitalised, as announced."""
    tokens = tokenize(text)
    starts = np.array([token.start for token in tokens], dtype=np.int64)
    marks = Marks(
        *(
            np.array([token.text in words for token in tokens], dtype=np.bool_)
            for words in (ANNOUNCERS, PREPOSITIONS, ABBREVIATIONS)
        )
    )
    case = read_letter_case(find_chunks(text), starts, np.zeros(len(tokens), np.bool_), marks)
    lower, capital, announced = (
        [token.text for token, marked in zip(tokens, column.tolist(), strict=True) if marked]
        for column in case
    )
    return lower, capital, announced


@pytest.mark.parametrize(
    ("text", "capital"),
    [
        ("Kata Susi, warga Bekasi.", ["susi", "bekasi"]),
        ("Ia tiba. Bekasi banjir", []),
        ('lalu "Bekasi banjir"', []),
        ("rapat PSSI DAN KONI pagi", []),
        ("rapat PSSI dan KONI pagi", ["pssi", "koni"]),
        # A headline in the running text.
        ("Baca juga Penemuan Mayat Wanita Muda Gegerkan Warga kemarin", []),
        ("oleh Joan Anggun Bergaun Hitam kemarin", ["joan", "anggun", "bergaun", "hitam"]),
        # Names listed one after another are no headline.
        (
            "di Cilacap, Kebumen, Purworejo, Magelang, Temanggung",
            ["cilacap", "kebumen", "purworejo", "magelang", "temanggung"],
        ),
        ("rumah H. Suryadi di Jl. Kaliurang", ["h", "suryadi", "jl", "kaliurang"]),
        ("luasnya 5 m. Warga", []),
        ("", []),
        ("Kata", []),
    ],
)
def test_capitals_that_say_something(text: str, capital: list[str]) -> None:
    assert read(text)[1] == capital


@pytest.mark.parametrize(
    ("text", "announced"),
    [
        ("warga Desa Kesugihan, Cilacap", ["kesugihan"]),
        ("warga desa Kesugihan", ["kesugihan"]),
        ("warga Jl. Pegangsaan Timur", ["pegangsaan"]),
        ("warga jalan Pegangsaan Timur", ["pegangsaan"]),
        ("pria bernama Surikan itu", ["surikan"]),
        ("sampai di Pemuteran, Bali", ["pemuteran"]),
        ("sampai di Pengadilan Negeri", []),
        ("sampai di Kesugihan", ["kesugihan"]),
        ("kata Kementerian Perhubungan", []),
        ("kata warga desa. Kesugihan", []),
    ],
)
def test_names_that_are_announced(text: str, announced: list[str]) -> None:
    assert read(text)[2] == announced


def test_small_letters() -> None:
    assert read("Di desa Kesugihan")[0] == ["desa"]
