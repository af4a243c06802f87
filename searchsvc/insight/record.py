"""What is remembered of a search and of what a reader does with its hits?

Names follow OpenSearch's User Behavior Insights (UBI) where it has one. Nothing tells who searched:
no address, no user, no session, nothing that two searches of one reader have in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone

#: Where a search came from.
PAGE, API, MEILISEARCH = "page", "api", "meilisearch"
APPLICATIONS = (PAGE, API, MEILISEARCH)

#: What a reader did: opened a hit, or stayed with results that came while typing.
CLICK, SEARCH = "click", "search"
ACTIONS = (CLICK, SEARCH)

#: Hits of one answer whose clicks are recognised.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Answered:
    """The part of an answer that is remembered: the number of matching articles, the ids of the
    hits shown, and the codes of the notes.
    """

    total: int
    shown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """One search. ``timestamp`` is in milliseconds since 1970; ``offset`` counts the hits before
    the first one shown. ``as_you_type``: asked for at a keystroke, and forgotten unless the reader
    stays with the results.
    """

    query_id: str
    timestamp: int
    application: str
    index: str
    user_query: str
    answered: Answered
    took_ms: float
    page: int = 1
    offset: int = 0
    filters: Mapping[str, object] = field(default_factory=dict)
    as_you_type: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What a reader did after a search, with the article ``object_id`` if with any."""

    query_id: str
    timestamp: int
    action_name: str
    object_id: str = ""


def write_time(milliseconds: int) -> str:
    """A moment, in milliseconds since 1970, as JSON has it.

    >>> write_time(1_764_144_000_123)
    '2025-11-26T08:00:00.123Z'
    """
    moment = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
