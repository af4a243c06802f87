"""Which words complete the one being typed?"""

from __future__ import annotations

from dataclasses import replace

from indexer.calendar import MONTHS, WEEKDAYS
from indexer.engine.base import Clause, Form, Query, Scope, Term, Word
from indexer.language.names import is_title
from indexer.language.stopwords import load_groups, load_stopwords
from searchsvc.query.context import SearchContext
from searchsvc.query.lookups import FEW_ARTICLES
from searchsvc.suggest.beginning import Beginning
from searchsvc.suggest.continuing import VERB_PART, Candidate
from searchsvc.suggest.memory import recall
from searchsvc.suggest.neighbours import (
    LEAST_ARTICLES,
    LEAST_PLACES,
    Neighbours,
    find_neighbours,
)
from searchsvc.suggest.rows import list_longer, strip_end
from searchsvc.suggest.words import CLITICS, INCOMPLETE, find_stem, is_run_together, is_verb

#: Terms with the prefix that are tried, the most frequent first.
MAX_TRIED = 32
#: Terms that are tried together with the preceding words.
MAX_TRIED_TOGETHER = 24
#: The best completions that are looked up in articles: their spelling, and words that belong to
#: them.
MAX_READ = 5
#: A completion with less than this fraction (1/n) of the best one's articles is a typo
#: (*bumidengan* beside *bumi*).
_RARE_PART = 100
#: A complete word is finished if it is at least this fraction (1/n) as frequent as the words it
#: begins.
_FINISHED_PART = 10
#: Function words of this many letters always count as finished.
_FINISHED_FUNCTION_WORD = 3
#: Completions are suggested beside a finished word if they are this fraction as frequent.
_AS_MUCH = 0.5
_SHORTEST_TERM = 3
#: A word in a title tells what an article is about; one in the body may be incidental.
_TEXT_WEIGHT = 0.03
_NAME_WEIGHT = 2.0
#: Every article mentions a day, and hardly any is about it.
_TIME_WEIGHT = 0.25
_TIMES = {*WEEKDAYS, *(names[0] for names in MONTHS), "wib", "wita", "wit"}
#: A word near others must occur there this many times as often as elsewhere.
_NEAR_LIFT = 3.0
_MOST_TOGETHER = 3

Counted = list[tuple[str, float]]


def list_begun(context: SearchContext, fragment: str) -> Counted:
    """(term, score) of the terms with prefix ``fragment``, best first, scored by titles. If any
    occur in several articles, only those; without function words and without words plus a clitic.
    """

    def find() -> Counted:
        stopwords = load_stopwords() | context.dictionary.stopwords
        shortest = min(_SHORTEST_TERM, len(fragment) + 1)
        terms = {
            term: documents
            for term, documents in context.snapshot.frequent_terms(fragment, limit=MAX_TRIED)
            if len(term) >= shortest and term not in stopwords
        }
        most = max(terms.values(), default=0)
        if most >= LEAST_ARTICLES:
            terms = {term: documents for term, documents in terms.items() if documents > 1}
        scored = [
            (term, measure(context, term, documents))
            for term, documents in terms.items()
            if documents * _RARE_PART >= most and not is_cliticised(context, term, terms)
        ]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))

    return recall(context.knowledge, "begun", fragment, find)


def measure(context: SearchContext, term: str, documents: int) -> float:
    """How prominent the term is, from the number of articles and titles that contain it: names
    count more, inflected verbs less.
    """
    score = count_titles(context, term) + _TEXT_WEIGHT * documents
    if term in _TIMES:
        return score * _TIME_WEIGHT
    if context.is_name(term):
        return score * _NAME_WEIGHT
    return score * (VERB_PART if is_verb(context, term) else 1.0)


def is_cliticised(context: SearchContext, term: str, terms: dict[str, int]) -> bool:
    """Whether the term is another of ``terms`` plus a clitic, or *-nya* on a word that is more
    frequent than both together.
    """
    if any(term.endswith(clitic) and term[: -len(clitic)] in terms for clitic in CLITICS):
        return True
    return term.endswith("nya") and context.count(term.removesuffix("nya")) > terms[term]


def count_titles(context: SearchContext, term: str) -> int:
    """The number of articles with the term in their title."""
    word = Word("", (Term(term, Form.EXACT),), Scope.TITLE)
    return context.snapshot.search(Query((Clause((word,)),), few=0, limit=0)).total


def is_finished(context: SearchContext, beginning: Beginning) -> bool:
    """Whether the fragment is a complete word that people continue after, rather than the prefix of
    another.
    """
    fragment = beginning.fragment
    stopwords = load_stopwords() | context.dictionary.stopwords
    if len(fragment) == 1:
        return False
    if fragment in stopwords:
        return is_finished_function_word(beginning)
    documents = context.count(fragment)
    if documents < LEAST_ARTICLES:
        return False
    stem = find_stem(context, fragment)
    others = [
        other
        for term, _ in list_begun(context, fragment)
        if term != fragment and find_stem(context, term) != stem
        for other in [context.count(term)]
    ]
    return documents * _FINISHED_PART >= max(others, default=0)


