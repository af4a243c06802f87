"""How is one query answered? In one request if it needs no more."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

from indexer.deadline import check_deadline
from indexer.engine.base import Answer, Hit, Query, Sort, SortBy
from indexer.engine.opensearch.counts import Counting
from indexer.engine.opensearch.documents import Stored
from indexer.engine.opensearch.encoding import name_column
from indexer.engine.opensearch.filters import name_field
from indexer.engine.opensearch.mapping import MOST_RESULTS
from indexer.engine.opensearch.matching import Frequencies, Matching, Scoring
from indexer.engine.opensearch.places import Finder
from indexer.engine.opensearch.recount import Recount
from indexer.engine.query_check import check_query
from indexer.errors import EngineUnavailable
from indexer.schema import is_label_facet

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
#: Where articles without a date come among the oldest or the newest: last.
_UNDATED: Final = {"missing": "_last"}


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
        self._frequencies = frequencies
        self._visible = visible
        self._name = name

    def search_each(self, queries: Sequence[Query]) -> list[Answer]:
        """See :meth:`indexer.engine.base.Snapshot.search_each`. What several searches ask for at a
        time is one request.
        """
        check_deadline()
        for query in queries:
            check_query(query)
        searches = [_Search(self, query).answer() for query in queries]
        answers: dict[int, Answer] = {}
        asked = {number: next(search) for number, search in enumerate(searches)}
        while asked:
            told = iter(self._ask([one for some in asked.values() for one in some]))
            for number, some in list(asked.items()):
                try:
                    asked[number] = searches[number].send([next(told) for _ in some])
                except StopIteration as end:
                    answers[number] = end.value
                    del asked[number]
        return [answers[number] for number in range(len(queries))]

    def match(self, query: Query) -> Matching:
        return Matching(query, self._frequencies.words, self._visible)


class _Search:
    """One query on its way."""

    def __init__(self, searcher: Searcher, query: Query) -> None:
        self._s = searcher
        self._query = query
        self._matching = searcher.match(query)
        self._counting = Counting(query)
        self._ranked = query.sort is Sort.RELEVANCE and bool(query.clauses)
        self._recount: Recount | None = None
        self._write_scored = self._prepare_scores() if self._ranked else None

    def _prepare_scores(self) -> Callable[[Any], Body]:
        words = [word for clause in self._query.clauses for word in clause.words]
        measured = self._s._frequencies.measure_idfs(words)
        idfs = dict(zip(map(id, words), measured, strict=True))
        self._recount = self._s._recount_for(self._query, measured)
        scoring = self._s._scoring_of(self._query.ranking)
        return lambda clause: scoring.weigh_words(clause, [idfs[id(word)] for word in clause.words])

    def answer(self) -> Steps[Answer]:
        query, matching = self._query, self._matching
        minimum = matching.worth if query.minimum is None else query.minimum
        wanted = self._count_wanted()
        may_relax = bool(query.few and matching.worth) and minimum > matching.least_worth
        # Words that no article has need not be tried.
        threshold = min(minimum, matching.reachable) or minimum if may_relax else minimum
        result, worths = yield from self._run(threshold, wanted, with_worths=may_relax)
        complete = result.total if threshold == minimum else 0
        if may_relax and complete < query.few:
            if not worths:
                (worths,) = yield [Asked(self._write_worths())]
            relaxed = self._choose_threshold(minimum, worths)
            if relaxed != threshold:
                threshold = relaxed
                result, _ = yield from self._run(threshold, wanted)
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

    def _write_worths(self) -> Body:
        """The search that tells how many articles satisfy clauses of which worth."""
        filters = [*self._counting.plain, *self._counting.post]
        return {
            "query": self._matching.write_worths(filters),
            "size": 0,
            "track_total_hits": False,
            "aggs": {"worths": {"terms": {"script": {"source": "_score"}, "size": 65_000}}},
        }

    def _choose_threshold(self, minimum: int, told: Body) -> int:
        """The greatest worth that enough articles reach, or the least of any."""
        worths = sorted(
            (
                (round(float(bucket["key"])), bucket["doc_count"])
                for bucket in told["aggregations"]["worths"]["buckets"]
            ),
            reverse=True,
        )
        reached = 0
        for worth, articles in worths:
            reached += articles
            if reached >= self._query.enough:
                return min(minimum, worth)
        return min(minimum, worths[-1][0]) if worths else minimum

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

    def _run(
        self, threshold: int, wanted: int, *, counted: bool = True, with_worths: bool = False
    ) -> Steps[tuple[Result, Body]]:
        """One request: the first ``wanted`` matches, their number, and the counts; and the answer
        to :meth:`_write_worths`, or ``{}`` if that is not wanted or did not come in time.
        """
        counting = self._counting
        matched = self._matching.write(counting.plain, threshold, self._write_scored)
        if self._ranked:
            matched = self._s._scoring_of(self._query.ranking).add_recency(matched)
        most = _MOST_RECOUNTED if self._recount else _MOST_WITH_ARTICLES
        with_articles = wanted <= most
        body: Body = {
            "query": matched,
            "post_filter": {"bool": {"filter": counting.post}},
            "size": wanted,
            "sort": self._write_order(),
        }
        if not with_articles:
            # Not even an id, which would be read from where the whole article is.
            body["stored_fields"] = "_none_"
            body["docvalue_fields"] = ["ref", "second", "story", "copied"]
        asked = [Asked(body)]
        if with_worths:
            # Most queries that may be relaxed are; one that need not be must not fail by this.
            asked.append(Asked(self._write_worths(), needed=False))
        while True:
            if counted:
                body["aggs"] = counting.write()
            told, *others = yield asked
            counts = told.get("aggregations", {})
            if not counting.ask_more(counts):
                break
        hits = told["hits"]["hits"]
        if with_articles:
            for hit in hits:
                self._s._keep(hit)
        found = [self._read(hit) for hit in hits]
        worths = others[0] if others else {}
        return Result(told["hits"]["total"]["value"], found, counts), worths

    def _read(self, hit: Body) -> Found:
        fields = hit.get("_source") or {name: one[0] for name, one in hit["fields"].items()}
        return Found(
            fields["ref"],
            hit["sort"][0] if self._ranked else 0.0,
            fields.get("second", float("-inf")),
            fields.get("story", -1) if self._query.collapse else -1,
            fields.get("copied", False),
        )

    def _write_order(self) -> list[Body]:
        query = self._query
        if isinstance(query.sort, SortBy):
            return [*_order_by(query.sort), *_order_by_date("desc")]
        if query.sort is Sort.RELEVANCE:
            by_score: list[Body] = [{"_score": "desc"}] if self._ranked else []
            return [*by_score, *_order_by_date("desc")]
        return _order_by_date("desc" if query.sort is Sort.NEWEST else "asc")

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
            more, _ = yield from self._run(threshold, wanted, counted=False)
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
                "sort": _order_by_date("asc"),
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


def _order_by_date(direction: str) -> list[Body]:
    return [{"second": {"order": direction, **_UNDATED}}, {"ref": "asc"}]


def _order_by(sort: SortBy) -> list[Body]:
    """By a column or the first label of a facet; articles without one last."""
    if is_label_facet(sort.column):
        field, kind = f"firsts.{name_column(sort.column)}", "keyword"
    else:
        field, kind = name_field(sort.column), "double"
    direction = "desc" if sort.descending else "asc"
    first = {field: {"order": direction, "unmapped_type": kind, **_UNDATED}}
    return [first, *(_order_by(sort.then) if sort.then else ())]
