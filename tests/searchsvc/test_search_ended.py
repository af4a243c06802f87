"""Searches that are ended for taking too long, at any moment of understanding and answering."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.looks import Looks

from indexer.article import Article
from indexer.deadline import Deadline, until
from indexer.engine.embedded import open_engine
from indexer.errors import QueryTooCostly
from indexer.ingest.build_article import document
from indexer.language.analyzer import Analyzer
from indexer.schema import FACETS
from searchsvc.request import SearchRequest, SearchResponse
from searchsvc.search import run_search
from searchsvc.suggest import suggest

ANALYZER = Analyzer()


@pytest.mark.parametrize(
    "q",
    [
        "polisi pasar",
        "polsi pasr kota",
        '"kerja sama" atau panen*',
        "penulis:lestari -polisi",
        "kpk bupati januari 2023",
        "kerjasama iran dagang roti",
        "sumber:contoh kategori:hukm padi",
    ],
)
def test_an_ended_search_changes_no_later_answer(
    q: str, tmp_path: Path, sample_articles: list[Article]
) -> None:
    request = SearchRequest(q=q, facets=FACETS, explain=True)
    engine = open_engine(tmp_path / "indeks", create=True)
    with engine.writer() as writer:
        writer.add(ANALYZER.analyse([document(article) for article in sample_articles]))
        writer.commit()
    # What is built once for all is not one query's cost.
    run_search(engine, SearchRequest(), analyzer=ANALYZER)
    ended = 0
    for looks in range(10_000):
        try:
            with until(Deadline(looks, Looks())):
                late = run_search(engine, request, analyzer=ANALYZER)
            break
        except QueryTooCostly:
            ended += 1
    assert ended
    fresh = open_engine(tmp_path / "indeks")
    assert untimed(late) == untimed(run_search(fresh, request, analyzer=ANALYZER))
    with until(Deadline(0, Looks())), pytest.raises(QueryTooCostly):
        suggest(fresh, "polisi pas", analyzer=ANALYZER)
    engine.close()
    fresh.close()


def untimed(response: SearchResponse) -> SearchResponse:
    return replace(response, took_ms=0.0)
