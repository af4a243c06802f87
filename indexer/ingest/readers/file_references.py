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
from typing import Any, Final

from indexer.article import Reject, Warned
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.limits import MAX_NAMES
from indexer.ingest.readers.named_rows import NamedRows, may_refer, name_role
from indexer.ingest.readers.records import Record
from indexer.ingest.readers.references import find_role, names_id
from indexer.ingest.readers.waiting_lines import WaitingLines

#: Nesting in which references and what they refer to are searched.
_DEEPEST: Final = 8
#: Steps from an article to what it shows: Drupal's articles refer to media, and these to files.
_MOST_STEPS: Final = 2
#: Characters of a value that says something of a person, a section or a picture.
_LONGEST: Final = 500
#: Characters of records that wait for the lists to which plain ids may refer.
_MOST_IN_VAIN: Final = 256 << 20
#: Values that one record is told by what it refers to; further references stay as they are.
_MOST_TOLD: Final = 10_000
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_UUID_LENGTH: Final = 36
_LOCALE: Final = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")
#: Keys of what identifies a record itself.
_OWN_KEYS: Final = frozenset(("id", "_id", "uuid", "pk", "uid", "_uid", "guid", "_key", "sys"))
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


def _read_typed_identity(value: Mapping[str, Any]) -> str:
    """The id by which others refer to an object that names its type; empty if it has none."""
    about = value.get("sys")
    if isinstance(about, dict):
        return str(about.get("id", "")) if about.get("type") in ("Entry", "Asset") else ""
    # Elasticsearch's documents have a type of no meaning.
    typed = "_type" in value and "_index" not in value and value["_type"] != "_doc"
    if typed and isinstance(value.get("_id"), str):
        return str(value["_id"])
    if "id" in value and "type" in value and isinstance(value.get("attributes"), dict):
        return f"{value['type']} {value['id']}"
    if "pk" in value and isinstance(value.get("model"), str):
        return f"{value['model']} {value['pk']}"
    return ""


def _read_identity(value: Mapping[str, Any]) -> str:
    """The id by which others refer to an object; empty if it has none."""
    unique = value.get("uuid")
    named = isinstance(unique, str) and _UUID.fullmatch(unique) is not None
    return _read_typed_identity(value) or (str(unique) if named else "")


def _is_own(key: str, value: Any) -> bool:
    """Whether ``value`` under ``key`` identifies the record rather than another."""
    return key == "sys" or (key in _OWN_KEYS and not isinstance(value, list | dict))


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
    """What is referred to: its type, what it says of itself, without long texts, and the number
    of its values.
    """

    kind: str
    values: Mapping[str, Any]
    size: int


