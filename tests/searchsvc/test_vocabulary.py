"""Terms by likeness."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from searchsvc.query.vocabulary import MAX_LETTERS, MIN_LETTERS, Vocabulary

TERMS = [("bandung", 90), ("badung", 12), ("bandang", 3), ("bendung", 1), ("rp", 500), ("2022", 70)]


@pytest.mark.parametrize(
    ("word", "distance", "expected"),
    [
        ("badnung", 1, ["bandung", "badung"]),
        ("bandung", 1, ["badung", "bandang", "bendung"]),
        ("bandug", 1, ["bandung"]),
        ("bandug", 2, ["bandung", "badung", "bandang", "bendung"]),
        ("xyz", 2, []),
        ("2023", 1, []),
        ("", 1, []),
        ("b" * 40, 2, []),
    ],
)
def test_near_terms(word: str, distance: int, expected: list[str]) -> None:
    assert [one.term for one in Vocabulary(TERMS).find_near(word, distance)] == expected


def test_terms_are_looked_up() -> None:
    vocabulary = Vocabulary(TERMS)
    assert [vocabulary.count(term) for term, _ in TERMS] == [count for _, count in TERMS]
    assert vocabulary.count("bandun") == 0
    assert len(vocabulary) == len(TERMS)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("bndng", [("bendung", 2), ("bandang", 2), ("bandung", 2)]),
        ("bndung", [("bandung", 1), ("bendung", 1)]),
        ("bandung", []),
        ("ndng", []),
    ],
)
def test_vowels_are_put_in(word: str, expected: list[tuple[str, int]]) -> None:
    assert sorted(Vocabulary(TERMS).find_with_vowels(word)) == sorted(expected)


def test_nothing_to_search() -> None:
    assert Vocabulary([]).find_near("bandung", 2) == []


WORDS = st.text(st.sampled_from("abcdéz1"), max_size=8)


@given(terms=st.sets(WORDS), word=WORDS, distance=st.integers(0, 2))
def test_nothing_near_is_missed(terms: set[str], word: str, distance: int) -> None:
    found = Vocabulary((term, 1) for term in sorted(terms)).find_near(word, distance)
    assert {one.term for one in found} == {
        term
        for term in terms
        if MIN_LETTERS <= len(term) <= MAX_LETTERS
        and term.isalpha()
        and word.isalpha()
        and 0 < OSA.distance(word, term) <= distance
    }
