"""How are articles of a relational database read? Each is joined from the rows that describe it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.ingest.readers.join_plan import Filing, Plan, make_plans
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.limits import MAX_NAMES
from indexer.ingest.readers.records import Record
from indexer.ingest.readers.references import (
    Schema,
    Table,
    find_role,
    make_singular,
    names_id,
    quote,
)
from indexer.ingest.readers.table_choice import tell_choice

#: A column that a reader may add to a table: the line of each row.
LINE: Final = "searchsvc line"
#: Maximum number of values of one article, and of tables through which a name is reached.
_MOST_VALUES: Final = 200
_MOST_HOPS: Final = 2
_NAME_COLUMNS: Final = (
    *("display_name", "nama_lengkap", "full_name", "nickname", "name", "nama", "title", "judul"),
    "label",
)
#: Names that are not meant for readers.
_NO_NAME: Final = ("user_name", "login_name", "machine_name", "base_name", "file_name")
_FILE_COLUMNS: Final = ("uri", "url", "guid", "path", "filepath", "filename")
#: Columns with the type of a name: WordPress's ``taxonomy``, Drupal's vocabularies.
_SORT_COLUMNS: Final = ("taxonomy", "vocabulary", "type", "kind", "jenis", "vid")
#: The column of a temporary table that refers to a row's article; no site's table has it.
_OWN: Final = '"searchsvc own"'
#: WordPress stores a picture as a row of the same table, and its id among the values.
_PICTURE_KEY: Final = "_thumbnail_id"


def read_joined(
    path: str, database: sqlite3.Connection, tables: Sequence[Table], keys: KeyMap
) -> Iterator[Record | Reject | Warned]:
    """The articles of a database as records, and reports about its tables. ``line`` counts rows, or
    is the column :data:`LINE` of a table that has it. Raises sqlite3.Error.
    """
    schema = Schema(database, tables)
    plans = make_plans(schema, keys, database)
    used: set[str] = set()
    for plan in plans:
        rows = JoinedRows(plan, schema, database)
        used |= rows.used
        key = plan.article.key
        unnamed = "id" not in keys.rename(dict.fromkeys(plan.article.columns, "x")).values
        for number, record in rows:
            if key and unnamed:
                # The key is the id, whatever its name: "kd".
                record.setdefault("id", record[key])
            yield Record(record.pop(LINE, number), record)
    taken = [plan.article.name for plan in plans]
    joined = sorted(used.difference(taken))
    left = [table.name for table in tables if table.name not in used]
    told = tell_choice(taken, left, joined)
    if told:
        yield Warned(path, 1, told) if taken else Reject(path, 1, told)


class JoinedRows:
    """The articles of one plan, joined with the rows of other tables that describe them.

    These rows are first gathered into temporary tables, so that memory does not grow with the
    database. Raises sqlite3.Error.
    """

    def __init__(self, plan: Plan, schema: Schema, database: sqlite3.Connection) -> None:
        self._plan = plan
        self._schema = schema
        self._database = database
        #: Tables that were read.
        self.used = plan.list_tables()
        for statement in (
            "DROP TABLE IF EXISTS temp.told",
            "CREATE TEMP TABLE told (own TEXT, field TEXT, value TEXT)",
        ):
            database.execute(statement)
        for filing in plan.filings:
            database.executemany("INSERT INTO temp.told VALUES (?, ?, ?)", self._list_names(filing))
        for table, own, key, value in plan.values:
            database.execute(
                f"INSERT INTO temp.told SELECT CAST({quote(own)} AS TEXT), '=' || {quote(key)}, "
                f"{quote(value)} FROM {quote(table.name)} WHERE {quote(value)} IS NOT NULL "
                f"AND ({quote(key)} NOT LIKE '~_%' ESCAPE '~' OR {quote(key)} = ?)",
                (_PICTURE_KEY,),
            )
        database.execute("CREATE INDEX temp.told_own ON told (own)")
        self._details = [self._gather(number, *one) for number, one in enumerate(plan.details)]

    def _gather(self, number: int, table: Table, theirs: str, ours: str) -> tuple[str, Table, str]:
        """A temporary table of the rows of ``table``, keyed by their article."""
        name = f"detail_{number}"
        where, values = self._schema.limit_to(table, self._plan.article)
        self._database.execute(f"DROP TABLE IF EXISTS temp.{name}")
        self._database.execute(
            f"CREATE TEMP TABLE {name} AS SELECT CAST({quote(theirs)} AS TEXT) AS {_OWN}, * "
            f"FROM {quote(table.name)} WHERE {where}",
            values,
        )
        self._database.execute(f"CREATE INDEX temp.{name}_own ON {name} ({_OWN})")
        return name, table, ours

    # --- names

    def _list_names(self, filing: Filing) -> Iterator[tuple[str, str, str]]:
        """(article, field, name) for each row of a filing's table."""
        names = dict(self._read_names(filing.names, f"{filing.table.name} {filing.column}"))
        own, column = quote(filing.own), quote(filing.column)
        where, values = self._schema.limit_to(filing.table, self._plan.article)
        rows = self._database.execute(
            f"SELECT CAST({own} AS TEXT), CAST({column} AS TEXT) FROM {quote(filing.table.name)} "
            f"WHERE {where}",
            values,
        )
        for article, referred in rows:
            found = names.get(referred)
            if found is not None and article is not None:
                yield article, *found

    def _read_names(
        self, table: Table, asked: str, hops: int = _MOST_HOPS
    ) -> Iterator[tuple[str, tuple[str, str]]]:
        """Key -> (field, name) of the rows of ``table``. If it has no names but refers to a table
        of names, those are used.
        """
        role = find_role(table.name) or find_role(asked)
        column = table.find(*_FILE_COLUMNS) if role == "image" else _find_name(table)
        below: dict[str, tuple[str, str]] = {}
        if not column and hops > 1:
            column, below = self._find_names_below(table, asked, hops)
        column = column or _find_plain_name(table)
        if not column:
            return
        sort = table.find(*_SORT_COLUMNS)
        sorts = self._name_sorts(table, sort) if sort else {}
        asked_role = find_role(asked.rpartition(" ")[2]) or find_role(asked.partition(" ")[0])
        rows = self._database.execute(
            f"SELECT CAST({quote(table.key)} AS TEXT), {_write_name(table, column)}, "
            f"{f'CAST({quote(sort)} AS TEXT)' if sort else 'NULL'} FROM {quote(table.name)} "
            f"LIMIT {MAX_NAMES}"
        )
        for key, name, kind in rows:
            shown = below[name][1] if name in below else ("" if below else name)
            if not shown:
                continue
            named = sorts.get(kind, kind) if kind is not None else ""
            yield key, (_choose_field(named, asked_role, role), shown)

    def _find_names_below(
        self, table: Table, asked: str, hops: int
    ) -> tuple[str, dict[str, tuple[str, str]]]:
        others = [one for one in self._schema.tables if one.key and one.name != table.name]
        for column in table.columns:
            if column == table.key:
                continue
            other = self._schema.find_reference(table, column, others)
            found = dict(self._read_names(other, asked, hops - 1)) if other is not None else {}
            if other is not None and found:
                self.used.add(other.name)
                return column, found
        return "", {}

    def _name_sorts(self, table: Table, column: str) -> Mapping[str, str]:
        """The meanings of the values in a type column, if they refer to another table."""
        others = [one for one in self._schema.tables if one.key and one.name != table.name]
        other = self._schema.find_reference(table, column, others)
        if other is None:
            return {}
        name = other.find("machine_name", *_NAME_COLUMNS)
        if not name:
            return {}
        self.used.add(other.name)
        return dict(
            self._database.execute(
                f"SELECT CAST({quote(other.key)} AS TEXT), CAST({quote(name)} AS TEXT) "
                f"FROM {quote(other.name)} LIMIT 1000"
            )
        )

    # --- articles

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """(row number, record) of each article, in table order."""
        article = self._plan.article
        rows = self._database.execute(f"SELECT * FROM {quote(article.name)}")
        columns = [one[0] for one in rows.description]
        for number, row in enumerate(rows, start=1):
            record = name_values(columns, row)
            for name, table, ours in self._details:
                self._add_detail(record, name, table, str(record.get(ours)))
            if article.key:
                self._add_told(record, str(record.get(article.key)))
            yield number, record

    def _add_detail(self, record: dict[str, Any], name: str, table: Table, own: str) -> None:
        row = self._database.execute(f"SELECT * FROM temp.{name} WHERE {_OWN} = ?", (own,))
        columns = [one[0] for one in row.description]
        found = row.fetchone() or ()
        for column, value in name_values(columns[1:], found[1:]).items():
            if record.get(column) is None and column != table.key:
                record[column] = value

    def _add_told(self, record: dict[str, Any], own: str) -> None:
        told: dict[str, list[str]] = {}
        rows = self._database.execute(
            f"SELECT field, value FROM temp.told WHERE own = ? ORDER BY rowid LIMIT {_MOST_VALUES}",
            (own,),
        )
        for name, value in rows:
            if value not in told.setdefault(name, []):
                told[name].append(value)
        picture = told.pop(f"={_PICTURE_KEY}", None)
        if picture:
            told.setdefault("image", self._find_picture(picture[0]))
        for name, values in told.items():
            key = name.removeprefix("=")
            if _is_label(record.get(key)):
                continue
            record[key] = values[0] if name[0] == "=" or len(values) == 1 else values

    def _find_picture(self, number: str) -> list[str]:
        article = self._plan.article
        column = article.find(*_FILE_COLUMNS)
        if not column:
            return []
        row = self._database.execute(
            f"SELECT {quote(column)} FROM {quote(article.name)} WHERE {quote(article.key)} = ?",
            (number,),
        ).fetchone()
        return [row[0]] if row and row[0] else []


