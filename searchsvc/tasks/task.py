"""What is a task? Something that was ordered, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from indexer.errors import IndexerError

#: As JSON has it.
Values = dict[str, Any]


class Status(str, Enum):
    """How far a task is."""

    ENQUEUED = "enqueued"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


FINISHED = (Status.SUCCEEDED, Status.FAILED, Status.CANCELED)


@dataclass(frozen=True, slots=True)
class Task:
    """One task. ``uid`` counts from 0 and is never used again.

    ``index`` is the name of the index it is about, empty where it is about none or several.
    ``details`` are what was ordered and, once it is done, what was done; ``error`` why it failed.
    ``batch`` is the number that tasks share which were done together. Times are in UTC
    (``2026-11-26T07:45:00.000000Z``), empty where it has not come to that.
    """

    uid: int
    index: str
    kind: str
    status: Status
    details: Values = field(default_factory=dict)
    error: Values | None = None
    canceled_by: int | None = None
    batch: int | None = None
    enqueued_at: str = ""
    started_at: str = ""
    finished_at: str = ""

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks? Those that have one of the values of each list that is not empty.

    Times are as in a task, both excluded; ``None`` for any.
    """

    uids: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    indexes: tuple[str, ...] = ()
    batches: tuple[int, ...] = ()
    canceled_by: tuple[int, ...] = ()
    after_enqueued: str | None = None
    before_enqueued: str | None = None
    after_started: str | None = None
    before_started: str | None = None
    after_finished: str | None = None
    before_finished: str | None = None


class TaskNotFound(IndexerError):
    """There is no task of this number, or no longer."""

    def __init__(self, uid: int) -> None:
        self.uid = uid
        super().__init__(f"There is no task {uid}, or no longer.")


class QueueFull(IndexerError):
    """So much waits to be done that no more is taken."""

    def __init__(self, tasks: int, payload_bytes: int) -> None:
        super().__init__(
            f"{tasks:,} tasks with {payload_bytes:,} bytes wait to be done. Send this again later."
        )


class TaskFailed(Exception):
    """A task cannot be done; ``error`` tells the client why, as JSON."""

    def __init__(self, error: Values) -> None:
        self.error = error
        super().__init__(str(error.get("message", error)))


def read_clock() -> str:
    """Now, as times are written in tasks."""
    return datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")
