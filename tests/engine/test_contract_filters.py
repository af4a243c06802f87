"""What every engine must do with expressions of filters: all of, any of, not, and whether."""

from __future__ import annotations

import pytest
from support.asking import write
from support.batches import Draft

from indexer.engine.base import (
    DEEPEST_FILTER,
    AllOf,
    AnyOf,
    DateFilter,
    Engine,
    FacetRequest,
    Filter,
    HasFilter,
    IdFilter,
    LabelFilter,
    Not,
    Query,
    RangeFilter,
    ValueStatistics,
)
from indexer.errors import UnknownName

GENRE, PRICE = "label:genre", "number:harga"
DRAMA, HOROR = LabelFilter(GENRE, ("drama",)), LabelFilter(GENRE, ("horor",))
CHEAP, DATED = RangeFilter(PRICE, high=20), DateFilter(2)

DRAFTS = [
    Draft("1", "a", labels={GENRE: ("drama",)}, values={PRICE: 50.0}, day=3),
    Draft("2", "a", labels={GENRE: ("drama", "horor")}, values={PRICE: 20.0}, day=1),
    Draft("3", "b", labels={"category": ("x",)}, day=2),
    Draft("4", "b", labels={GENRE: ("horor",)}, values={PRICE: 10.0}),
    Draft("5", "a", values={PRICE: -1.5}),
]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """In several parts, of which some lack some of the columns."""
    write(engine, DRAFTS[:2])
    write(engine, DRAFTS[2:3])
    write(engine, DRAFTS[3:])
    return engine


def find_ids(engine: Engine, *filters: Filter) -> str:
    with engine.snapshot() as snapshot:
        hits = snapshot.search(Query(filters=filters)).hits
        return " ".join(sorted(snapshot.article(hit.ref).id for hit in hits))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (AllOf((DRAMA, HOROR)), "2"),
        (AllOf((DRAMA,)), "1 2"),
        (AllOf(()), "1 2 3 4 5"),
        (AnyOf((DRAMA, HOROR)), "1 2 4"),
        (AnyOf(()), ""),
        (Not(DRAMA), "3 4 5"),
        (Not(Not(DRAMA)), "1 2"),
        (Not(CHEAP), "1 3"),
        (Not(DATED), "2 4 5"),
        (Not(AnyOf((DRAMA, CHEAP))), "3"),
        (AnyOf((AllOf((DRAMA, Not(HOROR))), AllOf((HOROR, CHEAP)))), "1 2 4"),
        (AnyOf((AllOf((DRAMA, Not(HOROR))), RangeFilter(PRICE, 0, 15))), "1 4"),
        (HasFilter(GENRE), "1 2 4"),
        (HasFilter(PRICE), "1 2 4 5"),
        (HasFilter("published_at"), "1 2 3"),
        (HasFilter("category"), "3"),
        (HasFilter("label:lain"), ""),
        (Not(HasFilter("number:lain")), "1 2 3 4 5"),
        (AllOf((LabelFilter(GENRE, ("drama",), exclude=True), HasFilter(PRICE))), "4 5"),
        (IdFilter(("4", "1", "4", "nope", "")), "1 4"),
        (IdFilter(()), ""),
        (AnyOf((IdFilter(("5",)), DRAMA)), "1 2 5"),
        (Not(IdFilter(("1", "2", "3"))), "4 5"),
    ],
)
def test_expressions(filled: Engine, condition: Filter, expected: str) -> None:
    assert find_ids(filled, condition) == expected
    assert find_ids(filled, AllOf((condition, AllOf(())))) == expected
    left = set("12345") - set(expected.split())
    assert find_ids(filled, Not(condition)) == " ".join(sorted(left))


def test_expressions_narrow_beside_plain_filters(filled: Engine) -> None:
    assert find_ids(filled, DRAMA, Not(HOROR)) == "1"
    assert find_ids(filled, HasFilter(PRICE), AnyOf((DRAMA, CHEAP)), CHEAP) == "2 4 5"


@pytest.mark.parametrize(
    ("filters", "genres", "prices"),
    [
        # A filter of its own leaves the counts of its facet alone.
        ((DRAMA,), [("drama", 2), ("horor", 2)], ValueStatistics(2, 20, 50, 70)),
        # The very same within an expression narrows them.
        ((AllOf((DRAMA,)),), [("drama", 2), ("horor", 1)], ValueStatistics(2, 20, 50, 70)),
        ((Not(DRAMA),), [("horor", 1)], ValueStatistics(2, -1.5, 10, 8.5)),
        ((HasFilter(PRICE),), [("drama", 2), ("horor", 2)], ValueStatistics(4, -1.5, 50, 78.5)),
        ((IdFilter(("1", "4")),), [("drama", 1), ("horor", 1)], ValueStatistics(2, 10, 50, 60)),
        ((DRAMA, AnyOf((HOROR,))), [("horor", 2), ("drama", 1)], ValueStatistics(1, 20, 20, 20)),
    ],
)
def test_expressions_narrow_all_counts(
    filled: Engine,
    filters: tuple[Filter, ...],
    genres: list[tuple[str, int]],
    prices: ValueStatistics,
) -> None:
    with filled.snapshot() as snapshot:
        answer = snapshot.search(
            Query(filters=filters, facets=(FacetRequest(GENRE),), statistics=(PRICE,))
        )
    assert answer.facets[GENRE] == genres
    assert answer.statistics[PRICE] == prices


@pytest.mark.parametrize(
    "condition",
    [LabelFilter("genre", ("x",)), RangeFilter("harga"), HasFilter("harga"), HasFilter("date")],
)
def test_unknown_names_are_refused_within_expressions(filled: Engine, condition: Filter) -> None:
    for wrapped in (Not(condition), AllOf((DRAMA, condition)), AnyOf((Not(condition),))):
        with pytest.raises(UnknownName), filled.snapshot() as snapshot:
            snapshot.search(Query(filters=(wrapped,)))


def test_how_deep_expressions_are_nested(filled: Engine) -> None:
    condition: Filter = DRAMA
    for _ in range(DEEPEST_FILTER):
        condition = Not(condition)
    assert find_ids(filled, condition) == "1 2"
    with pytest.raises(ValueError, match="deep"), filled.snapshot() as snapshot:
        snapshot.search(Query(filters=(Not(condition),)))
