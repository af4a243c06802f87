"""Which values does an article have in the attributes that a program names at run time?

The record is used as it was sent (:mod:`indexer.ingest.sent_record`): paths descend into objects by
key, and into every value of a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.article import Article
from indexer.ingest.own_values import LONGEST_TEXT, OwnValues, tidy
from indexer.ingest.plain_text import clean_text
from indexer.ingest.sent_record import list_text_keys, show_record
from indexer.own_fields.attributes import (
    EVERYTHING,
    EXISTS,
    IS_EMPTY,
    IS_NULL,
    KEYS,
    Attributes,
    matches,
    name_labels,
    name_number,
    name_several,
)

#: Maximum length of a label in bytes of UTF-8, and maximum number of labels of one article in a
#: column.
LONGEST_LABEL: Final = 468
MOST_LABELS: Final = 1_000
#: Maximum number of columns of one article.
_MOST_COLUMNS: Final = 200
_DEEPEST: Final = 50
#: Numbers up to this magnitude are kept unchanged.
_GREATEST: Final = 1e100


def read_attribute_values(article: Article, attributes: Attributes, own: OwnValues) -> None:
    """Add the values of ``article`` in ``attributes``, and its searched text, to ``own``."""
    record = show_record(article)
    found = group_values(record)
    kept = [path for path in found if matches(attributes.columns, path)][:_MOST_COLUMNS]
    keys = list(filter(None, record))[:MOST_LABELS]
    states: dict[str, list[str]] = {KEYS: keys, EXISTS: [], IS_NULL: [], IS_EMPTY: []}
    for path in kept:
        values = found[path]
        states[EXISTS].append(path)
        if None in values:
            states[IS_NULL].append(path)
        if any(value in ("", [], {}) for value in values):
            states[IS_EMPTY].append(path)
        _add_columns(own, path, values)
    own.labels |= {column: tuple(paths) for column, paths in states.items() if paths}
    _choose_searched(article, found, attributes.searchable, own)


def _add_columns(own: OwnValues, path: str, values: list[Any]) -> None:
    labels = list(dict.fromkeys(filter(None, map(write_label, values))))[:MOST_LABELS]
    if labels:
        own.labels[name_labels(path)] = tuple(labels)
    numbers = dict.fromkeys(filter(is_number, values))
    if len(numbers) == 1:
        own.values[name_number(path)] = float(next(iter(numbers)))
    elif numbers:
        several = list(map(write_label, numbers))[:MOST_LABELS]
        own.labels[name_several(path)] = tuple(several)


def _choose_searched(
    article: Article, found: Mapping[str, list[Any]], searchable: tuple[str, ...], own: OwnValues
) -> None:
    """The texts appended to title and body, and whether these are searched themselves."""
    text_keys = list_text_keys(article)
    searched = {field for key, field in text_keys.items() if matches(searchable, key)}
    own.title_searched = "title" in searched
    own.body_searched = "body" in searched
    # The first named attribute weighs like a title, unless part of the title is searched.
    first = searchable[:1] if searchable != EVERYTHING and not own.title_searched else ()
    texts: dict[bool, list[str]] = {True: [], False: []}
    for path, values in found.items():
        if path not in text_keys and matches(searchable, path):
            texts[matches(first, path)].extend(
                clean_text(value) for value in values if isinstance(value, str)
            )
    own.title_more = _join((own.title_more, *texts[True]))
    own.body_more = _join((own.body_more, *texts[False]))


def _join(texts: tuple[str, ...]) -> str:
    return "\n".join(filter(None, texts))[:LONGEST_TEXT]


def group_values(record: Mapping[str, Any]) -> dict[str, list[Any]]:
    """All values of ``record`` under each path of keys: list items one by one; of a non-empty
    object only the values below it.

    >>> group_values({"a": {"b": [1, 2]}, "c": None, "d": []})
    {'a': [], 'a.b': [1, 2], 'c': [None], 'd': [[]]}
    """
    found: dict[str, list[Any]] = {}
    for key, value in record.items():
        for path, one in _walk(key, value, 0):
            values = found.setdefault(path, [])
            if not (isinstance(one, dict) and one):
                values.append(one)
    return found


def _walk(path: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list) and value:
        for one in value:
            yield from _walk(path, one, depth + 1)
        return
    yield path, value
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _walk(f"{path}.{key}", one, depth + 1)


def is_number(value: Any) -> bool:
    """Whether the value is a number that a column can hold."""
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and (abs(value) <= _GREATEST)
    )


def write_label(value: Any) -> str:
    """A value as a label; empty if it has none.

    >>> write_label(True), write_label(2.0), write_label(" Drama "), write_label([])
    ('true', '2', 'Drama', '')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(tidy(float(value)))
    if not isinstance(value, str):
        return ""
    text = value.strip()
    if len(text) * 4 <= LONGEST_LABEL:
        return text
    return text.encode("utf-8", "replace")[:LONGEST_LABEL].decode("utf-8", "ignore")
