"""Which search do parameters ask for? Validated, as given by HTTP and scripts.

What a person *types* is never an error; what a program *requests* is one if it cannot be meant:
``page=0``, ``sort=best``, ``query=padi``. Unrelated parameters are ignored, because sites add their
own (``utm_source``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indexer.own_fields.declaration import NO_FIELDS, OwnFields
from indexer.schema import FACETS, INTERVALS, LABEL_FACETS
from searchsvc.limits import (
    DEFAULT_SNIPPET,
    MAX_DEPTH,
    MAX_FILTER_VALUES,
    MAX_PER_PAGE,
    MAX_SNIPPET,
    MIN_SNIPPET,
)
from searchsvc.query.answer_shape import MARK_END, MARK_START, SELECTABLE, AnswerShape, is_mark
from searchsvc.query.own_bounds import EXPECTED, HIGH, LOW, read_bound
from searchsvc.query.parts import GROUPS, PARTS, read_parts
from searchsvc.query.periods import read_period
from searchsvc.query.unknown_parameters import find_meant, list_ignored, refuse_misnamed
from searchsvc.request import SearchRequest

SORTS = ("relevance", "newest", "oldest")

#: Every parameter of ``GET /api/v1/search``, in the order of its documentation.
PARAMETERS: tuple[str, ...] = (
    "q",
    "page",
    "per_page",
    "sort",
    *LABEL_FACETS,
    "from",
    "to",
    "facets",
    "interval",
    "collapse",
    "explain",
    "match",
    "without",
    "recency",
    "select",
    "mark_start",
    "mark_end",
    "snippet_length",
)

#: Those that say how the answer looks. The page has looks of its own.
SHAPING: tuple[str, ...] = ("select", "mark_start", "mark_end", "snippet_length")

#: How many of the words an article must have: as ``searchsvc.query.coverage`` says, every one, or
#: one.
MATCHES = ("best", "all", "any")

#: Those that determine which articles are found.
NARROWING: tuple[str, ...] = ("q", "sort", *LABEL_FACETS, "from", "to")


def list_parameters(known: tuple[str, ...], fields: OwnFields) -> tuple[str, ...]:
    """``known`` with those added by the site's own fields."""
    return (*known, *fields.parameters)


_TRUE = frozenset(["1", "true", "yes", "on"])
_FALSE = frozenset(["0", "false", "no", "off"])


class ParameterError(ValueError):
    """Parameter ``name`` cannot be ``value``; ``reason`` says what is allowed."""

    def __init__(self, name: str, value: str, reason: str) -> None:
        self.name = name
        self.value = value
        self.reason = reason
        shown = value if len(value) <= 80 else value[:79] + "…"
        super().__init__(f"Parameter {name!r} cannot be {shown!r}: {reason}")


def read(
    parameters: Mapping[str, str | Sequence[str]],
    *,
    fields: OwnFields = NO_FIELDS,
    for_readers: bool = False,
) -> SearchRequest:
    """The request for these parameters. Raises ParameterError, and UnknownParameter for a name that
    resembles another.

    Each name maps to its value, or to all its values in order: for a parameter that takes one, the
    last counts. An empty value is the same as none. ``fields`` are the site's own. ``for_readers``:
    the person who sees the answer did not write the address, so misnamed parameters are ignored
    with a note.
    """
    known = list_parameters(PARAMETERS, fields)
    if for_readers:
        ignored = tuple(
            name for name in parameters if name not in known and find_meant(name, known)
        )
    else:
        refuse_misnamed(parameters, known)
        ignored = list_ignored(parameters, known)
    given = {
        name: [values] if isinstance(values, str) else list(values)
        for name, values in parameters.items()
    }
    if for_readers:
        given = {name: values for name, values in given.items() if name not in SHAPING}
    page = _read_number(given, "page", default=1, most=MAX_DEPTH)
    per_page = _read_number(given, "per_page", default=10, most=MAX_PER_PAGE)
    if page * per_page > MAX_DEPTH:
        raise ParameterError(
            "page",
            str(page),
            f"page times per_page goes to {MAX_DEPTH}; narrow the search instead.",
        )
    return SearchRequest(
        q=_read_one(given, "q"),
        page=page,
        per_page=per_page,
        sort=_read_choice(given, "sort", (*SORTS, *fields.sorts)),
        filters=_read_filters(given, (*LABEL_FACETS, *fields.label_filters)),
        date_from=_read_day(given, "from"),
        date_to=_read_day(given, "to"),
        facets=_read_facets(given, (*FACETS, *fields.facets)),
        interval=_read_choice(given, "interval", INTERVALS, default="month"),
        collapse=_read_flag(given, "collapse"),
        explain=_read_flag(given, "explain"),
        ignored=ignored,
        ranges=_read_ranges(given, fields),
        match=_read_choice(given, "match", MATCHES),
        without=_read_parts(given),
        recency=_read_flag(given, "recency") if _read_one(given, "recency").strip() else True,
        shape=_read_shape(given),
        snippet_length=_read_number(
            given,
            "snippet_length",
            default=DEFAULT_SNIPPET,
            least=MIN_SNIPPET,
            most=MAX_SNIPPET,
        ),
    )


