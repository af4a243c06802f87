"""How are the best hits reordered by the positions of their words and by their dates?

BM25F sums what each word is worth by itself. Of the best articles it finds, those come first whose
title has all the words, preferably exactly as typed; for a question, those that begin with one of
its words and have most of them close together. Scores are multiplied by e to the weighted sum of
these features, with :data:`searchsvc.query.ranking.STANDING`, which a script fits to judged
collections (``python -m bench rerank``). For a subject reported year after year, new articles are
then moved before old ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engine.base import (
    Answer,
    Clause,
    Contribution,
    Form,
    Places,
    Query,
    Snapshot,
    Sort,
    Word,
)
from searchsvc.query.clauses import EXACT_RULE
from searchsvc.query.timeliness import weigh_dates

Array = npt.NDArray[Any]

#: The name of the rule in explanations.
RULE = "standing"
#: The number of best hits that are reordered; the others keep their place.
DEPTH = 30
#: The window of tokens within a body.
_REACH = 30


class WordPlaces(NamedTuple):
    """The ``places`` of ``words`` in the documents ``refs``."""

    refs: Sequence[int]
    words: Sequence[Word]
    places: Places


class Standing(NamedTuple):
    """The features of some documents: a number from 0 to 1 for each, float64.

    ``in_title``: all words are in the title. ``exact_in_title``: all as typed, or exactly as a
    variant spells them. ``begins``: how close the first of them is to the beginning of the title.
    ``together``: the fraction of the words, by rarity, within one window of the body.
    """

    in_title: Array
    exact_in_title: Array
    begins: Array
    together: Array


def search_best(
    query: Query, weights: Mapping[str, float], snapshot: Snapshot, *, timely: bool = False
) -> Answer:
    """The answer to ``query``, with the best hits reordered; ``weights`` as in
    :data:`searchsvc.query.ranking.STANDING`. ``timely``: also by their dates, if all hits have all
    the words (:mod:`searchsvc.query.timeliness`).
    """
    asked = choose_asked(query, weights, timely=timely)
    answer = snapshot.search(asked)
    if asked is query:
        return answer
    required = list_required(query)
    standing = len(required) > 1 and bool(weights)
    end = query.offset + query.limit
    best = answer.hits[:DEPTH]
    refs = [hit.ref for hit in best]
    found = look_for_clauses(required, refs, snapshot)
    scores = np.array([hit.score for hit in best])
    # What hits are ordered by, the most important last; ties stay in the engine's order.
    keys: list[Array] = []
    if best and standing:
        scores = scores * weigh(measure_standing(found, required), weights)
        keys.append(-scores)
    if best and timely and answer.complete == answer.total:
        scores = scores * weigh_dates(snapshot.days(refs), scores, find_titled(found))
        keys.append(-scores)
    if keys:
        gained = scores.tolist()
        best = [best[n]._replace(score=gained[n]) for n in np.lexsort(keys).tolist()]
    return replace(answer, hits=[*best, *answer.hits[DEPTH:]][query.offset : end])


def choose_asked(query: Query, weights: Mapping[str, float], *, timely: bool) -> Query:
    """The query that :func:`search_best` asks the engine: itself if no hits are reordered, else one
    for all that are.
    """
    required = list_required(query)
    reordered = required and (timely or (len(required) > 1 and weights))
    beyond = query.offset >= DEPTH or not query.limit
    if beyond or not reordered or query.sort is not Sort.RELEVANCE:
        return query
    return replace(query, offset=0, limit=max(DEPTH, query.offset + query.limit))


def list_required(query: Query) -> list[Clause]:
    """The required clauses that have words."""
    return [clause for clause in query.clauses if clause.required and clause.words]


def find_titled(found: WordPlaces) -> Array:
    """Whether the title of each document has any of the words."""
    titled = np.zeros(len(found.refs), np.bool_)
    titled[found.places.documents[found.places.in_title]] = True
    return titled


def explain_standing(gained: float, score: float) -> Contribution:
    """The row of an explanation for what features and date added to a score; its weight is the gain
    relative to the score before.
    """
    weight = gained / (score - gained) if score > gained else 0.0
    return Contribution("", "", RULE, Form.EXACT, 0, 0, 0, weight=weight, idf=0.0, score=gained)


def weigh(standing: Standing, weights: Mapping[str, float]) -> Array:
    """The factor for the score of each document: float64."""
    parts = standing._asdict()
    total = np.zeros(len(standing.in_title))
    for name, weight in weights.items():
        total += weight * parts[name]
    factors: Array = np.exp(total)
    return factors


def look_for_clauses(
    clauses: Sequence[Clause], refs: Sequence[int], snapshot: Snapshot
) -> WordPlaces:
    """The positions, in the documents, of the words of those clauses that may be in any field."""
    words = [word for clause in clauses for word in clause.words if word.alternatives]
    return WordPlaces(refs, words, snapshot.places(refs, words))


def measure_standing(found: WordPlaces, required: Sequence[Clause]) -> Standing:
    """The features of the documents for the required clauses, one or more, from the result of
    :func:`look_for_clauses`.
    """
    refs, words, places = found
    clauses = np.array(
        [n for n, clause in enumerate(required) for word in clause.words if word.alternatives],
        np.intp,
    )
    is_exact = np.array([word.alternatives[0].rule == EXACT_RULE for word in words], np.bool_)
    rarities = np.zeros(len(required))
    np.maximum.at(rarities, clauses, places.idfs * [word.boost for word in words])
    columns = clauses[places.words]
    return Standing(
        has_all(places, columns, places.in_title, len(refs), len(required)),
        has_all(
            places, columns, places.in_title & is_exact[places.words], len(refs), len(required)
        ),
        measure_beginning(places, len(refs)),
        measure_together(places, columns, rarities, len(refs)),
    )


def has_all(places: Places, columns: Array, counted: Array, documents: int, clauses: int) -> Array:
    """1 for each document that has every clause among the ``counted`` places, otherwise 0."""
    seen = np.zeros((documents, clauses), np.bool_)
    seen[places.documents[counted], columns[counted]] = True
    complete: Array = np.asarray(seen.all(axis=1), np.float64)
    return complete


def measure_beginning(places: Places, documents: int) -> Array:
    """For each document 1 if its title begins with one of the words, 1/2 if one comes second, and
    so on; 0 if the title has none.
    """
    first = np.full(documents, np.inf)
    in_title = places.in_title
    np.minimum.at(first, places.documents[in_title], places.positions[in_title])
    nearness: Array = 1 / (1 + first)
    return nearness


def measure_together(places: Places, columns: Array, rarities: Array, documents: int) -> Array:
    """The greatest fraction of all ``rarities`` within one window of a body."""
    most = np.zeros(documents)
    in_body = ~places.in_title
    of_document, columns = places.documents[in_body], columns[in_body]
    if not len(columns) or not rarities.any():
        return most
    # All documents on one line, so far apart that no window reaches into the next.
    line = places.positions[in_body] + of_document.astype(np.int64) * (
        int(places.positions.max()) + 2 * _REACH
    )
    reached = np.zeros(len(line))
    for column, rarity in enumerate(rarities.tolist()):
        own = line[columns == column]
        if len(own):
            following = own[np.minimum(np.searchsorted(own, line), len(own) - 1)]
            reached += rarity * ((following >= line) & (following <= line + _REACH))
    np.maximum.at(most, of_document, reached)
    most /= rarities.sum()
    return most
