"""Compiled loops for queries of which any word is enough: all matches, and the few best.

Every match is marked, but only documents that can be among the best are scored to the end; see
:meth:`.matching.Matcher.match_one_of`.
"""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from indexer.engine.embedded.compiled import compiled
from indexer.engine.embedded.match_kernels import UNSEEN, is_in_scope
from indexer.engine.embedded.packed_posting import document_of

Array = npt.NDArray[Any]


@compiled
def mark_run(postings: Array, low: int, high: int, scope: int, marks: Array) -> None:
    """Set ``marks[document]`` for each posting within ``scope``."""
    for at in range(low, high):
        posting = postings[at]
        if is_in_scope(posting, scope):
            marks[document_of(posting)] = 1


@compiled
def take_marked(marks: Array, words: Array, documents: int, out: Array) -> None:
    """The marked of the first ``documents`` places into ``out``, ascending; clears the marks.

    ``words`` are the whole groups of eight marks as int64. ``out`` must have one place more than
    are marked.
    """
    count = 0
    end = documents // 8
    for word in range(end):
        if words[word] != 0:
            for document in range(word * 8, word * 8 + 8):
                # Without a branch: whether a document is marked is anybody's guess.
                out[count] = document
                count += marks[document]
            words[word] = 0
    for document in range(end * 8, documents):
        out[count] = document
        count += marks[document]
        marks[document] = 0


@compiled
def list_documents(postings: Array, low: int, high: int, scope: int, out: Array) -> int:
    """The documents of the postings within ``scope``, in their order; how many."""
    count = 0
    for at in range(low, high):
        posting = postings[at]
        if is_in_scope(posting, scope):
            out[count] = document_of(posting)
            count += 1
    return count


@compiled
def find_threshold(scores: Array, documents: Array, count: int, gate: Array, best: Array) -> float:
    """The ``len(best)``-th greatest score of the documents with an open gate (0).

    -1 where there are fewer. ``best`` is scratch; ``scores`` has a place for each document.
    """
    size = 0
    wanted = len(best)
    for index in range(count):
        document = documents[index]
        if gate[document] != 0:
            continue
        score = scores[document]
        if size < wanted:
            # Sift up: the least of the best stands first.
            at = size
            size += 1
            while at > 0 and best[(at - 1) // 2] > score:
                best[at] = best[(at - 1) // 2]
                at = (at - 1) // 2
            best[at] = score
        elif score > best[0]:
            at = 0
            while True:
                child = 2 * at + 1
                if child >= wanted:
                    break
                if child + 1 < wanted and best[child + 1] < best[child]:
                    child += 1
                if best[child] >= score:
                    break
                best[at] = best[child]
                at = child
            best[at] = score
    return best[0] if size == wanted else -1.0


@compiled
def take_promising(
    scores: Array,
    documents: Array,
    count: int,
    gate: Array,
    least: float,
    out_documents: Array,
    out_scores: Array,
) -> int:
    """The documents with an open gate and a score of ``least`` or more, into both; how many.

    Clears the scores of all.
    """
    kept = 0
    for index in range(count):
        document = documents[index]
        score = scores[document]
        scores[document] = UNSEEN
        if score >= least and gate[document] == 0:
            out_documents[kept] = document
            out_scores[kept] = score
            kept += 1
    return kept


@compiled
def pass_documents(documents: Array, count: int, gate: Array, wanted: int, out: Array) -> int:
    """Copy the documents whose gate is ``wanted``; how many. ``out`` needs one place more."""
    kept = 0
    for index in range(count):
        document = documents[index]
        out[kept] = document
        kept += gate[document] == wanted
    return kept
