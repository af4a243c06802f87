"""Compiled loops over posting lists: scoring, intersecting, ordering, counting.

Scratch arrays have one place per document and hold ``UNSEEN`` between calls; each loop that
fills them also lists what it filled, so that they are put back without a pass over all documents.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.compiled import compiled
from indexer.engine.embedded.packed_posting import (
    body_count_of,
    document_of,
    lead_count_of,
    title_count_of,
)

Array = npt.NDArray[Any]

#: What a scratch frequency or score holds for a document that nothing has touched.
UNSEEN = np.float32(-1.0)

#: More clauses than this a query does not have; see ``_add_score``.
CLAUSES = 1 << 15

_TITLE = 1
_BODY = 2


@compiled
def is_in_scope(posting: int, scope: int) -> bool:
    if scope == _TITLE:
        return title_count_of(posting) > 0
    if scope == _BODY:
        return body_count_of(posting) > 0
    return True


@compiled
def _weigh(
    posting: int,
    scope: int,
    title_weight: float,
    body_weight: float,
    lead_weight: float,
    title_norm: float,
    body_norm: float,
) -> Any:
    """The posting's weighted, normalised frequency within ``scope``: float32."""
    frequency = np.float32(0.0)
    in_title = title_count_of(posting)
    if in_title and scope != _BODY:
        frequency += title_weight * np.float32(in_title) * title_norm
    if scope != _TITLE:
        in_body = body_weight * np.float32(body_count_of(posting))
        in_body += lead_weight * np.float32(lead_count_of(posting))
        frequency += in_body * body_norm
    return frequency


@compiled
def add_frequencies(
    postings: Array,
    low: int,
    high: int,
    scope: int,
    weights: Array,
    title_norms: Array,
    body_norms: Array,
    frequencies: Array,
    touched: Array,
    count: int,
) -> int:
    """Add the weighted frequency of each posting to ``frequencies[document]``.

    ``weights`` is float32 [title, body, lead], the alternative's weight multiplied in.
    A document touched for the first time is appended to ``touched``, which holds ``count``;
    returns the new count.
    """
    title_weight, body_weight, lead_weight = weights[0], weights[1], weights[2]
    for at in range(low, high):
        posting = postings[at]
        if not is_in_scope(posting, scope):
            continue
        document = document_of(posting)
        frequency = _weigh(
            posting,
            scope,
            title_weight,
            body_weight,
            lead_weight,
            title_norms[document],
            body_norms[document],
        )
        if frequencies[document] < 0:
            touched[count] = document
            count += 1
            frequencies[document] = frequency
        else:
            frequencies[document] += frequency
    return count


@compiled
def score_touched(
    frequencies: Array,
    touched: Array,
    count: int,
    idf: float,
    k1: float,
    clause: int,
    worth: int,
    scores: Array,
    states: Array,
    matched: Array,
    matched_count: int,
) -> int:
    """Saturate one word's frequencies into ``scores`` and clear them.

    Documents not in ``matched`` yet are appended; returns its new length. A document's state is
    what the required clauses that stand in it are worth, times ``CLAUSES``, plus the number of the
    last clause that did: a clause counts once, however many of its words stand.
    """
    idf32, k1_32 = np.float32(idf), np.float32(k1)
    for at in range(count):
        document = np.int64(touched[at])
        frequency = frequencies[document]
        frequencies[document] = UNSEEN
        gain = np.float32(0.0)
        if frequency > 0:
            gain = idf32 * frequency / (k1_32 + frequency)
        if scores[document] < 0:
            matched[matched_count] = document
            matched_count += 1
            scores[document] = gain
            states[document] = worth * CLAUSES + clause
        else:
            scores[document] += gain
            state = states[document]
            if state % CLAUSES != clause:
                states[document] = state - state % CLAUSES + worth * CLAUSES + clause
    return matched_count


@compiled
def score_run(
    postings: Array,
    low: int,
    high: int,
    scope: int,
    weights: Array,
    title_norms: Array,
    body_norms: Array,
    idf: float,
    k1: float,
    clause: int,
    worth: int,
    scores: Array,
    states: Array,
    matched: Array,
    matched_count: int,
) -> int:
    """:func:`add_frequencies` and :func:`score_touched` in one pass, for a word of one run.

    The run must ascend.
    """
    idf32, k1_32 = np.float32(idf), np.float32(k1)
    title_weight, body_weight, lead_weight = weights[0], weights[1], weights[2]
    for at in range(low, high):
        posting = postings[at]
        if not is_in_scope(posting, scope):
            continue
        document = document_of(posting)
        frequency = _weigh(
            posting,
            scope,
            title_weight,
            body_weight,
            lead_weight,
            title_norms[document],
            body_norms[document],
        )
        # As in ``score_touched``: a call that is passed arrays would cost more than all of this.
        gain = np.float32(0.0)
        if frequency > 0:
            gain = idf32 * frequency / (k1_32 + frequency)
        if scores[document] < 0:
            matched[matched_count] = document
            matched_count += 1
            scores[document] = gain
            states[document] = worth * CLAUSES + clause
        else:
            scores[document] += gain
            state = states[document]
            if state % CLAUSES != clause:
                states[document] = state - state % CLAUSES + worth * CLAUSES + clause
    return matched_count


