"""What is the engine asked for a filter? The tree translated into engine filters.

A comparison of texts becomes the labels, among those that articles have, for which it is true; one
of numbers becomes a range. An article without a value is not equal to anything, and so unequal to
everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf, nextafter
from typing import Final

from indexer.deadline import check_deadline
from indexer.engine.base import (
    AllOf,
    AnyOf,
    DateFilter,
    Filter,
    HasFilter,
    LabelFilter,
    Not,
    RangeFilter,
    Snapshot,
)
from indexer.own_fields.attributes import EXISTS, IS_EMPTY, IS_NULL, matches
from indexer.own_fields.declaration import OwnFields
from searchsvc.meilisearch.columns import TABLES, Column, ValueTable, find_column, parse_number
from searchsvc.meilisearch.filter_expression import (
    And,
    Comparison,
    Denied,
    Expression,
    Or,
    Token,
    fail_at,
)

_STATES: Final = {"EXISTS": EXISTS, "IS NULL": IS_NULL, "IS EMPTY": IS_EMPTY}
_NOTHING: Final = AnyOf(())
_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAY_S: Final = 86_400
_CONTAINS_OFF: Final = (
    "Using `CONTAINS` in a filter requires enabling the `contains filter` experimental feature. "
    "See https://github.com/orgs/meilisearch/discussions/763"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The articles that a filter applies to, and the attributes (patterns) it may name.
    ``contains``: whether substring filters are allowed.
    """

    snapshot: Snapshot
    fields: OwnFields
    filterable: tuple[str, ...]
    contains: bool = False
    _columns: dict[str, Column] = field(default_factory=dict, repr=False, compare=False)

    def table(self, column: str) -> ValueTable:
        """The labels that articles have in a column."""
        return TABLES.of(self.snapshot, column)

    def column(self, attribute: Token) -> Column:
        """The columns of an attribute. Raises FilterError if it is not filterable."""
        path = attribute.text
        known = self._columns.get(path)
        if known is None:
            if not matches(self.filterable, path):
                raise fail_at(attribute, tell_unfilterable(path, self.filterable))
            known = self._columns[path] = find_column(path, self.fields)
        return known


def compile_filter(expression: Expression, asked: Asked) -> Filter:
    """The engine filter for ``expression``. Raises FilterError for an attribute that is not
    filterable.
    """
    check_deadline()
    if isinstance(expression, And):
        return AllOf(tuple(compile_filter(part, asked) for part in expression.parts))
    if isinstance(expression, Or):
        return any_of(compile_filter(part, asked) for part in expression.parts)
    if isinstance(expression, Denied):
        return Not(compile_filter(expression.part, asked))
    return _compile_comparison(expression, asked)


def any_of(filters: Iterable[Filter]) -> Filter:
    """The disjunction of ``filters``, with all labels of one column looked up together: a filter
    may list thousands.
    """
    labels: defaultdict[str, dict[str, None]] = defaultdict(dict)
    others: dict[Filter, None] = {}
    for one in filters:
        for part in one.filters if isinstance(one, AnyOf) else (one,):
            if isinstance(part, LabelFilter) and not part.exclude:
                labels[part.facet].update(dict.fromkeys(part.values))
            else:
                others[part] = None
    joined = (LabelFilter(column, tuple(values)) for column, values in labels.items())
    parts = (*joined, *others)
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _compile_comparison(one: Comparison, asked: Asked) -> Filter:
    column = asked.column(one.attribute)
    if one.operator == "CONTAINS" and not asked.contains:
        raise fail_at(one.attribute, _CONTAINS_OFF)
    if column.dated:
        return _compile_date(one)
    if one.operator in _STATES:
        return _compile_state(one.operator, column)
    if one.operator in ("=", "!=", "IN"):
        equal = _compile_equal(one.values, column, asked)
        return Not(equal) if one.operator == "!=" else equal
    if one.operator in ("CONTAINS", "STARTS WITH"):
        return _compile_part(one, column, asked)
    return _compile_range(_Bounds.of(one), column, asked)


def tell_unfilterable(path: str, filterable: tuple[str, ...]) -> str:
    """Why an attribute is not filterable."""
    known = (
        f"Available filterable attributes patterns are: `{', '.join(sorted(filterable))}`."
        if filterable
        else "This index does not have configured filterable attributes."
    )
    return f"Attribute `{path}` is not filterable. {known}"


