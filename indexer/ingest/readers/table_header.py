"""Where is a table's header, and what do the columns hold if it has none?

Programs and people write titles and comments above the header, and databases export tables
without one. Then the values decide: prose is the text, addresses are addresses, dates are dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from indexer.ingest.dates import parse_date
from indexer.ingest.readers.dialect import DELIMITERS, split_header
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.unnamed_text import is_prose
from indexer.ingest.wire.names import NAME
from indexer.language.name_lists import listed_people

#: Lines above a header that are looked at, and rows of a table without one.
_MOST_ABOVE: Final = 20
_MOST_ROWS: Final = 50
_LONGEST_NAME: Final = 60
#: The share of a column's values that must be of a kind.
_MOST: Final = 0.8
_ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_PICTURE: Final = re.compile(r"https?://\S+\.(?:jpe?g|png|webp|gif)(?:\?\S*)?", re.IGNORECASE)
_ID: Final = re.compile(r"\d{1,18}|[\da-f]{8}(?:-?[\da-f]{4}){3}-?[\da-f]{12}|[\da-f]{24}", re.I)
_NAME: Final = re.compile(rf"{NAME}(?:(?:, | dan |; ?){NAME}){{0,4}}")
_DIGIT: Final = re.compile(r"\d")


def count_lines_above(lines: Sequence[str], keys: KeyMap, delimiter: str = "") -> int:
    """How many of a table's first ``lines`` precede the one that names its columns; 0 if none of
    them does, or the first.

    >>> count_lines_above(["Laporan Juni", "", "id,judul,isi", "1,A,B"], KeyMap())
    2
    """
    marks = (delimiter,) if delimiter else DELIMITERS
    for number, line in enumerate(lines[: _MOST_ABOVE + 1]):
        if any(_names_columns(split_header(line, mark), keys) for mark in marks):
            return number
    return 0


def _names_columns(cells: Sequence[str], keys: KeyMap) -> bool:
    names = [cell.strip() for cell in cells]
    return (
        len(names) > 1
        and all(len(name) <= _LONGEST_NAME and not name.isdigit() for name in names)
        and "title" in keys.rename(dict.fromkeys(filter(None, names), "x")).values
        and keys.finds_text(names)
    )


def guess_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Names for the columns of a table without a header, by the values in its first ``rows``; empty
    if its first row names columns, or none of its columns is a text.

    >>> guess_columns([["7", "2025-06-10", "Air Surut di Demak", "Air surut. " * 20]])
    ['id', 'published_at', 'title', 'body']
    """
    width = len(rows[0]) if rows else 0
    if width < 2 or not any(map(is_prose, rows[0])):
        return []
    columns = [
        [row[place].strip() for row in rows[:_MOST_ROWS] if place < len(row) and row[place].strip()]
        for place in range(width)
    ]
    texts = [place for place in range(width) if _share(columns[place], is_prose) >= 0.5]
    if not texts:
        return []
    names = {max(texts, key=lambda place: _mean_length(columns[place])): "body"}
    for name, is_one in _KINDS:
        found = next(
            (
                place
                for place in range(width)
                if place not in names and _share(columns[place], is_one) >= _MOST
            ),
            None,
        )
        if found is not None:
            names[found] = name
    _name_title(columns, names)
    return [names.get(place, f"column {place + 1}") for place in range(width)]


def _name_title(columns: Sequence[Sequence[str]], names: dict[int, str]) -> None:
    """The longest of the remaining columns of words is the title, and another one the section."""
    rest = [
        place
        for place, values in enumerate(columns)
        if place not in names and _share(values, _is_words) >= _MOST
    ]
    if not rest:
        return
    title = max(rest, key=lambda place: _mean_length(columns[place]))
    names[title] = "title"
    section = next((place for place in rest if place != title), None)
    if section is not None and _share(columns[section], _is_label) >= _MOST:
        names[section] = "category"


def _is_moment(value: str) -> bool:
    return _DIGIT.search(value) is not None and parse_date(value, alone=True) is not None


def _is_person(value: str) -> bool:
    return _NAME.fullmatch(value) is not None and any(
        word.lower() in listed_people() for word in value.split()
    )


def _is_words(value: str) -> bool:
    return len(value) <= 300 and sum(map(str.isalpha, value)) * 2 > len(value)


def _is_label(value: str) -> bool:
    return value.count(" ") <= 2 and not _DIGIT.search(value)


#: Fields that are recognised by their values, in order.
_KINDS: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("image", lambda value: _PICTURE.fullmatch(value) is not None),
    ("url", lambda value: _ADDRESS.fullmatch(value) is not None),
    ("published_at", _is_moment),
    ("id", lambda value: _ID.fullmatch(value) is not None),
    ("authors", _is_person),
)


def _share(values: Sequence[str], is_one: Callable[[str], bool]) -> float:
    return sum(map(is_one, values)) / len(values) if values else 0.0


def _mean_length(values: Sequence[str]) -> float:
    return sum(map(len, values)) / len(values) if values else 0.0
