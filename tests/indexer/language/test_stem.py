"""The stemmer on golden words, on forms built by rule, and on what it must never do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.stem import Stemmer
from indexer.language.stem_roots import find_spellings, load_lexicon

GOLDEN = Path(__file__).resolve().parents[2] / "data" / "stems.tsv"
STEMMER = Stemmer()


def golden_rows() -> list[tuple[str, str, str]]:
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()[1:]
    return [tuple(line.split("\t")) for line in lines if not line.startswith("#")]  # type: ignore[misc]


@pytest.mark.parametrize(("word", "stem", "note"), golden_rows())
def test_golden_words(word: str, stem: str, note: str) -> None:
    assert STEMMER.stem(word) == stem, f"{note}: {STEMMER.explain(word)}"


# --- forms built by rule, of everyday roots with every kind of first letter ----------------------

ROOTS = """
    abai ajar baca buka catat cipta dengar didik ekspor fitnah ganti goda hapus hitung ikat ingin
    jawab jelas kirim kumpul lapor lihat muat masak nilai nikmat obat olah pukul pilih rusak rencana
    sapu susun tulis tangkap ukur undang wakil warna yakin zalim kritik program transfer bom cek
"""
VOWELS = "aiueo"


def nasal(prefix: str, root: str) -> str:
    """``root`` under me- or pe- with its nasal, by the book."""
    first, rest = root[0], root[1:]
    swallows = rest[0] in VOWELS
    if sum(letter in VOWELS for letter in root) == 1:
        return f"{prefix}nge{root}"
    if first in "lrwymn":
        return prefix + root
    if first in "kpst" and swallows:
        return prefix + {"k": "ng", "p": "m", "s": "ny", "t": "n"}[first] + rest
    if first in "bfpv":
        return f"{prefix}m{root}"
    if first in "cdjztsz":
        return f"{prefix}n{root}"
    return f"{prefix}ng{root}"


def with_r(prefix: str, root: str) -> str:
    """``root`` under ber-, ter- or per-, which lose their r before r and before -er-."""
    drops = root[0] == "r" or (root[0] not in VOWELS and root[1:3] == "er")
    return (prefix[:-1] if drops else prefix) + root


def forms(root: str) -> list[str]:
    verb, noun = nasal("me", root), nasal("pe", root)
    return [
        *(root + ending for ending in ("nya", "kan", "kannya", "lah", "mu", "ku")),
        *(verb + ending for ending in ("", "kan", "kannya", "nya", "i", "inya")),
        *("di" + root + ending for ending in ("", "kan", "kannya", "i", "nya")),
        *(noun + ending for ending in ("", "an", "nya", "annya")),
        *(with_r("ber", root) + ending for ending in ("", "an", "kan", "nya")),
        *(with_r("ter", root) + ending for ending in ("", "kan", "nya")),
        *("mem" + with_r("per", root) + ending for ending in ("kan", "kannya")),
        *("ke" + root + ending for ending in ("an", "annya")),
        *(f"se{root}nya", f"ketidak{root}an", f"{root}-{root}", f"{root}2", f"{root}-{root}nya"),
    ]


#: Forms that are also forms of another everyday root, which is meant more often.
OF_ANOTHER_ROOT = {"beringin", "beringinnya", "beringinan", "kecekan", "kecekannya"}


@pytest.mark.parametrize("root", ROOTS.split())
def test_every_form_of_a_root_leads_to_it(root: str) -> None:
    wrong = {
        form: STEMMER.stem(form)
        for form in forms(root)
        if STEMMER.stem(form) != root and form not in OF_ANOTHER_ROOT
    }
    assert wrong == {}


# --- what never happens --------------------------------------------------------------------------

WORDS = st.one_of(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz-2'", max_size=30),
    st.text(max_size=20),
    st.builds(
        "".join,
        st.tuples(
            st.sampled_from(["", "me", "mem", "meng", "di", "ber", "ter", "ke", "pe", "se", "per"]),
            st.sampled_from(["", "per", "ber", "ter", "ke"]),
            st.sampled_from(sorted(load_lexicon().roots)),
            st.sampled_from(["", "kan", "an", "i", "isasi", "wan", "in"]),
            st.sampled_from(["", "nya", "ku", "lah", "pun", "nyalah"]),
        ),
    ),
)


@given(WORDS)
def test_a_stem_is_its_own_stem_and_never_empty(word: str) -> None:
    stem = STEMMER.stem(word)
    assert bool(stem) == bool(word)
    assert STEMMER.stem(stem) == stem


@given(WORDS)
def test_explain_names_rules_exactly_where_a_word_changes(word: str) -> None:
    if STEMMER.stem(word) != word:
        assert STEMMER.explain(word)


@pytest.mark.parametrize(
    "word",
    ["2022", "covid19", "g20", "b2b", "mp3", "co2", "ke-20", "5g", "h2o", "", "-", "--", "a"],
)
def test_numbers_and_codes_stay(word: str) -> None:
    assert STEMMER.stem(word) == word


def test_a_very_long_word_stays() -> None:
    word = "memper" * 20 + "kan"
    assert Stemmer().stem(word) == word


# --- what a caller can say -----------------------------------------------------------------------


def test_protected_names_stay_and_their_clitics_go() -> None:
    stemmer = Stemmer(protected={"susanti", "beringin"})
    assert stemmer.stem("susanti") == "susanti"
    assert stemmer.stem("susantinya") == "susanti"
    assert stemmer.stem("beringin") == "beringin"
    assert stemmer.explain("susanti") == ["name"]


def test_protected_may_be_a_function() -> None:
    assert Stemmer(protected=lambda word: word == "menulis").stem("menulis") == "menulis"


def test_without_protection_a_name_is_a_word() -> None:
    assert Stemmer(protected=frozenset()).stem("bekasi") == "bekas"


def test_overrides_win_over_names_and_rules() -> None:
    stemmer = Stemmer(protected={"bekasi"}, overrides={"bekasi": "bks", "menulis": "karang"})
    assert stemmer.stem("bekasi") == "bks"
    assert stemmer.stem("menulis") == "karang"
    assert stemmer.explain("menulis") == ["dictionary"]


def test_extra_roots_are_not_taken_apart_and_found_under_affixes() -> None:
    stemmer = Stemmer(extra_roots=["memeran", "gugel"])
    assert stemmer.stem("memeran") == "memeran"
    assert stemmer.stem("menggugelnya") == "gugel"


@pytest.mark.parametrize(
    ("word", "rules"),
    [
        ("mengirimkannya", ["-nya", "-kan", "meng- (k)"]),
        ("ketidakadilan", ["-an", "ketidak-"]),
        ("anak-anak", ["doubled"]),
        ("anak2", ["doubled by 2"]),
        ("modernisasi", ["alias"]),
        ("mengoperasikan", ["exception"]),
        ("rumah", []),
    ],
)
def test_explain(word: str, rules: list[str]) -> None:
    assert STEMMER.explain(word) == rules


def test_spellings_find_each_other() -> None:
    assert find_spellings("kadaluarsa") == ("kedaluwarsa", "kadaluwarsa", "daluwarsa")
    assert "praktek" in find_spellings("praktik")
    assert find_spellings("meja") == ()


def test_the_memo_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.language.stem.MEMO_WORDS", 10)
    stemmer = Stemmer()
    words = [f"kata{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert [stemmer.stem(word) for word in words] == [Stemmer().stem(word) for word in words]
    assert len(stemmer._memo) <= 10
