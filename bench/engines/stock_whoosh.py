"""Whoosh as it comes: its own codec, writer, searcher and facets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh import fields, index, query, sorting
from whoosh.analysis import RegexTokenizer

from bench.engines.base import MOST_VALUES, PAGE, Found, InFolder
from bench.records import list_records, write_month
from bench.workload import BenchQuery
from indexer.engine.base import AnalysedBatch

MEMORY_MB = 256


def build_schema() -> fields.Schema:
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        title=fields.STORED,
        text=fields.TEXT(analyzer=RegexTokenizer(r"\S+"), phrase=True, stored=True),
        category=fields.ID(sortable=True),
        source=fields.ID(sortable=True),
        month=fields.ID(sortable=True),
    )


class StockWhooshDriver(InFolder):
    """One writer; sortable columns for the facets, which is Whoosh's own quick way."""

    index_of = "whoosh"
    lacks: frozenset[str] = frozenset()

    def start_build(self, folder: Path) -> None:
        self._writer = index.create_in(str(folder), build_schema()).writer(limitmb=MEMORY_MB)

    def convert(self, batch: AnalysedBatch) -> list[dict[str, str]]:
        return [
            {
                "id": record.id,
                "title": record.title,
                "text": record.text,
                "category": record.category,
                "source": record.source,
                "month": write_month(record.month) if record.month else "",
            }
            for record in list_records(batch)
        ]

    def add(self, converted: list[dict[str, str]]) -> None:
        for row in converted:
            self._writer.add_document(**row)

    def finish_build(self) -> None:
        self._writer.commit()

    def open(self, folder: Path) -> None:
        self._searcher = index.open_dir(str(folder)).searcher()

    def search(self, asked: BenchQuery) -> Found:
        names = [*asked.facets, *(["month"] if asked.histogram else [])]
        counted = {name: sorting.FieldFacet(name, maptype=sorting.Count) for name in names}
        results = self._searcher.search(
            build_query(asked),
            limit=asked.offset + PAGE,
            filter=query.Term("category", asked.category) if asked.category else None,
            groupedby=counted or None,
        )
        total = len(results)
        hits = []
        for hit in results[asked.offset : asked.offset + PAGE]:
            snippet = hit.highlights("text", top=1) if asked.snippets else ""
            hits.append((hit["id"], hit["title"], snippet))
        return Found(total, hits, {name: order(name, results.groups(name)) for name in names})

    def close(self) -> None:
        self._searcher.close()


def order(name: str, counts: dict[str, int]) -> list[tuple[str, int]]:
    """The counts as the benchmark compares them."""
    rows = [(value, count) for value, count in counts.items() if value]
    if name == "month":
        return sorted(rows)
    return sorted(rows, key=lambda row: (-row[1], row[0]))[:MOST_VALUES]


def build_query(asked: BenchQuery) -> Any:
    """The query as Whoosh's query objects."""
    if asked.kind == "phrase":
        return query.Phrase("text", list(asked.coded))
    words: list[Any] = [query.Term("text", word) for word in asked.coded]
    if asked.kind == "prefix":
        words[-1] = query.Prefix("text", asked.coded[-1])
    return query.And(words) if asked.kind in ("and", "prefix", "term") else query.Or(words)
