"""Compiled loops that turn tokens into posting lists and join posting lists.

Each is one pass (or two: count, then fill) over flat arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.compiled import compiled

Array = npt.NDArray[Any]

#: A position offset is kept for every so many postings; see ``position_start``.
POSITION_SAMPLE = 64
_LARGEST_SMALL_COUNT = 255


@compiled
def count_postings(
    terms: Array, title_lengths: Array, body_lengths: Array, term_count: int
) -> Array:
    """How many documents each term stands in: int64[term_count]."""
    counts = np.zeros(term_count, np.int64)
    last_document = np.full(term_count, -1, np.int32)
    token = 0
    for document in range(len(title_lengths)):
        end = token + title_lengths[document] + body_lengths[document]
        while token < end:
            term = terms[token]
            if last_document[term] != document:
                last_document[term] = document
                counts[term] += 1
            token += 1
    return counts


@compiled
def fill_postings(
    terms: Array,
    title_lengths: Array,
    body_lengths: Array,
    lead_lengths: Array,
    offsets: Array,
    documents: Array,
    body_counts: Array,
    title_counts: Array,
    lead_counts: Array,
) -> None:
    """Fill the postings of each term, whose first is at ``offsets[term]``, in document order.

    The four arrays to fill must be zero. Counts in the title and the lead stop at 255.
    """
    cursor = offsets[:-1].copy()
    last_document = np.full(len(cursor), -1, np.int32)
    token = 0
    for document in range(len(title_lengths)):
        start = token
        title_end = start + title_lengths[document]
        lead_end = title_end + lead_lengths[document]
        end = title_end + body_lengths[document]
        while token < end:
            term = terms[token]
            if last_document[term] != document:
                last_document[term] = document
                documents[cursor[term]] = document
                cursor[term] += 1
            at = cursor[term] - 1
            if token < title_end:
                if title_counts[at] < _LARGEST_SMALL_COUNT:
                    title_counts[at] += 1
            else:
                body_counts[at] += 1
                if token < lead_end and lead_counts[at] < _LARGEST_SMALL_COUNT:
                    lead_counts[at] += 1
            token += 1


@compiled
def sample_positions(title_counts: Array, body_counts: Array) -> Array:
    """int64: where the positions of every ``POSITION_SAMPLE``-th posting start, and the total."""
    count = len(title_counts)
    samples = np.zeros((count + POSITION_SAMPLE - 1) // POSITION_SAMPLE + 1, np.int64)
    total = 0
    for posting in range(count):
        if posting % POSITION_SAMPLE == 0:
            samples[posting // POSITION_SAMPLE] = total
        total += title_counts[posting] + body_counts[posting]
    samples[-1] = total
    return samples


@compiled
def fill_positions(
    terms: Array,
    title_lengths: Array,
    body_lengths: Array,
    offsets: Array,
    title_counts: Array,
    body_counts: Array,
    positions: Array,
) -> None:
    """Fill each posting's positions, title first: those of its title, then those of its body."""
    cursor = np.empty(len(offsets) - 1, np.int64)
    total = 0
    posting = 0
    for term in range(len(cursor)):
        cursor[term] = total
        while posting < offsets[term + 1]:
            total += title_counts[posting] + body_counts[posting]
            posting += 1
    # Counts saturate; positions beyond a saturated count are dropped with it.
    room = np.zeros(len(cursor), np.int64)
    next_posting = offsets[:-1].copy()
    last_document = np.full(len(cursor), -1, np.int32)
    token = 0
    for document in range(len(title_lengths)):
        start = token
        title_end = start + title_lengths[document]
        end = title_end + body_lengths[document]
        while token < end:
            term = terms[token]
            if last_document[term] != document:
                last_document[term] = document
                cursor[term] += room[term]
                at = next_posting[term]
                next_posting[term] += 1
                room[term] = title_counts[at] + body_counts[at]
            if room[term] > 0:
                body_room = body_counts[next_posting[term] - 1]
                if token >= title_end or room[term] > body_room:
                    position = token - start if token < title_end else token - title_end
                    positions[cursor[term]] = position
                    cursor[term] += 1
                    room[term] -= 1
            token += 1


