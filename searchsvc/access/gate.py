"""Which requests are let in? From a request's credential to its rights."""

from __future__ import annotations

import hmac
from datetime import datetime, timezone
from ipaddress import ip_address
from urllib.parse import urlsplit

from indexer.errors import IndexerError
from searchsvc.access.keys import Key, KeyStore
from searchsvc.access.rights import MASTER, READER, Rights
from searchsvc.access.tenant_token import (
    TokenInvalid,
    find_key_uid,
    looks_like_token,
    read_rules,
)
from searchsvc.setting import InvalidSetting
from searchsvc.settings import Settings


class KeyMissing(IndexerError):
    """A key is required, and the request has none."""

    def __init__(self) -> None:
        super().__init__("Send a key, as Authorization: Bearer KEY.")


class KeyRefused(IndexerError):
    """The key is unknown or expired; the message does not say which."""

    def __init__(self) -> None:
        super().__init__("The key is not valid: there is none such, or it has expired.")


class NotAllowed(IndexerError):
    """The key does not allow the request."""

    def __init__(self, action: str, index: str = "", reason: str = "") -> None:
        self.action = action
        on = f" on the index {index!r}" if index else ""
        super().__init__(f"The key does not allow {action}{on}{reason and f': {reason}'}.")


class WritesOff(IndexerError):
    """Without a master key there are no keys, so nothing can be written over HTTP."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing is written over HTTP here: the service was started without a master key."
        )


class Access:
    """The access rules of a service with these ``settings``. Raises
    InvalidSetting where reads need keys that there cannot be.
    """

    def __init__(self, settings: Settings) -> None:
        if settings.reads == "key" and not settings.master_key:
            told = "there are no keys without a master key (SEARCHSVC_MASTER_KEY)."
            raise InvalidSetting("reads", settings.reads, told)
        self._master_key = settings.master_key
        self.keys = KeyStore(settings.data_folder, settings.master_key)
        self.reads_open = are_reads_open(settings)

    @property
    def has_master_key(self) -> bool:
        return bool(self._master_key)

    def rights_of(self, credential: str | None, *, origin: str = "") -> Rights:
        """The rights of a request with ``credential`` (a key, the master key, a tenant token, or
        none) from a page of ``origin``. Raises KeyMissing, KeyRefused, DatabaseUnusable.
        """
        if not self.has_master_key:
            return READER
        if not credential:
            raise KeyMissing
        if hmac.compare_digest(credential.encode("utf-8", "surrogatepass"), self.master_bytes):
            return MASTER
        key = self.keys.find(credential)
        if key is not None:
            _check_key(key, origin)
            return Rights(key, actions=key.actions)
        if looks_like_token(credential):
            return self._read_token(credential, origin)
        raise KeyRefused

    @property
    def master_bytes(self) -> bytes:
        """The master key, for deriving other secrets."""
        return self._master_key.encode("utf-8", "surrogatepass")

    def _read_token(self, token: str, origin: str) -> Rights:
        try:
            key = self.keys.get(find_key_uid(token))
            rules = read_rules(token, self.keys.secret_of(key))
        except (TokenInvalid, IndexerError) as error:
            raise KeyRefused from error
        _check_key(key, origin)
        allowed = Rights(key, actions=key.actions)
        if not allowed.may("search"):
            raise KeyRefused
        return Rights(key, actions=("search",), rules=rules)


def _check_key(key: Key, origin: str) -> None:
    """Raise KeyRefused if it has expired, NotAllowed if it is for pages of other origins."""
    if key.expiry is not None and key.expiry <= datetime.now(timezone.utc):
        raise KeyRefused
    if not key.is_for(origin):
        raise NotAllowed("requests", reason="it is for pages of other origins")


def find_origin(origin: str, referrer: str) -> str:
    """The origin of the requesting page according to the headers; empty if there is none."""
    if origin:
        return origin
    try:
        parts = urlsplit(referrer)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def are_reads_open(settings: Settings) -> bool:
    """Whether anyone may search."""
    if settings.reads == "auto":
        return not settings.master_key or is_loopback(settings.host)
    return settings.reads == "open"


def is_loopback(host: str) -> bool:
    """Whether the address is reachable only from this machine.

    >>> [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "10.0.0.7")]
    [True, True, True, False, False]
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
