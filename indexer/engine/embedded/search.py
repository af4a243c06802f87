"""How is one query answered over the segments of a snapshot? Prepared here, executed by the
core.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.deadline import check_deadline, measure_time_left, refuse_late
from indexer.engine.base import (
    MAX_WORTH,
    Answer,
    Clause,
    FacetRequest,
    Query,
    Sort,
    SortBy,
    ValueStatistics,
    Word,
)
from indexer.engine.embedded.facets import DateCounter, LabelCounter, ValueCounter, read_days
from indexer.engine.embedded.gates import CLOSED, Gate, number_facets, seal_gate
from indexer.engine.embedded.native import Packed, Sheet, address_of, core
from indexer.engine.embedded.resolve import build_table
from indexer.engine.embedded.room import borrow_room
from indexer.engine.embedded.stories import BEST, FEW_COPIES, StoryTable, list_hits
from indexer.engine.embedded.weighing import SearchedSegment, Weigher
from indexer.engine.query_check import check_query
from indexer.loading import loading
from indexer.schema import (
    DATE_FACET,
    is_date_facet,
    is_label_facet,
)

Array = npt.NDArray[Any]

#: Up to this many postings are all scored: skipping some would cost more. So are those of which a
#: large part is wanted.
_FEW_POSTINGS = 32_768
_POSTINGS_PER_WANTED = 64
#: The core counts clauses and their worth up to this.
_MOST_CLAUSES = 0x7FFF
MOST_WORTH = 0xFFFF
#: The value of ``sort`` in the core: by the values given for each segment.
_BY_VALUE = 3


#: Of a query that does not collapse copies.
_NO_MEMBERS = np.empty(0, np.int64)


class WeighedClause(NamedTuple):
    """A clause, its words with the maximum that each can add to a score."""

    clause: Clause
    idfs: list[float]
    document_frequency: int
    """The sum over its words."""

    @property
    def worth(self) -> int:
        """Its worth towards the query's minimum; 0 if it only adds to the score."""
        return self.clause.worth if self.clause.required else 0


class _Answered(NamedTuple):
    """The core's result of a query. ``best``: of dtype :data:`.stories.BEST`, in order;
    ``members``: the refs of all matches that have a story.
    """

    total: int
    complete: int
    satisfied: int
    best: Array
    members: Array
    facets: dict[str, list[tuple[str, int]]]
    statistics: dict[str, ValueStatistics]


