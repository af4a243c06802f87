"""How do the records of one input become drafts of articles? Renamed, filtered by status, dated."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from indexer.article import Reject, Warned
from indexer.ingest.build_article import Draft, make_excerpt
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.publication import Publication
from indexer.ingest.readers.record_dates import DateColumns, Held, mark_universal, read_moment
from indexer.ingest.readers.record_ids import RecordIds
from indexer.ingest.readers.records import Record
from indexer.ingest.readers.unnamed_date import UnnamedDates
from indexer.ingest.readers.unnamed_text import find_unnamed_text

#: What a record must tell of itself besides a text under an unknown key.
_TOLD: Final = frozenset(("title", "url", "published_at"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run requires of records. ``publisher`` is that of articles that name none;
    ``date_format`` and ``statuses`` are the options of those names; ``ids`` are those seen so far.
    """

    publisher: str = ""
    date_format: str = ""
    statuses: Collection[str] = ()
    max_article_bytes: int = 0
    ids: RecordIds = field(default_factory=RecordIds)


def assemble(
    items: Iterator[Record | Reject | Warned],
    path: str,
    keys: KeyMap,
    wanted: Wanted,
    *,
    columns: bool,
) -> Iterator[Draft | Reject | Warned]:
    """Drafts of the records of one input. ``columns``: whether values come in columns, in which one
    record is evidence for another.
    """
    guessed: set[str] = set()
    held = Publication(path, wanted.statuses).keep(_rename(items, keys))
    if columns:
        held = UnnamedDates(path).watch(held)
    if columns or wanted.date_format:
        held = DateColumns(path, wanted.date_format).settle(held)
    for item in held:
        if isinstance(item, Held):
            values = item.renamed.values
            wanted.ids.settle(values, path, wanted.publisher)
            if "body" not in values:
                yield from _guess_text(item, path, keys, guessed)
            yield _draft(item, path, keys, wanted)
            clash = wanted.ids.find_clash(values, path, item.line)
            if clash is not None:
                yield clash
        else:
            yield item


def _rename(
    items: Iterator[Record | Reject | Warned], keys: KeyMap
) -> Iterator[Held | Reject | Warned]:
    for item in items:
        if isinstance(item, Record):
            renamed = keys.rename(item.values)
            if "published_at" in renamed.values:
                moment = read_moment(renamed.values["published_at"])
                if renamed.date_key.lower().endswith(("gmt", "utc")):
                    moment = mark_universal(moment)
                renamed.values["published_at"] = moment
            yield Held(item.line, renamed, item.values)
        else:
            yield item


def _guess_text(held: Held, path: str, keys: KeyMap, guessed: set[str]) -> Iterator[Warned]:
    """Take prose under an unknown key for the text of a record that is one otherwise; each key is
    reported once.
    """
    values = held.renamed.values
    if keys.finds_text(held.original) or _TOLD.isdisjoint(values):
        return
    key, text = find_unnamed_text(values.get("extra") or {})
    if not key:
        return
    values["body"] = text
    values["extra"].pop(key, None)
    if key not in guessed:
        guessed.add(key)
        told = f"{key[:40]!r} is taken for the text, as no key says which one it is"
        yield Warned(path, held.line, told, "name another with --map KEY=body")


def _draft(held: Held, path: str, keys: KeyMap, wanted: Wanted) -> Draft | Reject:
    values = held.renamed.values
    if "body" not in values and not keys.finds_text(held.original):
        if not held.original:
            return Reject(path, held.line, "it is empty")
        names = ", ".join(make_excerpt(str(name)[:30]) for name in list(held.original)[:8])
        reason = f"no text: none of its keys ({names}) holds one"
        excerpt = make_excerpt(values or held.original)
        return Reject(path, held.line, reason, excerpt, "name it with --map KEY=body")
    return Draft(values, path, held.line, wanted.publisher, wanted.max_article_bytes)
