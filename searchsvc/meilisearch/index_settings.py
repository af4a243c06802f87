"""What does an index of this protocol store about itself? Its settings and primary key.

Stored in a file beside the index, and so deleted and swapped with it. An index created by the
command line has none: then its facets and the site's fields are filterable and sortable.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import orjson

from indexer.durable_file import replace_file
from indexer.own_fields.attributes import Attributes
from indexer.own_fields.declaration import OwnFields, OwnType
from indexer.schema import DATE_FACET, FACETS
from searchsvc.meilisearch.errors import ProtocolError, write_snake_case
from searchsvc.meilisearch.reading import (
    Reader,
    fail_kind,
    fail_value,
    read_anything,
    read_choice,
    read_count,
    read_fields,
    read_flag,
    read_object,
    read_string,
    read_strings,
    refuse_unknown,
)

FILE: Final = "meilisearch.json"
#: The primary key of articles that were not sent over this protocol.
PRIMARY_KEY: Final = "id"
RULES: Final = (
    *("words", "typo", "proximity", "attribute", "attributeRank", "sort", "wordPosition"),
    "exactness",
)
DEFAULT_RULES: Final = (
    *("words", "typo", "proximity", "attributeRank", "sort", "wordPosition", "exactness"),
)
#: Nested settings: given values are merged into the existing ones.
NESTED: Final = ("typoTolerance", "faceting", "pagination")
DEFAULTS: Final[Mapping[str, Any]] = {
    "displayedAttributes": ["*"],
    "searchableAttributes": ["*"],
    "filterableAttributes": [],
    "sortableAttributes": [],
    "foreignKeys": [],
    "rankingRules": list(DEFAULT_RULES),
    "stopWords": [],
    "nonSeparatorTokens": [],
    "separatorTokens": [],
    "dictionary": [],
    "synonyms": {},
    "distinctAttribute": None,
    "proximityPrecision": "byWord",
    "typoTolerance": {
        "enabled": True,
        "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9},
        "disableOnWords": [],
        "disableOnAttributes": [],
        "disableOnNumbers": False,
    },
    "faceting": {"maxValuesPerFacet": 100, "sortFacetValuesBy": {"*": "alpha"}},
    "pagination": {"maxTotalHits": 1000},
    "embedders": {},
    "searchCutoffMs": None,
    "localizedAttributes": None,
    "facetSearch": True,
    "prefixSearch": "indexingTime",
}
#: The last part of each setting's address.
ROUTES: Final = {write_snake_case(name).replace("_", "-"): name for name in DEFAULTS}


@dataclass(frozen=True, slots=True)
class IndexRecord:
    """``settings`` holds only explicit settings."""

    primary_key: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def change(self, given: Mapping[str, Any]) -> IndexRecord:
        """A copy with the settings of ``given`` applied; ``None`` resets one."""
        settings = dict(self.settings)
        for name, value in given.items():
            if value is None:
                settings.pop(name, None)
            elif name in NESTED:
                settings[name] = {**settings.get(name, {}), **value}
            else:
                settings[name] = value
        return replace(self, settings=settings)


_KEPT: Final = frozenset(one.name for one in fields(IndexRecord))


def start_record(*, filled: bool) -> IndexRecord:
    """The record of an index that has none; ``filled``: it has articles, sent otherwise."""
    return IndexRecord(PRIMARY_KEY if filled else None)


def load_record(folder: Path) -> IndexRecord | None:
    """The record of the index in ``folder``, or ``None`` if nothing was ever set."""
    path = folder / FILE
    try:
        status = os.stat(path)
    except OSError:
        return None
    return _read(path, (status.st_mtime_ns, status.st_size, status.st_ino))


@lru_cache(256)
def _read(path: Path, stamp: tuple[int, int, int]) -> IndexRecord | None:
    try:
        known = orjson.loads(path.read_bytes())
        return IndexRecord(**{name: known[name] for name in known.keys() & _KEPT})
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def save_record(folder: Path, record: IndexRecord) -> None:
    """Write the record beside the index. Raises OSError."""
    replace_file(folder / FILE, orjson.dumps(record))


def list_settings(record: IndexRecord | None, fields: OwnFields) -> dict[str, Any]:
    """All settings in effect."""
    settings = dict(DEFAULTS)
    if record is None or fields.attributes is None:
        settings |= _derive(fields)
    for name, value in record.settings.items() if record else ():
        settings[name] = {**DEFAULTS[name], **value} if name in NESTED else value
    sorts = settings["faceting"]["sortFacetValuesBy"]
    settings["faceting"] = {
        **settings["faceting"],
        "sortFacetValuesBy": dict(sorted({"*": "alpha", **sorts}.items())),
    }
    return settings


def _derive(fields: OwnFields) -> dict[str, Any]:
    """The settings of an index created by the command line, derived from its articles' fields."""
    ranges = [one.name for one in fields.find("filter", OwnType.NUMBER)]
    sorts = [one.name for one in fields.find("sort", OwnType.NUMBER, OwnType.LABEL)]
    return {
        "filterableAttributes": [*FACETS, *fields.label_filters, *ranges],
        "sortableAttributes": [DATE_FACET, *sorts],
    }


