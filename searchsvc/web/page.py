"""Which pages do readers see? Search, values of a facet, article, and error pages.

Rendered on the server and complete without JavaScript.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, render_template, request

from indexer.deadline import Deadline, until
from indexer.engine.base import Engine
from indexer.errors import ArticleNotFound, QueryTooCostly, UnknownName
from indexer.ingest.own_values import show_own
from indexer.language.fold import fold
from indexer.schema import FACETS, LABEL_FACETS
from searchsvc.errors import Problem
from searchsvc.facet_search import search_facet
from searchsvc.near_queries import find_near_queries
from searchsvc.reading import read_article
from searchsvc.request import SearchRequest
from searchsvc.search import related_articles, run_search
from searchsvc.web.answer_cache import QUERY_MARK, TIME_MARK, TimedBody
from searchsvc.web.api import read_article_id, read_search_request
from searchsvc.web.article_meta import (
    find_outside_address,
    list_open_graph,
    summarise,
    write_json_ld,
)
from searchsvc.web.conditional import HTML_TYPE, answer_once, normalise_request
from searchsvc.web.date_presets import list_presets
from searchsvc.web.guard import allow_reading, refuse_partial
from searchsvc.web.histogram import build_histogram, choose_interval
from searchsvc.web.own_view import list_orders, list_ranges
from searchsvc.web.page_links import PageLinks, list_parameters
from searchsvc.web.page_values import ask_nothing, list_common, read_clock
from searchsvc.web.page_view import (
    build_pager,
    group_facets,
    list_chips,
    list_choices,
    name_facet,
    split_offer,
)
from searchsvc.web.recording import describe_answered
from searchsvc.web.service import Service, base_service, current_service

page = Blueprint("page", __name__, template_folder="templates")


@page.before_request
def let_in() -> None:
    """A browser has no key to send: if reads need one, there are no pages."""
    refuse_partial(allow_reading("search"), "pages")


NEWEST_SHOWN = 8
SECTIONS_SHOWN = 12
#: Values on the page of one facet; others are found by typing a prefix.
VALUES_SHOWN = 200
#: The part of a query's time that finding alternatives to a search without hits may take.
HELP_PART = 0.25


@page.get("/")
def show_search() -> Response:
    """Results for a query or filters; without either, the front page."""
    service = current_service()
    asked = _read_asked(service)
    root = request.script_root
    if not is_asked(asked):
        front = replace(
            ask_nothing(service),
            sort="newest",
            per_page=NEWEST_SHOWN,
            facets=("category",),
            highlight=False,
        )
        return answer_once(
            service,
            "front",
            [root, read_clock(service)],
            lambda engine: _render_front(service, engine, front),
            media_type=HTML_TYPE,
        )
    return answer_once(
        service,
        "results",
        [root, read_clock(service), normalise_request(asked)],
        lambda engine: _render_results(service, engine, asked),
        media_type=HTML_TYPE,
        searched=asked,
    )


def _read_asked(service: Service) -> SearchRequest:
    """The search in the address, with the counts that the page shows."""
    asked = read_search_request(service, for_readers=True)
    return replace(
        asked,
        q=" ".join(asked.q.split()),
        facets=(*FACETS, *service.fields().facets),
        interval=choose_interval(asked.date_from, asked.date_to),
        explain=False,
    )


def is_asked(request: SearchRequest) -> bool:
    """Whether there is anything to answer, including a misnamed parameter."""
    return bool(
        request.q
        or request.filters
        or request.ranges
        or request.date_from
        or request.date_to
        or request.page > 1
        or request.ignored
    )


@page.get("/pilihan/<name>")
def show_values(name: str) -> Response:
    """The values of a facet among the articles found, to choose from; ``awalan`` keeps those with
    this prefix.
    """
    service = current_service()
    if name not in (*LABEL_FACETS, *service.fields().label_filters):
        raise UnknownName("facet", name, LABEL_FACETS)
    asked = _read_asked(service)
    prefix = " ".join(request.args.get("awalan", "").split())
    return answer_once(
        service,
        "values",
        [request.script_root, name, prefix, normalise_request(asked)],
        lambda engine: _render_values(service, engine, asked, name, prefix),
        media_type=HTML_TYPE,
    )


@page.get("/artikel")
@page.get("/artikel/<article_id:in_path>")
def show_article(in_path: str | None = None) -> Response:
    """One article with all its fields, and others about the same subject."""
    service = current_service()
    article_id = read_article_id(in_path)
    query = " ".join(request.args.get("q", "").split())

    def produce(engine: Engine) -> bytes:
        return _render_article(service, engine, article_id, query)

    return answer_once(
        service,
        "article page",
        [request.url_root, article_id, query, read_clock(service)],
        produce,
        media_type=HTML_TYPE,
    )


@page.get("/buka")
@page.get("/buka/<article_id:in_path>")
def open_article(in_path: str | None = None) -> Response:
    """Redirect to the article at its publisher, or to its page here if it has no address there."""
    article_id = read_article_id(in_path)
    with current_service().index.snapshot() as snapshot:
        ref = snapshot.find(article_id)
        if ref is None:
            raise ArticleNotFound(article_id)
        outside = find_outside_address(snapshot.article(ref))
    here = PageLinks(request.script_root, SearchRequest()).article(article_id)
    response = Response(status=302, headers={"Location": outside or here})
    response.headers["Cache-Control"] = "no-cache"
    return response


def render_problem(problem: Problem) -> Response:
    """The page that tells a reader what is wrong and how to continue."""
    service = base_service()
    query = " ".join(request.args.get("q", "").split())
    heading, advice = service.say.tell_problem(problem.row)
    body = render_template(
        "problem.html",
        status=problem.status,
        heading=heading,
        advice=advice,
        **list_common(service, ask_nothing(service, query)),
    )
    return Response(body, status=problem.status, content_type=HTML_TYPE)


def _render_front(service: Service, engine: Engine, front: SearchRequest) -> bytes:
    answer = run_search(engine, front, analyzer=service.analyzer(), ranking=service.ranking())
    with engine.snapshot() as snapshot:
        source_count = len(snapshot.label_counts("source"))
    body = render_template(
        "front.html",
        answer=answer,
        source_count=source_count,
        sections=answer.facets.get("category", [])[:SECTIONS_SHOWN],
        **list_common(service, ask_nothing(service)),
    )
    return body.encode()


def _render_results(service: Service, engine: Engine, asked: SearchRequest) -> TimedBody:
    answer = run_search(engine, asked, analyzer=service.analyzer(), ranking=service.ranking())
    values = list_common(service, asked)
    links, say = values["links"], service.say
    fields = service.fields()
    if not answer.total:
        values.update(_list_ways_on(service, engine, asked))
    body = render_template(
        "results.html",
        answer=answer,
        took=TIME_MARK,
        query_id=QUERY_MARK if service.insight is not None else "",
        groups=group_facets(answer.facets, asked, say, fields),
        chips=list_chips(asked, links, say, fields),
        orders=list_orders(asked, fields, links, say),
        ranges=list_ranges(asked, fields, answer.statistics),
        split_offer=lambda note: split_offer(note, say),
        pager=build_pager(answer.page, answer.pages, answer.per_page, links),
        presets=list_presets(links, service.clock().date(), say),
        histogram=build_histogram(
            answer.facets.get("published_at", []),
            date_from=asked.date_from,
            date_to=asked.date_to,
            link=links.dates,
            say=say,
        ),
        kept=_keep(service, asked, "q", "page"),
        **values,
    )
    return TimedBody(
        body.encode(),
        answer.took_ms,
        say.format_milliseconds,
        describe_answered(service, answer),
        hits=answer.total,
    )


def _keep(service: Service, asked: SearchRequest, *names: str) -> list[tuple[str, str]]:
    """The parameters of the search except ``names``."""
    pairs = list_parameters(asked, collapse=service.settings.collapse)
    return [pair for pair in pairs if pair[0] not in names]


def _list_ways_on(service: Service, engine: Engine, asked: SearchRequest) -> dict[str, Any]:
    """Alternatives to a search without hits: the same words without filters, similar queries, the
    largest sections.
    """
    with engine.snapshot() as snapshot:
        sections = snapshot.label_counts("category")[:SECTIONS_SHOWN]
    analyzer = service.analyzer()
    unfiltered, near = 0, []
    narrowed = asked.filters or asked.ranges or asked.date_from or asked.date_to
    seconds = service.settings.query_deadline_seconds * HELP_PART
    # There is an answer already, which help must not turn into an error.
    with suppress(QueryTooCostly), until(Deadline(seconds) if seconds else None):
        if asked.q and narrowed:
            free = SearchRequest(q=asked.q, per_page=1, highlight=False)
            unfiltered = run_search(engine, free, analyzer=analyzer).total
        if not unfiltered:
            for offer in find_near_queries(engine, asked, analyzer=analyzer):
                near.append(offer)
    return {"unfiltered": unfiltered, "near": near, "sections": sections}


def _render_values(
    service: Service, engine: Engine, asked: SearchRequest, name: str, prefix: str
) -> bytes:
    found = search_facet(
        engine,
        name,
        prefix,
        asked,
        VALUES_SHOWN,
        analyzer=service.analyzer(),
        ranking=service.ranking(),
    )
    choices = list_choices(name, found.values, asked, service.say)
    listed = {fold(choice.value) for choice in choices}
    chosen = asked.filters.get(name, ())
    body = render_template(
        "values.html",
        name=name,
        prefix=prefix,
        label=name_facet(name, service.fields(), service.say),
        total=found.total,
        choices=choices,
        kept=_keep(service, asked, name, "page"),
        chosen=chosen,
        unseen=[(name, value) for value in chosen if fold(value) not in listed],
        **list_common(service, asked),
    )
    return body.encode()


def _render_article(service: Service, engine: Engine, article_id: str, query: str) -> bytes:
    reading = read_article(engine, article_id, query, analyzer=service.analyzer())
    article = reading.article
    related = related_articles(
        engine, article_id, service.settings.related_limit, analyzer=service.analyzer()
    )
    here = request.host_url.rstrip("/") + PageLinks(request.script_root, SearchRequest()).article(
        article_id
    )
    body = render_template(
        "article.html",
        article=article,
        reading=reading,
        outside=find_outside_address(article),
        description=summarise(article),
        open_graph=list_open_graph(
            article, here=here, site_name=service.settings.site_name, say=service.say
        ),
        json_ld=write_json_ld(article, here=here),
        related=related,
        own_values=show_own(article, service.fields()),
        **list_common(service, ask_nothing(service, query)),
    )
    return body.encode()
