"""Answering one query over the segments of a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import lru_cache
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.deadline import check_deadline
from indexer.engine.base import MAX_WORTH, Answer, Clause, Hit, LabelFilter, Query, Ranking, Sort
from indexer.engine.embedded.contents import NO_DAY, NO_SECOND
from indexer.engine.embedded.facets import Counted, DateCounter, LabelCounter
from indexer.engine.embedded.gates import CLOSED, OPEN, number_facets
from indexer.engine.embedded.match_kernels import (
    close_gate,
    fade_scores,
    find_best,
    pass_gate,
)
from indexer.engine.embedded.matching import (
    Candidates,
    Matcher,
    Scratch,
    Union,
    choose_documents,
)
from indexer.engine.embedded.position_kernels import measure_closeness
from indexer.engine.embedded.resolve import build_slot_table, read_only, strip_weight
from indexer.engine.embedded.stories import FEW_COPIES, Rank, StoryTable, list_hits
from indexer.engine.embedded.weighing import SearchedSegment, WeighedClause, Weigher
from indexer.errors import UnknownName
from indexer.schema import DATE_FACET, FACETS, INTERVALS, LABEL_FACETS

Array = npt.NDArray[Any]
#: For each segment, the documents of a query whose gate has a number.
ChooseByGate = Callable[[int], list[Counted]]


class SnapshotSearcher:
    """Searches the segments of one snapshot. Safe for several threads."""

    def __init__(self, segments: Sequence[SearchedSegment]) -> None:
        self.segments = segments
        self.weigher = Weigher(segments)
        self._scratch = Scratch()
        self._label_counters: dict[str, LabelCounter] = {}
        self._date_counter: DateCounter | None = None
        self._stories: StoryTable | None = None

    def search(self, query: Query) -> Answer:
        check_deadline()
        check_query(query)
        required = sum(clause.worth for clause in query.clauses if clause.required)
        threshold = required if query.minimum is None else query.minimum
        gates = [self.make_gate(segment, query) for segment in self.segments]
        clauses = self._weigh(query)
        if (
            0
            < threshold
            <= min((clause.worth for clause in query.clauses if clause.required), default=0)
        ):
            return self._search_one_of(query, clauses, gates, threshold, required)

        matcher = Matcher(self._scratch, query.ranking.k1)
        if threshold <= 0:
            found = self._match_each(query, clauses, matcher.match_everything)
        elif threshold == required:
            found = self._match_each(query, clauses, matcher.match_all)
        else:
            found = self._match_each(query, clauses, matcher.match_some)
        passed = self._pass(found, gates, threshold, OPEN)
        total = sum(one.count for one in passed)
        complete = total
        if total < query.few and threshold > 0:
            relaxed = (
                found
                if threshold < required
                else self._match_each(query, clauses, matcher.match_some)
            )
            reached = find_worth_reached(relaxed, gates, query.enough)
            if 0 < reached < threshold:
                threshold, found = reached, relaxed
                passed = self._pass(found, gates, threshold, OPEN)
                total = sum(one.count for one in passed)

        def choose(wanted: int) -> list[Counted]:
            return [
                Counted(one.documents, one.count)
                for one in (
                    passed if wanted == OPEN else self._pass(found, gates, threshold, wanted)
                )
            ]

        self._finish_scores(passed, query)
        hits, stories = self._make_page(
            query, choose(OPEN), lambda wanted: self._rank(passed, query, wanted)
        )
        return Answer(
            total=total,
            stories=stories,
            hits=hits,
            facets=self._count_facets(query, choose),
            satisfied=threshold if total else 0,
            required=required,
            complete=complete,
        )

    def _search_one_of(
        self,
        query: Query,
        clauses: list[list[WeighedClause]],
        gates: list[Array],
        threshold: int,
        required: int,
    ) -> Answer:
        """The answer where one of the required clauses is enough."""
        ready = count_to_order(query)
        unions = self._unite(query, clauses, gates, ready)

        def choose(wanted: int) -> list[Counted]:
            chosen = [
                union.documents
                if wanted == OPEN and gate is segment.gates.all_open
                else choose_documents(union.documents, gate, wanted)
                for segment, union, gate in zip(self.segments, unions, gates, strict=True)
            ]
            return [Counted(documents, len(documents)) for documents in chosen]

        opened = choose(OPEN)
        total = sum(one.count for one in opened)
        nothing = np.empty(0, np.int32)

        def rank(wanted: int) -> tuple[Array, Array]:
            if query.sort != Sort.RELEVANCE:
                unscored = np.empty(0, np.float32)
                promising = [Candidates(o.documents, unscored, nothing, o.count) for o in opened]
            else:
                enough = unions if wanted <= ready else self._unite(query, clauses, gates, wanted)
                promising = [
                    Candidates(one.promising, one.scores.copy(), nothing, len(one.promising))
                    for one in enough
                ]
            self._finish_scores(promising, query)
            return self._rank(promising, query, wanted)

        hits, stories = self._make_page(query, opened, rank)
        return Answer(
            total=total,
            stories=stories,
            hits=hits,
            facets=self._count_facets(query, lambda n: opened if n == OPEN else choose(n)),
            satisfied=threshold if total else 0,
            required=required,
            complete=total,
        )

    def _unite(
        self, query: Query, clauses: list[list[WeighedClause]], gates: list[Array], wanted: int
    ) -> list[Union]:
        """For each segment the documents that any clause matches, ``wanted`` of them to order."""
        ranking = query.ranking
        fades = ranking.recency_half_life_days and ranking.recency_weight
        matcher = Matcher(self._scratch, ranking.k1)
        return [
            matcher.match_one_of(
                segment,
                of_segment,
                norms,
                gate,
                wanted=wanted if query.sort == Sort.RELEVANCE else 0,
                most_gained=1 + ranking.recency_weight if fades else 1.0,
            )
            for segment, of_segment, norms, gate in zip(
                self.segments, clauses, self.weigher.norms(ranking), gates, strict=True
            )
        ]

    # --- matching

    def _weigh(self, query: Query) -> list[list[WeighedClause]]:
        """For each segment the query's clauses, the rarest first: the same order everywhere."""
        weigher = self.weigher
        weighed = []
        for clause in query.clauses:
            frequencies = [weigher.find_document_frequency(word) for word in clause.words]
            weighed.append((sum(frequencies), clause, list(map(weigher.measure_idf, frequencies))))
        weighed.sort(key=lambda row: row[0])
        return [
            [
                weigher.weigh_clause(segment, clause, idfs, query.ranking)
                for _, clause, idfs in weighed
            ]
            for segment in self.segments
        ]

    def make_gate(self, segment: SearchedSegment, query: Query) -> Array:
        """The gate of filters, deletions and excluded clauses in a segment."""
        gate: Array = segment.gates.make_gate(query.filters)
        if not query.excluded:
            return gate
        gate = gate.copy()
        for clause in query.excluded:
            for word in clause.words:
                for alternative in word.alternatives:
                    check_deadline()
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
        clauses: list[list[WeighedClause]],
        match: Callable[..., Candidates],
    ) -> list[Candidates]:
        return [
            match(segment, of_segment, norms)
            for segment, of_segment, norms in zip(
                self.segments, clauses, self.weigher.norms(query.ranking), strict=True
            )
        ]

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

    def _count_facets(self, query: Query, choose: ChooseByGate) -> dict[str, list[tuple[str, int]]]:
        numbers = number_facets(query.filters)
        counted: dict[str, list[tuple[str, int]]] = {}
        for request in query.facets:
            check_deadline()
            parts = [[one] for one in choose(OPEN)]
            if request.facet in numbers:
                for part, besides in zip(parts, choose(numbers[request.facet]), strict=True):
                    part.append(besides)
            if request.facet == DATE_FACET:
                counted[request.facet] = self.date_counter.count(parts, request.interval)
            else:
                counted[request.facet] = self.label_counter(request.facet).count(
                    parts, request.limit, request.selected
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

    def _make_page(
        self, query: Query, matched: Sequence[Counted], rank: Rank
    ) -> tuple[list[Hit], int]:
        """(the page of hits that the query asks for, how many there are on all pages)."""
        if query.collapse:
            refs = [
                one.documents[: one.count].astype(np.int64) + segment.first_ref
                for one, segment in zip(matched, self.segments, strict=True)
            ]
            return self.stories.make_page(
                query, np.concatenate([np.empty(0, np.int64), *refs]), rank
            )
        total = sum(one.count for one in matched)
        if not query.limit:
            return [], total
        end = query.offset + query.limit
        scores, ranked = rank(end)
        return list_hits(scores[query.offset : end], ranked[query.offset : end]), total

    @property
    def stories(self) -> StoryTable:
        if self._stories is None:
            self._stories = StoryTable(self.segments)
        return self._stories

    def _finish_scores(self, passed: list[Candidates], query: Query) -> None:
        """Bring recency into the scores, in place; all 0 where hits are sorted by date."""
        ranking = query.ranking
        if not query.limit:
            return
        if query.sort != Sort.RELEVANCE:
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

    def _rank(self, passed: list[Candidates], query: Query, wanted: int) -> tuple[Array, Array]:
        """(scores, refs) of the ``wanted`` best or more, in order."""
        depth = measure_depth(query)
        scores, keys, refs = self._find_best(passed, max(wanted, depth), query.sort)
        if depth:
            required = [clause for clause in query.clauses if clause.required]
            self._add_proximity(scores[:depth], refs[:depth], required, query.ranking)
            order = np.lexsort((refs[:depth], ~keys[:depth], -scores[:depth]))
            for column in (scores, keys, refs):
                column[:depth] = column[:depth][order]
        return scores, refs

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
            check_deadline()
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


def find_worth_reached(found: Sequence[Candidates], gates: Sequence[Array], enough: int) -> int:
    """The greatest worth that ``enough`` documents with an open gate reach; where fewer satisfy
    any clause, the least worth of those; 0 where none does.
    """
    worths = np.concatenate(
        [np.empty(0, np.int32)]
        + [
            one.satisfied[: one.count][gate[one.documents[: one.count]] == OPEN]
            for one, gate in zip(found, gates, strict=True)
        ]
    )
    worths = worths[worths > 0]
    if len(worths) <= enough:
        return int(worths.min()) if len(worths) else 0
    return int(np.partition(worths, len(worths) - enough)[len(worths) - enough])


def measure_depth(query: Query) -> int:
    """How many of the best are put in order again by how near their words are."""
    near = query.ranking.proximity_weight and query.sort == Sort.RELEVANCE and query.limit
    required = sum(clause.required for clause in query.clauses)
    return query.ranking.rescore_depth if near and required >= 2 else 0


def count_to_order(query: Query) -> int:
    """How many of the best decide which hits the query gets, if few of them are copies."""
    if not query.limit:
        return 0
    spare = FEW_COPIES if query.collapse else 0
    return max(query.offset + query.limit + spare, measure_depth(query))


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
        if not 1 <= clause.worth <= MAX_WORTH:
            raise ValueError(f"A worth must be 1 to {MAX_WORTH}, not {clause.worth}.")
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
