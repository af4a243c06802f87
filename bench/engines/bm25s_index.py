"""bm25s: scores worked out while indexing, kept in sparse matrices, summed with numpy.

It scores and does no more, so phrases, conjunctions, prefixes and snippets are left out. Filter,
counts and page are what a user of the library would write around it with numpy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bm25s
import numpy as np

from bench.engines.base import MOST_VALUES, PAGE, Found, InFolder
from bench.records import Record, list_records, write_month
from bench.workload import BenchQuery
from indexer.engine.base import AnalysedBatch


class Bm25sDriver(InFolder):
    """Articles are kept in memory until the end of indexing: the library wants them all at once."""

    index_of = "bm25s"
    lacks = frozenset({"and", "phrase", "prefix", "snippets"})

    def start_build(self, folder: Path) -> None:
        self._folder = folder
        self._vocabulary: dict[str, int] = {}
        self._tokens: list[list[int]] = []
        self._records: list[Record] = []

    def convert(self, batch: AnalysedBatch) -> list[Record]:
        return list(list_records(batch))

    def add(self, converted: list[Record]) -> None:
        numbers = self._vocabulary
        for record in converted:
            self._tokens.append(
                [numbers.setdefault(word, len(numbers)) for word in record.text.split()]
            )
        self._records.extend(converted)

    def finish_build(self) -> None:
        index = bm25s.BM25(backend="numba")
        index.index((self._tokens, self._vocabulary), show_progress=False)
        corpus = [{"id": one.id, "title": one.title, "text": one.text} for one in self._records]
        index.save(self._folder, corpus=corpus, show_progress=False)
        for name in ("category", "source"):
            values, codes = np.unique(
                [getattr(one, name) for one in self._records], return_inverse=True
            )
            np.save(self._folder / f"{name}-values.npy", values)
            np.save(self._folder / f"{name}-codes.npy", codes.astype(np.int32))
        months = np.array([one.month for one in self._records], np.int32)
        np.save(self._folder / "months.npy", months)

    def open(self, folder: Path) -> None:
        self._index = bm25s.BM25.load(folder, load_corpus=True, mmap=True, show_progress=False)
        self._columns: dict[str, Any] = {
            name: (np.load(folder / f"{name}-values.npy"), np.load(folder / f"{name}-codes.npy"))
            for name in ("category", "source")
        }
        self._months = np.load(folder / "months.npy")

    def search(self, query: BenchQuery) -> Found:
        scores = self._index.get_scores(list(query.coded))
        if query.category:
            values, codes = self._columns["category"]
            scores = scores * (codes == np.searchsorted(values, query.category))
        matching = np.flatnonzero(scores > 0)
        end = min(query.offset + PAGE, len(matching))
        best = matching
        if end < len(matching):
            best = matching[np.argpartition(-scores[matching], end)[:end]]
        best = best[np.argsort(-scores[best], kind="stable")][query.offset : end]
        hits = []
        for number in best.tolist():
            stored = self._index.corpus[number]
            hits.append((stored["id"], stored["title"], ""))
        return Found(len(matching), hits, self._count(matching, query))

    def close(self) -> None:
        """The arrays are unmapped with their last use."""

    def _count(self, matching: Any, query: BenchQuery) -> dict[str, list[tuple[str, int]]]:
        facets: dict[str, list[tuple[str, int]]] = {}
        for name in query.facets:
            values, codes = self._columns[name]
            counts = np.bincount(codes[matching], minlength=len(values))
            order = np.lexsort((np.arange(len(counts)), -counts))[: MOST_VALUES + 1]
            rows = [(str(values[code]), int(counts[code])) for code in order.tolist()]
            facets[name] = [row for row in rows if row[0] and row[1]][:MOST_VALUES]
        if query.histogram:
            months, counts = np.unique(self._months[matching], return_counts=True)
            facets["month"] = [
                (write_month(month), count)
                for month, count in zip(months.tolist(), counts.tolist(), strict=True)
                if month
            ]
        return facets
