"""The list of words that weigh little: short, of terms, and of no word with a subject."""

from __future__ import annotations

import pytest

from indexer.language.stopwords import (
    load_common_words,
    load_groups,
    load_question_words,
    load_stopwords,
)
from indexer.language.tokens import tokenize


@pytest.mark.parametrize(
    "word", ["siapa", "apa", "kapan", "berapa", "bagaimana", "mengapa", "dimana", "yang", "di"]
)
def test_listed(word: str) -> None:
    assert word in load_stopwords()


@pytest.mark.parametrize(
    "word",
    ["ibu", "kasus", "tahun", "tidak", "bukan", "tanpa", "kata", "polisi", "presiden", "satu"],
)
def test_not_listed(word: str) -> None:
    assert word not in load_stopwords()


@pytest.mark.parametrize("word", ["cara", "terbaru", "berita"])
def test_frames_of_a_query_are_common_words_but_may_be_suggested(word: str) -> None:
    assert word in load_common_words()
    assert word not in load_stopwords()


def test_every_word_is_a_term() -> None:
    for word in load_common_words():
        assert [token.text for token in tokenize(word)] == [word]


def test_each_word_has_one_group_and_the_list_is_short() -> None:
    groups = load_groups()
    assert load_question_words() == groups["pertanyaan"]
    assert all(groups.values())
    assert sum(map(len, groups.values())) == len(load_common_words())
    assert load_stopwords() < load_common_words().keys()
    assert len(load_common_words()) < 350