class SnapshotSearcher:
    """Searches the segments of one snapshot. Thread-safe."""

    def __init__(self, segments: Sequence[SearchedSegment]) -> None:
        self.segments = segments
        self.weigher = Weigher(segments)
        sizes = [segment.data.document_count for segment in segments]
        self._largest, self._documents = max(sizes, default=0), sum(sizes)
        self._most_tokens = max((segment.data.most_tokens for segment in segments), default=0)
        self._label_counters: dict[str, LabelCounter] = {}
        self._date_counters: dict[tuple[str, str], DateCounter] = {}
        self._value_counters: dict[str, ValueCounter] = {}
        self._orders: dict[SortBy, list[Array]] = {}

    def search(self, query: Query) -> Answer:
        check_deadline()
        check_query(query)
        check_size(query)
        wanted = count_to_order(query)
        answered = self._answer(query, wanted)
        if query.collapse:
            stories = self.stories.count_stories(answered.total, answered.members)
            hits = self.stories.make_page(query, answered.best, answered.members)
            # Adding the number of copies always suffices; usually far fewer do.
            more = query.offset + query.limit + answered.total - stories
            if len(hits) < query.limit and wanted < min(more, answered.total):
                again = self._answer(replace(query, facets=(), statistics=()), more)
                hits = self.stories.make_page(query, again.best, again.members)
        else:
            stories = answered.total
            hits = list_hits(answered.best[query.offset : query.offset + query.limit])
        return Answer(
            total=answered.total,
            stories=stories,
            hits=hits,
            facets=answered.facets,
            satisfied=answered.satisfied,
            required=sum(clause.worth for clause in query.clauses if clause.required),
            complete=answered.complete,
            statistics=answered.statistics,
        )

    def _answer(self, query: Query, wanted: int) -> _Answered:
        """The core's result, with the ``wanted`` best in order."""
        counters = [*map(self._counter, query.facets)]
        summaries = [*map(self._value_counter, query.statistics)]
        totals = [np.zeros(one.size, np.int64) for one in (*counters, *summaries)]
        wanted = min(wanted, self._documents)
        best = np.empty(wanted, BEST)
        members = np.empty(self.stories.member_count, np.int64) if query.collapse else _NO_MEMBERS
        figures = np.zeros(6, np.int64)
        with borrow_room() as room:
            laid_out = self._lay_out(
                query, wanted, (*counters, *summaries), totals, members, room.sheet
            )
            late = core.search(
                laid_out,
                room.for_search(self._largest, self._documents, len(self.segments)),
                room.for_tokens(self._most_tokens),
                best,
                figures,
            )
            if late:
                refuse_late()
        total, complete, satisfied, found, _, member_count = figures.tolist()
        facets = {
            request.facet: counter.tell(one, request)
            for request, counter, one in zip(query.facets, counters, totals, strict=False)
        }
        statistics = {
            column: counter.tell(one)
            for column, counter, one in zip(
                query.statistics, summaries, totals[len(counters) :], strict=True
            )
        }
        best = best[:found]
        if isinstance(query.sort, SortBy):
            best["score"] = 0
        members = members[:member_count]
        return _Answered(total, complete, satisfied, best, members, facets, statistics)

    # --- how a query is laid out

    def _lay_out(
        self,
        query: Query,
        wanted: int,
        counters: Sequence[LabelCounter | DateCounter | ValueCounter],
        totals: Sequence[Array],
        members: Array,
        sheet: Sheet,
    ) -> Packed:
        """The structure ``Query``."""
        clauses = self._weigh(query)
        words = [word for one in clauses for word in one.clause.words]
        sheet.begin()
        idfs = [idf for one in clauses for idf in one.idfs]
        rows: list[int] = []
        first = 0
        # The same order in every segment: sums of float32 depend on it.
        order: list[int] = []
        optional: list[int] = []
        for one in clauses:
            end = first + len(one.idfs)
            rows += end, one.worth
            (order if one.worth else optional).extend(range(first, end))
            first = end
        order.sort(key=lambda n: -idfs[n])
        optional.sort(key=lambda n: -idfs[n])
        worths = [one.worth for one in clauses if one.worth]
        required = sum(worths)
        depth = measure_depth(query)
        counted = [*(request.facet for request in query.facets), *query.statistics]
        gate_numbers = number_facets(query.filters) if counters else {}
        ranking = query.ranking
        fades = ranking.recency_half_life_days and ranking.recency_weight
        segments, kept = self._lay_out_segments(query, words, sheet, near=bool(depth))
        return sheet.finish(
            "Query",
            (kept, totals, counters),
            segments=segments,
            segment_count=len(self.segments),
            words=sheet.put(
                "Word",
                [cell for idf, word in zip(idfs, words, strict=True) for cell in (idf, word.scope)],
            ),
            word_count=len(words),
            clauses=sheet.put("Clause", rows),
            clause_count=len(clauses),
            order=sheet.put("int64_t", order + optional),
            required_words=len(order),
            facets=sheet.put(
                "Facet",
                [
                    cell
                    for name, counter, one in zip(counted, counters, totals, strict=True)
                    for cell in (
                        counter.columns.address,
                        address_of(one, "i8"),
                        gate_numbers.get(name, 0),
                    )
                ],
            ),
            facet_count=len(counters),
            k1=ranking.k1,
            threshold=required if query.minimum is None else min(query.minimum, MOST_WORTH + 1),
            required=required,
            least=min(worths, default=0),
            few=query.few,
            enough=query.enough,
            sort=_BY_VALUE if isinstance(query.sort, SortBy) else query.sort,
            wanted=wanted,
            unread=0 if depth or query.collapse else query.offset,
            depth=depth,
            proximity_weight=ranking.proximity_weight,
            half_life=ranking.recency_half_life_days if fades else 0.0,
            recency_weight=ranking.recency_weight,
            from_day=ranking.recency_from_day,
            cheap=max(_FEW_POSTINGS, _POSTINGS_PER_WANTED * wanted),
            stories=address_of(self.stories.numbers, "i4") if query.collapse else 0,
            members=address_of(members, "i8") if query.collapse else 0,
            seconds_left=measure_time_left() or 0.0,
        )

    def _weigh(self, query: Query) -> list[WeighedClause]:
        """The query's clauses, the rarest first: the same order in every segment."""
        weigher = self.weigher
        weighed = []
        for clause in query.clauses:
            idfs, total = [], 0
            for word in clause.words:
                frequency = weigher.find_document_frequency(word)
                idfs.append(weigher.measure_idf(frequency) * word.boost)
                total += frequency
            weighed.append(WeighedClause(clause, idfs, total))
        weighed.sort(key=lambda one: one.document_frequency)
        return weighed

    def _lay_out_segments(
        self, query: Query, words: Sequence[Word], sheet: Sheet, *, near: bool
    ) -> tuple[int, object]:
        """(address of the structures ``SegmentPlan``, what holds their arrays). ``near``: including
        what proximity needs.
        """
        required = [clause.words for clause in query.clauses if clause.required]
        ranking = query.ranking
        in_title, in_body, in_lead = ranking.title_weight, ranking.body_weight, ranking.lead_weight
        rows: list[float] = []
        kept: list[object] = []
        orders = self._order(query.sort) if isinstance(query.sort, SortBy) else None
        for number, segment in enumerate(self.segments):
            norms = self.weigher.norms(ranking)[number]
            check_deadline()
            runs: list[float] = []
            offsets = [0]
            for word in words:
                for run, weight in segment.resolver.resolve(word).weigh_runs():
                    runs += run.postings.address, run.low, run.high, run.ascending
                    runs += weight * in_title, weight * in_body, weight * in_lead
                    kept.append(run)
                offsets.append(len(runs) // 7)
            data, gate = segment.data.packed, self.make_gate(segment, query)
            table = build_table(segment.resolver, required) if near else None
            rows += (
                data.address,
                norms.address,
                gate.address,
                gate.all_open,
                sheet.put("Run", runs),
                sheet.put("int64_t", offsets),
                table.address if table else 0,
                address_of(orders[number], "f8") if orders else 0,
            )
            kept += data, gate, norms, table
        return sheet.put("SegmentPlan", rows), (kept, orders)

    def make_gate(self, segment: SearchedSegment, query: Query) -> Gate:
        """The filter mask of a segment from filters, deletions and excluded clauses."""
        passing: Gate = segment.gates.make_gate(query.filters)
        if not query.excluded:
            return passing
        gate = passing.values.copy()
        for clause in query.excluded:
            for word in clause.words:
                for alternative in word.alternatives:
                    check_deadline()
                    run = segment.resolver.find_run(alternative)
                    if run is not None:
                        core.close_gate(
                            run.postings, run.low, run.high, int(word.scope), gate, CLOSED
                        )
        return seal_gate(gate)

    # --- facets

    def _counter(self, request: FacetRequest) -> LabelCounter | DateCounter:
        if is_date_facet(request.facet):
            return self._date_counter(request.facet, request.interval)
        return self.label_counter(request.facet)

    def label_counter(self, facet: str) -> LabelCounter:
        if facet not in self._label_counters:
            self._label_counters[facet] = LabelCounter(
                [segment.data for segment in self.segments], facet
            )
        return self._label_counters[facet]

    def _date_counter(self, facet: str, interval: str) -> DateCounter:
        key = (facet, interval)
        if key not in self._date_counters:
            columns = [
                data.days if facet == DATE_FACET else read_days(data.values_of(facet))
                for data in (segment.data for segment in self.segments)
            ]
            self._date_counters[key] = DateCounter(columns, interval)
        return self._date_counters[key]

    def _value_counter(self, column: str) -> ValueCounter:
        if column not in self._value_counters:
            columns = [segment.data.values_of(column) for segment in self.segments]
            self._value_counters[column] = ValueCounter(columns)
        return self._value_counters[column]

    def _order(self, sort: SortBy) -> list[Array]:
        """float64 for each document of each segment: the greatest come first, -inf if it has
        none.
        """
        if sort not in self._orders:
            columns = (
                self.label_counter(sort.column).rank()
                if is_label_facet(sort.column)
                else [segment.data.values_of(sort.column) for segment in self.segments]
            )
            order = [
                np.where(np.isnan(values), -inf, values if sort.descending else -values)
                for values in columns
            ]
            self._orders[sort] = join_orders(order, self._order(sort.then)) if sort.then else order
        return self._orders[sort]

    # --- stories

    @cached_property
    def stories(self) -> StoryTable:
        with loading():
            return StoryTable(self.segments)

    # --- one document

    def measure_closeness(
        self, segment: SearchedSegment, document: int, required: Sequence[Clause]
    ) -> float:
        """The closeness of two or more required clauses in a document."""
        closeness = np.zeros(1)
        table = build_table(segment.resolver, [clause.words for clause in required])
        with borrow_room() as room:
            core.measure_closeness(
                segment.data.packed,
                table,
                np.array([document], np.uint32),
                1,
                room.for_tokens(self._most_tokens),
                closeness,
            )
        return float(closeness[0])


def join_orders(first: list[Array], second: list[Array]) -> list[Array]:
    """The order by ``first``, ties by ``second``; each as returned by :meth:`_order`."""
    if not first:
        return first
    ranks = [np.unique(np.concatenate(one), return_inverse=True)[1] for one in (first, second)]
    joined = ranks[0] * (ranks[1].max(initial=0) + 1.0) + ranks[1]
    return np.split(joined, np.cumsum([len(one) for one in first])[:-1])


def measure_depth(query: Query) -> int:
    """The number of best hits that are reordered by proximity."""
    near = query.ranking.proximity_weight and query.sort == Sort.RELEVANCE and query.limit
    required = sum(clause.required for clause in query.clauses)
    return query.ranking.rescore_depth if near and required >= 2 else 0


def count_to_order(query: Query) -> int:
    """The number of best hits that determine the query's hits, if few of them are copies."""
    if not query.limit:
        return 0
    spare = FEW_COPIES if query.collapse else 0
    return max(query.offset + query.limit + spare, measure_depth(query))


def check_size(query: Query) -> None:
    """Raise ValueError for more clauses, worth or filtered facets than the core can count."""
    clauses = query.clauses
    # Few clauses are never worth too much.
    if len(clauses) * MAX_WORTH > MOST_WORTH and (
        len(clauses) > _MOST_CLAUSES
        or sum(one.worth for one in clauses if one.required) > MOST_WORTH
    ):
        raise ValueError(
            f"A query has at most {_MOST_CLAUSES} clauses, worth {MOST_WORTH} together."
        )
    if len(query.filters) >= CLOSED and len(number_facets(query.filters)) >= CLOSED:
        raise ValueError(f"At most {CLOSED - 1} facets can be filtered at once.")
