"""What does the page show of a site's own fields? Sort orders, ranges, and a hit's values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from indexer.own_fields.declaration import OwnField, OwnFields, OwnType
from searchsvc.query.own_bounds import HIGH, LOW
from searchsvc.query.periods import read_period
from searchsvc.request import SearchRequest
from searchsvc.web.page_links import PageLinks
from searchsvc.web.wording import Wording

#: The messages that label the two orders of each type.
_ORDERS = {
    OwnType.NUMBER: ("smallest", "largest"),
    OwnType.DATE: ("earliest", "latest"),
    OwnType.LABEL: ("a_to_z", "z_to_a"),
}


@dataclass(frozen=True, slots=True)
class OrderChoice:
    """A sort order of the hits; ``href`` selects or deselects it."""

    label: str
    selected: bool
    href: str


@dataclass(frozen=True, slots=True)
class RangeForm:
    """Two inputs of ``kind`` (``number``, ``date``), each (name, value, hint), to choose a
    range.
    """

    name: str
    label: str
    kind: str
    low: tuple[str, str, str]
    high: tuple[str, str, str]


def list_orders(
    request: SearchRequest, fields: OwnFields, links: PageLinks, say: Wording
) -> list[OrderChoice]:
    """Both orders of each field that hits can be sorted by."""
    choices = []
    for field in fields.find("sort"):
        for order, told in zip((field.name, f"-{field.name}"), _ORDERS[field.type], strict=True):
            chosen = request.sort == order
            href = links.sort("relevance" if chosen else order)
            choices.append(OrderChoice(f"{field.title}: {say(told)}", chosen, href))
    return choices


def list_ranges(
    request: SearchRequest, fields: OwnFields, statistics: Mapping[str, Mapping[str, float]]
) -> list[RangeForm]:
    """A form for each number and date; for numbers, hints show the existing range."""
    forms = []
    for field in fields.ranges:
        bounds = request.ranges.get(field.name, ("", ""))
        found = statistics.get(field.name, {})
        inputs = [
            (
                field.name + end,
                write_bound(field, bound, end),
                str(found[hint]) if hint in found else "",
            )
            for end, bound, hint in zip((LOW, HIGH), bounds, ("min", "max"), strict=True)
        ]
        forms.append(RangeForm(field.name, field.title, field.type.value, *inputs))
    return forms


def write_bound(field: OwnField, text: str, end: str) -> str:
    """A bound as its input requires it: a day for a month or a year."""
    period = read_period(text) if field.type is OwnType.DATE and text else None
    if period is None:
        return text
    return (period.first if end == LOW else period.last).isoformat()


def describe_range(field: OwnField, bounds: tuple[str, str], say: Wording) -> str:
    """A chosen range in words."""
    low, high = (
        show_bound(field, one, end, say) for one, end in zip(bounds, (LOW, HIGH), strict=True)
    )
    if low and high:
        return low if low == high else f"{low} – {high}"
    return say("at_least", value=low) if low else say("at_most", value=high)


def show_bound(field: OwnField, text: str, end: str, say: Wording) -> str:
    period = read_period(text) if field.type is OwnType.DATE and text else None
    if period is not None:
        return say.format_day(period.first if end == LOW else period.last)
    try:
        return say.format_value(float(text)) if text else ""
    except ValueError:
        return text


def describe_own(
    values: Mapping[str, Any] | None, fields: OwnFields, say: Wording
) -> Iterator[tuple[str, str]]:
    """(title, value) of an article's values in the site's own fields, formatted for readers."""
    for name, value in (values or {}).items():
        field = fields.by_name.get(name)
        if field is None:
            continue
        if isinstance(value, list):
            yield field.title, ", ".join(value)
        elif isinstance(value, str):
            yield field.title, say.format_instant(value)
        else:
            yield field.title, say.format_value(value)


def without_range(links: PageLinks, name: str) -> str:
    """The same search without a range on this field."""
    ranges = {other: bounds for other, bounds in links.request.ranges.items() if other != name}
    return links.show(replace(links.request, ranges=ranges, page=1))
