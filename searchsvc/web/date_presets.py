"""Which periods do readers choose most? Counted back from today: 24 hours, 7 days, 30 days, a
year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from searchsvc.web.page_links import PageLinks
from searchsvc.web.wording import Wording

#: (message, days before today of the first day). Articles are filtered by day: those of the last 24
#: hours are from today or yesterday. The others begin like *sepekan terakhir* in a query.
_PERIODS = (("last_day", 1), ("last_week", 6), ("last_month", 29), ("last_year", 364))


@dataclass(frozen=True, slots=True)
class Preset:
    """One period; ``href`` selects it, ``title`` states its first day."""

    label: str
    title: str
    selected: bool
    href: str


def list_presets(links: PageLinks, today: date, say: Wording) -> list[Preset]:
    """Any time, then the periods that end today, shortest first."""
    asked = links.request
    whenever = not (asked.date_from or asked.date_to)
    presets = [Preset(say("any_time"), "", whenever, links.dates("", ""))]
    for message, days in _PERIODS:
        first = today - timedelta(days=days)
        begins = first.isoformat()
        presets.append(
            Preset(
                say(message),
                say("since", day=say.format_short_day(first)),
                asked.date_from == begins and not asked.date_to,
                links.dates(begins, ""),
            )
        )
    return presets
