"""How do the terms of all tokens become posting lists and positions?"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.contents import PostingLists, choose_position_type, group_forms
from indexer.engine.embedded.native import core
from indexer.engine.embedded.packed_posting import is_wide
from indexer.engine.embedded.strings import JoinedStrings
from indexer.engine.run_starts import find_starts

Array = npt.NDArray[Any]


def invert(
    tokens: Array, terms: JoinedStrings, rank: Array, titles: Array, bodies: Array, leads: Array
) -> PostingLists:
    """The posting lists of ``terms``, with positions, from each token's term.

    ``tokens``: T int32, document by document, title first; ``rank``: int32, the number in ``terms``
    of each term there. Lengths: D int32, in tokens.
    """
    starts = find_starts(np.bincount(tokens, minlength=len(terms))[np.argsort(rank)])
    postings = np.empty(len(tokens), np.int64)
    core.sort_tokens(tokens, titles, bodies, leads, len(titles), starts[rank], postings)
    offsets = np.empty(len(starts), np.int64)
    positions = np.empty(len(tokens), choose_position_type(np.maximum(bodies, titles)))
    kept = core.collect_postings(
        starts, len(terms), postings, offsets, positions, is_wide(positions)
    )
    # Gives the rest of the memory back.
    postings.resize(int(offsets[-1]), refcheck=False)
    return PostingLists(terms, offsets, postings, positions[:kept])


def sum_positions(offsets: Array, postings: Array) -> Array:
    """int64[terms + 1]: the start of each term's positions, and their total. Arguments as in
    :class:`PostingLists`.
    """
    starts = np.empty(len(offsets), np.int64)
    core.sum_positions(offsets, len(offsets) - 1, postings, starts)
    return starts


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
    joined, counts = join_forms(exact.offsets, exact.postings, *group_forms(stem_of, len(terms)))
    return PostingLists(terms, find_starts(counts), joined)
