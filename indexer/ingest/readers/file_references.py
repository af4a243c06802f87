"""What do the records of a file refer to within it?

Exports describe authors, sections and pictures once, and articles refer to them: ``included`` of
JSON:API, Contentful's links, Sanity's references, Storyblok's relations. A reference is an object
that is nothing but an identity, whatever program wrote it, or a plain id
(:mod:`indexer.ingest.readers.named_rows`). As what it refers to may come last, the records of a
file with references wait on disk until its end.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.limits import MAX_NAMES
from indexer.ingest.readers.named_rows import NamedRows, may_refer
from indexer.ingest.readers.records import Record
from indexer.ingest.readers.references import find_role, names_id

#: Nesting in which references and what they refer to are searched.
_DEEPEST: Final = 8
#: Steps from an article to what it shows: Drupal's articles refer to media, and these to files.
_MOST_STEPS: Final = 2
#: Characters of a value that says something of a person, a section or a picture.
_LONGEST: Final = 500
#: Bytes of waiting records held in memory; the others are on disk.
_IN_MEMORY: Final = 8 << 20
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_UUID_LENGTH: Final = 36
_LOCALE: Final = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")
#: Keys of records that refer, or are referred to.
_TYPED: Final = frozenset(("relationships", "_type", "sys", "model"))
_RESOURCE_KEYS: Final = frozenset(("type", "id", "meta", "links"))
_WRAPPERS: Final = ("attributes", "fields", "content")
#: What readers call a thing, best first; logins come last.
_SHOWN_NAMES: Final = ("display_name", "displayName", "fullName", "full_name", "nama_lengkap")


def read_reference(value: Mapping[str, Any]) -> str:
    """The id to which an object refers; empty if it is no reference.

    >>> read_reference({"_type": "reference", "_ref": "rina"}), read_reference({"id": 7})
    ('rina', '')
    """
    link = value.get("_ref", value.get("__ref"))
    if isinstance(link, str):
        return link
    about = value.get("sys")
    if isinstance(about, dict):
        return str(about.get("id", "")) if about.get("type") == "Link" else ""
    if "id" in value and "type" in value and value.keys() <= _RESOURCE_KEYS:
        return f"{value['type']} {value['id']}"
    return ""


def _read_identity(value: Mapping[str, Any]) -> str:
    """The id by which others refer to an object; empty if it has none."""
    about = value.get("sys")
    if isinstance(about, dict):
        return str(about.get("id", "")) if about.get("type") in ("Entry", "Asset") else ""
    if "_type" in value and isinstance(value.get("_id"), str):
        return str(value["_id"])
    if "id" in value and "type" in value and isinstance(value.get("attributes"), dict):
        return f"{value['type']} {value['id']}"
    if "pk" in value and isinstance(value.get("model"), str):
        return f"{value['model']} {value['pk']}"
    unique = value.get("uuid")
    return unique if isinstance(unique, str) and _UUID.fullmatch(unique) else ""


def _read_kind(value: Mapping[str, Any]) -> str:
    """The type that an object names: ``post``, ``node--article``; empty if it names none."""
    about = value.get("sys")
    if isinstance(about, dict):
        kind = about.get("contentType")
        return str(kind["sys"].get("id")) if isinstance(kind, dict) else str(about.get("type"))
    kind = value.get("_type", value.get("__typename", value.get("model", value.get("type"))))
    return kind if isinstance(kind, str) else ""


@dataclass(slots=True)
class _Target:
    """What is referred to: its type, and what it says of itself, without long texts."""

    kind: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class FileReferences:
    """Joins the records of one file with what they refer to. ``in_lists``: whether records come
    from a list beside others, in which a plain id may refer to these.
    """

    path: str
    keys: KeyMap
    in_lists: bool = False
    _rows: NamedRows = field(default_factory=NamedRows)
    _targets: dict[str, _Target] = field(default_factory=dict)
    #: The ids referred to, and by kind of record whether any has a text.
    _wanted: set[str] = field(default_factory=set)
    _texts: dict[str, bool] = field(default_factory=dict)

    def note(self, value: Any, name: str = "", depth: int = 0) -> None:
        """Remember what ``value``, called ``name``, is or contains, if it can be referred to."""
        if depth > _DEEPEST or len(self._targets) >= MAX_NAMES:
            return
        if isinstance(value, list):
            for one in value:
                if isinstance(one, list | dict):
                    self._note_row(one, name, depth)
        elif isinstance(value, dict):
            identity = _read_identity(value)
            if identity:
                self._targets[identity] = _Target(_read_kind(value), _reduce(value))
                self._note_model(value)
                return
            keyed = bool(value) and all(isinstance(one, dict) for one in value.values())
            for key, one in value.items():
                if keyed and name:
                    self._note_row(one, name, depth, key)
                elif isinstance(one, list | dict):
                    self.note(one, key, depth + 1)

    def _note_row(self, row: Any, name: str, depth: int, key: str = "") -> None:
        """Remember an element of the list or object ``name``."""
        if name and isinstance(row, dict) and self.keys.rank_text(row) < 2:
            self._rows.note(name, _reduce(row), key)
        self.note(row, "", depth + 1)

    def _note_model(self, value: Mapping[str, Any]) -> None:
        """Django's records name the list that they belong to."""
        if isinstance(value.get("model"), str) and isinstance(value.get("fields"), dict):
            self._rows.note(value["model"], {**_reduce(value), "id": value.get("pk")})

    def note_beside(self, value: Any, found: Sequence[Mapping[str, Any]]) -> None:
        """Remember what ``value`` has besides the articles ``found`` in it."""
        if not isinstance(value, dict):
            return
        if _read_identity(value):
            if not found or self.keys.rank_text(found[0]) < 2:
                self.note(value)
        elif len(found) > 1 or (found and not value.keys() <= found[0].keys()):
            self.in_lists = True
            self.note(value)

    def join(self, items: Iterable[Record | Reject | Warned]) -> Iterator[Record | Reject | Warned]:
        """``items`` in order, with references replaced by what they refer to, and without records
        that are only referred to.
        """
        rest = iter(items)
        for item in rest:
            if not (isinstance(item, Record) and self._may_wait(item.values)):
                yield item
                continue
            with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8") as waiting:
                for one in chain((item,), rest):
                    if isinstance(one, Record):
                        self._see(one.values)
                    waiting.write(_write(one))
                waiting.seek(0)
                yield from self._finish(map(_read, waiting))

    def _may_wait(self, values: Mapping[str, Any]) -> bool:
        """Whether ``values`` refer to others, or may be referred to."""
        if not _TYPED.isdisjoint(values) or self._rows:
            return True
        return any(self._may_be_reference(key, one) for key, one in values.items())

    def _may_be_reference(self, key: str, value: Any) -> bool:
        if isinstance(value, dict):
            return read_reference(value) != ""
        if not self.in_lists or not isinstance(value, str | int) or isinstance(value, bool):
            return False
        text = str(value)
        return _UUID.fullmatch(text) is not None or (
            " " not in text and (text.isdigit() or names_id(key)) and may_refer(key)
        )

    def _see(self, values: Mapping[str, Any]) -> None:
        kind = _read_kind(values)
        self._texts[kind] = self._texts.get(kind, False) or self.keys.rank_text(values) == 2
        if len(self._wanted) < MAX_NAMES:
            self._wanted.update(_list_references(values, 0))

    def _finish(
        self, items: Iterable[Record | Reject | Warned]
    ) -> Iterator[Record | Reject | Warned]:
        referred = {self._targets[one].kind for one in self._wanted if one in self._targets}
        left_out: Counter[str] = Counter()
        for item in items:
            if not isinstance(item, Record):
                yield item
                continue
            kind = _read_kind(item.values)
            if kind and not self._texts[kind] and (kind in referred or any(self._texts.values())):
                left_out[kind] += 1
                continue
            yield Record(item.line, self._join_record(item.values))
        if left_out:
            counts = ", ".join(f"{count:,} {name}" for name, count in left_out.most_common(6))
            told = f"left out, as the articles are of another type: {counts}"
            yield Warned(self.path, 1, told)

    def _join_record(self, values: Mapping[str, Any]) -> dict[str, Any]:
        joined: dict[str, Any] = {}
        sure = isinstance(values.get("sys"), dict)
        for key, given in _lift_relationships(values).items():
            value = choose_language(given, sure=sure)
            found = self._resolve(value, 0, _MOST_STEPS)
            rows = self._rows.find(key, value) if self._rows and may_refer(key) else []
            if rows:
                joined[find_role(key) or key] = rows if isinstance(value, list) else rows[0]
            else:
                joined[self._name_field(key, value, values) if found != value else key] = found
        own = joined.get("id", joined.get("_id"))
        for key, rows in self._rows.find_linked(str(own)).items() if own is not None else ():
            if not joined.get(key):
                joined[key] = rows
        return joined

    def _name_field(self, key: str, value: Any, values: Mapping[str, Any]) -> str:
        """The key under which the referred belong: their own if it means a field, or else what
        their type means for an article.
        """
        if self.keys.rename({key: {"name": "x", "url": "/x"}}).values.keys() - {"extra"}:
            return key
        kinds = (
            self._targets[one].kind for one in _list_references(value, 0) if one in self._targets
        )
        role = find_role(key) or find_role(next(kinds, ""))
        return role if role and role not in values else key

    def _resolve(self, value: Any, depth: int, steps: int) -> Any:
        if depth > _DEEPEST:
            return value
        if isinstance(value, list):
            return [self._resolve(one, depth + 1, steps) for one in value]
        if isinstance(value, str):
            target = self._targets.get(value) if len(value) == _UUID_LENGTH else None
            return self._show(target, {}, steps) if target is not None else value
        value = choose_language(value)
        if not isinstance(value, dict):
            return value if not isinstance(value, list) else self._resolve(value, depth + 1, steps)
        link = read_reference(value)
        if link:
            target = self._targets.get(link)
            return self._show(target, value, steps) if target is not None else value
        return {key: self._resolve(one, depth + 1, steps) for key, one in value.items()}

    def _show(self, target: _Target, link: Mapping[str, Any], steps: int) -> dict[str, Any]:
        """What a target says of itself, and the reference of it: the picture's description."""
        about = link.get("meta")
        beside = {
            key: one
            for key, one in (about if isinstance(about, dict) else {}).items()
            if isinstance(one, str) and one and key not in target.values
        }
        if not steps:
            return {**target.values, **beside}
        return {
            **{key: self._resolve(one, 0, steps - 1) for key, one in target.values.items()},
            **beside,
        }


