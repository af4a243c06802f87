"""How is a row's question run? Through the service's own path, on the row's day."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from indexer.article import Article
from indexer.calendar import find_today
from indexer.engine.base import Engine
from indexer.errors import ArticleNotFound
from indexer.language.analyzer import Analyzer
from searchsvc.evaluation.expectations.rows import MOST_HITS, Expectation
from searchsvc.limits import MAX_DEPTH
from searchsvc.query.ranking import rank_today
from searchsvc.request import SearchHit, SearchRequest, SearchResponse
from searchsvc.search import run_search
from searchsvc.suggest import Suggestion, suggest


class Miss(NamedTuple):
    """A property that does not hold: its key, what was wanted and what was seen."""

    key: str
    wanted: str
    seen: str


@dataclass(frozen=True)
class Searcher:
    """The search as the service runs it, with recency decay and the site's dictionary."""

    engine: Engine
    analyzer: Analyzer
    half_life_days: float = 0.0
    recency_weight: float = 0.0
    suggest_limit: int = 8

    def search(self, request: SearchRequest, today: date | None) -> SearchResponse:
        """The response on that day."""
        day = today or find_today()
        ranking = rank_today(self.half_life_days, self.recency_weight, today=day)
        return run_search(self.engine, request, analyzer=self.analyzer, ranking=ranking, today=day)

    def suggest(self, typed: str) -> list[Suggestion]:
        """The suggestions for the text ``typed``."""
        return suggest(self.engine, typed, self.suggest_limit, analyzer=self.analyzer)

    def read(self, article_id: str) -> Article:
        """The article. Raises ArticleNotFound."""
        with self.engine.snapshot() as snapshot:
            ref = snapshot.find(article_id)
            if ref is None:
                raise ArticleNotFound(article_id)
            return snapshot.article(ref)


@dataclass
class Answered:
    """An expectation's answer, and whatever comparing it needs. Each question is run once."""

    expectation: Expectation
    searcher: Searcher
    _asked: dict[str, SearchResponse] = field(default_factory=dict)

    @property
    def response(self) -> SearchResponse:
        """The answer to the question itself."""
        return self.ask(self.expectation.question)

    @property
    def best(self) -> list[SearchHit]:
        """The first hits, up to the depth of the row."""
        return self.response.hits[: self.expectation.depth]

    def ask(self, question: str) -> SearchResponse:
        """The answer to ``question`` with the row's parameters."""
        if question not in self._asked:
            request = self.expectation.make_request(question)
            self._asked[question] = self.searcher.search(request, self.expectation.today)
        return self._asked[question]

    def find_all(self, question: str) -> frozenset[str]:
        """The ids of all hits for ``question``, as far as paging allows."""
        request = self.expectation.make_request(question)
        first = replace(request, page=1, per_page=MOST_HITS, collapse=False)
        pages = min(-(-self.ask(question).total // MOST_HITS), MAX_DEPTH // MOST_HITS)
        return frozenset(
            hit.id
            for page in range(1, pages + 1)
            for hit in self.searcher.search(replace(first, page=page), self.expectation.today).hits
        )
