"""Compiled loops that look at a page of postings when it is first read: does it point inside?

What searches rely on without looking: documents below the count, ascending within a term; counts
that a posting can have; and positions where the samples say that they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.build_kernels import POSITION_SAMPLE
from indexer.engine.embedded.compiled import compiled
from indexer.engine.embedded.packed_posting import (
    body_count_of,
    document_of,
    lead_count_of,
    title_count_of,
    token_count_of,
)

Array = npt.NDArray[Any]


@compiled
def find_bad_posting(postings: Array, first: int, end: int, offsets: Array, documents: int) -> int:
    """The first of the postings ``first`` to ``end`` that none can be, or -1."""
    term = np.searchsorted(offsets, first, side="right")
    before = -1
    for at in range(first, end):
        while term < len(offsets) and offsets[term] <= at:
            before = -1
            term += 1
        posting = postings[at]
        document = document_of(posting)
        if posting < 0 or document >= documents or document <= before:
            return at
        if token_count_of(posting) == 0 or lead_count_of(posting) > body_count_of(posting):
            return at
        before = document
    return -1


@compiled
def find_bad_sample(postings: Array, first: int, end: int, samples: Array) -> int:
    """The first sample whose positions are not as many as its postings count, or -1.

    ``first`` is a multiple of ``POSITION_SAMPLE``; ``end`` is one too, or the end of all.
    """
    at = first
    while at < end:
        sample = at // POSITION_SAMPLE
        total = 0
        for one in range(at, min(at + POSITION_SAMPLE, end)):
            total += token_count_of(postings[one])
        if samples[sample] + total != samples[sample + 1]:
            return sample
        at += POSITION_SAMPLE
    return -1


@compiled
def sum_counts(postings: Array, documents: int) -> tuple[Array, Array, Array, Array]:
    """For each document the tokens of its title, body and lead, and whether a count is cut."""
    titles = np.zeros(documents, np.int64)
    bodies = np.zeros(documents, np.int64)
    leads = np.zeros(documents, np.int64)
    cut = np.zeros(documents, np.bool_)
    for posting in postings:
        document = document_of(posting)
        in_title, in_body = title_count_of(posting), body_count_of(posting)
        in_lead = lead_count_of(posting)
        titles[document] += in_title
        bodies[document] += in_body
        leads[document] += in_lead
        if in_title == 255 or in_body == 65_535 or in_lead == 127:
            cut[document] = True
    return titles, bodies, leads, cut


@compiled
def find_bad_positions(
    postings: Array,
    positions: Array,
    title_lengths: Array,
    body_lengths: Array,
    lead_lengths: Array,
    firsts: Array,
    cut: Array,
) -> int:
    """The first posting whose positions disagree with its counts, the lengths, or another, or -1.

    ``firsts[document]`` is how many tokens all documents before it have. A position belongs to
    one term only; those of a posting ascend.
    """
    seen = np.zeros(firsts[-1], np.bool_)
    start = 0
    for at in range(len(postings)):
        posting = postings[at]
        document = document_of(posting)
        in_title, in_body = title_count_of(posting), body_count_of(posting)
        in_lead, before = 0, -1
        for index in range(in_title + in_body):
            if index == in_title:
                before = -1
            position = np.int64(positions[start + index])
            length = title_lengths[document] if index < in_title else body_lengths[document]
            if position <= before or position >= length:
                return at
            before = position
            token = firsts[document] + position
            if index >= in_title:
                token += title_lengths[document]
                in_lead += position < lead_lengths[document]
            if seen[token]:
                return at
            seen[token] = True
        if in_lead != lead_count_of(posting) and not cut[document]:
            return at
        start += in_title + in_body
    return -1


@compiled
def find_bad_starts(starts: Array, offsets: Array, tokens: Array) -> int:
    """The first document whose run of token starts has not one for each token, or -1."""
    for document in range(len(tokens)):
        low, high = offsets[document], offsets[document + 1]
        count = 0
        for at in range(low, high):
            count += starts[at] != 255
        if count != tokens[document] or (high > low and starts[high - 1] == 255):
            return document
    return -1


@compiled
def find_disorder(text: Array, offsets: Array) -> int:
    """The first string that does not sort, byte by byte, after the one before it, or -1."""
    for number in range(1, len(offsets) - 1):
        before, here, end = offsets[number - 1], offsets[number], offsets[number + 1]
        at = 0
        while before + at < here and here + at < end and text[before + at] == text[here + at]:
            at += 1
        if here + at == end or (before + at < here and text[before + at] > text[here + at]):
            return number
    return -1
