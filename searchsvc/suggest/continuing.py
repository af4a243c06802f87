"""Words to go on with: those that stand right after what is typed in several articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from indexer.engine.base import Clause, Prefix, Query, Scope, Word
from indexer.language.stopwords import load_stopwords
from searchsvc.query.context import SearchContext
from searchsvc.suggest.beginning import Beginning
from searchsvc.suggest.neighbours import MANY_ARTICLES, Neighbours, Row, find_neighbours
from searchsvc.suggest.rows import BELONGS, OFTEN, list_rows
from searchsvc.suggest.words import (
    CLITICS,
    SLIP_TIMES,
    find_stem,
    is_initial,
    is_run_together,
    is_today,
    is_verb,
)

#: Fewer candidates of a sample are joined by those of another.
_ENOUGH = 3
#: Articles read for one key: no sample more.
_MOST_READ = 200
_SLIP_LETTERS = 6
_TITLE_WEIGHT = 1
#: Names that stand in no title (of those who speak for an office), and verbs as sentences have them
#: (*menyatakan*), are what articles say rather than what they are about.
_UNTITLED_PART = 0.5
VERB_PART = 0.25
#: A verb that nobody has begun to type goes on from words that so many articles have it behind
#: (*cara membuat*).
_LEAST_VERBS = 0.04
#: So small a part of the best is not offered.
_LEAST_SCORE = 0.04
#: What stands behind a row in fewer of many articles than elsewhere says nothing of it.
_CHANCE_LIFT = 0.5
#: How many times more frequent a word is behind the row than elsewhere, to be of the row's making.
_TELLING_LIFT = 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """``terms`` to go on with, ``written`` as articles write them behind the row, the space or
    hyphen before them included. The greater ``score`` is better.
    """

    terms: Row
    written: str
    score: float


def list_continuations(context: SearchContext, beginning: Beginning) -> list[Candidate]:
    """What stands right after the words typed and begins with the fragment, best first; what
    stands after all of them before what stands after the last.

    Function words are offered only where they belong to a name (*menteri dalam negeri*); no word
    that is there already, in whatever inflection.
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
        # A few letters more say which word is meant: here one article that repeats it will do.
        return choose_rows(context, beginning, read[-1], 1)
    return list(found.values())


def is_enough(found: dict[Row, Candidate], read: list[Neighbours]) -> bool:
    """Whether there is enough to offer, or enough has been read."""
    articles = sum(one.articles for one in read)
    best = max((one.score for one in found.values()), default=0.0)
    return len(found) >= _ENOUGH or articles >= _MOST_READ or best > articles * OFTEN


def list_samples(context: SearchContext, beginning: Beginning) -> Iterator[tuple[Row, Query]]:
    """Rows, the longest first, with what to ask of the articles to read; of many articles a sample
    may miss what is being typed, and those with a title that has a word begun so are asked next.
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
    """The rows worth offering that ``least`` articles have, best first."""
    typed = {find_stem(context, term) for term in beginning.terms}
    last = beginning.terms[-1] if beginning.terms else ""
    weighed = [
        weigh(context, neighbours, terms, last)
        for terms in list_rows(context, beginning, neighbours, least)
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
    """The best score of the candidate and those that go on from it: what speaks for them speaks for
    it.
    """
    length = len(one.terms)
    return max(other.score for other in others if other.terms[:length] == one.terms)


def is_slip(context: SearchContext, one: Candidate, better: Candidate) -> bool:
    """Whether the first word of ``one`` is that of ``better`` misspelt, or run together with a
    clitic or with another word.
    """
    first, other = one.terms[0], better.terms[0]
    if first.startswith(other) and first[len(other) :] in CLITICS:
        return True
    if is_run_together(context, first, other):
        return True
    rarer = first != other and one.score * SLIP_TIMES <= better.score
    return rarer and len(first) >= _SLIP_LETTERS and OSA.distance(first, other, score_cutoff=1) == 1


def weigh(context: SearchContext, neighbours: Neighbours, terms: Row, last: str) -> Candidate:
    """What stands behind ``last``: by how many of the articles have it, those with it in their
    title counting more; less, down to nothing, where its words stand as often anywhere else. Names
    say something everywhere.
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
    """Whether the row is a verb that a few of many articles happen to have there."""
    few = neighbours.counts[terms] < neighbours.articles * _LEAST_VERBS
    return few and neighbours.articles >= MANY_ARTICLES and is_verb(context, terms[0])


def repeats(context: SearchContext, terms: Row, typed: set[str]) -> bool:
    """Whether a word of ``terms`` has a stem that is among ``typed`` or there twice."""
    stems = [find_stem(context, term) for term in terms]
    return not typed.isdisjoint(stems) or len(set(stems)) < len(stems)


def leave_doubled(context: SearchContext, neighbours: Neighbours, last: str, terms: Row) -> Row:
    """``terms``, which stand behind ``last``, without words that belong behind themselves, as in
    *Ayu Ting Ting*.
    """
    kept: Row = ()
    for place, term in enumerate(terms):
        before = neighbours.counts[terms[:place]] if place else neighbours.articles
        often = neighbours.counts[terms[: place + 1]] >= before * BELONGS
        if not (often and term == (terms[place - 1] if place else last) and context.is_name(term)):
            kept += (term,)
    return kept