def _compile_state(operator: str, column: Column) -> Filter:
    if column.states:
        return LabelFilter(_STATES[operator], (column.path,))
    if operator != "EXISTS":
        return _NOTHING
    return AnyOf(tuple(HasFilter(one) for one in (column.labels, column.number) if one))


def _compile_equal(values: Sequence[Token], column: Column, asked: Asked) -> Filter:
    """The filter for articles with one of ``values``."""
    if column.labels:
        table = asked.table(column.labels)
        labels: dict[str, None] = {}
        for value in values:
            check_deadline()
            labels.update(dict.fromkeys(table.equal(value.text)))
        return LabelFilter(column.labels, tuple(labels))
    numbers = (parse_number(value.text) for value in values) if column.number else ()
    return any_of(
        RangeFilter(column.number, number, number) for number in numbers if number is not None
    )


def _compile_part(one: Comparison, column: Column, asked: Asked) -> Filter:
    part = one.values[0].text
    if not column.labels:
        return _NOTHING
    table = asked.table(column.labels)
    labels = table.containing(part) if one.operator == "CONTAINS" else table.beginning(part)
    return LabelFilter(column.labels, labels)


# --- ranges


@dataclass(frozen=True, slots=True)
class _Bounds:
    """From ``low`` to ``high``, ``None`` for open; ``with_…``: inclusive."""

    low: Token | None = None
    high: Token | None = None
    with_low: bool = True
    with_high: bool = True

    @classmethod
    def of(cls, one: Comparison) -> _Bounds:
        if one.operator == "TO":
            return cls(one.values[0], one.values[1])
        (value,) = one.values
        with_it = one.operator.endswith("=")
        if one.operator.startswith(">"):
            return cls(low=value, with_low=with_it)
        return cls(high=value, with_high=with_it)

    @property
    def numbers(self) -> tuple[float, float] | None:
        """The minimum and maximum as numbers, or ``None`` if a bound is not a number."""
        low = -inf if self.low is None else parse_number(self.low.text)
        high = inf if self.high is None else parse_number(self.high.text)
        if low is None or high is None:
            return None
        return (
            low if self.with_low else nextafter(low, inf),
            high if self.with_high else nextafter(high, -inf),
        )


def _compile_range(bounds: _Bounds, column: Column, asked: Asked) -> Filter:
    """Compare numbers as numbers, texts as texts."""
    parts: list[Filter] = []
    numbers = bounds.numbers
    if numbers is not None:
        low, high = numbers
        if column.number:
            parts.append(RangeFilter(column.number, low, high))
        if column.several:
            several = asked.table(column.several).numbers
            within = tuple(label for number, label in several if low <= number <= high)
            parts.append(LabelFilter(column.several, within))
    if column.labels:
        texts = asked.table(column.labels).within(
            bounds.low.text if bounds.low else None,
            bounds.high.text if bounds.high else None,
            with_low=bounds.with_low,
            with_high=bounds.with_high,
        )
        parts.append(LabelFilter(column.labels, texts))
    return AnyOf(tuple(parts))


# --- the date of articles that were read by the command line


def _compile_date(one: Comparison) -> Filter:
    """A comparison with the day of an article's date, as a text or in seconds since 1970."""
    if one.operator == "EXISTS":
        return HasFilter(one.attribute.text)
    if one.operator in ("=", "!=", "IN"):
        days = [_read_day(value.text) for value in one.values]
        same = AnyOf(tuple(DateFilter(day, day) for day in days if day is not None))
        return Not(same) if one.operator == "!=" else same
    if not one.values or one.operator in ("CONTAINS", "STARTS WITH"):
        return _NOTHING
    bounds = _Bounds.of(one)
    low = _read_day(bounds.low.text) if bounds.low else None
    high = _read_day(bounds.high.text) if bounds.high else None
    if (bounds.low and low is None) or (bounds.high and high is None):
        return _NOTHING
    return DateFilter(
        None if low is None else low + (not bounds.with_low),
        None if high is None else high - (not bounds.with_high),
    )


def _read_day(text: str) -> int | None:
    """Days since 1970-01-01."""
    seconds = parse_number(text)
    if seconds is not None and abs(seconds) < 1e11:
        return int(seconds // _DAY_S)
    try:
        return date.fromisoformat(text[:10]).toordinal() - _EPOCH
    except ValueError:
        return None
