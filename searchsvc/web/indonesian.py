"""How does the page present facet names, dates and numbers to Indonesian readers?"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

from indexer import calendar
from searchsvc.shown_label import show_label as show_label

MONTHS = tuple(names[0].capitalize() for names in calendar.MONTHS)
SHORT_MONTHS = tuple(names[1].capitalize() for names in calendar.MONTHS)

FACET_LABELS = {
    "category": "Rubrik",
    "source": "Sumber",
    "place": "Lokasi",
    "authors": "Penulis",
    "tags": "Topik",
    "agency": "Kantor berita",
    "published_at": "Tanggal terbit",
}

SORT_LABELS = {"relevance": "Relevansi", "newest": "Terbaru", "oldest": "Terlama"}

#: Offsets in minutes of the three Indonesian time zones.
_ZONES = {420: "WIB", 480: "WITA", 540: "WIT"}


def format_number(number: int) -> str:
    """A count with dots between thousands.

    >>> format_number(28857)
    '28.857'
    """
    return f"{number:,}".replace(",", ".")


def format_value(value: float) -> str:
    """A number with dots between thousands and a decimal comma; up to four digits without a
    separator, like years.

    >>> format_value(75000), format_value(4.25), format_value(2019)
    ('75.000', '4,25', '2019')
    """
    text = f"{value:,.10g}" if abs(value) >= 10_000 else f"{value:.10g}"
    return text.translate(str.maketrans(",.", ".,"))


def format_milliseconds(milliseconds: float) -> str:
    """A duration for people.

    >>> format_milliseconds(2.14), format_milliseconds(1250.0)
    ('2,1 milidetik', '1,25 detik')
    """
    if milliseconds < 1000:
        return f"{milliseconds:.1f}".replace(".", ",") + " milidetik"
    return f"{milliseconds / 1000:.2f}".replace(".", ",") + " detik"


def format_day(day: date) -> str:
    """A day as Indonesian papers write it.

    >>> format_day(date(2022, 7, 20))
    '20 Juli 2022'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_date(published_at: str) -> str:
    """The day of an ISO date, in its own time zone; empty if it is empty or malformed.

    >>> format_date("2022-07-20T13:05:00+07:00")
    '20 Juli 2022'
    """
    try:
        return format_day(date.fromisoformat(published_at[:10]))
    except ValueError:
        return ""


def format_instant(published_at: str) -> str:
    """Day, time and time zone; only the day if the time is midnight, that is, unknown.

    >>> format_instant("2022-07-20T13:05:00+07:00")
    '20 Juli 2022, 13.05 WIB'
    """
    try:
        instant = datetime.fromisoformat(published_at)
    except ValueError:
        return format_date(published_at)
    day = format_day(instant.date())
    if not (instant.hour or instant.minute):
        return day
    text = f"{day}, {instant.hour:02}.{instant.minute:02}"
    offset = instant.utcoffset()
    if offset is None:
        return text
    minutes = int(offset.total_seconds()) // 60
    sign = "+" if minutes >= 0 else "-"
    zone = _ZONES.get(minutes, f"UTC{sign}{abs(minutes) // 60:02}.{abs(minutes) % 60:02}")
    return f"{text} {zone}"


def format_period(first: date, last: date) -> str:
    """The days from ``first`` to ``last``, as briefly as possible.

    >>> format_period(date(2022, 7, 1), date(2022, 7, 31))
    'Juli 2022'
    >>> format_period(date(2022, 1, 1), date(2022, 12, 31))
    '2022'
    """
    if first == last:
        return format_day(first)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if first.day == 1 and last == last_day_of_month(first):
        return f"{MONTHS[first.month - 1]} {first.year}"
    return f"{format_day(first)} – {format_day(last)}"


def last_day_of_month(day: date) -> date:
    """The last day of the month that contains ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])
