"""SQLite's full-text index, FTS5, from the standard library."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bench.engines.base import MOST_VALUES, PAGE, Found, InFolder
from bench.records import Record, list_records, write_month
from bench.workload import BenchQuery
from indexer.engine.base import AnalysedBatch

TABLES = """
CREATE TABLE articles (number INTEGER PRIMARY KEY, id TEXT UNIQUE, title TEXT,
                       category TEXT, source TEXT, month INTEGER);
CREATE VIRTUAL TABLE texts USING fts5(text);
"""
JOINED = "FROM texts JOIN articles ON articles.number = texts.rowid WHERE texts MATCH ?"


class Fts5Driver(InFolder):
    """One table for the text, one for the rest, joined by row number; counts by GROUP BY."""

    index_of = "fts5"
    lacks: frozenset[str] = frozenset()

    def start_build(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "articles.sqlite")
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.executescript(TABLES)
        self._count_added = 0

    def convert(self, batch: AnalysedBatch) -> list[Record]:
        return list(list_records(batch))

    def add(self, converted: list[Record]) -> None:
        first = self._count_added
        self._database.executemany(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)",
            (
                (number, one.id, one.title, one.category or None, one.source or None, one.month)
                for number, one in enumerate(converted, first)
            ),
        )
        self._database.executemany(
            "INSERT INTO texts (rowid, text) VALUES (?, ?)",
            ((number, one.text) for number, one in enumerate(converted, first)),
        )
        self._count_added += len(converted)

    def finish_build(self) -> None:
        self._database.commit()
        self._database.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        self._database.commit()
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._database.close()

    def open(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "articles.sqlite")
        self._database.execute("PRAGMA mmap_size = 30000000000")

    def search(self, query: BenchQuery) -> Found:
        match = write_match(query)
        only = " AND category = ?" if query.category else ""
        values = (match, query.category) if query.category else (match,)
        if query.category:
            counted = f"SELECT count(*) {JOINED}{only}"
        else:
            counted = "SELECT count(*) FROM texts WHERE texts MATCH ?"
        (total,) = self._database.execute(counted, values).fetchone()
        shown = "snippet(texts, 0, '<mark>', '</mark>', '…', 30)" if query.snippets else "''"
        hits = self._database.execute(
            f"SELECT id, title, {shown} {JOINED}{only} ORDER BY rank LIMIT ? OFFSET ?",
            (*values, PAGE, query.offset),
        ).fetchall()
        facets: dict[str, list[tuple[str, int]]] = {}
        for name in query.facets:
            facets[name] = self._database.execute(
                f"SELECT {name}, count(*) AS n {JOINED} AND {name} IS NOT NULL "
                f"GROUP BY {name} ORDER BY n DESC, {name} LIMIT {MOST_VALUES}",
                values,
            ).fetchall()
        if query.histogram:
            rows = self._database.execute(
                f"SELECT month, count(*) {JOINED} AND month > 0 GROUP BY month ORDER BY month",
                values,
            )
            facets["month"] = [(write_month(month), count) for month, count in rows]
        return Found(total, hits, facets)

    def close(self) -> None:
        self._database.close()


def write_match(query: BenchQuery) -> str:
    """The query in FTS5's language."""
    if query.kind == "phrase":
        return '"' + " ".join(query.coded) + '"'
    words = [f'"{word}"' for word in query.coded]
    if query.kind == "prefix":
        words[-1] += "*"
    return " AND ".join(words) if query.kind in ("and", "prefix", "term") else " OR ".join(words)
