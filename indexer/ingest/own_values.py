"""Which values does an article have in the fields that its site declares?

The values are in its ``extra``, under the path of the field. A path that begins with one of our
fields, or with a key that was read as one, descends into that. Values that do not fit the type are
dropped and reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from math import floor
from typing import Any, Final

from indexer.article import Article
from indexer.ingest.plain_text import clean_line, clean_text
from indexer.ingest.value_list import parse_list
from indexer.own_fields.declaration import OwnField, OwnFields, OwnType
from indexer.schema import BY_NAME

#: Labels are truncated to this length, like ours; maximum length of searched text that is read, and
#: maximum number of labels.
LONGEST_LABEL: Final = 120
LONGEST_TEXT: Final = 20_000
MOST_LABELS: Final = 100
_LONGEST_NUMBER: Final = 60
#: Up to this limit, the sum of all articles' numbers remains finite.
_GREATEST: Final = 1e100
_DEEPEST: Final = 8
#: Placeholders that exports write for missing values, in lower case.
_NOTHING: Final = frozenset(("", "-", "--", "n/a", "na", "nan", "nil", "none", "null", "undefined"))
#: Keys under which an object keeps its value.
_INNER_KEYS: Final = (
    *("value", "rendered", "name", "nama", "title", "label", "text", "#text", "amount", "jumlah"),
    *("$date", "$numberDecimal", "$numberDouble", "$numberLong", "$numberInt", "$oid"),
)
_CURRENCY: Final = re.compile(r"^(?:rp\.?|idr)\s*|\s*(?:rupiah|idr|,-|,--)$", re.IGNORECASE)
#: Currencies written with a decimal point.
_OTHER_CURRENCY: Final = re.compile(
    r"^(?:(?:us|s|a)?\$|usd|sgd|aud|myr|rm|gbp|£)\s*|\s*(?:usd|sgd|aud|myr|gbp)$", re.IGNORECASE
)
_MAGNITUDES: Final = {
    **dict.fromkeys(("ribu", "rb"), 1e3),
    **dict.fromkeys(("juta", "jt"), 1e6),
    **dict.fromkeys(("miliar", "milyar"), 1e9),
    **dict.fromkeys(("triliun", "trilyun"), 1e12),
}
_MAGNITUDE: Final = re.compile(rf"\s*\b({'|'.join(_MAGNITUDES)})$", re.IGNORECASE)
_PLAIN_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d{1,3})?", re.IGNORECASE)
_GROUPED: Final = {
    mark: re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+(?:\{other}\d+)?")
    for mark, other in ((".", ","), (",", "."))
}
#: One mark followed by three digits: a thousands separator, or a decimal mark.
_EITHER: Final = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_YEAR_MONTH: Final = re.compile(r"([12]\d{3})(?:-(0[1-9]|1[0-2]))?")
_EPOCH_DAY: Final = datetime(1970, 1, 1).toordinal()
_DAY_S: Final = 86_400


@dataclass(slots=True)
class OwnValues:
    """``labels`` and ``values`` by column, and the searched text of and after title and body; see
    :class:`indexer.engine.base.AnalysedDocument`. ``problems``: what was dropped, a sentence each.
    """

    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)
    title_more: str = ""
    body_more: str = ""
    title_searched: bool = True
    body_searched: bool = True
    problems: list[str] = field(default_factory=list)


def read_own(article: Article, fields: OwnFields) -> OwnValues:
    """The values of ``article`` in ``fields``."""
    own = OwnValues()
    texts: dict[str, list[str]] = {"title": [], "body": []}
    for one in fields.fields:
        found = list(find_values(article, one.path))
        if not found:
            continue
        if "search" in one.uses:
            texts[one.weight].extend(text for text in map(_read_text, found) if text)
        if one.type is OwnType.LABEL:
            labels = read_labels(found, one)
            if labels:
                own.labels[one.column] = labels
        elif one.type is not OwnType.TEXT:
            value, problem = read_value(found[0], one)
            if value is not None:
                own.values[one.column] = value
            if problem:
                own.problems.append(f"its {one.name} {problem}")
    own.title_more = "\n".join(texts["title"])[:LONGEST_TEXT]
    own.body_more = "\n".join(texts["body"])[:LONGEST_TEXT]
    return own


def find_values(article: Article, path: str) -> Iterator[Any]:
    """The texts, numbers and booleans under ``path``, in order."""
    steps = path.split(".")
    found = list(_follow(article.extra, steps, 0))
    if not found and (ours := find_our_field(steps[0])):
        found = list(_follow({steps[0]: getattr(article, ours)}, steps, 0))
    for one in found:
        yield from _flatten(one, 0)


def has_any(article: Article, path: str) -> bool:
    """Whether the article has a value under ``path``."""
    return next(find_values(article, path), None) is not None


@lru_cache(256)
def find_our_field(key: str) -> str:
    """The field that is read from this key of a record; empty if the key is kept in ``extra``."""
    # Readers import this module to build articles.
    from indexer.ingest.readers.keys import KEYS

    if key in BY_NAME:
        return key
    folded = _fold(key)
    return next((name for name, keys in KEYS.items() if folded in map(_fold, keys)), "")


def _follow(value: Any, steps: list[str], depth: int) -> Iterator[Any]:
    """The values that ``steps`` lead to; keys may contain dots, and lists are traversed."""
    if not steps:
        yield value
    elif isinstance(value, list) and depth < _DEEPEST:
        for one in value:
            yield from _follow(one, steps, depth + 1)
    elif isinstance(value, Mapping):
        for end in range(len(steps), 0, -1):
            key = _find_key(value, ".".join(steps[:end]))
            if key is not None:
                yield from _follow(value[key], steps[end:], depth + 1)
                return


def _find_key(value: Mapping[str, Any], wanted: str) -> str | None:
    """The exact key, or else one that differs only in case, spaces or punctuation."""
    if wanted in value:
        return wanted
    folded = _fold(wanted)
    return next((key for key in value if _fold(key) == folded), None)


@lru_cache(10_000)
def _fold(key: str) -> str:
    return "".join(filter(str.isalnum, key.casefold()))


def _flatten(value: Any, depth: int) -> Iterator[Any]:
    if isinstance(value, str):
        # A list written into one text; an object only shows that it is one.
        parsed = parse_list(value) if value[:1] in ("[", "{") else value
        if isinstance(parsed, str):
            if parsed.strip().lower() not in _NOTHING:
                yield parsed
            return
        value = parsed
    if isinstance(value, bool | int | float):
        if value == value:
            yield value
    elif depth < _DEEPEST:
        if isinstance(value, Mapping):
            value = [value[key] for key in _INNER_KEYS if value.get(key) is not None][:1]
        for one in value or ():
            yield from _flatten(one, depth + 1)


def _read_text(value: Any) -> str:
    return clean_text(value) if isinstance(value, str) else write_label(value)


def write_label(value: Any) -> str:
    """A value as a label: ``3``, ``true``; a text by its words, truncated to the maximum length."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    label = clean_line(str(value))
    return label if len(label) <= LONGEST_LABEL else label[:LONGEST_LABEL].rstrip()


