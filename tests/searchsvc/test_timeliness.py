"""What the dates of the best hits do to their order."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from searchsvc.query.ranking import rank_today
from searchsvc.query.timeliness import WEIGHT, measure_recurrence, weigh_dates
from searchsvc.request import SearchRequest
from searchsvc.search import run_search

NONE = float("nan")
YEAR = 365.0


@pytest.mark.parametrize(
    ("days", "recurrence"),
    [
        ([0.0, 10.0, YEAR], 0),
        ([0.0, 10.0, 20.0, 30.0, 3 * YEAR], 0.8),
        ([0.0, 2 * YEAR, 4 * YEAR], 1),
    ],
)
def test_a_burst_and_what_comes_again(days: list[float], recurrence: float) -> None:
    assert measure_recurrence(np.array(days)) == pytest.approx(recurrence)


@pytest.mark.parametrize(
    ("days", "scores", "factors"),
    [
        # The newest gains all, one a half-life older half; what is undated nothing.
        ([0.0, 4 * YEAR, 5 * YEAR, NONE], [9.0, 9.0, 9.0, 9.0], [7 / 6, 1.5, 2.0, 1.0]),
        # What is far from the best gains nothing.
        ([0.0, 4 * YEAR, 5 * YEAR], [9.0, 7.5, 6.0], [7 / 6, 1.25, 1.0]),
        # A single burst, and too few dates.
        ([0.0, 10.0, 20.0], [9.0, 9.0, 9.0], [1.0, 1.0, 1.0]),
        ([0.0, 5 * YEAR, NONE], [9.0, 9.0, 9.0], [1.0, 1.0, 1.0]),
    ],
)
def test_factors(days: list[float], scores: list[float], factors: list[float]) -> None:
    about = np.ones(len(days), np.bool_)
    found = weigh_dates(np.array(days), np.array(scores), about)
    assert found.tolist() == pytest.approx(factors)
    assert weigh_dates(np.array(days), np.array(scores), ~about).tolist() == [1.0] * len(days)


hits = st.lists(
    st.tuples(
        st.one_of(st.just(NONE), st.integers(-40_000, 40_000).map(float)),
        st.floats(0.01, 100),
        st.booleans(),
    ),
    min_size=1,
    max_size=60,
)


@given(hits)
def test_nothing_loses_and_nothing_gains_more_than_the_weight(
    drawn: list[tuple[float, float, bool]],
) -> None:
    days, scores, about = (np.array(column) for column in zip(*drawn, strict=True))
    factors = weigh_dates(days, scores, about)
    assert np.all((factors >= 1) & (factors <= 1 + WEIGHT))
    assert np.all(factors[np.isnan(days) | ~about] == 1)


#: A headline in the words of the query, one on them of this year, and one that only mentions them.
TOLD = [
    ("lama", "Kurs rupiah melemah", "2019-09-10"),
    ("tengah", "Kurs rupiah hari Senin", "2023-03-06"),
    ("kini", "Kurs rupiah awal pekan", "2026-06-20"),
    ("banjir", "Banjir di Demak surut", "2026-06-21"),
]


@pytest.fixture
def told(brute_engine: BruteForceEngine) -> BruteForceEngine:
    articles = [
        Article(id=name, title=title, body="Warga menunggu kabar.", published_at=f"{day}T08:00:00")
        for name, title, day in TOLD
    ]
    index_articles(brute_engine, articles, Analyzer())
    return brute_engine


@pytest.mark.parametrize(
    ("q", "page", "half_life", "expected"),
    [
        ("kurs rupiah", 1, 30.0, ["kini", "tengah"]),
        ("kurs rupiah", 2, 30.0, ["lama"]),
        # Who names a year wants no newer one, and an archive may want no date to count.
        ("kurs rupiah melemah 2019", 1, 30.0, ["lama"]),
        ("kurs rupiah melemah", 1, 0.0, ["lama"]),
    ],
)
def test_what_is_reported_year_after_year_comes_newest_first(
    told: BruteForceEngine, q: str, page: int, half_life: float, expected: list[str]
) -> None:
    request = SearchRequest(q=q, page=page, per_page=2)
    ranking = rank_today(half_life, 0.15, today=date(2026, 6, 25))
    found = run_search(told, request, analyzer=Analyzer(), ranking=ranking)
    assert [hit.id for hit in found.hits][: len(expected)] == expected
