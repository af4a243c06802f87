"""What may be ordered over HTTP, in OpenAPI: articles, tasks, keys, and searches asked as JSON."""

from __future__ import annotations

from typing import Any

from indexer.schema import LABEL_FACETS
from searchsvc.access.rights import ACTIONS
from searchsvc.errors import PROBLEM_TYPE
from searchsvc.tasks.task import Status
from searchsvc.web.body import FORMATS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_MAYBE: Schema = {"type": ["string", "null"]}
_FLAG: Schema = {"enum": ["0", "1"]}
_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": _TEXT,
    "description": "Percent-encoded; slashes may stand as they are.",
}
_ANY_ID = {
    "name": "id",
    "in": "query",
    "required": True,
    "schema": {"type": "string", "minLength": 1},
}
_WAIT = {
    "name": "wait",
    "in": "query",
    "schema": _FLAG,
    "description": "1: answer when it is done and can be found.",
}


def describe_writing() -> Schema:
    """The paths, with their methods."""
    search = _describe_body("SearchAsked", "What an address would ask, as JSON.")
    patch = _describe_body("ArticleChanges", "The fields to change; null empties one.")
    uid = {"name": "uid", "in": "path", "required": True, "schema": _TEXT}
    return {
        "/api/v1/search": {"post": _order("Search, as JSON", "SearchResponse", search)},
        "/api/v1/multi-search": {
            "post": _order(
                "Several searches",
                "SearchResponses",
                _describe_body("SearchesAsked", "Searches, each of the index that it names."),
            )
        },
        "/api/v1/articles": {
            "post": _task(
                "Add articles, or replace those there are",
                [_WAIT, _flag("clean", "0: take JSON as it is."), _source()],
                _describe_articles(),
            ),
            "patch": _task("Change one article, by any id", [_ANY_ID, _WAIT], patch),
            "delete": _task("Take one article out, by any id", [_ANY_ID, _WAIT]),
        },
        "/api/v1/articles/{id}": {
            "patch": _task("Change one article", [_ID, _WAIT], patch),
            "delete": _task("Take one article out", [_ID, _WAIT]),
        },
        "/api/v1/articles/delete": {
            "post": _task(
                "Take articles out, by ids or by a query",
                [_WAIT],
                _describe_body("ArticlesMeant", "Ids, a query, or all."),
            )
        },
        "/api/v1/tasks": {"get": _order("Tasks", "Tasks", parameters=_describe_task_parameters())},
        "/api/v1/tasks/{uid}": {"get": _order("One task", "Task", parameters=[uid])},
        "/api/v1/keys": {
            "get": _order("Keys", "Keys"),
            "post": _order(
                "Make a key", "Key", _describe_body("NewKey", "What it allows."), status="201"
            ),
        },
        "/api/v1/keys/{uid}": {
            "get": _order("One key", "Key", parameters=[uid]),
            "patch": _order(
                "Rename a key",
                "Key",
                _describe_body("KeyChanges", "Its name and description."),
                parameters=[uid],
            ),
            "delete": _order("Revoke a key", "Key", parameters=[uid]),
        },
    }


