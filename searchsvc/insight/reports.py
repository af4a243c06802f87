"""What do the recorded searches say? Each report is one question about an index and a time.

A *search* is a first page: further pages of it are not counted again, but clicks there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from indexer.errors import IndexerError
from searchsvc.insight.record import CLICK, write_time
from searchsvc.insight.store import Store

#: What each unit of a time span has in milliseconds.
_UNITS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_SPAN = re.compile(r"([1-9]\d{0,4})([mhdw])")
#: As long as searches can be kept.
_MOST_DAYS = 3_650
MOST_ROWS = 1_000

#: Times at most this long are shown by hours, longer ones by days.
_HOURLY_MS = 2 * _UNITS["d"]
#: Positions that are counted one by one.
POSITIONS = 10

Row = dict[str, Any]


class InvalidSpan(IndexerError):
    """A time span cannot be read."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text[:40]!r} is no time span: write minutes, hours, days or weeks as 90m, 24h, 7d, "
            f"2w, at most {_MOST_DAYS}d."
        )


def read_span(text: str) -> int:
    """The milliseconds of a time span. Raises InvalidSpan.

    >>> read_span("24h")
    86400000
    """
    found = _SPAN.fullmatch(text.strip().lower())
    span = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 0 < span <= _MOST_DAYS * _UNITS["d"]:
        raise InvalidSpan(text)
    return span


@dataclass(frozen=True, slots=True)
class Scope:
    """The searches of the index called ``index`` from ``since`` until ``until``, in milliseconds
    since 1970.
    """

    index: str
    since: int
    until: int

    @property
    def values(self) -> tuple[str, int, int]:
        return self.index, self.since, self.until


class Bar(NamedTuple):
    """An hour or a day: its beginning, searches, those without hits, and those with a click."""

    began: datetime
    searches: int
    none: int
    clicked: int


#: Searches in the scope, with whether one of their hits was opened.
_SEARCHES = f"""
WITH searches AS (
    SELECT q.*, EXISTS (
        SELECT 1 FROM ubi_events e WHERE e.query_id = q.query_id AND e.action_name = '{CLICK}'
    ) AS clicked
    FROM ubi_queries q
    WHERE indexes = ? AND timestamp >= ? AND timestamp < ? AND NOT as_you_type
), firsts AS (SELECT * FROM searches WHERE page = 1)
"""
#: Makes SQLite take the other columns of a group from its newest row.
_NEWEST = "max(number)"
_TYPED = "firsts WHERE normal != ''"


