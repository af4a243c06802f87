"""What does a service do with each search? Issues an id for it, and remembers it."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from searchsvc.database import DatabaseUnusable
from searchsvc.insight.popular import count_popular, load_popular
from searchsvc.insight.query_id import QueryIds
from searchsvc.insight.record import Answered, Event, Searched
from searchsvc.insight.recorder import Recorder
from searchsvc.insight.store import Store
from searchsvc.settings import Settings
from searchsvc.suggest.popular import NONE_POPULAR, PopularQueries

#: How often a process looks whether other queries are popular.
_RENEWAL_SECONDS = 60.0


def open_store(settings: Settings) -> Store:
    """The searches of a service with these settings."""
    return Store(
        settings.data_folder,
        days=settings.insight_days,
        most_rows=settings.insight_rows,
        most_bytes=settings.insight_bytes,
    )


class Insight:
    """The searches of all indexes of a service with these ``settings``. ``report``: as for
    :class:`Recorder`. Safe for threads and forked processes.
    """

    def __init__(
        self, settings: Settings, report: Callable[[str], None] = lambda sentence: None
    ) -> None:
        self.store = open_store(settings)
        self.recorder = Recorder(self.store, report=report, after_writing=self._renew)
        self._popular_hours = settings.popular_hours
        self._popular: dict[str, PopularQueries] = {}
        self._next_renewal = 0.0
        self._report = report
        self._ids: QueryIds | None = None
        self._opening = threading.Lock()

    def ids(self) -> QueryIds:
        """The ids of searches. Without the file, those of this process alone are valid."""
        if self._ids is None:
            with self._opening:
                if self._ids is None:
                    self._ids = QueryIds(self._find_secret())
        return self._ids

    def popular(self, index: str) -> PopularQueries:
        """The queries of this index to suggest, as counted some minutes ago."""
        return self._popular.get(index, NONE_POPULAR)

    def prepare(self) -> None:
        """Load what the first requests need."""
        self.ids()
        with suppress(DatabaseUnusable):
            # The recorder reports it.
            self._popular = load_popular(self.store) if self._popular_hours else {}

    def _renew(self) -> None:
        """Renew the popular queries now and then; called by the recorder's thread."""
        if time.monotonic() >= self._next_renewal and self._popular_hours:
            self._next_renewal = time.monotonic() + _RENEWAL_SECONDS
            count_popular(self.store, self._popular_hours)
            self._popular = load_popular(self.store)

    def _find_secret(self) -> bytes:
        try:
            return self.store.secret()
        except DatabaseUnusable:
            # The recorder reports it.
            return secrets.token_bytes(32)

    def remember_search(
        self,
        application: str,
        index: str,
        user_query: str,
        answered: Answered,
        *,
        took_ms: float,
        page: int = 1,
        offset: int = 0,
        filters: Mapping[str, object] | None = None,
        as_you_type: bool = False,
    ) -> str:
        """Remember the search; return its id."""
        query_id = self.ids().issue()
        self.recorder.hand_over(
            Searched(
                query_id,
                _read_clock(),
                application,
                index,
                user_query,
                answered,
                took_ms,
                page,
                offset,
                filters or {},
                as_you_type,
            )
        )
        return query_id

    def remember_event(self, query_id: str, action_name: str, object_id: str = "") -> None:
        """Remember what a reader did after the search with this id, which was validated."""
        self.recorder.hand_over(Event(query_id, _read_clock(), action_name, object_id))


def _read_clock() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000
