"""Random histories of an index, and whether an engine answers about them as brute force does."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from support.asking import find_ref
from support.batches import build_batch
from support.random_requests import RandomArticles

from indexer.engine.base import (
    Answer,
    Contribution,
    Engine,
    Hit,
    PassageBounds,
    Query,
    Snapshot,
    Sort,
)

TOLERANCE = 1e-4


def play(engine: Engine, history: str) -> None:
    """Bring an index into the state that the history leaves."""
    articles, chance = RandomArticles(7), Random(8)
    ids = [f"artikel-{number}" for number in range(200)]
    for start in range(0, len(ids), 50):
        with engine.writer() as writer:
            for first in (start, start + 20, start + 40):
                batch = ids[first : min(first + 20, start + 50)]
                writer.add(build_batch([articles.draw_article(one) for one in batch]))
            writer.commit()
    if history == "added":
        return
    for _ in range(4):
        with engine.writer() as writer:
            writer.delete(chance.sample(ids, 12))
            writer.add(build_batch([articles.draw_article(one) for one in chance.sample(ids, 15)]))
            changed = chance.sample(ids, 6)
            writer.add(build_batch([articles.draw_article(one) for one in changed]))
            writer.delete(changed[:2])
            writer.commit()
    if history == "merged":
        with engine.writer() as writer:
            writer.optimize()
            writer.commit()


def identify(snapshot: Snapshot, hits: list[Hit]) -> list[str]:
    return [snapshot.article(hit.ref).id for hit in hits]


def assert_same_page(
    snapshot: Snapshot, got: Answer, expected: Snapshot, whole: Answer, query: Query
) -> None:
    """The page holds the documents that stand at its ranks by brute force, up to near-ties."""
    page = whole.hits[query.offset : query.offset + query.limit]
    ids = identify(snapshot, got.hits)
    assert len(ids) == len(set(ids)) == len(page)
    by_id = dict(zip(identify(expected, whole.hits), whole.hits, strict=True))
    for article_id, hit, wanted in zip(ids, got.hits, page, strict=True):
        own = by_id[article_id]
        assert hit.score == pytest.approx(own.score, rel=TOLERANCE, abs=1e-9)
        assert hit.score == pytest.approx(wanted.score, rel=TOLERANCE, abs=1e-9)
        if query.sort != Sort.RELEVANCE or wanted.score == 0:
            assert read_date(expected, own) == read_date(expected, wanted)
    assert [round(hit.score, 12) for hit in got.hits] == sorted(
        (round(hit.score, 12) for hit in got.hits), reverse=True
    )


def read_date(snapshot: Snapshot, hit: Hit) -> str:
    return snapshot.article(hit.ref).published_at


def assert_same_explanation(got: list[Contribution], wanted: list[Contribution]) -> None:
    assert len(got) == len(wanted)
    for one, other in zip(got, wanted, strict=True):
        assert replace(one, weight=0, idf=0, score=0) == replace(other, weight=0, idf=0, score=0)
        assert (one.weight, one.idf, one.score) == pytest.approx(
            (other.weight, other.idf, other.score), rel=TOLERANCE, abs=1e-9
        )


def assert_same_hit(snapshot: Snapshot, expected: Snapshot, hit: Hit, query: Query) -> None:
    """Occurrences of a hit's words and the explanation of its score are the same."""
    article = snapshot.article(hit.ref)
    ref = find_ref(expected, article.id)
    assert expected.article(ref) == article
    assert snapshot.summary(hit.ref) == expected.summary(ref)
    words = [word for clause in query.clauses for word in clause.words]
    assert snapshot.occurrences(hit.ref, words) == expected.occurrences(ref, words)
    bounds = (PassageBounds(len(article.body), 40, 60), PassageBounds(30, 10, 5))
    shown = snapshot.passages([hit.ref] * 2, words, bounds)
    assert shown == expected.passages([ref] * 2, words, bounds)
