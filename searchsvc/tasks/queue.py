"""Where do tasks wait? In a queue in one SQLite file, shared by all processes of a data folder.

Once :meth:`TaskQueue.add` returns, the task is on disk. The worker is :mod:`searchsvc.tasks.drain`;
operations reserved for it are in :mod:`searchsvc.tasks.work`.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from searchsvc.database import Database
from searchsvc.tasks.task import (
    QueueFull,
    Status,
    Task,
    TaskFilter,
    TaskNotFound,
    Values,
    read_clock,
)

FILE = "tasks.sqlite"

#: Seconds between two checks for changes.
LOOK_SECONDS = 0.02

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tasks (
    uid INTEGER PRIMARY KEY,
    index_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    details TEXT NOT NULL,
    error TEXT,
    canceled_by INTEGER,
    batch INTEGER,
    enqueued_at TEXT NOT NULL,
    started_at TEXT NOT NULL DEFAULT '',
    finished_at TEXT NOT NULL DEFAULT '',
    payload_bytes INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    progress TEXT NOT NULL DEFAULT '{}',
    prepared TEXT
);
CREATE INDEX IF NOT EXISTS by_status ON tasks (status, uid);
CREATE INDEX IF NOT EXISTS by_batch ON tasks (batch);
CREATE TABLE IF NOT EXISTS payloads (uid INTEGER PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS items (uid INTEGER PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value);
INSERT OR IGNORE INTO facts VALUES ('queue', lower(hex(randomblob(8))));
INSERT OR IGNORE INTO facts VALUES ('next_task', 0);
INSERT OR IGNORE INTO facts VALUES ('next_batch', 0);
"""

COLUMNS = (
    "uid, index_name, kind, status, details, error, canceled_by, batch, "
    "enqueued_at, started_at, finished_at"
)
_ACTIVE = "status IN ('enqueued', 'processing')"
#: Tests whether the column before it is in a list, passed to SQLite as a single value however long
#: it is.
AMONG = "IN (SELECT value FROM json_each(?))"
_FINISHED = "status IN ('succeeded', 'failed', 'canceled')"

#: Columns that a filter compares, with the fields of :class:`TaskFilter`.
_LISTS = {
    "uids": "uid",
    "kinds": "kind",
    "statuses": "status",
    "indexes": "index_name",
    "batches": "batch",
    "canceled_by": "canceled_by",
}
_TIMES = ("enqueued", "started", "finished")


