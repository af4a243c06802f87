"""When is a problem reported again? A service that is not ready is asked all the time."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

#: The same message is not repeated within this time.
SILENT_SECONDS = 10.0

_MOST_KEPT = 100


class Reports:
    """What was reported when. Two threads may report the same thing at once."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}

    def is_due(self, message: str) -> bool:
        """Whether to write ``message`` now; if so, it counts as written."""
        now = self._clock()
        last = self._last.get(message)
        if last is not None and now - last < SILENT_SECONDS:
            return False
        if len(self._last) >= _MOST_KEPT:
            self._last.clear()
        self._last[message] = now
        return True
