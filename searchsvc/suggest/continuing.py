"""Which words continue the query? Those that directly follow it in several articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from indexer.engine.base import Clause, Prefix, Query, Scope, Word
from indexer.language.stopwords import load_stopwords
from searchsvc.query.context import SearchContext
from searchsvc.suggest.beginning import Beginning
from searchsvc.suggest.neighbours import MANY_ARTICLES, Neighbours, Row, find_neighbours
from searchsvc.suggest.rows import BELONGS, OFTEN, list_followers
from searchsvc.suggest.words import (
    CLITICS,
    SLIP_TIMES,
    find_stem,
    is_initial,
    is_run_together,
    is_today,
    is_verb,
)

#: If a sample yields fewer candidates than this, another is read.
_ENOUGH = 3
#: Most articles read per keystroke, over all samples.
_MOST_READ = 200
_SLIP_LETTERS = 6
_TITLE_WEIGHT = 1
#: Names that occur in no title (spokespeople), and inflected verbs (*menyatakan*), are what
#: articles say rather than what they are about.
_UNTITLED_PART = 0.5
VERB_PART = 0.25
#: An inflected verb of which nothing is typed yet is suggested only if at least this fraction of
#: the articles has it there (*cara membuat*).
_LEAST_VERBS = 0.04
#: Candidates with less than this fraction of the best score are dropped.
_LEAST_SCORE = 0.04
#: Below this ratio to its frequency elsewhere, a follower of a row in many articles is
#: uninformative.
_CHANCE_LIFT = 0.5
#: How many times more frequent a word must be after the row than elsewhere to be characteristic of
#: it.
_TELLING_LIFT = 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """``terms`` that continue the query, ``written`` as articles write them after the row,
    including the space or hyphen before them. A greater ``score`` is better.
    """

    terms: Row
    written: str
    score: float


def list_continuations(context: SearchContext, beginning: Beginning) -> list[Candidate]:
    """Words that directly follow the typed words and begin with the fragment, best first; those
    following all of the words precede those following the last.

    Function words are suggested only as part of a name (*menteri dalam negeri*); words already
    typed, in any inflection, are not.
    """
    found: dict[Row, Candidate] = {}
    read: list[Neighbours] = []
    for row, base in list_samples(context, beginning):
        if is_enough(found, read):
            return list(found.values())
        neighbours = find_neighbours(context, base, row, beginning.scope)
        read.append(neighbours)
        for one in choose_rows(context, beginning, neighbours, neighbours.least):
            found.setdefault(one.terms, one)
    if not found and beginning.fragment and read and read[-1].articles < MANY_ARTICLES:
        # With a few more letters the word is clear: one article that repeats it suffices.
        return choose_rows(context, beginning, read[-1], 1)
    return list(found.values())


def is_enough(found: dict[Row, Candidate], read: list[Neighbours]) -> bool:
    """Whether there are enough candidates, or enough articles were read."""
    articles = sum(one.articles for one in read)
    best = max((one.score for one in found.values()), default=0.0)
    return len(found) >= _ENOUGH or articles >= _MOST_READ or best > articles * OFTEN


def list_samples(context: SearchContext, beginning: Beginning) -> Iterator[tuple[Row, Query]]:
    """Rows, the longest first, each with a query for the articles to read; among many articles a
    sample may miss the word being typed, so those with a title word that has the prefix come next.
    """
    base = beginning.base
    for row in beginning.rows:
        if not beginning.fragment and load_stopwords().issuperset(row):
            continue
        yield row, base
        sample = find_neighbours(context, base, row, beginning.scope)
        if beginning.fragment and sample.articles >= MANY_ARTICLES:
            titled = Clause((Word("", (Prefix(beginning.fragment),), Scope.TITLE),))
            yield row, replace(base, clauses=(*base.clauses, titled))


def choose_rows(
    context: SearchContext, beginning: Beginning, neighbours: Neighbours, least: int
) -> list[Candidate]:
    """Rows worth suggesting that at least ``least`` articles have, best first."""
    typed = {find_stem(context, term) for term in beginning.terms}
    last = beginning.terms[-1] if beginning.terms else ""
    weighed = [
        weigh(context, neighbours, terms, last)
        for terms in list_followers(context, beginning, neighbours, least)
        if not repeats(context, leave_doubled(context, neighbours, last, terms), typed)
    ]
    candidates = sorted(
        (
            replace(one, score=find_best_score(one, weighed))
            for one in weighed
            if one.score and (beginning.fragment or not is_told(context, neighbours, one.terms))
        ),
        key=lambda one: (-one.score, one.terms),
    )
    return [
        one
        for place, one in enumerate(candidates)
        if one.score >= candidates[0].score * _LEAST_SCORE
        and not any(is_slip(context, one, better) for better in candidates[:place])
    ]


def find_best_score(one: Candidate, others: list[Candidate]) -> float:
    """The best score of the candidate and of its extensions: their evidence counts for it too."""
    length = len(one.terms)
    return max(other.score for other in others if other.terms[:length] == one.terms)


def is_slip(context: SearchContext, one: Candidate, better: Candidate) -> bool:
    """Whether the first word of ``one`` is that of ``better`` misspelt, or joined to a clitic or
    another word.
    """
    first, other = one.terms[0], better.terms[0]
    if first.startswith(other) and first[len(other) :] in CLITICS:
        return True
    if is_run_together(context, first, other):
        return True
    rarer = first != other and one.score * SLIP_TIMES <= better.score
    return rarer and len(first) >= _SLIP_LETTERS and OSA.distance(first, other, score_cutoff=1) == 1


def weigh(context: SearchContext, neighbours: Neighbours, terms: Row, last: str) -> Candidate:
    """Score a follower of ``last`` by the number of articles that have it, titles counting more;
    reduced, down to zero, if its words are as frequent elsewhere. Names are not reduced.
    """
    count, titles = neighbours.counts[terms], neighbours.titles[terms]
    written = neighbours.written[terms]
    if is_initial(terms[0]) and "-" not in written[:3]:
        return Candidate(terms, written, 0.0)
    score = float(count + _TITLE_WEIGHT * titles)
    score *= VERB_PART if is_verb(context, terms[0]) else 1.0
    if context.is_name(terms[0]):
        score *= 1.0 if titles else _UNTITLED_PART
    elif not is_today((last, *terms)):
        everywhere = min(map(context.count, terms)) / context.snapshot.document_count()
        lift = count / neighbours.articles / everywhere if everywhere else _TELLING_LIFT
        by_chance = lift < _CHANCE_LIFT and neighbours.articles >= MANY_ARTICLES
        score *= 0.0 if by_chance else min(1.0, lift / _TELLING_LIFT) ** 2
    return Candidate(terms, written, score)


def is_told(context: SearchContext, neighbours: Neighbours, terms: Row) -> bool:
    """Whether the row is an inflected verb that only a few of many articles happen to have
    there.
    """
    few = neighbours.counts[terms] < neighbours.articles * _LEAST_VERBS
    return few and neighbours.articles >= MANY_ARTICLES and is_verb(context, terms[0])


def repeats(context: SearchContext, terms: Row, typed: set[str]) -> bool:
    """Whether two words of ``terms`` share a stem, or one has a stem among ``typed``."""
    stems = [find_stem(context, term) for term in terms]
    return not typed.isdisjoint(stems) or len(set(stems)) < len(stems)


def leave_doubled(context: SearchContext, neighbours: Neighbours, last: str, terms: Row) -> Row:
    """``terms``, which follow ``last``, without words that belong after themselves, as in *Ayu Ting
    Ting*.
    """
    kept: Row = ()
    for place, term in enumerate(terms):
        before = neighbours.counts[terms[:place]] if place else neighbours.articles
        often = neighbours.counts[terms[: place + 1]] >= before * BELONGS
        if not (often and term == (terms[place - 1] if place else last) and context.is_name(term)):
            kept += (term,)
    return kept