def is_finished_function_word(beginning: Beginning) -> bool:
    """Whether the fragment is a finished function word: a short one may be a prefix, except for
    Indonesian ones after other words (*gempa di*).
    """
    fragment = beginning.fragment
    behind = bool(beginning.rows) and fragment not in load_groups()["inggris"]
    return behind or len(fragment) >= _FINISHED_FUNCTION_WORD


def list_completions(
    context: SearchContext, beginning: Beginning, *, finished: bool
) -> list[Candidate]:
    """Words with the fragment as prefix, extended to whole names where a word belongs to one, best
    first.

    If the fragment is a word itself, only words of other stems that are nearly as prominent.
    """
    fragment = beginning.fragment
    begun = list_begun(context, fragment)
    if finished and fragment in load_stopwords() and len(fragment) > _FINISHED_FUNCTION_WORD:
        return []
    if finished:
        stem = find_stem(context, fragment)
        least = _AS_MUCH * measure(context, fragment, context.count(fragment))
        begun = [
            (term, score)
            for term, score in begun
            if score > least and find_stem(context, term) != stem
        ]
    found: list[Candidate] = []
    stems: dict[str, float] = {}
    for number, (term, score) in enumerate(begun):
        # A rarer inflection of another suggestion adds nothing.
        if term == fragment or score < stems.setdefault(find_stem(context, term), score) / 3:
            continue
        if any(is_run_together(context, term, better) for better, _ in begun[:number]):
            continue
        if number < MAX_READ:
            found.extend(write_names(context, term, score, beginning))
        else:
            found.append(Candidate((term,), f" {term}", score))
    return found


def may_be_single(context: SearchContext, neighbours: Neighbours) -> bool:
    """Whether a word of a single article may be suggested: if few articles were read, or it is
    repeated; among many articles, a word said once is more likely a typo.
    """
    return neighbours.places >= LEAST_PLACES or (context.snapshot.document_count() <= FEW_ARTICLES)


def write_names(
    context: SearchContext, term: str, score: float, beginning: Beginning
) -> list[Candidate]:
    """The term as articles write it, alone and with the words that belong after it."""
    neighbours = find_neighbours(context, Query(few=0, limit=0), (term,), few=True)
    if not neighbours.articles:
        # Term statistics may include articles deleted since.
        return []
    if neighbours.articles < LEAST_ARTICLES and not may_be_single(context, neighbours):
        return []
    stopwords = load_stopwords() | context.dictionary.stopwords
    whole = neighbours.itself
    own = replace(
        neighbours,
        counts={(term, *row): count for row, count in neighbours.counts.items()}
        | {(term,): neighbours.articles},
        longer={
            (term, *row): [(term, *one) for one in longer]
            for row, longer in neighbours.longer.items()
        },
        written={(term, *row): whole + text for row, text in neighbours.written.items()}
        | {(term,): whole},
    )
    found = []
    for row in list_longer(context, own, (term,), beginning):
        if len(row) > 1 or not is_title(term):
            row = strip_end(context, row, own.written[row], stopwords)
        if not row or (len(row) > 1 and own.counts[row] < neighbours.least):
            continue
        part = own.counts[row] / neighbours.articles
        found.append(Candidate(row, own.written[row], score * part))
    return found


def list_together(context: SearchContext, beginning: Beginning) -> list[Candidate]:
    """Words with the fragment as prefix that occur in titles of several articles matching the
    preceding words, more often than in other titles; at most a few, and none for a single letter.
    After filters alone, those of the titles that pass them.
    """
    words = bool(beginning.base.clauses)
    if words and len(beginning.fragment) == 1:
        return []
    typed = {find_stem(context, term) for term in beginning.terms}
    total = context.snapshot.document_count()
    base = context.snapshot.search(beginning.base).total
    found = []
    for term, _ in list_begun(context, beginning.fragment)[:MAX_TRIED_TOGETHER]:
        if find_stem(context, term) in typed or term in INCOMPLETE:
            continue
        word = Word("", (Term(term, Form.EXACT),), Scope.TITLE)
        asked = replace(beginning.base, clauses=(*beginning.base.clauses, Clause((word,))))
        count = context.snapshot.search(asked).total
        lift = count / base / (count_titles(context, term) / total) if count else 0.0
        if count >= LEAST_ARTICLES and (lift >= _NEAR_LIFT or not words):
            found.append(Candidate((term,), f" {term}", count))
    return sorted(found, key=lambda one: (-one.score, one.terms))[:_MOST_TOGETHER]
