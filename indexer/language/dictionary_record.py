"""Which stems, names and labels of a dictionary the articles of an index were indexed with.

Synonyms and stop words work on queries alone. Stems and names are in the terms of every article,
too, labels in its facets, so after a change old articles have others than new ones, until a
rebuild. A small file beside the index keeps what is in *all* of its articles, and what in *some*;
it is written before articles are, so that a run that breaks off cannot leave it promising too much.
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
    """Entries that every article was analysed with, and those that at least one may have been."""

    everywhere: frozenset[Entry] = frozenset()
    somewhere: frozenset[Entry] = frozenset()


class Changes(NamedTuple):
    """What a rebuild would bring: entries that not all articles have, or that some still have."""

    added: list[Entry]
    removed: list[Entry]

    def count_words(self) -> int:
        """How many words are concerned."""
        return len({(entry.kind, entry.word) for entry in (*self.added, *self.removed)})


def read_record(index: Path) -> Record:
    """What is recorded in the folder ``index``; nothing where there is no record, or a damaged
    one: then everything waits for a rebuild, which writes it anew.
    """
    try:
        rows = json.loads((index / RECORD_FILE).read_bytes())
        return Record(_read_entries(rows["everywhere"]), _read_entries(rows["somewhere"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Record()


def find_changes(dictionary: Dictionary, record: Record) -> Changes:
    """How ``dictionary`` differs from what the articles were analysed with, in order of words."""
    entries = dictionary.list_entries()
    return Changes(sorted(entries - record.everywhere), sorted(record.somewhere - entries))


def record_additions(index: Path, dictionary: Dictionary, *, had_articles: bool) -> None:
    """Note that articles analysed with ``dictionary`` are about to be added to the index.

    ``had_articles``: to others, rather than to an empty index. Raises IndexNotWritten.
    """
    entries = dictionary.list_entries()
    before = read_record(index)
    if had_articles:
        _write(index, Record(before.everywhere & entries, before.somewhere | entries), before)
    else:
        _write(index, Record(entries, entries), before)


def record_rebuild(index: Path, dictionary: Dictionary) -> None:
    """Note that all articles have just been analysed with ``dictionary``. Raises
    IndexNotWritten.
    """
    entries = dictionary.list_entries()
    _write(index, Record(entries, entries), read_record(index))


def _read_entries(rows: Iterable[Any]) -> frozenset[Entry]:
    return frozenset(Entry(*row) for row in rows)


def _write(index: Path, record: Record, before: Record) -> None:
    """Replace the record at once; leave it, or its absence, where it says the same."""
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
