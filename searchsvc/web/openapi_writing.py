"""How is writing described, in OpenAPI? Articles, tasks, keys, and searches sent as JSON."""

from __future__ import annotations

from indexer.schema import LABEL_FACETS
from searchsvc.access.rights import ACTIONS
from searchsvc.limits import DEFAULT_TASKS, MAX_IDS, MAX_SEARCHES, MAX_TASKS
from searchsvc.tasks.task import Status
from searchsvc.web.body import FORMATS
from searchsvc.web.openapi_parts import (
    COUNT,
    FLAG,
    MAYBE,
    OBJECT,
    TEXT,
    TEXTS,
    Schema,
    close,
    describe_body,
    describe_operation,
    in_path,
    in_query,
    limit,
    list_of,
    make_object,
)

_ID = in_path("id", description="Percent-encoded; slashes may be left as they are.")
_ANY_ID = in_query("id", {**TEXT, "minLength": 1}, required=True)
_UID = in_path("uid")
_WAIT = in_query("wait", FLAG, "1: answer when it is done and can be found.")
_STATUS: Schema = {"enum": [one.value for one in Status]}


def describe_writing() -> Schema:
    """The paths, with their methods."""
    search = describe_body("SearchAsked", "The parameters of a search, as JSON.")
    searches = describe_body("SearchesAsked", "Searches, each of the index that it names.")
    patch = describe_body("ArticleChanges", "The fields to change; null empties one.")
    return {
        "/api/v1/search": {
            "post": describe_operation(
                "searchByBody", "Search, as JSON", "SearchResponse", body=search
            )
        },
        "/api/v1/multi-search": {
            "post": describe_operation(
                "multiSearch", "Several searches", "SearchResponses", body=searches
            )
        },
        "/api/v1/articles": {
            "post": _describe_task(
                "addArticles",
                "Add articles, or replace those there are",
                [
                    _WAIT,
                    in_query("clean", FLAG, "0: take JSON as it is."),
                    in_query("source", TEXT, "The publisher of articles that name none."),
                ],
                _describe_articles(),
            ),
            "patch": _describe_task(
                "changeArticleByAnyId", "Change one article, by any id", [_ANY_ID, _WAIT], patch
            ),
            "delete": _describe_task(
                "deleteArticleByAnyId", "Delete one article, by any id", [_ANY_ID, _WAIT]
            ),
        },
        "/api/v1/articles/{id}": {
            "patch": _describe_task("changeArticle", "Change one article", [_ID, _WAIT], patch),
            "delete": _describe_task("deleteArticle", "Delete one article", [_ID, _WAIT]),
        },
        "/api/v1/articles/delete": {
            "post": _describe_task(
                "deleteArticles",
                "Delete articles, by ids or by a query",
                [_WAIT],
                describe_body("ArticlesMeant", "Ids, a query, or all."),
            )
        },
        "/api/v1/tasks": {
            "get": describe_operation("listTasks", "Tasks", "Tasks", _describe_task_parameters())
        },
        "/api/v1/tasks/{uid}": {"get": describe_operation("getTask", "One task", "Task", [_UID])},
        "/api/v1/keys": {
            "get": describe_operation("listKeys", "Keys", "Keys"),
            "post": describe_operation(
                "createKey",
                "Create a key",
                "Key",
                body=describe_body("NewKey", "What it allows."),
                status="201",
            ),
        },
        "/api/v1/keys/{uid}": {
            "get": describe_operation("getKey", "One key", "Key", [_UID]),
            "patch": describe_operation(
                "renameKey",
                "Rename a key",
                "Key",
                [_UID],
                body=describe_body("KeyChanges", "Its name and description."),
            ),
            "delete": describe_operation("revokeKey", "Revoke a key", "Key", [_UID]),
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
        "indexes": {"type": "array", "items": TEXT, "minItems": 1},
        "expires_at": MAYBE,
        "origins": TEXTS,
        "filters": {
            "type": "object",
            "properties": dict.fromkeys(LABEL_FACETS, TEXTS),
            "additionalProperties": False,
        },
    }
    names: Schema = {"name": MAYBE, "description": MAYBE}
    times: Schema = {"created_at": TEXT, "updated_at": TEXT}
    key = make_object({"uid": TEXT, **names, **rules, **times})
    key["properties"]["key"] = {**TEXT, "description": "Told once, when it is made."}
    key["properties"]["indexes"] = key["properties"]["origins"] = TEXTS
    task = make_object(
        {
            "uid": COUNT,
            "index": MAYBE,
            "kind": TEXT,
            "status": _STATUS,
            "details": OBJECT,
            "error": {"type": ["object", "null"]},
            "batch": {"type": ["integer", "null"]},
            "enqueued_at": TEXT,
            "started_at": MAYBE,
            "finished_at": MAYBE,
        }
    )
    task["properties"]["items"] = {"type": "array", "items": OBJECT}
    return {
        "SearchAsked": close(asked),
        "SearchesAsked": close(
            {
                "queries": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": MAX_SEARCHES,
                    "items": close({"index": TEXT, **asked}),
                }
            },
            required=["queries"],
        ),
        "SearchResponses": make_object({"results": list_of("SearchResponse")}),
        "ArticleChanges": OBJECT,
        "ArticlesMeant": {
            "oneOf": [
                close({"ids": {**TEXTS, "maxItems": MAX_IDS}}, required=["ids"]),
                close({"all": {"const": True}}, required=["all"]),
                {**close(meant), "minProperties": 1},
            ]
        },
        "Task": task,
        "Tasks": make_object(
            {
                "tasks": list_of("Task"),
                "total": COUNT,
                "next": {"type": ["integer", "null"]},
            }
        ),
        "NewKey": close(
            {"uid": {**TEXT, "format": "uuid"}, **names, **rules}, required=["actions"]
        ),
        "KeyChanges": close(names),
        "Key": key,
        "Keys": make_object({"keys": list_of("Key")}),
    }


def _as_json(schema: Schema) -> Schema:
    """The values that a body may have for a parameter: any scalar is read as its text is."""
    scalar: Schema = {"type": ["string", "number", "boolean", "null"]}
    if schema.get("type") == "array":
        return {"anyOf": [scalar, {"type": "array", "items": scalar}]}
    return scalar


def _describe_articles() -> Schema:
    record: Schema = OBJECT
    content: Schema = {media_type: {"schema": TEXT} for media_type in FORMATS}
    content["application/json"] = {
        "schema": {"oneOf": [record, {"type": "array", "items": record}]}
    }
    return {"required": True, "description": "Articles as a site has them.", "content": content}


def _describe_task_parameters() -> list[Schema]:
    return [
        in_query("status", {"type": "array", "items": _STATUS}),
        in_query("index", TEXTS),
        in_query("kind", TEXTS),
        in_query("from", COUNT),
        limit(DEFAULT_TASKS, MAX_TASKS),
    ]


def _describe_task(
    name: str, summary: str, parameters: list[Schema], body: Schema | None = None
) -> Schema:
    """An operation that is queued; with ``wait=1`` it answers when it is done."""
    described = describe_operation(name, summary, "Task", parameters, body=body)
    described["responses"]["202"] = {**described["responses"]["200"], "description": "To be done."}
    return described
