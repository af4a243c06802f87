"""Parts of the page that are worth a table of their own: words, links, bars, pages, cache."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.schema import LABEL_FACETS
from searchsvc.limits import MAX_DEPTH
from searchsvc.query.parameters import SORTS, read
from searchsvc.request import FacetCount, SearchRequest
from searchsvc.web.answer_cache import OVERHEAD_BYTES, AnswerCache, Body
from searchsvc.web.assets import Assets
from searchsvc.web.histogram import BAR_HEIGHT, Histogram, build_histogram, choose_interval
from searchsvc.web.page_links import PageLinks, list_parameters
from searchsvc.web.page_view import build_pager
from searchsvc.web.wording.indonesian import INDONESIAN


@pytest.mark.parametrize(
    ("published_at", "shown"),
    [
        ("2022-07-20T13:05:00+07:00", "20 Juli 2022, 13.05 WIB"),
        ("2022-07-20T00:30:00+08:00", "20 Juli 2022, 00.30 WITA"),
        ("2022-07-20T23:59:00+09:00", "20 Juli 2022, 23.59 WIT"),
        ("2022-07-20T08:00:00+00:00", "20 Juli 2022, 15.00 WIB"),
        ("2022-07-20T20:00:00+00:00", "21 Juli 2022, 03.00 WIB"),
        ("2022-07-20T00:00:00+00:00", "20 Juli 2022"),
        ("2022-07-20T08:00:00-03:30", "20 Juli 2022, 08.00 UTC-03.30"),
        ("2022-07-20T00:00:00+07:00", "20 Juli 2022"),
        ("2022-07-20T08:00:00", "20 Juli 2022, 08.00"),
        ("2022-07-20", "20 Juli 2022"),
        ("", ""),
        ("kemarin", ""),
    ],
)
def test_instants_are_written_as_papers_do(published_at: str, shown: str) -> None:
    assert INDONESIAN.format_instant(published_at) == shown


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ((2022, 7, 20), (2022, 7, 20), "20 Juli 2022"),
        ((2024, 2, 1), (2024, 2, 29), "Februari 2024"),
        ((2023, 2, 1), (2023, 2, 27), "1 Februari 2023 – 27 Februari 2023"),
        ((2020, 1, 1), (2022, 12, 31), "2020–2022"),
        ((9999, 12, 1), (9999, 12, 31), "Desember 9999"),
    ],
)
def test_periods_are_named(
    first: tuple[int, int, int], last: tuple[int, int, int], shown: str
) -> None:
    assert INDONESIAN.format_period(date(*first), date(*last)) == shown


# --- links

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)).map(date.isoformat)
labels = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=12
).filter(str.strip)
requests = st.builds(
    SearchRequest,
    q=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    page=st.integers(1, 100),
    sort=st.sampled_from(SORTS),
    collapse=st.booleans(),
    filters=st.dictionaries(
        st.sampled_from(LABEL_FACETS),
        st.lists(labels, min_size=1, max_size=3, unique=True).map(tuple),
    ),
    date_from=st.just("") | days,
    date_to=st.just("") | days,
)


@given(requests)
def test_the_address_of_a_request_reads_back_as_it(request: SearchRequest) -> None:
    given: dict[str, list[str]] = {}
    for name, value in list_parameters(request, collapse=False):
        given.setdefault(name, []).append(value)
    assert read(given) == request


@given(requests, st.booleans())
def test_an_address_says_what_the_setting_does_not(request: SearchRequest, setting: bool) -> None:
    said = dict(list_parameters(request, collapse=setting)).get("collapse")
    assert said == (None if request.collapse == setting else str(int(request.collapse)))


@given(requests, st.sampled_from(LABEL_FACETS), labels)
def test_toggling_twice_changes_nothing_but_the_page(
    request: SearchRequest, facet: str, value: str
) -> None:
    from urllib.parse import parse_qs, urlsplit

    def follow(address: str) -> SearchRequest:
        return read(parse_qs(urlsplit(address).query, keep_blank_values=True))

    once = follow(PageLinks("", request).toggle(facet, value))
    assert (value in once.filters.get(facet, ())) != (value in request.filters.get(facet, ()))
    twice = follow(PageLinks("", once).toggle(facet, value))
    assert {name: set(values) for name, values in twice.filters.items()} == {
        name: set(values) for name, values in request.filters.items()
    }
    assert (twice.q, twice.sort, twice.collapse, twice.page) == (
        *(request.q, request.sort, request.collapse),
        1,
    )


# --- bars


def build(counts: dict[str, int], date_from: str = "", date_to: str = "") -> Histogram | None:
    return build_histogram(
        [FacetCount(value, count) for value, count in counts.items()],
        date_from=date_from,
        date_to=date_to,
        link=lambda first, last: f"{first}..{last}",
        say=INDONESIAN,
    )


@pytest.mark.parametrize(
    ("date_from", "date_to", "interval"),
    [
        ("", "", "month"),
        ("2022-07-01", "", "month"),
        ("2022-07-01", "2022-07-31", "day"),
        ("2022-07-20", "2022-07-20", "day"),
        ("2022-07-01", "2022-08-01", "month"),
        ("2022-07-31", "2022-07-01", "month"),
    ],
)
def test_short_periods_are_counted_by_day(date_from: str, date_to: str, interval: str) -> None:
    assert choose_interval(date_from, date_to) == interval


def test_months_between_are_shown_though_empty() -> None:
    histogram = build({"2022-11": 4, "2023-02": 1})
    assert histogram is not None
    assert [(bar.short_label, bar.count) for bar in histogram.bars] == [
        ("Nov 2022", 4),
        ("Des 2022", 0),
        ("Jan 2023", 0),
        ("Feb 2023", 1),
    ]
    assert [bar.height for bar in histogram.bars] == [BAR_HEIGHT, 0, 0, BAR_HEIGHT / 4]
    assert histogram.bars[0].href == "2022-11-01..2022-11-30"
    assert not any(bar.selected for bar in histogram.bars)
    assert histogram.outer == []


def test_many_months_are_added_up_to_years() -> None:
    histogram = build({"2016-12": 1, "2019-01": 2, "2019-05": 3, "2020-01": 4})
    assert histogram is not None
    assert [(bar.label, bar.count) for bar in histogram.bars] == [
        ("2016", 1),
        ("2017", 0),
        ("2018", 0),
        ("2019", 5),
        ("2020", 4),
    ]


def test_a_year_far_off_does_not_make_a_thousand_bars() -> None:
    histogram = build({"1026-01": 1, "2019-05": 3, "2020-01": 4})
    assert histogram is not None
    assert [bar.label for bar in histogram.bars] == ["1026", "2019", "2020"]


def test_a_chosen_year_is_shown_by_its_months() -> None:
    histogram = build({"2016-12": 1, "2019-05": 3, "2022-01": 4}, "2019-01-01", "2019-12-31")
    assert histogram is not None
    assert len(histogram.bars) == 12
    assert all(bar.selected for bar in histogram.bars)
    assert histogram.outer == [("Semua tanggal", "..")]


def test_a_chosen_day_is_shown_in_its_month() -> None:
    histogram = build({"2022-07-19": 1, "2022-07-20": 2}, "2022-07-20", "2022-07-20")
    assert histogram is not None
    assert len(histogram.bars) == 31
    assert [bar.label for bar in histogram.bars if bar.selected] == ["20 Juli 2022"]
    assert histogram.outer == [
        ("Semua tanggal", ".."),
        ("2022", "2022-01-01..2022-12-31"),
        ("Juli", "2022-07-01..2022-07-31"),
    ]


def test_one_month_is_one_bar_and_none_is_nothing() -> None:
    assert build({}) is None
    histogram = build({"2022-07": 9})
    assert histogram is not None
    assert [bar.description for bar in histogram.bars] == ["Juli 2022: 9 artikel"]


def test_a_period_without_articles_has_no_bars_but_a_way_out() -> None:
    histogram = build({"2022-07": 9}, "2019-01-01", "2019-12-31")
    assert histogram is not None
    assert histogram.bars == []
    assert histogram.outer == [("Semua tanggal", "..")]


@given(
    st.dictionaries(
        st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)).map(
            lambda day: day.isoformat()[:7]
        ),
        st.integers(1, 1000),
        min_size=2,
    )
)
def test_bars_lose_no_article(counts: dict[str, int]) -> None:
    histogram = build(counts)
    assert histogram is not None
    assert sum(bar.count for bar in histogram.bars) == sum(counts.values())
    assert len(histogram.bars) <= 101
    assert max(bar.height for bar in histogram.bars) == BAR_HEIGHT


# --- pages


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 2, [1, 2]),
        (1, 9, [1, 2, 3, 0, 9]),
        (5, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (6, 99, [1, 0, 4, 5, 6, 7, 8, 0, 99]),
        (99, 99, [1, 0, 97, 98, 99]),
    ],
)
def test_page_numbers(page: int, pages: int, numbers: list[int]) -> None:
    pager = build_pager(page, pages, 10, PageLinks("", SearchRequest()))
    assert pager is not None
    assert pager.numbers == numbers


def test_pages_that_cannot_be_asked_for_are_not_offered() -> None:
    links = PageLinks("", SearchRequest())
    pager = build_pager(MAX_DEPTH // 10, 50_000, 10, links)
    assert pager is not None
    assert (pager.numbers[-1], pager.next) == (MAX_DEPTH // 10, "")
    assert build_pager(1, 1, 10, links) is None
    assert build_pager(9, 3, 10, links) is None


# --- the cache


def test_the_cache_forgets_the_least_recently_used_first() -> None:
    size = 2 * 100 + OVERHEAD_BYTES
    cache = AnswerCache(4 * size)
    for name in (b"a", b"b", b"c", b"d"):
        cache.put("s1", name, Body(name * 100))
    assert cache.get("s1", b"a") is not None
    cache.put("s1", b"e", Body(b"e" * 100))
    assert cache.get("s1", b"b") is None
    assert cache.get("s1", b"a") is not None
    assert cache.size == 4 * size


def test_the_cache_forgets_other_states() -> None:
    cache = AnswerCache(10_000)
    cache.put("s1", b"a", Body(b"1"))
    cache.put("s2", b"a", Body(b"2"))
    assert cache.get("s1", b"a") is None
    kept = cache.get("s2", b"a")
    assert kept is not None
    assert kept.data == b"2"
    assert cache.size == 2 + OVERHEAD_BYTES


def test_the_cache_keeps_nothing_too_large_and_nothing_twice() -> None:
    cache = AnswerCache(10_000)
    cache.put("s1", b"a", Body(b"x" * 2_000))
    assert cache.size == 0
    cache.put("s1", b"a", Body(b"x"))
    cache.put("s1", b"a", Body(b"yy"))
    assert cache.size == 2 * 2 + OVERHEAD_BYTES
    nothing = AnswerCache(0)
    nothing.put("s1", b"a", Body(b"x"))
    assert nothing.get("s1", b"a") is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["s1", "s2", "s3"]), st.binary(max_size=1), st.binary(max_size=900)
        )
    )
)
def test_the_cache_never_grows_past_its_bound(puts: list[tuple[str, bytes, bytes]]) -> None:
    cache = AnswerCache(8_000)
    for state, key, data in puts:
        cache.put(state, key, Body(data))
        assert 0 <= cache.size <= 8_000
        kept = cache.get(state, key)
        assert kept is not None
        assert kept.data == data


# --- the files of the page


def test_all_assets_have_one_version_together() -> None:
    assets = Assets()
    assert assets.version_of_all() == Assets().version_of_all()
    assets._by_name["page.css"] = replace(assets._by_name["page.css"], version="other")
    assert assets.version_of_all() != Assets().version_of_all()
