"""How does a site declare its own fields, and what does each declaration allow?

``fields.toml`` beside the index has one table per field::

    [harga]
    type = "number"              # label, number, date or text
    path = "produk.harga"        # in the article's extra; default: the field's name
    title = "Harga"              # for readers
    use = ["filter", "sort"]     # default: all that the type allows, except search
    decimal = ","                # number: in texts such as 75.000; default: detected in each
    separator = ";"              # label: between several in one text
    weight = "title"             # searched text counts as the title does; default: as the body
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from hashlib import blake2b
from typing import Any, Final

from indexer.errors import FieldsInvalid, UnknownName
from indexer.own_fields.attributes import Attributes
from indexer.schema import FIELDS, OWN_DATE, OWN_LABEL, OWN_NUMBER
from indexer.toml_text import parse_toml
from indexer.word_list import list_words

FIELDS_FILE: Final = "fields.toml"
#: This many fit into one byte for each article, and on one page.
MOST_FIELDS: Final = 50
LONGEST_NAME: Final = 40
NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
#: Reserved by requests and queries: parameters, orders, names before a colon.
RESERVED: Final = (
    list_words(
        "q page per_page sort from to facets interval collapse explain prefix limit id score "
        "relevance newest oldest sebelum before sesudah setelah sejak after since hingga sampai "
        "until tanggal date match without recency select mark_start mark_end snippet_length "
        "site intitle intext"
    )
    | {field.name for field in FIELDS}
    | {name for field in FIELDS for name in field.query_names}
)
_KEYS: Final = ("type", "path", "title", "use", "weight", "decimal", "separator")
_WEIGHTS: Final = ("body", "title")


class OwnType(Enum):
    """The type of a field's values."""

    LABEL = "label"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"


#: What a field of each type may be used for; by default everything except ``search``.
USES: Final[Mapping[OwnType, tuple[str, ...]]] = {
    OwnType.LABEL: ("facet", "filter", "sort", "search"),
    OwnType.NUMBER: ("facet", "filter", "sort"),
    OwnType.DATE: ("facet", "filter", "sort"),
    OwnType.TEXT: ("search",),
}
_COLUMNS: Final = {
    OwnType.LABEL: OWN_LABEL,
    OwnType.NUMBER: OWN_NUMBER,
    OwnType.DATE: OWN_DATE,
    OwnType.TEXT: "text:",
}


@dataclass(frozen=True, slots=True)
class OwnField:
    """One declared field. ``weight``: what its text counts as, if it is searched."""

    name: str
    type: OwnType
    path: str
    title: str
    uses: tuple[str, ...]
    weight: str = "body"
    decimal: str = ""
    separator: str = ""

    @property
    def column(self) -> str:
        """Its name in engines; see :func:`indexer.schema.is_label_facet`."""
        return f"{_COLUMNS[self.type]}{self.path}"

    @property
    def is_range(self) -> bool:
        """Whether its values are ordered, so that a range can filter them."""
        return self.type in (OwnType.NUMBER, OwnType.DATE)

    @property
    def makings(self) -> list[str]:
        """The parts of the declaration that the index depends on: if any changes, articles must be
        read again.
        """
        made = []
        if self.type is not OwnType.TEXT:
            made.append(f"{self.column} {self.decimal}{self.separator}".strip())
        if "search" in self.uses:
            made.append(f"text:{self.path} as {self.weight}")
        return made