def describe_written(search_parameters: list[Schema], narrowing: list[Schema]) -> Schema:
    """The schemas of what is sent and answered. The parameters are those of a search, and those of
    them that decide which articles are found.
    """
    asked = {one["name"]: _as_json(one["schema"]) for one in search_parameters}
    meant = {one["name"]: _as_json(one["schema"]) for one in narrowing if one["name"] != "sort"}
    rules: Schema = {
        "actions": {"type": "array", "items": {"enum": list(ACTIONS)}, "minItems": 1},
        "indexes": {"type": "array", "items": _TEXT, "minItems": 1},
        "expires_at": _MAYBE,
        "origins": _TEXTS,
        "filters": {
            "type": "object",
            "properties": dict.fromkeys(LABEL_FACETS, _TEXTS),
            "additionalProperties": False,
        },
    }
    names: Schema = {"name": _MAYBE, "description": _MAYBE}
    times: Schema = {"created_at": _TEXT, "updated_at": _TEXT}
    key = _object({"uid": _TEXT, **names, **rules, **times})
    key["properties"]["key"] = {**_TEXT, "description": "Told once, when it is made."}
    key["properties"]["indexes"] = key["properties"]["origins"] = _TEXTS
    task = _object(
        {
            "uid": _COUNT,
            "index": _MAYBE,
            "kind": _TEXT,
            "status": {"enum": [one.value for one in Status]},
            "details": {"type": "object"},
            "error": {"type": ["object", "null"]},
            "batch": {"type": ["integer", "null"]},
            "enqueued_at": _TEXT,
            "started_at": _MAYBE,
            "finished_at": _MAYBE,
        }
    )
    task["properties"]["items"] = {"type": "array", "items": {"type": "object"}}
    return {
        "SearchAsked": _closed(asked),
        "SearchesAsked": _closed(
            {
                "queries": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 20,
                    "items": _closed({"index": _TEXT, **asked}),
                }
            },
            required=["queries"],
        ),
        "SearchResponses": _object(
            {
                "results": {
                    "type": "array",
                    "items": {"$ref": "#/components/schemas/SearchResponse"},
                }
            }
        ),
        "ArticleChanges": {"type": "object"},
        "ArticlesMeant": {
            "oneOf": [
                _closed({"ids": {"type": "array", "items": _TEXT}}, required=["ids"]),
                _closed({"all": {"const": True}}, required=["all"]),
                {**_closed(meant), "minProperties": 1},
            ]
        },
        "Task": task,
        "Tasks": _object(
            {
                "tasks": {"type": "array", "items": {"$ref": "#/components/schemas/Task"}},
                "total": _COUNT,
                "next": {"type": ["integer", "null"]},
            }
        ),
        "NewKey": _closed(
            {"uid": {**_TEXT, "format": "uuid"}, **names, **rules}, required=["actions"]
        ),
        "KeyChanges": _closed(names),
        "Key": key,
        "Keys": _object({"keys": {"type": "array", "items": {"$ref": "#/components/schemas/Key"}}}),
    }


def _as_json(schema: Schema) -> Schema:
    """The values that a body may have for a parameter: any scalar is read as its text is."""
    scalar: Schema = {"type": ["string", "number", "boolean", "null"]}
    if schema.get("type") == "array":
        return {"anyOf": [scalar, {"type": "array", "items": scalar}]}
    return scalar


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _closed(properties: Schema, *, required: list[str] | None = None) -> Schema:
    closed: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**closed, "required": required} if required else closed


def _flag(name: str, description: str) -> Schema:
    return {"name": name, "in": "query", "schema": _FLAG, "description": description}


def _source() -> Schema:
    told = "The publisher of articles that name none."
    return {"name": "source", "in": "query", "schema": _TEXT, "description": told}


def _describe_body(schema: str, description: str) -> Schema:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"required": True, "description": description, "content": content}


def _describe_articles() -> Schema:
    record: Schema = {"type": "object"}
    content: Schema = {media_type: {"schema": _TEXT} for media_type in FORMATS}
    content["application/json"] = {
        "schema": {"oneOf": [record, {"type": "array", "items": record}]}
    }
    return {"required": True, "description": "Articles as a site has them.", "content": content}


def _describe_task_parameters() -> list[Schema]:
    statuses: Schema = {"type": "array", "items": {"enum": [one.value for one in Status]}}
    rows = {
        "status": statuses,
        "index": _TEXTS,
        "kind": _TEXTS,
        "from": {"type": "integer", "minimum": 0},
        "limit": {"type": "integer", "minimum": 1, "maximum": 1_000, "default": 20},
    }
    return [{"name": name, "in": "query", "schema": schema} for name, schema in rows.items()]


def _task(summary: str, parameters: list[Schema], body: Schema | None = None) -> Schema:
    described = _order(summary, "Task", body, parameters=parameters)
    described["responses"]["202"] = {**described["responses"]["200"], "description": "To be done."}
    return described


def _order(
    summary: str,
    schema: str,
    body: Schema | None = None,
    *,
    parameters: list[Schema] | None = None,
    status: str = "200",
) -> Schema:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    problem = {
        "description": "An error; see its code.",
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    described: Schema = {
        "summary": summary,
        "parameters": parameters or [],
        "responses": {status: {"description": summary, "content": content}, "default": problem},
    }
    return {**described, "requestBody": body} if body is not None else described
