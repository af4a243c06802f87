"""Which recorded queries are suggested to readers? Those that several of them probably searched.

Nobody knows who searched, so different hours on different days stand in for different readers: a
query must have been searched in several hours of at least two days, and have found something the
last time. Each hour counts once, less the longer it is past, so that repeating a query in a row
gains nothing.
"""

from __future__ import annotations

from collections import defaultdict

from searchsvc.insight.normal import MASK, is_plain
from searchsvc.insight.store import DAY_MS, Store
from searchsvc.suggest.popular import MOST_POPULAR, PopularQueries

#: Longer queries are questions of one reader.
LONGEST_POPULAR = 60
_LEAST_DAYS = 2
_SINCE_MS = 30 * DAY_MS
#: Hours after which one counts half.
_HALF_HOURS = 168.0
#: How soon the queries are counted again, by whichever process comes first.
_STALE_MS = 300_000

_COUNT = f"""
WITH hours AS (
    SELECT indexes, normal, timestamp / 3600000 AS hour, total, max(number) AS newest
    FROM ubi_queries
    WHERE timestamp >= ? AND page = 1 AND NOT as_you_type AND filters = ''
        AND length(normal) BETWEEN 2 AND {LONGEST_POPULAR} AND NOT instr(user_query, '{MASK}')
    GROUP BY indexes, normal, hour
)
SELECT indexes, normal, total, max(newest),
    sum(1 / (1 + (? - hour) / {_HALF_HOURS})) AS weight
FROM hours GROUP BY indexes, normal
HAVING total > 0 AND count(*) >= ? AND count(DISTINCT hour / 24) >= {_LEAST_DAYS}
ORDER BY weight DESC
"""


def count_popular(store: Store, hours: int) -> None:
    """Count the popular queries anew, unless that was just done; ``hours``: in how many different
    ones a query must have been searched. Raises DatabaseUnusable.
    """
    now = store.read_clock()
    with store.read() as db:
        (counted,) = db.execute("SELECT value FROM facts WHERE name = 'popular'").fetchone()
        if not hours or 0 <= now - counted < _STALE_MS:
            return
        rows = db.execute(_COUNT, (now - _SINCE_MS, now // 3_600_000, hours)).fetchall()
    kept = [(index, normal, weight) for index, normal, _, _, weight in rows if is_plain(normal)]
    with store.change() as db:
        db.execute("UPDATE facts SET value = ? WHERE name = 'popular'", (now,))
        db.execute("DELETE FROM popular")
        db.executemany("INSERT INTO popular (indexes, normal, weight) VALUES (?, ?, ?)", kept)


def load_popular(store: Store) -> dict[str, PopularQueries]:
    """The queries counted last, by index. Raises DatabaseUnusable."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    with store.read() as db:
        (revision,) = db.execute("SELECT value FROM facts WHERE name = 'popular'").fetchone()
        rows = db.execute("SELECT indexes, normal, weight FROM popular ORDER BY weight DESC")
        for index, normal, weight in rows:
            if len(found[index]) < MOST_POPULAR:
                found[index].append((normal, weight))
    return {index: PopularQueries(queries, revision) for index, queries in found.items()}
