"""How do values become an article without cleaning? With our field names and types."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from indexer.article import Article, Warned
from indexer.errors import IndexerError
from indexer.ingest.build_article import (
    LONGEST_URL,
    LONGEST_VALUE,
    MAX_ARTICLE_BYTES,
    MOST_VALUES,
    make_id,
)
from indexer.ingest.dates import parse_date, write_date
from indexer.ingest.extra import read_extra
from indexer.ingest.own_values import find_our_field

LONGEST_ID: Final = 512
LONGEST_TITLE: Final = 500


class NotAnArticle(IndexerError):
    """Values cannot be an article's, for this ``reason``."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The article cannot be so: {reason}.")


def build_as_is(values: Mapping[str, Any]) -> Article:
    """The article with exactly the fields ``values``. Raises NotAnArticle."""
    article = change_as_is(Article("", "", ""), values)
    _refuse_without_text(article)
    if not article.id:
        article.id = make_id(article)
    return article


def change_as_is(article: Article, values: Mapping[str, Any]) -> Article:
    """``article`` updated with ``values``; ``None`` empties a field, or removes a key from
    ``extra``. Raises NotAnArticle.
    """
    changes: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for name, value in values.items():
        read = _READERS.get(name)
        if read is not None:
            changes[name] = read(name, value)
        elif name != "extra":
            others[name] = value
    extra = values.get("extra", {})
    if extra is not None and not isinstance(extra, dict):
        raise NotAnArticle("'extra' must be an object")
    kept = {} if extra is None else {**article.extra, **extra}
    merged = {name: value for name, value in {**kept, **others}.items() if value is not None}
    warnings: list[Warned] = []
    changes["extra"] = read_extra(merged, warnings, "body", 1)
    if warnings:
        raise NotAnArticle(warnings[0].reason)
    if changes.get("body", article.body) != article.body:
        # Its original text says something else now.
        changes["raw"] = ""
    changed = replace(article, **changes)
    if not changes.keys().isdisjoint(_TEXTS):
        _refuse_without_text(changed)
    return changed


def _refuse_without_text(article: Article) -> None:
    if not article.body.strip() and not article.title.strip():
        raise NotAnArticle("it has neither a title nor a body")


def name_fields(values: Mapping[str, Any], keep: Collection[str] = ()) -> dict[str, Any]:
    """``values`` with a site's keys for our fields, as ``judul``, replaced by our names.

    Of several keys for one field our own name counts, or else the first with a value; the others
    are kept. ``keep`` are keys that remain as well.

    >>> name_fields({"judul": "Panen", "halaman": 3, "extra": {"isi": 1}})
    {'title': 'Panen', 'halaman': 3, 'extra': {'isi': 1}}
    """
    named: dict[str, Any] = {}
    for key, value in values.items():
        field = find_our_field(key) or key
        if field != key and (values.get(field) is not None or key in keep):
            named[key] = value
        if field == key or values.get(field) is None:
            _put_first(named, key, field, value)
    return named


def _put_first(named: dict[str, Any], key: str, field: str, value: Any) -> None:
    """Put ``value`` under ``field``, unless an earlier key has a value for it; then under
    ``key``.
    """
    if named.get(field) is None:
        named[field] = value
    elif value is not None:
        named[key] = value


def _read_text(most: int) -> Callable[[str, Any], str]:
    def read(name: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, int) and not isinstance(value, bool) and name == "id":
            value = str(value)
        if not isinstance(value, str):
            raise NotAnArticle(f"{name!r} must be a text")
        if len(value.encode("utf-8", "surrogatepass")) > most:
            raise NotAnArticle(f"{name!r} must be at most {most:,} bytes long")
        if not value.isascii() and any("\ud800" <= one <= "\udfff" for one in value):
            raise NotAnArticle(f"{name!r} has half of a character")
        return value

    return read


def _read_texts(name: str, value: Any) -> list[str]:
    if value is None:
        return []
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or len(values) > MOST_VALUES:
        raise NotAnArticle(f"{name!r} must be a list of at most {MOST_VALUES:,} texts")
    read = _read_text(LONGEST_VALUE)
    return [read(name, one) for one in values if one is not None]


def _read_moment(name: str, value: Any) -> str:
    text = _read_text(LONGEST_VALUE)(name, value).strip()
    if not text:
        return ""
    moment = parse_date(text)
    if moment is None:
        raise NotAnArticle(f"{name!r} must be a date, as in 2022-07-20T13:05:00+07:00")
    return write_date(moment)


_TEXTS: Final = ("title", "body")
_SHORT: Final = _read_text(LONGEST_VALUE)
_READERS: Final[dict[str, Callable[[str, Any], Any]]] = {
    "id": _read_text(LONGEST_ID),
    "title": _read_text(4 * LONGEST_TITLE),
    "body": _read_text(MAX_ARTICLE_BYTES),
    "url": _read_text(LONGEST_URL),
    "image": _read_text(LONGEST_URL),
    "published_at": _read_moment,
    **dict.fromkeys(("source", "category", "agency", "place"), _SHORT),
    "image_caption": _read_text(4 * LONGEST_TITLE),
    **dict.fromkeys(("tags", "authors", "editors", "related"), _read_texts),
}