class Reports:
    """The reports on what ``store`` holds. Every method raises DatabaseUnusable."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def _select(self, scope: Scope, select: str, *values: object) -> list[Row]:
        with self._store.read() as db:
            found = db.execute(_SEARCHES + select, (*scope.values, *values))
            names = [column[0] for column in found.description]
            rows = [dict(zip(names, row, strict=True)) for row in found]
        for row in rows:
            row.pop(_NEWEST, None)
            if "last" in row:
                row["last"] = write_time(row["last"])
        return rows

    # --- lists of queries

    def top(self, scope: Scope, limit: int) -> list[Row]:
        """The most frequent queries: how often searched, hits at the last time, searches after
        which a hit was opened, and the mean position of the hits opened.
        """
        return self._select(
            scope,
            f"""SELECT user_query AS query, normal, count(*) AS searches, total,
                timestamp AS last, max(number),
                sum(clicked) AS clicked, round(1.0 * sum(clicked) / count(*), 3) AS click_rate
                FROM {_TYPED} GROUP BY normal ORDER BY searches DESC, normal LIMIT ?""",
            limit,
        )

    def no_results(self, scope: Scope, limit: int) -> list[Row]:
        """The most frequent queries that found nothing the last time, without filters."""
        return self._select(
            scope,
            f"""SELECT user_query AS query, normal, count(*) AS searches, total,
                timestamp AS last, max(number)
                FROM {_TYPED} AND filters = '' GROUP BY normal HAVING total = 0
                ORDER BY searches DESC, normal LIMIT ?""",
            limit,
        )

    def zero_click(self, scope: Scope, limit: int) -> list[Row]:
        """The most frequent queries that found something, of which no hit was opened."""
        return self._select(
            scope,
            """SELECT user_query AS query, sum(page = 1) AS searches, total,
                timestamp AS last, max(number) FROM (SELECT * FROM searches WHERE normal != '')
                GROUP BY normal HAVING total > 0 AND NOT sum(clicked) AND searches
                ORDER BY searches DESC, normal LIMIT ?""",
            limit,
        )

    def slow(self, scope: Scope, limit: int) -> list[Row]:
        """The queries whose slowest search took longest."""
        return self._select(
            scope,
            """SELECT user_query AS query, count(*) AS searches, max(took_ms) AS slowest_ms,
                round(avg(took_ms), 2) AS mean_ms, total
                FROM searches GROUP BY normal ORDER BY slowest_ms DESC, normal LIMIT ?""",
            limit,
        )

    def clicks(self, scope: Scope, limit: int) -> list[Row]:
        """The articles opened most often after a query, with their mean position in its hits."""
        return self._select(
            scope,
            f"""SELECT user_query AS query, object_id, count(*) AS clicks,
                round(avg(ordinal), 1) AS mean_position, searches.timestamp AS last, max(number)
                FROM searches JOIN ubi_events USING (query_id)
                WHERE action_name = '{CLICK}' AND normal != ''
                GROUP BY normal, object_id ORDER BY clicks DESC, normal, object_id LIMIT ?""",
            limit,
        )

    # --- figures

    def summary(self, scope: Scope) -> Row:
        """Numbers of searches, of those without hits and those with a click, the median and the
        95th percentile of their time, and how many could not be recorded.
        """
        (found,) = self._select(
            scope,
            """SELECT count(*) AS searches, coalesce(sum(total = 0), 0) AS no_results,
                coalesce(sum(clicked), 0) AS clicked,
                coalesce(sum(notes LIKE '%corrected%'), 0) AS corrected,
                count(DISTINCT normal) AS queries FROM firsts""",
        )
        with self._store.read() as db:
            (dropped,) = db.execute("SELECT value FROM facts WHERE name = 'dropped'").fetchone()
        searches = found["searches"]
        return {
            **found,
            "median_ms": self._percentile(scope, searches, 0.5),
            "slow_ms": self._percentile(scope, searches, 0.95),
            "dropped": dropped,
        }

    def _percentile(self, scope: Scope, count: int, part: float) -> float:
        found = self._select(
            scope,
            "SELECT took_ms FROM firsts ORDER BY took_ms LIMIT 1 OFFSET ?",
            int(count * part),
        )
        return float(found[0]["took_ms"]) if found else 0.0

    def over_time(self, scope: Scope) -> list[Bar]:
        """Each hour, or of longer times each day, by the clock of this machine."""
        hourly = scope.until - scope.since <= _HOURLY_MS
        form = "%Y-%m-%dT%H:00:00" if hourly else "%Y-%m-%d"
        rows = self._select(
            scope,
            """SELECT strftime(?, timestamp / 1000, 'unixepoch', 'localtime') AS began,
                count(*) AS searches, sum(total = 0) AS none, sum(clicked) AS clicked
                FROM firsts GROUP BY began""",
            form,
        )
        found = {row["began"]: (row["searches"], row["none"], row["clicked"]) for row in rows}
        return [
            Bar(began, *found.get(began.strftime(form), (0, 0, 0)))
            for began in _list_beginnings(scope, hourly=hourly)
        ]

    def positions(self, scope: Scope) -> list[int]:
        """The clicks on each of the first :data:`POSITIONS` positions, and on later ones
        together.
        """
        rows = self._select(
            scope,
            f"""SELECT min(ordinal, {POSITIONS + 1}) AS place, count(*) AS clicks
                FROM searches JOIN ubi_events USING (query_id)
                WHERE action_name = '{CLICK}' GROUP BY place""",
        )
        found = {row["place"]: row["clicks"] for row in rows}
        return [found.get(place, 0) for place in range(1, POSITIONS + 2)]


def _list_beginnings(scope: Scope, *, hourly: bool) -> list[datetime]:
    """The local hours or days that the scope touches, in order."""
    step = timedelta(hours=1) if hourly else timedelta(days=1)
    now = datetime.fromtimestamp(scope.since / 1000)
    last = datetime.fromtimestamp((scope.until - 1) / 1000)
    now = now.replace(minute=0, second=0, microsecond=0)
    if not hourly:
        now = now.replace(hour=0)
    beginnings = []
    while now <= last:
        beginnings.append(now)
        now += step
    return beginnings


#: The lists of queries, by the names of commands and addresses.
LISTS: dict[str, Callable[[Reports, Scope, int], list[Row]]] = {
    "top": Reports.top,
    "no-results": Reports.no_results,
    "clicks": Reports.clicks,
    "slow": Reports.slow,
    "zero-click": Reports.zero_click,
}


def open_scope(store: Store, index: str, span: str) -> Scope:
    """The last ``span`` of an index. Raises InvalidSpan."""
    now = store.read_clock() + 1
    return Scope(index, now - read_span(span), now)