@dataclass(frozen=True)
class OwnFields:
    """The declared fields of an index, in file order, and the attributes that a program names
    (:mod:`indexer.own_fields.attributes`), if any.
    """

    fields: tuple[OwnField, ...] = ()
    attributes: Attributes | None = None

    @cached_property
    def fingerprint(self) -> str:
        """A short text that changes whenever a field does; empty without fields."""
        if not self.fields and self.attributes is None:
            return ""
        told = repr((self.fields, self.attributes))
        return blake2b(told.encode(), digest_size=8).hexdigest()

    @cached_property
    def by_name(self) -> dict[str, OwnField]:
        return {field.name: field for field in self.fields}

    @cached_property
    def by_column(self) -> dict[str, OwnField]:
        return {field.column: field for field in reversed(self.fields)}

    def get(self, name: str) -> OwnField:
        """The field ``name``. Raises UnknownName: its declaration may have been removed since it
        was requested.
        """
        if name not in self.by_name:
            raise UnknownName("field", name, self.by_name)
        return self.by_name[name]

    @cached_property
    def keys(self) -> frozenset[str]:
        """The record keys that hold these fields, some of which may be read as built-in fields."""
        return frozenset(
            key for field in self.fields for key in (field.path, field.path.partition(".")[0])
        )

    def column(self, name: str) -> str:
        """The engine's name for the field ``name``, whether a site's own or built in."""
        return self.by_name[name].column if name in self.by_name else name

    def find(self, use: str, *types: OwnType) -> tuple[OwnField, ...]:
        """The fields of these types (any type if none is given) with this use."""
        return tuple(
            field
            for field in self.fields
            if use in field.uses and (not types or field.type in types)
        )

    @cached_property
    def label_filters(self) -> tuple[str, ...]:
        """Names of fields with labels to filter by."""
        return tuple(field.name for field in self.find("filter", OwnType.LABEL))

    @cached_property
    def label_facets(self) -> tuple[str, ...]:
        """Names of fields whose labels are counted."""
        return tuple(field.name for field in self.find("facet", OwnType.LABEL))

    @cached_property
    def ranges(self) -> tuple[OwnField, ...]:
        """Fields that a range can filter."""
        return self.find("filter", OwnType.NUMBER, OwnType.DATE)

    @cached_property
    def facets(self) -> tuple[str, ...]:
        """Names of fields that can be counted or summarised."""
        return tuple(field.name for field in self.find("facet"))

    @cached_property
    def sorts(self) -> tuple[str, ...]:
        """Sort orders: each name, and with a minus for descending."""
        return tuple(
            order for field in self.find("sort") for order in (field.name, f"-{field.name}")
        )

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The request parameters that filter by these fields."""
        bounds = (f"{field.name}_{end}" for field in self.ranges for end in ("from", "to"))
        return (*self.label_filters, *bounds)


NO_FIELDS: Final = OwnFields()


def parse_fields(data: bytes, path: str) -> OwnFields:
    """Parse the fields that the file ``path`` with the content ``data`` declares. Raises
    FieldsInvalid.
    """
    try:
        tables = parse_toml(data)
    except ValueError as error:
        raise FieldsInvalid(path, str(error)) from error
    text = data.decode("utf-8-sig")
    if len(tables) > MOST_FIELDS:
        raise FieldsInvalid(path, f"it declares {len(tables)} fields; at most {MOST_FIELDS} may be")
    fields = []
    for name, table in tables.items():
        problem = _find_problem(name, table)
        if problem:
            raise FieldsInvalid(f"{path}:{_find_line(text, name)}", f"[{name[:80]}]: {problem}")
        fields.append(_read_field(name, table))
    return OwnFields(tuple(fields))


def has_meaning(name: str) -> bool:
    """Whether requests or queries already use this name."""
    return name in RESERVED or name.endswith(("_from", "_to"))


def _find_line(text: str, name: str) -> int:
    """The line on which the table ``name`` begins."""
    begins = re.compile(rf"\s*(?:\[\s*)?[\"']?{re.escape(name)}(?![\w-])")
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if begins.match(line)), 1)


def _find_problem(name: str, table: Any) -> str:
    """Why the table is not a valid field; empty if it is."""
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        return "a name is small letters, digits and single underscores, as in harga_jual"
    if has_meaning(name):
        return "this name has a meaning of its own; choose another, and say path = where it is"
    if not isinstance(table, dict):
        return f"it is a table of its own: [{name}], and below it type = ..."
    unknown = [key for key in table if key not in _KEYS]
    if unknown:
        return f"there is no {unknown[0]!r}; it may have {', '.join(_KEYS)}"
    types = [one.value for one in OwnType]
    if table.get("type") not in types:
        return f"its type is {_show(table.get('type'))}; give one of {', '.join(types)}"
    return _find_wrong_value(OwnType(table["type"]), table)


def _find_wrong_value(kind: OwnType, table: dict[str, Any]) -> str:
    for key in ("path", "title", "separator"):
        if key in table and not (isinstance(table[key], str) and table[key].strip(" .")):
            return f"its {key} is {_show(table[key])}; give a text"
    for key, owner in (("decimal", OwnType.NUMBER), ("separator", OwnType.LABEL)):
        if key in table and kind is not owner:
            return f"only a {owner.value} has a {key}"
    if table.get("decimal", ".") not in (".", ","):
        return f"its decimal is {_show(table['decimal'])}; give '.' or ','"
    uses = table.get("use", list(USES[kind][:1]))
    if not isinstance(uses, list) or not uses or not all(use in USES[kind] for use in uses):
        return f"its use is {_show(uses)}; a {kind.value} may have {', '.join(USES[kind])}"
    if "weight" in table and "search" not in uses:
        return "only what is searched has a weight; add search to its use"
    if table.get("weight", "body") not in _WEIGHTS:
        return f"its weight is {_show(table['weight'])}; give one of {', '.join(_WEIGHTS)}"
    return ""


def _show(value: Any) -> str:
    if value is None:
        return "not given"
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def _read_field(name: str, table: dict[str, Any]) -> OwnField:
    kind = OwnType(table["type"])
    usual = [use for use in USES[kind] if use != "search" or kind is OwnType.TEXT]
    chosen = table.get("use", usual)
    return OwnField(
        name=name,
        type=kind,
        path=table.get("path", name).strip(),
        title=" ".join(table.get("title", name.replace("_", " ").capitalize()).split()),
        uses=tuple(use for use in USES[kind] if use in chosen),
        weight=table.get("weight", "body"),
        decimal=table.get("decimal", ""),
        separator=table.get("separator", ""),
    )
