"""Which rows of a file's other lists do its articles refer to by a plain id?

``{"posts": [{"author_id": 4}], "authors": [{"id": 4, "name": "Rina"}]}``: a key names the list, and
its value one of the ids there, or several; both are required. A name that only contains such a word
(``photo_count``, ``user_rating``) is no reference. Some exports have a list of links between two
others (Ghost's ``posts_tags``), an object instead of a list (Firebase), or rows that name their
list themselves (Django's ``model``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from indexer.ingest.readers.limits import MAX_NAMES
from indexer.ingest.readers.references import find_role, make_singular, names_id, strip_id
from indexer.word_list import list_words

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
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
#: What describes articles is called these, whole words only.
_ROLE_WORDS: Final = list_words(
    """
    category kategori section rubrik kanal channel seksi tag topic topik keyword label term editor
    redaktur penyunting author penulis user pengguna reporter wartawan jurnalis kontributor writer
    member admin person creator file image gambar foto photo picture media attachment
    """
)
#: Words beside them that say nothing: "kategori_berita", "tbl_kategori".
_EMPTY_WORDS: Final = list_words("berita artikel news post article node tbl tb table wp m")
#: Words of references to a row's own kind, or to who did something else than write it.
_OTHER_WORDS: Final = list_words(
    """
    parent induk revision version last updated modified edited deleted locked approved reviewed
    checked
    """
)
#: Lists of links from an article to its readers.
_RESPONSES: Final = list_words(
    "like comment komentar view bookmark vote read reader follow follower rating log reaction"
)
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
            links += [(place, one, str(row[one])) for one in row if _links_to(name, one)]
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
        listed = value if isinstance(value, list) else [value]
        if isinstance(value, str) and "," in value and _has_id(key):
            listed = [one.strip() for one in value.split(",")]
        ids = list(map(str, listed))
        rows = self._find_list(key) if 0 < len(ids) <= _MOST_REFERENCES else {}
        # "photos: 3" is a number of photos.
        counts = not (isinstance(value, list) or _has_id(key)) and make_singular(key) != key
        return [rows[one] for one in ids] if not counts and all(one in rows for one in ids) else []

    def find_linked(self, article: str) -> dict[str, list[Mapping[str, Any]]]:
        """The rows to which links refer for the article with this id, by the key of the link."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for _, key, identity in sorted(self._links.get(article, ()), key=lambda one: one[0]):
            rows = self.find(key, identity)
            if rows:
                found.setdefault(name_role(key) or strip_id(key), []).extend(rows)
        return found

    def _find_list(self, key: str) -> Mapping[str, Mapping[str, Any]]:
        """The rows that ``key`` means: those called like it, or else the only ones of its role."""
        named = self._rows.get(make_singular(strip_id(key)))
        if named is not None:
            return named
        role = name_role(key)
        same = [rows for other, rows in self._rows.items() if role and name_role(other) == role]
        return same[0] if len(same) == 1 else {}


def _has_id(key: str) -> bool:
    """Whether ``key`` says of what it is the id: not "paid"."""
    return names_id(key) and len(strip_id(key)) < len("_".join(_WORD.findall(key)))


@lru_cache(maxsize=4096)
def name_role(name: str) -> str:
    """What the row means for an article to which the key ``name`` refers, or that a list of this
    name has; empty if that is uncertain.

    >>> name_role("author_id"), name_role("kategori_berita"), name_role("photo_count")
    ('authors', 'category', '')
    """
    stem = strip_id(name)
    if stem == "created_by":
        return "authors"
    words = [make_singular(word) for word in stem.split("_") if word not in _EMPTY_WORDS]
    if not words or words[-1] not in _ROLE_WORDS or not _OTHER_WORDS.isdisjoint(words):
        return ""
    # "main_image_id", but not "total_image".
    return find_role(words[-1]) if len(words) == 1 or _has_id(name) else ""


def _links_to(name: str, key: str) -> bool:
    """Whether the links of the list ``name`` are meant for ``key``: those of "posts_tags" for
    "tag_id", but those of "likes" not for "user_id".
    """
    words = {make_singular(word.lower()) for word in _WORD.findall(name)}
    noun = make_singular(strip_id(key).rpartition("_")[2])
    role = find_role(key)
    return (
        key not in (*_OWN_KEYS, "id")
        and words.isdisjoint(_RESPONSES)
        and (noun in words or (role != "" and role == find_role(name)))
    )


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

    >>> may_refer("author_id"), may_refer("kategori"), may_refer("photo_count")
    (True, True, False)
    """
    return key not in _ID_KEYS and (_has_id(key) or name_role(key) != "")
