"""How does the HTTP API, version 1, answer? Each function reads parameters, calls the library, and
dumps JSON.

Documented for people in docs/http-api.md, for programs in :mod:`searchsvc.web.openapi`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from flask import Blueprint, Response, g, request
from werkzeug.exceptions import NotFound

from indexer.article import Article
from indexer.engine.base import Engine
from indexer.errors import ArticleNotFound, UnknownName
from indexer.ingest.build_article import document
from indexer.language.fold import fold
from indexer.schema import LABEL_FACETS
from searchsvc.data_folder import check_name
from searchsvc.errors import BY_CODE, BodyInvalid
from searchsvc.facet_search import search_facet
from searchsvc.limits import (
    DEFAULT_FACET_VALUES,
    MAX_FACET_VALUES,
    MAX_RELATED,
    MAX_SEARCHES,
    MAX_SUGGESTIONS,
)
from searchsvc.query.parameters import (
    NARROWING,
    PARAMETERS,
    ParameterError,
    list_parameters,
    read,
)
from searchsvc.query.ranking import DEFAULT_RANKING
from searchsvc.query.unknown_parameters import list_ignored, refuse_misnamed
from searchsvc.request import SearchRequest
from searchsvc.search import related_articles, run_search
from searchsvc.suggest import suggest
from searchsvc.web.answer_cache import QUERY_MARK, TIME_MARK, Body, TimedBody
from searchsvc.web.body import read_object
from searchsvc.web.conditional import (
    JSON_TYPE,
    answer_once,
    answer_part,
    normalise_request,
    send_body,
)
from searchsvc.web.guard import allow_reading, refuse_partial
from searchsvc.web.json_parameters import read_json_parameters
from searchsvc.web.openapi import describe_api
from searchsvc.web.recording import describe_answered
from searchsvc.web.service import Service, base_service, current_index, current_service

api = Blueprint("api", __name__)

#: The parameters of a facet's values.
FACET_PARAMETERS = (*NARROWING, "prefix", "limit")
#: Suggestions are requested at every keystroke; one a minute old is still good.
SUGGEST_CACHE_SECONDS = 60


def read_search_request(service: Service, *, for_readers: bool = False) -> SearchRequest:
    """The search of this HTTP request. Raises ParameterError and UnknownParameter."""
    given: dict[str, Any] = request.args.to_dict(flat=False)
    given |= list_defaults(service, given)
    return read(given, fields=service.fields(), for_readers=for_readers)


def list_defaults(service: Service, given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What the settings say of parameters that the request does not give."""
    settings = service.settings
    defaults = {"per_page": settings.per_page, "collapse": int(settings.collapse)}
    return {
        name: [str(default)]
        for name, default in defaults.items()
        if not "".join(given.get(name, [])[-1:]).strip()
    }


