"""Which stems, names and labels of a dictionary were an index's articles analysed with?

Synonyms and stop words affect queries alone. Stems and names also determine the terms of every
article, and labels its facets, so after a change old articles differ from new ones until a rebuild.
A small file beside the index records what applies to *all* of its articles, and what to *some*; it
is written before the articles, so that an interrupted run never leaves it promising too much.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from indexer.durable_file import replace_file
from indexer.errors import IndexNotWritten
from indexer.language.dictionary import Dictionary, Entry

RECORD_FILE = "dictionary-indexed.json"


class Record(NamedTuple):
    """Entries that every article was analysed with, and entries that at least one may have been."""

    everywhere: frozenset[Entry] = frozenset()
    somewhere: frozenset[Entry] = frozenset()


class Changes(NamedTuple):
    """What a rebuild would change: entries that not all articles have yet, or that some still
    have.
    """

    added: list[Entry]
    removed: list[Entry]

    def count_words(self) -> int:
        """The number of words affected."""
        return len({(entry.kind, entry.word) for entry in (*self.added, *self.removed)})


def read_record(index: Path) -> Record:
    """The record of the index in folder ``index``; empty if it is missing or damaged: then all
    entries wait for a rebuild, which writes it anew.
    """
    try:
        rows = json.loads((index / RECORD_FILE).read_bytes())
        return Record(_read_entries(rows["everywhere"]), _read_entries(rows["somewhere"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Record()


def find_changes(dictionary: Dictionary, record: Record) -> Changes:
    """The differences between ``dictionary`` and what the articles were analysed with, ordered by
    word.
    """
    entries = dictionary.list_entries()
    return Changes(sorted(entries - record.everywhere), sorted(record.somewhere - entries))


def record_additions(index: Path, dictionary: Dictionary, *, had_articles: bool) -> None:
    """Record that articles analysed with ``dictionary`` are about to be added to the index.

    ``had_articles``: whether the index already has articles. Raises IndexNotWritten.
    """
    entries = dictionary.list_entries()
    before = read_record(index)
    if had_articles:
        _write(index, Record(before.everywhere & entries, before.somewhere | entries), before)
    else:
        _write(index, Record(entries, entries), before)


def record_rebuild(index: Path, dictionary: Dictionary) -> None:
    """Record that all articles have just been analysed with ``dictionary``. Raises
    IndexNotWritten.
    """
    entries = dictionary.list_entries()
    _write(index, Record(entries, entries), read_record(index))


def _read_entries(rows: Iterable[Any]) -> frozenset[Entry]:
    return frozenset(Entry(*row) for row in rows)


def _write(index: Path, record: Record, before: Record) -> None:
    """Replace the record atomically, unless it already says the same."""
    if record == before:
        return
    path = index / RECORD_FILE
    text = json.dumps(
        {"everywhere": sorted(record.everywhere), "somewhere": sorted(record.somewhere)},
        ensure_ascii=False,
    )
    try:
        replace_file(path, text.encode("utf-8"))
    except OSError as error:
        raise IndexNotWritten(str(path), error.strerror or str(error)) from error
