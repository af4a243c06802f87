"""The benchmark's corpus: what it gives every engine must be the same, and true."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.brute_force import BruteForceEngine

from bench import corpus as bench_corpus
from bench.corpus import Base, Corpus, analyse_base, build_batches, prepare_corpus
from bench.engines.embedded import EmbeddedDriver, build_query
from bench.engines.fts5 import Fts5Driver
from bench.engines.stock_whoosh import StockWhooshDriver
from bench.invented import invent_articles
from bench.records import BORDER, encode_stem, list_records
from bench.workload import KINDS, SAME_TOTAL, draw_queries
from indexer.engine.base import AnalysedBatch


@pytest.fixture(scope="module")
def base() -> Base:
    return analyse_base("invented", list(invent_articles(60)))


@pytest.fixture
def small_corpus(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """A corpus of 90 articles, a third of them recombined."""
    monkeypatch.setattr(bench_corpus, "WORK", tmp_path)
    monkeypatch.setattr(bench_corpus, "prepare_base", lambda origin, real: base)
    return prepare_corpus(90, invented=True)


def test_invented_articles_are_the_same_each_time() -> None:
    assert list(invent_articles(5)) == list(invent_articles(5))
    assert next(invent_articles(1)) != next(invent_articles(1, seed=2))


def list_tokens(batch: AnalysedBatch) -> list[list[tuple[str, str]]]:
    """For each article, each token's term beside the text where it should stand."""
    found = []
    at = 0
    for number, one in enumerate(batch.documents):
        row = []
        sizes = (batch.title_lengths[number], batch.body_lengths[number])
        for text, size in zip((one.article.title, one.article.body), sizes, strict=True):
            for place in range(at, at + int(size)):
                term = batch.vocabulary[batch.token_terms[place]]
                start = int(batch.token_starts[place])
                row.append((term, text[start : start + len(term)].lower()))
            at += int(size)
        found.append(row)
    assert at == len(batch.token_terms)
    return found


def test_recombined_articles_have_the_tokens_of_their_text(base: Base) -> None:
    (batch,) = build_batches(base, 90)
    assert len({one.article.id for one in batch.documents}) == 90
    assert len({one.fingerprint for one in batch.documents}) == 90
    for row in list_tokens(batch):
        assert row
        assert [term for term, _ in row] == [text for _, text in row]
    counts = np.bincount(batch.token_terms, minlength=len(batch.vocabulary))
    assert (batch.lower_counts + batch.capital_counts == counts).all()
    assert (batch.lead_lengths <= batch.body_lengths).all()


@pytest.mark.parametrize(
    ("stem", "expected"),
    [("serang", "serang"), ("1,5", "1z2cz5"), ("anak-anak", "anakz2dzanak"), ("é", "ze9z")],
)
def test_stems_are_encoded_in_letters_and_digits(stem: str, expected: str) -> None:
    assert encode_stem(stem) == expected


def test_records_hold_the_stems_in_order(base: Base) -> None:
    (batch,) = build_batches(base, 5)
    for record, tokens in zip(list_records(batch), list_tokens(batch), strict=True):
        words = record.text.split(" ")
        assert len(words) == len(tokens) + 1
        assert words.count(BORDER) == 1


def test_queries_are_the_same_each_time_and_of_every_kind(small_corpus: Corpus) -> None:
    queries = draw_queries(small_corpus, 4)
    assert queries == draw_queries(small_corpus, 4)
    assert [query.kind for query in queries] == [kind for kind in KINDS for _ in range(4)]


@pytest.mark.parametrize("driver", [Fts5Driver(), StockWhooshDriver()], ids=["fts5", "whoosh"])
def test_peers_find_and_count_what_our_engine_does(
    small_corpus: Corpus, tmp_path: Path, driver: Fts5Driver | StockWhooshDriver
) -> None:
    ours = EmbeddedDriver()
    for number, one in enumerate((ours, driver)):
        folder = tmp_path / f"index-{number}"
        folder.mkdir()
        one.start_build(folder)
        for batch in small_corpus.read_chunks():
            one.add(one.convert(batch))  # type: ignore[arg-type]
        one.finish_build()
        one.open(folder)
    for query in draw_queries(small_corpus, 5):
        mine, theirs = ours.search(query), driver.search(query)
        assert mine.facets == theirs.facets
        if query.kind in SAME_TOTAL:
            assert mine.total == theirs.total
            assert len(mine.hits) == len(theirs.hits)
    ours.close()
    driver.close()


def test_our_engine_is_asked_what_brute_force_understands(small_corpus: Corpus) -> None:
    engine = BruteForceEngine()
    with engine.writer() as writer:
        for batch in small_corpus.read_chunks():
            writer.add(batch)
        writer.commit()
    with engine.snapshot() as snapshot:
        for query in draw_queries(small_corpus, 2):
            answer = snapshot.search(replace(build_query(query), offset=0))
            assert answer.total > 0 or query.kind == "phrase"