class TaskQueue:
    """The tasks of the data folder ``folder``. Safe for threads and processes, including forked
    ones.

    At most ``most_tasks`` with ``most_bytes`` of payload wait. Every method raises
    DatabaseUnusable.
    """

    def __init__(
        self, folder: Path, *, most_tasks: int = 10_000, most_bytes: int = 1_000_000_000
    ) -> None:
        self._database = Database(folder / FILE, _SCHEMA)
        self._most_tasks = most_tasks
        self._most_bytes = most_bytes

    @property
    def database(self) -> Database:
        """For the worker."""
        return self._database

    # --- adding

    def add(
        self,
        kind: str,
        *,
        index: str = "",
        payload: bytes = b"",
        details: Mapping[str, Any] | None = None,
        always: bool = False,
    ) -> Task:
        """Add a task, durably. ``always``: even if the queue is full. Raises QueueFull."""
        now = read_clock()
        with self._database.change() as db:
            waiting, waiting_bytes = db.execute(
                f"SELECT count(*), coalesce(sum(payload_bytes), 0) FROM tasks WHERE {_ACTIVE}"
            ).fetchone()
            full = (
                waiting >= self._most_tasks
                # A single task is never too large.
                or (waiting and waiting_bytes + len(payload) > self._most_bytes)
            )
            if full and not always:
                raise QueueFull(waiting, waiting_bytes)
            uid = take_number(db, "next_task")
            db.execute(
                "INSERT INTO tasks (uid, index_name, kind, status, details, enqueued_at, "
                "payload_bytes) VALUES (?, ?, ?, 'enqueued', ?, ?, ?)",
                (uid, index, kind, orjson.dumps(details or {}).decode(), now, len(payload)),
            )
            if payload:
                db.execute("INSERT INTO payloads VALUES (?, ?)", (uid, payload))
        return Task(uid, index, kind, Status.ENQUEUED, dict(details or {}), enqueued_at=now)

    def cancel(self, uids: Collection[int], *, by: int | None = None) -> int:
        """Cancel those of the tasks that have not begun; return their number. ``by``: the
        cancelling task.
        """
        among = write_list(uids)
        with self._database.change() as db:
            canceled = db.execute(
                "UPDATE tasks SET status = 'canceled', canceled_by = ?, finished_at = ? "
                f"WHERE status = 'enqueued' AND uid {AMONG}",
                (by, read_clock(), among),
            ).rowcount
            db.execute(
                f"DELETE FROM payloads WHERE uid IN "
                f"(SELECT uid FROM tasks WHERE status = 'canceled' AND uid {AMONG})",
                (among,),
            )
        return canceled

    def delete(self, uids: Collection[int]) -> int:
        """Delete those of the tasks that are finished; return their number."""
        with self._database.change() as db:
            return delete_finished(db, uids)

    # --- reading

    def get(self, uid: int) -> Task:
        """The task. Raises TaskNotFound."""
        with self._database.read() as db:
            row = db.execute(f"SELECT {COLUMNS} FROM tasks WHERE uid = ?", (uid,)).fetchone()
        if row is None:
            raise TaskNotFound(uid)
        return read_task(row)

    def items(self, uid: int) -> list[Values]:
        """The result of each item of the task, in order; empty until it is done."""
        with self._database.read() as db:
            row = db.execute("SELECT content FROM items WHERE uid = ?", (uid,)).fetchone()
        return [] if row is None else orjson.loads(row[0])

    def payload(self, uid: int) -> bytes:
        """The payload; empty if there was none, and once the task is finished."""
        with self._database.read() as db:
            row = db.execute("SELECT content FROM payloads WHERE uid = ?", (uid,)).fetchone()
        return b"" if row is None else bytes(row[0])

    def find(
        self,
        wanted: TaskFilter | None = None,
        *,
        limit: int = 20,
        start: int | None = None,
        reverse: bool = False,
    ) -> tuple[list[Task], int]:
        """At most ``limit`` of the matching tasks, the newest first, from the number ``start`` on,
        and their total number. ``reverse``: the oldest first.
        """
        where, values = _write_filter(wanted or TaskFilter())
        order, side = ("ASC", ">=") if reverse else ("DESC", "<=")
        page, paged = where, list(values)
        if start is not None:
            page, paged = f"{where} AND uid {side} ?", [*values, start]
        with self._database.read() as db:
            (total,) = db.execute(f"SELECT count(*) FROM tasks WHERE {where}", values).fetchone()
            rows = db.execute(
                f"SELECT {COLUMNS} FROM tasks WHERE {page} ORDER BY uid {order} LIMIT ?",
                [*paged, limit],
            ).fetchall()
        return [read_task(row) for row in rows], total

    def find_uids(self, wanted: TaskFilter) -> list[int]:
        """The numbers of all matching tasks, the oldest first."""
        where, values = _write_filter(wanted)
        with self._database.read() as db:
            rows = db.execute(f"SELECT uid FROM tasks WHERE {where} ORDER BY uid", values)
            return [uid for (uid,) in rows]

    def find_batches(
        self,
        wanted: TaskFilter | None = None,
        *,
        limit: int = 20,
        start: int | None = None,
        reverse: bool = False,
    ) -> tuple[list[int], int]:
        """Like :meth:`find`, the numbers of the batches with any matching task."""
        where, values = _write_filter(wanted or TaskFilter())
        where += " AND batch IS NOT NULL"
        order, side = ("ASC", ">=") if reverse else ("DESC", "<=")
        page, paged = where, list(values)
        if start is not None:
            page, paged = f"{where} AND batch {side} ?", [*values, start]
        with self._database.read() as db:
            (total,) = db.execute(
                f"SELECT count(DISTINCT batch) FROM tasks WHERE {where}", values
            ).fetchone()
            rows = db.execute(
                f"SELECT DISTINCT batch FROM tasks WHERE {page} ORDER BY batch {order} LIMIT ?",
                [*paged, limit],
            ).fetchall()
        return [batch for (batch,) in rows], total

    def count(self) -> dict[tuple[str, Status], int]:
        """The number of tasks per index and status."""
        with self._database.read() as db:
            rows = db.execute(
                "SELECT index_name, status, count(*) FROM tasks GROUP BY index_name, status"
            ).fetchall()
        return {(index, Status(status)): count for index, status, count in rows}

    def count_by_status(self) -> dict[Status, int]:
        """The number of tasks per status."""
        with self._database.read() as db:
            rows = db.execute("SELECT status, count(*) FROM tasks GROUP BY status").fetchall()
        return {Status(status): count for status, count in rows}

    def sum_up_waiting(self) -> tuple[int, str]:
        """(bytes of payload, time at which the oldest was added) of the unfinished tasks; the time
        is empty if there are none.
        """
        with self._database.read() as db:
            size, oldest = db.execute(
                "SELECT coalesce(sum(payload_bytes), 0), coalesce(min(enqueued_at), '') "
                f"FROM tasks WHERE {_ACTIVE}"
            ).fetchone()
        return int(size), str(oldest)

    # --- waiting

    def wait_for(self, uid: int, seconds: float) -> Task:
        """The task once it is finished, or in its state after ``seconds``. Raises TaskNotFound."""
        until = time.monotonic() + seconds
        for task in self.watch(uid):
            left = until - time.monotonic()
            if task.is_finished or left <= 0:
                return task
            time.sleep(min(LOOK_SECONDS, left))
        raise AssertionError("watching does not end")

    def watch(self, uid: int) -> Iterator[Task]:
        """The task at each check. Raises TaskNotFound."""
        while True:
            yield self.get(uid)

    @contextmanager
    def looking_out(self) -> Iterator[Lookout]:
        """Detects changes, also by this process."""
        with self._database.read() as db:
            yield Lookout(db)


