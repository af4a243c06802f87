"""Which words are names."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from indexer.language.name_lists import listed_names, listed_people, listed_places, listed_titles
from indexer.language.names import NameGuard, is_name, is_title, looks_affixed
from indexer.language.stem import Stemmer


@pytest.mark.parametrize(
    ("word", "lower", "capital"),
    [
        ("kejagung", 4, 157),
        ("maluku", 12, 382),
        ("bali", 62, 1648),
        ("bekasi", 42, 1120),
        ("susi", 0, 209),
        ("megawati", 3, 240),
        ("petamburan", 0, 50),
        ("susanti", 0, 1),
        # Seen once or twice, and never in lower case.
        ("bandengan", 0, 1),
        ("sawahan", 0, 2),
        ("sekotong", 0, 1),
        ("hidayati", 0, 1),
        ("prayogi", 0, 2),
        ("penyengat", 0, 1),
        ("diananda", 0, 2),
        ("nabilah", 0, 1),
        ("ramallah", 0, 1),
        ("haruku", 0, 2),
        # pe- without its nasal: villages.
        ("petukangan", 0, 2),
        ("pejagoan", 0, 1),
        # What leads to no root.
        ("ditreskrimum", 0, 1),
        ("berlusconi", 0, 1),
    ],
)
def test_names_are_hardly_ever_in_lower_case(word: str, lower: int, capital: int) -> None:
    assert is_name(word, lower, capital)


@pytest.mark.parametrize(
    ("word", "lower", "capital"),
    [
        ("presiden", 1708, 6066),
        ("menteri", 873, 3414),
        ("polisi", 3083, 667),
        ("jalan", 4249, 2865),
        ("kabupaten", 725, 3646),
        ("kementerian", 567, 2943),
        ("perhubungan", 26, 639),
        ("perserikatan", 3, 115),
        ("tewaskan", 3, 60),
        ("kementerian", 0, 8),
        ("keprotokolan", 0, 2),
        ("pengupahan", 0, 6),
        ("perairan", 0, 1),
        ("gegerkan", 0, 1),
        ("disumpahi", 0, 1),
        ("terindikasi", 0, 1),
        ("presidenlah", 0, 1),
        ("negaraku", 0, 2),
        ("liberalisme", 0, 1),
        ("susanti", 1, 2),
        ("susanti", 0, 0),
        ("bangsa-bangsa", 5, 105),
    ],
)
def test_titles_institutions_and_rare_words_are_not_names(
    word: str, lower: int, capital: int
) -> None:
    assert not is_name(word, lower, capital)


def test_an_announced_name_may_be_made_like_any_word() -> None:
    assert not is_name("kesugihan", 0, 2)
    assert is_name("kesugihan", 0, 2, announced_count=1)
    assert is_name("kerobokan", 1, 40, announced_count=20)
    assert not is_name("kerobokan", 11, 40, announced_count=20)
    assert not is_name("kerobokan", 10, 40, announced_count=9)
    # Jalan Pengadilan does not make a name of Pengadilan Negeri.
    assert not is_name("pengadilan", 0, 20, announced_count=1)


def test_announcements_outweigh_lower_case() -> None:
    assert not is_name("slipi", 8, 61)
    assert is_name("slipi", 8, 61, announced_count=13)
    assert not is_name("slipi", 8, 61, announced_count=7)
    assert not is_name("pelabuhan", 266, 313, announced_count=9)
    assert not is_name("perhubungan", 5, 80, announced_count=6)


def test_few_articles_say_little_of_words_that_could_be_common() -> None:
    assert not is_name("angkatan", 0, 2, well_read=False)
    assert is_name("angkatan", 0, 2)
    assert is_name("bandengan", 0, 3, well_read=False)
    assert is_name("bandengan", 0, 1, announced_count=1, well_read=False)
    assert is_name("ditreskrimum", 0, 1, well_read=False)


@pytest.mark.parametrize(
    ("word", "affixed"),
    [
        ("perhubungan", True),
        ("kementerian", True),
        ("dilaporkan", True),
        ("berdendang", True),
        ("bekasi", False),
        ("megawati", False),
        ("serena", False),
        ("menteri", False),
        ("zzz", False),
    ],
)
def test_looks_affixed(word: str, affixed: bool) -> None:
    assert looks_affixed(word) is affixed


def test_listed_places_stay_whole() -> None:
    stemmer = Stemmer()
    assert [place for place in sorted(listed_places()) if stemmer.stem(place) != place] == []


def test_every_province_and_regency_is_listed() -> None:
    # 38 provinces and 514 regencies and cities, in 2024; sub-names share words.
    assert {"pegunungan", "tambrauw", "kartanegara", "lhokseumawe", "sofifi"} - listed_places() == {
        "sofifi"
    }
    assert len(listed_places()) > 600


def test_lists_are_folded() -> None:
    for words in (listed_places(), listed_people(), listed_titles()):
        assert all(word == word.lower() and word.isalpha() for word in words)


def test_guard_knows_the_listed_and_the_learned() -> None:
    guard = NameGuard(["sulistyowati"])
    assert guard("sulistyowati")
    assert "bekasi" in guard
    assert "penyidik" not in guard
    assert Stemmer(protected=guard).stem("sulistyowati") == "sulistyowati"
    assert listed_names() >= {"megawati", "maluku"}


@pytest.mark.parametrize("title", ["h", "hj", "dr", "ir", "sh", "letjen", "ustaz"])
def test_titles(title: str) -> None:
    assert is_title(title)
    assert not is_title("budi")


def test_titles_are_words_that_stem_as_ever() -> None:
    stems: Sequence[str] = [Stemmer().stem(word) for word in ("jenderal", "bapaknya", "profesor")]
    assert stems == ["jenderal", "bapak", "profesor"]
