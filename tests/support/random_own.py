"""Random fields of a site's own, on the articles and requests of :mod:`support.random_requests`."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from support.batches import Draft
from support.random_requests import FIRST_DAY, LAST_DAY

from indexer.engine.base import (
    AllOf,
    AnyOf,
    FacetRequest,
    Filter,
    HasFilter,
    IdFilter,
    LabelFilter,
    Not,
    Query,
    RangeFilter,
    SortBy,
)
from indexer.schema import DATE_FACET, INTERVALS

#: The last of each are rare: whole segments have none.
OWN_LABELS = ("label:kecamatan", "label:jarang")
OWN_VALUES = ("number:harga", "date:mulai", "number:jarang")
NAMES = [f"kecamatan {letter}" for letter in "aBcDe"]
PRICES = (-2.5, 0.0, 10.0, 10.0, 99.0, 1e12)


def draw_own(draft: Draft, chance: Random) -> Draft:
    """The draft with fields of a site's own, often without some of them."""
    rare = chance.random() < 0.05
    labels = {
        name: tuple(chance.sample(NAMES, chance.choice([0, 1, 1, 2])))
        for name in OWN_LABELS[: 1 + rare]
    }
    values = {"date:mulai": chance.randint(FIRST_DAY, LAST_DAY) + chance.choice([0.0, 0.75])}
    if chance.random() < 0.7:
        values["number:harga"] = chance.choice([*PRICES, chance.random()])
    if rare:
        values["number:jarang"] = 1.0
    return replace(draft, labels={**draft.labels, **labels}, values=values)


def draw_filter(chance: Random, depth: int = 0) -> Filter:
    if chance.random() < 0.3 and depth < 4:
        inner = tuple(draw_filter(chance, depth + 1) for _ in range(chance.choice([0, 1, 2, 3])))
        kinds = (AllOf(inner), AnyOf(inner), Not(draw_filter(chance, depth + 1)))
        return chance.choice(kinds)
    if chance.random() < 0.1:
        return IdFilter(tuple(str(chance.randint(0, 60)) for _ in range(chance.randint(0, 20))))
    if chance.random() < 0.15:
        return HasFilter(chance.choice((*OWN_LABELS, *OWN_VALUES, DATE_FACET, "category")))
    if chance.random() < 0.5:
        values = tuple(chance.sample(NAMES, chance.randint(1, 2)))
        return LabelFilter(chance.choice(OWN_LABELS), values, exclude=chance.random() < 0.3)
    column = chance.choice(OWN_VALUES)
    known = PRICES if column != "date:mulai" else (FIRST_DAY + 50, LAST_DAY - 50.25)
    low, high = (chance.choice([None, *known]) for _ in range(2))
    return RangeFilter(column, low, high)


def add_own(query: Query, chance: Random) -> Query:
    """The query with own filters, facets, statistics and orders added to it."""
    facets = tuple(
        FacetRequest(name, chance.choice([1, 20]), chance.choice(INTERVALS), ("kecamatan a",))
        for name in chance.sample((*OWN_LABELS, "date:mulai"), chance.randint(0, 3))
    )
    sort = None
    for _ in range(chance.choice([1, 1, 2, 3])):
        column = chance.choice((*OWN_LABELS, *OWN_VALUES, "category"))
        sort = SortBy(column, chance.random() < 0.5, sort)
    return replace(
        query,
        filters=(
            *query.filters,
            *(draw_filter(chance) for _ in range(chance.choice([0, 1, 1, 2]))),
        ),
        facets=(*query.facets, *facets),
        statistics=tuple(chance.sample(OWN_VALUES, chance.randint(0, 3))),
        sort=sort if sort and chance.random() < 0.6 else query.sort,
    )
