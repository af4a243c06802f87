"""How does a column of records write its dates? One column, one order of day and month.

``10/12/2025`` alone is ambiguous; ``10/21/2025`` in the same column shows that the month comes
first there. So records are buffered, as few as possible, until the column has shown its order.
Whatever :func:`indexer.ingest.dates.parse_date` reads is passed on unchanged; this module handles
what only tables and databases write: spreadsheet numbers, MongoDB objects, a time in a separate
column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.calendar import JAKARTA
from indexer.ingest.dates import parse_date, write_date
from indexer.ingest.readers.keys import Renamed
from indexer.ingest.readers.limits import MAX_HELD_CHARACTERS, MAX_HELD_RECORDS
from indexer.ingest.readers.paths import fold_key

#: The orders that ``--date-format`` names, besides strptime patterns.
ORDERS: Final = ("dmy", "mdy", "ymd")
#: The advice for columns of dates whose order is doubtful.
_SAY_ORDER: Final = "say which with --date-format dmy or mdy"
#: Day 0 of spreadsheets, and the range of days that articles may have: 1927 to 2099.
_SPREADSHEET_EPOCH: Final = datetime(1899, 12, 30, tzinfo=JAKARTA)
_SPREADSHEET_DAYS: Final = (10_000, 73_050)
#: Two numbers that are day and month in either order, and a year.
_TWO_AND_YEAR: Final = re.compile(
    r"(?P<before>\D*?)(?P<one>\d{1,2})(?P<mark>[/.-])(?P<two>\d{1,2})(?P=mark)"
    r"(?P<year>\d{4}|\d\d)(?!\d)(?P<behind>.*)",
    re.DOTALL,
)
_NUMBER: Final = re.compile(r"\d{5}(?:[.,]\d{1,12})?")
_DAY_PART: Final = re.compile(r"\s*0?[.,]\d{1,18}\s*")
_CLOCK: Final = re.compile(
    r"(?:pukul|pkl|jam)?\.? ?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?(?: ?\(?[A-Z]{3,4}\)?)?",
    re.IGNORECASE,
)
_NAIVE: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?")
_COMPACT: Final = re.compile(
    r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE
)
_DOT_NET: Final = re.compile(r"/Date\((-?\d{1,15})[+-]?\d{0,4}\)/")
_ZONE_NAME: Final = re.compile(r"\[[A-Za-z_]+(?:/[A-Za-z_+-]+)*\]$")
#: Words beside a date that identify its writer: Indonesians write the day first.
_INDONESIAN: Final = re.compile(
    r"\b(?:wib|wita|wit|pukul|pkl|jam|senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad|tanggal|"
    r"terbit|tayang|oleh)\b",
    re.IGNORECASE,
)
_INDONESIAN_KEYS: Final = re.compile(r"tanggal|tgl|waktu|terbit|tayang|dibuat|rilis")
_ENGLISH: Final = re.compile(r"\d ?[ap]\.?m\b", re.IGNORECASE)
#: Keys under which nested values keep a moment: MongoDB, Firestore, XML.
_INNER: Final = (
    *("$date", "$numberLong", "$numberDouble", "$numberInt", "_seconds", "seconds", "iso", "value"),
    *(
        "date",
        "#text",
        "$t",
        "rendered",
        "raw",
        "@datetime",
        "@norm",
        "utc",
        "start",
        "$timestamp",
        "t",
    ),
)


@dataclass(slots=True)
class _Column:
    """The evidence in a column so far. ``first`` and ``second``: a date, to be quoted, in which the
    day must be in that place; ``hints``: evidence from ambiguous dates.
    """

    key: str
    first: str = ""
    second: str = ""
    sample: str = ""
    indonesian: bool = False
    english: bool = False
    plain_marks: bool = True

    def look_at(self, match: re.Match[str], today: date) -> None:
        """Learn from one date."""
        one, two = int(match["one"]), int(match["two"])
        text = match[0].strip()[:40]
        if one > 12 >= two:
            self.first = self.first or text
        elif two > 12 >= one:
            self.second = self.second or text
        elif one != two:
            self._look_at_both(match, one, two, today)

    def _look_at_both(self, match: re.Match[str], one: int, two: int, today: date) -> None:
        text = match[0].strip()[:40]
        self.sample = self.sample or text
        around = f"{match['before']} {match['behind']}"
        self.indonesian = self.indonesian or _INDONESIAN.search(around) is not None
        self.english = self.english or _ENGLISH.search(match["behind"]) is not None
        self.plain_marks = self.plain_marks and match["mark"] == "/"
        # No article is dated in the future.
        year = _full_year(match["year"])
        late_first, late_second = (year, two, one), (year, one, two)
        latest = (today + timedelta(days=2)).timetuple()[:3]
        if late_first > latest >= late_second:
            self.second = self.second or text
        elif late_second > latest >= late_first:
            self.first = self.first or text

    @property
    def is_shown(self) -> bool:
        return bool(self.first or self.second)

    def decide(self) -> str:
        """``dmy``, ``mdy``, or an empty string if undecided."""
        if self.first and self.second:
            return ""
        if self.is_shown:
            return "dmy" if self.first else "mdy"
        if self.indonesian or not self.plain_marks:
            return "dmy"
        if self.english or not _INDONESIAN_KEYS.search(fold_key(self.key)):
            return ""
        return "dmy"

    def explain(self, order: str) -> str:
        """What the user should know about the decision; empty if it is beyond doubt."""
        named = f"the column {self.key!r}" if self.key else "the column of dates"
        if self.first and self.second:
            return (
                f"{named} has dates with the day first ({self.first}) and with the month first "
                f"({self.second}): those that could be either, as {self.sample}, are left out"
            )
        if self.is_shown or self.indonesian or not self.plain_marks:
            return ""
        if order:
            return (
                f"nothing in {named} shows whether day or month comes first in {self.sample}: "
                "read day first, as Indonesians write"
            )
        return (
            f"nothing in {named} shows whether day or month comes first in {self.sample}: such "
            "dates are left out"
        )


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


@dataclass(slots=True)
class Held:
    """A record of one input that is still becoming an article."""

    line: int
    renamed: Renamed
    original: Mapping[str, Any]


@dataclass(slots=True)
class DateColumns:
    """The dates of one input, column by column. ``pattern``: the value of ``--date-format``."""

    path: str
    pattern: str = ""
    today: date = field(default_factory=lambda: datetime.now(JAKARTA).date())
    _columns: dict[str, _Column] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    def settle(self, items: Iterator[Held | Reject | Warned]) -> Iterator[Held | Reject | Warned]:
        """``items`` with every date in an unambiguous form, or removed."""
        held: list[Held | Reject | Warned] = []
        waiting: set[str] = set()
        characters = 0
        for item in items:
            if isinstance(item, Held):
                key = self._prepare(item)
                if key and self._is_open(key):
                    waiting.add(key)
                characters += _measure(item) if waiting else 0
            if not waiting:
                yield from self._finish(item)
                continue
            held.append(item)
            waiting = {key for key in waiting if self._is_open(key)}
            if not waiting or len(held) >= MAX_HELD_RECORDS or characters >= MAX_HELD_CHARACTERS:
                for one in held:
                    yield from self._finish(one)
                held.clear()
                waiting.clear()
                characters = 0
        for one in held:
            yield from self._finish(one)

    def _is_open(self, key: str) -> bool:
        return not self._columns[key].is_shown and key not in self._told

    def _prepare(self, item: Held) -> str:
        """Turn the date into a text or a number; return its column, if its order matters."""
        values = item.renamed.values
        value = values.get("published_at")
        if value is None:
            return ""
        if not self.pattern or self.pattern in ORDERS:
            value = _add_clock(value, item.renamed.about.get("clock"))
            values["published_at"] = value
        if self.pattern or not isinstance(value, str):
            return ""
        match = _TWO_AND_YEAR.fullmatch(value)
        if match is None:
            return ""
        key = item.renamed.date_key
        self._columns.setdefault(key, _Column(key)).look_at(match, self.today)
        return key if 0 < int(match["one"]) <= 12 and 0 < int(match["two"]) <= 12 else ""

    def _finish(self, item: Held | Reject | Warned) -> Iterator[Held | Reject | Warned]:
        told = self._decide(item) if isinstance(item, Held) else ""
        if told and isinstance(item, Held):
            yield Warned(self.path, item.line, told, "" if self.pattern else _SAY_ORDER)
        yield item

    def _decide(self, item: Held) -> str:
        """Rewrite a date whose order matters; return what to report about it."""
        values = item.renamed.values
        value = values.get("published_at")
        if not isinstance(value, str):
            return ""
        if self.pattern:
            return self._read_by_pattern(values, value, item.renamed.about.get("clock"))
        match = _TWO_AND_YEAR.fullmatch(value)
        if match is None:
            return ""
        key = item.renamed.date_key
        column = self._columns[key]
        order = column.decide()
        open_order = (
            match["one"] != match["two"] and max(int(match["one"]), int(match["two"])) <= 12
        )
        if open_order and not order:
            del values["published_at"]
            values["extra"] = {**values.get("extra", {}), key or "published_at": value}
        elif order == "mdy" or int(match["two"]) > 12:
            self._put(values, match, "mdy")
        if not open_order or key in self._told:
            return ""
        self._told.add(key)
        return column.explain(order)

    @staticmethod
    def _put(values: dict[str, Any], match: re.Match[str], order: str) -> bool:
        """Write the date with its year first; return whether it is one in this order. If not, it
        stays as the input has it, to be quoted.
        """
        rewritten = _rewrite(match, order)
        if parse_date(rewritten) is None:
            return False
        values["published_at"] = rewritten
        return True

    def _read_by_pattern(self, values: dict[str, Any], value: str, clock: Any) -> str:
        if self.pattern in ORDERS:
            match = _TWO_AND_YEAR.fullmatch(value)
            if match is None or self.pattern == "ymd" or self._put(values, match, self.pattern):
                return ""
            del values["published_at"]
            return f"{value[:60]!r} is no date as --date-format {self.pattern} reads it"
        try:
            moment = datetime.strptime(value.strip(), self.pattern)
        except ValueError:
            del values["published_at"]
            return f"{value[:60]!r} is no date as --date-format {self.pattern} describes it"
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=JAKARTA)
        values["published_at"] = _add_clock(write_date(moment), clock)
        return ""


def check_pattern(pattern: str) -> str:
    """Why ``pattern`` is not valid for ``--date-format``; empty if it is."""
    if not pattern or pattern in ORDERS:
        return ""
    if "%" not in pattern:
        return f"{pattern!r} is none of {', '.join(ORDERS)}, and no pattern such as %d/%m/%Y"
    try:
        datetime.strptime(datetime(2022, 7, 20, tzinfo=timezone.utc).strftime(pattern), pattern)
    except ValueError as error:
        return f"{pattern!r} is no pattern that can be read: {error}"
    return ""


def _rewrite(match: re.Match[str], order: str) -> str:
    """The date with its year first, which is unambiguous."""
    one, two = int(match["one"]), int(match["two"])
    month, day = (one, two) if order == "mdy" else (two, one)
    behind = match["behind"].lstrip(" ,T|-")
    return f"{_full_year(match['year'])}-{month:02}-{day:02} {behind}".strip()


def _measure(item: Held) -> int:
    body = item.renamed.values.get("body")
    return len(body) if isinstance(body, str) else 1_000


def read_moment(value: Any, depth: int = 0) -> Any:
    """A record's date as a text or number that :func:`indexer.ingest.dates.parse_date` reads.

    >>> read_moment({"$date": {"$numberLong": "1678093200000"}})
    '1678093200000'
    >>> read_moment("44991.385")
    '2023-03-06T09:14:24+07:00'
    """
    if isinstance(value, Mapping) and depth < 5:
        inner = next((value[key] for key in _INNER if value.get(key)), None)
        return read_moment(inner, depth + 1)
    if isinstance(value, list) and depth < 5:
        return read_moment(value[0], depth + 1) if value else None
    if isinstance(value, datetime):
        return write_date(value if value.tzinfo is not None else value.replace(tzinfo=JAKARTA))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _read_serial(value) or value
    return _read_written(value) if isinstance(value, str) else value


def mark_universal(value: Any) -> Any:
    """A moment from a column that is declared as UTC, with an offset added if it has none."""
    if isinstance(value, str) and _NAIVE.fullmatch(value):
        return _prefer(f"{value}Z", value)
    return value


def _prefer(rewritten: str, text: str) -> str:
    """``rewritten`` if it is a date; otherwise ``text``, which whoever is warned can find."""
    return text if parse_date(rewritten) is None else rewritten


def _read_written(text: str) -> str:
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return _read_serial(float(text.replace(",", "."))) or text
    compact = _COMPACT.fullmatch(text)
    if compact is not None:
        year, month, day, hour, minute, second, zone = compact.groups()
        return _prefer(f"{year}-{month}-{day}T{hour}:{minute}:{second}{zone or ''}", text)
    net = _DOT_NET.fullmatch(text)
    if net is not None:
        return net[1]
    return _ZONE_NAME.sub("", text) if text.endswith("]") else text


def _read_serial(days: float) -> str:
    """The moment of a spreadsheet's number of days since 30 December 1899; empty for other
    numbers.
    """
    low, high = _SPREADSHEET_DAYS
    if not low <= days < high:
        return ""
    moment = _SPREADSHEET_EPOCH + timedelta(days=days)
    return write_date(moment)


def _add_clock(value: Any, clock: Any) -> Any:
    """``value`` with the time from another column, if it is only a day."""
    if clock is None or not isinstance(value, str):
        return value
    if isinstance(clock, str) and _DAY_PART.fullmatch(clock.strip()):
        clock = float(clock.replace(",", "."))
    if isinstance(clock, time):
        clock = clock.isoformat(timespec="seconds")
    elif isinstance(clock, int | float) and 0 < clock < 1:
        # A spreadsheet's fraction of a day.
        clock = str(timedelta(seconds=round(clock * 86_400)))
    if not isinstance(clock, str) or not _CLOCK.fullmatch(clock.strip()):
        return value
    if parse_date(f"2000-01-01 {clock.strip()}") is None:
        # 25:99 is no time of the day.
        return value
    written = _TWO_AND_YEAR.fullmatch(value)
    moment = parse_date(value)
    if moment is None or (written is not None and not written["behind"].strip()):
        # Whether day or month comes first is decided later.
        return value if ":" in value else f"{value} {clock.strip()}"
    if moment.time() != time(0):
        return value
    return f"{moment:%Y-%m-%d} {clock.strip()}"
