"""How do answers look? Their schemas, derived from the records that become them."""

from __future__ import annotations

from indexer.own_fields.declaration import OwnFields, OwnType
from indexer.schema import FIELDS, Kind
from searchsvc.errors import ERROR_CODES
from searchsvc.limits import MAX_ALSO
from searchsvc.query.answer_shape import ARTICLE_FIELDS
from searchsvc.request import Copy, FacetCount, FacetValues, Note, SearchHit, SearchResponse
from searchsvc.suggest.suggestion import Suggestion
from searchsvc.web.openapi_parts import (
    COUNT,
    OBJECT,
    TEXT,
    TEXTS,
    Schema,
    describe_record,
    list_of,
    make_object,
    refer,
)

#: Records -> their schemas' names.
_NAMES: dict[type, str] = {
    SearchResponse: "SearchResponse",
    SearchHit: "Hit",
    Copy: "Copy",
    FacetCount: "FacetCount",
    Note: "Note",
    FacetValues: "FacetValues",
    Suggestion: "Suggestion",
}
#: Fields that are not in the JSON themselves: they say which others are, and how.
_WITHOUT = ("more", "shape")

_DATE: Schema = {"description": "ISO 8601 with an offset, or empty."}
_IMAGE: Schema = {"description": "The address of its picture, or empty."}


def _describe_field(name: str, kind: Kind) -> Schema:
    if kind is Kind.DATE:
        return {**TEXT, **_DATE}
    if name == "extra":
        return {**OBJECT, "description": "What the record had that no field takes."}
    return TEXTS if kind is Kind.KEYWORDS or name in ("editors", "related") else TEXT


_ARTICLE: Schema = {spec.name: _describe_field(spec.name, spec.kind) for spec in FIELDS}


def describe_answers(fields: OwnFields) -> Schema:
    """The schemas by name; ``fields`` are the site's own."""
    more: dict[type, dict[str, Schema]] = {
        SearchResponse: {
            "total": {"description": "Articles. Exact."},
            "stories": {"description": "Hits on all pages. Exact."},
            "statistics": {
                "description": "Of the numbers among the facets: those articles that have one.",
                "additionalProperties": refer("Statistics"),
            },
        },
        SearchHit: {
            "title_html": _html("The title"),
            "snippet_html": _html("Parts of the body"),
            "published_at": _DATE,
            "image": _IMAGE,
            "also": {
                "description": "Other matching articles that tell the same story, the earliest "
                f"first, at most {MAX_ALSO}."
            },
            "also_total": {"description": "How many of them there are."},
            "fields": _describe_own(fields),
        },
        Copy: {
            "published_at": _DATE,
            "alike": {
                "description": "With explain=1: the share of text in common with the hit, 0 to 1."
            },
        },
        FacetValues: {"total": {"description": "Values that begin so. Exact."}},
        Suggestion: {
            "id": {"description": "Of an article; so are source, published_at and image."},
            "published_at": _DATE,
            "image": _IMAGE,
        },
    }
    records = {
        name: describe_record(record, _NAMES, without=_WITHOUT, more=more.get(record))
        for record, name in _NAMES.items()
    }
    records["SearchResponse"]["properties"]["query_id"] = {
        **TEXT,
        "description": "Where searches are recorded: names this one in events; empty if it is not.",
    }
    hit = records["Hit"]
    if not fields.fields:
        del hit["properties"]["fields"]
    # ``select`` may leave out any field, and ask for more of the article.
    del hit["required"]
    hit["properties"] |= {name: _ARTICLE[name] for name in ARTICLE_FIELDS}
    return {**records, **_describe_others()}


def _describe_others() -> Schema:
    """The schemas of answers that are no records."""
    problem = make_object(
        {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "code": {"enum": [row.code for row in ERROR_CODES]},
        }
    )
    problem["properties"]["param"] = {**TEXT, "description": "The parameter at fault."}
    statistics = make_object({"count": COUNT})
    statistics["properties"] |= {name: {"type": "number"} for name in ("min", "max", "mean", "sum")}
    return {
        "Statistics": statistics,
        "Article": make_object(_ARTICLE),
        "Related": make_object({"id": TEXT, "hits": list_of("Hit")}),
        "Suggestions": make_object({"query": TEXT, "suggestions": list_of("Suggestion")}),
        "ErrorCode": make_object({"code": TEXT, "title": TEXT, "status": {"type": "integer"}}),
        "Health": make_object({"status": {"const": "ok"}}),
        "Readiness": make_object(
            {"status": {"const": "ready"}, "generation": COUNT, "articles": COUNT}
        ),
        "Problem": problem,
    }


def _describe_own(fields: OwnFields) -> Schema:
    """A hit's values in the site's own fields; missing values are absent."""
    kinds: dict[OwnType, Schema] = {
        OwnType.LABEL: TEXTS,
        OwnType.NUMBER: {"type": "number"},
        OwnType.DATE: TEXT,
    }
    return {
        "properties": {
            field.name: {**kinds[field.type], "description": field.title}
            for field in fields.fields
            if field.type in kinds
        },
    }


def _html(what: str) -> Schema:
    return {"description": f"{what}, HTML-escaped but for <mark> around matches."}
