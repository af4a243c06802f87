"""Which names do articles have in other tables of one export? For instance Ghost's ``posts_tags``.

A linking table has rows with two ids: the article's, and that of a row with a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

#: The name of an id -> the tables that may hold its row, and the article's field for its name.
_TARGETS: Final = {
    "tag_id": (("tags",), "tags"),
    "author_id": (("authors", "users"), "authors"),
    "user_id": (("users", "authors"), "authors"),
    "category_id": (("categories",), "category"),
}
_NAMED_TABLES: Final = frozenset(table for tables, _ in _TARGETS.values() for table in tables)
_OWN_IDS: Final = ("post_id", "article_id", "berita_id", "artikel_id", "news_id")
_NAMES: Final = ("name", "nama", "title", "judul")


def join_names(
    tables: Mapping[str, Any], articles: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """``articles`` with the names from the other tables of their export."""
    rows = [
        row for table in tables.values() if isinstance(table, list) for row in table if _is_row(row)
    ]
    names = {
        name: {str(row.get("id")): _read_name(row) for row in table if _is_row(row)}
        for name, table in tables.items()
        if isinstance(table, list) and name in _NAMED_TABLES
    }
    found: dict[tuple[str, str], list[str]] = {}
    for row in sorted(rows, key=_read_order):
        own = next((str(row[key]) for key in _OWN_IDS if row.get(key)), "")
        if own:
            _collect(row, own, names, found)
    joined: list[Mapping[str, Any]] = []
    for article in articles:
        own = str(article.get("id", ""))
        direct: dict[tuple[str, str], list[str]] = {}
        _collect(article, own, names, direct)
        added = {
            key: found.get((own, key)) or direct.get((own, key))
            for _, key in _TARGETS.values()
            if not article.get(key)
        }
        joined.append({**article, **{key: one for key, one in added.items() if one}})
    return joined


def _is_row(value: Any) -> bool:
    return isinstance(value, dict)


def _read_name(row: Mapping[str, Any]) -> str:
    return next((str(row[key]) for key in _NAMES if row.get(key)), "")


def _read_order(row: Mapping[str, Any]) -> int:
    order = row.get("sort_order")
    return order if isinstance(order, int) else 0


def _collect(
    row: Mapping[str, Any],
    own: str,
    names: Mapping[str, Mapping[str, str]],
    found: dict[tuple[str, str], list[str]],
) -> None:
    """Record the names of what ``row`` refers to."""
    for reference, (tables, key) in _TARGETS.items():
        wanted = str(row.get(reference))
        name = next(
            (names[table][wanted] for table in tables if names.get(table, {}).get(wanted)), ""
        )
        if name:
            found.setdefault((own, key), []).append(name)
