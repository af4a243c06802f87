"""Which id does a record get, and does another article already have it?

Database numbers mean nothing outside their database: article 1 of one site would replace that of
another. Both cases are reported when they occur, with a way to keep both articles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

from indexer.article import Warned
from indexer.ingest.outlets import HOST, shorten_host
from indexer.ingest.readers.limits import MAX_REMEMBERED_IDS

#: The possible parts of an id, joined by ``+``.
PARTS: Final = ("id", "source", "url", "file")
#: Longer ids are addresses and hashes, which are unique anyway.
_SHORT: Final = 24
_COMPARED: Final = 200


def read_parts(text: str) -> tuple[str, ...]:
    """The parts that ``--id`` names. Raises ValueError with a sentence.

    >>> read_parts("source+id")
    ('source', 'id')
    """
    parts = tuple(part.strip() for part in text.split("+")) if text else ()
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is none of {', '.join(PARTS)}, joined by +")
    return parts


@dataclass(slots=True)
class RecordIds:
    """The ids of one run. ``prefix`` precedes every given id; ``parts``: what ids are made of, by
    default the given one.
    """

    prefix: str = ""
    parts: tuple[str, ...] = ()
    #: Id -> file, line, and a hash of the beginning of its article.
    _given: dict[str, tuple[str, int, int | None, int]] = field(default_factory=dict)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def settle(self, values: dict[str, Any], path: str, publisher: str) -> None:
        """Set the id that the run requires in ``values``."""
        if self.parts:
            made = ":".join(
                filter(None, (self._read(values, one, path, publisher) for one in self.parts))
            )
            values.pop("id", None)
            if made and self.parts != ("url",):
                values["id"] = made
        given = values.get("id")
        if self.prefix and isinstance(given, str | int | float):
            values["id"] = f"{self.prefix}{given}"

    def _read(self, values: Mapping[str, Any], part: str, path: str, publisher: str) -> str:
        if part == "file":
            return PurePath(path).name.split(".")[0]
        value = values.get(part)
        text = str(value) if isinstance(value, str | int | float) else ""
        if part != "source":
            return text
        if isinstance(value, Mapping):
            text = str(value.get("name") or "")
        address = values.get("url")
        host = HOST.match(address) if isinstance(address, str) else None
        return text or publisher or (shorten_host(host["host"]) if host else "")

    def find_clash(self, values: Mapping[str, Any], path: str, line: int) -> Warned | None:
        """A warning if the id already belongs to another article: once for two files."""
        given = values.get("id")
        text = str(given) if isinstance(given, str | int | float) else ""
        if not text or len(text) > _SHORT:
            return None
        named = values.get("title")
        title = hash(str(named)[:_COMPARED]) if named else None
        body = hash(str(values.get("body"))[:_COMPARED])
        before = self._given.get(text)
        if before is None:
            if len(self._given) < MAX_REMEMBERED_IDS:
                self._given[text] = (path, line, title, body)
            return None
        other, other_line, other_title, other_body = before
        alike = body == other_body or (title is not None and title == other_title)
        if alike or (other, path) in self._told:
            return None
        self._told.add((other, path))
        where = f"line {other_line}" if other == path else f"{other}:{other_line}"
        return Warned(
            path,
            line,
            f"the id {text!r} stands for another article in {where}; the later takes its place",
            "keep both, and others of these files, with --id-prefix or --id source+id",
        )
