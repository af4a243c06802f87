"""Which message, code and status does each error of Meilisearch's protocol have? The one table.

Source of the codes: Meilisearch's documentation, "Error codes".
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import orjson

_DOCUMENTATION: Final = "https://docs.meilisearch.com/errors#"
#: Statuses of codes other than a plain bad request.
STATUSES: Final = {
    "api_key_already_exists": 409,
    "api_key_not_found": 404,
    "batch_not_found": 404,
    "chat_not_found": 404,
    "document_not_found": 404,
    "dump_not_found": 404,
    "index_already_exists": 409,
    "index_not_found": 404,
    "internal": 500,
    "invalid_api_key": 403,
    "invalid_content_type": 415,
    "missing_authorization_header": 401,
    "missing_content_type": 415,
    "missing_master_key": 401,
    "method_not_allowed": 405,
    "not_found": 404,
    "payload_too_large": 413,
    "task_not_found": 404,
    "unsupported": 501,
    "too_many_search_requests": 503,
    "too_many_requests": 429,
    "webhook_not_found": 404,
}
_TYPES: Final = {
    "invalid_api_key": "auth",  # pragma: allowlist secret
    "missing_authorization_header": "auth",
    "missing_master_key": "auth",
    "too_many_search_requests": "system",
    "unsupported": "invalid_request",
    "too_many_requests": "system",
}


class ProtocolError(Exception):
    """A request cannot be answered: ``message`` for people, ``code`` for programs."""

    def __init__(self, code: str, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or STATUSES.get(code, 400)

    def to_dict(self) -> dict[str, str]:
        """The JSON form."""
        kind = "internal" if self.status >= 500 else "invalid_request"
        return {
            "message": self.message,
            "code": self.code,
            "type": _TYPES.get(self.code, kind),
            "link": f"{_DOCUMENTATION}{self.code}",
        }


@lru_cache(maxsize=1_000)
def write_snake_case(name: str) -> str:
    """A name as codes spell it.

    >>> write_snake_case("hitsPerPage")
    'hits_per_page'
    """
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name)


def write_json(value: Any) -> str:
    """A value as quoted in messages."""
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError):
        return str(value)
