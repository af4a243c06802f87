"""Is this request allowed? Its credential is checked against the action."""

from __future__ import annotations

from flask import g, request

from searchsvc.access.gate import NotAllowed, WritesOff, find_origin
from searchsvc.access.rights import READER, Rights
from searchsvc.web.service import base_service, current_index

_BEARER = "bearer "


def read_credential() -> str | None:
    """The key or token of this request: ``Authorization: Bearer …``, or a header that Meilisearch
    clients once sent. ``None`` if there is none.
    """
    sent = request.headers.get("Authorization", "")
    if sent[: len(_BEARER)].lower() == _BEARER:
        return sent[len(_BEARER) :].strip() or None
    return request.headers.get("X-Meili-API-Key") or None


def find_rights() -> Rights:
    """The rights of this request. Raises KeyMissing, KeyRefused, NotAllowed if its key is for pages
    of other origins, DatabaseUnusable.
    """
    known: Rights | None = g.get("rights")
    if known is None:
        origin = find_origin(request.headers.get("Origin", ""), request.headers.get("Referer", ""))
        known = g.rights = base_service().access.rights_of(read_credential(), origin=origin)
    return known


def allow(action: str) -> Rights:
    """The rights of this request, which allow ``action`` on its index. Raises NotAllowed, and what
    :func:`find_rights` raises.
    """
    rights = find_rights()
    index = current_index()
    if not rights.may(action, index):
        raise NotAllowed(action, index)
    return rights


def allow_reading(*actions: str) -> Rights:
    """The rights of this request, which allow one of ``actions``, as anyone's do if reads are open;
    but a request with a key is limited to its rights. Raises what :func:`allow` raises.
    """
    if base_service().access.reads_open and read_credential() is None:
        return READER
    rights = find_rights()
    index = current_index()
    if not any(rights.may(action, index) for action in actions):
        raise NotAllowed(actions[0], index)
    if rights.rules is not None and rights.rule_for(index):
        raise NotAllowed(actions[0], index, "its token has a filter, which is Meilisearch's")
    return rights


def allow_writing(action: str) -> Rights:
    """Like :func:`allow`, for an action that changes something. Also raises WritesOff."""
    if not base_service().access.has_master_key:
        raise WritesOff
    rights = allow(action)
    if rights.filters:
        raise NotAllowed(action, reason="it is limited to a part of the articles")
    return rights


def refuse_partial(rights: Rights, what: str) -> None:
    """Raise NotAllowed if the rights are limited to a part of the articles: ``what`` is computed
    from all of them.
    """
    if rights.filters:
        raise NotAllowed(what, reason="it is limited to a part of the articles")
