"""How are times written and parsed in this protocol?"""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path

from searchsvc.index import Index
from searchsvc.meilisearch.errors import ProtocolError


def write_change(path: Path) -> str:
    """When a folder was last changed."""
    try:
        seconds = os.stat(path).st_mtime
    except OSError:
        seconds = 0.0
    return _format_seconds(seconds)


def write_creation(path: Path) -> str:
    """When the index in a folder was created."""
    return _format_seconds(Index.find_creation(path))


def _format_seconds(seconds: float) -> str:
    return format_time(datetime.fromtimestamp(seconds, timezone.utc))


def format_time(moment: datetime) -> str:
    """A moment in UTC, to the microsecond."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def parse_time(text: str, name: str, code: str) -> str:
    """A client's time, in the format of :func:`format_time`. Raises ProtocolError."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00"))
    except ValueError:
        raise ProtocolError(
            code,
            f"Invalid value in parameter `{name}`: `{text[:80]}` is an invalid date-time. It "
            "should follow the YYYY-MM-DD or RFC 3339 date-time format.",
        ) from None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    try:
        return format_time(zoned.astimezone(timezone.utc))
    except OverflowError:
        return format_time(zoned.replace(tzinfo=timezone.utc))
