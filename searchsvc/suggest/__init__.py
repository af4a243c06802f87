"""What may a person be about to type? Words that continue or complete the query, and matching
titles.

Nothing is suggested that only one article says, or that has been typed already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from heapq import merge
from itertools import chain, islice, zip_longest

from indexer.engine.base import Engine, LabelFilter, Query
from indexer.language.analyzer import Analyzer
from indexer.language.tokens import tokenize
from searchsvc.limits import MAX_QUERY_CHARACTERS
from searchsvc.query.context import SearchContext, open_context
from searchsvc.query.offers import is_plain
from searchsvc.query.parse import parse_query
from searchsvc.suggest.beginning import Beginning, finish, read_beginning
from searchsvc.suggest.choosing import TITLES_READ, choose
from searchsvc.suggest.completing import is_finished, list_completions, list_together
from searchsvc.suggest.continuing import Candidate, list_continuations
from searchsvc.suggest.neighbours import LEAST_ARTICLES
from searchsvc.suggest.popular import NONE_POPULAR, PopularQueries
from searchsvc.suggest.slips import respell_fragment, respell_words
from searchsvc.suggest.suggestion import Suggestion, suggest_query
from searchsvc.suggest.titles import find_titles
from searchsvc.suggest.values import (
    finds_articles,
    list_labels,
    list_values,
    offers_values,
    write_label,
)
from searchsvc.suggest.words import find_stem

__all__ = ["Suggestion", "suggest"]

_SHORTEST_LABEL = 3
#: Facets whose labels are suggested for a prefix typed without a field name.
_LABELLED = ("authors", "tags", "source")
_MOST_LABELS = 2
_PLAIN = re.compile(r"[\w .'’-]+")


def suggest(
    engine: Engine,
    q: str,
    limit: int = 8,
    *,
    analyzer: Analyzer,
    popular: PopularQueries = NONE_POPULAR,
    today: date | None = None,
) -> list[Suggestion]:
    """At most ``limit`` suggestions for a query being typed, best first, without duplicates.

    Queries come first: ``popular`` ones that begin as typed; words that follow the typed words in
    several articles, or complete the last of them; the labels or days of a field; authors, tags and
    publishers with this prefix. Then articles whose title contains all of the words, in any
    inflection. At least half of the suggestions are titles if there are enough. One typo is
    tolerated if nothing begins as typed. Operators, quotation marks and earlier words are left as
    typed. Function words, and whatever the site's dictionary blocks, are not suggested. ``today``:
    the day that *kemarin* counts back from, if not the current one.
    """
    if limit < 1 or len(q) > MAX_QUERY_CHARACTERS:
        return []
    with engine.snapshot() as snapshot:
        context = open_context(engine, snapshot, analyzer=analyzer, today=today)
        if offers_values(context, q):
            terms = [suggest_query(text) for text in list_values(context, q, limit)]
            return choose(context.dictionary, q, terms, [], limit)
        terms, titles = suggest_words(context, q, limit)
        if terms and not is_plain(parse_query(terms[0].text, None, context.fields)):
            # Operators may contradict each other.
            terms = list(islice((one for one in terms if finds_articles(context, one.text)), limit))
        return choose(context.dictionary, q, [*popular.suggest(q), *terms], titles, limit)


def suggest_words(
    context: SearchContext, q: str, limit: int
) -> tuple[list[Suggestion], list[Suggestion]]:
    """Queries and titles for ``q``, or for its correction if ``q`` has no continuation."""
    for spelt in list_spellings(context, q):
        beginning = read_beginning(spelt, context)
        if beginning is None:
            return [], []
        finished = bool(beginning.fragment) and is_finished(context, beginning)
        queries = list_queries(context, spelt, beginning, finished=finished)
        if spelt != q and (queries or finished):
            queries = [*([suggest_query(spelt)] if finished else []), *queries]
        titles = find_titles(context, beginning, limit * TITLES_READ, finished=finished)
        if queries or (titles and spelt == q):
            return queries, titles
    return [], []


def list_spellings(context: SearchContext, q: str) -> Iterator[str]:
    """``q``; then ``q`` with words corrected that hardly any article has (this one first if
    articles have them only as typos); then ``q`` with the unfinished word read as another prefix.
    """
    spelt = respell_words(context, q)
    if spelt != q and respell_words(context, q, surely=True) == spelt:
        yield spelt
    yield q
    if spelt != q:
        yield spelt
    tokens = tokenize(spelt)
    if tokens and tokens[-1].end == len(spelt):
        meant = respell_fragment(context, tokens[-1].text)
        if meant:
            yield spelt[: tokens[-1].start] + meant


def list_queries(
    context: SearchContext, q: str, beginning: Beginning, *, finished: bool
) -> list[Suggestion]:
    """Continuations of the query, best first: next words if the last one is finished, and
    completions of it; then labels.
    """
    finishing = list_finishing(context, beginning, finished)
    begun = [(one.score, beginning.complete(one.written)) for one in finishing]
    following = finish(beginning, q, context) if finished else None
    behind: list[tuple[float, str]] = []
    if following:
        candidates = list_continuations(context, following)
        behind = [(one.score, following.complete(one.written)) for one in candidates]
    if beginning.rows:
        # Both were counted after the same words.
        texts = [text for _, text in merge(behind, begun, key=lambda pair: -pair[0])]
    else:
        texts = [pair[1] for both in zip_longest(behind, begun) for pair in both if pair]
    return list(map(suggest_query, chain(texts, list_labelled(context, q))))


def list_finishing(context: SearchContext, beginning: Beginning, finished: bool) -> list[Candidate]:
    """Completions of the word being typed, or next words if none is being typed."""
    base = beginning.base
    if not beginning.fragment:
        return list_continuations(context, beginning)
    if not (base.clauses or base.filters or base.excluded or beginning.rows):
        return list_completions(context, beginning, finished=finished)
    found = list_continuations(context, beginning)
    if not found and not beginning.quoted:
        found = list_together(context, beginning)
    if finished:
        stem = find_stem(context, beginning.fragment)
        found = [one for one in found if find_stem(context, one.terms[0]) != stem]
    return found


def list_labelled(context: SearchContext, q: str) -> Iterator[str]:
    """Queries for labels that several articles share and that begin like ``q``, at most a few."""
    begun = " ".join(q.split())
    if len(begun) < _SHORTEST_LABEL or not _PLAIN.fullmatch(begun):
        return
    for facet in _LABELLED:
        for label in islice(list_labels(context, facet, begun, inside=False), _MOST_LABELS):
            asked = Query(filters=(LabelFilter(facet, (label,)),), limit=0)
            if context.snapshot.search(asked).total >= LEAST_ARTICLES:
                yield write_label(facet, label)
