"""How does a browser use a key without keeping it? It exchanges the key for a session: a signed
token for a cookie, valid for half a day and no longer than the key.
"""

from __future__ import annotations

import hmac
import time
from hashlib import sha256

import jwt

from searchsvc.access.gate import Access, KeyRefused, NotAllowed
from searchsvc.access.keys import KeyNotFound
from searchsvc.access.rights import MASTER, Rights

VALID_SECONDS = 43_200

_ALGORITHM = "HS256"
_AUDIENCE = "searchsvc-session"
#: Stands for the master key, which has no uid.
_MASTER = "master"


def open_session(access: Access, credential: str, *, origin: str = "") -> str:
    """The token for a key, or the master key. Raises KeyMissing, KeyRefused, NotAllowed if it is
    for pages of other origins or a tenant token, DatabaseUnusable.
    """
    rights = access.rights_of(credential, origin=origin)
    if rights.rules is not None or not (rights.is_master or rights.key):
        raise NotAllowed("sessions", reason="only keys open sessions")
    subject = _MASTER if rights.key is None else rights.key.uid
    claims = {"sub": subject, "aud": _AUDIENCE, "exp": int(time.time()) + VALID_SECONDS}
    return jwt.encode(claims, _derive_secret(access), algorithm=_ALGORITHM)


def read_session(access: Access, token: str, *, origin: str = "") -> Rights:
    """The rights of the key that the token was issued for, as they are now. Raises KeyRefused if
    the token or the key is not valid any more, NotAllowed, DatabaseUnusable.
    """
    if not access.has_master_key:
        raise KeyRefused
    try:
        claims = jwt.decode(
            token, _derive_secret(access), algorithms=[_ALGORITHM], audience=_AUDIENCE
        )
        subject = str(claims["sub"])
        if subject == _MASTER:
            return MASTER
        return access.rights_of(access.keys.secret_of(access.keys.get(subject)), origin=origin)
    except (jwt.PyJWTError, KeyNotFound, KeyError, ValueError, RecursionError) as error:
        raise KeyRefused from error


def _derive_secret(access: Access) -> bytes:
    """The secret of sessions: knowing it reveals no key."""
    return hmac.new(access.master_bytes, _AUDIENCE.encode(), sha256).digest()
