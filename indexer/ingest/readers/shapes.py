"""Where in a JSON value are the articles? Found by structure: which objects contain a text.

An export wraps its articles in lists, in objects by name or by id, in columns, in a graph whose
nodes refer to each other. None of this depends on knowing the program that wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.limits import MAX_WRAPPERS
from indexer.ingest.readers.paths import fold_key
from indexer.word_list import list_words

#: Keys of an object under which exports keep the list of articles, folded.
LIST_KEYS: Final = list_words(
    """
    articles article data items item results result docs documents rows posts news berita artikel
    records entries entry hits response list output db values nodes edges children stories pages
    feed channel listberita payload
    """
)
#: Keys under which exports name the columns of rows that are lists.
_COLUMN_KEYS: Final = ("columns", "fields", "header", "headers")
_TEXT_TYPES: Final = re.compile(r"(?:\w*Article|\w*Posting|Report|\w*NewsArticle|Review)", re.ASCII)
#: What values are called that name their type.
_TYPES: Final = frozenset(
    (
        *("stringValue", "integerValue", "doubleValue", "booleanValue", "timestampValue"),
        *("arrayValue", "mapValue", "referenceValue", "nullValue", "geoPointValue"),
        *("S", "N", "SS", "NS", "L", "M", "BOOL", "NULL"),
    )
)
#: Keys under which records have their texts in several languages, and those that name each.
_TRANSLATIONS: Final = ("translations", "localizations", "locales", "terjemahan")
_LANGUAGES: Final = ("languages_code", "language_code", "language", "langcode", "locale", "lang")
_CODES: Final = frozenset(("id", "en", "ar", "zh", "ms", "jv", "su", "nl", "ja", "ko", "fr", "de"))
_NOTHING: Final = ("nullValue", "NULL")
#: Members of an object of articles that are examined to recognise it.
_LOOKED_AT: Final = 20
#: Members of an object that does nothing but list articles.
_FEW_KEYS: Final = 4


def find_articles(value: Any, keys: KeyMap, depth: int = 0) -> list[Mapping[str, Any]]:
    """The records in ``value`` that contain a text, in order; empty if none does."""
    if depth > MAX_WRAPPERS:
        return []
    if not isinstance(value, dict):
        return _find_in_list(value, keys, depth) if isinstance(value, list) else []
    value = _choose_translation(_take_off_types(value))
    rank = keys.rank_text(value)
    if rank == 2 and not _is_list_of_articles(value, keys):
        return [unwrap(value, keys)]
    graph = value.get("@graph")
    if isinstance(graph, list):
        return find_in_graph(graph, keys)
    found = (
        _find_in_columns(value, keys)
        or _find_in_lists(value, keys, depth)
        or _find_by_id(value, keys)
        or _find_wrapped(value, keys, depth)
    )
    return found or ([value] if rank else [])


def _is_list_of_articles(value: Mapping[str, Any], keys: KeyMap) -> bool:
    """Whether what seems the text of ``value`` are articles: ``{"berita": [{"judul": …}]}``."""
    if len(value) > _FEW_KEYS or keys.stands_alone(value):
        return False
    first = [one[0] for one in value.values() if isinstance(one, list) and one]
    return any(
        isinstance(one, dict) and keys.rank_text(one) == 2 and keys.stands_alone(one)
        for one in first
    )


def _take_off_types(value: dict[str, Any]) -> dict[str, Any]:
    """``value`` with values that name their type each (Firestore, DynamoDB) as they are."""
    if not value:
        return value
    if all(map(_is_described, value.values())):
        return {key: one.get("value", one.get(one["type"])) for key, one in value.items()}
    if not all(map(_is_typed, value.values())):
        return value
    return {key: _take_off_type(one) for key, one in value.items()}


def _choose_translation(value: dict[str, Any]) -> dict[str, Any]:
    """``value`` with what one of its translations says: the Indonesian one, or else the first."""
    if any(map(_is_in_languages, value.values())):
        return {key: one["id"] if _is_in_languages(one) else one for key, one in value.items()}
    for key in _TRANSLATIONS:
        listed = value.get(key)
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            continue
        named = [(str(one[name]), one) for one in listed for name in _LANGUAGES if name in one]
        if named and len(named) == len(listed):
            _, chosen = min(named, key=lambda one: not one[0].lower().startswith("id"))
            beside = {name: one for name, one in value.items() if name != key}
            return {**chosen, **{name: one for name, one in beside.items() if one is not None}}
    return value


def _is_in_languages(value: Any) -> bool:
    """Whether ``value`` is a text in Indonesian and another language: ``{"id": …, "en": …}``."""
    return (
        isinstance(value, dict)
        and "id" in value
        and len(value) > 1
        and all(key in _CODES and isinstance(one, str) for key, one in value.items())
    )


def _is_described(value: Any) -> bool:
    """Whether ``value`` is one element of a page with its type, as Kontent writes each, and
    Notion: ``{"type": "select", "select": {"name": "Daerah"}}``.
    """
    kind = value.get("type") if isinstance(value, dict) else None
    return isinstance(kind, str) and ("value" in value or kind in value)


def _is_typed(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and not _TYPES.isdisjoint(value)


def _take_off_type(value: Any, depth: int = 0) -> Any:
    if not _is_typed(value) or depth > MAX_WRAPPERS:
        return value
    kind, inner = next(iter(value.items()))
    if kind in _NOTHING:
        return None
    if isinstance(inner, dict):
        inner = inner.get("values", inner.get("fields", inner))
    if isinstance(inner, list):
        return [_take_off_type(one, depth + 1) for one in inner]
    if isinstance(inner, dict):
        return {key: _take_off_type(one, depth + 1) for key, one in inner.items()}
    return inner


def name_columns(row: Sequence[Any], keys: KeyMap) -> list[str]:
    """The columns named by ``row``, if it is the header of a table; otherwise empty."""
    names = [str(one.get("name", "")) if isinstance(one, Mapping) else one for one in row]
    texts = [name for name in names if isinstance(name, str)]
    return texts if len(texts) == len(row) > 1 and keys.finds_text(texts) else []


def find_columns(value: Mapping[str, Any], keys: KeyMap) -> list[str]:
    """The columns that an object names for its rows; empty if it names none."""
    for key in _COLUMN_KEYS:
        named = value.get(key)
        if isinstance(named, list) and named:
            return name_columns(named, keys)
    return []


def find_in_graph(graph: Sequence[Any], keys: KeyMap) -> list[Mapping[str, Any]]:
    """The articles of a JSON-LD graph, with ``@id`` references resolved."""
    nodes = [node for node in graph if isinstance(node, Mapping)]
    by_id = {str(node["@id"]): node for node in nodes if "@id" in node}
    found: list[Mapping[str, Any]] = []
    for node in nodes:
        if is_article_type(node) or (node.get("@type") is None and keys.rank_text(node)):
            found.append({key: _resolve(inner, by_id) for key, inner in node.items()})
    return found


def is_article_type(node: Mapping[str, Any]) -> bool:
    """Whether a JSON-LD node is declared to be an article."""
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _TEXT_TYPES.fullmatch(kind) for kind in kinds)


def _resolve(value: Any, by_id: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_resolve(one, by_id) for one in value]
    if isinstance(value, Mapping) and len(value) <= 2 and "@id" in value:
        return by_id.get(str(value["@id"]), value)
    return value


def _find_in_list(values: list[Any], keys: KeyMap, depth: int) -> list[Mapping[str, Any]]:
    if values and isinstance(values[0], list):
        columns = name_columns(values[0], keys)
        if columns:
            return _name_rows(columns, values[1:])
    return [found for one in values for found in find_articles(one, keys, depth + 1)]


def _name_rows(columns: list[str], rows: Sequence[Any]) -> list[Mapping[str, Any]]:
    return [dict(zip(columns, row, strict=False)) for row in rows if isinstance(row, list)]


def _find_in_columns(value: Mapping[str, Any], keys: KeyMap) -> list[Mapping[str, Any]]:
    """Rows of an object that names columns, or that has one list per column (pandas)."""
    columns = find_columns(value, keys)
    if columns:
        for key, rows in value.items():
            if fold_key(key) in LIST_KEYS and isinstance(rows, list) and rows:
                return _name_rows(columns, rows)
    inner = list(value.values())
    if len(inner) < 2 or not all(isinstance(one, dict) for one in inner) or not inner[0]:
        return []
    numbers = inner[0].keys()
    if not keys.finds_text(value) or any(one.keys() != numbers for one in inner):
        return []
    return [{name: column[number] for name, column in value.items()} for number in numbers]


def _find_in_lists(value: Mapping[str, Any], keys: KeyMap, depth: int) -> list[Mapping[str, Any]]:
    """Articles in the lists of an object: in those with a telling name, otherwise in any that
    contain texts.
    """
    lists = {
        key: one
        for key, one in value.items()
        if isinstance(one, list) and any(isinstance(inner, dict | list) for inner in one[:3])
    }
    named = [key for key in lists if fold_key(key) in LIST_KEYS]
    for chosen in (named, [key for key in lists if key not in named]):
        articles = [one for key in chosen for one in find_articles(lists[key], keys, depth + 1)]
        for rank in (2, 1):
            found = [one for one in articles if keys.rank_text(one) >= rank]
            # The blocks of one text do not each have a title or date.
            if found and (chosen is named or any(map(keys.stands_alone, found))):
                return found
    return []


def _find_by_id(value: Mapping[str, Any], keys: KeyMap) -> list[Mapping[str, Any]]:
    """Articles of an object that has each under its id."""
    inner = list(value.items())
    if not inner or not all(is_entry(one, keys) for _, one in inner[:_LOOKED_AT]):
        return []
    if len(inner) == 1 and not _is_id(inner[0][0]):
        return []
    return [name_entry(key, one) for key, one in inner if isinstance(one, Mapping)]


def is_entry(value: Any, keys: KeyMap) -> bool:
    """Whether ``value`` may be one article of an object that has each under its id."""
    return isinstance(value, Mapping) and keys.rank_text(value) > 0


def name_entry(key: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record of an article that is stored under its id."""
    return value if "id" in value or "_id" in value else {"id": key, **value}


