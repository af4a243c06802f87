"""How is the API described to programs? In OpenAPI 3.1, built from the tables that the code itself
reads.
"""

from __future__ import annotations

from indexer.own_fields.declaration import NO_FIELDS, OwnFields, OwnType
from indexer.schema import FACETS, INTERVALS, LABEL_FACETS
from searchsvc import __version__
from searchsvc.limits import (
    DEFAULT_FACET_VALUES,
    DEFAULT_SNIPPET,
    MAX_DEPTH,
    MAX_FACET_VALUES,
    MAX_PER_PAGE,
    MAX_RELATED,
    MAX_SNIPPET,
    MAX_SUGGESTIONS,
    MIN_SNIPPET,
)
from searchsvc.query.answer_shape import MARK_END, MARK_START, SELECTABLE
from searchsvc.query.own_bounds import HIGH, LOW
from searchsvc.query.parameters import MATCHES, NARROWING, SORTS, list_parameters
from searchsvc.query.parts import PARTS
from searchsvc.settings import Settings
from searchsvc.web.openapi_answers import describe_answers
from searchsvc.web.openapi_insight import describe_insight, describe_insight_schemas
from searchsvc.web.openapi_parts import (
    FLAG,
    TEXT,
    TEXTS,
    Schema,
    describe_operation,
    in_path,
    in_query,
    limit,
)
from searchsvc.web.openapi_writing import describe_writing, describe_written

#: The first part of a path below the version, or the path itself -> the group of its operations.
_TAGS = {
    "search": "search",
    "multi-search": "search",
    "facets": "search",
    "suggest": "search",
    "articles": "articles",
    "related": "articles",
    "tasks": "tasks",
    "keys": "keys",
    "events": "insight",
    "insight": "insight",
    "pins": "insight",
}
_SYSTEM_TAG = "system"


def describe_api(settings: Settings, root: str = "", fields: OwnFields = NO_FIELDS) -> Schema:
    """The OpenAPI document, with defaults from ``settings``; ``root`` is the path of the app,
    ``fields`` are the site's own.
    """
    searching = _search_parameters(settings, fields)
    known = list_parameters(NARROWING, fields)
    narrowing = [one for one in searching if one["name"] in known]
    reading = _describe_reading(settings, fields, searching, narrowing)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.site_name}: search API",
            "version": __version__,
            "summary": "Full-text search for Indonesian articles.",
        },
        "servers": [{"url": root or "/"}],
        "tags": [{"name": name} for name in (*dict.fromkeys(_TAGS.values()), _SYSTEM_TAG)],
        "paths": _join_methods(reading, describe_writing(), describe_insight()),
        "components": {
            "schemas": {
                **describe_answers(fields),
                **describe_written(searching, narrowing),
                **describe_insight_schemas(),
            },
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        # A key, or where reads are open none.
        "security": [{"key": []}, {}],
    }


def _join_methods(*described: Schema) -> Schema:
    """The paths of all, each with the methods that any of them describes, and their groups."""
    paths: Schema = {}
    for one in described:
        for path, methods in one.items():
            tag = _TAGS.get(path.removeprefix("/api/v1/").partition("/")[0], _SYSTEM_TAG)
            tagged = {method: {**told, "tags": [tag]} for method, told in methods.items()}
            paths[path] = {**paths.get(path, {}), **tagged}
    return paths


