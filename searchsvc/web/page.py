"""Which pages do readers see? Search, article, and error pages.

Rendered on the server and complete without JavaScript; labels are Indonesian.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, request, url_for

from indexer.article import Article
from indexer.engine.base import Engine
from indexer.errors import ArticleNotFound
from indexer.ingest.own_values import show_own
from indexer.schema import FACETS
from searchsvc.errors import Problem
from searchsvc.reading import read_article
from searchsvc.request import SearchRequest
from searchsvc.search import related_articles, run_search
from searchsvc.web import indonesian
from searchsvc.web.answer_cache import TIME_MARK, TimedBody
from searchsvc.web.api import read_article_id, read_search_request
from searchsvc.web.conditional import HTML_TYPE, answer_once, normalise_request
from searchsvc.web.guard import allow_reading, refuse_partial
from searchsvc.web.histogram import build_histogram, choose_interval
from searchsvc.web.own_view import describe_own, list_orders, list_ranges
from searchsvc.web.page_links import PageLinks, list_parameters
from searchsvc.web.page_view import build_pager, group_facets, list_chips, split_offer
from searchsvc.web.service import Service, base_service, current_service

page = Blueprint("page", __name__, template_folder="templates")


@page.before_request
def let_in() -> None:
    """A browser has no key to send: where reads need one, there are no pages."""
    refuse_partial(allow_reading("search"), "pages")


NEWEST_SHOWN = 8
SECTIONS_SHOWN = 12


@page.get("/")
def show_search() -> Response:
    """Results for a query or filters; without either, the front page."""
    service = current_service()
    asked = read_search_request(service, for_readers=True)
    asked = replace(
        asked,
        q=" ".join(asked.q.split()),
        facets=(*FACETS, *service.fields().facets),
        interval=choose_interval(asked.date_from, asked.date_to),
        explain=False,
    )
    root = request.script_root
    if not is_asked(asked):
        front = replace(
            _ask_nothing(service),
            sort="newest",
            per_page=NEWEST_SHOWN,
            facets=("category",),
            highlight=False,
        )
        return answer_once(
            service,
            "front",
            root,
            lambda engine: _render_front(service, engine, front),
            media_type=HTML_TYPE,
        )
    return answer_once(
        service,
        "results",
        [root, normalise_request(asked)],
        lambda engine: _render_results(service, engine, asked),
        media_type=HTML_TYPE,
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
        [request.script_root, article_id, query],
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


@page.get("/opensearch.xml")
def describe_search() -> Response:
    """The description with which browsers add this search to their address bar."""
    service = current_service()
    body = render_template("opensearch.xml", **_common(service, _ask_nothing(service)))
    response = Response(body, content_type="application/opensearchdescription+xml")
    # It contains the host of the request.
    response.headers["Cache-Control"] = "no-store"
    return response


def render_problem(problem: Problem) -> Response:
    """The page that tells a reader what is wrong and how to continue."""
    service = base_service()
    query = " ".join(request.args.get("q", "").split())
    values = _common(service, _ask_nothing(service, query))
    body = render_template("problem.html", problem=problem, **values)
    return Response(body, status=problem.status, content_type=HTML_TYPE)


def _common(service: Service, asked: SearchRequest) -> dict[str, Any]:
    """What every template needs."""
    return {
        "site_name": service.settings.site_name,
        "asked": asked,
        "links": PageLinks(request.script_root, asked, service.settings.collapse),
        "asset": lambda name: url_for("system.static", name=name, v=service.assets.version(name)),
        "say": indonesian,
        "own": lambda values: list(describe_own(values, service.fields())),
    }


def _ask_nothing(service: Service, q: str = "") -> SearchRequest:
    """A search for ``q`` with the defaults of the settings."""
    return SearchRequest(q=q, collapse=service.settings.collapse)


def _render_front(service: Service, engine: Engine, front: SearchRequest) -> bytes:
    answer = run_search(engine, front, analyzer=service.analyzer(), ranking=service.ranking())
    with engine.snapshot() as snapshot:
        source_count = len(snapshot.label_counts("source"))
    body = render_template(
        "front.html",
        answer=answer,
        source_count=source_count,
        sections=answer.facets.get("category", [])[:SECTIONS_SHOWN],
        **_common(service, _ask_nothing(service)),
    )
    return body.encode()


def _render_results(service: Service, engine: Engine, asked: SearchRequest) -> TimedBody:
    answer = run_search(engine, asked, analyzer=service.analyzer(), ranking=service.ranking())
    values = _common(service, asked)
    links = values["links"]
    fields = service.fields()
    body = render_template(
        "results.html",
        answer=answer,
        took=TIME_MARK,
        groups=group_facets(answer.facets, asked, links, fields),
        chips=list_chips(asked, links, fields),
        orders=list_orders(asked, fields, links),
        ranges=list_ranges(asked, fields, answer.statistics),
        split_offer=split_offer,
        pager=build_pager(answer.page, answer.pages, answer.per_page, links),
        histogram=build_histogram(
            answer.facets.get("published_at", []),
            date_from=asked.date_from,
            date_to=asked.date_to,
            link=links.dates,
        ),
        sections=[] if answer.total else _list_sections(engine),
        kept=[
            pair
            for pair in list_parameters(asked, collapse=service.settings.collapse)
            if pair[0] not in ("q", "page")
        ],
        **values,
    )
    return TimedBody(body.encode(), answer.took_ms, indonesian.format_milliseconds)


def _list_sections(engine: Engine) -> list[tuple[str, int]]:
    """The largest sections, as starting points if nothing was found."""
    with engine.snapshot() as snapshot:
        return snapshot.label_counts("category")[:SECTIONS_SHOWN]


def _render_article(service: Service, engine: Engine, article_id: str, query: str) -> bytes:
    reading = read_article(engine, article_id, query, analyzer=service.analyzer())
    related = related_articles(
        engine, article_id, service.settings.related_limit, analyzer=service.analyzer()
    )
    body = render_template(
        "article.html",
        article=reading.article,
        reading=reading,
        outside=find_outside_address(reading.article),
        related=related,
        own_values=show_own(reading.article, service.fields()),
        **_common(service, _ask_nothing(service, query)),
    )
    return body.encode()


def find_outside_address(article: Article) -> str:
    """The article's address at its publisher; empty if it is not a web address."""
    try:
        parts = urlsplit(article.url)
    except ValueError:
        return ""
    return article.url if parts.scheme in ("http", "https") and parts.netloc else ""
