"""What are months and weekdays called in Indonesian, and how are days numbered?"""

from __future__ import annotations

from datetime import date
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

_EPOCH: Final = date(1970, 1, 1).toordinal()


def count_days(day: date) -> int:
    """Days from 1970-01-01 to ``day``; of a datetime, the day as written, ignoring its offset."""
    return day.toordinal() - _EPOCH
