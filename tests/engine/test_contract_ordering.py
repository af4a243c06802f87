"""How every engine must order hits: by score, by date, ties, pages."""

from __future__ import annotations

import numpy as np
import pytest
from support.asking import ask, find_ref, list_hits, map_scores, write
from support.batches import Draft

from indexer.engine.base import Engine, LabelFilter, Query, Sort

HOUR = 3600


@pytest.mark.parametrize("clauses", [(), ("a",)], ids=["all", "word"])
@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.NEWEST, ["late", "early", "before", "ancient", "undated"]),
        (Sort.OLDEST, ["ancient", "before", "early", "late", "undated"]),
        (Sort.RELEVANCE, ["late", "early", "before", "ancient", "undated"]),
    ],
)
def test_dates_order_hits_undated_last(
    engine: Engine, sort: Sort, expected: list[str], clauses: tuple[str, ...]
) -> None:
    write(engine, [Draft("undated", "a"), Draft("early", "a", day=100, second=HOUR)])
    write(engine, [Draft("ancient", "a", day=-9000), Draft("late", "a", day=100, second=2 * HOUR)])
    write(engine, [Draft("before", "a", day=99, second=23 * HOUR)])
    with engine.snapshot() as snapshot:
        assert list_hits(snapshot, ask(*clauses, sort=sort)) == expected


def test_dates_are_compared_as_instants_not_days(engine: Engine) -> None:
    # 00:30 on day 10 in Jakarta is an earlier instant than 23:00 on day 9 three hours west of it.
    jakarta = Draft("1", "a", day=10, second=HOUR // 2)
    west = Draft("2", "a", day=9, second=23 * HOUR, offset_hours=4)
    write(engine, [jakarta, west])
    with engine.snapshot() as snapshot:
        assert list_hits(snapshot, ask("a", sort=Sort.NEWEST)) == ["2", "1"]


def test_days_of_documents(engine: Engine) -> None:
    write(engine, [Draft("dated", "a", day=10), Draft("undated", "a")])
    write(engine, [Draft("ancient", "a", day=-9000)])
    with engine.snapshot() as snapshot:
        refs = [find_ref(snapshot, one) for one in ("ancient", "undated", "dated")]
        days = snapshot.days(refs)
        assert days.dtype == np.float64
        assert days[[0, 2]].tolist() == [-9000, 10]
        assert np.isnan(days[1])
        assert len(snapshot.days([])) == 0


def test_ties_go_by_ref(engine: Engine) -> None:
    write(engine, [Draft(str(n), "a", day=5) for n in range(10)])
    write(engine, [Draft(str(n), "a", day=5) for n in range(10, 20)])
    write(engine, [Draft(str(n), "a") for n in range(20, 25)])
    with engine.snapshot() as snapshot:
        for sort in Sort:
            for clauses in ((), ("a",)):
                refs = [hit.ref for hit in snapshot.search(ask(*clauses, sort=sort)).hits]
                assert refs[:20] == sorted(refs[:20])
                assert refs[20:] == sorted(refs[20:])


def test_score_is_0_when_sorted_by_date(engine: Engine) -> None:
    write(engine, [Draft("1", "a", day=1), Draft("2", "a b", day=2)])
    with engine.snapshot() as snapshot:
        for sort in (Sort.NEWEST, Sort.OLDEST):
            assert set(map_scores(snapshot, ask("a", sort=sort)).values()) == {0.0}


def test_better_scores_come_first(engine: Engine) -> None:
    drafts = [Draft(str(n), "judul", " ".join(["a"] * n + ["b"] * (12 - n))) for n in range(13)]
    write(engine, drafts[::2])
    write(engine, drafts[1::2])
    with engine.snapshot() as snapshot:
        hits = snapshot.search(ask("a")).hits
        assert list_hits(snapshot, ask("a")) == [str(n) for n in range(12, 0, -1)]
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.fixture
def hundred(engine: Engine) -> Engine:
    """A hundred documents in several commits, with equal scores and dates among them."""
    for part in range(4):
        write(
            engine,
            [
                Draft(
                    f"{part}-{n}",
                    "a" if n % 3 else "b",
                    " ".join(["a"] * (1 + n % 5) + ["c"] * (n % 4)),
                    day=None if n % 7 == 0 else n % 5,
                    labels={"category": (f"k{n % 2}",)},
                )
                for n in range(25)
            ],
        )
    return engine


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("limit", [1, 7, 10, 33, 100, 1000])
def test_pages_join_to_the_whole_list(hundred: Engine, sort: Sort, limit: int) -> None:
    only = (LabelFilter("category", ("k0",)),)
    for settings in ({}, {"filters": only}):
        for clauses in (("a",), ("a", "c"), ()):
            query = ask(*clauses, sort=sort, **settings)
            with hundred.snapshot() as snapshot:
                whole = snapshot.search(query)
                assert len(whole.hits) == whole.total == len({hit.ref for hit in whole.hits})
                joined = []
                for offset in range(0, whole.total, limit):
                    page = snapshot.search(
                        ask(*clauses, sort=sort, offset=offset, limit=limit, **settings)
                    )
                    assert page.total == whole.total
                    joined += page.hits
            assert joined == whole.hits


@pytest.mark.parametrize(("offset", "limit"), [(0, 0), (50, 0), (100, 10), (5000, 10)])
def test_pages_without_hits_still_count(hundred: Engine, offset: int, limit: int) -> None:
    with hundred.snapshot() as snapshot:
        for sort in Sort:
            answer = snapshot.search(ask("a", sort=sort, offset=offset, limit=limit))
            assert answer.hits == []
            assert answer.total == 100


def test_answers_do_not_depend_on_the_page(hundred: Engine) -> None:
    with hundred.snapshot() as snapshot:
        wide = map_scores(snapshot, ask("a", "c", minimum=1))
        narrow = snapshot.search(Query(clauses=ask("a", "c").clauses, minimum=1, limit=3))
        for hit in narrow.hits:
            assert hit.score == pytest.approx(wide[snapshot.article(hit.ref).id], rel=1e-4)
