"""What is remembered of the queries that were asked last?"""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock
from typing import Any

#: The length of the queries that are remembered, in characters: what belongs to one takes 100 to
#: 250 bytes a character, so all take some 10 MB.
MOST_CHARACTERS = 40_000

Key = tuple[Hashable, ...]


class RecentQueries:
    """What belongs to whole queries, by key; the oldest are forgotten for new ones. Bounded by the
    length of the queries: a long one takes a hundred times the memory of a short one.
    Safe to share between threads.
    """

    def __init__(self) -> None:
        self._found: dict[Key, tuple[Any, int]] = {}
        self._characters = 0
        self._changing = Lock()

    def get(self, key: Key, default: object) -> Any:
        """What was kept by ``key``, or else ``default``."""
        return self._found.get(key, (default, 0))[0]

    def keep(self, key: Key, found: object, characters: int) -> None:
        """Remember ``found``, which belongs to a query of so many ``characters``."""
        with self._changing:
            if key in self._found or characters > MOST_CHARACTERS:
                return
            self._found[key] = found, characters
            self._characters += characters
            while self._characters > MOST_CHARACTERS:
                _, oldest = self._found.pop(next(iter(self._found)))
                self._characters -= oldest