def _is_id(key: str) -> bool:
    """Whether a key identifies a single thing: a number, a hash, an address."""
    return any(char.isdigit() for char in key) or "/" in key or key.startswith("-")


def _find_wrapped(value: Mapping[str, Any], keys: KeyMap, depth: int) -> list[Mapping[str, Any]]:
    """The article that an object wraps, with the members beside it; or the articles."""
    for key, inner in value.items():
        if not isinstance(inner, Mapping):
            continue
        found = find_articles(inner, keys, depth + 1)
        if len(found) > 1:
            return found
        if found and (fold_key(key) in _WRAPPERS or keys.rank_text(found[0]) == 2):
            beside = {name: one for name, one in value.items() if name != key}
            return [{**beside, **found[0]}]
    return []


#: Keys of a title that no page or component in an editor has as its own name.
_TITLES: Final = frozenset(("title", "judul", "headline"))
#: Keys under which records keep their metadata.
_METADATA: Final = ("meta", "metadata", "info")
#: Keys under which exports wrap a whole record.
_WRAPPERS: Final = list_words(
    """
    source attributes fields elements node properties doc article post data item entry content
    berita artikel
    """
)


def unwrap_unnamed(value: Mapping[str, Any], keys: KeyMap) -> Mapping[str, Any]:
    """``value``, none of whose keys means a text, or the record that it wraps: ``_source``."""
    for key, inner in value.items():
        if isinstance(inner, dict) and fold_key(key) in _WRAPPERS and keys.stands_alone(inner):
            return {**{name: one for name, one in value.items() if name != key}, **inner}
    return value


def _lift_metadata(value: Mapping[str, Any], keys: KeyMap) -> Mapping[str, Any]:
    """``value`` with what an object in it says of the whole record."""
    for key in _METADATA:
        inner = value.get(key)
        if isinstance(inner, dict) and keys.stands_alone(inner):
            return {**inner, **{name: one for name, one in value.items() if name != key}}
    return value


def unwrap(value: Mapping[str, Any], keys: KeyMap) -> Mapping[str, Any]:
    """``value``, or the article that its text key wraps as a whole, for instance with a title; with
    what its metadata say.
    """
    return _lift_metadata(_unwrap(value, keys), keys)


def _unwrap(value: Mapping[str, Any], keys: KeyMap) -> Mapping[str, Any]:
    for key in value:
        inner = value[key]
        if isinstance(inner, dict) and len(inner) > 1 and fold_key(key) in _WRAPPERS:
            below = keys.rename(inner).values
            above = keys.rename({name: one for name, one in value.items() if name != key}).values
            if (
                "body" in below
                and "title" in below
                and "body" not in above
                and ("title" not in above or not _TITLES.isdisjoint(inner.keys() - value.keys()))
            ):
                beside = {name: one for name, one in value.items() if name != key}
                return {**beside, **inner}
    return value
