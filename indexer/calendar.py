"""What are months and weekdays called in Indonesian, which day is it there, which number has it?"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

#: Names of each month, lower case: the full one, the usual abbreviation, then other spellings.
MONTHS: Final[tuple[tuple[str, ...], ...]] = (
    ("januari", "jan"),
    ("februari", "feb", "pebruari"),
    ("maret", "mar"),
    ("april", "apr"),
    ("mei", "mei"),
    ("juni", "jun"),
    ("juli", "jul"),
    ("agustus", "agu", "agt", "ags"),
    ("september", "sep", "sept"),
    ("oktober", "okt"),
    ("november", "nov", "nopember"),
    ("desember", "des"),
)
#: Starting with Monday.
WEEKDAYS: Final = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")

#: WIB, where two of three Indonesians live and the newsrooms are.
JAKARTA: Final = timezone(timedelta(hours=7))

_EPOCH: Final = date(1970, 1, 1).toordinal()


def localize(moment: datetime) -> datetime:
    """``moment`` by an Indonesian clock: as written, but by that of Jakarta where it is in UTC, as
    programs write, whose day until seven in the morning is the one before.

    >>> localize(datetime(2026, 10, 15, 20, tzinfo=timezone.utc)).isoformat()
    '2026-10-16T03:00:00+07:00'
    """
    return moment.astimezone(JAKARTA) if moment.utcoffset() == timedelta(0) else moment


def read_day(published_at: str) -> date:
    """The day of an ISO date or date and time, see :func:`localize`. Raises ValueError."""
    try:
        return localize(datetime.fromisoformat(published_at)).date()
    except ValueError:
        return date.fromisoformat(published_at[:10])


def find_now() -> datetime:
    """The time of this machine, or of Jakarta where it runs by UTC, as servers do."""
    return localize(datetime.now().astimezone())


def find_today() -> date:
    return find_now().date()


def count_days(day: date) -> int:
    """Days from 1970-01-01 to ``day``; of a datetime, the day as written, ignoring its offset."""
    return day.toordinal() - _EPOCH
