"""Where are searches and events kept? In one SQLite file beside the indexes, bounded in age, rows
and bytes.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from searchsvc.database import Database
from searchsvc.insight.normal import mask_filters, mask_personal, normalise
from searchsvc.insight.record import CLICK, MOST_SHOWN, Event, Searched

FILE = "insight.sqlite"
#: Queries are nobody else's business.
_MODE = 0o600

DAY_MS = 86_400_000
#: How long the results of a keystroke wait for their reader to stay with them.
AS_YOU_TYPE_MS = 3_600_000
#: Deletions of one transaction, so that others need not wait long.
_AT_A_TIME = 5_000
#: The part of the rows that is deleted where there are too many bytes.
_BYTES_STEP = 0.1

_SCHEMA = """
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS ubi_queries (
    number INTEGER PRIMARY KEY,
    query_id TEXT NOT NULL UNIQUE,
    timestamp INTEGER NOT NULL,
    application TEXT NOT NULL,
    indexes TEXT NOT NULL,
    user_query TEXT NOT NULL,
    normal TEXT NOT NULL,
    total INTEGER NOT NULL,
    page INTEGER NOT NULL,
    first_ordinal INTEGER NOT NULL,
    took_ms REAL NOT NULL,
    filters TEXT NOT NULL,
    notes TEXT NOT NULL,
    shown TEXT NOT NULL,
    as_you_type INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS by_time ON ubi_queries (timestamp);
CREATE TABLE IF NOT EXISTS ubi_events (
    query_id TEXT NOT NULL,
    action_name TEXT NOT NULL,
    object_id TEXT NOT NULL,
    timestamp INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (query_id, action_name, object_id)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS events_go_with_their_query AFTER DELETE ON ubi_queries BEGIN
    DELETE FROM ubi_events WHERE query_id = old.query_id;
END;
CREATE TABLE IF NOT EXISTS popular (
    indexes TEXT NOT NULL, normal TEXT NOT NULL, weight REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value);
INSERT OR IGNORE INTO facts VALUES ('secret', lower(hex(randomblob(32))));
INSERT OR IGNORE INTO facts VALUES ('dropped', 0);
INSERT OR IGNORE INTO facts VALUES ('popular', 0);
"""

_INSERT = (
    "INSERT OR IGNORE INTO ubi_queries (query_id, timestamp, application, indexes, user_query, "
    "normal, total, page, first_ordinal, took_ms, filters, notes, shown, as_you_type) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class Store:
    """The searches and events of the data folder ``folder``, the newest ``most_rows`` searches of
    the last ``days`` in about ``most_bytes``. Safe for threads and processes, including forked
    ones. Every method raises DatabaseUnusable.
    """

    def __init__(
        self,
        folder: Path,
        *,
        days: int = 90,
        most_rows: int = 1_000_000,
        most_bytes: int = 500_000_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.path = folder / FILE
        self._database = Database(self.path, _SCHEMA, durable=False, mode=_MODE)
        self._days = days
        self._most_rows = most_rows
        self._most_bytes = most_bytes
        self._clock = clock

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection, for reading."""
        with self._database.read() as db:
            yield db

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A connection, for one transaction."""
        with self._database.change() as db:
            yield db

    def read_clock(self) -> int:
        """The current time in milliseconds since 1970."""
        return int(self._clock() * 1000)

    def secret(self) -> bytes:
        """The secret that query ids are signed with, the same for all processes."""
        with self.read() as db:
            return bytes.fromhex(self._fact(db, "secret"))

    def close(self) -> None:
        """Close the connections that nobody uses; the next use opens one again."""
        self._database.close()

    @staticmethod
    def _fact(db: sqlite3.Connection, name: str) -> str:
        (value,) = db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(value)

    # --- writing

    def add(
        self, searches: Iterable[Searched], events: Sequence[Event], *, dropped: int = 0
    ) -> list[Event]:
        """Store searches and events; ``dropped`` counts those there was no room for.

        Returns the events whose search is not stored, or not yet: another process may be about to.
        An event of a hit that its search did not show is ignored, and so is a repeated one.
        """
        rows = [_write_row(one) for one in searches]
        with self.change() as db:
            db.executemany(_INSERT, rows)
            if dropped:
                db.execute("UPDATE facts SET value = value + ? WHERE name = 'dropped'", (dropped,))
            return [event for event in events if not _add_event(db, event)]

    def prune(self) -> None:
        """Delete what is too old, and the oldest of what is too much."""
        now = self.read_clock()
        oldest, unsettled = now - self._days * DAY_MS, now - AS_YOU_TYPE_MS
        self._delete("timestamp < ?", oldest)
        self._delete("as_you_type AND timestamp < ?", unsettled)
        with self.read() as db:
            (rows,) = db.execute("SELECT count(*) FROM ubi_queries").fetchone()
        excess = rows - self._most_rows
        if self.count_bytes() > self._most_bytes:
            excess = max(excess, int(rows * _BYTES_STEP) + 1)
        if excess > 0:
            self._delete(
                "number IN (SELECT number FROM ubi_queries ORDER BY number LIMIT ?)", excess
            )

    def _delete(self, condition: str, value: int) -> None:
        """Delete the searches that meet the condition, with their events."""
        with self.read() as db:
            numbers = db.execute(
                f"SELECT number FROM ubi_queries WHERE {condition}", (value,)
            ).fetchall()
        for start in range(0, len(numbers), _AT_A_TIME):
            with self.change() as db:
                db.executemany(
                    "DELETE FROM ubi_queries WHERE number = ?", numbers[start : start + _AT_A_TIME]
                )

    def clear(self) -> int:
        """Delete everything recorded, overwriting it; return how many searches there were."""
        with self.change() as db:
            deleted = db.execute("DELETE FROM ubi_queries").rowcount
            db.execute("DELETE FROM popular")
            db.execute("UPDATE facts SET value = 0 WHERE name IN ('popular', 'dropped')")
        with self.read() as db:
            # SQLite's log has what was written last, and keeps it while a service has it open.
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return deleted

    def count_bytes(self) -> int:
        """The bytes that what is stored occupies; deleted rows leave room that is used again."""
        with self.read() as db:
            (pages,) = db.execute("PRAGMA page_count").fetchone()
            (free,) = db.execute("PRAGMA freelist_count").fetchone()
            (size,) = db.execute("PRAGMA page_size").fetchone()
        return int((pages - free) * size)


def hash_id(article_id: str) -> str:
    """The 16 characters by which a shown article is recognised: enough that nobody finds another
    id with the same.
    """
    return blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _make_storable(text: str) -> str:
    """``text`` without lone surrogates, which are no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _write_row(searched: Searched) -> tuple[object, ...]:
    masked = mask_personal(_make_storable(searched.user_query))
    answered = searched.answered
    return (
        searched.query_id,
        searched.timestamp,
        searched.application,
        searched.index,
        masked,
        normalise(masked),
        answered.total,
        searched.page,
        searched.offset + 1,
        searched.took_ms,
        _make_storable(mask_filters(searched.filters)),
        " ".join(answered.notes),
        " ".join(map(hash_id, answered.shown[:MOST_SHOWN])),
        int(searched.as_you_type),
    )


def _add_event(db: sqlite3.Connection, event: Event) -> bool:
    """Store the event; whether its search is there."""
    row = db.execute(
        "SELECT shown, first_ordinal, as_you_type FROM ubi_queries WHERE query_id = ?",
        (event.query_id,),
    ).fetchone()
    if row is None:
        return False
    shown, first, as_you_type = row
    ordinal = 0
    if event.action_name == CLICK:
        hashes = shown.split()
        sought = hash_id(event.object_id)
        if sought not in hashes:
            return True
        ordinal = first + hashes.index(sought)
    db.execute(
        "INSERT OR IGNORE INTO ubi_events VALUES (?, ?, ?, ?, ?)",
        (
            event.query_id,
            event.action_name,
            _make_storable(event.object_id),
            event.timestamp,
            ordinal,
        ),
    )
    if as_you_type:
        db.execute("UPDATE ubi_queries SET as_you_type = 0 WHERE query_id = ?", (event.query_id,))
    return True
