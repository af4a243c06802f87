"""Batches analysed in other processes are those analysed here, in the same order."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import pytest

from indexer.article import Article
from indexer.build_article import document
from indexer.engine.base import AnalysedBatch, AnalysedDocument
from indexer.language.analyzer import Analyzer
from indexer.parallel import WorkerDied, analyse_all


def make_analyzer() -> Analyzer:
    return Analyzer()


class Dying:
    """An analyser whose process ends in the middle of its work."""

    def analyse(self, documents: list[AnalysedDocument]) -> AnalysedBatch:
        os._exit(9)


def make_dying() -> Dying:
    return Dying()


def make_batches(count: int) -> Iterator[list[AnalysedDocument]]:
    for batch in range(count):
        yield [
            document(
                Article(
                    id=f"{batch}-{number}",
                    title=f"Polisi menangkap pencuri ke-{number}",
                    body=f"Menurut Kejagung, warga Bekasi melaporkan pencurian {batch} kali.",
                    category="hukum",
                    place="Bekasi",
                )
            )
            for number in range(3)
        ]


def describe(batch: AnalysedBatch) -> tuple[object, ...]:
    tokens = [batch.vocabulary[term] for term in batch.token_terms]
    return (
        [one.article.id for one in batch.documents],
        [one.labels for one in batch.documents],
        tokens,
        [batch.stems[term] for term in batch.token_terms],
        batch.token_starts.tolist(),
        np.concatenate([batch.title_lengths, batch.body_lengths, batch.lead_lengths]).tolist(),
    )


def test_two_processes_give_what_one_gives() -> None:
    alone = [describe(batch) for batch in analyse_all(make_batches(9), Analyzer())]
    beside = analyse_all(make_batches(9), Analyzer(), processes=2, make_analyzer=make_analyzer)
    assert [describe(batch) for batch in beside] == alone
    assert len(alone) == 9


def test_few_batches_start_no_process() -> None:
    batches = analyse_all(make_batches(2), Analyzer(), processes=3, make_analyzer=make_dying)
    assert len(list(batches)) == 2


def test_a_dead_worker_is_one_sentence() -> None:
    batches = analyse_all(make_batches(9), Analyzer(), processes=2, make_analyzer=make_dying)
    with pytest.raises(WorkerDied, match="--processes 1"):
        list(batches)
