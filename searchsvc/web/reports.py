"""How does an operator learn what goes wrong? From the log, which a service that is not ready and
asked all the time must not fill.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from flask import current_app, request

from indexer.errors import QueryTooCostly
from searchsvc.access.keys import hide_key
from searchsvc.errors import problem_for

#: The same message is not repeated within this time.
SILENT_SECONDS = 10.0

_MOST_KEPT = 100

#: Characters logged of the address of a query that was too costly.
_SHOWN_CHARACTERS = 500


class Reports:
    """What was reported when. Two threads may report the same thing at once."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}

    def tell(self, error: Exception, *, queries: bool) -> None:
        """Log ``error``, which ended this request, if it is the service's fault and not the
        request's. ``queries``: addresses may be logged with what was searched for.
        """
        problem = problem_for(error)
        address = hide_key(request.full_path if queries else request.path)
        if not problem.row.reported:
            return
        if problem.code == "internal":
            current_app.logger.error("%s %r failed", request.method, address, exc_info=error)
        elif self.is_due(str(error)):
            told = str(error)
            if isinstance(error, QueryTooCostly):
                told += f" It was {address[:_SHOWN_CHARACTERS]!r}."
            current_app.logger.warning("%s: %s", problem.code, told)

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
