"""What became of requested tasks? The tasks, over HTTP."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, request

from searchsvc.access.gate import NotAllowed
from searchsvc.access.rights import Rights
from searchsvc.limits import DEFAULT_TASKS, MAX_TASKS
from searchsvc.query.parameters import ParameterError
from searchsvc.query.unknown_parameters import refuse_misnamed
from searchsvc.tasks.task import Status, Task, TaskFilter, TaskNotFound
from searchsvc.web.api import read_limit
from searchsvc.web.conditional import JSON_TYPE
from searchsvc.web.guard import find_rights, refuse_partial
from searchsvc.web.service import base_service

tasks_api = Blueprint("tasks_api", __name__)

#: Task numbers in SQLite have at most this many digits.
_MOST_DIGITS = 18
PARAMETERS = ("status", "index", "kind", "from", "limit")


@tasks_api.get("/tasks/<uid>")
def answer_task(uid: str) -> Response:
    """One task, with the result of each item sent."""
    rights = allow_tasks()
    refuse_misnamed(request.args, ())
    if not (uid.isascii() and uid.isdigit()) or len(uid) > _MOST_DIGITS:
        raise ParameterError("uid", uid, "give the number of a task.")
    queue = base_service().queue
    task = queue.get(int(uid))
    if not rights.may_see_tasks(task.index):
        raise TaskNotFound(task.uid)
    return send_json({**describe_task(task), "items": queue.items(task.uid)})


@tasks_api.get("/tasks")
def answer_tasks() -> Response:
    """The newest tasks, or those from a number down."""
    rights = allow_tasks()
    refuse_misnamed(request.args, PARAMETERS)
    start = request.args.get("from", "").strip()
    if start and (not (start.isascii() and start.isdigit()) or len(start) > _MOST_DIGITS):
        raise ParameterError("from", start, "give the number of a task.")
    limit = read_limit(DEFAULT_TASKS, MAX_TASKS)
    queue = base_service().queue
    wanted = TaskFilter(
        statuses=_read_statuses(),
        kinds=tuple(filter(None, request.args.getlist("kind"))),
        indexes=tuple(filter(None, request.args.getlist("index"))),
    )
    if not rights.may_all_indexes():
        names = wanted.indexes or tuple({index for index, _ in queue.count()})
        allowed = tuple(name for name in names if rights.may_see_tasks(name))
        if not allowed:
            return send_json({"tasks": [], "total": 0, "next": None})
        wanted = TaskFilter(statuses=wanted.statuses, kinds=wanted.kinds, indexes=allowed)
    found, total = queue.find(wanted, limit=limit + 1, start=int(start) if start else None)
    following = found[limit].uid if len(found) > limit else None
    tasks = [describe_task(task) for task in found[:limit]]
    return send_json({"tasks": tasks, "total": total, "next": following})


def _read_statuses() -> tuple[Status, ...]:
    statuses = []
    for value in filter(None, request.args.getlist("status")):
        try:
            statuses.append(Status(value))
        except ValueError:
            known = ", ".join(one.value for one in Status)
            raise ParameterError("status", value, f"give one of {known}.") from None
    return tuple(statuses)


def allow_tasks() -> Rights:
    """The rights of this request, which allow it to see tasks. Raises NotAllowed, WritesOff."""
    rights = find_rights()
    if not rights.may("tasks.get"):
        raise NotAllowed("tasks.get")
    refuse_partial(rights, "tasks.get")
    return rights


def describe_task(task: Task) -> dict[str, Any]:
    """The task in response form."""
    return {
        "uid": task.uid,
        "index": task.index or None,
        "kind": task.kind,
        "status": task.status.value,
        "details": task.details,
        "error": task.error,
        "batch": task.batch,
        "enqueued_at": task.enqueued_at,
        "started_at": task.started_at or None,
        "finished_at": task.finished_at or None,
    }


def send_json(value: Any, *, status: int = 200) -> Response:
    """``value`` as JSON, not to be cached."""
    response = Response(orjson.dumps(value), status=status, content_type=JSON_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response
