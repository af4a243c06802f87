"""How is a search of this protocol answered? Over the path that all searches take.

The query is understood as everywhere else (:mod:`searchsvc.query.understand`); how many of its
words a hit must have is the protocol's rule (:mod:`.tiers`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from indexer.engine.base import AllOf, Answer, Filter, Hit, IdFilter, Not, Query, Snapshot
from indexer.loading import read_clock
from searchsvc.insight.record import MOST_SHOWN, Answered
from searchsvc.meilisearch.documents import show_document
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.facets import FacetAnswer, count_facets, request_facets
from searchsvc.meilisearch.filter_expression import FilterError, parse_filter
from searchsvc.meilisearch.filter_query import Asked, compile_filter
from searchsvc.meilisearch.formatting import format_document, list_matches
from searchsvc.meilisearch.keeping import Keeping
from searchsvc.meilisearch.marking import Marker
from searchsvc.meilisearch.orders import choose_order
from searchsvc.meilisearch.search_parameters import SearchParameters
from searchsvc.meilisearch.searched import Searched
from searchsvc.meilisearch.selection import pick, restrict
from searchsvc.meilisearch.tiers import list_tiers, put_first, rank_tiers
from searchsvc.monitoring.notes import note
from searchsvc.query.context import open_context
from searchsvc.query.parts import NOTHING
from searchsvc.query.pinning import find_pinned
from searchsvc.query.plan import Plan
from searchsvc.query.understand import search_as_typed, search_plan, understand
from searchsvc.request import SearchRequest

#: No labels that an article must have.
NO_LABELS: Final[Mapping[str, tuple[str, ...]]] = {}
#: Parts of query understanding that tolerate typos.
_TYPOS: Final = frozenset({"typos", "slang"})


@dataclass(frozen=True, slots=True)
class Found:
    """``hits`` with their ranking score, from 0 to 1. ``total``: their number, as far as the
    protocol counts.
    """

    hits: list[tuple[Hit, float]]
    total: int
    facets: FacetAnswer
    marker: Marker


def answer_search(
    index: Searched,
    parameters: SearchParameters,
    rule: Any = None,
    only: Mapping[str, tuple[str, ...]] = NO_LABELS,
) -> tuple[dict[str, Any], Answered]:
    """The response to a search, and what is remembered of it. ``rule``: a filter that narrows it
    besides its own; ``only``: the labels of which an article must have one of each facet. Raises
    ProtocolError.
    """
    began = read_clock()
    most = index.settings["pagination"]["maxTotalHits"]
    offset, limit = parameters.find_window(most)
    found = find_hits(index, parameters, offset, limit, rule, only)
    hits, ids = [], []
    articles = index.snapshot.articles([hit.ref for hit, _ in found.hits])
    for article, (_, score) in zip(articles, found.hits, strict=True):
        ids.append(article.id)
        hits.append(show_hit(show_document(article), score, index, parameters, found.marker))
    took = read_clock() - began
    body = {
        "hits": hits,
        "query": parameters.q,
        "processingTimeMs": round(took * 1000),
        **count_pages(parameters, min(found.total, most), offset, limit),
        **found.facets.to_dict(),
        **(
            {"performanceDetails": {"search": f"{took * 1000:.2f}ms"}}
            if parameters.show_performance_details
            else {}
        ),
    }
    return body, Answered(found.total, tuple(ids[:MOST_SHOWN]))


def count_pages(
    parameters: SearchParameters, total: int, offset: int, limit: int
) -> dict[str, int]:
    """The paging values of the response."""
    if not parameters.is_paged:
        return {"limit": parameters.limit, "offset": parameters.offset, "estimatedTotalHits": total}
    per_page = 20 if parameters.hits_per_page is None else parameters.hits_per_page
    return {
        "page": 1 if parameters.page is None else parameters.page,
        "hitsPerPage": per_page,
        "totalPages": -(-total // per_page) if per_page else 0,
        "totalHits": total,
    }


def show_hit(
    document: dict[str, Any],
    score: float,
    index: Searched,
    parameters: SearchParameters,
    marker: Marker,
) -> dict[str, Any]:
    """A hit in response form."""
    displayed = index.settings["displayedAttributes"]
    wanted = parameters.attributes_to_retrieve
    shown = dict(pick(document, restrict(wanted, displayed)))
    told = parameters.format
    if told.wanted:
        also = [*told.highlight, *(told.crop or ())]
        visible = restrict(None if wanted is None else [*wanted, *also], displayed)
        shown["_formatted"] = format_document(pick(document, visible), told, marker)
    if parameters.show_matches_position:
        searched = restrict(index.settings["searchableAttributes"], displayed)
        shown["_matchesPosition"] = list_matches(document, marker, searched)
    if parameters.show_ranking_score:
        shown["_rankingScore"] = score
    if parameters.show_ranking_score_details:
        shown["_rankingScoreDetails"] = {"words": {"order": 0, "score": score}}
    return shown


# --- finding


def find_hits(
    index: Searched,
    parameters: SearchParameters,
    offset: int,
    limit: int,
    rule: Any = None,
    only: Mapping[str, tuple[str, ...]] = NO_LABELS,
) -> Found:
    """The hits from ``offset`` on. Raises ProtocolError."""
    narrow = tuple(
        one
        for given in (parameters.filter, rule)
        if (one := read_filter(given, index.asked)) is not None
    )
    plan = plan_search(index, parameters, narrow, only)
    order = choose_order(index, parameters)
    query = plan.query if order is None else replace(plan.query, sort=order)
    counted, shown = request_facets(parameters.facets, index.asked, index.settings["faceting"])
    tiers = list_tiers(query, parameters.matching_strategy, index)
    union = replace(tiers[-1].union, limit=0, offset=0)
    marker = Marker.of(plan.words, index.analyzer)
    ranked = rank_tiers(tiers, plan, index, offset + limit)
    if plan.pinned:
        pinned = find_pinned(union, plan.pinned, index.snapshot)[0]
        ranked = put_first([hit.ref for hit in pinned.hits], ranked)
    keeping = Keeping(index, parameters, marker, plan)
    most = index.settings["pagination"]["maxTotalHits"]
    kept = keeping.choose(ranked, offset, limit, most, every=bool(counted.columns))
    counting = replace(union, facets=counted.facets, statistics=counted.statistics)
    if kept.refs is None:
        answer = search_plan(plan, counting, index.snapshot)[0]
    elif kept.dropped is None or not counted.columns:
        answer = count_among(kept.refs, counting, index.snapshot)
    else:
        without = Not(name_articles(kept.dropped, index.snapshot))
        counting = replace(counting, filters=(*counting.filters, without))
        answer = search_plan(plan, counting, index.snapshot)[0]
    total = answer.total if kept.total is None else kept.total
    note(hits=total)
    facets = count_facets(answer, counted, shown, index.asked)
    return Found(kept.page, total, facets, marker)


def count_among(refs: Sequence[int], counting: Query, snapshot: Snapshot) -> Answer:
    """What ``counting`` counts, of these articles alone."""
    wanted = refs if counting.facets or counting.statistics else ()
    these = Query(
        filters=(name_articles(wanted, snapshot),),
        facets=counting.facets,
        statistics=counting.statistics,
        limit=0,
    )
    return snapshot.search(these)


def name_articles(refs: Sequence[int], snapshot: Snapshot) -> Filter:
    """The filter for these articles."""
    return IdFilter(tuple(one.id for one in snapshot.summaries(refs)))


def read_filter(given: Any, asked: Asked, code: str = "invalid_search_filter") -> Filter | None:
    """The engine filter for a JSON filter, or ``None`` if it is empty. It narrows all counts.
    Raises ProtocolError.
    """
    if given is None:
        return None
    try:
        expression = parse_filter(given)
        return None if expression is None else AllOf((compile_filter(expression, asked),))
    except FilterError as error:
        raise ProtocolError(code, str(error)) from None


def plan_search(
    index: Searched,
    parameters: SearchParameters,
    narrow: tuple[Filter, ...],
    only: Mapping[str, tuple[str, ...]],
) -> Plan:
    """The engine query for what was typed, corrected if no article has it as typed."""
    forgiving = index.settings["typoTolerance"]["enabled"]
    without = NOTHING if forgiving else _TYPOS
    if index.settings["prefixSearch"] == "disabled":
        without |= {"prefixes"}
    context = open_context(index.engine, index.snapshot, analyzer=index.analyzer, without=without)
    request = SearchRequest(q=parameters.q, per_page=1, highlight=False, narrow=narrow, only=only)
    if not forgiving:
        return search_as_typed(parameters.q, request, context, index.ranking).plan
    return understand(request, context, ranking=index.ranking).plan
