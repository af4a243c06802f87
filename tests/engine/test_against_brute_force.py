"""Hundreds of random requests, each answered by the engine as by brute force.

The same requests go to three histories of one index: articles only added; updated and deleted
too; and the latter merged. Scores are compared where nothing deleted can be among the statistics.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from support.asking import find_ref
from support.brute_force import BruteForceEngine
from support.random_requests import RandomRequests
from support.same_answers import (
    TOLERANCE,
    assert_same_explanation,
    assert_same_hit,
    assert_same_page,
    identify,
    play,
)

from indexer.engine.base import Answer, Form, Query, Snapshot, Sort
from indexer.engine.embedded import open_engine, search
from indexer.engine.embedded.native import core
from indexer.schema import LABEL_FACETS

HISTORIES = ("added", "changed", "merged")
REQUESTS_PER_SEED = 26
SEEDS = range(20)


@cache
def play_by_brute_force(history: str) -> Snapshot:
    engine = BruteForceEngine()
    play(engine, history)
    return engine.snapshot()


@cache
def answer_by_brute_force(history: str, seed: int) -> list[tuple[Query, Answer]]:
    """Random requests, each with its whole answer: all hits, not only the page asked for."""
    requests, snapshot = RandomRequests(seed), play_by_brute_force(history)
    queries = [requests.draw_query() for _ in range(REQUESTS_PER_SEED)]
    return [(query, snapshot.search(replace(query, offset=0, limit=1000))) for query in queries]


@pytest.fixture(scope="module", params=HISTORIES)
def history(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def snapshot(history: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    engine = open_engine(tmp_path_factory.mktemp("index") / history, create=True)
    play(engine, history)
    assert engine.check() == []
    with engine.snapshot() as opened:
        yield opened
    engine.close()


@pytest.fixture(scope="module")
def played(history: str) -> str:
    """The history that brute force plays: to it, merging changes nothing."""
    return "changed" if history == "merged" else history


@pytest.fixture(scope="module")
def expected(played: str) -> Snapshot:
    return play_by_brute_force(played)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_requests(
    snapshot: Snapshot, expected: Snapshot, history: str, played: str, seed: int
) -> None:
    for query, whole in answer_by_brute_force(played, seed):
        got = snapshot.search(query)
        assert replace(got, hits=[], facets={}) == replace(whole, hits=[], facets={}), query
        assert got.facets == whole.facets, query
        if history != "changed" or query.sort != Sort.RELEVANCE:
            assert_same_page(snapshot, got, expected, whole, query)
            for hit in got.hits[:3]:
                ref = find_ref(expected, snapshot.article(hit.ref).id)
                rows = snapshot.explain(hit.ref, query)
                if history != "changed":
                    assert_same_explanation(rows, expected.explain(ref, query))
                if query.sort == Sort.RELEVANCE:
                    assert sum(row.score for row in rows) == pytest.approx(
                        hit.score, rel=TOLERANCE, abs=1e-9
                    )
        everything = snapshot.search(replace(query, offset=0, limit=1000))
        assert sorted(identify(snapshot, everything.hits)) == sorted(
            identify(expected, whole.hits)
        ), query
        for hit in everything.hits[:5]:
            assert_same_hit(snapshot, expected, hit, query)


def test_leaving_out_what_cannot_be_among_the_best_changes_no_answer(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one clause is enough and postings are many, few documents are scored to the end."""
    pruned: list[int] = []

    def watch(*args: Any) -> int:
        late = int(core.search(*args))
        pruned.append(int(args[-1][4]))
        return late

    for seed in range(12):
        requests, chance = RandomRequests(seed), Random(seed)
        for _ in range(REQUESTS_PER_SEED):
            query = replace(requests.draw_query(), minimum=1, limit=chance.randint(1, 4))
            if not any(clause.required for clause in query.clauses):
                continue
            whole = snapshot.search(query)
            with monkeypatch.context() as patched:
                patched.setattr(search, "_FEW_POSTINGS", 0)
                patched.setattr(search, "_POSTINGS_PER_WANTED", 0)
                patched.setattr(search, "core", SimpleNamespace(**{**vars(core), "search": watch}))
                assert snapshot.search(query) == whole, query
    assert sum(words > 0 for words in pruned) > 40


def test_every_article_is_the_same(snapshot: Snapshot, expected: Snapshot) -> None:
    assert snapshot.document_count() == expected.document_count()
    by_id = {article.id: article for article in snapshot.all_articles()}
    assert by_id == {article.id: article for article in expected.all_articles()}
    for article_id in by_id:
        assert snapshot.article(find_ref(snapshot, article_id)).id == article_id


def test_terms_labels_and_casing_are_the_same(
    snapshot: Snapshot, expected: Snapshot, history: str
) -> None:
    for facet in LABEL_FACETS:
        assert snapshot.label_counts(facet) == expected.label_counts(facet)
    if history == "changed":
        return
    for form in Form:
        for prefix in ("", "s", "se", "serang-", "z"):
            assert list(snapshot.terms(prefix, form=form)) == list(
                expected.terms(prefix, form=form)
            )
        for term, documents in expected.terms(form=form):
            assert snapshot.statistics(term, form) == expected.statistics(term, form)
            assert snapshot.statistics(term, form).documents == documents
    for prefix in ("", "k", "pa"):
        assert snapshot.frequent_terms(prefix, limit=7) == expected.frequent_terms(prefix, limit=7)


def test_random_requests_are_worth_asking() -> None:
    """Most find something, few find everything, and all parts of the seam are used."""
    totals = [whole.total for seed in range(4) for _, whole in answer_by_brute_force("added", seed)]
    assert sum(1 for total in totals if total > 0) > 60
    assert sum(1 for total in totals if total == 200) < 30
