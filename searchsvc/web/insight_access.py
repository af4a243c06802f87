"""Who may see what readers search for? Holders of a key that allows ``insight``: programs send it,
browsers exchange it for a session.
"""

from __future__ import annotations

from flask import Response, g, request, url_for

from searchsvc.access.gate import NotAllowed, find_origin
from searchsvc.access.rights import Rights
from searchsvc.access.session import VALID_SECONDS, open_session, read_session
from searchsvc.web.guard import allow
from searchsvc.web.service import base_service, current_index

ACTION = "insight"
_COOKIE = "searchsvc_insight"


def allow_insight() -> Rights:
    """The rights of this request, whose key allows insight into its index. Raises KeyMissing,
    KeyRefused, NotAllowed, DatabaseUnusable.
    """
    if not base_service().access.has_master_key:
        raise NotAllowed(ACTION, reason="there are no keys without SEARCHSVC_MASTER_KEY")
    return _refuse_filtered(allow(ACTION))


def allow_session() -> Rights:
    """The same for a browser's session. Raises KeyRefused if there is none that is valid."""
    token = request.cookies.get(_COOKIE, "")
    rights = read_session(base_service().access, token, origin=_read_origin())
    g.rights = rights
    return _check(rights)


def start_session(response: Response, key: str) -> None:
    """Give the browser a session for ``key``. Raises KeyMissing, KeyRefused, NotAllowed,
    DatabaseUnusable.
    """
    access = base_service().access
    token = open_session(access, key, origin=_read_origin())
    _check(read_session(access, token, origin=_read_origin()))
    response.set_cookie(
        _COOKIE,
        token,
        max_age=VALID_SECONDS,
        path=_find_path(),
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
    )


def end_session(response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(
        _COOKIE, path=_find_path(), secure=request.is_secure, httponly=True, samesite="Strict"
    )


def _check(rights: Rights) -> Rights:
    index = current_index()
    if not rights.may(ACTION, index):
        raise NotAllowed(ACTION, index)
    return _refuse_filtered(rights)


def _refuse_filtered(rights: Rights) -> Rights:
    if rights.filters:
        raise NotAllowed(ACTION, reason="it is limited to a part of the articles")
    return rights


def _read_origin() -> str:
    return find_origin(request.headers.get("Origin", ""), request.headers.get("Referer", ""))


def _find_path() -> str:
    return url_for("insight_page.show_insight")
