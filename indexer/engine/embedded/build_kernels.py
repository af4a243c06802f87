"""Compiled loops that turn tokens into posting lists and join posting lists.

Each is one pass (or two: count, then fill) over flat arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.compiled import compiled
from indexer.engine.embedded.packed_posting import (
    MOST_IN_BODY,
    MOST_IN_LEAD,
    MOST_IN_TITLE,
    ONE_IN_BODY,
    ONE_IN_LEAD,
    ONE_IN_TITLE,
    body_count_of,
    document_of,
    lead_count_of,
    pack_posting,
    title_count_of,
    token_count_of,
)

Array = npt.NDArray[Any]

#: A position offset is kept for every so many postings; see ``position_start``.
POSITION_SAMPLE = 64


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
    postings: Array,
) -> None:
    """Fill the postings of each term, whose first is at ``offsets[term]``, in document order."""
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
                postings[cursor[term]] = document
                cursor[term] += 1
            at = cursor[term] - 1
            posting = postings[at]
            if token < title_end:
                if title_count_of(posting) < MOST_IN_TITLE:
                    posting += ONE_IN_TITLE
            else:
                if body_count_of(posting) < MOST_IN_BODY:
                    posting += ONE_IN_BODY
                if token < lead_end and lead_count_of(posting) < MOST_IN_LEAD:
                    posting += ONE_IN_LEAD
            postings[at] = posting
            token += 1


@compiled
def sample_positions(postings: Array) -> Array:
    """int64: where the positions of every ``POSITION_SAMPLE``-th posting start, and the total."""
    count = len(postings)
    samples = np.zeros((count + POSITION_SAMPLE - 1) // POSITION_SAMPLE + 1, np.int64)
    total = 0
    for at in range(count):
        if at % POSITION_SAMPLE == 0:
            samples[at // POSITION_SAMPLE] = total
        total += token_count_of(postings[at])
    samples[-1] = total
    return samples


@compiled
def position_offsets_by_term(offsets: Array, postings: Array) -> Array:
    """int64[terms + 1]: where each term's positions start, and the total."""
    starts = np.empty(len(offsets), np.int64)
    total = 0
    at = 0
    for term in range(len(offsets)):
        while at < offsets[term]:
            total += token_count_of(postings[at])
            at += 1
        starts[term] = total
    return starts


@compiled
def fill_positions(
    terms: Array,
    title_lengths: Array,
    body_lengths: Array,
    offsets: Array,
    postings: Array,
    cursor: Array,
    positions: Array,
) -> None:
    """Fill each posting's positions, title first: those of its title, then those of its body.

    ``cursor`` is what :func:`position_offsets_by_term` gives, and is used up. Where a count is
    at its most, the positions beyond it are dropped.
    """
    next_posting = offsets[:-1].copy()
    last_document = np.full(len(next_posting), -1, np.int32)
    title_room = np.zeros(len(next_posting), np.int32)
    body_room = np.zeros(len(next_posting), np.int32)
    token = 0
    for document in range(len(title_lengths)):
        start = token
        title_end = start + title_lengths[document]
        end = title_end + body_lengths[document]
        while token < end:
            term = terms[token]
            if last_document[term] != document:
                last_document[term] = document
                posting = postings[next_posting[term]]
                next_posting[term] += 1
                title_room[term] = title_count_of(posting)
                body_room[term] = body_count_of(posting)
            if token < title_end:
                if title_room[term] > 0:
                    title_room[term] -= 1
                    positions[cursor[term]] = token - start
                    cursor[term] += 1
            elif body_room[term] > 0:
                body_room[term] -= 1
                positions[cursor[term]] = token - title_end
                cursor[term] += 1
            token += 1


