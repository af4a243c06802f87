"""Chunks found by number give the tokens that reading them gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language import chunk_table
from indexer.language.chunk_table import ChunkTable
from indexer.language.tokens import find_chunks, tokenize

WORDS = st.text(st.sampled_from("abAB12-.',%\u00e9\u200b\ud800\u4e2d"), max_size=9)
TEXTS = st.lists(WORDS, max_size=30).map(" ".join)


def read(table: ChunkTable, text: str) -> list[tuple[str, int]]:
    terms, starts = table.read(find_chunks(text))
    return [
        (table.terms[term], start)
        for term, start in zip(terms.tolist(), starts.tolist(), strict=True)
    ]


def read_alone(text: str) -> list[tuple[str, int]]:
    return [(token.text, token.start) for token in tokenize(text)]


@given(st.lists(TEXTS, max_size=4))
def test_a_table_reads_as_text_by_text(texts: list[str]) -> None:
    table = ChunkTable()
    for text in [*texts, *texts]:
        assert read(table, text) == read_alone(text)


@pytest.mark.parametrize("places", [2, 4, 64])
def test_a_table_that_grows_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch, places: int) -> None:
    monkeypatch.setattr(chunk_table, "_PLACES", places)
    table = ChunkTable()
    texts = [" ".join(f"kata{number} x{number * 7}" for number in range(9 * n)) for n in range(9)]
    for text in [*texts, *texts]:
        assert read(table, text) == read_alone(text)


def test_a_full_table_of_places_is_searched_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunk_table, "_find_places", lambda hashes, last: hashes.astype("i8") * 0)
    table = ChunkTable()
    text = "satu dua tiga empat lima satu dua enam tujuh"
    for _ in range(2):
        assert read(table, text) == read_alone(text)
    assert read(table, "delapan lima") == read_alone("delapan lima")


@pytest.mark.parametrize("length", [63, 64, 65, 300])
def test_long_chunks_that_differ_at_their_end_are_told_apart(length: int) -> None:
    table = ChunkTable()
    chunks = [f"{'1' * (length - 1)}{end}" for end in "123"] + ["1" * (length + 1)]
    for text in [*chunks, " ".join(chunks)]:
        assert read(table, text) == read_alone(text)
