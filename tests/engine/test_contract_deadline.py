"""A query that takes longer than it may is ended, and leaves nothing behind."""

from __future__ import annotations

import pytest
from support.asking import ask, clause, phrase, write
from support.batches import Draft
from support.looks import Looks
from support.random_requests import RandomArticles, RandomRequests

from indexer.deadline import Deadline, until
from indexer.engine.base import Engine, FacetRequest, LabelFilter, Prefix, Query, Sort
from indexer.errors import QueryTooCostly

DRAFTS = [
    Draft("1", "a b", labels={"tags": ("x", "y")}),
    Draft("2", "a b c", labels={"tags": ("x",)}),
    Draft("3", "b c d"),
]
FACETS = (FacetRequest("tags"), FacetRequest("published_at"))
QUERIES = [
    ask(),
    ask("a"),
    ask("a", "b"),
    ask("a", "tidak", "b"),
    ask(clause("a", "c"), minimum=1),
    ask("a", sort=Sort.NEWEST),
    ask(Prefix("a"), clause("c", required=False), facets=FACETS),
    ask(phrase("a", "b"), excluded=(clause("d"),)),
    ask("b", filters=(LabelFilter("tags", ("x",)),), facets=FACETS),
]


@pytest.mark.parametrize("query", QUERIES)
def test_no_search_goes_on_when_its_time_is_over(engine: Engine, query: Query) -> None:
    write(engine, DRAFTS[:2], DRAFTS[2:])
    with engine.snapshot() as snapshot:
        with (
            until(Deadline(0, Looks())),
            pytest.raises(QueryTooCostly, match="longer than 0 s") as error,
        ):
            snapshot.search(query)
        assert error.value.seconds == 0
        in_time = snapshot.search(query)
        with until(Deadline(3600)):
            assert snapshot.search(query) == in_time


@pytest.mark.parametrize("seed", range(4))
def test_ended_at_any_moment_it_leaves_nothing_behind(engine: Engine, seed: int) -> None:
    articles, requests = RandomArticles(seed), RandomRequests(seed)
    drafts = [articles.draw_article(f"artikel-{number}") for number in range(30)]
    write(engine, drafts[:20], drafts[20:])
    ended = 0
    with engine.snapshot() as snapshot:
        for _ in range(12):
            query = requests.draw_query()
            for looks in range(1000):
                try:
                    with until(Deadline(looks, Looks())):
                        late = snapshot.search(query)
                except QueryTooCostly:
                    ended += 1
                else:
                    break
            assert snapshot.search(query) == late
    assert ended >= 12


@pytest.mark.parametrize("seed", range(4))
def test_what_was_ended_changes_no_other_answer(engine: Engine, seed: int) -> None:
    articles, requests = RandomArticles(seed), RandomRequests(seed)
    write(engine, [articles.draw_article(f"artikel-{number}") for number in range(30)])
    queries = [requests.draw_query() for _ in range(12)]
    with engine.snapshot() as snapshot:
        before = [snapshot.search(query) for query in queries]
    # Committed anew, so that nothing is remembered of the first answers.
    write(engine, [Draft("lain", "qqq")])
    with engine.writer() as writer:
        writer.delete(["lain"])
        writer.commit()
    with engine.snapshot() as snapshot:
        for looks, query in enumerate(queries):
            with until(Deadline(looks, Looks())):
                try:
                    snapshot.search(query)
                except QueryTooCostly:
                    continue
        after = [snapshot.search(query) for query in queries]
    assert [(one.total, one.facets) for one in after] == [(one.total, one.facets) for one in before]


def test_the_deadline_before_holds_again(engine: Engine) -> None:
    write(engine, DRAFTS)
    with engine.snapshot() as snapshot, until(Deadline(0, Looks())):
        with until(None):
            assert snapshot.search(ask("a")).total == 2
        with pytest.raises(QueryTooCostly):
            snapshot.search(ask("a"))