@compiled
def encode_starts(starts: Array, title_lengths: Array, body_lengths: Array) -> tuple[Array, Array]:
    """Token starts as bytes: (data uint8, offsets int64[documents + 1]).

    A byte below 255 is a token that many characters after the one before (after the start of the
    field for its first); 255 is 255 characters without a token.
    """
    size = 0
    token = 0
    for document in range(len(title_lengths)):
        for length in (title_lengths[document], body_lengths[document]):
            previous = 0
            for _ in range(length):
                size += (starts[token] - previous) // 255 + 1
                previous = starts[token]
                token += 1
    data = np.empty(size, np.uint8)
    offsets = np.zeros(len(title_lengths) + 1, np.int64)
    token = 0
    at = 0
    for document in range(len(title_lengths)):
        for length in (title_lengths[document], body_lengths[document]):
            previous = 0
            for _ in range(length):
                gap = starts[token] - previous
                while gap >= 255:
                    data[at] = 255
                    at += 1
                    gap -= 255
                data[at] = gap
                at += 1
                previous = starts[token]
                token += 1
        offsets[document + 1] = at
    return data, offsets


@compiled
def decode_starts(data: Array, title_length: int, body_length: int) -> Array:
    """int32[title_length + body_length]: the token starts of one document."""
    starts = np.empty(title_length + body_length, np.int32)
    at = 0
    token = 0
    for length in (title_length, body_length):
        previous = 0
        for _ in range(length):
            while data[at] == 255:
                previous += 255
                at += 1
            previous += data[at]
            at += 1
            starts[token] = previous
            token += 1
    return starts


@compiled
def count_kept(
    offsets: Array, documents: Array, new_numbers: Array, terms: Array, counts: Array
) -> None:
    """Add to ``counts[terms[t]]`` the postings of term ``t`` whose document is kept.

    ``new_numbers[document]`` is its number after the merge, -1 where it is dropped.
    """
    for term in range(len(offsets) - 1):
        kept = 0
        for posting in range(offsets[term], offsets[term + 1]):
            if new_numbers[documents[posting]] >= 0:
                kept += 1
        counts[terms[term]] += kept


@compiled
def copy_postings(
    offsets: Array,
    documents: Array,
    body_counts: Array,
    title_counts: Array,
    lead_counts: Array,
    new_numbers: Array,
    terms: Array,
    cursor: Array,
    out_documents: Array,
    out_body_counts: Array,
    out_title_counts: Array,
    out_lead_counts: Array,
) -> None:
    """Append each kept posting to its term's run, which goes on at ``cursor[term]``."""
    for term in range(len(offsets) - 1):
        at = cursor[terms[term]]
        for posting in range(offsets[term], offsets[term + 1]):
            number = new_numbers[documents[posting]]
            if number >= 0:
                out_documents[at] = number
                out_body_counts[at] = body_counts[posting]
                out_title_counts[at] = title_counts[posting]
                out_lead_counts[at] = lead_counts[posting]
                at += 1
        cursor[terms[term]] = at


@compiled
def copy_positions(
    offsets: Array,
    documents: Array,
    body_counts: Array,
    title_counts: Array,
    positions: Array,
    new_numbers: Array,
    terms: Array,
    cursor: Array,
    out_positions: Array,
) -> None:
    """Append the positions of each kept posting to its term's run at ``cursor[term]``."""
    source = 0
    for term in range(len(offsets) - 1):
        at = cursor[terms[term]]
        for posting in range(offsets[term], offsets[term + 1]):
            count = title_counts[posting] + body_counts[posting]
            if new_numbers[documents[posting]] >= 0:
                for _ in range(count):
                    out_positions[at] = positions[source]
                    at += 1
                    source += 1
            else:
                source += count
        cursor[terms[term]] = at


@compiled
def position_offsets_by_term(offsets: Array, title_counts: Array, body_counts: Array) -> Array:
    """int64[terms]: where each term's positions start."""
    starts = np.empty(len(offsets) - 1, np.int64)
    total = 0
    posting = 0
    for term in range(len(starts)):
        starts[term] = total
        while posting < offsets[term + 1]:
            total += title_counts[posting] + body_counts[posting]
            posting += 1
    return starts


@compiled
def gather_runs(values: Array, offsets: Array, rows: Array, out: Array) -> None:
    """Copy the runs ``values[offsets[row]:offsets[row + 1]]`` of ``rows`` one after another."""
    at = 0
    for row in rows:
        for item in range(offsets[row], offsets[row + 1]):
            out[at] = values[item]
            at += 1
