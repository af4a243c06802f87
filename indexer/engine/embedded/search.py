"""Answering one query over the segments of a snapshot."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from math import inf, log
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.base import (
    Alternative,
    Answer,
    Clause,
    Hit,
    LabelFilter,
    Query,
    Ranking,
    Scope,
    Sort,
    Word,
)
from indexer.engine.embedded.contents import NO_DAY, NO_SECOND
from indexer.engine.embedded.facets import Counted, DateCounter, LabelCounter
from indexer.engine.embedded.gates import CLOSED, OPEN, SegmentGates, number_facets
from indexer.engine.embedded.match_kernels import (
    UNSEEN,
    add_frequencies,
    close_gate,
    fade_scores,
    find_best,
    gather_frequencies,
    keep_hit,
    most_satisfied,
    pass_gate,
    probe_frequencies,
    score_candidates,
    score_run,
    score_touched,
    take_matched,
)
from indexer.engine.embedded.position_kernels import measure_closeness
from indexer.engine.embedded.remember import remember
from indexer.engine.embedded.resolve import (
    PostingRun,
    SegmentResolver,
    build_slot_table,
    read_only,
    strip_weight,
)
from indexer.engine.embedded.segment import SegmentData
from indexer.errors import UnknownName
from indexer.schema import DATE_FACET, FACETS, INTERVALS, LABEL_FACETS

Array = npt.NDArray[Any]


@dataclass(slots=True)
class SearchedSegment:
    """One segment of a snapshot: its data, its first ref, and what is kept for it in memory."""

    data: SegmentData
    first_ref: int
    resolver: SegmentResolver
    gates: SegmentGates


@dataclass(slots=True)
class Candidates:
    """Documents that may match in one segment; the first ``count`` places of each array."""

    documents: Array
    scores: Array
    satisfied: Array
    count: int
    ascending: bool = True
    least: int = 0
    """No document satisfies fewer required clauses than this."""

    def sort(self) -> None:
        """Put the documents in ascending order."""
        if not self.ascending:
            order = np.argsort(self.documents[: self.count])
            self.documents = self.documents[order]
            self.scores = self.scores[order]
            self.satisfied = self.satisfied[order]
            self.ascending = True


@dataclass(frozen=True, slots=True)
class WeighedRun:
    """A posting run with its alternative's weight times the weights of title, body and lead."""

    run: PostingRun
    weights: Array


@dataclass(frozen=True, slots=True)
class WeighedWord:
    """A word resolved in one segment. ``idf`` is that of the snapshot, times the word's boost."""

    runs: tuple[WeighedRun, ...]
    idf: float
    scope: int

    @property
    def cost(self) -> int:
        return sum(weighed.run.high - weighed.run.low for weighed in self.runs)


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


