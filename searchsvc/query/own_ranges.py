"""Which values does a range of a site's own field include, as a program or a person writes it?"""

from __future__ import annotations

from datetime import date

from indexer.engine.base import RangeFilter
from indexer.own_fields.declaration import OwnField
from searchsvc.query.own_bounds import HIGH, LOW, read_bound


def read_range(field: OwnField, text: str, today: date) -> RangeFilter | None:
    """The range meant by ``text`` after the field's name: ``1000..5000``, ``1000..``, ``..5000``,
    ``1000``; ``None`` if it is not a range.
    """
    first, dots, last = text.partition("..")
    bounds: list[float | None] = []
    for end, bound in ((LOW, first), (HIGH, last if dots else first)):
        value = read_bound(field, bound, end, today=today, decimal=",") if bound.strip() else None
        if bound.strip() and value is None:
            return None
        bounds.append(value)
    low, high = bounds
    return None if low is None and high is None else RangeFilter(field.column, low, high)


def make_filter(field: OwnField, bounds: tuple[str, str], today: date | None = None) -> RangeFilter:
    """The filter for bounds from validated parameters; empty means open."""
    low, high = (
        read_bound(field, text, end, today=today) if text else None
        for text, end in zip(bounds, (LOW, HIGH), strict=True)
    )
    return RangeFilter(field.column, low, high)
