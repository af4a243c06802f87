"""What a person may be about to type: words that people go on with, and titles that have them.

Nothing is offered that a single article says, and nothing that is there already.
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
from searchsvc.query.context import SearchContext, open_context
from searchsvc.query.offers import is_plain
from searchsvc.query.parse import MAX_QUERY_CHARACTERS, parse_query
from searchsvc.suggest.beginning import Beginning, finish, read_beginning
from searchsvc.suggest.choosing import TITLES_READ, choose
from searchsvc.suggest.completing import is_finished, list_completions, list_together
from searchsvc.suggest.continuing import Candidate, list_continuations
from searchsvc.suggest.neighbours import LEAST_ARTICLES
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
#: Facets whose labels are offered to who types their begin without a field.
_LABELLED = ("authors", "tags", "source")
_MOST_LABELS = 2
_PLAIN = re.compile(r"[\w .'’-]+")


def suggest(
    engine: Engine, q: str, limit: int = 8, *, analyzer: Analyzer, today: date | None = None
) -> list[Suggestion]:
    """At most ``limit`` suggestions for a query being typed, best first, none twice.

    Queries first: what stands right after the words typed in several articles, or finishes the
    last of them; the labels or days of a field; authors, tags and publishers that begin like this.
    Then articles whose title has all of the words, in whatever inflection. At least half of the
    room is left to titles where there are titles enough. One slip of the finger is understood
    where nothing begins as typed. Operators, quotation marks and what was typed before stay as
    they are. Function words, and what the site's dictionary blocks, are not offered. ``today``:
    another day than this one for *kemarin* to count from.
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
        return choose(context.dictionary, q, terms, titles, limit)


def suggest_words(
    context: SearchContext, q: str, limit: int
) -> tuple[list[Suggestion], list[Suggestion]]:
    """Queries and titles for ``q``; where no query goes on so, for what it was meant to be."""
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
    """``q``; then with the words that hardly any article has as they were meant to be, which comes
    first where those articles have them as slips only; then with the unfinished word as the begin
    of another.
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
    """What to go on with, best first: words behind the last one where it is finished, and words
    that finish it; then labels.
    """
    finishing = list_finishing(context, beginning, finished)
    begun = [(one.score, beginning.complete(one.written)) for one in finishing]
    following = finish(beginning, q, context) if finished else None
    behind: list[tuple[float, str]] = []
    if following:
        candidates = list_continuations(context, following)
        behind = [(one.score, following.complete(one.written)) for one in candidates]
    if beginning.rows:
        # Both were counted behind the same words.
        texts = [text for _, text in merge(behind, begun, key=lambda pair: -pair[0])]
    else:
        texts = [pair[1] for both in zip_longest(behind, begun) for pair in both if pair]
    return list(map(suggest_query, chain(texts, list_labelled(context, q))))


def list_finishing(context: SearchContext, beginning: Beginning, finished: bool) -> list[Candidate]:
    """Words that finish the one being typed, or stand next where none is being typed."""
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
    """Queries for the labels of several articles that begin as ``q`` does, a few at most."""
    begun = " ".join(q.split())
    if len(begun) < _SHORTEST_LABEL or not _PLAIN.fullmatch(begun):
        return
    for facet in _LABELLED:
        for label in islice(list_labels(context, facet, begun, inside=False), _MOST_LABELS):
            asked = Query(filters=(LabelFilter(facet, (label,)),), limit=0)
            if context.snapshot.search(asked).total >= LEAST_ARTICLES:
                yield write_label(facet, label)
