"""Which of a site's own fields were the articles of an index read for?

Articles indexed before a field was declared lack it until a rebuild. A small file beside the index
records what *all* of its articles were read for; it is written before the articles, so that an
interrupted run never leaves it promising too much.
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
    """Names of the fields that some of the index's ``articles`` articles were not read for."""
    made = _read(index)
    if not articles:
        return []
    attributes = fields.attributes.makings if fields.attributes else []
    return [
        *(one.name for one in fields.fields if not made.issuperset(one.makings)),
        *(making for making in attributes if making not in made),
    ]


def record_additions(index: Path, fields: OwnFields, *, had_articles: bool) -> None:
    """Record that articles read for ``fields`` are about to be added to the index.

    ``had_articles``: whether the index already has articles. Raises IndexNotWritten.
    """
    before = _read(index)
    makings = _list_makings(fields)
    _write(index, before & makings if had_articles else makings, before)


def record_rebuild(index: Path, fields: OwnFields) -> None:
    """Record that all articles have just been read for ``fields``. Raises IndexNotWritten."""
    _write(index, _list_makings(fields), _read(index))


def _list_makings(fields: OwnFields) -> frozenset[str]:
    attributes = fields.attributes.makings if fields.attributes else []
    return frozenset((*(made for one in fields.fields for made in one.makings), *attributes))


def _read(index: Path) -> frozenset[str]:
    """The recorded fields; none if the record is missing or damaged: then all fields wait for a
    rebuild, which writes it anew.
    """
    try:
        return frozenset(map(str, json.loads((index / RECORD_FILE).read_bytes())["everywhere"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return frozenset()


def _write(index: Path, made: frozenset[str], before: frozenset[str]) -> None:
    """Replace the record atomically, unless it already says the same."""
    if made == before:
        return
    path = index / RECORD_FILE
    text = json.dumps({"everywhere": sorted(made)}, ensure_ascii=False)
    try:
        replace_file(path, text.encode("utf-8"))
    except OSError as error:
        raise IndexNotWritten(str(path), error.strerror or str(error)) from error
