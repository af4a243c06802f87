"""Postings and positions come out of their blocks as they went in, and are found there."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.embedded import packed_posting
from indexer.engine.embedded.native import core
from indexer.engine.embedded.packed_posting import (
    BLOCK,
    PostingBlocks,
    PostingPacker,
    body_counts_of,
    count_blocks,
    documents_of,
    pack_few,
    title_counts_of,
)

Array = npt.NDArray[Any]

MOST_DOCUMENT = 2**31 - 1
COUNTS = st.tuples(
    st.one_of(st.integers(1, 3), st.integers(1, 0xFFFF)),
    st.one_of(st.just(0), st.integers(0, 0xFF)),
    st.one_of(st.just(0), st.integers(0, 0x7F)),
)
#: The documents of one term: ascending, each once.
TERM = st.one_of(
    st.lists(st.integers(0, 40), unique=True),
    st.lists(st.integers(0, MOST_DOCUMENT), unique=True, max_size=200),
    st.integers(0, 400).map(lambda count: list(range(7, 7 + count))),
).map(sorted)


@st.composite
def draw_postings(draw: st.DrawFn) -> tuple[Array, Array]:
    """(postings of several terms, where each term's begin and the last end)."""
    terms = draw(st.lists(TERM, max_size=6))
    documents = [document for term in terms for document in term]
    few = draw(st.lists(COUNTS, min_size=1, max_size=9))
    postings = [
        document | body << 32 | title << 48 | min(lead, body) << 56
        for document, (body, title, lead) in zip(
            documents, few * (len(documents) // len(few) + 1), strict=False
        )
    ]
    offsets = np.cumsum([0, *map(len, terms)])
    return np.array(postings, np.int64), offsets.astype(np.int64)


def find_wrong(packed: PostingBlocks, offsets: Array, documents: int) -> int:
    words = len(packed.words) - 1
    blocks = count_blocks(int(offsets[-1]))
    positions = int(packed.position_starts[-1])
    assert core.find_bad_block(packed.blocks, blocks, words, positions) == -1
    return int(
        core.find_bad_posting(packed.packed, blocks, 0, words, offsets, len(offsets) - 1, documents)
    )


@given(draw_postings())
def test_postings_come_out_as_they_went_in(drawn: tuple[Array, Array]) -> None:
    postings, offsets = drawn
    packed = pack_few(postings)
    assert packed.read(0, len(postings)).tolist() == postings.tolist()
    for low, high in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
        assert packed.read(low, high).tolist() == postings[low:high].tolist()
    assert len(packed.words) - 1 <= BLOCK * count_blocks(len(postings))
    assert find_wrong(packed, offsets, MOST_DOCUMENT + 1) == -1


@given(drawn=draw_postings(), data=st.data())
def test_documents_are_found_in_every_block(
    drawn: tuple[Array, Array], data: st.DataObject
) -> None:
    postings, offsets = drawn
    packed = pack_few(postings)
    for low, high in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
        there = documents_of(postings[low:high])
        near = [int(one) + step for one in there.tolist() for step in (0, 1)]
        asked = sorted(set(data.draw(st.lists(st.sampled_from(near))) if near else []) | {3})
        documents = np.array(asked, np.uint32)
        count = core.intersect(documents, len(documents), packed.packed, low, high)
        assert documents[:count].tolist() == sorted(set(asked) & set(there.tolist()))


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("piece", [BLOCK, 4096 * BLOCK])
def test_positions_come_out_as_they_went_in(
    monkeypatch: pytest.MonkeyPatch, piece: int, wide: bool
) -> None:
    monkeypatch.setattr(packed_posting, "_PIECE", piece)
    random = np.random.default_rng(3)
    for documents in (0, 1, 63, 64, 65, 500):
        counts = random.integers(0, 4, documents) << 48 | random.integers(1, 6, documents) << 32
        postings = np.tile(np.arange(documents) | counts, 2).astype(np.int64)
        tokens = int((title_counts_of(postings) + body_counts_of(postings)).sum())
        positions = random.integers(0, 2**31 if wide else 2**16, tokens)
        positions = (positions >> random.integers(0, 16, tokens)).astype("u4" if wide else "u2")
        packer = PostingPacker(len(postings), int(8 * positions.nbytes * random.random()))
        cut = int(random.integers(0, len(postings) + 1))
        own = int((title_counts_of(postings[:cut]) + body_counts_of(postings[:cut])).sum())
        packer.add(postings[:cut], positions[:own])
        packer.add(postings[cut:], positions[own:])
        packer.finish()
        packed_positions = packer.positions
        packed = PostingBlocks(packer.blocks, packer.postings)
        assert packed.read(0, len(postings)).tolist() == postings.tolist()
        offsets = np.array([0, documents, 2 * documents])
        assert find_wrong(packed, offsets, documents) == -1
        same = np.arange(max(documents, 2), dtype=np.int32)
        starts = np.array([0, tokens // 2])
        copied = np.zeros_like(positions)
        core.copy_positions(
            offsets, 2, packed.packed, packed_positions, same, same[:2], starts, copied, wide
        )
        assert copied.tolist() == positions.tolist()


def test_a_term_that_starts_anew_where_a_block_ends_is_refused() -> None:
    """Its documents would be more than there are."""
    once = np.arange(BLOCK, dtype=np.int64) | 1 << 32
    packed = pack_few(np.concatenate([once, once]))
    assert find_wrong(packed, np.array([0, BLOCK, 2 * BLOCK]), BLOCK) == -1
    assert find_wrong(packed, np.array([0, 2 * BLOCK]), BLOCK) == BLOCK


def test_more_than_a_segment_can_have_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_posting, "_MOST_WORDS", 3)
    with pytest.raises(OSError, match="more postings than one can have"):
        pack_few(np.array([5 | 9 << 32] * 40, np.int64))
