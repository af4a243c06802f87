"""What does the engine offer for a query that finds nothing? Its own corrections and neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.engine.base import Engine
from indexer.language.analyzer import Analyzer
from searchsvc.near_queries import find_near_queries
from searchsvc.request import SearchRequest
from searchsvc.search import run_search


class Offering:
    """Asks ``engine``, with the words of ``analyzer``."""

    def __init__(self, engine: Engine, analyzer: Analyzer) -> None:
        self._engine = engine
        self._analyzer = analyzer

    def count_hits(self, query: str) -> int:
        """The articles that the query finds."""
        asked = SearchRequest(q=query, per_page=1, highlight=False)
        return run_search(self._engine, asked, analyzer=self._analyzer).total

    def list_near(self, query: str) -> Iterator[str]:
        """Queries that the engine offers instead, then similar ones that find something."""
        asked = SearchRequest(q=query, per_page=1, highlight=False)
        response = run_search(self._engine, asked, analyzer=self._analyzer)
        for note in response.notes:
            if note.query:
                yield note.query
        for near, _ in find_near_queries(self._engine, asked, analyzer=self._analyzer):
            yield near
