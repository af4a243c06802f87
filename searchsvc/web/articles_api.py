"""How are articles written over HTTP? Each function validates a request and queues a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, request
from werkzeug.exceptions import UnsupportedMediaType

from indexer.article import Article
from indexer.ingest.json_values import explain_json
from searchsvc.articles import kinds
from searchsvc.articles.as_is import NotAnArticle, change_as_is, name_fields
from searchsvc.articles.reading import (
    MOST_ARTICLES,
    TOO_MANY,
    count_sent,
    find_binary_content,
)
from searchsvc.errors import BodyInvalid
from searchsvc.limits import MAX_IDS
from searchsvc.query.parameters import NARROWING, ParameterError, list_parameters, read
from searchsvc.query.unknown_parameters import refuse_misnamed
from searchsvc.tasks.task import Task
from searchsvc.web.api import choose_index, read_article_id
from searchsvc.web.body import choose_format, read_body, read_object
from searchsvc.web.guard import allow_writing
from searchsvc.web.json_parameters import read_json_parameters
from searchsvc.web.service import Service, base_service, current_index, current_service
from searchsvc.web.tasks_api import describe_task, send_json

articles_api = Blueprint("articles_api", __name__)
articles_api.url_value_preprocessor(choose_index)

#: How long ``wait=1`` waits for a task before the response says that it is pending.
LONGEST_WAIT_SECONDS = 30.0
_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


@articles_api.post("/articles")
def add() -> Response:
    """Add the articles in the body, replacing those with the same ids."""
    allow_writing("documents.add")
    refuse_misnamed(request.args, ("wait", "clean", "source"))
    wait, clean = read_flag("wait", default=False), read_flag("clean", default=True)
    format = choose_format()
    content = read_body(base_service().settings.max_payload_bytes)
    if not content.strip():
        raise BodyInvalid("it is empty")
    if problem := find_binary_content(content, format):
        raise UnsupportedMediaType(
            f"The body cannot be read as {format}: {problem}. If it is compressed, say so with "
            "Content-Encoding: gzip."
        )
    try:
        received = count_sent(content, format)
    except orjson.JSONDecodeError as error:
        raise BodyInvalid(explain_json(content, error)) from error
    if received is not None and received > MOST_ARTICLES:
        raise BodyInvalid(TOO_MANY)
    if not clean and format not in ("json", "jsonl"):
        raise ParameterError("clean", "0", "only JSON can be taken as it is.")
    details = {
        "format": format,
        "clean": clean,
        "source": request.args.get("source", "")[:1_000],
        "received": received,
    }
    return order(kinds.ADD, content, details, wait=wait)


@articles_api.patch("/articles")
@articles_api.patch("/articles/<article_id:in_path>")
def change(in_path: str | None = None) -> Response:
    """Change the fields of one article that the body names."""
    allow_writing("documents.add")
    service = current_service()
    refuse_misnamed(request.args, ("wait", "id"))
    wait = read_flag("wait", default=False)
    article_id = read_article_id(in_path)
    sent = read_object(service.settings.max_payload_bytes)
    values = name_fields(sent, service.fields().keys)
    if values.get("id", article_id) != article_id:
        raise NotAnArticle("its id cannot be changed")
    # Refuse now rather than later, as far as possible without the article.
    change_as_is(Article(article_id, "-", "-"), values)
    return order(kinds.PATCH, orjson.dumps(values), {"id": article_id}, wait=wait)


@articles_api.delete("/articles")
@articles_api.delete("/articles/<article_id:in_path>")
def delete(in_path: str | None = None) -> Response:
    """Delete one article."""
    allow_writing("documents.delete")
    refuse_missing_index()
    refuse_misnamed(request.args, ("wait", "id"))
    wait = read_flag("wait", default=False)
    article_id = read_article_id(in_path)
    details = {"id": article_id}
    return order(kinds.DELETE, orjson.dumps([article_id]), details, wait=wait)


@articles_api.post("/articles/delete")
def delete_several() -> Response:
    """Delete articles, by ``ids`` or by a search query."""
    allow_writing("documents.delete")
    service = current_service()
    refuse_misnamed(request.args, ("wait",))
    wait = read_flag("wait", default=False)
    asked = read_object(MAX_IDS * 600)
    if "ids" in asked:
        ids = _read_ids(asked)
        return order(kinds.DELETE, orjson.dumps(ids), {"received": len(ids)}, wait=wait)
    return order(kinds.DELETE_BY_QUERY, b"", {"query": _read_query(asked, service)}, wait=wait)


def refuse_missing_index() -> None:
    """Raise UnknownIndex if the index of this request does not exist."""
    current_service()


def _read_ids(asked: Mapping[str, Any]) -> list[str]:
    ids = asked["ids"]
    if len(asked) > 1:
        raise BodyInvalid("it must have 'ids', or a query, and not both")
    if not isinstance(ids, list) or not all(isinstance(one, str) and one for one in ids):
        raise BodyInvalid("'ids' must be a list of texts")
    if len(ids) > MAX_IDS:
        raise BodyInvalid(f"'ids' may have at most {MAX_IDS:,}")
    return ids


def _read_query(asked: dict[str, Any], service: Service) -> dict[str, Any]:
    """The validated parameters of the query. Raises BodyInvalid, ParameterError."""
    if "all" in asked:
        if asked != {"all": True}:
            raise BodyInvalid("'all' must be true, and stand alone")
        return asked
    fields = service.fields()
    known = tuple(name for name in list_parameters(NARROWING, fields) if name != "sort")
    parameters = read_json_parameters(asked, known)
    narrowing = read(parameters, fields=fields)
    chosen = narrowing.filters or narrowing.ranges or narrowing.date_from or narrowing.date_to
    if not narrowing.q.strip() and not chosen:
        raise BodyInvalid('nothing in it says which articles are meant; {"all": true} means all')
    return parameters


def order(kind: str, payload: bytes, details: dict[str, Any], *, wait: bool) -> Response:
    """Queue a task for this request's index, and respond with it: 202, or if ``wait`` is set and it
    is done in time, 200 with the result.
    """
    service = base_service()
    task = service.queue.add(kind, index=current_index(), payload=payload, details=details)
    if wait:
        with service.waiting.one_more() as may_wait:
            if may_wait:
                task = service.queue.wait_for(task.uid, LONGEST_WAIT_SECONDS)
    return send_task(service, task)


def send_task(service: Service, task: Task) -> Response:
    """The task, with the result of each item once it is done."""
    body = describe_task(task)
    if task.is_finished:
        body["items"] = service.queue.items(task.uid)
    response = send_json(body, status=200 if task.is_finished else 202)
    response.headers["Location"] = f"{request.script_root}/api/v1/tasks/{task.uid}"
    return response


def read_flag(name: str, *, default: bool) -> bool:
    """A parameter that is 1 or 0. Raises ParameterError."""
    value = request.args.get(name, "").strip().lower()
    if not value:
        return default
    if value not in _FLAGS:
        raise ParameterError(name, value, "give 1 or 0.")
    return _FLAGS[value]
