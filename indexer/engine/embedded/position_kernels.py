"""Compiled loops over positions: where terms and phrases stand in one document.

An alternative of a query is given as *slots*, one for each of its tokens: a slot is the numbers
of the exact terms that may stand there, ``terms[slots[s]:slots[s + 1]]``; an empty slot is any
token. A term is one slot. A token's *place* is its position, plus ``BODY`` in the body, so no
phrase runs from the title into the body.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.build_kernels import POSITION_SAMPLE, decode_starts
from indexer.engine.embedded.compiled import compiled
from indexer.engine.embedded.packed_posting import (
    body_count_of,
    document_of,
    pack_posting,
    title_count_of,
    token_count_of,
)

Array = npt.NDArray[Any]

#: Added to the position of a body token; no title is so long.
BODY = 1 << 24

_TITLE_SCOPE = 1
_BODY_SCOPE = 2


@compiled
def find_posting(postings: Array, low: int, high: int, wanted: int) -> int:
    """Where ``wanted`` stands among the ascending postings, or -1."""
    end = high
    while low < end:
        middle = (low + end) // 2
        if document_of(postings[middle]) < wanted:
            low = middle + 1
        else:
            end = middle
    return low if low < high and document_of(postings[low]) == wanted else -1


@compiled
def find_slot_places(
    document: int,
    terms: Array,
    low: int,
    high: int,
    offsets: Array,
    postings: Array,
    samples: Array,
    positions: Array,
    capacity: int,
) -> Array:
    """Places in the document of the terms ``terms[low:high]``: int64, in no order."""
    places = np.empty(capacity, np.int64)
    count = 0
    for index in range(low, high):
        term = terms[index]
        posting = find_posting(postings, offsets[term], offsets[term + 1], document)
        if posting < 0:
            continue
        sampled = posting // POSITION_SAMPLE
        start = samples[sampled]
        for before in range(sampled * POSITION_SAMPLE, posting):
            start += token_count_of(postings[before])
        in_title = title_count_of(postings[posting])
        in_body = body_count_of(postings[posting])
        if count + in_title + in_body > capacity:
            # More tokens than the document has: a damaged file, which ``check`` tells.
            break
        for at in range(in_title):
            places[count] = positions[start + at]
            count += 1
        for at in range(in_body):
            places[count] = BODY + positions[start + in_title + at]
            count += 1
    return places[:count]


@compiled
def find_starts(
    document: int,
    terms: Array,
    slots: Array,
    first_slot: int,
    end_slot: int,
    scope: int,
    title_length: int,
    body_length: int,
    offsets: Array,
    postings: Array,
    samples: Array,
    positions: Array,
) -> Array:
    """Places at which the alternative of slots ``first_slot`` to ``end_slot`` starts: int64."""
    capacity = title_length + body_length
    starts = np.empty(0, np.int64)
    found = False
    for slot in range(first_slot, end_slot):
        if slots[slot] == slots[slot + 1]:
            continue
        places = find_slot_places(
            document,
            terms,
            slots[slot],
            slots[slot + 1],
            offsets,
            postings,
            samples,
            positions,
            capacity,
        )
        step = slot - first_slot
        if not found:
            found = True
            starts = places - step
        else:
            starts.sort()
            places.sort()
            kept, at = 0, 0
            for start in starts:
                while at < len(places) and places[at] < start + step:
                    at += 1
                if at < len(places) and places[at] == start + step:
                    starts[kept] = start
                    kept += 1
            starts = starts[:kept]
        if len(starts) == 0:
            return starts
    length = end_slot - first_slot
    kept = 0
    for start in starts:
        if start >= BODY:
            fits = start - BODY + length <= body_length and scope != _TITLE_SCOPE
        elif start >= title_length + length:
            # A body phrase whose start fell before the body.
            fits = False
        else:
            fits = start >= 0 and start + length <= title_length and scope != _BODY_SCOPE
        if fits:
            starts[kept] = start
            kept += 1
    return starts[:kept]


@compiled
def count_starts(
    candidates: Array,
    terms: Array,
    slots: Array,
    title_lengths: Array,
    body_lengths: Array,
    lead_lengths: Array,
    offsets: Array,
    postings: Array,
    samples: Array,
    positions: Array,
    out: Array,
) -> int:
    """Postings of the one alternative that ``slots`` describes, over ``candidates``; how many."""
    count = 0
    for candidate in candidates:
        document = np.int64(candidate)
        starts = find_starts(
            document,
            terms,
            slots,
            0,
            len(slots) - 1,
            0,
            title_lengths[document],
            body_lengths[document],
            offsets,
            postings,
            samples,
            positions,
        )
        if len(starts) == 0:
            continue
        in_title, in_body, in_lead = 0, 0, 0
        for start in starts:
            if start < BODY:
                in_title += 1
            else:
                in_body += 1
                if start - BODY < lead_lengths[document]:
                    in_lead += 1
        out[count] = pack_posting(document, in_body, in_title, in_lead)
        count += 1
    return count


@compiled
def find_clause_places(
    document: int,
    terms: Array,
    slots: Array,
    alternatives: Array,
    scopes: Array,
    low: int,
    high: int,
    title_length: int,
    body_length: int,
    offsets: Array,
    postings: Array,
    samples: Array,
    positions: Array,
) -> Array:
    """Places of all tokens that the alternatives ``low`` to ``high`` match; some may repeat."""
    total = np.empty(0, np.int64)
    for alternative in range(low, high):
        first, end = alternatives[alternative], alternatives[alternative + 1]
        starts = find_starts(
            document,
            terms,
            slots,
            first,
            end,
            scopes[alternative],
            title_length,
            body_length,
            offsets,
            postings,
            samples,
            positions,
        )
        if len(starts) == 0:
            continue
        for slot in range(first, end):
            if slots[slot] != slots[slot + 1]:
                total = np.concatenate((total, starts + (slot - first)))
    return total


@compiled
def list_occurrences(
    document: int,
    terms: Array,
    slots: Array,
    alternatives: Array,
    scopes: Array,
    groups: Array,
    title_length: int,
    body_length: int,
    offsets: Array,
    postings: Array,
    samples: Array,
    positions: Array,
    starts: Array,
) -> tuple[Array, Array, Array]:
    """What the groups match in a document: (places, groups, characters), places ascending.

    ``groups[g]:groups[g + 1]`` are the alternatives of group g. ``starts`` is the document's run
    of :func:`.build_kernels.encode_starts`. A place that two groups match is there twice.
    """
    found = np.empty(0, np.int64)
    many = len(groups)
    for group in range(len(groups) - 1):
        if groups[group] == groups[group + 1]:
            continue
        places = find_clause_places(
            document,
            terms,
            slots,
            alternatives,
            scopes,
            groups[group],
            groups[group + 1],
            title_length,
            body_length,
            offsets,
            postings,
            samples,
            positions,
        )
        found = np.concatenate((found, places * many + group))
    found.sort()
    count = 0
    for at in range(len(found)):
        if at == 0 or found[at] != found[at - 1]:
            found[count] = found[at]
            count += 1
    places = found[:count] // many
    characters = np.empty(count, np.int32)
    if count:
        of_tokens = decode_starts(starts, title_length, body_length)
        for at in range(count):
            place = places[at]
            characters[at] = of_tokens[place if place < BODY else place - BODY + title_length]
    return places, found[:count] % many, characters


@compiled
def measure_closeness(
    candidates: Array,
    terms: Array,
    slots: Array,
    alternatives: Array,
    scopes: Array,
    clauses: Array,
    title_lengths: Array,
    body_lengths: Array,
    offsets: Array,
    postings: Array,
    samples: Array,
    positions: Array,
) -> Array:
    """float64 for each candidate: ``closeness`` of :class:`indexer.engine.base.Ranking`.

    ``clauses[c]:clauses[c + 1]`` are the alternatives of required clause c; two clauses or more.
    """
    closeness = np.zeros(len(candidates), np.float64)
    for index in range(len(candidates)):
        document = np.int64(candidates[index])
        title_length, body_length = title_lengths[document], body_lengths[document]
        before = np.empty(0, np.int64)
        for clause in range(len(clauses) - 1):
            places = find_clause_places(
                document,
                terms,
                slots,
                alternatives,
                scopes,
                clauses[clause],
                clauses[clause + 1],
                title_length,
                body_length,
                offsets,
                postings,
                samples,
                positions,
            )
            places.sort()
            if clause:
                closeness[index] += _measure_nearness(before, places)
            before = places
        closeness[index] /= len(clauses) - 2
    return closeness


@compiled
def _measure_nearness(first: Array, second: Array) -> float:
    """1 / least distance between two ascending lists of places, 0 where they share no field."""
    best = BODY // 2
    at = 0
    for place in first:
        while at < len(second) and second[at] < place:
            at += 1
        if at < len(second):
            best = min(best, max(1, second[at] - place))
            if second[at] == place and at + 1 < len(second):
                best = min(best, max(1, second[at + 1] - place))
        if at > 0:
            best = min(best, place - second[at - 1] + 1)
    return 1.0 / best if best < BODY // 2 else 0.0
