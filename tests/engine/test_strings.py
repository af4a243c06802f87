"""Strings in a container are encoded many at a time as they are one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.embedded.strings import decode_term, encode_term, encode_terms

TERMS = st.lists(st.text(st.sampled_from("ab\0é\ud800\udc00中"), max_size=3), max_size=6)


@given(TERMS)
def test_many_are_encoded_as_one_by_one(terms: list[str]) -> None:
    assert encode_terms(terms) == [encode_term(term) for term in terms]
    assert [decode_term(encoded) for encoded in encode_terms(terms)] == terms
