"""How are bodies read, responses sent and errors reported? The protocol's blueprint."""

from __future__ import annotations

from typing import Any, Final

import orjson
from flask import Blueprint, Response, request

from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.explaining import explain
from searchsvc.meilisearch.host import find_host
from searchsvc.meilisearch.payload import find_kind, parse_body

meilisearch = Blueprint("meilisearch", __name__)

_JSON: Final = "application/json"
#: Most bytes of a body that brings nothing to keep.
_MOST_ASKED_BYTES: Final = 1_000_000
#: Seconds after which a client that was told to wait may retry.
_RETRY_SECONDS: Final = "5"


def send(value: Any, status: int = 200) -> Response:
    """A JSON response."""
    response = Response(orjson.dumps(value), status=status, content_type=_JSON)
    response.headers["Cache-Control"] = "no-store"
    return response


def send_nothing() -> Response:
    """An empty success response."""
    return Response(status=204)


def read_body(*, large: bool = False) -> Any:
    """The JSON body; ``large``: as large as documents may be. Raises ProtocolError,
    RequestEntityTooLarge.
    """
    most = find_host().settings.max_payload_bytes
    request.max_content_length = most if large else min(most, _MOST_ASKED_BYTES)
    kind = find_kind(request.headers.get("Content-Type", ""))
    if kind != "json":
        raise ProtocolError(
            "invalid_content_type",
            f"The Content-Type `{request.mimetype[:80]}` is invalid. Accepted values for the "
            "Content-Type header are: `application/json`",
        )
    body = request.get_data(cache=False)
    if not body.strip():
        raise ProtocolError("missing_payload", "A json payload is missing.")
    return parse_body(body)


def allow_large_body() -> None:
    """Allow this request a body as large as documents may be."""
    request.max_content_length = find_host().settings.max_payload_bytes


@meilisearch.errorhandler(Exception)
def answer_exception(error: Exception) -> Response:
    """Any error in the protocol's form."""
    told = explain(error)
    if not isinstance(error, ProtocolError):
        find_host().report(error)
    response = send(told.to_dict(), told.status)
    if told.status in (429, 503):
        response.headers["Retry-After"] = _RETRY_SECONDS
    return response
