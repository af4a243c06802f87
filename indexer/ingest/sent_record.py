"""What did a program send, key for key?

An article keeps the record's keys that are not our fields in ``extra``. To return the record as it
was sent, ``extra`` also stores, under :data:`KEYS_KEY`, the order of its keys and which of them was
read as which field. A value that the field holds unchanged is not stored twice; one that reading
has changed is kept in ``extra`` in its original form.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from indexer.article import Article
from indexer.ingest.own_values import find_our_field
from indexer.schema import FIELDS

KEYS_KEY: Final = "_keys"
_OURS: Final = tuple(field.name for field in FIELDS if field.name != "extra")


def keep_record(article: Article, record: Mapping[str, Any], read_as: Mapping[str, str]) -> None:
    """Make ``article`` keep ``record``; ``read_as``: which of its keys became which field."""
    if KEYS_KEY in record:
        article.extra = {KEYS_KEY: dict(record)}
        return
    keys = {key: read_as.get(key, "") for key in record}
    article.extra = {
        key: value for key, value in record.items() if not _is_held(article, keys[key], value)
    }
    article.extra[KEYS_KEY] = keys


def _is_held(article: Article, field: str, value: Any) -> bool:
    """Whether the field holds this very value, a text or a list of texts."""
    if not field:
        return False
    held = getattr(article, field)
    return type(held) is type(value) and held == value and value not in ("", [])


def show_record(article: Article) -> dict[str, Any]:
    """The record of an article, as it was sent; for an article from another source, its non-empty
    fields and its ``extra``.
    """
    keys = article.extra.get(KEYS_KEY)
    if not isinstance(keys, dict):
        fields = {name: getattr(article, name) for name in _OURS}
        shown = {name: value for name, value in fields.items() if value}
        return {**shown, **article.extra}
    if KEYS_KEY in keys:
        return keys
    return {
        key: article.extra[key] if key in article.extra else getattr(article, field)
        for key, field in keys.items()
    }


def list_text_keys(article: Article) -> dict[str, str]:
    """Which keys of the record are its title and its body: ``{"judul": "title", …}``."""
    keys = article.extra.get(KEYS_KEY)
    if not isinstance(keys, dict) or KEYS_KEY in keys:
        return {name: name for name in ("title", "body") if getattr(article, name)}
    return {key: field for key, field in keys.items() if field in ("title", "body")}


def find_text_key(record: Mapping[str, Any], field: str) -> str:
    """The best key under which ``record`` has a text for ``field``; empty if there is none."""
    found = [
        key
        for key, value in record.items()
        if isinstance(value, str) and value.strip() and find_our_field(key) == field
    ]
    if len(found) < 2:
        return found[0] if found else ""
    ranks = _rank_keys(field)
    return min(found, key=lambda key: ranks.get(_fold(key), len(ranks)))


@cache
def _rank_keys(field: str) -> dict[str, int]:
    """The known keys of a field, folded, the best with the lowest rank."""
    from indexer.ingest.readers.keys import KEYS

    return {_fold(name): rank for rank, name in reversed(list(enumerate(KEYS[field])))}


def _fold(key: str) -> str:
    return "".join(filter(str.isalnum, key.casefold()))
