"""Where does the engine keep an attribute, and which values does it have there?"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from indexer.engine.base import Snapshot
from indexer.ingest.attribute_values import write_label
from indexer.own_fields.attributes import EXISTS, name_labels, name_number, name_several
from indexer.own_fields.declaration import OwnFields, OwnType
from indexer.schema import DATE_FACET, is_label_facet


@dataclass(frozen=True, slots=True)
class Column:
    """``labels``, ``number`` and ``several`` are columns of the engine, empty for none; ``states``:
    whether it records which articles have the attribute at all, null or empty. ``dated``: it is the
    date of articles.
    """

    path: str
    labels: str = ""
    number: str = ""
    several: str = ""
    states: bool = False
    dated: bool = False


def find_column(path: str, fields: OwnFields) -> Column:
    """The columns of the attribute ``path``: as named by a program, or else a built-in facet or a
    field that the site declares.
    """
    if fields.attributes is not None:
        return Column(path, name_labels(path), name_number(path), name_several(path), states=True)
    if path == DATE_FACET:
        return Column(path, dated=True)
    own = fields.by_name.get(path)
    if own is not None and own.type is OwnType.NUMBER:
        return Column(path, number=own.column)
    name = fields.column(path)
    return Column(path, labels=name) if is_label_facet(name) else Column(path)


def fold_value(text: str) -> str:
    """A value folded for comparison: ignoring case and Unicode normalisation."""
    return unicodedata.normalize("NFKD", text.strip()).lower()


def parse_number(text: str) -> float | None:
    """The finite number that a text represents."""
    try:
        number = float(text)
    except ValueError:
        return None
    plain = text.strip() == text and "_" not in text
    return number if plain and abs(number) < float("inf") else None


class ValueTable:
    """The labels of one column: by folded form, and those that are not numbers in order."""

    def __init__(self, labels: Iterable[str]) -> None:
        by_fold: defaultdict[str, list[str]] = defaultdict(list)
        numbers: list[tuple[float, str]] = []
        for label in labels:
            by_fold[fold_value(label)].append(label)
            number = parse_number(label)
            if number is not None:
                numbers.append((number, label))
        self._by_fold = dict(by_fold)
        self._texts = sorted(fold for fold in by_fold if parse_number(fold) is None)
        self.numbers = sorted(numbers)

    def equal(self, value: str) -> tuple[str, ...]:
        """The labels equal to ``value``, as a text or as a number."""
        number = parse_number(value)
        folds = {fold_value(value)}
        if number is not None:
            folds.add(write_label(number))
        return tuple(label for fold in folds for label in self._by_fold.get(fold, ()))

    def within(
        self, low: str | None, high: str | None, *, with_low: bool, with_high: bool
    ) -> tuple[str, ...]:
        """The non-numeric labels between two texts in character order."""
        texts = self._texts
        first = 0
        if low is not None:
            first = (bisect_left if with_low else bisect_right)(texts, fold_value(low))
        end = len(texts)
        if high is not None:
            end = (bisect_right if with_high else bisect_left)(texts, fold_value(high))
        return self._list(texts[first:end])

    def containing(self, part: str) -> tuple[str, ...]:
        wanted = fold_value(part)
        return self._list(fold for fold in self._by_fold if wanted in fold)

    def beginning(self, part: str) -> tuple[str, ...]:
        wanted = fold_value(part)
        return self._list(fold for fold in self._by_fold if fold.startswith(wanted))

    def _list(self, folds: Iterable[str]) -> tuple[str, ...]:
        return tuple(label for fold in folds for label in self._by_fold[fold])


class Tables:
    """The tables of columns, each as long as its generation is open. Thread-safe."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Snapshot, dict[str, ValueTable]] = WeakKeyDictionary()
        self._lock = Lock()

    def of(self, snapshot: Snapshot, column: str) -> ValueTable:
        with self._lock:
            tables = self._kept.setdefault(snapshot, {})
        table = tables.get(column)
        if table is None:
            labels = (label for label, _ in snapshot.label_counts(column))
            table = tables[column] = ValueTable(labels)
        return table


#: One per process.
TABLES: Final = Tables()


def list_paths(
    snapshot: Snapshot, fields: OwnFields, known: Sequence[str], fits: Callable[[str], bool]
) -> list[str]:
    """The attributes for which ``fits`` is true: those that articles have, if a program named them,
    otherwise the ``known`` ones.
    """
    if fields.attributes is None:
        return [path for path in known if fits(path)]
    return sorted(path for path, _ in snapshot.label_counts(EXISTS) if fits(path))
