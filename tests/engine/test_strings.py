"""Strings are encoded many at a time as they are one by one, and vocabularies become one."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.embedded.string_table import StringTable
from indexer.engine.embedded.strings import (
    JoinedStrings,
    decode_term,
    encode_term,
    encode_terms,
    find_places,
    merge_strings,
)

TERMS = st.lists(st.text(st.sampled_from("ab\0é\ud800\udc00中"), max_size=3), max_size=6)


@given(TERMS)
def test_many_are_encoded_as_one_by_one(terms: list[str]) -> None:
    assert encode_terms(terms) == [encode_term(term) for term in terms]
    assert [decode_term(encoded) for encoded in encode_terms(terms)] == terms
    assert JoinedStrings.encode(terms).decode() == terms


SORTED = st.lists(st.binary(max_size=3), max_size=8).map(lambda given: sorted(set(given)))


def split(joined: JoinedStrings) -> list[bytes]:
    text, offsets = joined.text.tobytes(), joined.offsets.tolist()
    return [text[low:high] for low, high in pairwise(offsets)]


@given(st.lists(SORTED, max_size=4))
def test_vocabularies_are_merged_in_byte_order(vocabularies: list[list[bytes]]) -> None:
    merged, numbers = merge_strings(list(map(JoinedStrings.join, vocabularies)))
    terms = split(merged)
    assert terms == sorted(set().union(*vocabularies))
    for vocabulary, places in zip(vocabularies, numbers, strict=True):
        assert [terms[place] for place in places.tolist()] == vocabulary


@given(SORTED, SORTED)
def test_strings_are_found_among_others(some: list[bytes], others: list[bytes]) -> None:
    places = find_places(JoinedStrings.join(some), JoinedStrings.join(others))
    assert places.dtype == np.int32
    assert places.tolist() == [others.index(one) if one in others else -1 for one in some]


@pytest.mark.parametrize("seed", range(4))
def test_a_table_numbers_strings_as_they_come(seed: int) -> None:
    random = Random(seed)
    alphabet = ["a", "b", "abcdefgh", "é", "\0", "\ud800", "\U0001f600"]
    table, numbers = StringTable(), dict[str, int]()
    for size in (0, 1, 3, 200, 40, 3000):
        texts = ["".join(random.choices(alphabet, k=random.randrange(6))) for _ in range(size)]
        expected = [numbers.setdefault(text, len(numbers)) for text in texts]
        assert table.number(JoinedStrings.encode(texts)).tolist() == expected
    assert len(table) == len(numbers)
    assert table.strings.decode() == list(numbers)
    ordered, rank = table.strings.sort()
    assert ordered.decode() == sorted(numbers)
    assert np.argsort(rank).tolist() == [numbers[text] for text in sorted(numbers)]