class SnapshotSearcher:
    """Searches the segments of one snapshot. Safe for several threads."""

    def __init__(self, segments: Sequence[SearchedSegment]) -> None:
        self.segments = segments
        datas = [segment.data for segment in segments]
        self._document_count = sum(data.document_count for data in datas)
        size = max(1, self._document_count)
        self._average_title = sum(data.title_tokens for data in datas) / size
        self._average_body = sum(data.body_tokens for data in datas) / size
        self._scratch = Scratch()
        self.count_documents = remember(self._count_documents, 4096)
        self._norms: dict[tuple[float, float], list[tuple[Array, Array]]] = {}
        self._label_counters: dict[str, LabelCounter] = {}
        self._date_counter: DateCounter | None = None

    # --- the parts of a score

    def norms(self, ranking: Ranking) -> list[tuple[Array, Array]]:
        """For each segment, 1 / (1 - b + b · length / average) of titles and bodies: float32."""
        key = (ranking.title_b, ranking.body_b)
        if key not in self._norms:
            self._norms[key] = [
                (
                    self._measure_norm(one.data.title_lengths, self._average_title, key[0]),
                    self._measure_norm(one.data.body_lengths, self._average_body, key[1]),
                )
                for one in self.segments
            ]
        return self._norms[key]

    @staticmethod
    def _measure_norm(lengths: Array, average: float, b: float) -> Array:
        with np.errstate(divide="ignore"):
            norm = 1.0 / (1.0 - b + b * lengths / (average or 1.0))
        # Only a document without tokens in the field can have an infinite one; it has no use.
        return read_only(np.where(np.isfinite(norm), norm, 0.0).astype(np.float32))

    def find_document_frequency(self, word: Word) -> int:
        """That of the most frequent alternative among those of the greatest weight."""
        if not word.alternatives:
            return 0
        greatest = max(alternative.weight for alternative in word.alternatives)
        return max(
            self.count_documents(strip_weight(alternative), word.scope)
            for alternative in word.alternatives
            if alternative.weight == greatest
        )

    def _count_documents(self, alternative: Alternative, scope: Scope) -> int:
        """How many documents of all segments have the alternative within ``scope``."""
        runs = [(one, one.resolver.find_run(alternative)) for one in self.segments]
        return sum(
            run.document_frequency(scope, segment.data.document_count)
            for segment, run in runs
            if run is not None
        )

    def measure_idf(self, word: Word) -> float:
        """``idf`` of :class:`indexer.engine.base.Ranking`, without the boost."""
        df = self.find_document_frequency(word)
        return log(1 + (self._document_count - df + 0.5) / (df + 0.5))

    def weigh(
        self, segment: SearchedSegment, word: Word, idf: float, ranking: Ranking
    ) -> WeighedWord:
        """The word's runs in a segment, the longest first."""
        runs = []
        for alternative in word.alternatives:
            run = segment.resolver.find_run(strip_weight(alternative))
            if run is not None:
                runs.append(WeighedRun(run, weigh_fields(alternative.weight, ranking)))
        # A word's longest run usually holds the documents of all others, in ascending order.
        runs.sort(key=lambda weighed: weighed.run.low - weighed.run.high)
        return WeighedWord(tuple(runs), idf * word.boost, int(word.scope))

    # --- matching

    def search(self, query: Query) -> Answer:
        check_query(query)
        required = sum(clause.required for clause in query.clauses)
        threshold = required if query.minimum is None else query.minimum
        idfs = [[self.measure_idf(word) for word in clause.words] for clause in query.clauses]
        gates = [self.make_gate(segment, query) for segment in self.segments]

        if 0 < threshold == required:
            found = self._match_each(query, idfs, self.match_all)
        elif threshold <= 0:
            found = self._match_each(query, idfs, self.match_everything)
        else:
            found = self._match_each(query, idfs, self.match_any)
        passed = self._pass(found, gates, threshold, OPEN)
        total = sum(one.count for one in passed)
        if total == 0 and query.relax and required:
            relaxed = (
                found if 0 < threshold < required else self._match_each(query, idfs, self.match_any)
            )
            most = max(
                (
                    int(most_satisfied(one.documents, one.satisfied, one.count, gate))
                    for one, gate in zip(relaxed, gates, strict=True)
                ),
                default=0,
            )
            if most > 0:
                threshold, found = most, relaxed
                passed = self._pass(found, gates, threshold, OPEN)
                total = sum(one.count for one in passed)
        return Answer(
            total=total,
            hits=self._order(passed, query),
            facets=self._count_facets(query, found, passed, gates, threshold),
            satisfied=threshold if total else 0,
            required=required,
        )

    def make_gate(self, segment: SearchedSegment, query: Query) -> Array:
        """The gate of filters, deletions and excluded clauses in a segment."""
        gate: Array = segment.gates.make_gate(query.filters)
        if not query.excluded:
            return gate
        gate = gate.copy()
        for clause in query.excluded:
            for word in clause.words:
                for alternative in word.alternatives:
                    run = segment.resolver.find_run(strip_weight(alternative))
                    if run is not None:
                        close_gate(
                            run.postings,
                            run.low,
                            run.high,
                            int(word.scope),
                            gate,
                            CLOSED,
                        )
        return read_only(gate)

    def _match_each(
        self,
        query: Query,
        idfs: list[list[float]],
        match: Callable[..., Candidates],
    ) -> list[Candidates]:
        norms = self.norms(query.ranking)
        found = []
        for segment, norm in zip(self.segments, norms, strict=True):
            self._scratch.fit(segment.data.document_count)
            clauses = [
                (
                    clause,
                    [
                        self.weigh(segment, word, idf, query.ranking)
                        for word, idf in zip(clause.words, of_clause, strict=True)
                    ],
                )
                for clause, of_clause in zip(query.clauses, idfs, strict=True)
            ]
            found.append(match(segment, clauses, norm, query.ranking.k1))
        return found

    def match_any(
        self,
        segment: SearchedSegment,
        clauses: list[tuple[Clause, list[WeighedWord]]],
        norms: tuple[Array, Array],
        k1: float,
    ) -> Candidates:
        """Every document in which any clause stands, with how many required ones do."""
        try:
            return self._match_any(segment, clauses, norms, k1)
        except BaseException:
            # Interrupted half-way: what is in the scratch arrays must not reach another query.
            self._scratch.discard()
            raise

    def _match_any(
        self,
        segment: SearchedSegment,
        clauses: list[tuple[Clause, list[WeighedWord]]],
        norms: tuple[Array, Array],
        k1: float,
    ) -> Candidates:
        scratch = self._scratch
        count = 0
        for number, (clause, words) in enumerate(clauses):
            for word in words:
                touched = 0
                runs = word.runs
                if len(runs) == 1 and runs[0].run.ascending:
                    (weighed,) = runs
                    count = score_run(
                        weighed.run.postings,
                        weighed.run.low,
                        weighed.run.high,
                        word.scope,
                        weighed.weights,
                        *norms,
                        word.idf,
                        k1,
                        number,
                        int(clause.required),
                        scratch.scores,
                        scratch.states,
                        scratch.matched,
                        count,
                    )
                    continue
                for weighed in runs:
                    touched = self._add_dense(weighed, word.scope, norms, touched)
                count = score_touched(
                    scratch.frequencies,
                    scratch.touched,
                    touched,
                    word.idf,
                    k1,
                    number,
                    int(clause.required),
                    scratch.scores,
                    scratch.states,
                    scratch.matched,
                    count,
                )
        documents = scratch.matched[:count].copy()
        scores = np.empty(count, np.float32)
        satisfied = np.empty(count, np.int32)
        ascending = take_matched(
            documents, count, scratch.scores, scratch.states, scores, satisfied
        )
        least = int(all(clause.required for clause, _ in clauses))
        return Candidates(documents, scores, satisfied, count, bool(ascending), least)

    def _add_dense(
        self, weighed: WeighedRun, scope: int, norms: tuple[Array, Array], touched: int
    ) -> int:
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

    def match_all(
        self,
        segment: SearchedSegment,
        clauses: list[tuple[Clause, list[WeighedWord]]],
        norms: tuple[Array, Array],
        k1: float,
    ) -> Candidates:
        """The documents in which every required clause stands, the rarest clause leading."""
        required = [pair for pair in clauses if pair[0].required]
        required.sort(key=lambda pair: sum(word.cost for word in pair[1]))
        found = self.match_any(segment, required[:1], norms, k1)
        if len(clauses) > 1:
            found.sort()
        frequencies = np.full(found.count, UNSEEN, np.float32)
        hit = np.zeros(found.count, np.uint8)
        for clause, words in [*required[1:], *(pair for pair in clauses if not pair[0].required)]:
            if found.count == 0:
                break
            for word in words:
                for weighed in word.runs:
                    self._add_probed(weighed, word.scope, norms, found, frequencies)
                score_candidates(frequencies, found.count, word.idf, k1, found.scores, hit)
            if clause.required:
                found.count = keep_hit(found.documents, found.scores, hit, found.count)
            else:
                hit[: found.count] = 0
        found.satisfied = np.full(found.count, len(required), np.int32)
        found.least = len(required)
        return found

    def _add_probed(
        self,
        weighed: WeighedRun,
        scope: int,
        norms: tuple[Array, Array],
        found: Candidates,
        frequencies: Array,
    ) -> None:
        run = weighed.run
        if run.ascending:
            probe_frequencies(
                run.postings,
                run.low,
                run.high,
                scope,
                weighed.weights,
                *norms,
                found.documents,
                found.count,
                frequencies,
            )
            return
        touched = self._add_dense(weighed, scope, norms, 0)
        gather_frequencies(
            self._scratch.frequencies,
            self._scratch.touched,
            touched,
            found.documents,
            found.count,
            frequencies,
        )

    def match_everything(
        self,
        segment: SearchedSegment,
        clauses: list[tuple[Clause, list[WeighedWord]]],
        norms: tuple[Array, Array],
        k1: float,
    ) -> Candidates:
        """All documents, with the scores of the clauses that stand in them."""
        size = segment.data.document_count
        found = self.match_any(segment, clauses, norms, k1)
        scores = np.zeros(size, np.float32)
        satisfied = np.zeros(size, np.int32)
        scores[found.documents[: found.count]] = found.scores[: found.count]
        satisfied[found.documents[: found.count]] = found.satisfied[: found.count]
        return Candidates(np.arange(size, dtype=np.uint32), scores, satisfied, size)

    def _pass(
        self, found: list[Candidates], gates: list[Array], threshold: int, wanted: int
    ) -> list[Candidates]:
        """The candidates that satisfy ``threshold`` and whose gate is ``wanted``."""
        passed = []
        for one, gate, segment in zip(found, gates, self.segments, strict=True):
            if gate is segment.gates.all_open and threshold <= one.least and wanted == OPEN:
                passed.append(one)
                continue
            documents = np.empty(one.count, np.uint32)
            scores = np.empty(one.count, np.float32)
            count = pass_gate(
                one.documents,
                one.scores,
                one.satisfied,
                one.count,
                threshold,
                gate,
                wanted,
                documents,
                scores,
            )
            passed.append(Candidates(documents, scores, one.satisfied, int(count)))
        return passed

    # --- facets

    def _count_facets(
        self,
        query: Query,
        found: list[Candidates],
        passed: list[Candidates],
        gates: list[Array],
        threshold: int,
    ) -> dict[str, list[tuple[str, int]]]:
        numbers = number_facets(query.filters)
        counted: dict[str, list[tuple[str, int]]] = {}
        for request in query.facets:
            parts = [[Counted(one.documents, one.count)] for one in passed]
            if request.facet in numbers:
                besides = self._pass(found, gates, threshold, numbers[request.facet])
                for part, one in zip(parts, besides, strict=True):
                    part.append(Counted(one.documents, one.count))
            if request.facet == DATE_FACET:
                counted[request.facet] = self.date_counter.count(parts, request.interval)
            else:
                counted[request.facet] = self.label_counter(request.facet).count(
                    parts, request.limit
                )
        return counted

    def label_counter(self, facet: str) -> LabelCounter:
        if facet not in self._label_counters:
            self._label_counters[facet] = LabelCounter(
                [segment.data for segment in self.segments], facet
            )
        return self._label_counters[facet]

    def count_all_labels(self, facet: str) -> list[tuple[str, int]]:
        """Every label of the facet with its documents, most frequent first, ties by label."""
        counter = self.label_counter(facet)
        parts = []
        for segment in self.segments:
            live = np.flatnonzero(segment.gates.make_gate(()) == OPEN).astype(np.uint32)
            parts.append([Counted(live, len(live))])
        return counter.count(parts, len(counter.values))

    @property
    def date_counter(self) -> DateCounter:
        if self._date_counter is None:
            self._date_counter = DateCounter([segment.data for segment in self.segments])
        return self._date_counter

    # --- order

    def _order(self, passed: list[Candidates], query: Query) -> list[Hit]:
        """The page of hits that the query asks for."""
        ranking = query.ranking
        by_date = query.sort != Sort.RELEVANCE
        wanted = query.offset + query.limit
        if by_date:
            for one in passed:
                one.scores = np.zeros(one.count, np.float32)
        elif ranking.recency_half_life_days and ranking.recency_weight:
            for segment, one in zip(self.segments, passed, strict=True):
                fade_scores(
                    one.documents,
                    one.scores,
                    one.count,
                    segment.data.days,
                    NO_DAY,
                    ranking.recency_from_day,
                    ranking.recency_half_life_days,
                    ranking.recency_weight,
                )
        required = [clause for clause in query.clauses if clause.required]
        rescore = not by_date and ranking.proximity_weight != 0 and len(required) >= 2
        depth = ranking.rescore_depth if rescore else 0
        scores, keys, refs = self._find_best(passed, max(wanted, depth), query.sort)
        if rescore:
            self._add_proximity(scores[:depth], refs[:depth], required, ranking)
            order = np.lexsort((refs[:depth], ~keys[:depth], -scores[:depth]))
            for column in (scores, keys, refs):
                column[:depth] = column[:depth][order]
        page = slice(query.offset, wanted)
        return [
            Hit(ref, score)
            for ref, score in zip(refs[page].tolist(), scores[page].tolist(), strict=True)
        ]

    def _find_best(
        self, passed: list[Candidates], wanted: int, sort: Sort
    ) -> tuple[Array, Array, Array]:
        """(scores float64, date keys, refs) of the ``wanted`` best over all segments, in order."""
        all_scores, all_keys, all_refs = [], [], []
        for segment, one in zip(self.segments, passed, strict=True):
            size = min(wanted, one.count)
            scores = np.empty(size, np.float32)
            keys = np.empty(size, np.int64)
            documents = np.empty(size, np.int64)
            if size:
                find_best(
                    one.documents,
                    one.scores,
                    one.count,
                    segment.data.seconds,
                    NO_SECOND,
                    sort == Sort.OLDEST,
                    size,
                    scores,
                    keys,
                    documents,
                )
            all_scores.append(scores)
            all_keys.append(keys)
            all_refs.append(documents + segment.first_ref)
        if not all_scores:
            return np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64)
        scores = np.concatenate(all_scores).astype(np.float64)
        keys, refs = np.concatenate(all_keys), np.concatenate(all_refs)
        # ``~`` turns the order of keys around and, unlike ``-``, has no value it cannot take.
        order = np.lexsort((refs, ~keys, -scores))[:wanted]
        return scores[order], keys[order], refs[order]

    def _add_proximity(
        self, scores: Array, refs: Array, required: list[Clause], ranking: Ranking
    ) -> None:
        """Multiply the scores, in place, by what the nearness of the words is worth."""
        for segment in self.segments:
            here = np.flatnonzero(
                (refs >= segment.first_ref)
                & (refs < segment.first_ref + segment.data.document_count)
            )
            if len(here):
                documents = (refs[here] - segment.first_ref).astype(np.uint32)
                closeness = self.measure_closeness(segment, documents, required)
                scores[here] *= 1 + ranking.proximity_weight * closeness

    def measure_closeness(
        self, segment: SearchedSegment, documents: Array, required: Sequence[Clause]
    ) -> Array:
        """float64 for each document: closeness of the required clauses, two or more."""
        table = build_slot_table(segment.resolver, [clause.words for clause in required])
        data = segment.data
        closeness: Array = measure_closeness(
            documents,
            table.terms,
            table.slots,
            table.alternatives,
            table.scopes,
            table.groups,
            data.title_lengths,
            data.body_lengths,
            *segment.resolver.position_arrays,
        )
        return closeness


