"""How many articles are there in each period? The bars of the date histogram, each a link to its
days.

The engine counts by day, month or year, ignoring the date filter itself, so the bars around a
chosen period stay visible. :func:`choose_interval` says what to request, :func:`build_histogram`
turns the answer into bars.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from searchsvc.request import FacetCount
from searchsvc.web.wording import Wording
from searchsvc.web.wording.wording import last_day_of_month

#: Longer spans are shown by the next coarser unit.
MAX_DAYS = 31
MAX_MONTHS = 36
#: With more years than this, those without an article are omitted.
MAX_YEARS = 40

#: Height of the tallest bar and minimum height of a non-empty one, in drawing units.
BAR_HEIGHT = 46.0
LEAST_HEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. ``x`` and ``width`` in tenths of a bar, ``height`` up to :data:`BAR_HEIGHT`."""

    label: str
    short_label: str
    description: str
    count: int
    x: int
    height: float
    href: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars from old to new; none if all would be empty. ``outer``: (label, address) of the wider
    periods, widest first.
    """

    bars: list[Bar]
    outer: list[tuple[str, str]]

    @property
    def width(self) -> int:
        return 10 * len(self.bars)


#: Builds the address for the days from and to, or for all days if both are empty.
LinkDates = Callable[[str, str], str]


def choose_interval(date_from: str, date_to: str) -> str:
    """The interval to count by, for a chosen period of ISO dates (empty: open)."""
    if date_from and date_to:
        span = date.fromisoformat(date_to) - date.fromisoformat(date_from)
        if timedelta(0) <= span < timedelta(days=MAX_DAYS):
            return "day"
    return "month"


def build_histogram(
    counts: Sequence[FacetCount], *, date_from: str, date_to: str, link: LinkDates, say: Wording
) -> Histogram | None:
    """The bars for counts by the interval chosen above: a single one if all articles are of one
    period, ``None`` if no article has a date.
    """
    by_value = {count.value: count.count for count in counts}
    if not by_value:
        return None
    first = date.fromisoformat(date_from) if date_from else None
    last = date.fromisoformat(date_to) if date_to else None
    if choose_interval(date_from, date_to) == "day" and first and last:
        periods = _list_days(first, last, say)
    else:
        periods = _list_months_or_years(sorted(by_value), first, last, say)
        by_value = _sum_by_year(by_value) if len(periods[0].key) == 4 else by_value
    most = max(by_value.get(period.key, 0) for period in periods)
    if not most:
        return Histogram([], _list_outer_periods(first, last, link, say))
    bars = []
    for number, period in enumerate(periods):
        count = by_value.get(period.key, 0)
        chosen = (first or last) is not None and _is_within(period, first, last)
        label = say.format_period(period.first, period.last)
        bars.append(
            Bar(
                label=label,
                short_label=period.short_label,
                description=f"{label}: {say('articles', count=count)}",
                count=count,
                x=10 * number,
                height=round(max(BAR_HEIGHT * count / most, LEAST_HEIGHT if count else 0), 1),
                href=link(period.first.isoformat(), period.last.isoformat()),
                selected=chosen,
            )
        )
    return Histogram(bars, _list_outer_periods(first, last, link, say))


@dataclass(frozen=True, slots=True)
class _Period:
    key: str
    first: date
    last: date
    short_label: str


def _day(day: date, say: Wording) -> _Period:
    return _Period(day.isoformat(), day, day, f"{day.day} {say.short_months[day.month - 1]}")


def _month(year: int, month: int, say: Wording) -> _Period:
    first = date(year, month, 1)
    label = f"{say.short_months[month - 1]} {year}"
    return _Period(f"{year:04}-{month:02}", first, last_day_of_month(first), label)


def _year(year: int) -> _Period:
    return _Period(f"{year:04}", date(year, 1, 1), date(year, 12, 31), str(year))


def _list_days(first: date, last: date, say: Wording) -> list[_Period]:
    """The days of the month or months that contain the chosen days."""
    start = first.replace(day=1)
    end = last_day_of_month(last)
    return [_day(start + timedelta(days=n), say) for n in range((end - start).days + 1)]


def _list_months_or_years(
    keys: list[str], first: date | None, last: date | None, say: Wording
) -> list[_Period]:
    """The months with articles and those between; years if there are too many months.

    A chosen period of few years is shown by its months, without other years.
    """
    start, end = int(keys[0][:4]), int(keys[-1][:4])
    start_month, end_month = int(keys[0][5:7] or 1), int(keys[-1][5:7] or 12)
    if first and last and first <= last and 12 * (last.year - first.year + 1) <= MAX_MONTHS:
        start, end, start_month, end_month = first.year, last.year, 1, 12
    if 12 * (end - start) + end_month - start_month < MAX_MONTHS:
        numbers = range(12 * start + start_month - 1, 12 * end + end_month)
        return [_month(number // 12, number % 12 + 1, say) for number in numbers]
    if end - start < MAX_YEARS:
        return [_year(year) for year in range(start, end + 1)]
    return [_year(year) for year in sorted({int(key[:4]) for key in keys})]


def _sum_by_year(by_month: dict[str, int]) -> dict[str, int]:
    by_year: dict[str, int] = {}
    for key, count in by_month.items():
        by_year[key[:4]] = by_year.get(key[:4], 0) + count
    return by_year


def _is_within(period: _Period, first: date | None, last: date | None) -> bool:
    """Whether any day of ``period`` is among the chosen ones."""
    return (first is None or first <= period.last) and (last is None or period.first <= last)


def _list_outer_periods(
    first: date | None, last: date | None, link: LinkDates, say: Wording
) -> list[tuple[str, str]]:
    if not (first or last):
        return []
    outer = [(say("all_dates"), link("", ""))]
    if first and last and first.year == last.year:
        year = _year(first.year)
        if (first, last) != (year.first, year.last):
            outer.append((str(first.year), link(year.first.isoformat(), year.last.isoformat())))
        month = _month(first.year, first.month, say)
        if first.month == last.month and (first, last) != (month.first, month.last):
            address = link(month.first.isoformat(), month.last.isoformat())
            outer.append((say.months[first.month - 1], address))
    return outer