Given = Mapping[str, list[str]]


def _read_one(given: Given, name: str) -> str:
    values = given.get(name)
    return values[-1] if values else ""


def _read_number(given: Given, name: str, *, default: int, most: int, least: int = 1) -> int:
    value = _read_one(given, name).strip()
    if not value:
        return default
    # int() also accepts "1_000" and Arabic digits; an address should have one spelling.
    whole = value.isascii() and value.isdigit() and len(value) <= 9
    if not whole or not least <= int(value) <= most:
        raise ParameterError(name, value, f"give a whole number from {least} to {most}.")
    return int(value)


def _read_choice(given: Given, name: str, known: tuple[str, ...], *, default: str = "") -> str:
    value = _read_one(given, name).strip()
    if not value:
        return default or known[0]
    if value not in known:
        raise ParameterError(name, value, f"give one of {', '.join(known)}.")
    return value


def _read_flag(given: Given, name: str) -> bool:
    value = _read_one(given, name).strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE or not value:
        return False
    raise ParameterError(name, value, "give 1 or 0.")


def _read_filters(given: Given, facets: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    filters = {}
    room = MAX_FILTER_VALUES
    for facet in facets:
        values = tuple(dict.fromkeys(value for value in given.get(facet, ()) if value.strip()))
        if len(values) > room:
            raise ParameterError(
                facet,
                values[room],
                f"give at most {MAX_FILTER_VALUES} values of all facets together.",
            )
        room -= len(values)
        if values:
            filters[facet] = values
    return filters


def _read_day(given: Given, name: str) -> str:
    """The ISO date of the first day (``from``) or last day (``to``) of the given period."""
    value = _read_one(given, name).strip()
    if not value:
        return ""
    period = read_period(value)
    if period is None:
        raise ParameterError(name, value, "give a date, a month or a year: 2022-07-20.")
    return (period.first if name == "from" else period.last).isoformat()


def _read_ranges(given: Given, fields: OwnFields) -> dict[str, tuple[str, str]]:
    """The bounds of each field that has any, as given."""
    ranges = {}
    for field in fields.ranges:
        bounds = []
        for end in (LOW, HIGH):
            text = _read_one(given, field.name + end).strip()
            if text and read_bound(field, text, end) is None:
                expected = f"give {EXPECTED[field.type]}."
                raise ParameterError(field.name + end, text, expected)
            bounds.append(text)
        if any(bounds):
            ranges[field.name] = (bounds[0], bounds[1])
    return ranges


def _read_names(given: Given, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The names with commas between, each of which must be known."""
    values = [one.strip() for value in given.get(name, ()) for one in value.split(",")]
    for value in filter(None, values):
        if value not in known:
            raise ParameterError(name, value, f"give some of {', '.join(known)}.")
    return tuple(dict.fromkeys(filter(None, values)))


def _read_parts(given: Given) -> frozenset[str]:
    """The parts of understanding to leave out."""
    return read_parts(_read_names(given, "without", (*PARTS, *GROUPS)))


def _read_shape(given: Given) -> AnswerShape:
    marks = []
    for name, default in (("mark_start", MARK_START), ("mark_end", MARK_END)):
        mark = _read_one(given, name) or default
        if not is_mark(mark):
            told = "give one element, which may have a class, or text without markup."
            raise ParameterError(name, mark, told)
        marks.append(mark)
    return AnswerShape(_read_names(given, "select", SELECTABLE), *marks)


def _read_facets(given: Given, known: tuple[str, ...]) -> tuple[str, ...]:
    names = [
        name.strip()
        for value in given.get("facets", ())
        for name in value.split(",")
        if name.strip()
    ]
    if "*" in names:
        return known
    for name in names:
        if name not in known:
            raise ParameterError("facets", name, f"give * or some of {', '.join(known)}.")
    return tuple(dict.fromkeys(names))
