"""Which values may a new key have? Validated, from a program or a command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any
from uuid import UUID

from indexer.errors import IndexerError
from indexer.schema import LABEL_FACETS
from searchsvc.access.keys import Key, make_uid
from searchsvc.access.rights import ACTIONS, Rights, matches
from searchsvc.data_folder import InvalidIndexName, check_name

_MOST_VALUES = 100
_LONGEST_TEXT = 1_000


class KeyInvalid(IndexerError):
    """The field ``name`` of a key is invalid, for this ``reason``."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        super().__init__(f"This key is invalid: {name!r} {reason}.")


def read_key(values: Mapping[str, Any]) -> Key:
    """The key described by ``values``; not stored yet. Raises KeyInvalid."""
    known = tuple(_READERS)
    for name in values:
        if name not in known:
            raise KeyInvalid(name, f"is none of {', '.join(known)}")
    read: dict[str, Any] = {
        name: reader(name, values.get(name)) for name, reader in _READERS.items()
    }
    return Key(**read)


def read_change(values: Mapping[str, Any]) -> dict[str, str | None]:
    """The changes of a key. Raises KeyInvalid."""
    for name in values:
        if name not in ("name", "description"):
            raise KeyInvalid(name, "cannot be changed; make another key and revoke this one")
    return {name: _read_note(name, value) for name, value in values.items()}


def exceeds(key: Key, rights: Rights) -> bool:
    """Whether ``key`` allows anything beyond ``rights``: a key cannot grant more than its creator
    has, nor for longer, nor to pages of other origins.
    """
    if rights.is_master:
        return False
    mine = rights.key
    return mine is None or not (
        all(matches(rights.actions, action) for action in key.actions)
        and all(matches(mine.indexes, pattern) for pattern in key.indexes)
        and _ends_with(key, mine)
        and all(map(mine.is_for, key.origins or ("",)))
    )


def _ends_with(key: Key, other: Key) -> bool:
    """Whether ``key`` expires when ``other`` does, or before."""
    return other.expiry is None or (key.expiry is not None and key.expiry <= other.expiry)


def _read_uid(name: str, value: Any) -> str:
    if value is None:
        return make_uid()
    try:
        return str(UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise KeyInvalid(name, "must be a UUID") from None


def _read_note(name: str, value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or len(value) > _LONGEST_TEXT):
        raise KeyInvalid(name, f"must be a text of at most {_LONGEST_TEXT:,} characters")
    return value


def _read_texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise KeyInvalid(name, "must be a list of texts")
    if len(value) > _MOST_VALUES or any(not 0 < len(one) <= _LONGEST_TEXT for one in value):
        raise KeyInvalid(name, f"must have at most {_MOST_VALUES} texts, none of them empty")
    return tuple(dict.fromkeys(value))


def _read_actions(name: str, value: Any) -> tuple[str, ...]:
    actions = _read_texts(name, value)
    if not actions:
        raise KeyInvalid(name, "must name one or more, as in ['search']")
    for action in actions:
        if action not in ACTIONS:
            raise KeyInvalid(name, f"has {action[:80]!r}, which is none of {', '.join(ACTIONS)}")
    return actions


def _read_indexes(name: str, value: Any) -> tuple[str, ...]:
    patterns = _read_texts(name, ["*"] if value is None else value)
    if not patterns:
        raise KeyInvalid(name, "must name one or more; ['*'] means all")
    for pattern in patterns:
        if pattern != "*":
            try:
                check_name(pattern.removesuffix("*"))
            except InvalidIndexName as error:
                told = (
                    f"has {pattern[:80]!r}, which is no name of an index, nor the beginning of one"
                )
                raise KeyInvalid(name, told) from error
    return patterns


def _read_end(name: str, value: Any) -> str:
    if value is None:
        return ""
    try:
        moment = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
        moment = moment.astimezone(timezone.utc) if moment.tzinfo else moment
    except (ValueError, AttributeError, OverflowError):
        raise KeyInvalid(name, "must be a time, as in 2027-01-31T00:00:00Z") from None
    moment = moment.replace(tzinfo=timezone.utc)
    if moment <= datetime.now(timezone.utc):
        raise KeyInvalid(name, "must be a time to come")
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _read_origins(name: str, value: Any) -> tuple[str, ...]:
    origins = _read_texts(name, [] if value is None else value)
    for origin in origins:
        scheme, slashes, host = origin.partition("://")
        if scheme.lower() not in ("http", "https") or not slashes or not host.strip("/"):
            raise KeyInvalid(name, f"has {origin[:80]!r}; write one as https://www.example.id")
    return origins


def _read_filters(name: str, value: Any) -> dict[str, tuple[str, ...]]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise KeyInvalid(name, "must be an object, as in {'category': ['Hukum']}")
    filters = {}
    for facet, labels in value.items():
        if facet not in LABEL_FACETS:
            raise KeyInvalid(
                name, f"has {str(facet)[:80]!r}: it is none of {', '.join(LABEL_FACETS)}"
            )
        filters[facet] = _read_texts(name, [labels] if isinstance(labels, str) else labels)
        if not filters[facet]:
            raise KeyInvalid(name, f"has no label for {facet!r}")
    return filters


_READERS = {
    "uid": _read_uid,
    "name": _read_note,
    "description": _read_note,
    "actions": _read_actions,
    "indexes": _read_indexes,
    "expires_at": _read_end,
    "origins": _read_origins,
    "filters": _read_filters,
}