def list_attributes(settings: Mapping[str, Any]) -> Attributes:
    """The attributes that these settings require of the engine."""
    columns = [*list_patterns(settings["filterableAttributes"]), *settings["sortableAttributes"]]
    if settings["distinctAttribute"]:
        columns.append(settings["distinctAttribute"])
    columns += [rule.rpartition(":")[0] for rule in settings["rankingRules"] if rule not in RULES]
    return Attributes(
        tuple(dict.fromkeys(columns)), tuple(settings["searchableAttributes"]) or ("*",)
    )


def list_patterns(filterable: list[Any]) -> list[str]:
    """The patterns of attributes, including those within objects."""
    patterns: list[str] = []
    for one in filterable:
        patterns += [one] if isinstance(one, str) else one["attributePatterns"]
    return patterns


# --- reading settings


def read_settings(body: Any) -> dict[str, Any]:
    """The settings of a body, ``None`` for those to reset. Raises ProtocolError."""
    given = read_object(body)
    refuse_unknown(given, DEFAULTS)
    return {name: read_setting(name, value) for name, value in given.items()}


def read_setting(name: str, value: Any, place: str | None = None) -> Any:
    """One setting; ``None`` is kept. Raises ProtocolError."""
    if value is None:
        return None
    code = f"invalid_settings_{write_snake_case(name)}"
    return _READERS[name](value, f".{name}" if place is None else place, code)


def _read_filterable(value: Any, place: str, code: str) -> list[Any]:
    if not isinstance(value, list):
        raise fail_kind(value, place, code, "an array")
    for number, one in enumerate(value):
        inside = f"{place}[{number}]"
        if isinstance(one, dict):
            refuse_unknown(one, ("attributePatterns", "features"), inside)
            read_strings(one.get("attributePatterns"), f"{inside}.attributePatterns", code)
        elif not isinstance(one, str):
            raise fail_kind(one, inside, code, "a string or an object")
    return list(dict.fromkeys(value)) if all(isinstance(one, str) for one in value) else value


def _read_unique(value: Any, place: str, code: str) -> list[str]:
    return sorted(set(read_strings(value, place, code)))


def _read_rules(value: Any, place: str, code: str) -> list[str]:
    rules = read_strings(value, place, code)
    for number, rule in enumerate(rules):
        name, _, order = rule.rpartition(":")
        if rule not in RULES and not (name and order in ("asc", "desc")):
            known = ", ".join(f"`{one}`" for one in RULES)
            raise ProtocolError(
                code,
                f"Invalid value at `{place}[{number}]`: `{rule}` ranking rule is invalid. Valid "
                f"ranking rules are {known} and custom ranking rules.",
            )
    return rules