def read_labels(found: list[Any], field: OwnField) -> tuple[str, ...]:
    """The labels of a field, without duplicates, in order."""
    pieces: list[Any] = []
    for value in found:
        split = field.separator and isinstance(value, str)
        pieces.extend(value.split(field.separator) if split else [value])
    labels = dict.fromkeys(map(write_label, pieces))
    return tuple(label for label in labels if label.lower() not in _NOTHING)[:MOST_LABELS]


def read_value(value: Any, field: OwnField) -> tuple[float | None, str]:
    """(the number or day, what is wrong); one of them is empty."""
    if field.type is OwnType.DATE:
        day = read_day(value)
        return day, "" if day is not None else f"{_show(value)} is no date"
    number = None if isinstance(value, bool) else read_number(value, field.decimal)
    if number is not None:
        return number, ""
    if isinstance(value, str) and _EITHER.fullmatch(value.strip()) and not field.decimal:
        told = f'{_show(value)} may be thousands or a fraction; say decimal = "," or "." for it'
        return None, f"{told} in fields.toml"
    return None, f"{_show(value)} is no number"


def read_number(value: Any, decimal: str = "") -> float | None:
    """The finite number that ``value`` represents; ``None`` if it represents none, or is ambiguous.

    ``decimal``: the decimal mark, if texts leave it open.

    >>> [read_number(text) for text in ("Rp 1.500.000", "4,5", "12.5", "Rp75.000,-", "2,5 juta")]
    [1500000.0, 4.5, 12.5, 75000.0, 2500000.0]
    >>> read_number("75.000"), read_number("75.000", ","), read_number("75.000", ".")
    (None, 75000.0, 75.0)
    """
    if not isinstance(value, str):
        number = float(value)
        return number if abs(number) <= _GREATEST else None
    if len(value) > _LONGEST_NUMBER:
        return None
    text = value.replace("\u00a0", " ").replace("\u2212", "-").strip()
    text = text.removesuffix("%").rstrip()
    # Amounts of money have no thousandths, so one with a currency is unambiguous.
    for mark, currency in ((",", _CURRENCY), (".", _OTHER_CURRENCY)):
        bare = currency.sub("", text)
        if bare != text:
            text, decimal = bare, decimal or mark
    bare = text
    times = 1.0
    if magnitude := _MAGNITUDE.search(bare):
        times = _MAGNITUDES[magnitude[1].lower()]
        bare = bare[: magnitude.start()]
    plain = _make_plain(bare.strip(), decimal)
    number = float(plain) * times if _PLAIN_NUMBER.fullmatch(plain) else float("nan")
    return number if abs(number) <= _GREATEST else None