def _list_references(value: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _list_references(one, depth + 1)
    elif isinstance(value, str):
        if len(value) == _UUID_LENGTH and _UUID.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        link = read_reference(value)
        if link:
            yield link
            return
        for one in value.values():
            yield from _list_references(one, depth + 1)


def _lift_relationships(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """``values`` with what a resource of JSON:API refers to under its own names."""
    related = values.get("relationships")
    if not isinstance(related, dict):
        return values
    lifted = {
        name: one["data"]
        for name, one in related.items()
        if isinstance(one, dict) and one.get("data") and name not in values
    }
    return {**{key: one for key, one in values.items() if key != "relationships"}, **lifted}


def _reduce(value: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """What an object says of itself that an article shows: names, addresses, references."""
    reduced: dict[str, Any] = {}
    for key, one in _lift_relationships(_unwrap(value)).items():
        kept = _reduce_value(one, depth)
        if kept is not None:
            reduced[key] = kept
    shown = next((reduced[key] for key in _SHOWN_NAMES if reduced.get(key)), None)
    return {**reduced, "name": shown} if shown else reduced


def _unwrap(value: Mapping[str, Any]) -> Mapping[str, Any]:
    sure = isinstance(value.get("sys"), dict)
    for key in _WRAPPERS:
        inner = value.get(key)
        if isinstance(inner, dict):
            beside = {name: one for name, one in value.items() if name != key}
            told = {name: choose_language(one, sure=sure) for name, one in inner.items()}
            return {**beside, **told}
    return value


def _reduce_value(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else None
    if isinstance(value, dict):
        if read_reference(value):
            return value
        return _reduce(value, depth + 1) if depth < 3 else None
    if isinstance(value, list):
        return [one for one in value[:20] if isinstance(one, dict) and read_reference(one)] or None
    return value


def choose_language(value: Any, *, sure: bool = False) -> Any:
    """``value``, or if it is one value for each language, the Indonesian one, or else the first.
    ``sure``: keys of two letters are languages, too.

    >>> choose_language({"en-US": "News", "id-ID": "Berita"}), choose_language({"id": 7, "n": 2})
    ('Berita', {'id': 7, 'n': 2})
    """
    if not isinstance(value, dict) or not value or not all(map(_LOCALE.fullmatch, value)):
        return value
    if not sure and not any("-" in key or "_" in key for key in value):
        return value
    return value[min(value, key=lambda key: not key.startswith("id"))]


def _write(item: Record | Reject | Warned) -> str:
    """One line; the standard library's JSON also keeps lone surrogates and NaN."""
    if isinstance(item, Record):
        return json.dumps(("record", {"line": item.line, "values": item.values})) + "\n"
    kind = "reject" if isinstance(item, Reject) else "warned"
    return json.dumps((kind, asdict(item))) + "\n"


def _read(line: str) -> Record | Reject | Warned:
    kind, values = json.loads(line)
    kinds: dict[str, type[Record | Reject | Warned]] = {"record": Record, "reject": Reject}
    return kinds.get(kind, Warned)(**values)