def _read_synonyms(value: Any, place: str, code: str) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        raise fail_kind(value, place, code, "an object")
    return {key: read_strings(one, f"{place}.{key}", code) for key, one in value.items()}


def _read_typos(value: Any, place: str, code: str) -> dict[str, Any]:
    read = _read_part(
        value,
        place,
        code,
        enabled=read_flag,
        minWordSizeForTypos=read_anything,
        disableOnWords=read_strings,
        disableOnAttributes=read_strings,
        disableOnNumbers=read_flag,
    )
    if "minWordSizeForTypos" in read:
        inside = f"{place}.minWordSizeForTypos"
        sizes = _read_part(
            read["minWordSizeForTypos"], inside, code, oneTypo=read_count, twoTypos=read_count
        )
        sizes = {**DEFAULTS["typoTolerance"]["minWordSizeForTypos"], **sizes}
        if not sizes["oneTypo"] <= sizes["twoTypos"] <= 255:
            raise fail_value(
                inside,
                code,
                "`oneTypo` and `twoTypos` fields should be between `0` and `255`, and `twoTypos` "
                "should be greater or equals to `oneTypo` but found `oneTypo: "
                f"{sizes['oneTypo']}` and twoTypos: {sizes['twoTypos']}`.",
            )
        read["minWordSizeForTypos"] = sizes
    return read


def _read_faceting(value: Any, place: str, code: str) -> dict[str, Any]:
    read = _read_part(
        value, place, code, maxValuesPerFacet=read_count, sortFacetValuesBy=read_anything
    )
    if "sortFacetValuesBy" in read:
        inside = f"{place}.sortFacetValuesBy"
        orders = read["sortFacetValuesBy"]
        if not isinstance(orders, dict):
            raise fail_kind(orders, inside, code, "an object")
        for name, order in orders.items():
            read_choice("alpha", "count")(order, f"{inside}.{name}", code)
    return read


def _read_pagination(value: Any, place: str, code: str) -> dict[str, Any]:
    return _read_part(value, place, code, maxTotalHits=read_count)


def _read_part(value: Any, place: str, code: str, **readers: Reader) -> dict[str, Any]:
    """The fields of a setting that is an object."""
    if not isinstance(value, dict):
        raise fail_kind(value, place, code, "an object")
    return read_fields(value, {name: (one, code) for name, one in readers.items()}, place)


def _read_localized(value: Any, place: str, code: str) -> list[Any]:
    if not isinstance(value, list):
        raise fail_kind(value, place, code, "an array")
    for number, one in enumerate(value):
        inside = f"{place}[{number}]"
        _read_part(one, inside, code, attributePatterns=read_strings, locales=read_strings)
    return value


def _read_foreign(value: Any, place: str, code: str) -> list[Any]:
    if value:
        raise fail_value(place, code, "foreign keys are not supported by this server.")
    return []


def _read_embedders(value: Any, place: str, code: str) -> dict[str, Any]:
    if value:
        raise fail_value(place, code, "embedders are not supported: this server has no vectors.")
    return {}


_READERS: Final[Mapping[str, Reader]] = {
    "displayedAttributes": read_strings,
    "searchableAttributes": read_strings,
    "filterableAttributes": _read_filterable,
    "sortableAttributes": _read_unique,
    "foreignKeys": _read_foreign,
    "rankingRules": _read_rules,
    "stopWords": _read_unique,
    "nonSeparatorTokens": _read_unique,
    "separatorTokens": _read_unique,
    "dictionary": _read_unique,
    "synonyms": _read_synonyms,
    "distinctAttribute": read_string,
    "proximityPrecision": read_choice("byWord", "byAttribute"),
    "typoTolerance": _read_typos,
    "faceting": _read_faceting,
    "pagination": _read_pagination,
    "embedders": _read_embedders,
    "searchCutoffMs": read_count,
    "localizedAttributes": _read_localized,
    "facetSearch": read_flag,
    "prefixSearch": read_choice("indexingTime", "disabled"),
}