def _make_plain(text: str, decimal: str) -> str:
    """``text`` without thousands separators and with a decimal point; empty if it is ambiguous."""
    if not decimal and _EITHER.fullmatch(text):
        return ""
    for mark, pattern in _GROUPED.items():
        if mark != decimal and pattern.fullmatch(text):
            return text.replace(mark, "").replace(",", ".")
    return text if decimal == "." else text.replace(",", ".") if text.count(",") == 1 else text


def read_day(value: Any) -> float | None:
    """Days since 1970-01-01 in local time as written; a year or a month means its first day."""
    if isinstance(value, bool):
        return None
    if period := _YEAR_MONTH.fullmatch(str(value).strip()):
        first = datetime(int(period[1]), int(period[2] or 1), 1)
        return float(first.toordinal() - _EPOCH_DAY)
    # A search reads labels and numbers; the date patterns are costly to load.
    from indexer.ingest.dates import parse_date

    moment = parse_date(value)
    if moment is None:
        return None
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return moment.toordinal() - _EPOCH_DAY + seconds / _DAY_S


def tidy(number: float) -> float | int:
    """A whole number without a fraction, as usually written."""
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def write_day(value: float) -> str:
    """A day, with its time if it has one: ``2026-05-01``, ``2026-05-01T19:30:00``."""
    moment = datetime.fromordinal(_EPOCH_DAY + floor(value))
    moment += timedelta(seconds=round((value - floor(value)) * _DAY_S))
    return moment.isoformat() if value % 1 else moment.date().isoformat()


def show_own(article: Article, fields: OwnFields) -> dict[str, Any]:
    """The values of ``article`` in ``fields`` by field name: lists of labels, numbers, days. Texts
    are omitted: they are in ``extra``.
    """
    own = read_own(article, fields)
    shown: dict[str, Any] = {}
    for one in fields.fields:
        if one.column in own.labels:
            shown[one.name] = list(own.labels[one.column])
        elif one.column in own.values:
            value = own.values[one.column]
            shown[one.name] = write_day(value) if one.type is OwnType.DATE else tidy(value)
    return shown


def _show(value: Any) -> str:
    text = " ".join(str(value).split())
    return f"'{text if len(text) <= 40 else text[:39] + '…'}'"
