"""How is the API described to programs? In OpenAPI 3.1, built from the tables that the code itself
reads.
"""

from __future__ import annotations

from indexer.own_fields.declaration import NO_FIELDS, OwnFields, OwnType
from indexer.schema import FACETS, FIELDS, INTERVALS, LABEL_FACETS, Kind
from searchsvc import __version__
from searchsvc.errors import ERROR_CODES, PROBLEM_TYPE
from searchsvc.query.answer_shape import (
    LEAST_SNIPPET,
    MARK_END,
    MARK_START,
    MOST_SNIPPET,
    SELECTABLE,
    SNIPPET_CHARACTERS,
)
from searchsvc.query.own_bounds import HIGH, LOW
from searchsvc.query.parameters import (
    MATCHES,
    MAX_DEPTH,
    MAX_PER_PAGE,
    NARROWING,
    SORTS,
    list_parameters,
)
from searchsvc.query.parts import PARTS
from searchsvc.search import MAX_ALSO
from searchsvc.settings import Settings
from searchsvc.web.openapi_writing import Schema, describe_writing, describe_written

MAX_SUGGESTIONS = 20
MAX_RELATED = 20
MAX_FACET_VALUES = 1_000
DEFAULT_FACET_VALUES = 100

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_TEXTS: Schema = {"type": "array", "items": _TEXT}


def describe_api(settings: Settings, root: str = "", fields: OwnFields = NO_FIELDS) -> Schema:
    """The OpenAPI document, with defaults from ``settings``; ``root`` is the path of the app,
    ``fields`` are the site's own.
    """
    searching = _search_parameters(settings, fields)
    known = list_parameters(NARROWING, fields)
    narrowing = [one for one in searching if one["name"] in known]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.site_name}: search API",
            "version": __version__,
            "summary": "Full-text search for Indonesian articles.",
        },
        "servers": [{"url": root or "/"}],
        "paths": _join_methods(_describe_paths(settings, fields), describe_writing()),
        "components": {
            "schemas": {
                **_describe_schemas(fields),
                **describe_written(searching, narrowing),
            },
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        # A key, or where reads are open none.
        "security": [{"key": []}, {}],
    }


def _join_methods(*described: Schema) -> Schema:
    """The paths of all, each with the methods that any of them tells of."""
    paths: Schema = {}
    for one in described:
        for path, methods in one.items():
            paths[path] = {**paths.get(path, {}), **methods}
    return paths


def _describe_paths(settings: Settings, fields: OwnFields) -> Schema:
    article_id = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": _TEXT,
        "description": "Percent-encoded; slashes may stand as they are.",
    }
    any_id = {**_query("id", _TEXT, "Any id, whatever is in it."), "required": True}
    narrowing = list_parameters(NARROWING, fields)
    related_limit = _limit(settings.related_limit, MAX_RELATED)
    suggest_limit = _limit(settings.suggest_limit, MAX_SUGGESTIONS)
    return {
        "/api/v1/search": _get("Search", "SearchResponse", _search_parameters(settings, fields)),
        "/api/v1/articles/{id}": _get("One article", "Article", [article_id], missing=True),
        "/api/v1/articles": _get("One article, by any id", "Article", [any_id], missing=True),
        "/api/v1/articles/{id}/related": _get(
            "Articles about the same thing", "Related", [article_id, related_limit], missing=True
        ),
        "/api/v1/related": _get(
            "Articles about the same thing, by any id",
            "Related",
            [any_id, related_limit],
            missing=True,
        ),
        "/api/v1/suggest": _get(
            "Suggestions while one types",
            "Suggestions",
            [_query("q", _TEXT, "What has been typed so far."), suggest_limit],
        ),
        "/api/v1/facets/{name}": _get(
            "Values of a facet among the articles found",
            "FacetValues",
            [
                {
                    "name": "name",
                    "in": "path",
                    "required": True,
                    "schema": {"enum": [*LABEL_FACETS, *fields.label_facets]},
                },
                _query("prefix", _TEXT, "Only values that begin so, or have a word that does."),
                *(one for one in _search_parameters(settings, fields) if one["name"] in narrowing),
                _limit(DEFAULT_FACET_VALUES, MAX_FACET_VALUES),
            ],
        ),
        "/api/v1/problems/{code}": _get(
            "What an error code means",
            "ErrorCode",
            [{"name": "code", "in": "path", "required": True, "schema": _TEXT}],
            missing=True,
        ),
        "/api/v1/openapi.json": _get("This document", None, []),
        "/healthz": _get("Is the process alive?", "Health", []),
        "/readyz": _get("Can it answer?", "Readiness", []),
    }


