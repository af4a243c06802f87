"""How are keys managed over HTTP? Created, listed, renamed, revoked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from searchsvc.access.gate import NotAllowed, WritesOff
from searchsvc.access.keys import Key
from searchsvc.access.new_key import exceeds, read_change, read_key
from searchsvc.access.rights import Rights
from searchsvc.query.unknown_parameters import refuse_misnamed
from searchsvc.web.body import read_object
from searchsvc.web.guard import find_rights
from searchsvc.web.service import base_service
from searchsvc.web.tasks_api import send_json

keys_api = Blueprint("keys_api", __name__)


@keys_api.get("/keys")
def list_keys() -> Response:
    """All keys, the newest first, without their secrets."""
    allow_keys("keys.get")
    return send_json({"keys": [describe_key(key) for key in base_service().access.keys.list()]})


@keys_api.get("/keys/<uid>")
def show_key(uid: str) -> Response:
    """One key, by its uid or secret."""
    allow_keys("keys.get")
    return send_json(describe_key(base_service().access.keys.get(uid)))


@keys_api.post("/keys")
def create_key() -> Response:
    """A new key; the only response that contains the secret."""
    rights = allow_keys("keys.create")
    key = read_key(read_object())
    if exceeds(key, rights):
        raise NotAllowed("keys.create", reason="it does not allow all of that itself")
    keys = base_service().access.keys
    made = keys.create(key)
    return send_json({**describe_key(made), "key": keys.secret_of(made)}, status=201)


@keys_api.patch("/keys/<uid>")
def rename_key(uid: str) -> Response:
    """Change the name or description of a key."""
    allow_keys("keys.update")
    return send_json(
        describe_key(base_service().access.keys.rename(uid, read_change(read_object())))
    )


@keys_api.delete("/keys/<uid>")
def revoke_key(uid: str) -> Response:
    """Revoke a key immediately."""
    allow_keys("keys.delete")
    return send_json(describe_key(base_service().access.keys.delete(uid)))


def allow_keys(action: str) -> Rights:
    """The rights of this request, which allow ``action``. Raises NotAllowed, WritesOff."""
    if not base_service().access.has_master_key:
        raise WritesOff
    rights = find_rights()
    if not rights.may(action) or rights.filters:
        raise NotAllowed(action)
    refuse_misnamed(request.args, ())
    return rights


def describe_key(key: Key) -> dict[str, Any]:
    """A key in response form."""
    return {
        "uid": key.uid,
        "name": key.name,
        "description": key.description,
        "actions": key.actions,
        "indexes": key.indexes,
        "expires_at": key.expires_at or None,
        "origins": key.origins,
        "filters": key.filters,
        "created_at": key.created_at,
        "updated_at": key.updated_at,
    }
