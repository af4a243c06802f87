"""What is remembered of a query serves others with the same words, and only those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from indexer.engine.base import Engine
from indexer.language.analyzer import Analyzer
from indexer.language.dictionary_text import parse_dictionary
from searchsvc.index import Index
from searchsvc.query import clauses, correct, recent_queries
from searchsvc.request import SearchRequest
from searchsvc.search import run_search

SAMPLES = Path(__file__).parents[2] / "index_data/samples"
TODAY = date(2026, 3, 2)
PLAIN = Analyzer()
OWN = Analyzer(
    dictionary=parse_dictionary(
        b"[synonyms]\nkapal = perahu\nbanjir = rob\n[stop words]\nwarga\n"
    ).dictionary
)
QUERIES = (
    "banjir rob",
    "bajir rob",
    "nelayan kapal -solar",
    '"kapal nelayan" atau perahu',
    "warga kemarin",
    "siapa wali kota",
    "judul:warga desa",
    "kategori:ekonomi harga",
)
#: Each differs in one thing from the first.
ASKED: tuple[Mapping[str, Any], ...] = (
    {},
    {"request": {"page": 2, "per_page": 3}},
    {"request": {"sort": "oldest"}},
    {"request": {"facets": ("source", "category"), "explain": True}},
    {"request": {"match": "any"}},
    {"analyzer": OWN},
    {"today": date(2026, 3, 3)},
    {"without": frozenset({"stems"})},
    {"without": frozenset({"typos", "common_words"})},
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("contoh") / "index"
    with Index.open(path, create=True) as index:
        index.add_files(SAMPLES)
    return path


@pytest.fixture
def engine(folder: Path) -> Iterator[Engine]:
    with Index.open(folder) as index:
        yield index.engine


def ask(
    engine: Engine,
    q: str,
    request: Mapping[str, Any] | None = None,
    *,
    analyzer: Analyzer = PLAIN,
    today: date = TODAY,
    without: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    asked = SearchRequest(q=q, **(request or {}))
    told = run_search(engine, asked, analyzer=analyzer, today=today, without=without).to_dict()
    del told["took_ms"]
    return told


@pytest.mark.parametrize("order", [1, -1])
def test_whoever_asked_before_changes_no_answer(folder: Path, engine: Engine, order: int) -> None:
    for q in QUERIES:
        for how in ASKED[::order]:
            with Index.open(folder) as fresh:
                assert ask(engine, q, **how) == ask(fresh.engine, q, **how), (q, how)


def test_words_are_understood_once_for_all_pages_and_orders(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[str] = []
    build_wanted, correct_query = clauses.ClauseBuilder.build_wanted, correct.correct_query

    def build(builder: clauses.ClauseBuilder) -> Any:
        worked.append(f"build {builder.parsed.text}")
        return build_wanted(builder)

    def respell(q: str, *rest: Any, **more: Any) -> Any:
        worked.append(f"correct {q}")
        return correct_query(q, *rest, **more)

    monkeypatch.setattr(clauses.ClauseBuilder, "build_wanted", build)
    monkeypatch.setattr(correct, "correct_query", respell)
    for request in ({}, {"page": 2}, {"sort": "newest"}, {"facets": ("source",)}):
        ask(engine, "banjir rob", request)
    assert worked == ["build banjir rob", "correct banjir rob"]


def test_memory_for_queries_is_bounded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_queries, "MOST_CHARACTERS", 100)
    wanted = [ask(engine, q) for q in QUERIES]
    assert [ask(engine, q) for q in QUERIES] == wanted


def test_the_oldest_queries_are_forgotten_for_the_length_of_new_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recent_queries, "MOST_CHARACTERS", 100)
    memory = recent_queries.RecentQueries()
    for name in range(12):
        memory.keep((name,), f"meaning {name}", 10)
    kept = [name for name in range(12) if memory.get((name,), None)]
    assert kept == list(range(2, 12))
    memory.keep(("long",), "meaning", 85)
    assert [memory.get((name,), None) for name in (10, 11)] == [None, "meaning 11"]
    memory.keep(("too long",), "meaning", 101)
    assert memory.get(("too long",), None) is None
    assert memory.get(("long",), None) == "meaning"
