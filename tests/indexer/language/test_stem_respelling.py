"""Other spellings of words that lead to no listed root."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.stem_respelling import respell


@pytest.mark.parametrize(
    ("word", "spellings"),
    [
        ("pinjem", ["pinjam"]),
        ("pinjemin", ["pinjamin"]),
        ("seneng", ["senang"]),
        ("cengkraman", ["cengkeraman"]),
        ("kemanusian", ["kemanusiaan"]),
        ("kemanusiannya", ["kemanusiaannya"]),
        # One e, the only vowel; a plural; a cluster that ends the word.
        ("met", []),
        ("likes", []),
        ("kremlin", ["keremlin"]),
        ("registri", []),
        ("rumah", []),
        ("", []),
    ],
)
def test_spellings(word: str, spellings: list[str]) -> None:
    assert [respelling.text for respelling in respell(word)] == spellings


@given(st.text(alphabet="aeibdgknprst", max_size=20))
def test_a_respelling_differs_by_a_letter(word: str) -> None:
    for respelling in respell(word):
        assert len(respelling.text) - len(word) in (0, 1)
        assert respelling.text != word
