"""How is one query answered? In one request if it needs no more."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar

from indexer.deadline import check_deadline
from indexer.engine.base import Answer, Hit, Query, Sort
from indexer.engine.opensearch.ahead import AskedAhead
from indexer.engine.opensearch.counts import Counting
from indexer.engine.opensearch.documents import Stored
from indexer.engine.opensearch.frequencies import Frequencies
from indexer.engine.opensearch.mapping import MOST_RESULTS
from indexer.engine.opensearch.matching import Matching, Scoring
from indexer.engine.opensearch.order import order_by_date, write_order
from indexer.engine.opensearch.places import Finder
from indexer.engine.opensearch.recount import Recount
from indexer.engine.opensearch.worths import (
    KnownWorths,
    Reached,
    choose_threshold,
    count_reaching,
    write_worths,
)
from indexer.engine.query_check import check_query
from indexer.errors import EngineUnavailable

Body = dict[str, Any]
Told = TypeVar("Told")


class Asked(NamedTuple):
    """A search. One that is not ``needed``, or not yet, may fail: it is then answered by ``{}``."""

    body: Body
    needed: bool = True


#: Yields the searches to ask, receives their answers, and returns what they tell.
Steps = Generator[list[Asked], list[Body], Told]
#: Answers some searches over the articles of the generation, in one request.
AskAll = Callable[[Sequence[Asked]], list[Body]]
#: Remembers the article of a hit.
Keep = Callable[[Body], None]
#: The stored articles of some refs, in the same order.
Fetch = Callable[[Sequence[int]], list[Stored]]

#: With up to this many copies among the best, no second request is needed.
_FEW_COPIES: Final = 8
#: So many hits or fewer are told with their articles, which are reordered or shown next.
_MOST_WITH_ARTICLES: Final = 64
#: Where scores are counted again: hits asked for beyond those wanted, at first, and altogether.
_SPARE_TO_RECOUNT: Final = 32
_MOST_RECOUNTED: Final = 1_000
#: Other tellings of a story that are listed.
_MOST_TOLD: Final = 10_000


class Found(NamedTuple):
    """A match, as far as the order and stories need it. ``second``: -infinity without a date."""

    ref: int
    score: float
    second: float
    story: int
    copied: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What one request tells."""

    total: int
    found: list[Found]
    counts: Body


class Foreseen(NamedTuple):
    """A search that may be asked before it is needed, and what remembers its answer."""

    asked: Asked
    keep: Callable[[Body, Body], object]


class Searcher:
    """Answers queries over one generation."""

    def __init__(
        self,
        ask: AskAll,
        keep: Keep,
        fetch: Fetch,
        scoring_of: Callable[[Any], Scoring],
        recount_for: Callable[[Query, Sequence[float]], Recount],
        frequencies: Frequencies,
        visible: Body,
        name: str,
    ) -> None:
        self._ask = ask
        self._keep = keep
        self._fetch = fetch
        self._scoring_of = scoring_of
        self._recount_for = recount_for
        self.frequencies = frequencies
        self._visible = visible
        self._name = name
        self.worths = KnownWorths()
        self.ahead = AskedAhead()

    def search_each(self, queries: Sequence[Query]) -> list[Answer]:
        """See :meth:`indexer.engine.base.Snapshot.search_each`. What several searches ask for at a
        time is one request.
        """
        check_deadline()
        for query in queries:
            check_query(query)
        searches = [_Search(self, query).answer() for query in queries]
        answers: dict[int, Answer] = {}
        told: dict[int, list[Body] | None] = dict.fromkeys(range(len(queries)))
        while told:
            asked: dict[int, list[Asked]] = {}
            for number, own in told.items():
                search = searches[number]
                try:
                    asked[number] = next(search) if own is None else search.send(own)
                except StopIteration as end:
                    answers[number] = end.value
            every = [one for some in asked.values() for one in some]
            answered = iter(self._ask(every) if every else [])
            told = {number: [next(answered) for _ in some] for number, some in asked.items()}
        return [answers[number] for number in range(len(queries))]

    def foresee(self, query: Query) -> Foreseen | None:
        """What the search of ``query`` will ask next, if that is known without asking."""
        return _Search(self, query).foresee()

    def find_complete(self, query: Query) -> int | None:
        """See :meth:`indexer.engine.base.Snapshot.find_complete`."""
        return _Search(self, query).find_complete()

    def match(self, query: Query) -> Matching:
        return Matching(query, self.frequencies.words, self._visible)


