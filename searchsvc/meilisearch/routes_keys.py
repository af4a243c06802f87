"""How are keys listed, read, created, renamed and revoked?"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Final
from uuid import UUID

from flask import Response, request

from searchsvc.access.gate import NotAllowed
from searchsvc.access.keys import Key, make_uid
from searchsvc.access.new_key import exceeds
from searchsvc.access.rights import ACTIONS
from searchsvc.meilisearch.blueprint import meilisearch, read_body, send, send_nothing
from searchsvc.meilisearch.errors import ProtocolError, write_snake_case
from searchsvc.meilisearch.gate import allow_writing
from searchsvc.meilisearch.host import find_host
from searchsvc.meilisearch.paging import read_page, show_page
from searchsvc.meilisearch.reading import (
    fail_kind,
    fail_value,
    read_object,
    read_string,
    read_strings,
    refuse_unknown,
)
from searchsvc.meilisearch.times import format_time

_FIELDS: Final = ("description", "name", "uid", "actions", "indexes", "expiresAt")
_MUTABLE: Final = ("description", "name")
_IMMUTABLE: Final = ("uid", "actions", "indexes", "expiresAt", "createdAt", "updatedAt", "key")


def show_key(key: Key) -> dict[str, Any]:
    """A key in response form, including its secret."""
    return {
        "name": key.name,
        "description": key.description,
        "key": find_host().access.keys.secret_of(key),
        "uid": key.uid,
        "actions": list(key.actions),
        "indexes": list(key.indexes),
        "expiresAt": key.expires_at or None,
        "createdAt": key.created_at,
        "updatedAt": key.updated_at,
    }


@meilisearch.get("/keys")
def list_keys() -> Response:
    """All keys, the newest first."""
    allow_writing("keys.get")
    offset, limit = read_page(request.args, "api_key")
    page = show_page(find_host().access.keys.list(), offset, limit)
    page["results"] = list(map(show_key, page["results"]))
    return send(page)


@meilisearch.get("/keys/<uid_or_key>")
def get_key(uid_or_key: str) -> Response:
    """One key."""
    allow_writing("keys.get")
    return send(show_key(find_host().access.keys.get(uid_or_key)))


@meilisearch.post("/keys")
def create_key() -> Response:
    """Create a key."""
    rights = allow_writing("keys.create")
    body = read_object(read_body())
    refuse_unknown(body, _FIELDS)
    for name in ("actions", "indexes", "expiresAt"):
        if name not in body:
            raise ProtocolError(
                f"missing_api_key_{write_snake_case(name)}", f"Missing field `{name}`"
            )
    key = Key(
        uid=_read_uid(body.get("uid")),
        actions=_read_actions(body["actions"]),
        indexes=_read_indexes(body["indexes"]),
        name=_read_text(body, "name"),
        description=_read_text(body, "description"),
        expires_at=_read_expiry(body["expiresAt"]),
    )
    if exceeds(key, rights):
        raise NotAllowed("keys.create", reason="it does not allow all of that itself")
    return send(show_key(find_host().access.keys.create(key)), 201)


@meilisearch.patch("/keys/<uid_or_key>")
def update_key(uid_or_key: str) -> Response:
    """Change a key's name or description."""
    allow_writing("keys.update")
    body = read_object(read_body())
    for name in body:
        if name in _IMMUTABLE:
            told = f"Immutable field `{name}`: expected one of `description`, `name`"
            raise ProtocolError(f"immutable_api_key_{write_snake_case(name)}", told)
    refuse_unknown(body, _MUTABLE)
    changes = {name: _read_text(body, name) for name in body}
    return send(show_key(find_host().access.keys.rename(uid_or_key, changes)))


@meilisearch.delete("/keys/<uid_or_key>")
def delete_key(uid_or_key: str) -> Response:
    """Revoke a key."""
    allow_writing("keys.delete")
    find_host().access.keys.delete(uid_or_key)
    return send_nothing()


def _read_text(body: dict[str, Any], name: str) -> str | None:
    value = body.get(name)
    return None if value is None else read_string(value, f".{name}", f"invalid_api_key_{name}")


def _read_uid(value: Any) -> str:
    if value is None:
        return make_uid()
    text = read_string(value, ".uid", "invalid_api_key_uid")
    try:
        return str(UUID(text))
    except ValueError as error:
        raise fail_value(".uid", "invalid_api_key_uid", str(error)) from None


def _read_actions(value: Any) -> tuple[str, ...]:
    code = "invalid_api_key_actions"
    actions = read_strings(value, ".actions", code)
    for number, action in enumerate(actions):
        if action not in ACTIONS:
            known = ", ".join(f"`{one}`" for one in ACTIONS)
            raise ProtocolError(
                code,
                f"Unknown value `{action[:80]}` at `.actions[{number}]`: expected one of {known}",
            )
    return tuple(actions)


def _read_indexes(value: Any) -> tuple[str, ...]:
    code = "invalid_api_key_indexes"
    patterns = read_strings(value, ".indexes", code)
    for number, pattern in enumerate(patterns):
        name = pattern.removesuffix("*")
        if not all(one.isascii() and (one.isalnum() or one in "-_") for one in name):
            told = f"`{pattern[:80]}` is not a valid index uid pattern."
            raise fail_value(f".indexes[{number}]", code, told)
    return tuple(patterns)


def _read_expiry(value: Any) -> str:
    """A future time in UTC; empty for never."""
    code = "invalid_api_key_expires_at"
    if value is None:
        return ""
    if not isinstance(value, str):
        raise fail_kind(value, ".expiresAt", code, "a string")
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        utc = zoned.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise fail_value(
            ".expiresAt",
            code,
            f"`{value[:80]}` is not a valid date. It should follow the RFC 3339 format to "
            "represents a date or datetime in the future or specified as a null value. e.g. "
            "'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM:SS'.",
        ) from None
    if utc <= datetime.now(timezone.utc):
        raise fail_value(".expiresAt", code, f"`{value[:80]}` is not in the future.")
    return format_time(utc)
