"""What does a column of a database refer to? Judged by declarations, by names, and by values.

Dumps seldom declare that ``catid`` of one table is the ``id`` of another. Its name suggests it, and
all of its values occur there: both are required, so that a plain number is not taken for a
reference.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

#: Values of a column that are looked up in the table that it may refer to.
_SAMPLED: Final = 50
#: The fraction of them that must exist there.
_PRESENT: Final = 0.9
#: Points that make a reference, if its values agree.
_ENOUGH: Final = 2
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_ROLES: Final = {
    "category": re.compile(
        r"categor|kategori|section|rubrik|kanal|channel|seksi|(?:^|_)cats?(?:_|$)"
    ),
    "tags": re.compile(r"tag|topi[ck]|keyword|label|term|taxonom|vocab"),
    "editors": re.compile(r"editor|redaktur|penyunting"),
    "authors": re.compile(
        r"author|penulis|user|pengguna|reporter|wartawan|jurnalis|kontributor|operator|writer|member|admin|person|creat|uid$"
    ),
    "image": re.compile(r"file|image|gambar|foto|photo|picture|media|fid$|attachment"),
}
#: Roles that may share a table: sections and tags are often stored together.
_LABELS: Final = frozenset(("category", "tags"))
_PERSONS: Final = frozenset(("authors", "editors"))
#: Generic names with which a table refers to its subject.
_ANYTHING: Final = frozenset(
    (
        *("object", "entity", "item", "content", "record", "resource", "model"),
        *("local", "foreign", "source", "target"),
    )
)
#: Columns in which a row names the table of its subject: ``entity_type``, ``taggable_type``.
_KIND: Final = re.compile(
    r"(?:entity|object|model|item|\w+able)_(?:type|datasource)|type_alias|table_?names?", re.I
)
#: Endings of words that are no plurals: "address", "penulis", "status".
_NO_PLURAL: Final = ("ss", "is", "us")
#: Columns that refer to a row's own kind, or count; whole words, not "country" and "border".
_NO_REFERENCE: Final = re.compile(
    r"(?:^|_)(?:(?:parent|revision|version|delta|weight|asset|status)(?:id|s)?|lang(?:code|uage)?|"
    r"(?:sort|menu)?order(?:ing)?|[a-z]*(?<!dis)(?<!ac)count(?:s|er)?|checked_out)(?:_|$)"
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, its columns, the column by which others refer to its rows (empty: none),
    and its declared references: column -> table.
    """

    name: str
    columns: tuple[str, ...]
    key: str = ""
    declared: Mapping[str, str] = field(default_factory=dict)

    def find(self, *names: str) -> str:
        """The first of ``names`` that is a column, ignoring case; empty if none is."""
        present = {column.lower(): column for column in self.columns}
        return next((present[name] for name in names if name in present), "")


def quote(name: str) -> str:
    """``name`` quoted for a statement."""
    return '"' + name.replace('"', '""') + '"'


def find_role(name: str) -> str:
    """The role of a table's rows, or a column, for an article; empty if unknown.

    >>> find_role("wp_users"), find_role("catid"), find_role("cat_id"), find_role("id_kategori")
    ('authors', '', 'category', 'category')
    """
    return next((role for role, words in _ROLES.items() if words.search(name.lower())), "")


class Schema:
    """The tables of a database, and their references."""

    def __init__(self, database: sqlite3.Connection, tables: Sequence[Table]) -> None:
        self._database = database
        self.tables = tables
        self._prefix = _find_prefix([table.name for table in tables])

    def find_noun(self, table: Table) -> str:
        """The noun for one row of ``table``, according to its name: ``post`` for ``wp_posts``."""
        words = [word.lower() for word in _WORD.findall(table.name)]
        if len(words) > 1 and words[0] == self._prefix:
            words = words[1:]
        return "_".join([*words[:-1], make_singular(words[-1])]) if words else ""

    def find_reference(self, table: Table, column: str, among: Iterable[Table]) -> Table | None:
        """The one of ``among`` that ``column`` refers to."""
        scored = [
            (score, other)
            for other in among
            if other.name != table.name
            and other.key
            and (score := self._score(table, column, other)) >= _ENOUGH
        ]
        for _, other in sorted(scored, key=lambda one: -one[0]):
            if self._are_present(table, column, other):
                return other
        return None

    def limit_to(self, table: Table, article: Table) -> tuple[str, list[str]]:
        """The condition that selects rows of ``table`` about articles, if it also has others
        (``entity_type``), and excludes deleted ones; and its values.
        """
        conditions, values = ["1"], []
        kind = next((one for one in table.columns if _KIND.search(one)), "")
        if kind:
            rows = self._database.execute(
                f"SELECT DISTINCT {quote(kind)} FROM {quote(table.name)} LIMIT {_SAMPLED}"
            )
            noun = self.find_noun(article).partition("_")[0]
            values = [one for (one,) in rows if isinstance(one, str) and noun in one.lower()]
            if values:
                conditions.append(f"{quote(kind)} IN ({', '.join('?' * len(values))})")
        deleted = table.find("deleted")
        if deleted:
            conditions.append(f"CAST({quote(deleted)} AS TEXT) IN ('0', '')")
        return " AND ".join(conditions), values

    def find_references_to(self, table: Table, article: Table) -> str:
        """The column of ``table`` that refers to its article; empty if none does."""
        scored = sorted(
            ((-self._score(table, column, article), column) for column in table.columns),
            key=lambda one: one[0],
        )
        for score, column in scored:
            if -score >= _ENOUGH and self._are_present(table, column, article):
                return column
        return next(
            (
                column
                for column in table.columns
                if _is_about_anything(column) and self._are_present(table, column, article)
            ),
            "",
        )

    def _score(self, table: Table, column: str, other: Table) -> int:
        if table.declared.get(column, "").lower() == other.name.lower():
            return 5
        if column == table.key or is_no_reference(column) or not other.key:
            return 0
        lowered, key = column.lower(), other.key.lower()
        if key != "id" and lowered == key:
            return 4
        noun, stem = self.find_noun(other), strip_id(column)
        last = noun.rpartition("_")[2]
        named = stem in (noun, last) or stem.endswith(f"_{last}") or last.startswith(stem)
        if names_id(column) and len(stem) > 2 and named:
            return 3
        if key != "id" and lowered.endswith(f"_{key}"):
            return 3
        if _is_about_anything(column) and last in map(str.lower, _WORD.findall(table.name)):
            # A linking table is named for what it links: "category_record".
            return 2
        role, theirs = find_role(column), find_role(other.name)
        if not role and stem.endswith("target"):
            role = find_role(table.name)
        same = role == theirs or any({role, theirs} <= kinds for kinds in (_LABELS, _PERSONS))
        return 2 if theirs and same and (names_id(column) or role in _PERSONS) else 0

    def _are_present(self, table: Table, column: str, other: Table) -> bool:
        """Whether the values of ``column`` are keys of ``other``."""
        where, limits = self.limit_to(table, other)
        sampled = self._database.execute(
            f"SELECT DISTINCT CAST({quote(column)} AS TEXT) FROM {quote(table.name)} "
            f"WHERE {quote(column)} IS NOT NULL AND CAST({quote(column)} AS TEXT) NOT IN ('', '0') "
            f"AND {where} LIMIT {_SAMPLED}",
            limits,
        )
        values = [value for (value,) in sampled]
        if not values:
            return False
        marks = ", ".join("?" * len(values))
        (present,) = self._database.execute(
            f"SELECT count(DISTINCT CAST({quote(other.key)} AS TEXT)) FROM {quote(other.name)} "
            f"WHERE CAST({quote(other.key)} AS TEXT) IN ({marks})",
            values,
        ).fetchone()
        return bool(present >= len(values) * _PRESENT)


