"""How do browsers, robots and developers discover the service? A page about the API, and the files
they look for.
"""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, render_template, request

from indexer.engine.base import Engine
from searchsvc.suggest import suggest
from searchsvc.web.api import SUGGEST_CACHE_SECONDS
from searchsvc.web.api_view import list_operations, list_schemas
from searchsvc.web.conditional import HTML_TYPE, answer_once
from searchsvc.web.guard import allow_reading, refuse_partial
from searchsvc.web.openapi import describe_api
from searchsvc.web.page_values import ask_nothing, list_common
from searchsvc.web.service import current_service

discovery = Blueprint("discovery", __name__)

_HOUR = "public, max-age=3600"


@discovery.get("/api")
def show_api() -> Response:
    """The API for developers, generated from its OpenAPI document."""
    service = current_service()
    described = describe_api(service.settings, request.script_root, service.fields())
    body = render_template(
        "api.html",
        info=described["info"],
        operations=list_operations(described),
        schemas=list_schemas(described),
        base=request.url_root.rstrip("/"),
        **list_common(service, ask_nothing(service)),
    )
    response = Response(body, content_type=HTML_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


@discovery.get("/robots.txt")
def tell_robots() -> Response:
    """Robots may visit articles, but not results, which are endless."""
    root = request.script_root
    # The asterisk is redundant, but some robots take "/?" for "/".
    paths = ("/?*", "/api/", "/buka", "/pilihan/")
    lines = ["User-agent: *", *(f"Disallow: {root}{path}" for path in paths)]
    response = Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = _HOUR
    return response


@discovery.get("/opensearch.xml")
def describe_search() -> Response:
    """The description with which browsers add this search to their address bar."""
    service = current_service()
    body = render_template("opensearch.xml", **list_common(service, ask_nothing(service)))
    response = Response(body, content_type="application/opensearchdescription+xml")
    # It contains the host of the request.
    response.headers["Cache-Control"] = "no-store"
    return response


@discovery.get("/saran")
def suggest_to_browser() -> Response:
    """Suggestions in the form that browsers' address bars expect: the query, then the texts
    (OpenSearch).
    """
    refuse_partial(allow_reading("search"), "suggestions")
    service = current_service()
    typed = request.args.get("q", "")
    limit = service.settings.suggest_limit
    popular = service.popular()

    def produce(engine: Engine) -> bytes:
        found = suggest(engine, typed, limit, analyzer=service.analyzer(), popular=popular)
        return orjson.dumps([typed, [one.text for one in found]])

    return answer_once(
        service,
        "suggestions for browsers",
        [typed, limit, popular.revision],
        produce,
        media_type="application/x-suggestions+json",
        cache_seconds=SUGGEST_CACHE_SECONDS,
    )
