"""With which fields of a site's own were the articles of an index indexed?

Articles that were indexed before a field was declared lack it until a rebuild. A small file beside
the index keeps what *all* of its articles were read for; it is written before articles are, so that
a run that breaks off cannot leave it promising too much.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from indexer.durable_file import replace_file
from indexer.errors import IndexNotWritten
from indexer.own_fields.declaration import OwnFields

RECORD_FILE: Final = "fields-indexed.json"


def list_waiting(index: Path, fields: OwnFields, *, articles: int) -> list[str]:
    """Names of the fields that not all of so many articles of the index were read for."""
    made = _read(index)
    if not articles:
        return []
    attributes = fields.attributes.makings if fields.attributes else []
    return [
        *(one.name for one in fields.fields if not made.issuperset(one.makings)),
        *(making for making in attributes if making not in made),
    ]


def record_additions(index: Path, fields: OwnFields, *, had_articles: bool) -> None:
    """Note that articles read for ``fields`` are about to be added to the index.

    ``had_articles``: to others, rather than to an empty index. Raises IndexNotWritten.
    """
    before = _read(index)
    makings = _list_makings(fields)
    _write(index, before & makings if had_articles else makings, before)


def record_rebuild(index: Path, fields: OwnFields) -> None:
    """Note that all articles have just been read for ``fields``. Raises IndexNotWritten."""
    _write(index, _list_makings(fields), _read(index))


def _list_makings(fields: OwnFields) -> frozenset[str]:
    attributes = fields.attributes.makings if fields.attributes else []
    return frozenset((*(made for one in fields.fields for made in one.makings), *attributes))


def _read(index: Path) -> frozenset[str]:
    """What is recorded; nothing where there is no record, or a damaged one: then everything waits
    for a rebuild, which writes it anew.
    """
    try:
        return frozenset(map(str, json.loads((index / RECORD_FILE).read_bytes())["everywhere"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return frozenset()


def _write(index: Path, made: frozenset[str], before: frozenset[str]) -> None:
    """Replace the record at once; leave it, or its absence, where it says the same."""
    if made == before:
        return
    path = index / RECORD_FILE
    text = json.dumps({"everywhere": sorted(made)}, ensure_ascii=False)
    try:
        replace_file(path, text.encode("utf-8"))
    except OSError as error:
        raise IndexNotWritten(str(path), error.strerror or str(error)) from error
