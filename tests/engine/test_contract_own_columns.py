"""What every engine must do with fields of a site's own: labels, numbers and dates by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from math import inf
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from support.asking import ask, list_hits, write
from support.batches import Draft, build_batch
from support.brute_force import BruteForceEngine
from support.forge import Pack, forge_table
from support.random_own import add_own, draw_own
from support.random_requests import RandomArticles, RandomRequests

from indexer.engine.base import (
    Answer,
    Engine,
    FacetRequest,
    LabelFilter,
    Query,
    RangeFilter,
    Snapshot,
    Sort,
    SortBy,
    ValueStatistics,
)
from indexer.engine.embedded import open_engine
from indexer.errors import IndexCorrupt, UnknownName

KECAMATAN, HARGA, MULAI = "label:kecamatan", "number:harga", "date:mulai"

DRAFTS = [
    Draft("1", "a", labels={KECAMATAN: ("Cibiru",)}, values={HARGA: 50.0, MULAI: 20_000.5}, day=3),
    Draft("2", "a b", labels={KECAMATAN: ("cibiru", "Ujung")}, values={HARGA: 20.0}, day=1),
    Draft("3", "b", labels={"category": ("x",)}, day=2),
    Draft("4", "b", labels={KECAMATAN: ("Andir",)}, values={HARGA: 20.0, MULAI: 20_031.0}, day=2),
    Draft("5", "a", values={HARGA: -1.5, MULAI: 20_000.0}),
]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """In several parts, of which some lack some of the fields, and one all."""
    write(engine, DRAFTS[:2])
    write(engine, DRAFTS[2:3])
    write(engine, DRAFTS[3:4], DRAFTS[4:])
    return engine


def answer(engine: Engine, query: Query) -> Answer:
    with engine.snapshot() as snapshot:
        return snapshot.search(query)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ((LabelFilter(KECAMATAN, ("Cibiru", "Andir")),), "1 4"),
        ((LabelFilter(KECAMATAN, ("Cibiru",), exclude=True),), "2 3 4 5"),
        ((LabelFilter("label:lain", ("Cibiru",)),), ""),
        ((LabelFilter("label:lain", ("Cibiru",), exclude=True),), "1 2 3 4 5"),
        ((RangeFilter(HARGA),), "1 2 4 5"),
        ((RangeFilter(HARGA, 20, 50),), "1 2 4"),
        ((RangeFilter(HARGA, high=20),), "2 4 5"),
        ((RangeFilter(HARGA, 20.5),), "1"),
        ((RangeFilter(HARGA, 50, 20),), ""),
        ((RangeFilter(HARGA, 20), RangeFilter(HARGA, None, 20)), "2 4"),
        ((RangeFilter(MULAI, 20_000, 20_000.99),), "1 5"),
        ((RangeFilter("number:lain"),), ""),
        ((RangeFilter(HARGA, 20), LabelFilter(KECAMATAN, ("Ujung",))), "2"),
    ],
)
def test_filters(filled: Engine, filters: tuple[Any, ...], expected: str) -> None:
    with filled.snapshot() as snapshot:
        assert " ".join(sorted(list_hits(snapshot, ask(filters=filters)))) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (SortBy(HARGA), "5 4 2 1 3"),
        (SortBy(HARGA, descending=True), "1 4 2 5 3"),
        (SortBy(MULAI), "5 1 4 3 2"),
        (SortBy(MULAI, descending=True), "4 1 5 3 2"),
        (SortBy(KECAMATAN), "4 1 2 3 5"),
        (SortBy(KECAMATAN, descending=True), "2 1 4 3 5"),
        (SortBy("category"), "3 1 4 2 5"),
        (SortBy("number:lain"), "1 3 4 2 5"),
        (SortBy(HARGA, then=SortBy(KECAMATAN, descending=True)), "5 2 4 1 3"),
        (SortBy("category", then=SortBy(MULAI, descending=True)), "3 4 1 5 2"),
        (SortBy("category", then=SortBy(HARGA, then=SortBy(MULAI))), "3 5 4 2 1"),
    ],
)
@pytest.mark.parametrize("collapse", [False, True])
def test_order_ties_by_newer_date_without_a_value_last(
    filled: Engine, sort: SortBy, expected: str, collapse: bool
) -> None:
    with filled.snapshot() as snapshot:
        query = ask(sort=sort, collapse=collapse)
        assert " ".join(list_hits(snapshot, query)) == expected
        assert {hit.score for hit in snapshot.search(query).hits} == {0.0}
        pages = [replace(query, offset=at, limit=2) for at in (0, 2, 4)]
        assert [one for page in pages for one in list_hits(snapshot, page)] == expected.split()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (ask(), ValueStatistics(4, -1.5, 50.0, 88.5)),
        (ask("b"), ValueStatistics(2, 20.0, 20.0, 40.0)),
        (ask("tidak", few=0), ValueStatistics()),
        (ask(filters=(LabelFilter(KECAMATAN, ("Cibiru",)),)), ValueStatistics(1, 50.0, 50.0, 50.0)),
        (ask(filters=(RangeFilter(HARGA, 30),)), ValueStatistics(4, -1.5, 50.0, 88.5)),
        (ask(filters=(RangeFilter(MULAI, 20_001),)), ValueStatistics(1, 20.0, 20.0, 20.0)),
    ],
)
def test_statistics_leave_out_their_own_filter_only(
    filled: Engine, query: Query, expected: ValueStatistics
) -> None:
    found = answer(filled, replace(query, statistics=(HARGA, "number:lain"))).statistics
    assert found == {HARGA: expected, "number:lain": ValueStatistics()}


def test_labels_and_dates_are_counted(filled: Engine) -> None:
    facets = (FacetRequest(KECAMATAN), FacetRequest(MULAI), FacetRequest("label:lain"))
    only = (LabelFilter(KECAMATAN, ("Andir",)), RangeFilter(MULAI, high=20_100))
    assert answer(filled, ask(facets=facets)).facets == {
        KECAMATAN: [("Andir", 1), ("Cibiru", 1), ("Ujung", 1), ("cibiru", 1)],
        MULAI: [("2024-10", 2), ("2024-11", 1)],
        "label:lain": [],
    }
    assert answer(filled, ask(facets=facets[:2], filters=only)).facets == {
        KECAMATAN: [("Andir", 1), ("Cibiru", 1)],
        MULAI: [("2024-11", 1)],
    }
    with filled.snapshot() as snapshot:
        assert snapshot.label_counts(KECAMATAN)[0] == ("Andir", 1)
        assert snapshot.label_counts("label:lain") == []


def test_merging_and_replacing_keep_them(filled: Engine) -> None:
    with filled.writer() as writer:
        writer.add(build_batch([Draft("2", "a", values={HARGA: 7.0}, day=1)]))
        writer.delete(["1"])
        writer.optimize()
        writer.commit()
    assert filled.check() == []
    found = answer(filled, ask(statistics=(HARGA,), facets=(FacetRequest(KECAMATAN),)))
    assert found.statistics == {HARGA: ValueStatistics(3, -1.5, 20.0, 25.5)}
    assert found.facets == {KECAMATAN: [("Andir", 1)]}
    with filled.snapshot() as snapshot:
        assert list_hits(snapshot, ask(sort=SortBy(HARGA))) == ["5", "2", "4", "3"]


@pytest.mark.parametrize(
    "settings",
    [
        {"filters": (RangeFilter("harga"),)},
        {"filters": (RangeFilter("label:x"),)},
        {"filters": (LabelFilter("number:harga", ("1",)),)},
        {"statistics": ("title",)},
        {"statistics": ("label:kecamatan",)},
        {"sort": SortBy("harga")},
        {"sort": SortBy("title")},
        {"facets": (FacetRequest("number:harga"),)},
    ],
)
def test_columns_that_there_cannot_be_are_refused(filled: Engine, settings: dict[str, Any]) -> None:
    with filled.snapshot() as snapshot, pytest.raises(UnknownName):
        snapshot.search(ask("a", **settings))


# --- segments that were altered together with their checksums


def set_value(column: str, value: float) -> Callable[[Pack], None]:
    def change(pack: Pack) -> None:
        pack.sections[f"values.{column}"][0] = value

    return change


def set_meta(name: str, value: Any) -> Callable[[Pack], None]:
    return lambda pack: pack.meta.update({name: value})


@pytest.mark.parametrize(
    "change",
    [
        set_value(HARGA, inf),
        set_value(HARGA, -inf),
        set_value(MULAI, 1e9),
        set_meta("values", "harga"),
        set_meta("values", ["harga"]),
        set_meta("values", [HARGA, HARGA]),
        set_meta("values", [HARGA, MULAI, "number:lain"]),
        set_meta("values", [HARGA, 3]),
        set_meta("labels", [KECAMATAN]),
        lambda pack: pack.sections.__delitem__(f"values.{HARGA}"),
        lambda pack: pack.sections.__delitem__(f"labels.{KECAMATAN}.codes"),
        lambda pack: pack.sections.update({f"values.{HARGA}": np.zeros(1)}),
        lambda pack: pack.sections.update({f"values.{HARGA}": np.zeros(5, np.int64)}),
    ],
)
def test_columns_that_cannot_be_are_refused(tmp_path: Path, change: Callable[[Pack], None]) -> None:
    folder = tmp_path / "index"
    write(open_engine(folder, create=True), DRAFTS)
    (path,) = folder.glob("*.pack")
    pack = Pack.read(path)
    change(pack)
    forge_table(folder, path, pack.write())
    with pytest.raises(IndexCorrupt) as caught:
        open_engine(folder).snapshot()
    assert caught.value.path == str(path)


# --- against brute force


def play(engine: Engine, history: str) -> Engine:
    articles, chance = RandomArticles(11), Random(12)
    ids = [f"artikel-{number}" for number in range(150)]
    for start in range(0, len(ids), 30):
        with engine.writer() as writer:
            drafts = [articles.draw_article(one) for one in ids[start : start + 30]]
            # The first part has no field of a site's own: it is from before they were declared.
            writer.add(build_batch([draw_own(one, chance) if start else one for one in drafts]))
            writer.commit()
    if history == "changed":
        with engine.writer() as writer:
            writer.delete(chance.sample(ids, 25))
            changed = [articles.draw_article(one) for one in chance.sample(ids, 20)]
            writer.add(build_batch([draw_own(one, chance) for one in changed]))
            writer.optimize()
            writer.commit()
    return engine


@cache
def play_by_brute_force(history: str) -> Snapshot:
    return play(BruteForceEngine(), history).snapshot()


@pytest.fixture(scope="module", params=["added", "changed"])
def history(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def snapshot(history: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder: Path = tmp_path_factory.mktemp("index") / history
    engine = play(open_engine(folder, create=True), history)
    assert engine.check() == []
    with engine.snapshot() as opened:
        yield opened
    engine.close()


@pytest.mark.parametrize("seed", range(5))
def test_random_requests(snapshot: Snapshot, history: str, seed: int) -> None:
    expected, requests, chance = play_by_brute_force(history), RandomRequests(seed), Random(seed)
    for _ in range(25):
        query = add_own(replace(requests.draw_query(), offset=0, limit=1000), chance)
        got, wanted = snapshot.search(query), expected.search(query)
        assert got.facets == wanted.facets, query
        assert got.total == wanted.total, query
        assert got.statistics.keys() == wanted.statistics.keys()
        for column, one in got.statistics.items():
            other = wanted.statistics[column]
            assert replace(one, total=0) == replace(other, total=0), query
            assert one.total == pytest.approx(other.total)
        if query.sort != Sort.RELEVANCE:
            # Both number the articles in the order in which they were added.
            assert list_hits(snapshot, query) == list_hits(expected, query), query
