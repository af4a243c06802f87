"""Is a request that of a reader, as far as its headers say?"""

from __future__ import annotations

import re
from typing import Protocol

#: Says that a search was made at a keystroke.
AS_YOU_TYPE_HEADER = "X-Search-As-You-Type"
#: Programs that follow every link, as they call themselves; Cubot makes telephones.
_ROBOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|link ?preview|facebookexternalhit|uptime|pingdom",
    re.IGNORECASE,
)


class Headers(Protocol):
    """Those of a request; names in any case."""

    def get(self, name: str, default: str) -> str: ...


def is_from_reader(headers: Headers) -> bool:
    """Whether the request is that of a person: not of a robot that says so, nor for a page that may
    never be looked at.
    """
    purpose = headers.get("Sec-Purpose", "") or headers.get("Purpose", "")
    return "prefetch" not in purpose and not _ROBOT.search(headers.get("User-Agent", ""))


def is_as_you_type(headers: Headers) -> bool:
    """Whether the search was made at a keystroke."""
    return headers.get(AS_YOU_TYPE_HEADER, "") not in ("", "0")
