"""What day and time does a text mean? Dates as Indonesian news and exports write them.

Day before month, always: ``7/8/2022`` is 7 August. Invalid dates are not guessed at. Without an
offset, Jakarta's (+07:00) is assumed; WIB, WITA and WIT mean +7, +8 and +9. The whole string must
be a date, give or take a weekday, a label, "pukul" and punctuation; or a line of a page with one
date among a few words (``Kompas.com - 10/06/2025, 21:23 WIB``, ``18 Juni 2025 oleh Admin``). Not
for running text, and not if other figures beside the date make it ambiguous.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Final

from indexer.calendar import JAKARTA, MONTHS

EARLIEST_YEAR: Final = 1800
LATEST_YEAR: Final = 2199

# Spellings used in datelines and in English, besides those of the calendar.
_OTHER_MONTHS: Final = (
    "january",
    "february peb",
    "march mrt",
    "",
    "may",
    "june",
    "july",
    "august agust aug",
    "",
    "october oct",
    "nop",
    "december dec",
)
_MONTHS: Final[dict[str, int]] = {
    name: number
    for number, (names, others) in enumerate(zip(MONTHS, _OTHER_MONTHS, strict=True), start=1)
    for name in (*names, *others.split())
}
_ZONES: Final[dict[str, int]] = {"wib": 7, "wita": 8, "wit": 9, "gmt": 0, "utc": 0, "z": 0}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)

_ISO: Final = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"(?:[T ,|]{1,3}(?P<time>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_COMPACT: Final = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:[T ]?(?P<time>\d{4}(?:\d\d)?)(?P<zone>Z|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
_NUMERIC: Final = re.compile(
    r"(?P<day>\d{1,2}) ?[-/.] ?(?P<month>\d{1,2}) ?[-/.] ?(?P<year>\d{4}|\d\d)(?!\d)(?P<time>.*)",
    re.DOTALL,
)
_DAY_NAMED_MONTH: Final = re.compile(
    r"(?P<day>\d{1,2})[ -]{1,3}(?P<month>[A-Za-z]{3,9})\.?,?[ -]{1,3}'?(?P<year>\d{4}|\d\d)(?!\d)"
    r"(?P<time>.*)",
    re.DOTALL,
)
_NAMED_MONTH_DAY: Final = re.compile(
    r"(?P<month>[A-Za-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})(?!\d)"
    r"(?P<time>.*)",
    re.DOTALL,
)
_TIME: Final = re.compile(
    r"(?:pukul|pkl|jam|at|@)?\.? ?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)"
    r"(?:[:.](?P<second>\d\d)(?:[.,]\d{1,9})?)? ?(?P<half>[ap]\.?m\.?)?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ZONE: Final = re.compile(
    r"\(?(?P<name>[A-Za-z]{1,4})?\)? ?(?:(?P<sign>[+-])(?P<hours>\d\d?):?(?P<minutes>\d\d)?)?\)?"
)
_WEEKDAY: Final = re.compile(
    r"(?:(?:hari|tanggal|diterbitkan|dipublikasikan|published|terbit|rilis|update|updated|diperbarui)"
    r"(?: pada)? ?:? )*"
    r"(?:senin|selasa|rabu|kamis|jum['’`]?at|sabtu|minggu|ahad|"
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|"
    r"sun(?:day)?|sen|sel|rab|kam|jum|sab|min)?\b[.,]? ?[(|-]? ?",
    re.IGNORECASE,
)
_CLOCK_FIRST: Final = re.compile(
    r"(?P<time>\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?WI(?:B|TA|T))?)(?:,| -| \||,? pada) (?P<date>.+)"
)
#: The zone name that Java and JavaScript write after the offset: "+07:00[Asia/Jakarta]".
_ZONE_NAME: Final = re.compile(r"\[[A-Za-z_]+(?:/[A-Za-z_]+)+\]\Z")
_SPANNED_CLOCK: Final = (
    r"\)?(?:[ ,|–—-]{1,3}(?:pukul |pkl\.? |jam |at )?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?"
    r"(?: ?(?:WIB|WITA|WIT|GMT|UTC)\b)?(?: ?[+-]\d\d:?\d\d)?)?"
)
#: A date with its time among other words.
DATE_SPAN: Final = re.compile(
    r"(?<![\w.])(?<!\d/)(?:(?:Senin|Selasa|Rabu|Kamis|Jum['’]?at|Sabtu|Minggu)[, (]{1,3})?"
    r"(?:\d{1,2}[ -](?P<named>[A-Za-z]{3,9})\.?,?[ -]\d{4}|"
    r"(?P<first>[A-Za-z]{3,9})\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|"
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}[/-]\d{1,2}[/-]\d{1,2})(?![\w/])" + _SPANNED_CLOCK,
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"\d{4}")
#: Labels of a page's second date: when it was changed, not published.
_CHANGED: Final = re.compile(r"updated?|diperbarui|diubah|modified|perubahan", re.IGNORECASE)
#: The same day in the Islamic calendar, whose years are the fourteen hundreds.
_YEAR_HIJRI: Final = re.compile(r"\b14\d\d\b")
_HIJRI: Final = re.compile(r"\d{1,2} [A-Z][\w'’`-]{3,14}(?: [A-Z][\w'’`-]{2,14})? 14\d\d ?(?:H\b)?")
_MOST_WORDS_BESIDE: Final = 8
_READING_TIME: Final = re.compile(r"\b\d{1,2} ?(?:menit|min(?:ute)?s?)\b", re.IGNORECASE)
_EDGES: Final = " \t\r\n,;|-–—()[]."
_LONGEST: Final = 100


def parse_date(text: str | int | float, *, alone: bool = False) -> datetime | None:
    """The instant written in ``text``, with its offset, or ``None``.

    A date without a time is midnight. Numbers are seconds, milliseconds, microseconds or
    nanoseconds since 1970, in Jakarta's offset. Years before 1800 and after 2199 are mistakes, not
    dates. ``alone``: the text must be nothing but a date, if a few words beside it might be a
    sentence.

    >>> parse_date("Rabu (20/7/2022) pukul 13.05 WITA").isoformat()
    '2022-07-20T13:05:00+08:00'
    >>> parse_date("31 Februari 2022") is None
    True
    """
    if isinstance(text, bool):
        return None
    if isinstance(text, float):
        return _from_epoch(text)
    if isinstance(text, int):
        text = str(text)
    # The format of nearly every export; everything else is a hundred times rarer. In "08.30" Python
    # would read the minutes as a fraction and drop it.
    if len(text) >= 10 and text[4:5] == "-" and text[13:14] not in (".", ","):
        try:
            return _accept(datetime.fromisoformat(text))
        except ValueError:
            pass
    if len(text) > _LONGEST:
        return None
    text = _ZONE_NAME.sub("", text.strip())
    return _parse_written(text) or (None if alone else _parse_among_words(text))


def find_dates(text: str) -> list[re.Match[str]]:
    """Where ``text`` contains dates with a year, including their time, in order.

    >>> [match[0] for match in find_dates("Tayang: Selasa, 10 Juni 2025 08:52 WIB oleh Budi")]
    ['Selasa, 10 Juni 2025 08:52 WIB']
    """
    # Most texts have no year; each position of the others would be tried for a date.
    if _YEAR.search(text) is None:
        return []
    return [
        match
        for match in DATE_SPAN.finditer(text)
        if (match["named"] or match["first"] or "mei").lower() in _MONTHS
    ]


def _parse_among_words(text: str) -> datetime | None:
    """The one date of a line such as ``Kompas.com - 10/06/2025, 21:23 WIB``.

    Of two dates, the first not preceded by a label of a change. With other figures, or many words,
    the line is not a date.
    """
    text = _HIJRI.sub(" ", text) if _YEAR_HIJRI.search(text) else text
    found = find_dates(text)
    if not found:
        return None
    beside = _READING_TIME.sub(" ", DATE_SPAN.sub(" ", text)).split()
    if len(beside) > _MOST_WORDS_BESIDE or any(word[:1].isdigit() for word in beside):
        return None
    moments = []
    position = 0
    for match in found:
        moment = _parse_written(match[0])
        if moment is None:
            return None
        changed = _CHANGED.search(text, position, match.start()) is not None
        moments.append((changed, moment))
        position = match.end()
    return min(moments, key=lambda found: found[0])[1]


def _parse_written(text: str) -> datetime | None:
    text = " ".join(text.replace("T.", "T").split()).strip(_EDGES)
    if not text:
        return None
    compact = _COMPACT.fullmatch(text) if text[:8].isdigit() and text.isascii() else None
    if compact is not None and (not text.isdigit() or len(text) in (8, 14)):
        time = compact["time"] or ""
        parts = [time[i : i + 2] for i in range(0, len(time), 2)]
        return _combine(compact, ":".join(parts) + (compact["zone"] or ""))
    if text.isdigit() and text.isascii():
        return _from_epoch(float(text)) if 9 <= len(text) <= 19 else None
    match = _ISO.fullmatch(text)
    if match is not None:
        return _combine(match, match["time"] or "")
    weekday = _WEEKDAY.match(text)
    rest = text[weekday.end() :] if weekday else text
    for shape in (_NUMERIC, _DAY_NAMED_MONTH, _NAMED_MONTH_DAY):
        match = shape.fullmatch(rest)
        if match is not None:
            return _combine(match, match["time"])
    match = _ISO.fullmatch(rest)
    if match is not None:
        return _combine(match, match["time"] or "")
    match = _CLOCK_FIRST.fullmatch(rest)
    if match is not None:
        return _parse_written(f"{match['date']} {match['time']}")
    from email.utils import parsedate_to_datetime

    try:
        return _accept(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _combine(match: re.Match[str], time: str) -> datetime | None:
    named = match["month"].lower()
    month = int(named) if named.isdigit() else _MONTHS.get(named, 0)
    year = int(match["year"])
    if year < 100:
        year += 2000 if year < 70 else 1900
    clock = _read_time(time.lstrip(_EDGES + "T").rstrip(_EDGES))
    if clock is None:
        return None
    hour, minute, second, zone = clock
    try:
        day = date(year, month, int(match["day"]))
        if hour == 24 and minute == second == 0:
            hour, day = 0, day + timedelta(days=1)
        return _accept(datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone))
    except (ValueError, OverflowError):
        return None


def _read_time(text: str) -> tuple[int, int, int, timezone] | None:
    """Hour, minute, second and zone; midnight in Jakarta if ``text`` is empty."""
    if not text:
        return 0, 0, 0, JAKARTA
    match = _TIME.fullmatch(text)
    if match is None:
        # "20 Juli 2022 WIB": a zone without a time says nothing about the day.
        return (0, 0, 0, JAKARTA) if text.lower() in _ZONES else None
    hour = int(match["hour"])
    half = (match["half"] or "").lower().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    zone = _read_zone(match["rest"].strip(" ,;|."))
    if zone is None:
        return None
    return hour, int(match["minute"]), int(match["second"] or 0), zone


def _read_zone(text: str) -> timezone | None:
    if not text:
        return JAKARTA
    match = _ZONE.fullmatch(text)
    if match is None:
        return None
    if match["sign"]:
        minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
        if minutes >= 24 * 60:
            return None
        return timezone(timedelta(minutes=-minutes if match["sign"] == "-" else minutes))
    hours = _ZONES.get((match["name"] or "").lower())
    return None if hours is None else timezone(timedelta(hours=hours))


def _from_epoch(number: float) -> datetime | None:
    size = abs(number)
    for scale in (1e9, 1e6, 1e3, 1.0):
        if size >= 1e8 * scale:
            try:
                moment = _EPOCH + timedelta(seconds=number / scale)
                return _accept(moment.astimezone(JAKARTA))
            except (OverflowError, ValueError):
                return None
    return None


def _accept(moment: datetime) -> datetime | None:
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=JAKARTA)


def write_date(moment: datetime) -> str:
    """``moment`` as articles store it: ISO 8601 to the second, with offset.

    >>> write_date(datetime(2022, 7, 20, 13, 5, tzinfo=JAKARTA))
    '2022-07-20T13:05:00+07:00'
    """
    return moment.isoformat(timespec="seconds")


def count_seconds(moment: datetime) -> int:
    """Whole seconds from 1970-01-01 UTC to ``moment``; negative before that."""
    return (moment - _EPOCH) // timedelta(seconds=1)
