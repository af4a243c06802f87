"""Which tables of a database describe one article, and what does each contribute?

One table has the articles, or at least their titles. Others have one row for each of them (Drupal's
texts), name their sections through a third table (WordPress's terms, Movable Type's placements), or
hold key-value pairs. Their roles follow from the references between tables
(:mod:`indexer.ingest.readers.references`), not from the name of the program.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.references import Schema, Table, quote
from indexer.ingest.readers.table_choice import (
    holds_articles,
    holds_titles,
    is_about_something_else,
    is_revision,
)

#: Maximum number of tables examined, and of tables with a row for each article.
_MOST_TABLES: Final = 300
_MOST_DETAILS: Final = 20
_KEY_COLUMNS: Final = ("meta_key", "key", "name", "field_name", "attribute")
_VALUE_COLUMNS: Final = ("meta_value", "value", "field_value")


@dataclass(frozen=True, slots=True)
class Filing:
    """Names of articles, reached from ``column`` of ``table``, whose rows refer to their article by
    ``own``. ``names`` is the table of the names.
    """

    table: Table
    own: str
    column: str
    names: Table


@dataclass(slots=True)
class Plan:
    """How the articles of one table are assembled: ``details`` have a row for each, found by
    (table, its column, the article's column); ``values`` are (table, its reference, key, value).
    """

    article: Table
    details: list[tuple[Table, str, str]] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    values: list[tuple[Table, str, str, str]] = field(default_factory=list)

    def list_tables(self) -> set[str]:
        """The tables that it reads."""
        return {
            self.article.name,
            *(table.name for table, _, _ in self.details),
            *(name for one in self.filings for name in (one.table.name, one.names.name)),
            *(table.name for table, *_ in self.values),
        }


def make_plans(schema: Schema, keys: KeyMap, database: sqlite3.Connection) -> list[Plan]:
    """A plan for each table of articles in a database."""
    tables = schema.tables[:_MOST_TABLES]
    heads = [table for table in tables if holds_titles(table.name, table.columns, keys)]
    texts = [table for table in tables if holds_articles(table.name, table.columns, keys)]
    articles = [
        table
        for table in texts
        if not any(_is_part_of(table, head, schema, keys, database) for head in heads)
    ]
    plans = [_make_plan(table, schema, keys, database) for table in (*articles, *heads)]
    return [
        plan
        for plan in plans
        if plan.article in articles or any(_has_text(table, keys) for table, *_ in plan.details)
    ]


def _may_name(table: Table, keys: KeyMap) -> bool:
    """Whether the rows of ``table`` may be names: neither articles, nor events about them."""
    return not (
        _has_text(table, keys)
        or is_about_something_else(table.name)
        or holds_titles(table.name, table.columns, keys)
    )


def _has_text(table: Table, keys: KeyMap) -> bool:
    return keys.rank_text(dict.fromkeys(table.columns, "x")) == 2


def _is_part_of(
    table: Table, head: Table, schema: Schema, keys: KeyMap, database: sqlite3.Connection
) -> bool:
    """Whether the texts of ``table`` belong to the titles in ``head``."""
    titled = "title" in keys.rename(dict.fromkeys(table.columns, "x")).values
    if titled and not is_revision(table.name):
        return False
    return _find_detail(table, head, schema, database) is not None


def _find_detail(
    table: Table, article: Table, schema: Schema, database: sqlite3.Connection
) -> tuple[Table, str, str] | None:
    """How to find the only row of ``table`` for an article; ``None`` if there may be several."""
    column = schema.find_references_to(table, article)
    if not column:
        return None
    name, where = quote(table.name), schema.limit_to(table, article)
    (rows, articles) = database.execute(
        f"SELECT count(*), count(DISTINCT {quote(column)}) FROM {name} WHERE {where[0]}", where[1]
    ).fetchone()
    if rows == articles:
        return table, column, article.key
    # Each has several versions; the article refers to one of them.
    chosen = article.find(table.key.lower()) if table.key else ""
    return (table, table.key, chosen) if chosen and chosen != article.key else None


def _make_plan(article: Table, schema: Schema, keys: KeyMap, database: sqlite3.Connection) -> Plan:
    plan = Plan(article)
    if not article.key:
        return plan
    named = [
        table
        for table in schema.tables
        if table.key and table is not article and _may_name(table, keys)
    ]
    for column in article.columns:
        _add_filing(plan, article, article.key, column, schema, named)
    others = [table for table in schema.tables if table is not article]
    for table in others:
        if not is_about_something_else(table.name):
            _add_table(plan, table, schema, keys, named, database)
    if not _has_text(article, keys) and not any(_has_text(one[0], keys) for one in plan.details):
        for table in filter(lambda table: is_revision(table.name), others):
            found = _find_detail(table, article, schema, database)
            plan.details += [found] if found is not None else []
    return plan


def _add_table(
    plan: Plan,
    table: Table,
    schema: Schema,
    keys: KeyMap,
    named: Sequence[Table],
    database: sqlite3.Connection,
) -> None:
    """Add the contribution of ``table``, if any, to a plan."""
    own = schema.find_references_to(table, plan.article)
    if not own:
        return
    key, value = table.find(*_KEY_COLUMNS), table.find(*_VALUE_COLUMNS)
    if key and value:
        plan.values.append((table, own, key, value))
        return
    before = len(plan.filings)
    for column in table.columns:
        if column not in (own, table.key):
            _add_filing(plan, table, own, column, schema, named)
    if len(plan.filings) > before and not _has_text(table, keys):
        return
    detail = _find_detail(table, plan.article, schema, database)
    if detail is not None and len(plan.details) < _MOST_DETAILS:
        plan.details.append(detail)


def _add_filing(
    plan: Plan, table: Table, own: str, column: str, schema: Schema, named: Sequence[Table]
) -> None:
    names = schema.find_reference(table, column, named)
    if names is not None and names is not plan.article and names.name != table.name:
        plan.filings.append(Filing(table, own, column, names))
