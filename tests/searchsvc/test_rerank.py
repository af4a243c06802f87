"""The best hits in order again, by where the words of the query stand in them."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from support.asking import ask, clause, exact, find_ref, phrase, word, write
from support.batches import Draft

from indexer.engine.base import Clause, Engine, Query, Sort, Term, Word
from searchsvc.query.clauses import EXACT_RULE
from searchsvc.query.rerank import (
    DEPTH,
    look_for_clauses,
    measure_standing,
    search_best,
    weigh,
)

FAR = " ".join("x" for _ in range(40))
DRAFTS = [
    Draft("both", "harga emas", "kabar"),
    Draft("apart", "harga", f"emas {FAR} harga"),
    Draft("inflected", "z harga-nya emas", "y"),
    Draft("body", "kabar", f"harga y emas {FAR}"),
    Draft("neither", "kabar", "y"),
]
IDS = [draft.id for draft in DRAFTS]


def want(stem: str) -> Clause:
    """A word as a query has it: in any inflection, and once more exactly."""
    again = Word(stem, (Term(stem, exact(stem).form, rule=EXACT_RULE),), boost=0.2)
    return Clause((word(stem), again))


REQUIRED = [want("harga"), want("emas")]


@pytest.fixture
def filled(brute_engine: Engine) -> Engine:
    write(brute_engine, DRAFTS[:2])
    write(brute_engine, DRAFTS[2:])
    return brute_engine


def measure(engine: Engine, required: list[Clause]) -> dict[str, dict[str, float]]:
    with engine.snapshot() as snapshot:
        refs = [find_ref(snapshot, article_id) for article_id in IDS]
        standing = measure_standing(look_for_clauses(required, refs, snapshot), required)
    columns = standing._asdict()
    return {name: dict(zip(IDS, column.tolist(), strict=True)) for name, column in columns.items()}


def test_standing_of_words(filled: Engine) -> None:
    standing = measure(filled, REQUIRED)
    assert standing["in_title"] == {
        "both": 1, "apart": 0, "inflected": 1, "body": 0, "neither": 0
    }  # fmt: skip
    assert standing["exact_in_title"] == {
        "both": 1, "apart": 0, "inflected": 0, "body": 0, "neither": 0
    }  # fmt: skip
    assert standing["begins"] == {
        "both": 1, "apart": 1, "inflected": 0.5, "body": 0, "neither": 0
    }  # fmt: skip
    together = standing["together"]
    assert together["body"] == pytest.approx(1)
    # Both words have the same rarity, and stand too far apart.
    assert together["apart"] == pytest.approx(0.5)
    assert together["both"] == together["inflected"] == together["neither"] == 0


def test_rarer_words_are_the_greater_part_of_a_place(filled: Engine) -> None:
    standing = measure(filled, [want("harga"), want("y")])
    assert 0 < standing["together"]["inflected"] < standing["together"]["body"] == 1


def test_words_that_no_article_has(filled: Engine) -> None:
    standing = measure(filled, [want("tidak"), want("ada")])
    assert {value for column in standing.values() for value in column.values()} == {0}


def test_weights_add_up_to_a_factor(filled: Engine) -> None:
    with filled.snapshot() as snapshot:
        refs = [find_ref(snapshot, article_id) for article_id in IDS]
        standing = measure_standing(look_for_clauses(REQUIRED, refs, snapshot), REQUIRED)
    logs = np.log(weigh(standing, {"in_title": 0.5, "begins": 0.1}))
    assert logs.tolist() == pytest.approx([0.6, 0.1, 0.55, 0, 0])


def search(engine: Engine, query: Query, weights: dict[str, float]) -> list[tuple[str, float]]:
    with engine.snapshot() as snapshot:
        hits = search_best(query, weights, snapshot).hits
        return [(snapshot.article(hit.ref).id, hit.score) for hit in hits]


def test_what_stands_best_comes_first_and_scores_say_so(filled: Engine) -> None:
    query = Query(tuple(REQUIRED), limit=10)
    plain = dict(search(filled, query, {}))
    found = search(filled, query, {"together": 5.0})
    assert found[0][0] == "body"
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    factors = {article_id: score / plain[article_id] for article_id, score in found}
    assert factors == pytest.approx(
        {"both": 1, "apart": exp(2.5), "inflected": 1, "body": exp(5)}, rel=1e-4
    )


@pytest.mark.parametrize(
    "query",
    [
        Query(tuple(REQUIRED[:1]), limit=10),
        Query(tuple(REQUIRED), limit=10, sort=Sort.OLDEST),
        Query(tuple(REQUIRED), limit=0),
        Query((Clause((word("kabar"),)), Clause((word("y"),), required=False)), limit=10),
        Query(limit=10),
        Query((clause("harga"), Clause(())), limit=10),
        ask(clause("tidak"), clause(phrase("ada", "apa"))),
    ],
    ids=["one word", "by date", "no hits wanted", "one required", "all", "empty", "nothing found"],
)
def test_other_answers_stay_as_they_are(filled: Engine, query: Query) -> None:
    assert search(filled, query, {"together": 5.0, "in_title": 5.0}) == search(filled, query, {})


def test_pages_show_every_hit_once(brute_engine: Engine) -> None:
    many = [Draft(f"{n:03}", "harga" if n % 3 else "harga emas", "emas harga " * (n % 5 + 1))
            for n in range(2 * DEPTH)]  # fmt: skip
    write(brute_engine, many)
    whole = search(brute_engine, Query(tuple(REQUIRED), limit=100), {"in_title": 1.0})
    for size in (7, 25, DEPTH):
        paged = [
            hit
            for offset in range(0, len(many), size)
            for hit in search(
                brute_engine, Query(tuple(REQUIRED), offset=offset, limit=size), {"in_title": 1.0}
            )
        ]
        assert paged == whole
