"""Which minimum or maximum of a site's own field does a parameter ask for?"""

from __future__ import annotations

from datetime import date
from math import inf, nextafter

from indexer.calendar import count_days
from indexer.ingest.own_values import read_number
from indexer.own_fields.declaration import OwnField, OwnType
from searchsvc.query.periods import read_period

#: Suffixes of a field's name in the parameters for its minimum and maximum.
LOW, HIGH = "_from", "_to"

#: What may be given as a bound.
EXPECTED = {
    OwnType.NUMBER: "a number: 75000 or 12.5",
    OwnType.DATE: "a date, a month or a year: 2022-07-20",
}


def read_bound(
    field: OwnField, text: str, end: str, *, today: date | None = None, decimal: str = "."
) -> float | None:
    """The minimum (``end`` is :data:`LOW`) or maximum that ``text`` includes, or ``None`` if it is
    not valid. A day, a month or a year is included completely.
    """
    if field.type is OwnType.NUMBER:
        return read_number(text, decimal)
    period = read_period(text, today)
    if period is None:
        return None
    if end == LOW:
        return float(count_days(period.first))
    # Up to the last moment of the day.
    return nextafter(count_days(period.last) + 1.0, -inf)
