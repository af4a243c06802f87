"""How do the terms of all tokens become posting lists and positions?"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.contents import PostingLists, choose_position_type
from indexer.engine.embedded.native import core
from indexer.engine.embedded.packed_posting import is_wide
from indexer.engine.embedded.strings import JoinedStrings

Array = npt.NDArray[Any]


def invert(
    tokens: Array, terms: JoinedStrings, titles: Array, bodies: Array, leads: Array
) -> PostingLists:
    """The posting lists of ``terms`` from each token's term number, documents in order.

    ``tokens``: T int32, document by document, title first. Lengths: D int32, in tokens.
    """
    counts = np.zeros(len(terms), np.int64)
    last_document = np.full(len(terms), -1, np.int32)
    core.count_postings(tokens, titles, bodies, len(titles), last_document, counts)
    lists = PostingLists.allocate(terms, counts)
    last_document.fill(-1)
    cursor = lists.offsets[:-1].copy()
    core.fill_postings(
        tokens, titles, bodies, leads, len(titles), last_document, cursor, lists.postings
    )
    return lists


def sum_positions(lists: PostingLists) -> Array:
    """int64[terms + 1]: the start of each term's positions, and their total."""
    starts = np.empty(len(lists.offsets), np.int64)
    core.sum_positions(lists.offsets, len(lists.offsets) - 1, lists.postings, starts)
    return starts


def list_positions(tokens: Array, titles: Array, bodies: Array, lists: PostingLists) -> Array:
    """The positions of each posting: uint16 or uint32. Arguments as of :func:`invert`."""
    cursor = sum_positions(lists)
    positions = np.zeros(int(cursor[-1]), choose_position_type(np.maximum(bodies, titles)))
    terms = len(lists.offsets) - 1
    core.fill_positions(
        tokens,
        titles,
        bodies,
        len(titles),
        lists.postings,
        lists.offsets[:-1].copy(),
        np.full(terms, -1, np.int32),
        np.zeros(2 * terms, np.int32),
        cursor,
        positions,
        is_wide(positions),
    )
    return positions


def encode_starts(starts: Array, titles: Array, bodies: Array) -> tuple[Array, Array]:
    """Token start offsets, in characters, encoded as bytes: (uint8, int64[D + 1] offsets); see
    core.h.
    """
    data = np.empty(core.measure_starts(starts, titles, bodies, len(titles)), np.uint8)
    offsets = np.zeros(len(titles) + 1, np.int64)
    core.encode_starts(starts, titles, bodies, len(titles), data, offsets)
    return data, offsets


def join_forms(
    offsets: Array, postings: Array, forms: Array, form_offsets: Array
) -> tuple[Array, Array]:
    """(int64 postings of all stems, concatenated; int64 number of postings of each).

    ``offsets`` and ``postings`` are those of the exact terms; the terms of stem s are
    ``forms[form_offsets[s]:form_offsets[s + 1]]``, int32.
    """
    counts = np.zeros(len(form_offsets) - 1, np.int64)
    most = int(np.diff(form_offsets).max(initial=0))
    joined = np.empty(len(postings), np.int64)
    size = core.join_forms(
        offsets,
        postings,
        forms,
        form_offsets,
        len(counts),
        np.empty(2 * most, np.int64),
        counts,
        joined,
    )
    return joined[:size], counts


def gather_stems(exact: PostingLists, stem_of: Array, terms: JoinedStrings) -> PostingLists:
    """The posting lists of the stems: each contains the documents of its exact terms, without
    duplicates.

    ``stem_of``: V int32, the stem number of each exact term; ``terms``: the stems.
    """
    by_stem = np.argsort(stem_of, kind="stable").astype(np.int32)
    form_offsets = np.zeros(len(terms) + 1, np.int64)
    np.cumsum(np.bincount(stem_of, minlength=len(terms)), out=form_offsets[1:])
    joined, counts = join_forms(exact.offsets, exact.postings, by_stem, form_offsets)
    lists = PostingLists.allocate(terms, counts)
    lists.postings = joined
    return lists
