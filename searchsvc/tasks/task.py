"""What is a task? A requested operation, and its state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from indexer.errors import IndexerError

#: JSON values.
Values = dict[str, Any]


class Status(str, Enum):
    """The state of a task."""

    ENQUEUED = "enqueued"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


FINISHED = (Status.SUCCEEDED, Status.FAILED, Status.CANCELED)


@dataclass(frozen=True, slots=True)
class Task:
    """One task. ``uid`` counts from 0 and is never reused.

    ``index`` is the name of its index, empty if it concerns none or several. ``details`` are what
    was requested and, once it is done, what was done; ``error`` why it failed. ``batch`` is the
    number shared by tasks that were executed together. Times are in UTC
    (``2026-11-26T07:45:00.000000Z``), empty if not reached.
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
    """A filter for tasks: those with one of the values of each non-empty list.

    Times are as in a task, both exclusive; ``None`` for any.
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
    """There is no task with this number, or no longer."""

    def __init__(self, uid: int) -> None:
        self.uid = uid
        super().__init__(f"There is no task {uid}, or no longer.")


class QueueFull(IndexerError):
    """The queue is full."""

    def __init__(self, tasks: int, payload_bytes: int) -> None:
        super().__init__(
            f"{tasks:,} tasks with {payload_bytes:,} bytes wait to be done. Send this again later."
        )


class TaskFailed(Exception):
    """A task cannot be executed; ``error`` tells the client why, as JSON."""

    def __init__(self, error: Values) -> None:
        self.error = error
        super().__init__(str(error.get("message", error)))


def read_time(text: str) -> datetime:
    """The time that :func:`read_clock` wrote."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def read_clock() -> str:
    """The current time, as written in tasks."""
    return datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")
