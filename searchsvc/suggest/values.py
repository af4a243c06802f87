"""Which values may follow the name of a field? Its labels, and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from indexer.engine.base import FacetRequest, Query
from indexer.language.fold import fold
from indexer.schema import DATE_FACET
from searchsvc.query.context import SearchContext
from searchsvc.query.parse import DATE_NAMES, FACET_NAMES, parse_query
from searchsvc.query.plan import plan_filters, plan_query
from searchsvc.query.relative_dates import OFFERED, RARELY_MEANT
from searchsvc.request import SearchRequest
from searchsvc.suggest.beginning import ENDS_WITH_EITHER, QUOTES
from searchsvc.suggest.memory import recall

#: Labels of a facet that are searched at every keystroke, the most frequent first.
MAX_LABELS = 20_000
#: Values that are tried with the rest of the query, for each one wanted.
_TRIED_FOR_EACH = 3
_FIELD = re.compile(
    r'(?P<lead>(?:.*[\s(])?[-+]?)(?P<name>[^\W\d_]\w*):(?P<quote>["“]?)(?P<value>[^"“”]*)\Z',
    re.DOTALL,
)
_PLAIN = re.compile(r"[\w.-]+")
#: Interval in which days are suggested -> the number of date characters typed by then.
_INTERVALS = (("year", 3), ("month", 6), ("day", 10))
_NAMES = {facet: name for name, facet in reversed(FACET_NAMES.items())}


def offers_values(context: SearchContext, q: str) -> bool:
    """Whether ``q`` ends with the name of a field that has values to suggest, perhaps with part of
    a value.
    """
    return _read_field(context, q) is not None


def _find_facet(context: SearchContext, name: str) -> str:
    """The facet with this name, built in or the site's own; empty if there is none."""
    if name in context.fields.label_filters:
        return context.fields.column(name)
    return FACET_NAMES.get(name, "")


def _read_field(context: SearchContext, q: str) -> re.Match[str] | None:
    match = _FIELD.match(q)
    if match is None:
        return None
    name = match["name"].lower()
    if name not in DATE_NAMES and not _find_facet(context, name):
        return None
    if sum(map(match["lead"].count, QUOTES)) % 2:
        # Field names are not recognised inside an open quotation.
        return None
    return None if not match["quote"] and re.search(r"\s", match["value"]) else match


def list_values(context: SearchContext, q: str, limit: int) -> list[str]:
    """``q`` completed with each candidate value, best first, keeping only those that match articles
    together with the rest of the query.
    """
    match = _read_field(context, q)
    if match is None:
        return []
    name = match["name"].lower()
    if facet := _find_facet(context, name):
        values = list_labels(context, facet, match["value"])
    else:
        values = list_days(context, match["value"], quoted=bool(match["quote"]))
    sign = match["lead"][-1:] if match["lead"].endswith(("-", "+")) else ""
    lead = match["lead"].removesuffix(sign)
    fields = (
        f"{sign}{match['name']}:{write_value(value, quoted=bool(match['quote']))}"
        for value in islice(values, limit * _TRIED_FOR_EACH)
    )
    if ENDS_WITH_EITHER.search(lead):
        found = (field for field in fields if finds_articles(context, lead + field))
    else:
        base = plan_query(
            parse_query(lead, context.today, context.fields), SearchRequest(), context
        ).query
        found = (field for field in fields if narrows(context, base, field))
    return [lead + field for field in islice(found, limit)]


def narrows(context: SearchContext, base: Query, field: str) -> bool:
    """Whether any article that matches ``base`` passes the field's filter."""
    filters, _ = plan_filters(
        parse_query(field, context.today, context.fields), SearchRequest(), context, []
    )
    asked = replace(base, filters=(*base.filters, *filters), few=0, limit=0)
    return context.snapshot.search(asked).total > 0


def write_value(value: str, *, quoted: bool = False) -> str:
    """The value as written in a query."""
    return f'"{value}"' if quoted or not _PLAIN.fullmatch(value) else value


def write_label(facet: str, label: str) -> str:
    """The query for the articles with a label."""
    return f"{_NAMES[facet]}:{write_value(label)}"


def list_labels(
    context: SearchContext, facet: str, typed: str, *, inside: bool = True
) -> Iterator[str]:
    """Labels that begin with the typed text, then labels with another word that does (``inside``),
    the most frequent first in each group.
    """
    begun = fold(typed.strip())
    labels = context.labels(facet)
    for folded, alike in islice(labels.items(), MAX_LABELS):
        if folded.startswith(begun) and folded != begun and '"' not in alike[0]:
            yield alike[0]
    if begun and inside:
        for folded, alike in islice(labels.items(), MAX_LABELS):
            if f" {begun}" in folded and not folded.startswith(begun) and '"' not in alike[0]:
                yield alike[0]


def list_days(context: SearchContext, typed: str, *, quoted: bool = False) -> Iterator[str]:
    """Days named relative to today; years, then months of a typed year, then days of a typed month,
    newest first.
    """
    yield from list_named_days(typed, quoted=quoted)
    typed = typed.strip()
    interval = next((name for name, length in _INTERVALS if len(typed) <= length), "")
    if interval:
        asked = Query(facets=(FacetRequest(DATE_FACET, interval=interval),), few=0, limit=0)
        for period, _ in reversed(context.snapshot.search(asked).facets[DATE_FACET]):
            if period.startswith(typed) and period != typed:
                yield period


def list_named_days(typed: str, *, quoted: bool) -> Iterator[str]:
    """Names of days that begin with the typed text, with hyphens where spaces are not allowed."""
    begun = " ".join(fold(typed).replace("-", " ").split())
    for name in OFFERED if begun else OFFERED[:RARELY_MEANT]:
        if name.startswith(begun) and name != begun:
            yield name if quoted else name.replace(" ", "-")


def finds_articles(context: SearchContext, q: str) -> bool:
    """Whether any article matches all of ``q``."""

    def find() -> bool:
        parsed = parse_query(q, context.today, context.fields)
        query = plan_query(parsed, SearchRequest(q=q), context).query
        return context.snapshot.search(replace(query, few=0, limit=0)).total > 0

    return recall(context.knowledge, "finds", (q, context.today), find)