@lru_cache(1024)
def weigh_fields(weight: float, ranking: Ranking) -> Array:
    """float32 [title, body, lead]: an alternative's weight times those of the fields."""
    weights = [ranking.title_weight, ranking.body_weight, ranking.lead_weight]
    return read_only(np.array([weight * field for field in weights], np.float32))


@lru_cache(64)
def check_ranking(ranking: Ranking) -> None:
    """Raise ValueError where a parameter is below 0 or not a number."""
    parameters = [getattr(ranking, one.name) for one in fields(ranking)]
    if not all(0 <= parameter < inf for parameter in parameters):
        raise ValueError("Ranking parameters must be numbers of 0 or more.")


def check_query(query: Query) -> None:
    """Raise UnknownName for a facet or an interval that is not of the schema, ValueError for a
    weight, boost or parameter below 0 (the scorer marks what it has not seen with a negative)."""
    check_ranking(query.ranking)
    for clause in query.clauses:
        for word in clause.words:
            if not 0 <= word.boost < inf:
                raise ValueError(f"A boost must be 0 or more, not {word.boost}.")
            for alternative in word.alternatives:
                if not 0 <= alternative.weight < inf:
                    raise ValueError(f"A weight must be 0 or more, not {alternative.weight}.")
    for condition in query.filters:
        if isinstance(condition, LabelFilter) and condition.facet not in LABEL_FACETS:
            raise UnknownName("label facet", condition.facet, LABEL_FACETS)
    for request in query.facets:
        if request.facet not in FACETS:
            raise UnknownName("facet", request.facet, FACETS)
        if request.interval not in INTERVALS:
            raise UnknownName("interval", request.interval, INTERVALS)
