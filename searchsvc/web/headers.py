"""Which headers does every response carry? What a browser may do with it, and who may read it."""

from __future__ import annotations

import re

from flask import Response, request

from searchsvc.settings import Settings

#: Nothing from other origins except pictures of articles, no inline scripts or styles, no framing
#: by other sites. Fonts come from the service itself or are part of the site's own CSS.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: https: http:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)

SECURITY_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
)

#: Paths that pages of other origins may read.
_SHARED_PATHS = ("/api/", "/static/")
#: Parts of the service that pages of other origins may not read, nor unknown addresses.
_OWN_PARTS = (None, "page", "system", "insight_page")

#: Request headers allowed for clients, besides those always allowed; further ones by prefix.
_CLIENT_HEADERS = ("Accept", "Authorization", "Content-Type", "Content-Encoding", "If-None-Match")
_CLIENT_PREFIX = "x-meili"
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,80}")

#: A day: how long a browser may cache a preflight.
_PREFLIGHT_SECONDS = "86400"


def add_headers(response: Response, settings: Settings) -> Response:
    """``response`` with the security headers, and the CORS headers if its path is shared."""
    headers = response.headers
    for name, value in SECURITY_HEADERS:
        headers[name] = value
    if response.mimetype == "text/html":
        headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    if request.path.startswith(_SHARED_PATHS) or request.blueprint not in _OWN_PARTS:
        _add_cors(response, settings.cors_origins)
    return response


def _add_cors(response: Response, origins: tuple[str, ...]) -> None:
    if not origins:
        return
    headers = response.headers
    if "*" in origins:
        headers["Access-Control-Allow-Origin"] = "*"
    else:
        response.vary.add("Origin")
        origin = request.headers.get("Origin", "")
        # Browsers send no trailing slash, but people who copy an address may include one.
        if origin.lower() not in (one.rstrip("/").lower() for one in origins):
            return
        headers["Access-Control-Allow-Origin"] = origin
    headers["Access-Control-Expose-Headers"] = "ETag, Location, Retry-After"
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow))
        headers["Access-Control-Allow-Headers"] = ", ".join(list_allowed_headers())
        headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS


def list_allowed_headers() -> list[str]:
    """Request headers allowed for a page of another origin, including matching ones it asks for."""
    asked = request.headers.get("Access-Control-Request-Headers", "").split(",")
    more = [name.strip() for name in asked if name.strip().lower().startswith(_CLIENT_PREFIX)]
    return [*_CLIENT_HEADERS, *(name for name in more[:20] if _HEADER_NAME.fullmatch(name))]
