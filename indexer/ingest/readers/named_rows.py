"""Which rows of a file's other lists do its articles refer to by a plain id?

``{"posts": [{"author_id": 4}], "authors": [{"id": 4, "name": "Rina"}]}``: a key names the list, and
its value one of the ids there; both are required. Some exports have a list of links between two
others (Ghost's ``posts_tags``), an object instead of a list (Firebase), or rows that name their
list themselves (Django's ``model``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from indexer.ingest.readers.limits import MAX_NAMES
from indexer.ingest.readers.references import find_role, make_singular, names_id, strip_id

_ID_KEYS: Final = ("id", "_id", "uid", "uuid", "pk", "ID")
#: Keys with which a link names its article.
_OWN_KEYS: Final = ("post_id", "article_id", "berita_id", "artikel_id", "news_id", "node_id")
#: Keys one of which a row has to be worth referring to.
_NAMES: Final = (
    *("name", "nama", "title", "judul", "display_name", "full_name", "nama_lengkap", "label"),
    *("first_name", "username", "url"),
)
_NAMING_ENDS: Final = ("_name", "_title", "Name")
_NAMING_STARTS: Final = ("nama_", "judul_")
_FEWEST_OF_LINK: Final = 2
_MOST_OF_LINK: Final = 6
_MOST_REFERENCES: Final = 200


class NamedRows:
    """The rows of a file that have a name and an id, by what one of them is called."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Mapping[str, Any]]] = {}
        #: The links of every article: (place in the order, key, id).
        self._links: dict[str, list[tuple[int, str, str]]] = {}
        self._count = 0

    def __bool__(self) -> bool:
        return bool(self._rows)

    def note(self, name: str, row: Any, key: str = "") -> None:
        """Remember a row of the list or object ``name``, where its ``key`` is, if it is one that
        articles may refer to, or links them to others.
        """
        if not isinstance(row, dict) or self._count >= MAX_NAMES:
            return
        own = next((row[one] for one in _OWN_KEYS if row.get(one)), None)
        if own is not None and _is_link(row):
            order = row.get("sort_order")
            place = order if isinstance(order, int) else 0
            links = self._links.setdefault(str(own), [])
            links += [(place, one, str(row[one])) for one in row if one not in (*_OWN_KEYS, "id")]
            self._count += 1
            return
        identity = key or next((str(row[one]) for one in _ID_KEYS if row.get(one)), "")
        if identity and _has_name(row):
            noun = make_singular(name.lower().rpartition(".")[2])
            self._rows.setdefault(noun, {})[identity] = row
            self._count += 1

    def find(self, key: str, value: Any) -> list[Mapping[str, Any]]:
        """The rows to which ``value`` under ``key`` refers, in order; empty if it refers to none,
        or to any that is not there.
        """
        ids = [str(one) for one in (value if isinstance(value, list) else [value])]
        if not ids or len(ids) > _MOST_REFERENCES:
            return []
        for rows in self._list_candidates(key):
            if all(one in rows for one in ids):
                return [rows[one] for one in ids]
        return []

    def find_linked(self, article: str) -> dict[str, list[Mapping[str, Any]]]:
        """The rows to which links refer for the article with this id, by the key of the link."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for _, key, identity in sorted(self._links.get(article, ()), key=lambda one: one[0]):
            rows = self.find(key, identity)
            if rows:
                found.setdefault(find_role(key) or strip_id(key), []).extend(rows)
        return found

    def _list_candidates(self, key: str) -> Iterator[dict[str, Mapping[str, Any]]]:
        """The rows that ``key`` may mean: those called like it, then those of the same role."""
        noun = make_singular(strip_id(key))
        if noun in self._rows:
            yield self._rows[noun]
        role = find_role(key)
        for other, rows in self._rows.items():
            if role and other != noun and find_role(other) == role:
                yield rows


def _is_link(row: Mapping[str, Any]) -> bool:
    """Whether a row has hardly more than ids."""
    ids = sum(1 for key in row if key != "id" and names_id(key))
    return ids >= _FEWEST_OF_LINK and len(row) <= _MOST_OF_LINK


def _has_name(row: Mapping[str, Any]) -> bool:
    return any(row.get(key) for key in _NAMES) or any(
        key.endswith(_NAMING_ENDS) or key.startswith(_NAMING_STARTS) for key in row
    )


@lru_cache(maxsize=4096)
def may_refer(key: str) -> bool:
    """Whether the number or id under ``key`` may be that of a row elsewhere.

    >>> may_refer("author_id"), may_refer("kategori"), may_refer("hits")
    (True, True, False)
    """
    return key not in _ID_KEYS and (names_id(key) or find_role(key) != "")