def _describe_reading(
    settings: Settings, fields: OwnFields, searching: list[Schema], narrowing: list[Schema]
) -> Schema:
    """The paths that read, with their methods. ``narrowing`` are those parameters of a search
    that decide which articles are found.
    """
    article_id = in_path("id", description="Percent-encoded; slashes may be left as they are.")
    any_id = in_query("id", TEXT, "Any id, whatever is in it.", required=True)
    related_limit = limit(settings.related_limit, MAX_RELATED)
    gets = {
        "/api/v1/search": describe_operation("search", "Search", "SearchResponse", searching),
        "/api/v1/articles/{id}": describe_operation(
            "getArticle", "One article", "Article", [article_id], missing=True
        ),
        "/api/v1/articles": describe_operation(
            "getArticleByAnyId", "One article, by any id", "Article", [any_id], missing=True
        ),
        "/api/v1/articles/{id}/related": describe_operation(
            "getRelated",
            "Articles about the same subject",
            "Related",
            [article_id, related_limit],
            missing=True,
        ),
        "/api/v1/related": describe_operation(
            "getRelatedByAnyId",
            "Articles about the same subject, by any id",
            "Related",
            [any_id, related_limit],
            missing=True,
        ),
        "/api/v1/suggest": describe_operation(
            "suggest",
            "Suggestions while one types",
            "Suggestions",
            [
                in_query("q", TEXT, "What has been typed so far."),
                limit(settings.suggest_limit, MAX_SUGGESTIONS),
            ],
        ),
        "/api/v1/facets/{name}": describe_operation(
            "getFacetValues",
            "Values of a facet among the articles found",
            "FacetValues",
            [
                in_path("name", {"enum": [*LABEL_FACETS, *fields.label_facets]}),
                in_query("prefix", TEXT, "Only values that begin so, or have a word that does."),
                *narrowing,
                limit(DEFAULT_FACET_VALUES, MAX_FACET_VALUES),
            ],
        ),
        "/api/v1/problems/{code}": describe_operation(
            "getErrorCode", "What an error code means", "ErrorCode", [in_path("code")], missing=True
        ),
        "/api/v1/openapi.json": describe_operation("getApi", "This document", None),
        "/healthz": describe_operation("getHealth", "Is the process alive?", "Health"),
        "/readyz": describe_operation("getReadiness", "Can it answer?", "Readiness"),
    }
    return {path: {"get": operation} for path, operation in gets.items()}


def _search_parameters(settings: Settings, fields: OwnFields) -> list[Schema]:
    facets = ", ".join((*FACETS, *fields.facets))
    day = "A day, a month or a year: 2022-07-20, 2022-07, 2022."
    return [
        in_query("q", TEXT, "What the person typed; never an error."),
        in_query("page", _number(1), f"From 1; page times per_page goes to {MAX_DEPTH}."),
        in_query("per_page", _number(1, settings.per_page, MAX_PER_PAGE), "Hits on a page."),
        in_query("sort", _choice(*SORTS, *fields.sorts), "The order of hits."),
        *(
            in_query(name, TEXTS, f"Only articles with one of these as {name}.", explode=True)
            for name in (*LABEL_FACETS, *fields.label_filters)
        ),
        in_query("from", TEXT, f"Published then or later. {day}"),
        in_query("to", TEXT, f"Published then or earlier. {day}"),
        *_describe_ranges(fields),
        in_query("facets", TEXT, f"Facets to count, with commas between, or *: {facets}."),
        in_query(
            "interval", {"enum": list(INTERVALS), "default": "month"}, "Count published_at by this."
        ),
        in_query(
            "collapse",
            {**FLAG, "default": str(int(settings.collapse))},
            "1: articles that tell one story in the same words are one hit.",
        ),
        in_query("explain", FLAG, "1: what each hit's score is made of."),
        in_query("match", _choice(*MATCHES), "How many of the words an article must have."),
        in_query("without", TEXT, f"Parts of understanding to leave out: {', '.join(PARTS)}."),
        in_query("recency", FLAG, "0: newer articles gain nothing."),
        in_query("select", TEXT, f"Fields of hits, with commas between: {', '.join(SELECTABLE)}."),
        in_query("mark_start", {**TEXT, "default": MARK_START}, "Put before each match."),
        in_query("mark_end", {**TEXT, "default": MARK_END}, "Put after each match."),
        in_query(
            "snippet_length",
            _number(MIN_SNIPPET, DEFAULT_SNIPPET, MAX_SNIPPET),
            "The length of snippets in characters, more or less.",
        ),
    ]


def _choice(*values: str) -> Schema:
    """One of these, by default the first."""
    return {"enum": list(values), "default": values[0]}


def _number(least: int, default: int | None = None, most: int | None = None) -> Schema:
    """A whole number, by default the least."""
    bound = {} if most is None else {"maximum": most}
    default = least if default is None else default
    return {"type": "integer", "minimum": least, **bound, "default": default}


def _describe_ranges(fields: OwnFields) -> list[Schema]:
    """The bounds of the site's own numbers and dates."""
    described = []
    for field in fields.ranges:
        kind = {"type": "number"} if field.type is OwnType.NUMBER else TEXT
        for end, bound in ((LOW, "or more"), (HIGH, "or less")):
            told = f"{field.title}: so much {bound}."
            if field.type is OwnType.DATE:
                told = f"{field.title}: then or {'later' if end == LOW else 'earlier'}."
            described.append(in_query(field.name + end, kind, told))
    return described
