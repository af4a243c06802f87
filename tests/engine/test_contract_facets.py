"""What every engine must count: label facets, date histograms, multi-select."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.asking import ask, clause, write
from support.batches import Draft

from indexer.engine.base import DateFilter, Engine, FacetRequest, LabelFilter, Query, Sort
from indexer.errors import UnknownName
from indexer.schema import LABEL_FACETS


def to_day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


DRAFTS = [
    Draft("1", "a", labels={"category": ("hukum",), "tags": ("x", "y")}, day=to_day("2022-07-20")),
    Draft("2", "a b", labels={"category": ("hukum",), "tags": ("x",)}, day=to_day("2022-07-20")),
    Draft("3", "a b", labels={"category": ("politik",)}, day=to_day("2022-07-21")),
    Draft("4", "b", labels={"category": ("ekonomi",), "tags": ("z",)}, day=to_day("2022-08-01")),
    Draft("5", "b c", labels={"tags": ("y", "x")}, day=to_day("2023-01-01")),
    Draft("6", "c", labels={"category": ("politik",), "tags": ("w",)}),
]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    write(engine, DRAFTS[:2])
    write(engine, DRAFTS[2:4], DRAFTS[4:])
    return engine


def count(engine: Engine, query: Query) -> dict[str, list[tuple[str, int]]]:
    with engine.snapshot() as snapshot:
        return snapshot.search(query).facets


CATEGORY, TAGS = FacetRequest("category"), FacetRequest("tags")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (ask(), [("hukum", 2), ("politik", 2), ("ekonomi", 1)]),
        (ask("a"), [("hukum", 2), ("politik", 1)]),
        (ask("b"), [("ekonomi", 1), ("hukum", 1), ("politik", 1)]),
        (ask("a", "b"), [("hukum", 1), ("politik", 1)]),
        (ask("c"), [("politik", 1)]),
        (ask("tidak"), []),
        (ask(excluded=(clause("b"),)), [("hukum", 1), ("politik", 1)]),
        (ask(limit=0), [("hukum", 2), ("politik", 2), ("ekonomi", 1)]),
        (ask("a", limit=1, offset=1), [("hukum", 2), ("politik", 1)]),
        (ask(sort=Sort.NEWEST), [("hukum", 2), ("politik", 2), ("ekonomi", 1)]),
    ],
)
def test_labels_most_frequent_first_ties_by_value(
    filled: Engine, query: Query, expected: list[tuple[str, int]]
) -> None:
    assert count(filled, with_facets(query, CATEGORY)) == {"category": expected}


def with_facets(query: Query, *facets: FacetRequest) -> Query:
    names = (
        "clauses",
        "excluded",
        "filters",
        "minimum",
        "few",
        "enough",
        "sort",
        "offset",
        "limit",
    )
    settings: dict[str, Any] = {name: getattr(query, name) for name in names}
    return Query(**settings, facets=facets)


def test_an_article_counts_once_for_each_of_its_labels(filled: Engine) -> None:
    assert count(filled, ask(facets=(TAGS,))) == {"tags": [("x", 3), ("y", 2), ("w", 1), ("z", 1)]}


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 4, 100, 2**31])
def test_limit_keeps_the_most_frequent(filled: Engine, limit: int) -> None:
    expected = [("x", 3), ("y", 2), ("w", 1), ("z", 1)][:limit]
    assert count(filled, ask(facets=(FacetRequest("tags", limit),))) == {"tags": expected}


@pytest.mark.parametrize(
    ("limit", "selected", "expected"),
    [
        (1, ("z",), [("x", 3), ("z", 1)]),
        (1, ("z", "y"), [("x", 3), ("z", 1), ("y", 2)]),
        (2, ("y", "x"), [("x", 3), ("y", 2)]),
        (0, ("w", "tidak ada", "w", ""), [("w", 1), ("tidak ada", 0), ("", 0)]),
        (20, ("zz", "a"), [("x", 3), ("y", 2), ("w", 1), ("z", 1), ("zz", 0), ("a", 0)]),
    ],
)
def test_selected_labels_are_counted_whatever_their_rank(
    filled: Engine, limit: int, selected: tuple[str, ...], expected: list[tuple[str, int]]
) -> None:
    request = FacetRequest("tags", limit, selected=selected)
    assert count(filled, ask(facets=(request,))) == {"tags": expected}


def test_selected_labels_leave_out_their_own_filter_only(filled: Engine) -> None:
    filters = (LabelFilter("tags", ("y",)), LabelFilter("category", ("hukum",)))
    requests = (FacetRequest("tags", 0, selected=("y", "z")), FacetRequest("category", 0))
    assert count(filled, ask("b", filters=filters, facets=requests)) == {
        "tags": [("y", 0), ("z", 0)],
        "category": [],
    }
    assert count(filled, ask("a", filters=filters, facets=requests[:1])) == {
        "tags": [("y", 1), ("z", 0)]
    }


def test_dates_have_no_selection(filled: Engine) -> None:
    request = FacetRequest("published_at", interval="year", selected=("2022", "1999"))
    assert count(filled, ask(facets=(request,))) == {"published_at": [("2022", 4), ("2023", 1)]}


def test_every_facet_asked_for_is_answered_and_no_other(filled: Engine) -> None:
    assert count(filled, ask()) == {}
    asked = (*(FacetRequest(name) for name in LABEL_FACETS), FacetRequest("published_at"))
    answered = count(filled, ask(facets=asked))
    assert set(answered) == {*LABEL_FACETS, "published_at"}
    assert answered["agency"] == []


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("day", [("2022-07-20", 2), ("2022-07-21", 1), ("2022-08-01", 1), ("2023-01-01", 1)]),
        ("month", [("2022-07", 3), ("2022-08", 1), ("2023-01", 1)]),
        ("year", [("2022", 4), ("2023", 1)]),
    ],
)
def test_dates_oldest_first_without_the_undated(
    filled: Engine, interval: str, expected: list[tuple[str, int]]
) -> None:
    for limit in (1, 20):
        facets = (FacetRequest("published_at", limit, interval),)
        assert count(filled, ask(facets=facets)) == {"published_at": expected}


@pytest.mark.parametrize(
    "written", ["0999-12-31", "1900-02-28", "1969-12-31", "1970-01-01", "2024-02-29", "2999-01-01"]
)
def test_any_day_is_counted_as_written(engine: Engine, written: str) -> None:
    write(engine, [Draft("1", "a", day=to_day(written), second=86_399), Draft("2", "a", day=0)])
    for interval, size in (("day", 10), ("month", 7), ("year", 4)):
        got = count(
            engine,
            ask(
                facets=(FacetRequest("published_at", interval=interval),),
                filters=(LabelFilter("tags", ("-",), exclude=True),),
            ),
        )["published_at"]
        assert (written[:size], 2 if "1970-01-01"[:size] == written[:size] else 1) in got


HUKUM = LabelFilter("category", ("hukum",))
X = LabelFilter("tags", ("x",))
JULY = DateFilter(to_day("2022-07-01"), to_day("2022-07-31"))


@pytest.mark.parametrize(
    ("filters", "category", "tags"),
    [
        ((HUKUM,), {"hukum": 2, "politik": 2, "ekonomi": 1}, {"x": 2, "y": 1}),
        ((X,), {"hukum": 2}, {"x": 3, "y": 2, "w": 1, "z": 1}),
        ((HUKUM, X), {"hukum": 2}, {"x": 2, "y": 1}),
        (
            (LabelFilter("category", ("hukum", "ekonomi")), X),
            {"hukum": 2},
            {"x": 2, "y": 1, "z": 1},
        ),
        ((X, LabelFilter("tags", ("y",))), {"hukum": 1}, {"x": 3, "y": 2, "w": 1, "z": 1}),
        (
            (LabelFilter("tags", ("y",), exclude=True),),
            {"politik": 2, "ekonomi": 1, "hukum": 1},
            {"w": 1, "x": 1, "z": 1},
        ),
        (
            (X, LabelFilter("tags", ("y",), exclude=True)),
            {"hukum": 1},
            {"w": 1, "x": 1, "z": 1},
        ),
        ((JULY,), {"hukum": 2, "politik": 1}, {"x": 2, "y": 1}),
        ((JULY, HUKUM), {"hukum": 2, "politik": 1}, {"x": 2, "y": 1}),
        ((LabelFilter("category", ("tidak ada",)),), {"hukum": 2, "politik": 2, "ekonomi": 1}, {}),
    ],
)
def test_own_including_filters_do_not_narrow_a_facet(
    filled: Engine,
    filters: tuple[LabelFilter | DateFilter, ...],
    category: dict[str, int],
    tags: dict[str, int],
) -> None:
    answered = count(filled, ask(filters=filters, facets=(CATEGORY, TAGS)))
    assert dict(answered["category"]) == category
    assert dict(answered["tags"]) == tags


def test_date_filter_does_not_narrow_the_histogram(filled: Engine) -> None:
    histogram = FacetRequest("published_at", interval="year")
    assert count(filled, ask(filters=(JULY,), facets=(histogram,))) == {
        "published_at": [("2022", 4), ("2023", 1)]
    }
    assert count(filled, ask("a", filters=(JULY, HUKUM), facets=(histogram,))) == {
        "published_at": [("2022", 2)]
    }


def test_facets_ask_for_as_many_clauses_as_the_hits_satisfy(filled: Engine) -> None:
    ekonomi = LabelFilter("category", ("ekonomi",))
    relaxed = count(filled, ask("a", "b", filters=(ekonomi,), facets=(CATEGORY, TAGS)))
    assert dict(relaxed["category"]) == {"hukum": 2, "politik": 1, "ekonomi": 1}
    assert dict(relaxed["tags"]) == {"z": 1}
    strict = count(filled, ask("a", "b", filters=(ekonomi,), facets=(CATEGORY, TAGS), few=0))
    assert dict(strict["category"]) == {"hukum": 1, "politik": 1}
    assert strict["tags"] == []


def test_facets_ask_for_the_minimum_where_there_are_no_hits(filled: Engine) -> None:
    ekonomi = LabelFilter("category", ("ekonomi",))
    answered = count(filled, ask("a", filters=(ekonomi,), facets=(CATEGORY, TAGS)))
    assert dict(answered["category"]) == {"hukum": 2, "politik": 1}
    assert answered["tags"] == []


def test_counts_forget_deleted_and_replaced_articles(filled: Engine) -> None:
    write(filled, [Draft("1", "a", labels={"category": ("politik",)}, day=to_day("2022-07-20"))])
    with filled.writer() as writer:
        writer.delete(["2", "5"])
        writer.commit()
    histogram = FacetRequest("published_at", interval="day")
    answered = count(filled, ask(facets=(CATEGORY, TAGS, histogram)))
    assert answered["category"] == [("politik", 3), ("ekonomi", 1)]
    assert answered["tags"] == [("w", 1), ("z", 1)]
    assert answered["published_at"] == [("2022-07-20", 1), ("2022-07-21", 1), ("2022-08-01", 1)]
    with filled.snapshot() as snapshot:
        assert snapshot.label_counts("category") == [("politik", 3), ("ekonomi", 1)]


def test_label_counts_give_every_value(filled: Engine) -> None:
    with filled.snapshot() as snapshot:
        assert snapshot.label_counts("tags") == [("x", 3), ("y", 2), ("w", 1), ("z", 1)]
        assert snapshot.label_counts("agency") == []


def test_many_values_are_all_counted(engine: Engine) -> None:
    drafts = [
        Draft(str(n), "a", labels={"tags": tuple(f"t{n}-{m}" for m in range(30))})
        for n in range(40)
    ]
    write(engine, drafts[:25])
    write(engine, [*drafts[20:], Draft("last", "a", labels={"tags": ("t0-0", "t39-29")})])
    with engine.snapshot() as snapshot:
        counts = snapshot.label_counts("tags")
    assert len(counts) == 1200
    assert counts[:2] == [("t0-0", 2), ("t39-29", 2)]
    assert {number for _, number in counts[2:]} == {1}


@pytest.mark.parametrize("label", ["a, b", "a\nb", "é", "😀", "x" * 1000, " ", "A", "\x00", "0"])
def test_any_text_is_a_label(engine: Engine, label: str) -> None:
    write(engine, [Draft("1", "a", labels={"tags": (label, "lain")}), Draft("2", "a")])
    only = (LabelFilter("tags", (label,)),)
    answered = count(engine, ask("a", filters=only, facets=(TAGS, CATEGORY)))
    assert dict(answered["tags"]) == {label: 1, "lain": 1}
    with engine.snapshot() as snapshot:
        assert snapshot.search(ask("a", filters=only)).total == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"facets": (FacetRequest("warna"),)},
        {"facets": (FacetRequest("title"),)},
        {"facets": (FacetRequest("published_at", interval="week"),)},
        {"filters": (LabelFilter("warna", ("merah",)),)},
        {"filters": (LabelFilter("published_at", ("2022",)),)},
    ],
)
def test_names_outside_the_schema_are_refused(filled: Engine, settings: dict[str, Any]) -> None:
    with filled.snapshot() as snapshot:
        with pytest.raises(UnknownName):
            snapshot.search(ask("a", **settings))
        with pytest.raises(UnknownName):
            snapshot.label_counts("published_at")
