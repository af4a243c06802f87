"""What do machines request? Liveness, readiness, and the files of the page."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from searchsvc.web.conditional import JSON_TYPE, send_body
from searchsvc.web.service import current_service

system = Blueprint("system", __name__)

#: Addresses of assets change with their content, so they may be cached for a year; the widget's
#: does not, because other sites embed it in their pages.
_VERSIONED_SECONDS = 31_536_000
_PLAIN_SECONDS = 600


@system.get("/healthz")
def report_health() -> Response:
    """200 as long as the process responds at all."""
    return _send({"status": "ok"})


@system.get("/readyz")
def report_readiness() -> Response:
    """200 with the generation and its articles; 503 while the index cannot be read."""
    with current_service().index.snapshot() as snapshot:
        return _send(
            {
                "status": "ready",
                "generation": snapshot.generation,
                "articles": snapshot.document_count(),
            }
        )


def _send(values: dict[str, object]) -> Response:
    response = Response(orjson.dumps(values), content_type=JSON_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


@system.get("/static/<name>", endpoint="static")
def send_asset(name: str) -> Response:
    """One of the files of the page or the widget."""
    asset = current_service().assets.get(name)
    if asset is None:
        raise NotFound(f"There is no file {name!r} here.")
    response = send_body(asset.body, asset.media_type)
    seconds = _VERSIONED_SECONDS if request.args.get("v") == asset.version else _PLAIN_SECONDS
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.set_etag(asset.version, weak=True)
    response.make_conditional(request)
    return response