def name_values(columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    """The record of a row, with bytes decoded as text."""
    return {
        name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        for name, value in zip(columns, row, strict=False)
    }


def _write_name(table: Table, column: str) -> str:
    """The SQL of a row's name: its first and last name, if each has a column."""
    first, last = table.find("first_name"), table.find("last_name")
    if column == first and last:
        return f"TRIM(COALESCE({quote(first)}, '') || ' ' || COALESCE({quote(last)}, ''))"
    return f"CAST({quote(column)} AS TEXT)"


def _find_name(table: Table) -> str:
    """The column with the name of a row, which may include the row's noun: ``tag_name``."""
    for name in _NAME_COLUMNS:
        for column in table.columns:
            lowered = column.lower()
            named = (
                lowered == name or lowered.endswith(f"_{name}") or lowered.startswith(f"{name}_")
            )
            if named and not lowered.endswith(_NO_NAME):
                return column
    return ""


def _find_plain_name(table: Table) -> str:
    """The column with the name of a row that neither it nor another table calls a name."""
    # Table "kategori": "id_kategori, kategori, aktif".
    noun = make_singular(table.name.lower().rpartition("_")[2])
    for column in table.columns:
        if column != table.key and make_singular(column.lower()) == noun:
            return column
    # A table with nothing but a key and a name: "tag_id, tag".
    others = [column for column in table.columns if column not in (table.key, LINE)]
    return others[0] if len(others) == 1 and not names_id(others[0]) else ""


def _is_label(value: Any) -> bool:
    """Whether a record already has a value that is not an id of another table."""
    return value not in (None, "", []) and not str(value).strip().isdigit()


def _choose_field(sort: str, asked: str, role: str) -> str:
    """The field of an article that a name belongs to, from its type, the column that refers to it,
    and its table.
    """
    if sort and not sort.isdigit():
        # "post_tag" is a tag of posts; "nav_menu" is kept under its own name.
        by_sort = find_role(sort)
        if by_sort or role in ("category", "tags"):
            return by_sort or sort
    return asked or role or "tags"
