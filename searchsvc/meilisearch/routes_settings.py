"""How are settings read and changed? All of them, and each separately."""

from __future__ import annotations

from typing import Any

from flask import Response

from searchsvc.data_folder import check_name
from searchsvc.meilisearch.blueprint import meilisearch, read_body, send
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.gate import allow_whole, allow_writing
from searchsvc.meilisearch.host import find_host, find_settings
from searchsvc.meilisearch.index_settings import DEFAULTS, ROUTES, read_setting, read_settings
from searchsvc.meilisearch.kinds import write_payload
from searchsvc.meilisearch.task_view import show_summary

_SETTINGS = "/indexes/<uid>/settings"


@meilisearch.get(_SETTINGS)
def get_settings(uid: str) -> Response:
    """All settings in effect."""
    allow_whole("settings.get", uid)
    settings = find_settings(find_host().for_index(uid))
    # Like Meilisearch, which lists foreign keys only if they are enabled.
    return send({name: value for name, value in settings.items() if name != "foreignKeys"})


@meilisearch.patch(_SETTINGS)
def update_settings(uid: str) -> Response:
    """Queue a change of settings."""
    allow_writing("settings.update", check_name(uid))
    return _order(uid, read_settings(read_body(large=True)))


@meilisearch.delete(_SETTINGS)
def reset_settings(uid: str) -> Response:
    """Queue the reset of all settings."""
    allow_writing("settings.update", check_name(uid))
    return _order(uid, dict.fromkeys(DEFAULTS))


@meilisearch.get(f"{_SETTINGS}/<route>")
def get_setting(uid: str, route: str) -> Response:
    """One setting."""
    allow_whole("settings.get", uid)
    return send(find_settings(find_host().for_index(uid))[_find_name(route)])


@meilisearch.route(f"{_SETTINGS}/<route>", methods=["PUT", "PATCH"])
def update_setting(uid: str, route: str) -> Response:
    """Queue a change of one setting."""
    allow_writing("settings.update", check_name(uid))
    name = _find_name(route)
    return _order(uid, {name: read_setting(name, read_body(large=True), "")})


@meilisearch.delete(f"{_SETTINGS}/<route>")
def reset_setting(uid: str, route: str) -> Response:
    """Queue the reset of one setting."""
    allow_writing("settings.update", check_name(uid))
    return _order(uid, {_find_name(route): None})


def _find_name(route: str) -> str:
    """The setting with this address. Raises ProtocolError."""
    if route not in ROUTES:
        raise ProtocolError("not_found", f"There is no setting `{route[:80]}`.")
    return ROUTES[route]


def _order(uid: str, settings: dict[str, Any]) -> Response:
    payload = write_payload({"settings": settings})
    task = find_host().queue.add("settingsUpdate", index=uid, payload=payload, details=settings)
    return send(show_summary(task), 202)
