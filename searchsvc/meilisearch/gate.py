"""Is this request allowed? With a master key, everything except ``/health`` requires a key."""

from __future__ import annotations

from typing import Any

from flask import g, request

from searchsvc.access.gate import NotAllowed, WritesOff, find_origin
from searchsvc.access.rights import Rights
from searchsvc.meilisearch.host import find_host

_BEARER = "bearer "


def allow(action: str, index: str = "") -> Rights:
    """The rights of this request, which allow ``action`` on the index, or at all. Raises
    NotAllowed, KeyMissing, KeyRefused, DatabaseUnusable.
    """
    rights = _find_rights()
    if not rights.may(action, index):
        raise NotAllowed(action, index)
    return rights


def allow_writing(action: str, index: str = "") -> Rights:
    """Like :func:`allow`, for an action that changes something, or reveals keys. Also raises
    WritesOff.
    """
    if not find_host().access.has_master_key:
        raise WritesOff
    return allow_whole(action, index)


def allow_whole(action: str, index: str = "") -> Rights:
    """Like :func:`allow`, for an action that concerns all articles: also raises NotAllowed if the
    rights are limited to a part of them.
    """
    rights = allow(action, index)
    if rights.filters:
        raise NotAllowed(action, reason="it is limited to a part of the articles")
    return rights


def find_rule(rights: Rights, index: str) -> Any:
    """The filter that a tenant token imposes on searches of the index, or ``None``."""
    rule = rights.rule_for(index)
    return rule.get("filter") if isinstance(rule, dict) else None


def _find_rights() -> Rights:
    known: Rights | None = g.get("rights")
    if known is None:
        sent = request.headers.get("Authorization", "")
        bearer = sent[: len(_BEARER)].lower() == _BEARER
        credential = sent[len(_BEARER) :].strip() if bearer else ""
        origin = find_origin(request.headers.get("Origin", ""), request.headers.get("Referer", ""))
        credential = credential or request.headers.get("X-Meili-API-Key", "")
        known = g.rights = find_host().access.rights_of(credential or None, origin=origin)
    return known
