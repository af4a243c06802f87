"""How are tasks and batches listed, read, cancelled and deleted?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Response, request

from searchsvc.access.rights import Rights
from searchsvc.meilisearch.blueprint import meilisearch, send
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.gate import allow_whole, allow_writing
from searchsvc.meilisearch.host import find_host
from searchsvc.meilisearch.kinds import write_payload
from searchsvc.meilisearch.reading import parse_count, parse_flag, parse_list
from searchsvc.meilisearch.search_parameters import refuse_unknown_parameters
from searchsvc.meilisearch.task_view import (
    TYPES,
    list_kinds,
    show_batch,
    show_summary,
    show_task,
)
from searchsvc.meilisearch.times import parse_time
from searchsvc.tasks.task import Status, Task, TaskFilter

#: The parameters that select tasks, with the filter's field and the error code of each.
_LISTS: Final = {
    "uids": ("uids", "invalid_task_uids"),
    "batchUids": ("batches", "invalid_batch_uids"),
    "canceledBy": ("canceled_by", "invalid_task_canceled_by"),
    "types": ("kinds", "invalid_task_types"),
    "statuses": ("statuses", "invalid_task_statuses"),
    "indexUids": ("indexes", "invalid_index_uid"),
}
_TIMES: Final = {
    f"{side}{moment.capitalize()}At": (
        f"{side}_{moment}",
        f"invalid_task_{side}_{moment}_at",
    )
    for side in ("before", "after")
    for moment in ("enqueued", "started", "finished")
}
CHOOSING: Final = (*_LISTS, *_TIMES)
PAGING: Final = ("limit", "from", "reverse")
#: A number that no task has.
_NO_TASK: Final = -1
_LIMIT: Final = 20


# --- reading


@meilisearch.get("/tasks")
def list_tasks() -> Response:
    """The selected tasks, the newest first."""
    rights = allow_whole("tasks.get")
    limit, start, reverse = _read_paging("invalid_task")
    tasks, total = find_host().queue.find(
        read_task_filter(rights), limit=limit + 1, start=start, reverse=reverse
    )
    rows = [show_task(task) for task in tasks]
    return send(_show_page(rows, total, limit))


@meilisearch.get("/tasks/<uid>")
def get_task(uid: str) -> Response:
    """One task."""
    rights = allow_whole("tasks.get")
    number = parse_count(uid, "task_uid", "invalid_task_uids")
    task = find_host().queue.get(number)
    if not _may_see(task, rights):
        raise ProtocolError("task_not_found", f"Task `{number}` not found.")
    return send(show_task(task))


@meilisearch.get("/batches")
def list_batches() -> Response:
    """The batches of the selected tasks, the newest first."""
    rights = allow_whole("tasks.get")
    limit, start, reverse = _read_paging("invalid_task")
    batches, total = find_host().queue.find_batches(
        read_task_filter(rights), limit=limit + 1, start=start, reverse=reverse
    )
    rows = [show_batch(batch, _list_tasks(batch, rights)) for batch in batches]
    return send(_show_page(rows, total, limit))


@meilisearch.get("/batches/<uid>")
def get_batch(uid: str) -> Response:
    """One batch."""
    rights = allow_whole("tasks.get")
    number = parse_count(uid, "batch_uid", "invalid_batch_uids")
    tasks = _list_tasks(number, rights)
    if not tasks:
        raise ProtocolError("batch_not_found", f"Batch `{number}` not found.")
    return send(show_batch(number, tasks))


def _list_tasks(batch: int, rights: Rights) -> list[Task]:
    """The tasks of a batch that are visible to the key."""
    tasks, _ = find_host().queue.find(TaskFilter(batches=(batch,)), limit=10_000)
    return [task for task in tasks if _may_see(task, rights)]


def _may_see(task: Task, rights: Rights) -> bool:
    """Whether the task is visible to the key: a swap if all its indexes are."""
    names = [name for swap in task.details.get("swaps", ()) for name in swap["indexes"]]
    return rights.may_see_tasks(task.index) or (
        bool(names) and all(rights.may_index(name) for name in names)
    )


def _show_page(rows: list[dict[str, Any]], total: int, limit: int) -> dict[str, Any]:
    """A page of ``rows``, which has one more than the page if others follow."""
    page = rows[:limit]
    return {
        "results": page,
        "total": total,
        "limit": limit,
        "from": page[0]["uid"] if page else None,
        "next": rows[limit]["uid"] if len(rows) > limit else None,
    }


def _read_paging(kind: str) -> tuple[int, int | None, bool]:
    refuse_unknown_parameters(request.args, dict.fromkeys((*CHOOSING, *PAGING)))
    given = request.args
    limit, start = given.get("limit", ""), given.get("from", "")
    reverse = given.get("reverse", "false")
    return (
        min(parse_count(limit, "limit", f"{kind}_limit"), 10_000) if limit else _LIMIT,
        parse_count(start, "from", f"{kind}_from") if start else None,
        parse_flag(reverse, "reverse", f"{kind}_reverse"),
    )


# --- which tasks


def read_task_filter(rights: Rights) -> TaskFilter:
    """The tasks selected by a query string, among those of the indexes visible to the key. Raises
    ProtocolError.
    """
    chosen: dict[str, Any] = {}
    for name, (field, code) in _LISTS.items():
        values = parse_list(request.args.get(name, ""))
        if values and values != ["*"]:
            chosen[field] = _READERS[field](values, name, code)
    for name, (field, code) in _TIMES.items():
        text = request.args.get(name, "")
        if text and text != "*":
            chosen[field] = parse_time(text, name, code)
    if not rights.may_all_indexes():
        known = {index for index, _ in find_host().queue.count()}
        wanted = set(chosen.get("indexes", known))
        allowed = tuple(name for name in wanted & known if rights.may_see_tasks(name))
        chosen["indexes"] = allowed
        if not allowed:
            chosen["uids"] = (_NO_TASK,)
    return TaskFilter(**chosen)


def _read_numbers(values: list[str], name: str, code: str) -> tuple[int, ...]:
    return tuple(parse_count(one, name, code) for one in values)


def _read_types(values: list[str], name: str, code: str) -> tuple[str, ...]:
    folded = {one.lower(): one for one in TYPES}
    kinds = [_choose(one, folded, name, code, "task type") for one in values]
    return list_kinds(kinds)


def _read_statuses(values: list[str], name: str, code: str) -> tuple[Status, ...]:
    folded = {one.value: one.value for one in Status}
    return tuple(Status(_choose(one, folded, name, code, "task status")) for one in values)


def _choose(text: str, known: dict[str, str], name: str, code: str, noun: str) -> str:
    found = known.get(text.lower())
    if found is None:
        listed = ", ".join(f"`{one}`" for one in known.values())
        raise ProtocolError(
            code,
            f"Invalid value in parameter `{name}`: `{text[:80]}` is not a valid {noun}. Available "
            f"{'types' if noun.endswith('type') else 'statuses'} are {listed}.",
        )
    return found


_READERS: Final[dict[str, Callable[[list[str], str, str], tuple[Any, ...]]]] = {
    "uids": _read_numbers,
    "batches": _read_numbers,
    "canceled_by": _read_numbers,
    "kinds": _read_types,
    "statuses": _read_statuses,
    "indexes": lambda values, name, code: tuple(values),
}


# --- changing


@meilisearch.post("/tasks/cancel")
def cancel_tasks() -> Response:
    """Queue the cancellation of waiting tasks."""
    return _order_change("taskCancelation", "cancel", "tasks.cancel")


@meilisearch.delete("/tasks")
def delete_tasks() -> Response:
    """Queue the deletion of finished tasks."""
    return _order_change("taskDeletion", "delete", "tasks.delete")


def _order_change(kind: str, verb: str, action: str) -> Response:
    rights = allow_writing(action)
    refuse_unknown_parameters(request.args, dict.fromkeys(CHOOSING))
    if not any(request.args.get(name) for name in CHOOSING):
        known = ", ".join(f"`{name}`" for name in CHOOSING)
        raise ProtocolError(
            "missing_task_filters",
            f"Query parameters to filter the tasks to {verb} are missing. Available query "
            f"parameters are: {known}.",
        )
    queue = find_host().queue
    uids = queue.find_uids(read_task_filter(rights))
    done = "canceledTasks" if kind == "taskCancelation" else "deletedTasks"
    task = queue.add(
        kind,
        payload=write_payload({"uids": uids}),
        details={
            "matchedTasks": len(uids),
            done: None,
            "originalFilter": f"?{request.query_string.decode('ascii', 'replace')}",
        },
        always=True,
    )
    return send(show_summary(task))
