"""How many requests may one client send? Counted by key, by address, or by both together."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse_many

from indexer.errors import IndexerError
from searchsvc.setting import InvalidSetting
from searchsvc.settings import Settings
from searchsvc.web.guard import find_rights, read_credential

#: Paths that cost nothing, and health checks.
_FREE_PATHS = ("/healthz", "/readyz", "/health", "/static/")


def limit_rates(app: Flask, settings: Settings) -> None:
    """Answer 429 to clients that exceed the configured limit. Raises InvalidSetting."""
    if not settings.rate_limit:
        return
    try:
        parse_many(settings.rate_limit)
    except ValueError as error:
        told = "write it as 20/second;600/minute."
        raise InvalidSetting("rate_limit", settings.rate_limit, told) from error
    try:
        Limiter(
            find_client,
            app=app,
            application_limits=[settings.rate_limit],
            application_limits_exempt_when=is_free,
            storage_uri=settings.rate_limit_storage,
            # Without Redis, each process counts separately rather than blocking everyone.
            in_memory_fallback_enabled=True,
            headers_enabled=True,
        )
    except Exception as error:
        raise InvalidSetting(
            "rate_limit_storage", settings.rate_limit_storage, f"it cannot be used ({error})."
        ) from error


def find_client() -> str:
    """The client that this request counts for: its key, if valid, otherwise its address.

    Keys that only read are in pages, so that all readers send the same: they count per address.
    """
    if read_credential():
        with suppress(IndexerError):
            rights = find_rights()
            if rights.key is not None:
                uid = rights.key.uid
                return f"{uid} {get_remote_address()}" if rights.only_read else uid
            if rights.is_master:
                return "master"
    return get_remote_address()


def is_free() -> bool:
    """Whether this request does not count."""
    return request.method == "OPTIONS" or request.path.startswith(_FREE_PATHS)