@compiled
def take_matched(
    matched: Array,
    count: int,
    scores: Array,
    states: Array,
    out_scores: Array,
    out_satisfied: Array,
) -> None:
    """Move scores and satisfied clauses of ``matched`` out of scratch and clear it."""
    for at in range(count):
        document = matched[at]
        out_scores[at] = scores[document]
        out_satisfied[at] = states[document] // CLAUSES
        scores[document] = UNSEEN


@compiled
def probe_frequencies(
    postings: Array,
    low: int,
    high: int,
    scope: int,
    weights: Array,
    title_norms: Array,
    body_norms: Array,
    candidates: Array,
    count: int,
    frequencies: Array,
) -> None:
    """As :func:`add_frequencies` for the ascending ``candidates`` only.

    ``frequencies`` has one place for each candidate. The postings must ascend; at least one.
    """
    title_weight, body_weight, lead_weight = weights[0], weights[1], weights[2]
    at = low
    for index in range(count):
        wanted = np.int64(candidates[index])
        # Gallop: double the step until past the document, then halve the gap.
        step = 1
        while at + step < high and document_of(postings[at + step]) < wanted:
            at += step
            step *= 2
        end = min(at + step, high - 1)
        while at < end:
            middle = (at + end) // 2
            if document_of(postings[middle]) < wanted:
                at = middle + 1
            else:
                end = middle
        posting = postings[at]
        if document_of(posting) != wanted or not is_in_scope(posting, scope):
            continue
        frequency = _weigh(
            posting,
            scope,
            title_weight,
            body_weight,
            lead_weight,
            title_norms[wanted],
            body_norms[wanted],
        )
        if frequencies[index] < 0:
            frequencies[index] = frequency
        else:
            frequencies[index] += frequency


@compiled
def gather_frequencies(
    dense: Array, touched: Array, touched_count: int, candidates: Array, count: int, out: Array
) -> None:
    """Move what :func:`add_frequencies` collected to the candidates' places and clear it."""
    for index in range(count):
        value = dense[candidates[index]]
        if value >= 0:
            out[index] = value if out[index] < 0 else out[index] + value
    for at in range(touched_count):
        dense[touched[at]] = UNSEEN


@compiled
def score_candidates(
    frequencies: Array, count: int, idf: float, k1: float, scores: Array, hit: Array
) -> None:
    """Saturate one word's frequencies into the candidates' ``scores``; ``hit`` where it stands."""
    # In float32 as in ``score_touched``: documents that are alike score alike, wherever they are.
    idf32, k1_32 = np.float32(idf), np.float32(k1)
    for index in range(count):
        frequency = frequencies[index]
        if frequency >= 0:
            if frequency > 0:
                scores[index] += idf32 * frequency / (k1_32 + frequency)
            hit[index] = 1
            frequencies[index] = UNSEEN


@compiled
def keep_hit(candidates: Array, scores: Array, hit: Array, count: int) -> int:
    """Keep the candidates with ``hit``, in place, and clear it; returns how many."""
    kept = 0
    for index in range(count):
        if hit[index]:
            hit[index] = 0
            candidates[kept] = candidates[index]
            scores[kept] = scores[index]
            kept += 1
    return kept


@compiled
def count_in_scope(postings: Array, low: int, high: int, scope: int) -> int:
    """How many of the postings stand within ``scope``."""
    total = 0
    for at in range(low, high):
        if is_in_scope(postings[at], scope):
            total += 1
    return total


@compiled
def count_distinct_in_scope(
    postings: Array, low: int, high: int, scope: int, document_count: int
) -> int:
    """How many documents have any of the postings within ``scope``."""
    seen = np.zeros(document_count, np.uint8)
    total = 0
    for at in range(low, high):
        if is_in_scope(postings[at], scope):
            document = document_of(postings[at])
            if not seen[document]:
                seen[document] = 1
                total += 1
    return total


@compiled
def close_gate(postings: Array, low: int, high: int, scope: int, gate: Array, closed: int) -> None:
    """Set ``gate[document] = closed`` for the postings within ``scope``."""
    for at in range(low, high):
        if is_in_scope(postings[at], scope):
            gate[document_of(postings[at])] = closed


@compiled
def pass_gate(
    candidates: Array,
    scores: Array,
    satisfied: Array,
    count: int,
    threshold: int,
    gate: Array,
    wanted: int,
    out_candidates: Array,
    out_scores: Array,
) -> int:
    """Copy the candidates that satisfy ``threshold`` and whose gate is ``wanted``; how many."""
    kept = 0
    for index in range(count):
        if satisfied[index] >= threshold and gate[candidates[index]] == wanted:
            out_candidates[kept] = candidates[index]
            out_scores[kept] = scores[index]
            kept += 1
    return kept


