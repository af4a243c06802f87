"""Which column may hold the dates that no key names?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from indexer.article import Reject, Warned
from indexer.ingest.dates import parse_date
from indexer.ingest.readers.record_dates import Held

_MAY_BE_DATE: Final = re.compile(r"(?=.*\d)[\w .,:/+-]{8,40}")
_DIGITS: Final = re.compile(r"[\d.]+")
#: Maximum number of columns that are watched.
_MOST_COLUMNS: Final = 200


@dataclass(slots=True)
class UnnamedDates:
    """Warns of an input that has no date, but a column in which every value is one."""

    path: str
    _dates: dict[str, int] = field(default_factory=dict)
    _others: set[str] = field(default_factory=set)
    _dated: bool = False

    def watch(self, items: Iterator[Held | Reject | Warned]) -> Iterator[Held | Reject | Warned]:
        """``items``, and at the end the warning."""
        for item in items:
            if isinstance(item, Held) and not self._dated:
                self._look_at(item)
            yield item
        if not self._dated and self._dates:
            key = max(self._dates, key=self._dates.__getitem__)
            told = f"no key says when an article was published, but {key[:40]!r} holds dates"
            yield Warned(self.path, 1, told, f"if they are that, --map {key[:40]}=published_at")

    def _look_at(self, item: Held) -> None:
        values = item.renamed.values
        if "published_at" in values:
            self._dated = True
            return
        for key, value in (values.get("extra") or {}).items():
            if key in self._others or len(self._others) >= _MOST_COLUMNS:
                continue
            if isinstance(value, str) and _is_date(value.strip()):
                self._dates[key] = self._dates.get(key, 0) + 1
            else:
                self._dates.pop(key, None)
                self._others.add(key)


def _is_date(text: str) -> bool:
    return (
        _MAY_BE_DATE.fullmatch(text) is not None
        and _DIGITS.fullmatch(text) is None
        and parse_date(text, alone=True) is not None
    )
