"""Which weights put the right ones of the best hits first?

Chooses ``searchsvc.query.ranking.STANDING``. Of every judged query the best hits are looked at,
their scores and how the words stand in them. Of a grid of weights those are chosen that raise
nDCG@10 most, over all collections alike, and lower neither it nor success@1 of any; for questions
apart from other queries. What that is worth is measured on the quarter of the queries that the
weights were not chosen by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searchsvc.cli.opening import open_index
from searchsvc.evaluation.collections import read_collection
from searchsvc.query.context import open_context
from searchsvc.query.parts import read_parts
from searchsvc.query.rerank import DEPTH, look_for_clauses, measure_standing
from searchsvc.query.understand import understand
from searchsvc.request import SearchRequest

Array = npt.NDArray[Any]
Weights = tuple[float, ...]
#: nDCG@10 and success@1.
Figures = tuple[float, float]

#: By whether the query asks, what is looked at of how its words stand.
FEATURES = {False: ("in_title", "exact_in_title"), True: ("begins", "together")}
GRID = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)
FOLDS = 4


@dataclass(frozen=True)
class Judged:
    """The best hits of one query: the logarithm of each score, how the words stand (a row each),
    and its relevance; ``ideal`` is the greatest gain that the first ten could have.
    """

    scores: Array
    standing: Array
    right: Array
    ideal: float


@dataclass(frozen=True)
class Choice:
    """``weights`` by feature; what each collection is like without them, and with those chosen by
    other queries of it.
    """

    question: bool
    weights: dict[str, float]
    before: dict[str, Figures]
    after: dict[str, Figures]


def choose_weights(collections: Sequence[Path], indexes: Path) -> list[Choice]:
    """For queries, and for questions. ``indexes`` holds each index under its collection's name,
    as ``searchsvc evaluate COLLECTION --index`` keeps it.
    """
    judged = {one.name: list(judge_hits(one, indexes / one.name)) for one in collections}
    choices = []
    for question in FEATURES:
        of_kind = {name: [q for asks, q in of if asks is question] for name, of in judged.items()}
        # A collection of questions has a few that do not read like one.
        most = {name: some for name, some in of_kind.items() if 2 * len(some) > len(judged[name])}
        if most:
            choices.append(choose(question, most))
    return choices


def judge_hits(folder: Path, index: Path) -> Iterator[tuple[bool, Judged]]:
    """Whether each query asks, and its hits; left out are those of one word and without hits."""
    without = read_parts(["rerank"])
    with open_index(index) as opened, opened.engine.snapshot() as snapshot:
        context = open_context(opened.engine, snapshot, analyzer=opened.analyzer, without=without)
        for query in read_collection(folder).queries:
            request = SearchRequest(q=query.text, per_page=DEPTH, highlight=False)
            found = understand(request, context)
            required = [one for one in found.plan.query.clauses if one.required and one.words]
            hits = found.answer.hits
            if len(required) < 2 or not hits:
                continue
            places = look_for_clauses(required, [hit.ref for hit in hits], snapshot)
            standing = measure_standing(places, required)
            columns = [getattr(standing, name) for name in FEATURES[found.plan.question]]
            ids = [snapshot.article(hit.ref).id for hit in hits]
            right = np.array([query.relevant.get(one, 0) for one in ids], np.float64)
            grades = np.array(sorted(query.relevant.values(), reverse=True), np.float64)
            scores = np.log([hit.score for hit in hits])
            yield (
                found.plan.question,
                Judged(scores, np.column_stack(columns), right, measure_gain(grades)),
            )


def choose(question: bool, judged: dict[str, list[Judged]]) -> Choice:
    """The best weights for all of the queries, measured fold by fold."""
    grid = list(product(GRID, repeat=len(FEATURES[question])))
    # collection -> [weights, query, figure]
    figures = {
        name: np.array([[measure(one, weights) for one in queries] for weights in grid])
        for name, queries in judged.items()
    }
    after = {name: np.empty(every.shape[1:]) for name, every in figures.items()}
    for fold in range(FOLDS):
        others = {}
        for name, every in figures.items():
            others[name] = every[:, np.arange(every.shape[1]) % FOLDS != fold]
        best = find_best(others)
        for name, every in figures.items():
            after[name][fold::FOLDS] = every[best, fold::FOLDS]
    weights = grid[find_best(figures)]
    return Choice(
        question,
        dict(zip(FEATURES[question], weights, strict=True)),
        {name: average(every[0]) for name, every in figures.items()},
        {name: average(of_collection) for name, of_collection in after.items()},
    )


def find_best(figures: dict[str, Array]) -> int:
    """The place in the grid, of which the first changes nothing, of the weights that gain most."""
    gains = [every.mean(axis=1) - every[0].mean(axis=0) for every in figures.values()]
    harmless = np.all([(gain >= 0).all(axis=1) for gain in gains], axis=0)
    total = np.sum([gain[:, 0] for gain in gains], axis=0)
    return int(np.argmax(np.where(harmless, total, -1.0)))


def measure(one: Judged, weights: Weights) -> Figures:
    """nDCG@10 and success@1 of the hits in the order that the weights give."""
    order = np.argsort(-(one.scores + one.standing @ weights), kind="stable")
    ranked = one.right[order]
    return measure_gain(ranked) / one.ideal, float(ranked[0] > 0)


def measure_gain(right: Array) -> float:
    best = right[:10]
    return float((best / np.log2(np.arange(len(best)) + 2)).sum())


def average(figures: Array) -> Figures:
    ndcg, success = figures.mean(axis=0).tolist()
    return ndcg, success