@compiled
def fade_scores(
    candidates: Array,
    scores: Array,
    count: int,
    days: Array,
    no_day: int,
    from_day: int,
    half_life: float,
    weight: float,
) -> None:
    """Multiply each score by its recency; undated documents keep theirs."""
    for index in range(count):
        day = days[candidates[index]]
        if day != no_day:
            age = max(0, from_day - day)
            scores[index] *= np.float32(1.0 + weight * 0.5 ** (age / half_life))


@compiled
def _is_worse(
    score: float, key: int, document: int, other_score: float, other_key: int, other: int
) -> bool:
    """Whether the first comes after the second: lower score, then lower key, then later."""
    if score != other_score:
        return score < other_score
    if key != other_key:
        return key < other_key
    return document > other


@compiled
def _sink(scores: Array, keys: Array, documents: Array, at: int, size: int) -> None:
    """Restore the heap, whose worst stands first, below ``at``."""
    while True:
        worst = at
        for child in (2 * at + 1, 2 * at + 2):
            if child < size and _is_worse(
                scores[child],
                keys[child],
                documents[child],
                scores[worst],
                keys[worst],
                documents[worst],
            ):
                worst = child
        if worst == at:
            return
        scores[at], scores[worst] = scores[worst], scores[at]
        keys[at], keys[worst] = keys[worst], keys[at]
        documents[at], documents[worst] = documents[worst], documents[at]
        at = worst


@compiled
def find_best(
    candidates: Array,
    scores: Array,
    count: int,
    seconds: Array,
    no_second: int,
    oldest_first: bool,
    wanted: int,
    out_scores: Array,
    out_keys: Array,
    out_documents: Array,
) -> int:
    """The ``wanted`` best candidates, in no order, into the three arrays; returns how many.

    Best: greatest score, then greatest key, then least document. The key is the second, or with
    ``oldest_first`` its negative; without a date it is less than any.
    """
    size = 0
    for index in range(count):
        document = np.int64(candidates[index])
        score = scores[index]
        if size == wanted and score < out_scores[0]:
            continue
        second = seconds[document]
        key = -second if oldest_first and second != no_second else second
        if size < wanted:
            out_scores[size] = score
            out_keys[size] = key
            out_documents[size] = document
            size += 1
            if size == wanted:
                for at in range(size // 2 - 1, -1, -1):
                    _sink(out_scores, out_keys, out_documents, at, size)
        elif size and _is_worse(out_scores[0], out_keys[0], out_documents[0], score, key, document):
            out_scores[0] = score
            out_keys[0] = key
            out_documents[0] = document
            _sink(out_scores, out_keys, out_documents, 0, size)
    return size


@compiled
def count_codes(candidates: Array, count: int, codes: Array, counts: Array) -> None:
    """Add one to ``counts[codes[document]]`` for each candidate that has a code."""
    for index in range(count):
        code = codes[candidates[index]]
        if code >= 0:
            counts[code] += 1


@compiled
def count_code_runs(
    candidates: Array, count: int, offsets: Array, codes: Array, counts: Array
) -> None:
    """As :func:`count_codes` where a document has any number of codes."""
    for index in range(count):
        document = candidates[index]
        for at in range(offsets[document], offsets[document + 1]):
            counts[codes[at]] += 1


@compiled
def count_days(
    candidates: Array, count: int, days: Array, no_day: int, first_day: int, counts: Array
) -> None:
    """Add one to ``counts[day - first_day]`` for each dated candidate."""
    for index in range(count):
        day = days[candidates[index]]
        if day != no_day:
            counts[day - first_day] += 1


@compiled
def intersect(candidates: Array, postings: Array, low: int, high: int, out: Array) -> int:
    """The ascending ``candidates`` that are among the ascending postings; how many."""
    kept = 0
    at = low
    for candidate in candidates:
        wanted = np.int64(candidate)
        # Gallop: double the step until past the document, then halve the gap.
        step = 1
        while at + step < high and document_of(postings[at + step]) < wanted:
            at += step
            step *= 2
        end = min(at + step, high - 1)
        while at < end:
            middle = (at + end) // 2
            if document_of(postings[middle]) < wanted:
                at = middle + 1
            else:
                end = middle
        if document_of(postings[at]) == wanted:
            out[kept] = candidate
            kept += 1
    return kept


@compiled
def find_most(totals: Array, out: Array) -> int:
    """Places of the greatest ``totals`` above 0 into ``out``, greatest first, ties by place.

    Returns how many there are; at most ``len(out)``, which must not be 0.
    """
    size = 0
    for place in range(len(totals)):
        total = totals[place]
        if total == 0 or (size == len(out) and total <= totals[out[size - 1]]):
            continue
        at = size if size < len(out) else size - 1
        size = at + 1
        while at > 0 and totals[out[at - 1]] < total:
            out[at] = out[at - 1]
            at -= 1
        out[at] = place
    return size
