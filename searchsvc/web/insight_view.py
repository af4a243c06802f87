"""What does the page about searches show? Figures, bars and tables, ready to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

from searchsvc.insight.reports import POSITIONS, Bar, Row
from searchsvc.web.wording import Wording

#: The height of a plot in drawing units, and the least height of a bar that is not empty.
PLOT_HEIGHT = 120.0
_LEAST_HEIGHT = 1.5
#: The width of a bar's place in drawing units.
PLACE = 10
#: Labels under a plot, at most.
_MOST_LABELS = 8
#: A change of a share of searches by less than a tenth of a percent is none.
_NO_CHANGE = 0.001


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name. ``change``: how it differs from the time before, empty if unknown;
    ``better``: whether that is good, ``None`` if neither.
    """

    name: str
    value: str
    detail: str
    change: str = ""
    better: bool | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The bar of an hour or a day: heights of all searches and of those without hits."""

    x: int
    height: float
    none_height: float
    label: str
    searches: int
    none: int
    clicked: int
    description: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars over time. ``ticks``: values of the axis with their heights, the greatest first;
    ``labels``: one for each bar, most of them empty where there are many, and whether there is no
    room for it on a phone.
    """

    columns: list[Column]
    ticks: list[tuple[str, float]]
    labels: list[tuple[str, bool]]

    @property
    def width(self) -> int:
        return PLACE * len(self.columns)


@dataclass(frozen=True, slots=True)
class Share:
    """A row of a list of bars: ``width`` in percent of the longest."""

    label: str
    count: int
    width: float


def build_figures(now: Row, before: Row, say: Wording) -> list[Figure]:
    """The figures of a time, compared with the time before."""
    return [
        Figure(
            say("insight_searches"),
            say.format_number(now["searches"]),
            say("insight_queries", count=now["queries"]),
            *_compare_counts(now["searches"], before["searches"], say),
        ),
        Figure(
            say("insight_none"),
            _percent(_share(now, "no_results"), say),
            say("insight_none_detail", count=now["no_results"]),
            *_compare_shares(now, before, "no_results", say, good=False),
        ),
        Figure(
            say("insight_opened"),
            _percent(_share(now, "clicked"), say),
            say("insight_opened_detail", count=now["clicked"]),
            *_compare_shares(now, before, "clicked", say, good=True),
        ),
        Figure(
            say("insight_time"),
            format_time(now["median_ms"], say),
            say("insight_time_detail", time=format_time(now["slow_ms"], say)),
        ),
    ]


def format_time(milliseconds: float, say: Wording) -> str:
    """A duration as short as possible: 0,1 ms, 281 ms, 1,46 s."""
    if milliseconds >= 1000:
        text = f"{milliseconds / 1000:.2f} s"
    else:
        text = f"{milliseconds:.0f} ms" if milliseconds >= 100 else f"{milliseconds:.1f} ms"
    return text.replace(".", say.separators[1])


def _share(row: Row, name: str) -> float:
    return row[name] / row["searches"] if row["searches"] else 0.0


def _percent(share: float, say: Wording) -> str:
    return f"{100 * share:.1f} %".replace(".", say.separators[1])


def _compare_counts(now: int, before: int, say: Wording) -> tuple[str, bool | None]:
    if not before or now == before:
        return "", None
    change = f"{100 * (now - before) / before:+.0f} %".replace("-", "−")
    return say("insight_change", change=change), None


def _compare_shares(
    now: Row, before: Row, name: str, say: Wording, *, good: bool
) -> tuple[str, bool | None]:
    difference = _share(now, name) - _share(before, name)
    if not before["searches"] or not now["searches"] or abs(difference) < _NO_CHANGE:
        return "", None
    change = f"{100 * difference:+.1f}".replace(".", say.separators[1]).replace("-", "−")
    return say("insight_change_points", change=change), (difference > 0) == good


def build_plot(bars: Sequence[Bar], say: Wording) -> Plot:
    """The plot of searches over time."""
    hourly = len(bars) > 1 and (bars[1].began - bars[0].began).total_seconds() < 86_400
    most = _round_up(max((bar.searches for bar in bars), default=0))
    columns = []
    for number, bar in enumerate(bars):
        day = f"{bar.began.day} {say.short_months[bar.began.month - 1]}"
        hour = f"{bar.began.hour:02}{say.separators[2]}00"
        label = f"{day} {hour}" if hourly else day
        columns.append(
            Column(
                x=PLACE * number,
                height=_scale(bar.searches, most),
                none_height=_scale(bar.none, most),
                label=label,
                searches=bar.searches,
                none=bar.none,
                clicked=bar.clicked,
                description=say(
                    "insight_bar", when=label, count=bar.searches, none=say.format_number(bar.none)
                ),
            )
        )
    step = max(1, ceil(len(columns) / _MOST_LABELS))
    ticks = [
        (say.format_number(value), PLOT_HEIGHT * value / most)
        for value in (most, most // 2, 0)
        if most > 1 or value != most // 2
    ]
    labels = [
        ("" if number % step else column.label, number % (2 * step) != 0)
        for number, column in enumerate(columns)
    ]
    return Plot(columns, ticks, labels)


def _scale(count: int, most: int) -> float:
    return round(max(PLOT_HEIGHT * count / most, _LEAST_HEIGHT), 2) if count else 0.0


def _round_up(most: int) -> int:
    """The least even round number that is no less: 2, 4, 6, 8, 10, 20, 30, …"""
    if most <= 2:
        return 2
    step = int(10 ** int(log10(most)))
    for factor in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8):
        if factor * step >= most and factor * step % 2 == 0:
            return int(factor * step)
    return 10 * step


def build_positions(clicks: Sequence[int], say: Wording) -> list[Share]:
    """The clicks by position."""
    most = max(clicks, default=0) or 1
    names = [*map(str, range(1, POSITIONS + 1)), say("insight_later")]
    return [
        Share(name, count, round(100 * count / most, 1))
        for name, count in zip(names, clicks, strict=True)
    ]


def add_widths(rows: Sequence[Row], name: str) -> list[Row]:
    """The rows with ``width``: their number of ``name`` in percent of the greatest."""
    most = max((row[name] for row in rows), default=0) or 1
    return [{**row, "width": round(100 * row[name] / most, 1)} for row in rows]
