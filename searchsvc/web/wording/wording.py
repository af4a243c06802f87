"""How is something said in one language? Messages, dates, numbers."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup

from indexer.calendar import localize, read_day
from searchsvc.english_notes import tell_note
from searchsvc.errors import ErrorCode
from searchsvc.request import Note
from searchsvc.shown_label import show_label as show_label

#: A message, or a pair for a ``count`` of one and for other counts. Parts in braces are replaced.
Message = str | tuple[str, str]

#: Offsets in minutes of the three Indonesian time zones.
_ZONES = {420: "WIB", 480: "WITA", 540: "WIT"}
#: Articles younger than this are shown with their age.
_DAYS_TOLD_AS_AGE = 7


@dataclass(frozen=True, slots=True)
class Wording:
    """One language. ``tag`` is its code in HTML, ``locale`` in OpenGraph; ``separators`` are for
    thousands, decimals, and between hours and minutes. ``notes`` translates the codes of notes,
    whose messages are Indonesian; ``problems`` returns the heading and the advice for an error.
    """

    tag: str
    locale: str
    messages: Mapping[str, Message]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    separators: tuple[str, str, str]
    facets: Mapping[str, str]
    notes: Mapping[str, str]
    problems: Callable[[ErrorCode], tuple[str, str]]

    def __call__(self, key: str, /, **values: object) -> str:
        """The message ``key`` with ``values`` inserted, whole numbers formatted. Raises KeyError
        for an unknown message.
        """
        message = self._choose(key, values)
        # Most messages have no parts, and a page has a hundred messages.
        return message.format(**self._write(values)) if values else message

    def html(self, key: str, /, **values: object) -> Markup:
        """The same for a message with HTML; ``values`` are escaped."""
        return Markup(self._choose(key, values)).format(**self._write(values))

    def _choose(self, key: str, values: Mapping[str, object]) -> str:
        message = self.messages[key]
        if isinstance(message, str):
            return message
        return message[0] if values.get("count") == 1 else message[1]

    def _write(self, values: Mapping[str, object]) -> dict[str, object]:
        return {
            name: self.format_number(value) if type(value) is int else value
            for name, value in values.items()
        }

    def name_facet(self, name: str) -> str:
        """The label of a built-in facet for readers."""
        return self.facets[name]

    def show_label(self, facet: str, value: str) -> str:
        """A facet's value as displayed."""
        return show_label(facet, value)

    def tell_note(self, note: Note) -> str:
        """A note about how the query was understood."""
        return tell_note(note, self.notes)

    def tell_problem(self, row: ErrorCode) -> tuple[str, str]:
        """(heading, advice) about an error."""
        return self.problems(row)

    def format_number(self, number: int) -> str:
        """A count with thousands separators."""
        return f"{number:,}".replace(",", self.separators[0])

    def format_value(self, value: float) -> str:
        """A number with thousands and decimal separators; up to four digits without, like years."""
        text = f"{value:,.10g}" if abs(value) >= 10_000 else f"{value:.10g}"
        return text.translate(str.maketrans(",.", "".join(self.separators[:2])))

    def format_milliseconds(self, milliseconds: float) -> str:
        """A duration for people."""
        unit, value = ("seconds", f"{milliseconds / 1000:.2f}")
        if milliseconds < 1000:
            unit, value = ("milliseconds", f"{milliseconds:.1f}")
        return self(unit, value=value.replace(".", self.separators[1]))

    def format_day(self, day: date) -> str:
        """A day as newspapers write it: 20 Juli 2022."""
        return f"{day.day} {self.months[day.month - 1]} {day.year}"

    def format_short_day(self, day: date) -> str:
        """A day in abbreviated form: 20 Jul 2022."""
        return f"{day.day} {self.short_months[day.month - 1]} {day.year}"

    def format_date(self, published_at: str) -> str:
        """The day of an ISO date, by an Indonesian clock, abbreviated; empty if it is malformed."""
        try:
            return self.format_short_day(read_day(published_at))
        except ValueError:
            return ""

    def format_instant(self, published_at: str) -> str:
        """Day, time and time zone; only the day if the time is midnight, that is, unknown."""
        try:
            written = datetime.fromisoformat(published_at)
        except ValueError:
            try:
                return self.format_day(date.fromisoformat(published_at[:10]))
            except ValueError:
                return ""
        instant = localize(written)
        day = self.format_day(instant.date())
        if not (written.hour or written.minute):
            return day
        text = f"{day}, {instant.hour:02}{self.separators[2]}{instant.minute:02}"
        offset = instant.utcoffset()
        if offset is None:
            return text
        minutes = int(offset.total_seconds()) // 60
        sign = "+" if minutes >= 0 else "-"
        clock = f"{abs(minutes) // 60:02}{self.separators[2]}{abs(minutes) % 60:02}"
        return f"{text} {_ZONES.get(minutes, f'UTC{sign}{clock}')}"

    def format_age(self, published_at: str, now: datetime) -> str:
        """How long ago an article of the last days was published; the day of an older one.

        ``now`` has a time zone. Without a time of day, days are counted; future dates are shown as
        days.
        """
        try:
            instant = localize(datetime.fromisoformat(published_at))
        except ValueError:
            return self.format_date(published_at)
        day = self.format_short_day(instant.date())
        if instant.tzinfo is None:
            return day
        if not (instant.hour or instant.minute):
            return self._tell_days(
                (now.astimezone(instant.tzinfo).date() - instant.date()).days, day
            )
        passed = now - instant
        minutes = passed // timedelta(minutes=1)
        if minutes < 0:
            return day
        if minutes < 1:
            return self("just_now")
        if minutes < 60:
            return self("minutes_ago", count=minutes)
        if minutes < 24 * 60:
            return self("hours_ago", count=minutes // 60)
        return self._tell_days(passed.days, day)

    def _tell_days(self, days: int, day: str) -> str:
        if days in (0, 1):
            return self("today" if days == 0 else "yesterday")
        return self("days_ago", count=days) if 0 < days < _DAYS_TOLD_AS_AGE else day

    def format_period(self, first: date, last: date) -> str:
        """The days from ``first`` to ``last``, as briefly as possible: Juli 2022."""
        if first == last:
            return self.format_day(first)
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
        if first.day == 1 and last == last_day_of_month(first):
            return f"{self.months[first.month - 1]} {first.year}"
        return f"{self.format_day(first)} – {self.format_day(last)}"


def last_day_of_month(day: date) -> date:
    """The last day of the month that contains ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])
