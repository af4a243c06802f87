"""Which documents of a segment match, and with what score?

Three ways, by how many of the required clauses must stand in a document: all of them
(:meth:`Matcher.match_all`), any one (:meth:`Matcher.match_one_of`), or a number in between
(:meth:`Matcher.match_some`).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.deadline import check_deadline
from indexer.engine.embedded.match_kernels import (
    UNSEEN,
    add_frequencies,
    gather_frequencies,
    keep_hit,
    probe_frequencies,
    score_candidates,
    score_run,
    score_touched,
    take_matched,
)
from indexer.engine.embedded.union_kernels import (
    find_threshold,
    list_documents,
    mark_run,
    pass_documents,
    take_marked,
    take_promising,
)
from indexer.engine.embedded.weighing import (
    SearchedSegment,
    WeighedClause,
    WeighedRun,
    WeighedWord,
)

Array = npt.NDArray[Any]
Norms = tuple[Array, Array]

#: Up to so many postings are scored all: leaving some out would cost more. So would it where a
#: great part of them is wanted.
_FEW_POSTINGS = 32_768
_POSTINGS_PER_WANTED = 64
#: Sums of float32 differ by their order; no score that counts is left out for that.
_ROUNDING = 1.0001


@dataclass(slots=True)
class Candidates:
    """Documents that may match in one segment; the first ``count`` places of each array."""

    documents: Array
    scores: Array
    satisfied: Array
    count: int
    least: int = 0
    """No document satisfies required clauses worth less than this."""


@dataclass(slots=True)
class Union:
    """All documents that match in one segment, and those worth ordering: with an open gate, and
    a score that may be among the best.
    """

    documents: Array
    promising: Array
    scores: Array


class Scratch(threading.local):
    """Arrays with a place for each document, one set a thread, clean between uses."""

    def __init__(self) -> None:
        self._size = -1

    def discard(self) -> None:
        """Throw the arrays away: the next use makes clean ones."""
        self._size = -1

    def fit(self, documents: int) -> None:
        """Have room for a segment of so many documents."""
        if documents <= self._size:
            return
        self._size = documents
        self.frequencies = np.full(documents, UNSEEN, np.float32)
        self.scores = np.full(documents, UNSEEN, np.float32)
        self.states = np.zeros(documents, np.int32)
        self.touched = np.empty(documents, np.uint32)
        self.matched = np.empty(documents, np.uint32)
        self.marks = np.zeros(documents, np.uint8)


class Matcher:
    """Matches the clauses of one query in one segment after the other.

    ``norms`` are the segment's, from :meth:`.weighing.Weigher.norms`. An interrupted method leaves
    nothing behind in the scratch arrays.
    """

    def __init__(self, scratch: Scratch, k1: float) -> None:
        self._scratch = scratch
        self._k1 = k1

    # --- any one of the required clauses

    def match_one_of(
        self,
        segment: SearchedSegment,
        clauses: Sequence[WeighedClause],
        norms: Norms,
        gate: Array,
        *,
        wanted: int,
        most_gained: float,
    ) -> Union:
        """Every document in which a required clause stands; ``wanted`` best are to be ordered.

        MaxScore (Turtle & Flood 1995), term at a time: words are scored one after another, the
        most telling first, until what the rest can add no longer brings an unseen document among
        the best. The rest are scored in promising documents only. ``most_gained``: how many times
        its score a document's final score may be, at most.
        """
        required = [word for clause in clauses if clause.required for word in clause.words]
        # The same order in every segment: sums of float32 depend on it.
        required.sort(key=lambda word: -word.idf)
        optional = [word for clause in clauses if not clause.required for word in clause.words]
        words = required + optional
        room = [0.0]
        for word in reversed(words):
            room.append(room[-1] + word.idf)
        room.reverse()
        cost = sum(weighed.run.high - weighed.run.low for word in required for weighed in word.runs)
        prunes = cost > max(_FEW_POSTINGS, _POSTINGS_PER_WANTED * wanted)
        scratch = self._scratch
        scratch.fit(segment.data.document_count)
        try:
            count, scored, least = 0, 0, 0.0
            best = np.empty(wanted if prunes else 0, np.float32)
            while wanted:
                left = room[scored]
                # What a document can have so far, against what it can still get.
                if prunes and left and room[0] - left > left * most_gained:
                    threshold = find_threshold(scratch.scores, scratch.matched, count, gate, best)
                    least = threshold / (most_gained * _ROUNDING) - left
                if least > 0 or scored == len(required):
                    break
                count = self._score(required[scored], norms, 0, 1, count)
                scored += 1
            if scored == len(required):
                documents = scratch.matched[:count].copy()
            else:
                documents = self._list_all(segment, required)
            promising, scores = np.empty(count, np.uint32), np.empty(count, np.float32)
            kept = take_promising(
                scratch.scores, scratch.matched, count, gate, max(least, 0.0), promising, scores
            )
            promising, scores = promising[:kept], scores[:kept]
            self._score_more(words[scored:], norms, promising, scores)
        except BaseException:
            scratch.discard()
            raise
        return Union(documents, promising, scores)

    def _score_more(
        self, words: Sequence[WeighedWord], norms: Norms, documents: Array, scores: Array
    ) -> None:
        """Add what ``words`` are worth to the scores of a few documents, in place."""
        if not words or len(documents) == 0:
            return
        order = np.argsort(documents)
        documents[:], scores[:] = documents[order], scores[order]
        frequencies = np.full(len(documents), UNSEEN, np.float32)
        hit = np.zeros(len(documents), np.uint8)
        for word in words:
            self._probe(word, norms, documents, len(documents), frequencies, scores, hit)

    def _list_all(self, segment: SearchedSegment, words: Sequence[WeighedWord]) -> Array:
        """The documents in which any of the words stands, ascending."""
        runs = [(weighed.run, word.scope) for word in words for weighed in word.runs]
        if len(runs) == 1 and runs[0][0].ascending:
            run, scope = runs[0]
            documents = np.empty(run.high - run.low, np.uint32)
            return documents[: list_documents(run.postings, run.low, run.high, scope, documents)]
        marks, size = self._scratch.marks, segment.data.document_count
        for run, scope in runs:
            check_deadline()
            mark_run(run.postings, run.low, run.high, scope, marks)
        count = np.count_nonzero(marks[:size].view(np.bool_))
        documents = np.empty(count + 1, np.uint32)
        take_marked(marks, marks[: size // 8 * 8].view(np.int64), size, documents)
        return documents[:count]

    # --- all required clauses

    def match_all(
        self, segment: SearchedSegment, clauses: Sequence[WeighedClause], norms: Norms
    ) -> Candidates:
        """The documents in which every required clause stands.

        The first clause leads, so it should be the rarest; it is scored last, where all stand.
        """
        self._scratch.fit(segment.data.document_count)
        required = [clause for clause in clauses if clause.required]
        optional = [clause for clause in clauses if not clause.required]
        try:
            documents = self._list_all(segment, required[0].words)
            count = len(documents)
            scores = np.zeros(count, np.float32)
            frequencies = np.full(count, UNSEEN, np.float32)
            hit = np.zeros(count, np.uint8)
            for clause in required[1:]:
                if count == 0:
                    break
                for word in clause.words:
                    self._probe(word, norms, documents, count, frequencies, scores, hit)
                count = keep_hit(documents, scores, hit, count)
            for clause in (required[0], *optional) if count else ():
                for word in clause.words:
                    self._probe(word, norms, documents, count, frequencies, scores, hit)
        except BaseException:
            self._scratch.discard()
            raise
        worth = sum(clause.worth for clause in required)
        satisfied = np.full(count, worth, np.int32)
        return Candidates(documents, scores, satisfied, count, least=worth)

    def _probe(
        self,
        word: WeighedWord,
        norms: Norms,
        documents: Array,
        count: int,
        frequencies: Array,
        scores: Array,
        hit: Array,
    ) -> None:
        """Add what the word is worth to the ascending documents' scores; ``hit`` where it stands.

        ``frequencies`` is scratch, UNSEEN before and after.
        """
        for weighed in word.runs:
            check_deadline()
            run = weighed.run
            if run.ascending:
                probe_frequencies(
                    run.postings,
                    run.low,
                    run.high,
                    word.scope,
                    weighed.weights,
                    *norms,
                    documents,
                    count,
                    frequencies,
                )
            else:
                touched = self._add_dense(weighed, word.scope, norms, 0)
                gather_frequencies(
                    self._scratch.frequencies,
                    self._scratch.touched,
                    touched,
                    documents,
                    count,
                    frequencies,
                )
        score_candidates(frequencies, count, word.idf, self._k1, scores, hit)

    # --- some of the required clauses

    def match_some(
        self, segment: SearchedSegment, clauses: Sequence[WeighedClause], norms: Norms
    ) -> Candidates:
        """Every document in which any clause stands, with what the required ones are worth."""
        scratch = self._scratch
        scratch.fit(segment.data.document_count)
        try:
            count = 0
            for number, clause in enumerate(clauses):
                for word in clause.words:
                    count = self._score(word, norms, number, clause.worth, count)
            documents = scratch.matched[:count].copy()
            scores = np.empty(count, np.float32)
            satisfied = np.empty(count, np.int32)
            take_matched(documents, count, scratch.scores, scratch.states, scores, satisfied)
        except BaseException:
            scratch.discard()
            raise
        least = min((clause.worth for clause in clauses), default=0)
        return Candidates(documents, scores, satisfied, count, least=least)

    def match_everything(
        self, segment: SearchedSegment, clauses: Sequence[WeighedClause], norms: Norms
    ) -> Candidates:
        """All documents, with the scores of the clauses that stand in them."""
        size = segment.data.document_count
        found = self.match_some(segment, clauses, norms)
        scores = np.zeros(size, np.float32)
        satisfied = np.zeros(size, np.int32)
        scores[found.documents] = found.scores
        satisfied[found.documents] = found.satisfied
        return Candidates(np.arange(size, dtype=np.uint32), scores, satisfied, size)

    # --- one word

    def _score(self, word: WeighedWord, norms: Norms, clause: int, worth: int, count: int) -> int:
        """Add what the word is worth to the scratch scores, its documents to ``matched``, which
        holds ``count``; returns how many it holds then.
        """
        check_deadline()
        scratch = self._scratch
        runs = word.runs
        if len(runs) == 1 and runs[0].run.ascending:
            (weighed,) = runs
            return int(
                score_run(
                    weighed.run.postings,
                    weighed.run.low,
                    weighed.run.high,
                    word.scope,
                    weighed.weights,
                    *norms,
                    word.idf,
                    self._k1,
                    clause,
                    worth,
                    scratch.scores,
                    scratch.states,
                    scratch.matched,
                    count,
                )
            )
        touched = reduce(
            lambda number, weighed: self._add_dense(weighed, word.scope, norms, number), runs, 0
        )
        return int(
            score_touched(
                scratch.frequencies,
                scratch.touched,
                touched,
                word.idf,
                self._k1,
                clause,
                worth,
                scratch.scores,
                scratch.states,
                scratch.matched,
                count,
            )
        )

    def _add_dense(self, weighed: WeighedRun, scope: int, norms: Norms, touched: int) -> int:
        """Add the run's frequencies to scratch; returns how many documents are touched then."""
        check_deadline()
        run = weighed.run
        return int(
            add_frequencies(
                run.postings,
                run.low,
                run.high,
                scope,
                weighed.weights,
                *norms,
                self._scratch.frequencies,
                self._scratch.touched,
                touched,
            )
        )


def choose_documents(documents: Array, gate: Array, wanted: int) -> Array:
    """The documents whose gate is ``wanted``."""
    chosen = np.empty(len(documents) + 1, np.uint32)
    return chosen[: pass_documents(documents, len(documents), gate, wanted, chosen)]