@dataclass(slots=True)
class FileReferences:
    """Joins the records of one file with what they refer to. ``in_lists``: whether records come
    from a list beside others, in which a plain id may refer to these. ``by_line``: whether such
    lists come before the records that refer to them.
    """

    path: str
    keys: KeyMap
    by_line: bool = False
    in_lists: bool = False
    _rows: NamedRows = field(default_factory=NamedRows)
    _targets: dict[str, _Target] = field(default_factory=dict)
    #: The ids referred to, and by kind of record how certainly any has a text.
    _wanted: set[str] = field(default_factory=set)
    _texts: dict[str, int] = field(default_factory=dict)
    #: Of the record that is being joined: its id, and the values it may still be told.
    _own: str = ""
    _left: int = 0

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
                told = _reduce(value)
                self._targets[identity] = _Target(_read_kind(value), told, _count_values(told))
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
        if isinstance(row, dict) and self.keys.rank_text(row) == 2:
            # The lists inside an article number its own things.
            return
        if name and isinstance(row, dict):
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
        late = False
        problem = ""
        for item in rest:
            if not (isinstance(item, Record) and self._may_wait(item.values)):
                yield item
                continue
            with WaitingLines() as waiting:
                late = self._wait(chain((item,), rest), waiting)
                problem = problem or waiting.problem
                yield from self._finish(map(_read, waiting))
        if problem:
            told = f"ids that refer to what comes late in the file are kept as they are: {problem}"
            yield Warned(self.path, 1, told, "make room there, or set TMPDIR, and index it again")
        elif late and self._rows:
            told = "ids are kept as they are: the lists to which they refer are far behind them"
            yield Warned(self.path, 1, told)

    def _wait(self, items: Iterable[Record | Reject | Warned], waiting: WaitingLines) -> bool:
        """Add ``items`` to ``waiting``, all of them, or as many as it takes; or, if nothing is
        known to refer to anything, only :data:`_MOST_IN_VAIN`, and return ``True``: no further ones
        wait for lists.
        """
        written = 0
        surely = False
        for item in items:
            if isinstance(item, Record):
                self._see(item.values)
                surely = surely or self._is_joined(item.values)
            line = _write(item)
            written += len(line)
            if not waiting.add(line):
                return False
            if written > _MOST_IN_VAIN and not (surely or self._rows or self._targets):
                self.by_line = True
                return True
        return False

    def _may_wait(self, values: Mapping[str, Any]) -> bool:
        """Whether ``values`` refer to others, or may be referred to."""
        if self._is_joined(values) or self._rows:
            return True
        return any(self._may_be_reference(key, one) for key, one in values.items())

    def _is_joined(self, values: Mapping[str, Any]) -> bool:
        """Whether ``values`` surely refer to others, or are what others refer to."""
        return (
            _read_typed_identity(values) != ""
            or isinstance(values.get("relationships"), dict)
            or any(isinstance(one, dict) and read_reference(one) for one in values.values())
        )

    def _may_be_reference(self, key: str, value: Any) -> bool:
        if isinstance(value, list) and value and not isinstance(value[0], list):
            return self._may_be_reference(key, value[0])
        known = isinstance(value, str | int) and not isinstance(value, bool)
        if not self.in_lists or not known or _is_own(key, value):
            return False
        text = str(value)
        if self.by_line:
            return len(text) == _UUID_LENGTH and text in self._targets
        return _UUID.fullmatch(text) is not None or (
            " " not in text.replace(", ", ",")
            and (text.isdigit() or names_id(key))
            and may_refer(key)
        )

    def _see(self, values: Mapping[str, Any]) -> None:
        kind = _read_kind(values)
        self._texts[kind] = max(self._texts.get(kind, 0), self.keys.rank_text(values))
        if len(self._wanted) < MAX_NAMES:
            own = _read_identity(values)
            self._wanted.update(one for one in _list_references(values, 0) if one != own)

    def _finish(
        self, items: Iterable[Record | Reject | Warned]
    ) -> Iterator[Record | Reject | Warned]:
        referred = {self._targets[one].kind for one in self._wanted if one in self._targets}
        best = max(self._texts.values(), default=0)
        left_out: Counter[str] = Counter()
        for item in items:
            if not isinstance(item, Record):
                yield item
                continue
            kind = _read_kind(item.values)
            rank = self._texts.get(kind, best)
            # Settings of the site have an identity, though no article refers to them.
            other = kind in referred or (not rank and _read_typed_identity(item.values) != "")
            if kind and rank < best and other:
                left_out[kind] += 1
                continue
            yield Record(item.line, self._join_record(item.values))
        if left_out:
            counts = ", ".join(f"{count:,} {name}" for name, count in left_out.most_common(6))
            told = f"left out, as the articles are of another type: {counts}"
            yield Warned(self.path, 1, told)

    def _join_record(self, values: Mapping[str, Any]) -> dict[str, Any]:
        joined: dict[str, Any] = {}
        told: dict[str, Any] = {}
        self._own, self._left = _read_identity(values), _MOST_TOLD
        sure = isinstance(values.get("sys"), dict)
        for key, given in _lift_relationships(values).items():
            if _is_own(key, given):
                joined[key] = given
                continue
            value = choose_language(given, sure=sure)
            rows = self._rows.find(key, value) if self._rows and may_refer(key) else []
            if rows:
                told[key] = rows if isinstance(value, list) or len(rows) > 1 else rows[0]
                joined[key] = value
                continue
            found = self._resolve(value, 0, _MOST_STEPS)
            joined[self._name_field(key, value, values) if found != value else key] = found
        return self._add_rows(joined, told) if self._rows else joined

    def _add_rows(self, joined: dict[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
        """``joined`` with the rows to which its keys refer, ``told``, and links from elsewhere, in
        fields that it does not fill itself.
        """
        own = joined.get("id", joined.get("_id"))
        linked = self._rows.find_linked(str(own)) if own is not None else {}
        plain = {key: value for key, value in joined.items() if key not in told}
        filled = set(self.keys.rename(plain).values)
        for key, found in told.items():
            name = name_role(key) or key
            if name not in filled:
                del joined[key]
                joined[name] = found
                filled.add(name)
        for name, rows in linked.items():
            if name not in filled and not joined.get(name):
                joined[name] = rows
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
        others = {name: one for name, one in values.items() if name != key}
        return role if role and role not in self.keys.rename(others).values else key

    def _resolve(self, value: Any, depth: int, steps: int) -> Any:
        if depth > _DEEPEST:
            return value
        if isinstance(value, list):
            return [self._resolve(one, depth + 1, steps) for one in value]
        if isinstance(value, str):
            return self._show(value, value, steps) if len(value) == _UUID_LENGTH else value
        value = choose_language(value)
        if not isinstance(value, dict):
            return value if not isinstance(value, list) else self._resolve(value, depth + 1, steps)
        link = read_reference(value)
        if link:
            return self._show(link, value, steps)
        return self._resolve_members(value, depth + 1, steps)

    def _resolve_members(self, values: Mapping[str, Any], depth: int, steps: int) -> dict[str, Any]:
        return {
            key: one if _is_own(key, one) else self._resolve(one, depth, steps)
            for key, one in values.items()
        }

    def _show(self, identity: str, given: str | Mapping[str, Any], steps: int) -> Any:
        """What the target ``identity`` says of itself, and the reference ``given`` of it: the
        picture's description. ``given`` itself, if the target is the record or too much was told.
        """
        target = self._targets.get(identity)
        if target is None or identity == self._own or self._left < target.size:
            return given
        self._left -= target.size
        about = given.get("meta") if isinstance(given, dict) else None
        beside = {
            key: one
            for key, one in (about if isinstance(about, dict) else {}).items()
            if isinstance(one, str) and one and key not in target.values
        }
        if not steps:
            return {**target.values, **beside}
        return {**self._resolve_members(target.values, 0, steps - 1), **beside}


def _count_values(value: Any) -> int:
    """The number of values in ``value``, itself included."""
    if isinstance(value, dict):
        return 1 + sum(map(_count_values, value.values()))
    return 1 + sum(map(_count_values, value)) if isinstance(value, list) else 1


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
        for key, one in value.items():
            if not _is_own(key, one):
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


def _write(item: Record | Reject | Warned) -> bytes:
    """One line; the standard library's JSON also keeps lone surrogates and NaN."""
    if isinstance(item, Record):
        told: tuple[str, Any] = ("record", {"line": item.line, "values": item.values})
    else:
        told = ("reject" if isinstance(item, Reject) else "warned", asdict(item))
    return json.dumps(told).encode() + b"\n"


def _read(line: bytes) -> Record | Reject | Warned:
    kind, values = json.loads(line)
    kinds: dict[str, type[Record | Reject | Warned]] = {"record": Record, "reject": Reject}
    return kinds.get(kind, Warned)(**values)
