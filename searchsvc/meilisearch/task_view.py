"""How are tasks and batches represented in this protocol?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from searchsvc.meilisearch.explaining import explain_task
from searchsvc.tasks.task import Task

#: Our kinds that share one of Meilisearch's.
SHOWN_AS: Final = {"documentDeletionByFilter": "documentDeletion"}
#: The part of a task's details that belongs to this protocol alone.
METADATA: Final = "_customMetadata"
#: Kinds of tasks that clients may filter by.
TYPES: Final = (
    *("documentAdditionOrUpdate", "documentEdition", "documentDeletion", "settingsUpdate"),
    *("indexCreation", "indexDeletion", "indexUpdate", "indexSwap", "indexCompaction"),
    *("taskCancelation", "taskDeletion", "dumpCreation", "snapshotCreation", "export"),
    "upgradeDatabase",
)


def show_kind(kind: str) -> str:
    """The protocol's name for a kind."""
    return SHOWN_AS.get(kind, kind)


def list_kinds(shown: Iterable[str]) -> tuple[str, ...]:
    """The kinds with this name in the protocol."""
    wanted = set(shown)
    return (*wanted, *(kind for kind, name in SHOWN_AS.items() if name in wanted))


def show_summary(task: Task) -> dict[str, Any]:
    """A task that was just queued."""
    summary: dict[str, Any] = {
        "taskUid": task.uid,
        "indexUid": task.index or None,
        "status": task.status.value,
        "type": show_kind(task.kind),
        "enqueuedAt": task.enqueued_at,
    }
    if METADATA in task.details:
        summary["customMetadata"] = task.details[METADATA]
    return summary


def show_task(task: Task) -> dict[str, Any]:
    """A complete task."""
    details = {name: one for name, one in task.details.items() if not name.startswith("_")}
    shown: dict[str, Any] = {
        "uid": task.uid,
        "batchUid": task.batch,
        "indexUid": task.index or None,
        "status": task.status.value,
        "type": show_kind(task.kind),
        "canceledBy": task.canceled_by,
        "details": details,
        "error": None if task.error is None else explain_task(task.error, task.index),
        "duration": write_duration(task.started_at, task.finished_at),
        "enqueuedAt": task.enqueued_at,
        "startedAt": task.started_at or None,
        "finishedAt": task.finished_at or None,
    }
    if METADATA in task.details:
        shown["customMetadata"] = task.details[METADATA]
    return shown


def show_batch(batch: int, tasks: list[Task]) -> dict[str, Any]:
    """A batch, with the common values of its tasks."""
    started = min((task.started_at for task in tasks if task.started_at), default="")
    finished = max((task.finished_at for task in tasks), default="")
    ended = finished if all(task.finished_at for task in tasks) else ""
    details: dict[str, Any] = {}
    for task in tasks:
        for name, one in task.details.items():
            both = isinstance(one, int) and isinstance(details.get(name), int)
            if not name.startswith("_"):
                details[name] = details[name] + one if both else one
    return {
        "uid": batch,
        "progress": None,
        "details": details,
        "stats": {
            "totalNbTasks": len(tasks),
            "status": dict(Counter(task.status.value for task in tasks)),
            "types": dict(Counter(show_kind(task.kind) for task in tasks)),
            "indexUids": dict(Counter(task.index for task in tasks if task.index)),
        },
        "duration": write_duration(started, ended),
        "startedAt": started or None,
        "finishedAt": ended or None,
        "batchStrategy": "tasks of one index that wait share a commit",
    }


def write_duration(start: str, end: str) -> str | None:
    """The duration from ``start`` to ``end`` in ISO 8601: ``PT0.012S``."""
    if not start or not end:
        return None
    seconds = (_read_time(end) - _read_time(start)).total_seconds()
    return f"PT{max(seconds, 0):.6f}S"


def _read_time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
