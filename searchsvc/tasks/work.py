"""Which operations on the queue belong to the worker alone? Take, prepare, finish, recover."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from searchsvc.tasks.queue import (
    AMONG,
    COLUMNS,
    TaskQueue,
    delete_finished,
    read_task,
    take_number,
    write_list,
)
from searchsvc.tasks.task import Status, Task, Values, read_clock

#: Maximum number of tasks taken at once, unless the first has more.
MOST_TASKS = 1_000
MOST_BYTES = 32_000_000
#: Maximum number of times a task is begun. One that ended the process this often is to blame.
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Job:
    """A task to execute. ``progress`` is what :meth:`Work.keep_progress` stored in an earlier
    attempt; ``attempts`` is the number of these.
    """

    task: Task
    payload: bytes
    payload_bytes: int
    progress: Values
    attempts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a task. ``details`` are merged into the requested ones; ``items`` has the
    result of each item, in order; with an ``error`` it has failed.
    """

    details: Values = field(default_factory=dict)
    items: Sequence[Values] = ()
    error: Values | None = None


class Work:
    """The queue as its worker sees it. ``most_kept``: the number of finished tasks kept;
    ``on_finished`` is called with the outcome of each.
    """

    def __init__(
        self,
        queue: TaskQueue,
        *,
        most_kept: int = 10_000,
        on_finished: Callable[[Outcome], None] = lambda outcome: None,
    ) -> None:
        self._database = queue.database
        self._most_kept = most_kept
        self._on_finished = on_finished

    def waiting(self, urgent: Sequence[str] = (), held: Collection[str] = ()) -> list[Job]:
        """Waiting tasks, those of ``urgent`` kinds first, then the oldest; without payloads. Of the
        indexes ``held`` only the oldest of each kind, which others may have to wait for.
        """
        with self._database.read() as db:
            rows = db.execute(
                f"SELECT {COLUMNS}, payload_bytes, progress, attempts FROM tasks "
                f"WHERE status = 'enqueued' AND (index_name NOT {AMONG} OR uid IN "
                "(SELECT min(uid) FROM tasks WHERE status = 'enqueued' GROUP BY index_name, kind)) "
                f"ORDER BY kind {AMONG} DESC, uid LIMIT ?",
                (write_list(held), write_list(urgent), MOST_TASKS),
            ).fetchall()
        return [
            Job(read_task(row[:-3]), b"", row[-3], orjson.loads(row[-2]), row[-1]) for row in rows
        ]

    def begin(self, uids: Sequence[int]) -> tuple[int, list[Job]]:
        """Begin those of the tasks that still wait; return the number of their batch, and the
        jobs.
        """
        among = write_list(uids)
        with self._database.change() as db:
            batch = take_number(db, "next_batch")
            db.execute(
                "UPDATE tasks SET status = 'processing', batch = ?, started_at = ?, "
                "prepared = NULL, attempts = attempts + 1 "
                f"WHERE status = 'enqueued' AND uid {AMONG}",
                (batch, read_clock(), among),
            )
            jobs = self._read_jobs(db, batch)
        return batch, jobs

    def _read_jobs(self, db: sqlite3.Connection, batch: int) -> list[Job]:
        rows = db.execute(
            f"SELECT {COLUMNS}, payload_bytes, progress, attempts, "
            "(SELECT content FROM payloads WHERE payloads.uid = tasks.uid) "
            "FROM tasks WHERE batch = ? AND status = 'processing' ORDER BY uid",
            (batch,),
        ).fetchall()
        return [
            Job(read_task(row[:-4]), row[-1] or b"", row[-4], orjson.loads(row[-3]), row[-2])
            for row in rows
        ]

    def keep_progress(self, job: Job, progress: Mapping[str, Any]) -> None:
        """Store the task's progress durably, for when it is begun again."""
        with self._database.change() as db:
            db.execute(
                "UPDATE tasks SET progress = ? WHERE uid = ?",
                (orjson.dumps(progress).decode(), job.task.uid),
            )

    def name_batch(self, batch: int) -> str:
        """The note of the commit for the batch, unique among all queues."""
        with self._database.read() as db:
            (queue,) = db.execute("SELECT value FROM facts WHERE name = 'queue'").fetchone()
        return f"{queue}:{batch}"

    def prepare(self, outcomes: Mapping[int, Outcome]) -> None:
        """Store, durably, what the outcomes of the tasks will be once their batch is committed."""
        with self._database.change() as db:
            db.executemany(
                "UPDATE tasks SET prepared = ? WHERE uid = ?",
                [(_write(outcome), uid) for uid, outcome in outcomes.items()],
            )

    def finish(self, outcomes: Mapping[int, Outcome]) -> None:
        """Record the outcomes of the tasks, and delete their payloads."""
        with self._database.change() as db:
            for uid, outcome in outcomes.items():
                _finish(db, uid, outcome)
            self._forget_old(db)
        for outcome in outcomes.values():
            self._on_finished(outcome)

    def put_back(self, batch: int, *, blameless: bool = True) -> None:
        """Return the unfinished tasks of the batch to the queue. ``blameless``: the attempt does
        not count.
        """
        with self._database.change() as db:
            db.execute(
                "UPDATE tasks SET status = 'enqueued', batch = NULL, started_at = '', "
                "prepared = NULL, attempts = attempts - ? "
                "WHERE batch = ? AND status = 'processing'",
                (int(blameless), batch),
            )

    def excuse(self, batch: int) -> None:
        """Let the attempt not count for the unfinished tasks of the batch, which stay in it."""
        with self._database.change() as db:
            db.execute(
                "UPDATE tasks SET attempts = attempts - 1 "
                "WHERE batch = ? AND status = 'processing'",
                (batch,),
            )

    def interrupted(self) -> dict[int, list[Task]]:
        """The batches that were begun and not finished, with their tasks."""
        with self._database.read() as db:
            rows = db.execute(
                f"SELECT {COLUMNS} FROM tasks WHERE status = 'processing' ORDER BY uid"
            ).fetchall()
        found: dict[int, list[Task]] = {}
        for task in map(read_task, rows):
            found.setdefault(task.batch or 0, []).append(task)
        return found

    def finish_as_prepared(self, batch: int) -> None:
        """Finish the tasks of a committed batch with the prepared outcomes."""
        with self._database.change() as db:
            rows = db.execute(
                "SELECT uid, prepared FROM tasks WHERE batch = ? AND status = 'processing' "
                "AND prepared IS NOT NULL",
                (batch,),
            ).fetchall()
            outcomes = {uid: Outcome(**orjson.loads(prepared)) for uid, prepared in rows}
            for uid, outcome in outcomes.items():
                _finish(db, uid, outcome)
        for outcome in outcomes.values():
            self._on_finished(outcome)

    def _forget_old(self, db: sqlite3.Connection) -> None:
        """Delete the oldest finished tasks beyond the maximum."""
        rows = db.execute(
            "SELECT uid FROM tasks WHERE status IN ('succeeded', 'failed', 'canceled') "
            "ORDER BY uid DESC LIMIT -1 OFFSET ?",
            (self._most_kept,),
        ).fetchall()
        if rows:
            delete_finished(db, [uid for (uid,) in rows])


