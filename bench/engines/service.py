"""Our whole search path on what a person typed: parse, analyse, plan, search, highlight."""

from __future__ import annotations

from pathlib import Path

from bench.engines.base import PAGE, Found
from bench.engines.embedded import EmbeddedDriver
from bench.workload import BenchQuery
from indexer.language.analyzer import Analyzer
from searchsvc.request import SearchRequest
from searchsvc.search import run_search


class ServiceDriver(EmbeddedDriver):
    """``run_search`` without HTTP. It understands a query: more alternatives, more matches."""

    lacks = frozenset({"phrase"})

    def open(self, folder: Path) -> None:
        super().open(folder)
        self._analyzer = Analyzer()

    def search(self, query: BenchQuery) -> Found:
        facets = query.facets + (("published_at",) if query.histogram else ())
        joint = " " if query.kind in ("term", "and", "prefix") else " OR "
        request = SearchRequest(
            q=joint.join(query.typed.split()),
            page=query.offset // PAGE + 1,
            per_page=PAGE,
            filters={"category": (query.category,)} if query.category else {},
            facets=facets,
            highlight=query.snippets,
        )
        response = run_search(self._engine, request, analyzer=self._analyzer)
        return Found(
            response.total,
            [(hit.id, hit.title, hit.snippet_html) for hit in response.hits],
            {
                name: [(count.value, count.count) for count in counts]
                for name, counts in response.facets.items()
            },
        )
