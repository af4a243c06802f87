"""What does the results page show besides the hits? Facets, chips, page numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from indexer.own_fields.declaration import NO_FIELDS, OwnFields
from searchsvc.limits import MAX_DEPTH
from searchsvc.query.plan import FACET_LIMIT
from searchsvc.request import FacetCount, Note, SearchRequest
from searchsvc.web.own_view import describe_range, without_range
from searchsvc.web.page_links import PageLinks
from searchsvc.web.wording import Wording

#: Facets of the page, in display order.
SHOWN_FACETS = ("category", "source", "place", "authors", "tags", "agency")

#: Values shown initially; the others unfold.
FIRST_VALUES = 6

#: Page numbers on either side of the current one.
NEAR_PAGES = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet. A ``fixed`` one is selected by the words of the query, and so cannot be
    deselected here.
    """

    value: str
    label: str
    count: str
    selected: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """A facet with its values: ``first`` always shown, ``more`` unfolded on request. ``complete``:
    there are no others.
    """

    name: str
    label: str
    first: list[Choice]
    more: list[Choice]
    complete: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter; ``href`` removes it."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Links to other pages. A 0 in ``numbers`` marks a gap."""

    page: int
    numbers: list[int]
    previous: str
    next: str


def group_facets(
    facets: Mapping[str, list[FacetCount]],
    request: SearchRequest,
    say: Wording,
    fields: OwnFields = NO_FIELDS,
) -> list[FacetGroup]:
    """The facets that offer a choice, the site's own last. Selected values come first, then the
    most frequent.
    """
    groups = []
    own = [name for name in fields.label_facets if name in fields.label_filters]
    for name in (*SHOWN_FACETS, *own):
        counts = facets.get(name, [])
        choices = list_choices(name, counts, request, say)
        if choices:
            cut = max(FIRST_VALUES, sum(choice.selected for choice in choices))
            if len(choices) == cut + 1:
                cut += 1
            label = name_facet(name, fields, say)
            complete = len(counts) < FACET_LIMIT
            groups.append(FacetGroup(name, label, choices[:cut], choices[cut:], complete))
    return groups


def name_facet(name: str, fields: OwnFields, say: Wording) -> str:
    """The label of a facet for readers."""
    return say.facets[name] if name in say.facets else fields.by_name[name].title


def list_choices(
    name: str, counts: Sequence[FacetCount], request: SearchRequest, say: Wording
) -> list[Choice]:
    """The values to choose from, chosen ones first."""
    asked = request.filters.get(name)
    choices = [
        Choice(
            count.value,
            say.show_label(name, count.value) or count.value,
            say.format_number(count.count),
            count.selected,
            count.selected and not asked,
        )
        for count in counts
        if count.count or count.selected
    ]
    return sorted(choices, key=lambda choice: not choice.selected)


def list_chips(
    request: SearchRequest, links: PageLinks, say: Wording, fields: OwnFields = NO_FIELDS
) -> list[Chip]:
    """One chip for each active filter."""
    chips = [
        Chip(
            name_facet(name, fields, say),
            say.show_label(name, value) or value,
            links.toggle(name, value),
        )
        for name, values in request.filters.items()
        for value in values
    ]
    for name, bounds in request.ranges.items():
        field = fields.get(name)
        told = describe_range(field, bounds, say)
        chips.append(Chip(field.title, told, without_range(links, name)))
    if request.date_from or request.date_to:
        chips.append(Chip(say("date"), describe_dates(request, say), links.dates("", "")))
    return chips


def describe_dates(request: SearchRequest, say: Wording) -> str:
    """The chosen days in words."""
    first = date.fromisoformat(request.date_from) if request.date_from else None
    last = date.fromisoformat(request.date_to) if request.date_to else None
    if first and last:
        return say.format_period(first, last)
    if first:
        return say("since", day=say.format_day(first))
    return say("until", day=say.format_day(last)) if last else ""


def split_offer(note: Note, say: Wording) -> tuple[str, str, str]:
    """(text before, query to offer as a link or empty, text after)."""
    told = say.tell_note(note)
    if not note.query:
        return told, "", ""
    before, found, after = told.rpartition(note.query)
    return (before, found, after) if found else (f"{told} ", note.query, "")


def build_pager(page: int, pages: int, per_page: int, links: PageLinks) -> Pager | None:
    """Links to the first, last and nearby pages, or ``None`` if there is only one.

    Pages beyond the maximum depth are omitted.
    """
    last = min(pages, MAX_DEPTH // per_page)
    if last < 2 or page > last:
        return None
    near = range(max(1, page - NEAR_PAGES), min(last, page + NEAR_PAGES) + 1)
    numbers: list[int] = []
    for number in sorted({1, *near, last}):
        if numbers and number == numbers[-1] + 2:
            numbers.append(number - 1)
        elif numbers and number > numbers[-1] + 2:
            numbers.append(0)
        numbers.append(number)
    return Pager(
        page=page,
        numbers=numbers,
        previous=links.page(page - 1) if page > 1 else "",
        next=links.page(page + 1) if page < last else "",
    )
