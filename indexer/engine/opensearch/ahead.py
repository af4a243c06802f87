"""What did a search answer that was asked before it was needed?"""

from __future__ import annotations

import threading
from typing import Any, Final

from indexer.engine.opensearch.cluster import join_lines

Body = dict[str, Any]

#: Searches whose answers wait, beyond which the oldest is forgotten: each has some dozens of whole
#: articles.
_MOST_WAITING: Final = 8


class AskedAhead:
    """The answers of one generation, each until it is taken. Thread-safe."""

    def __init__(self) -> None:
        self._waiting: dict[bytes, Body] = {}
        self._changing = threading.Lock()

    def keep(self, body: Body, told: Body) -> None:
        """Let ``told`` wait for the search ``body``."""
        with self._changing:
            self._waiting[_name(body)] = told
            if len(self._waiting) > _MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]

    def holds(self, body: Body) -> bool:
        """Whether the answer to the search waits."""
        return _name(body) in self._waiting

    def take(self, body: Body) -> Body | None:
        """The answer to the search, if it waited; it does no longer."""
        if not self._waiting:
            return None
        with self._changing:
            return self._waiting.pop(_name(body), None)


def _name(body: Body) -> bytes:
    return join_lines([body])
