"""How does a request become a response? The one path for HTTP and command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from math import log

from indexer.article import Article, Summary
from indexer.engine.base import (
    NO_PASSAGE,
    Answer,
    Clause,
    Engine,
    Form,
    Hit,
    Passage,
    Query,
    Ranking,
    Snapshot,
    Term,
    Word,
)
from indexer.errors import ArticleNotFound
from indexer.ingest.own_values import show_own, tidy
from indexer.language.analyzer import Analyzer
from indexer.language.stopwords import load_stopwords
from indexer.loading import read_clock
from indexer.own_fields.declaration import OwnFields
from searchsvc.highlight import bound_passage, highlight_title, make_snippet
from searchsvc.limits import DEFAULT_SNIPPET, MAX_ALSO
from searchsvc.query.answer_shape import ARTICLE_FIELDS
from searchsvc.query.context import SearchContext, open_context
from searchsvc.query.notes import note_answer
from searchsvc.query.parts import NOTHING
from searchsvc.query.plan import Plan
from searchsvc.query.ranking import DEFAULT_RANKING
from searchsvc.query.rerank import explain_standing
from searchsvc.query.understand import Understood, understand
from searchsvc.request import Copy, FacetCount, SearchHit, SearchRequest, SearchResponse

#: Significant terms by which articles are compared, and how many of them a related article must
#: share.
TELLING_WORDS = 16
MIN_SHARED_WORDS = 3
#: The length of an article's beginning in characters.
LEAD_CHARACTERS = 800
#: The relative error allowed between a score and the sum of its parts.
_ROUNDING = 1e-4


def run_search(
    engine: Engine,
    request: SearchRequest,
    *,
    analyzer: Analyzer,
    ranking: Ranking = DEFAULT_RANKING,
    without: frozenset[str] = NOTHING,
    today: date | None = None,
) -> SearchResponse:
    """The response to ``request``, all of it from one generation.

    ``without``: parts of query understanding to disable, for measuring
    (:mod:`searchsvc.query.parts`). ``today``: the day that *kemarin* counts from, if not the
    current one. ``took_ms`` is the time from the opened index to the finished response, without
    loading. Raises what the engine raises.
    """
    with engine.snapshot() as snapshot:
        context = open_context(engine, snapshot, analyzer=analyzer, without=without, today=today)
        began = read_clock()
        found = understand(request, context, ranking=ranking)
        plan, answer = found.plan, found.answer
        notes = note_answer(found, context)
        response = SearchResponse(
            query=request.q,
            total=answer.total,
            stories=answer.stories,
            page=request.page,
            per_page=request.per_page,
            pages=-(-answer.stories // request.per_page),
            took_ms=0.0,
            hits=show_hits(found, context, request),
            facets=show_facets(request, answer, plan, context.fields),
            notes=notes,
            statistics=show_statistics(request, answer, context.fields),
            shape=request.shape,
        )
    response.took_ms = round((read_clock() - began) * 1000, 2)
    return response


def show_hits(found: Understood, context: SearchContext, request: SearchRequest) -> list[SearchHit]:
    """The hits found, each with its article, with matches marked, and explained if requested."""
    snapshot = context.snapshot
    hits = found.answer.hits
    refs = [hit.ref for hit in hits]
    more = [name for name in request.shape.select if name in ARTICLE_FIELDS]
    if request.highlight or more or context.fields.fields:
        articles = snapshot.articles(refs)
        shown = list(map(partial(describe_hit, snapshot), hits, articles))
        if request.highlight:
            characters = request.snippet_length
            bounds = [bound_passage(article.body, characters) for article in articles]
            passages = snapshot.passages(refs, found.plan.words, bounds)
            for one, article, passage in zip(shown, articles, passages, strict=True):
                mark_hit(one, article, passage, characters=characters)
        for one, article in zip(shown, articles, strict=True):
            add_fields(one, article, context.fields, more)
    else:
        shown = list(map(partial(describe_hit, snapshot), hits, snapshot.summaries(refs)))
    for one, hit in zip(shown, hits, strict=True):
        one.pinned = hit.ref in found.pinned
        if request.explain:
            explain_hit(one, hit, found, snapshot)
    return shown


def explain_hit(shown: SearchHit, hit: Hit, found: Understood, snapshot: Snapshot) -> None:
    """Add how the score came about, and how much text the hit shares with its copies."""
    rows = snapshot.explain(hit.ref, found.plan.query)
    gained = hit.score - sum(row.score for row in rows)
    if gained > _ROUNDING * hit.score:
        rows.append(explain_standing(gained, hit.score))
    shown.explain = [{**asdict(row), "form": row.form.name.lower()} for row in rows]
    for copy, ref in zip(shown.also, hit.also, strict=False):
        copy.alike = round(snapshot.resemblance(hit.ref, ref), 2)


def describe_hit(snapshot: Snapshot, hit: Hit, summary: Summary | Article) -> SearchHit:
    """The hit as returned, without what :func:`mark_hit` and :func:`add_fields` add."""
    return SearchHit(
        id=summary.id,
        title=summary.title,
        title_html="",
        snippet_html="",
        url=summary.url,
        source=summary.source,
        published_at=summary.published_at,
        category=summary.category,
        tags=summary.tags,
        authors=summary.authors,
        agency=summary.agency,
        place=summary.place,
        image=summary.image,
        score=round(hit.score, 4),
        also=[describe_copy(snapshot.summary(ref)) for ref in hit.also[:MAX_ALSO]],
        also_total=len(hit.also),
    )


def mark_hit(
    shown: SearchHit,
    article: Article,
    passage: Passage,
    *,
    characters: int = DEFAULT_SNIPPET,
) -> None:
    """Add the title and a snippet of the body as HTML, with the matches of ``passage`` marked."""
    shown.title_html = highlight_title(article.title, passage.in_title)
    shown.snippet_html = make_snippet(article.body, passage, characters=characters)


def add_fields(
    shown: SearchHit, article: Article, fields: OwnFields, more: Sequence[str] = ()
) -> None:
    """Add the site's own ``fields``, and ``more`` fields of the article that hits usually lack."""
    shown.more = {name: getattr(article, name) for name in more} if more else None
    shown.fields = show_own(article, fields) if fields.fields else None


