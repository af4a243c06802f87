"""Which days are kemarin, hari ini, minggu lalu, tiga hari terakhir?

Articles seldom use these words for the day a reader means: *kemarin* in an article is the day
before that article. So the words are optional, weigh little, and denote days to filter by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

Row = tuple[str, ...]


class Period(NamedTuple):
    """Days from ``first`` to ``last``, inclusive."""

    first: date
    last: date


class RelativeDate(NamedTuple):
    """Tokens ``start`` to ``end``, exclusive; ``days`` is ``None`` if none are meant."""

    start: int
    end: int
    days: Period | None


#: Offsets from today of the first and last day meant.
_NEAR: dict[Row, tuple[int, int]] = {
    **dict.fromkeys([("hari", "ini"), ("today",)], (0, 0)),
    **{(part, "ini"): (0, 0) for part in ("pagi", "siang", "sore", "malam")},
    **{("tadi", part): (0, 0) for part in ("pagi", "siang", "sore")},
    **{("nanti", part): (0, 0) for part in ("siang", "sore", "malam")},
    **dict.fromkeys([("tadi", "malam"), ("malam", "tadi"), ("semalam",)], (-1, 0)),
    **dict.fromkeys([("kemarin",), ("kemaren",), ("kmrn",), ("yesterday",)], (-1, -1)),
    **{("kemarin", part): (-1, -1) for part in ("pagi", "siang", "sore", "malam")},
    ("kemarin", "lusa"): (-2, -2),
    **dict.fromkeys([("besok",), ("esok",), ("bsk",), ("tomorrow",)], (1, 1)),
    **{("besok", part): (1, 1) for part in ("pagi", "siang", "sore", "malam")},
    ("lusa",): (2, 2),
    **dict.fromkeys([("sepekan", "terakhir"), ("seminggu", "terakhir")], (-6, 0)),
    ("sebulan", "terakhir"): (-29, 0),
    ("setahun", "terakhir"): (-364, 0),
}
#: About the present rather than about days.
_NOW: frozenset[Row] = frozenset(
    [("sekarang",), ("skrg",), ("saat", "ini"), ("kini",), ("barusan",), ("baru", "ini")]
)
#: Words that ask for the newest articles.
NEW_WORDS = frozenset(["terbaru", "terkini", "teranyar", "terupdate", "update", "latest"])
_SHIFTS = {"ini": 0, "lalu": -1, "kemarin": -1, "depan": 1}
_UNITS = frozenset(["minggu", "pekan", "bulan", "tahun"])
_LENGTHS = {"hari": 1, "pekan": 7, "minggu": 7, "bulan": 30, "tahun": 365}
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ("dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"), 2
    )
}
#: Names suggested for a partly typed date, the nearest first. Those from :data:`RARELY_MEANT` on
#: only if partly typed.
OFFERED = (
    "hari ini",
    "kemarin",
    "minggu ini",
    "minggu lalu",
    "bulan ini",
    "bulan lalu",
    "tahun ini",
    "tahun lalu",
    "pekan ini",
    "pekan lalu",
    "sepekan terakhir",
    "sebulan terakhir",
    "setahun terakhir",
    "tiga hari terakhir",
    "semalam",
    "kemarin lusa",
    "today",
    "yesterday",
)
RARELY_MEANT = OFFERED.index("bulan ini")
_LONGEST = 3
_MOST_BACK = 3660


def read_relative(text: str, today: date) -> Period | None:
    """The days that ``text`` names relative to ``today``, or ``None`` if it is not such a name.

    Words may be joined by hyphens, as a space is not allowed after a colon. Weeks begin on Monday.

    >>> read_relative("minggu-lalu", date(2026, 6, 25))
    Period(first=datetime.date(2026, 6, 15), last=datetime.date(2026, 6, 21))
    """
    row = tuple(text.lower().replace("-", " ").split())
    return _read_row(row, today) if len(row) <= _LONGEST else None


def find_relative(words: Sequence[str], today: date) -> Iterator[RelativeDate]:
    """Every relative date among ``words``, which are folded, the longest at each position."""
    start = 0
    while start < len(words):
        end = start + 1
        for size in range(min(_LONGEST, len(words) - start), 0, -1):
            row = tuple(words[start : start + size])
            # ``hari minggu ini`` is a Sunday.
            if row[0] == "minggu" and start and words[start - 1] == "hari":
                continue
            days = _read_row(row, today)
            if days is not None or row in _NOW:
                end = start + size
                yield RelativeDate(start, end, days)
                break
        start = end


def _read_row(row: Row, today: date) -> Period | None:
    if row in _NEAR:
        first, last = _NEAR[row]
        return Period(today + timedelta(days=first), today + timedelta(days=last))
    if len(row) == 2 and row[0] in _UNITS and row[1] in _SHIFTS:
        return _read_unit(row[0], _SHIFTS[row[1]], today)
    if len(row) == 3 and row[2] == "terakhir" and row[1] in _LENGTHS:
        number = _NUMBERS.get(row[0]) or (int(row[0]) if row[0].isdecimal() else 0)
        back = number * _LENGTHS[row[1]]
        if 0 < back <= _MOST_BACK:
            return Period(today - timedelta(days=back - 1), today)
    return None


def _read_unit(unit: str, shift: int, today: date) -> Period:
    """The week, month or year ``shift`` units after that of ``today``."""
    if unit == "tahun":
        year = today.year + shift
        return Period(date(year, 1, 1), date(year, 12, 31))
    if unit == "bulan":
        month = today.year * 12 + today.month - 1 + shift
        return Period(_first_of(month), _first_of(month + 1) - timedelta(days=1))
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
    return Period(monday, monday + timedelta(days=6))


def _first_of(month: int) -> date:
    """The first day of a month counted from year 0."""
    return date(month // 12, month % 12 + 1, 1)