@compiled
def encode_starts(starts: Array, title_lengths: Array, body_lengths: Array) -> tuple[Array, Array]:
    """Token starts, ascending within a field, as bytes: (data uint8, offsets int64[documents + 1]).

    A byte below 255 is a token that many characters after the one before (after the start of the
    field for its first); 255 is 255 characters without a token.
    """
    size = 0
    token = 0
    for document in range(len(title_lengths)):
        for length in (title_lengths[document], body_lengths[document]):
            previous = 0
            for _ in range(length):
                size += max(0, starts[token] - previous) // 255 + 1
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
                gap = max(0, starts[token] - previous)
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
    """int32[title_length + body_length]: the token starts of one document; where the bytes end too
    early, the last start is repeated.
    """
    starts = np.empty(title_length + body_length, np.int32)
    at = 0
    token = 0
    for length in (title_length, body_length):
        previous = 0
        for _ in range(length):
            while at < len(data) and data[at] == 255:
                previous += 255
                at += 1
            if at < len(data):
                previous += data[at]
                at += 1
            starts[token] = previous
            token += 1
    return starts


@compiled
def count_kept(
    offsets: Array, postings: Array, new_numbers: Array, terms: Array, counts: Array
) -> None:
    """Add to ``counts[terms[t]]`` the postings of term ``t`` whose document is kept.

    ``new_numbers[document]`` is its number after the merge, -1 where it is dropped.
    """
    for term in range(len(offsets) - 1):
        kept = 0
        for at in range(offsets[term], offsets[term + 1]):
            if new_numbers[document_of(postings[at])] >= 0:
                kept += 1
        counts[terms[term]] += kept


@compiled
def copy_postings(
    offsets: Array,
    postings: Array,
    new_numbers: Array,
    terms: Array,
    cursor: Array,
    out: Array,
) -> None:
    """Append each kept posting to its term's run, which goes on at ``cursor[term]``."""
    for term in range(len(offsets) - 1):
        to = cursor[terms[term]]
        for at in range(offsets[term], offsets[term + 1]):
            document = document_of(postings[at])
            number = new_numbers[document]
            if number >= 0:
                out[to] = postings[at] - document + number
                to += 1
        cursor[terms[term]] = to


@compiled
def copy_positions(
    offsets: Array,
    postings: Array,
    positions: Array,
    new_numbers: Array,
    terms: Array,
    cursor: Array,
    out: Array,
) -> None:
    """Append the positions of each kept posting to its term's run at ``cursor[term]``."""
    source = 0
    for term in range(len(offsets) - 1):
        to = cursor[terms[term]]
        for at in range(offsets[term], offsets[term + 1]):
            count = token_count_of(postings[at])
            if new_numbers[document_of(postings[at])] >= 0:
                for step in range(count):
                    out[to + step] = positions[source + step]
                to += count
            source += count
        cursor[terms[term]] = to


@compiled
def join_forms(
    offsets: Array, postings: Array, by_stem: Array, form_offsets: Array, counts: Array
) -> Array:
    """The postings of all stems one after another, from those of their exact terms: int64.

    ``by_stem[form_offsets[s]:form_offsets[s + 1]]`` are the exact terms of stem s; ``counts[s]``
    becomes the number of its postings. The result may be longer than their sum.
    """
    out = np.empty(len(postings), np.int64)
    size = 0
    for stem in range(len(form_offsets) - 1):
        start = size
        forms = by_stem[form_offsets[stem] : form_offsets[stem + 1]]
        for form in forms:
            for at in range(offsets[form], offsets[form + 1]):
                out[size] = postings[at]
                size += 1
        if len(forms) > 1:
            run = out[start:size]
            # No document twice within a form, so the order among equal documents is free.
            run = run[np.argsort(run & 0xFFFFFFFF)]
            size = start
            for posting in run:
                if size > start and document_of(out[size - 1]) == document_of(posting):
                    before = out[size - 1]
                    out[size - 1] = pack_posting(
                        document_of(posting),
                        body_count_of(before) + body_count_of(posting),
                        title_count_of(before) + title_count_of(posting),
                        lead_count_of(before) + lead_count_of(posting),
                    )
                else:
                    out[size] = posting
                    size += 1
        counts[stem] = size - start
    return out


@compiled
def gather_runs(values: Array, offsets: Array, rows: Array, out: Array) -> None:
    """Copy the runs ``values[offsets[row]:offsets[row + 1]]`` of ``rows`` one after another."""
    at = 0
    for row in rows:
        for item in range(offsets[row], offsets[row + 1]):
            out[at] = values[item]
            at += 1