def describe_copy(summary: Summary) -> Copy:
    """An article as listed under another that tells the same story."""
    return Copy(summary.id, summary.title, summary.url, summary.source, summary.published_at)


def related_articles(
    engine: Engine, article_id: str, limit: int = 5, *, analyzer: Analyzer
) -> list[SearchHit]:
    """At most ``limit`` other articles about the same subject, nearest first.

    Those that share the most significant terms of the article's title and beginning; only the
    nearest of articles that tell one story in the same words, and none that tells its own. Raises
    ArticleNotFound.
    """
    with engine.snapshot() as snapshot:
        ref = snapshot.find(article_id)
        if ref is None:
            raise ArticleNotFound(article_id)
        context = open_context(engine, snapshot, analyzer=analyzer)
        clauses = choose_telling(context, snapshot.article(ref))
        if not clauses:
            return []
        minimum = min(MIN_SHARED_WORDS, len(clauses))
        query = Query(clauses, minimum=minimum, few=0, limit=limit + 1, collapse=True)
        answer = snapshot.search(query)
        return [
            show_related(snapshot, hit, engine.fields)
            for hit in answer.hits
            if ref not in (hit.ref, *hit.also)
        ][:limit]


def show_related(snapshot: Snapshot, hit: Hit, fields: OwnFields) -> SearchHit:
    """A related article as a hit without marks: its snippet is its beginning."""
    article = snapshot.article(hit.ref)
    shown = describe_hit(snapshot, hit, article)
    mark_hit(shown, article, NO_PASSAGE)
    add_fields(shown, article, fields)
    return shown


def choose_telling(context: SearchContext, article: Article) -> tuple[Clause, ...]:
    """The article's significant terms, which are frequent in it and rare elsewhere, most
    significant first.
    """
    stopwords = load_stopwords() | context.dictionary.stopwords
    counts: Counter[str] = Counter()
    for text, times in ((article.title, 2), (article.body[:LEAD_CHARACTERS], 1)):
        for token, stem in context.analyzer.analyse_text(text):
            if token.text not in stopwords and len(stem) > 1:
                counts[stem] += times
    total = context.snapshot.document_count()
    weighed = []
    for stem, count in counts.items():
        documents = context.count(stem, Form.STEM)
        # A word that no other article has finds none.
        if documents > 1:
            idf = log(1 + (total - documents + 0.5) / (documents + 0.5))
            weighed.append((count / (count + 1) * idf, stem))
    weighed.sort(reverse=True)
    return tuple(
        Clause((Word(stem, (Term(stem, Form.STEM),), boost=weight),))
        for weight, stem in weighed[:TELLING_WORDS]
    )


def show_facets(
    request: SearchRequest, answer: Answer, plan: Plan, fields: OwnFields
) -> dict[str, list[FacetCount]]:
    """The counts, with the labels selected by the query marked."""
    columns = {name: fields.column(name) for name in request.facets}
    return {
        name: [
            FacetCount(value, count, value in plan.selected.get(column, ()))
            for value, count in answer.facets[column]
        ]
        for name, column in columns.items()
        if column in answer.facets
    }


def show_statistics(
    request: SearchRequest, answer: Answer, fields: OwnFields
) -> dict[str, dict[str, float]]:
    """The statistics of the matching articles' numbers; only a count if there are none."""
    shown: dict[str, dict[str, float]] = {}
    for name in request.facets:
        found = answer.statistics.get(fields.column(name))
        if found is not None:
            shown[name] = {"count": found.count}
            if found.count:
                shown[name] |= {
                    "min": tidy(found.least),
                    "max": tidy(found.greatest),
                    "mean": found.total / found.count,
                    "sum": tidy(found.total),
                }
    return shown
