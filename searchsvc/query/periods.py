"""Which days does a typed date mean? A day, a whole month or a whole year.

One parser serves ``from`` and ``to`` of the HTTP service, the command line's options and the query
language's ``sebelum:`` and ``sesudah:``, so that they agree.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from indexer.calendar import find_today
from searchsvc.query.relative_dates import Period, read_relative

_YEAR = re.compile(r"(\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_NAMED_MONTH = re.compile(r"([^\W\d_]{3,9})[ -]+(\d{4})")


def read_period(text: str, today: date | None = None) -> Period | None:
    """The days that ``text`` means, or ``None`` if it is not a date.

    Days as parsed by :func:`indexer.ingest.dates.parse_date` (``2022-07-20``, ``20/7/2022``, ``20
    Juli 2022``), months as ``2022-07``, ``7/2022`` or ``Juli 2022``, years as ``2022``; and days
    relative to ``today``, by default the current day: ``kemarin``, ``minggu lalu``.

    >>> read_period("2022-02")
    Period(first=datetime.date(2022, 2, 1), last=datetime.date(2022, 2, 28))
    >>> read_period("pasar") is None
    True
    """
    text = " ".join(text.split())
    if not text.isascii():
        return None
    if relative := read_relative(text, today or find_today()):
        return relative
    # Its patterns are costly to load, and most queries name no day.
    from indexer.ingest.dates import parse_date

    if match := _YEAR.fullmatch(text):
        return _span(int(match[1]), 1, 12)
    if match := _YEAR_MONTH.fullmatch(text):
        return _span(int(match[1]), int(match[2]), int(match[2]))
    if match := _MONTH_YEAR.fullmatch(text):
        return _span(int(match[2]), int(match[1]), int(match[1]))
    if match := _NAMED_MONTH.fullmatch(text):
        first = parse_date(f"1 {match[1]} {match[2]}")
        return None if first is None else _span(first.year, first.month, first.month)
    if text.isdecimal():
        # A bare number is a year or nothing; elsewhere it may mean seconds since 1970.
        return None
    instant = parse_date(text)
    return None if instant is None else Period(instant.date(), instant.date())


def _span(year: int, first_month: int, last_month: int) -> Period | None:
    from indexer.ingest.dates import EARLIEST_YEAR, LATEST_YEAR

    if not EARLIEST_YEAR <= year <= LATEST_YEAR or not 1 <= first_month <= 12:
        return None
    last_day = monthrange(year, last_month)[1]
    return Period(date(year, first_month, 1), date(year, last_month, last_day))