class Lookout:
    """Whether another connection has changed the file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._seen: int | None = None

    def sees_change(self) -> bool:
        """Whether there was a change since the last check; true at the first."""
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        seen, self._seen = self._seen, version
        return bool(seen != version)


def take_number(db: sqlite3.Connection, name: str) -> int:
    """The next number of the sequence ``name``, from 0; call inside a transaction."""
    (number,) = db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    db.execute("UPDATE facts SET value = ? WHERE name = ?", (number + 1, name))
    return int(number)


def delete_finished(db: sqlite3.Connection, uids: Collection[int]) -> int:
    """Delete those of the tasks that are finished; return their number. Call inside a
    transaction.
    """
    among = (write_list(uids),)
    finished = f"SELECT uid FROM tasks WHERE {_FINISHED} AND uid {AMONG}"
    for table in ("payloads", "items"):
        db.execute(f"DELETE FROM {table} WHERE uid IN ({finished})", among)
    return db.execute(f"DELETE FROM tasks WHERE uid IN ({finished})", among).rowcount


def read_task(row: Sequence[Any]) -> Task:
    """The task of a row with :data:`COLUMNS`."""
    uid, index, kind, status, details, error, canceled_by, batch, *times = row
    return Task(
        uid,
        index,
        kind,
        Status(status),
        orjson.loads(details),
        None if error is None else orjson.loads(error),
        canceled_by,
        batch,
        *times,
    )


def _write_filter(wanted: TaskFilter) -> tuple[str, list[Any]]:
    """An SQL condition and its values."""
    parts = ["1"]
    values: list[Any] = []
    for name, column in _LISTS.items():
        allowed = getattr(wanted, name)
        if allowed:
            parts.append(f"{column} {AMONG}")
            values.append(write_list(allowed))
    for name in _TIMES:
        for side, comparison in (("after", ">"), ("before", "<")):
            bound = getattr(wanted, f"{side}_{name}")
            if bound is not None:
                # Tasks that have not reached this state have no time.
                parts.append(f"{name}_at != '' AND {name}_at {comparison} ?")
                values.append(bound)
    return " AND ".join(parts), values


def write_list(values: Collection[Any]) -> str:
    """``values`` as the single value that :data:`AMONG` takes."""
    return orjson.dumps(list(values)).decode()
