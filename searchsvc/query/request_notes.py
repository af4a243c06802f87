"""What is noted about a request besides its query? Parameters, labels and days that match
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from indexer.engine.base import DateFilter
from indexer.language.fold import fold
from searchsvc.query.context import SearchContext
from searchsvc.query.labels import choose_labels
from searchsvc.query.parameters import PARAMETERS, list_parameters
from searchsvc.query.parse import FACET_NAMES
from searchsvc.query.unknown_parameters import find_meant
from searchsvc.request import Note, SearchRequest

#: At most this many items of each kind are named: a complete list helps nobody.
_MOST_NAMED = 5
_SHOWN_CHARACTERS = 80

_FACET_LABELS = {facet: name for name, facet in reversed(FACET_NAMES.items())}


def note_request(request: SearchRequest, context: SearchContext) -> Iterator[Note]:
    """A note for each ignored parameter, and for each label that no article has."""
    known = list_parameters(PARAMETERS, context.fields)
    for name in request.ignored[:_MOST_NAMED]:
        told = f"Parameter “{_shorten(name)}” tidak dikenal dan diabaikan"
        meant = find_meant(name, known)
        hint = f"; mungkin maksudnya “{meant}”" if meant else ""
        yield Note("unknown_parameter", f"{told}{hint}.")
    unknown = [
        note_unknown_label(facet, label, context)
        for name, values in request.filters.items()
        for facet in (context.fields.column(name),)
        for label in choose_labels(context, facet, values)
        if not is_known(context, facet, label)
    ]
    yield from unknown[:_MOST_NAMED]


def note_unknown_label(facet: str, label: str, context: SearchContext) -> Note:
    """A note that no article has the label."""
    own = context.fields.by_column.get(facet)
    name = own.title.lower() if own else _FACET_LABELS[facet]
    return Note("unknown_label", f"Tidak ada artikel dengan {name} “{_shorten(label)}”.")


def is_known(context: SearchContext, facet: str, label: str) -> bool:
    """Whether an article has exactly this label."""
    return label in context.labels(facet).get(fold(label), ())


def note_days(days: DateFilter | None) -> Iterator[Note]:
    """A note if the first day comes after the last one."""
    if days is None or days.first_day is None or days.last_day is None:
        return
    if days.first_day > days.last_day:
        yield Note(
            "empty_period",
            f"Tanggal awal ({_show_day(days.first_day)}) sesudah tanggal akhir "
            f"({_show_day(days.last_day)}), jadi tidak ada artikel yang cocok.",
        )


def _show_day(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(day)).isoformat()


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