def read_limit(default: int, most: int) -> int:
    """The parameter ``limit``, from 1 to ``most``. Raises ParameterError."""
    value = request.args.get("limit", "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or len(value) > 9 or not 1 <= int(value) <= most:
        raise ParameterError("limit", value, f"give a whole number from 1 to {most}.")
    return int(value)


def read_article_id(in_path: str | None) -> str:
    """The article's id: ``in_path``, or else the parameter ``id``. Raises ParameterError.

    The parameter takes ids that do not work in every path: browsers resolve ``..``, some proxies
    refuse an encoded slash, and ``…/related`` is a separate address.
    """
    article_id = in_path or request.args.get("id", "")
    if not article_id:
        raise ParameterError("id", "", "give the id of an article.")
    return article_id


@api.url_value_preprocessor
def choose_index(_: str | None, values: dict[str, Any] | None) -> None:
    """Make this request concern the index that its path names. Raises InvalidIndexName."""
    name = (values or {}).pop("index_name", None)
    if name is not None:
        name_index(name)


def name_index(name: str) -> None:
    """Let this request be about the index from now on. Raises InvalidIndexName."""
    g.index_name = None if name == base_service().name else check_name(name)


@api.get("/search")
@api.post("/search")
def answer_search() -> Response:
    """The hits, counts and notes for a query."""
    rights = allow_reading("search")
    service = current_service()
    if request.method == "POST":
        asked = read_asked(read_object(), service)
    else:
        asked = read_search_request(service)
    if rights.filters:
        asked = replace(asked, only=rights.filters)
    return answer_once(
        service, "search", normalise_request(asked), produce_search(service, asked), searched=asked
    )


def produce_search(service: Service, asked: SearchRequest) -> Callable[[Engine], TimedBody]:
    """What makes the answer to a search."""

    def produce(engine: Engine) -> TimedBody:
        response = run_search(
            engine,
            asked,
            analyzer=service.analyzer(),
            ranking=service.ranking() if asked.recency else DEFAULT_RANKING,
            without=asked.without,
        )
        named = {} if service.insight is None else {"query_id": QUERY_MARK}
        body = orjson.dumps({**response.to_dict(), "took_ms": TIME_MARK, **named})
        # A number, without the quotation marks of a text.
        body = body.replace(f'"{TIME_MARK}"'.encode(), TIME_MARK.encode(), 1)
        answered = describe_answered(service, response)
        return TimedBody(body, response.took_ms, str, answered, hits=response.total)

    return produce


def read_asked(values: Mapping[str, Any], service: Service) -> SearchRequest:
    """The search that a body asks for. Raises ParameterError and UnknownParameter."""
    known = list_parameters(PARAMETERS, service.fields())
    given = read_json_parameters(values, known)
    return read({**list_defaults(service, given), **given}, fields=service.fields())


@api.post("/multi-search")
def answer_searches() -> Response:
    """Several searches, each of the index that it names, answered in order."""
    asked = read_object()
    own = current_index()
    queries = asked.get("queries")
    if not isinstance(queries, list) or not 1 <= len(queries) <= MAX_SEARCHES or len(asked) > 1:
        raise BodyInvalid(f'it must be {{"queries": [...]}}, with 1 to {MAX_SEARCHES} of them')
    answers = []
    for number, query in enumerate(queries):
        if not isinstance(query, dict):
            raise BodyInvalid(f"queries[{number}] must be an object")
        try:
            answers.append(answer_one_of_several({"index": own, **query}))
        except ParameterError as error:
            told = f"{error.reason} (queries[{number}])"
            raise ParameterError(error.name, error.value, told) from error
    body = Body(b'{"results":[' + b",".join(answers) + b"]}")
    response = send_body(body, JSON_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def answer_one_of_several(query: dict[str, Any]) -> bytes:
    """The answer to one search, as JSON. Raises what a search by itself raises."""
    name = query.pop("index")
    if not isinstance(name, str):
        raise ParameterError("index", str(name), "give the name of an index.")
    name_index(name)
    rights = allow_reading("search")
    service = current_service()
    asked = replace(read_asked(query, service), only=rights.filters)
    parameters, produce = normalise_request(asked), produce_search(service, asked)
    return answer_part(service, "search", parameters, produce, asked)


@api.get("/articles")
@api.get("/articles/<article_id:in_path>")
def answer_article(in_path: str | None = None) -> Response:
    """A whole article. 404 ``article_not_found`` if there is none."""
    rights = allow_reading("documents.get", "search")
    service = current_service()
    refuse_misnamed(request.args, ("id",))
    article_id = read_article_id(in_path)

    def produce(engine: Engine) -> bytes:
        with engine.snapshot() as snapshot:
            ref = snapshot.find(article_id)
            article = None if ref is None else snapshot.article(ref)
            if article is None or not is_among(article, rights.filters, service):
                raise ArticleNotFound(article_id)
            return orjson.dumps(article.to_dict())

    only = sorted((name, list(labels)) for name, labels in rights.filters.items())
    return answer_once(service, "article", [article_id, only], produce)


def is_among(article: Article, only: Mapping[str, tuple[str, ...]], service: Service) -> bool:
    """Whether the article has one of the labels of each facet in ``only``."""
    if not only:
        return True
    fields = service.fields()
    joined = service.dictionary.current().labels
    labels = document(article, joined_labels=joined, fields=fields).labels
    return all(
        {fold(one) for one in labels.get(fields.column(name), ())} & set(map(fold, wanted))
        for name, wanted in only.items()
    )


@api.get("/related")
@api.get("/articles/<article_id:in_path>/related")
def answer_related(in_path: str | None = None) -> Response:
    """Articles about the same subject, nearest first."""
    refuse_partial(allow_reading("search"), "related articles")
    service = current_service()
    refuse_misnamed(request.args, ("id", "limit"))
    article_id = read_article_id(in_path)
    limit = read_limit(service.settings.related_limit, MAX_RELATED)

    def produce(engine: Engine) -> bytes:
        hits = related_articles(engine, article_id, limit, analyzer=service.analyzer())
        return orjson.dumps({"id": article_id, "hits": [hit.to_dict() for hit in hits]})

    return answer_once(service, "related", [article_id, limit], produce)


@api.get("/suggest")
def answer_suggest() -> Response:
    """Suggestions for a partly typed query."""
    refuse_partial(allow_reading("search"), "suggestions")
    service = current_service()
    refuse_misnamed(request.args, ("q", "limit"))
    typed = request.args.get("q", "")
    limit = read_limit(service.settings.suggest_limit, MAX_SUGGESTIONS)
    popular = service.popular()

    def produce(engine: Engine) -> bytes:
        suggestions = suggest(engine, typed, limit, analyzer=service.analyzer(), popular=popular)
        return orjson.dumps({"query": typed, "suggestions": [one.to_dict() for one in suggestions]})

    return answer_once(
        service,
        "suggest",
        [typed, limit, popular.revision],
        produce,
        cache_seconds=SUGGEST_CACHE_SECONDS,
    )


@api.get("/facets/<name>")
def answer_facet(name: str) -> Response:
    """The values of one label facet among the articles that match a query, most frequent first.

    ``prefix`` keeps those that begin with it, or contain a word that does.
    """
    rights = allow_reading("search")
    service = current_service()
    fields = service.fields()
    facets = (*LABEL_FACETS, *fields.label_facets)
    if name not in facets:
        raise UnknownName("facet", name, facets)
    known = list_parameters(FACET_PARAMETERS, fields)
    narrowing_names = list_parameters(NARROWING, fields)
    refuse_misnamed(request.args, known)
    prefix = " ".join(request.args.get("prefix", "").split())
    limit = read_limit(DEFAULT_FACET_VALUES, MAX_FACET_VALUES)
    narrowing = replace(
        read(
            {key: request.args.getlist(key) for key in narrowing_names if key in request.args},
            fields=fields,
        ),
        ignored=list_ignored(request.args, known),
        only=rights.filters,
    )

    def produce(engine: Engine) -> bytes:
        found = search_facet(
            engine,
            name,
            prefix,
            narrowing,
            limit,
            analyzer=service.analyzer(),
            ranking=service.ranking(),
        )
        return orjson.dumps(found.to_dict())

    parameters = [name, prefix, limit, normalise_request(narrowing)]
    return answer_once(service, "facet", parameters, produce)


@api.get("/openapi.json")
def answer_description() -> Response:
    """This API in OpenAPI 3.1."""
    service = current_service()
    body = orjson.dumps(
        describe_api(service.settings, request.script_root, service.fields()),
        option=orjson.OPT_INDENT_2,
    )
    response = Response(body, content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@api.get("/problems/<code>")
def explain_problem(code: str) -> Response:
    """What an error code means: the address in the ``type`` of an error body."""
    row = BY_CODE.get(code)
    if row is None:
        raise NotFound(f"There is no error code {code!r}.")
    body = orjson.dumps({"code": row.code, "title": row.title, "status": row.status})
    response = Response(body, content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