class _Search:
    """One query on its way."""

    def __init__(self, searcher: Searcher, query: Query) -> None:
        self._s = searcher
        self._query = query
        self._matching = searcher.match(query)
        self._counting = Counting(query)
        self._minimum = self._matching.worth if query.minimum is None else query.minimum
        self._ranked = query.sort is Sort.RELEVANCE and bool(query.clauses)
        self._words = [word for clause in query.clauses for word in clause.words]
        self._recount: Recount | None = None
        self._write_scored: Callable[[Any], Body] | None = None

    def _prepare_scores(self) -> None:
        measured = self._s.frequencies.measure_idfs(self._words)
        idfs = dict(zip(map(id, self._words), measured, strict=True))
        self._recount = self._s._recount_for(self._query, measured)
        scoring = self._s._scoring_of(self._query.ranking)
        self._write_scored = lambda clause: scoring.weigh_words(
            clause, [idfs[id(word)] for word in clause.words]
        )

    def may_relax(self) -> bool:
        """Whether fewer of the words may suffice."""
        matching = self._matching
        return bool(self._query.few and matching.worth) and self._minimum > matching.least_worth

    @cached_property
    def worths(self) -> Body:
        """The search that tells how far the query must be relaxed."""
        return write_worths(self._matching, [*self._counting.plain, *self._counting.post])

    def foresee(self) -> Foreseen | None:
        """See :meth:`Searcher.foresee`."""
        threshold = self._minimum
        if self.may_relax():
            reached = self._s.worths.find(self.worths)
            if reached is None:
                return Foreseen(Asked(self.worths, needed=False), self._s.worths.read)
            threshold = choose_threshold(reached, threshold, self._query)
        if self._ranked:
            if not self._s.frequencies.know(self._words):
                return None
            self._prepare_scores()
        body = self._write(threshold, self._count_wanted())
        body["aggs"] = self._counting.write()
        ahead = self._s.ahead
        return None if ahead.holds(body) else Foreseen(Asked(body), ahead.keep)

    def find_complete(self) -> int | None:
        """See :meth:`Searcher.find_complete`."""
        reached = self._s.worths.find(self.worths) if self.may_relax() else None
        return None if reached is None else count_reaching(reached, self._minimum)

    def answer(self) -> Steps[Answer]:
        query, matching = self._query, self._matching
        if self._ranked:
            self._prepare_scores()
        wanted = self._count_wanted()
        threshold, reached, result = self._minimum, None, None
        if self.may_relax():
            reached = yield from self._count_worths(needed=False)
            if reached is None:
                # Not in time: perhaps they are not needed.
                result = yield from self._run(threshold, wanted)
                if result.total < query.few:
                    reached = yield from self._count_worths(needed=True)
            threshold = choose_threshold(reached or [], self._minimum, query)
        if result is None or threshold < self._minimum:
            result = yield from self._run(threshold, wanted)
        complete = result.total
        if threshold < self._minimum:
            complete = count_reaching(reached or [], self._minimum)
        hits, result = yield from self._make_page(result, threshold, wanted)
        return Answer(
            total=result.total,
            stories=self._counting.count_stories(result.counts, result.total),
            hits=hits,
            facets=self._counting.read_facets(result.counts),
            satisfied=threshold if result.total else 0,
            complete=complete,
            required=matching.worth,
            statistics=self._counting.read_statistics(result.counts),
        )

    def _count_worths(self, *, needed: bool) -> Steps[Reached | None]:
        """What articles reach; ``None`` if that did not come in time and is not ``needed``."""
        reached = self._s.worths.find(self.worths)
        if reached is None:
            (told,) = yield [Asked(self.worths, needed)]
            reached = self._s.worths.read(self.worths, told) if told else None
        return reached

    # --- the hits

    def _count_wanted(self) -> int:
        """How many of the best decide about the page, if few of them are copies."""
        query = self._query
        if not query.limit:
            return 0
        spare = _FEW_COPIES if query.collapse else 0
        if self._recount:
            spare += _SPARE_TO_RECOUNT
        return min(max(query.offset + query.limit + spare, self._depth()), MOST_RESULTS)

    def _depth(self) -> int:
        """How many of the best are ordered again by proximity."""
        near = self._ranked and self._query.ranking.proximity_weight and self._query.limit
        return self._query.ranking.rescore_depth if near and len(self._matching.required) > 1 else 0

    def _write(self, threshold: int, wanted: int) -> Body:
        """The search for the first ``wanted`` matches and their number, without other counts."""
        counting = self._counting
        matched = self._matching.write(counting.plain, threshold, self._write_scored)
        if self._ranked:
            matched = self._s._scoring_of(self._query.ranking).add_recency(matched)
        body: Body = {
            "query": matched,
            "post_filter": {"bool": {"filter": counting.post}},
            "size": wanted,
            "sort": write_order(self._query, ranked=self._ranked),
        }
        if wanted > (_MOST_RECOUNTED if self._recount else _MOST_WITH_ARTICLES):
            # Not even an id, which would be read from where the whole article is.
            body["stored_fields"] = "_none_"
            body["docvalue_fields"] = ["ref", "second", "story", "copied"]
        return body

    def _run(self, threshold: int, wanted: int, *, counted: bool = True) -> Steps[Result]:
        """One request: the first ``wanted`` matches, their number, and the counts."""
        counting = self._counting
        body = self._write(threshold, wanted)
        while True:
            if counted:
                body["aggs"] = counting.write()
            told = self._s.ahead.take(body)
            if told is None:
                (told,) = yield [Asked(body)]
            counts = told.get("aggregations", {})
            if not counting.ask_more(counts):
                break
        hits = told["hits"]["hits"]
        if "stored_fields" not in body:
            for hit in hits:
                self._s._keep(hit)
        found = [self._read(hit) for hit in hits]
        return Result(told["hits"]["total"]["value"], found, counts)

    def _read(self, hit: Body) -> Found:
        fields = hit.get("_source") or {name: one[0] for name, one in hit["fields"].items()}
        return Found(
            fields["ref"],
            hit["sort"][0] if self._ranked else 0.0,
            fields.get("second", float("-inf")),
            fields.get("story", -1) if self._query.collapse else -1,
            fields.get("copied", False),
        )

    def _make_page(
        self, result: Result, threshold: int, wanted: int
    ) -> Steps[tuple[list[Hit], Result]]:
        """The page of hits; asks for more if copies fill it."""
        query = self._query
        end = query.offset + query.limit
        while True:
            found = self._score_again(result)
            all_there = len(result.found) >= result.total
            decided = all_there or len(found) >= max(end, self._depth())
            ordered = self._add_proximity(found) if decided else []
            if decided and not query.collapse:
                return [Hit(one.ref, one.score) for one in ordered[query.offset : end]], result
            heads = _find_heads(ordered)
            if (decided and len(heads) >= end) or all_there or not query.limit:
                hits = yield from self._tell(heads[query.offset : end], threshold)
                return hits, result
            if wanted >= MOST_RESULTS:
                raise EngineUnavailable(
                    self._s._name, f"pages beyond {MOST_RESULTS:,} articles are not answered"
                )
            recounted = self._recount and wanted < _MOST_RECOUNTED
            wanted = min(wanted * 4, _MOST_RECOUNTED if recounted else MOST_RESULTS)
            more = yield from self._run(threshold, wanted, counted=False)
            result = Result(more.total, more.found, result.counts)

    def _score_again(self, result: Result) -> list[Found]:
        """What was found, with exact scores: as many of the best as no other article can precede,
        unless that would take too many.
        """
        found = result.found
        if not (self._recount and 0 < len(found) <= _MOST_RECOUNTED):
            return found
        lacking = self._recount.measure(self._s._fetch([one.ref for one in found]))
        exact = [
            one._replace(score=one.score + more)
            for one, more in zip(found, lacking.tolist(), strict=True)
        ]
        exact.sort(key=_order_by_score)
        if len(found) >= min(result.total, _MOST_RECOUNTED):
            return exact
        least = found[-1].score + self._recount.most
        return [one for one in exact if one.score > least]

    def _add_proximity(self, found: list[Found]) -> list[Found]:
        """``found`` with the best ordered again by how close their words are."""
        depth = min(self._depth(), len(found))
        if not depth:
            return found
        finder = Finder(self._s._fetch([one.ref for one in found[:depth]]))
        closeness = finder.measure_closeness(self._matching.required)
        gains = 1 + self._query.ranking.proximity_weight * closeness
        best = [
            one._replace(score=one.score * gain)
            for one, gain in zip(found[:depth], gains.tolist(), strict=True)
        ]
        best.sort(key=_order_by_score)
        return best + found[depth:]

    def _tell(self, heads: list[Found], threshold: int) -> Steps[list[Hit]]:
        """The hits of a page, each with the other matches that tell its story."""
        stories = sorted({head.story for head in heads if head.copied})
        others: dict[int, list[int]] = {}
        if stories:
            filters = [*self._counting.plain, *self._counting.post, {"terms": {"story": stories}}]
            body: Body = {
                "query": self._matching.write(filters, threshold),
                "size": _MOST_TOLD,
                "stored_fields": "_none_",
                "sort": order_by_date("asc"),
                "docvalue_fields": ["ref", "story"],
            }
            (told,) = yield [Asked(body)]
            for hit in told["hits"]["hits"]:
                fields = hit["fields"]
                others.setdefault(fields["story"][0], []).append(fields["ref"][0])
        return [
            Hit(
                head.ref,
                head.score,
                tuple(ref for ref in others.get(head.story, ()) if ref != head.ref)
                if head.copied
                else (),
            )
            for head in heads
        ]


def _order_by_score(one: Found) -> tuple[float, float, int]:
    return -one.score, -one.second, one.ref


def _find_heads(ordered: list[Found]) -> list[Found]:
    """The first article of each story."""
    seen: set[int] = set()
    heads = []
    for one in ordered:
        if one.story not in seen:
            seen.add(one.story)
            heads.append(one)
    return heads
