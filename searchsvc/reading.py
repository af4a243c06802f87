"""What does a reader see of one article after a search? The whole text, with matches marked."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.article import Article
from indexer.engine.base import Engine, Occurrence
from indexer.errors import ArticleNotFound
from indexer.language.analyzer import Analyzer
from searchsvc.highlight import highlight_title, mark_paragraphs
from searchsvc.limits import MAX_ALSO
from searchsvc.query.context import open_context
from searchsvc.query.understand import understand
from searchsvc.request import Copy, SearchRequest
from searchsvc.search import describe_copy


@dataclass(frozen=True, slots=True)
class Reading:
    """``*_html`` is escaped except for ``<mark>``; paragraphs are in order, none empty. ``also``
    are the first of the ``also_total`` other articles that tell the same story.
    """

    article: Article
    title_html: str
    paragraphs_html: list[str]
    also: list[Copy]
    also_total: int


def read_article(engine: Engine, article_id: str, q: str = "", *, analyzer: Analyzer) -> Reading:
    """The article, marked where the query ``q`` matches as understood by a search. Raises
    ArticleNotFound.
    """
    with engine.snapshot() as snapshot:
        ref = snapshot.find(article_id)
        if ref is None:
            raise ArticleNotFound(article_id)
        article = snapshot.article(ref)
        copies = snapshot.copies(ref)
        also = [describe_copy(snapshot.summary(copy)) for copy in copies[:MAX_ALSO]]
        occurrences: list[Occurrence] = []
        if q:
            context = open_context(engine, snapshot, analyzer=analyzer)
            found = understand(SearchRequest(q=q, per_page=1), context)
            occurrences = snapshot.occurrences(ref, found.plan.words)
    return Reading(
        article,
        highlight_title(article.title, [one.start for one in occurrences if one.in_title]),
        mark_paragraphs(article.body, [one.start for one in occurrences if not one.in_title]),
        also,
        len(copies),
    )
