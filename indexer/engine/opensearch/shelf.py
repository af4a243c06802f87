"""Which articles has this process read before? Each is fetched once, until stems change."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Final

from cachetools import LRUCache

from indexer.engine.opensearch.documents import Stored

#: Characters of stored articles kept; in memory each takes some three bytes of it.
_MOST_CHARACTERS: Final = 32_000_000
_OVERHEAD: Final = 500


class Shelf:
    """Stored articles by ref, the most recently used. Thread-safe. ``data``: the index that has
    them, and whatever else an article with a ref depends on.
    """

    def __init__(self, most_characters: int = _MOST_CHARACTERS) -> None:
        self._kept: LRUCache[tuple[str, int], Stored] = LRUCache(
            most_characters, getsizeof=lambda stored: stored.size
        )
        self._changing = threading.Lock()

    def find(self, data: str, refs: Sequence[int]) -> dict[int, Stored]:
        """Those of ``refs`` that are here."""
        with self._changing:
            return {
                ref: stored for ref in refs if (stored := self._kept.get((data, ref))) is not None
            }

    def keep(self, data: str, hit: dict[str, Any]) -> Stored:
        """The article of a search hit with its whole source; kept if it is not too large."""
        stored = Stored(hit["_source"])
        with self._changing:
            if stored.size + _OVERHEAD <= self._kept.maxsize:
                self._kept[data, stored.source["ref"]] = stored
        return stored
