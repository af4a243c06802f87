"""Random histories of one index: after each commit the engine holds what brute force holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from support.asking import ask, list_hits
from support.batches import Draft, build_batch
from support.brute_force import BruteForceEngine

from indexer.engine.base import Engine, FacetRequest, Snapshot, Writer, Written
from indexer.engine.embedded import open_engine

IDS = [f"artikel {number}" for number in range(12)]
VERSIONS = ["a", "b c", "a b", ""]


def draw_draft(chance: Random) -> Draft:
    version = chance.choice(VERSIONS)
    return Draft(chance.choice(IDS), version, version, {"category": (f"k {version[:1]}",)}, day=9)


def change_both(chance: Random, writers: tuple[Writer, Writer]) -> None:
    """Make the same random change with two writers, which must agree on what it did."""
    kind = chance.random()
    if kind < 0.65:
        drafts = [draw_draft(chance) for _ in range(chance.randint(0, 6))]
        for writer in writers:
            writer.add(build_batch(drafts))
    elif kind < 0.9:
        gone = chance.sample(IDS, chance.randint(1, 4))
        assert writers[0].delete(gone) == writers[1].delete(gone)
    elif kind < 0.95:
        for writer in writers:
            writer.delete_all()
    else:
        for writer in writers:
            writer.optimize()


def list_contents(snapshot: Snapshot) -> list[tuple[str, str]]:
    found = sorted((article.id, article.title) for article in snapshot.all_articles())
    assert snapshot.document_count() == len(found)
    for one in IDS:
        ref = snapshot.find(one)
        title = dict(found).get(one)
        assert (None if ref is None else snapshot.article(ref).title) == title
    return found


def assert_same(engine: Engine, oracle: Engine) -> None:
    facets = (FacetRequest("category"), FacetRequest("published_at"))
    with engine.snapshot() as got, oracle.snapshot() as expected:
        assert list_contents(got) == list_contents(expected)
        for clauses in ((), ("a",), ("b",), ("b", "c")):
            query = ask(*clauses, facets=facets)
            assert sorted(list_hits(got, query)) == sorted(list_hits(expected, query))
            assert got.search(query).facets == expected.search(query).facets


def ignore_generation(written: Written) -> Written:
    return replace(written, generation=0)


@pytest.mark.parametrize("flush_tokens", [1, 12, 10_000])
@pytest.mark.parametrize("seed", range(12))
def test_histories_leave_the_same_articles(tmp_path: Path, seed: int, flush_tokens: int) -> None:
    chance = Random(seed)
    oracle = BruteForceEngine()
    engine = open_engine(tmp_path / "index", create=True, flush_tokens=flush_tokens)
    for _ in range(4):
        with engine.writer() as writer, oracle.writer() as expected_writer:
            for _ in range(chance.randint(1, 2)):
                for _ in range(chance.randint(0, 5)):
                    change_both(chance, (writer, expected_writer))
                more = chance.random() < 0.5
                written = writer.commit(more=more)
                expected = expected_writer.commit(more=more)
                assert ignore_generation(written) == ignore_generation(expected)
                assert_same(engine, oracle)
            for _ in range(chance.randint(0, 2)):
                change_both(chance, (writer, expected_writer))
        # What came after the last commit is gone for both.
        assert_same(engine, oracle)
        if chance.random() < 0.5:
            engine.close()
            engine = open_engine(tmp_path / "index", flush_tokens=flush_tokens)
    assert engine.check() == []
    engine.close()