def _finish(db: sqlite3.Connection, uid: int, outcome: Outcome) -> None:
    begun = db.execute(
        "SELECT details FROM tasks WHERE uid = ? AND status = 'processing'", (uid,)
    ).fetchone()
    if begun is None:
        return  # A backup was restored in the meantime.
    (details,) = begun
    status = Status.SUCCEEDED if outcome.error is None else Status.FAILED
    error = None if outcome.error is None else orjson.dumps(outcome.error).decode()
    details = orjson.dumps({**orjson.loads(details), **outcome.details}).decode()
    db.execute(
        "UPDATE tasks SET status = ?, details = ?, error = ?, finished_at = ?, prepared = NULL, "
        "payload_bytes = 0 WHERE uid = ?",
        (status.value, details, error, read_clock(), uid),
    )
    db.execute("DELETE FROM payloads WHERE uid = ?", (uid,))
    if outcome.items:
        db.execute("INSERT OR REPLACE INTO items VALUES (?, ?)", (uid, _dump_items(outcome)))


def _dump_items(outcome: Outcome) -> bytes:
    return orjson.dumps(list(outcome.items))


def _write(outcome: Outcome) -> str:
    values = {"details": outcome.details, "items": list(outcome.items), "error": outcome.error}
    return orjson.dumps(values).decode()