def is_unique(database: sqlite3.Connection, table: str, column: str) -> bool:
    """Whether the values of a table's ``column`` are distinct."""
    (rows, values) = database.execute(
        f"SELECT count(*), count(DISTINCT {quote(column)}) FROM {quote(table)}"
    ).fetchone()
    return bool(rows == values)


def choose_key(table: str, columns: Sequence[str], declared: Sequence[str] | None = None) -> str:
    """The column by which others refer to the rows of ``table``: its ``declared`` key, ignoring
    language and version; without a declaration (``None``), the one suggested by its name. Empty if
    there is none.

    >>> choose_key("mt_entry", ["entry_id", "entry_title", "entry_author_id"])
    'entry_id'
    >>> choose_key("berita_topik", ["id_berita", "id_topik"])
    ''
    """
    if declared is not None:
        own = [column for column in declared if not is_no_reference(column)]
        return own[0] if len(own) == 1 and own[0] in columns else ""
    plain = next((column for column in columns if column.lower() in ("id", "_id")), "")
    if plain or not columns or not names_id(columns[0]):
        return plain
    stem = strip_id(columns[0])
    words = [make_singular(word.lower()) for word in _WORD.findall(table)]
    named = bool(words) and f"_{'_'.join(words)}".endswith(f"_{stem}")
    return columns[0] if named or len(columns[0]) <= len("uid") else ""


def names_id(column: str) -> bool:
    """Whether a column's name says that it holds ids: ``author_id``, ``id_topik``, ``tagIds``."""
    lowered = column.lower()
    return (
        lowered.endswith(("id", "_ref", "_ids"))
        or lowered.startswith(("id_", "uid_"))
        or column.endswith("Ids")
    )


def is_no_reference(column: str) -> bool:
    """Whether a column's name says that its number is none of another table's row.

    >>> is_no_reference("commentCount"), is_no_reference("parent"), is_no_reference("country_id")
    (True, True, False)
    """
    words = "_".join(_WORD.findall(column)).lower()
    return _NO_REFERENCE.search(words) is not None


def _is_about_anything(column: str) -> bool:
    """Whether a reference does not say to which table: ``object_id``, ``taggable_id``."""
    words = strip_id(column).split("_")
    return names_id(column) and (words[-1].endswith("able") or not _ANYTHING.isdisjoint(words))


def strip_id(column: str) -> str:
    """A column's name without the part that marks it as an id."""
    words = [word.lower() for word in _WORD.findall(column)]
    if len(words) > 1 and words[0] == "id":
        words = words[1:]
    if len(words) > 1 and words[-1] in ("id", "ids", "ref"):
        words = words[:-1]
    name = "_".join(words)
    return name[:-2] if len(words) == 1 and name.endswith("id") and len(name) > 4 else name


def make_singular(word: str) -> str:
    """``word`` without an English plural.

    >>> make_singular("categories"), make_singular("users"), make_singular("kategori")
    ('category', 'user', 'kategori')
    >>> make_singular("penulis")
    'penulis'
    """
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    plural = word.endswith("s") and not word.endswith(_NO_PLURAL) and len(word) > 3
    return word[:-1] if plural else word


def _find_prefix(names: Sequence[str]) -> str:
    """The word with which the names of most tables begin, such as ``wp`` and ``jos``."""
    first = Counter(words[0].lower() for name in names if len(words := _WORD.findall(name)) > 1)
    word, count = first.most_common(1)[0] if first else ("", 0)
    return word if count > 1 and count * 2 > len(names) else ""
