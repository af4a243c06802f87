"""Which page of a list is requested?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from searchsvc.meilisearch.reading import parse_count


def read_page(given: Mapping[str, str], kind: str, limit: int = 20) -> tuple[int, int]:
    """(offset, limit) from a query string. Raises ProtocolError with the codes of ``kind``."""
    offset = given.get("offset", "")
    wanted = given.get("limit", "")
    return (
        parse_count(offset, "offset", f"invalid_{kind}_offset") if offset else 0,
        parse_count(wanted, "limit", f"invalid_{kind}_limit") if wanted else limit,
    )


def show_page(rows: Sequence[Any], offset: int, limit: int) -> dict[str, Any]:
    """A page of ``rows``, the complete list."""
    return {
        "results": list(rows[offset : offset + limit]),
        "offset": offset,
        "limit": limit,
        "total": len(rows),
    }
