"""Folding characters, and the classes that decide where words end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.fold import (
    JOINER,
    UPPER,
    WORD,
    character_tables,
    classify_character,
    fold,
    fold_character,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Jakarta", "jakarta"),
        ("ÉCOLE", "ecole"),
        ("Ø æ Łódź", "o ae lodz"),
        ("‘kata’", "'kata'"),
        ("ke‑20", "ke-20"),
        ("a\u200bb\ufeff", "ab"),
        ("１２", "12"),
        ("٣", "3"),
        ("İ", "i"),
        ("한국", "한국"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.characters(codec="ascii"))
def test_ascii_folds_alike_alone_and_in_text(character: str) -> None:
    assert fold(character) == fold_character(character)


@given(st.characters())
def test_word_characters_fold_to_letters_only_or_digits_only(character: str) -> None:
    folded = fold_character(character)
    if classify_character(character) & WORD:
        assert folded in ("", "%") or folded.isalnum()
        assert len(folded) < 2 or folded.isalpha() or folded.isdigit()


def test_classes() -> None:
    assert classify_character("É") == WORD | UPPER
    assert classify_character("’") == JOINER
    assert classify_character("/") == 0


@given(st.text(min_size=1))
def test_tables_agree_with_characters_one_by_one(text: str) -> None:
    codes = np.array([ord(character) for character in text], dtype=np.uint32)
    folds, classes = character_tables().look_up(codes)
    assert classes.tolist() == [classify_character(character) for character in text]
    for code, character in zip(folds.tolist(), text, strict=True):
        folded = fold_character(character)
        assert chr(code) == (folded if len(folded) == 1 else character)