def _get(
    summary: str, schema: str | None, parameters: list[Schema], *, missing: bool = False
) -> Schema:
    content = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    problem = {
        "description": "An error; see its code.",
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    responses: Schema = {
        "200": {"description": summary, "content": {"application/json": {"schema": content}}},
        "default": problem,
    }
    if missing:
        responses["404"] = problem
    return {"get": {"summary": summary, "parameters": parameters, "responses": responses}}


def _query(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _limit(default: int, most: int) -> Schema:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return _query("limit", schema, "At most so many.")


def _search_parameters(settings: Settings, fields: OwnFields) -> list[Schema]:
    page: Schema = {"type": "integer", "minimum": 1, "default": 1}
    per_page = {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_PER_PAGE,
        "default": settings.per_page,
    }
    filters = [
        {**_query(name, _TEXTS, f"Only articles with one of these as {name}."), "explode": True}
        for name in (*LABEL_FACETS, *fields.label_filters)
    ]
    facets = ", ".join((*FACETS, *fields.facets))
    sorts = [*SORTS, *fields.sorts]
    day = "A day, a month or a year: 2022-07-20, 2022-07, 2022."
    return [
        _query("q", _TEXT, "What the person typed; never an error."),
        _query("page", page, f"From 1; page times per_page goes to {MAX_DEPTH}."),
        _query("per_page", per_page, "Hits on a page."),
        _query("sort", {"enum": sorts, "default": SORTS[0]}, "The order of hits."),
        *filters,
        _query("from", _TEXT, f"Published then or later. {day}"),
        _query("to", _TEXT, f"Published then or earlier. {day}"),
        *_describe_ranges(fields),
        _query("facets", _TEXT, f"Facets to count, with commas between, or *: {facets}."),
        _query(
            "interval", {"enum": list(INTERVALS), "default": "month"}, "Count published_at by this."
        ),
        _query(
            "collapse",
            {"enum": ["0", "1"], "default": str(int(settings.collapse))},
            "1: articles that tell one story in the same words are one hit.",
        ),
        _query("explain", {"enum": ["0", "1"]}, "1: what each hit's score is made of."),
        _query(
            "match",
            {"enum": list(MATCHES), "default": MATCHES[0]},
            "How many of the words an article must have.",
        ),
        _query("without", _TEXT, f"Parts of understanding to leave out: {', '.join(PARTS)}."),
        _query("recency", {"enum": ["0", "1"]}, "0: newer articles gain nothing."),
        _query("select", _TEXT, f"Fields of hits, with commas between: {', '.join(SELECTABLE)}."),
        _query("mark_start", {**_TEXT, "default": MARK_START}, "What stands before a match."),
        _query("mark_end", {**_TEXT, "default": MARK_END}, "What stands behind a match."),
        _query(
            "snippet_length",
            {
                "type": "integer",
                "minimum": LEAST_SNIPPET,
                "maximum": MOST_SNIPPET,
                "default": SNIPPET_CHARACTERS,
            },
            "Characters that a snippet aims at.",
        ),
    ]


def _describe_ranges(fields: OwnFields) -> list[Schema]:
    """The bounds of the site's own numbers and dates."""
    described = []
    for field in fields.ranges:
        kind = {"type": "number"} if field.type is OwnType.NUMBER else _TEXT
        for end, bound in ((LOW, "or more"), (HIGH, "or less")):
            told = f"{field.title}: so much {bound}."
            if field.type is OwnType.DATE:
                told = f"{field.title}: then or {'later' if end == LOW else 'earlier'}."
            described.append(_query(field.name + end, kind, told))
    return described


def _describe_own(fields: OwnFields) -> Schema:
    """A hit's values in the site's own fields; missing values are absent."""
    kinds = {OwnType.LABEL: _TEXTS, OwnType.NUMBER: {"type": "number"}, OwnType.DATE: _TEXT}
    return {
        "type": "object",
        "properties": {
            field.name: {**kinds[field.type], "description": field.title}
            for field in fields.fields
            if field.type in kinds
        },
    }


def _describe_schemas(fields: OwnFields) -> Schema:
    hit = _object(
        {
            "id": _TEXT,
            "title": _TEXT,
            "title_html": _html("The title"),
            "snippet_html": _html("Parts of the body"),
            "url": _TEXT,
            "source": _TEXT,
            "published_at": _date(),
            "category": _TEXT,
            "tags": _TEXTS,
            "authors": _TEXTS,
            "agency": _TEXT,
            "place": _TEXT,
            "image": {**_TEXT, "description": "The address of its picture, or empty."},
            "score": {"type": "number"},
            "also": {
                **_list_of("Copy"),
                "description": "Other matching articles that tell the same story, the earliest "
                f"first, at most {MAX_ALSO}.",
            },
            "also_total": {**_COUNT, "description": "How many of them there are."},
        }
    )
    hit["properties"]["explain"] = {"type": "array", "items": {"type": "object"}}
    if fields.fields:
        hit["properties"]["fields"] = _describe_own(fields)
    copy = _object(
        {"id": _TEXT, "title": _TEXT, "url": _TEXT, "source": _TEXT, "published_at": _date()}
    )
    copy["properties"]["alike"] = {
        "type": "number",
        "description": "With explain=1: how much text it has in common with the hit, 0 to 1.",
    }
    count = _object({"value": _TEXT, "count": _COUNT})
    count["properties"]["selected"] = {"type": "boolean"}
    note = _object({"code": _TEXT, "message": _TEXT})
    note["properties"]["query"] = _TEXT
    suggestion = _object({"text": _TEXT, "kind": _TEXT})
    suggestion["properties"].update(
        id={**_TEXT, "description": "Of an article; so are source, published_at and image."},
        source=_TEXT,
        published_at=_date(),
        image={**_TEXT, "description": "The address of its picture, or empty."},
    )
    problem = _object(
        {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "code": {"enum": [row.code for row in ERROR_CODES]},
        }
    )
    problem["properties"]["param"] = {**_TEXT, "description": "The parameter at fault."}
    response = _object(
        {
            "query": _TEXT,
            "total": {**_COUNT, "description": "Articles. Exact."},
            "stories": {**_COUNT, "description": "Hits on all pages. Exact."},
            "page": _COUNT,
            "per_page": _COUNT,
            "pages": _COUNT,
            "took_ms": {"type": "number"},
            "hits": _list_of("Hit"),
            "facets": {"type": "object", "additionalProperties": _list_of("FacetCount")},
            "notes": _list_of("Note"),
        }
    )
    response["properties"]["statistics"] = {
        "type": "object",
        "description": "Of the numbers among the facets: those articles that have one.",
        "additionalProperties": {"$ref": "#/components/schemas/Statistics"},
    }
    statistics = _object({"count": _COUNT})
    statistics["properties"] |= {name: {"type": "number"} for name in ("min", "max", "mean", "sum")}
    return {
        "SearchResponse": response,
        "Statistics": statistics,
        "Hit": hit,
        "Copy": copy,
        "FacetCount": count,
        "Note": note,
        "Article": _object({spec.name: _describe_field(spec.name, spec.kind) for spec in FIELDS}),
        "Related": _object({"id": _TEXT, "hits": _list_of("Hit")}),
        "Suggestions": _object({"query": _TEXT, "suggestions": _list_of("Suggestion")}),
        "Suggestion": suggestion,
        "FacetValues": _object(
            {
                "facet": _TEXT,
                "query": _TEXT,
                "total": {**_COUNT, "description": "Values that begin so. Exact."},
                "values": _list_of("FacetCount"),
                "notes": _list_of("Note"),
            }
        ),
        "ErrorCode": _object({"code": _TEXT, "title": _TEXT, "status": {"type": "integer"}}),
        "Health": _object({"status": {"const": "ok"}}),
        "Readiness": _object(
            {"status": {"const": "ready"}, "generation": _COUNT, "articles": _COUNT}
        ),
        "Problem": problem,
    }


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list_of(name: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def _html(what: str) -> Schema:
    return {**_TEXT, "description": f"{what}, HTML-escaped but for <mark> around matches."}


def _date() -> Schema:
    return {**_TEXT, "description": "ISO 8601 with an offset, or empty."}


def _describe_field(name: str, kind: Kind) -> Schema:
    if kind is Kind.DATE:
        return _date()
    if name == "extra":
        return {"type": "object", "description": "What the record had that no field takes."}
    return _TEXTS if kind is Kind.KEYWORDS or name in ("editors", "related") else _TEXT
