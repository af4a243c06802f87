"""What is counted while the service runs, and how is it told to Prometheus?

Workers count for themselves; a server that has several lets them share a folder
(:mod:`searchsvc.monitoring.shared_folder`), and whichever is asked adds all of them up.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Histogram
    from prometheus_client.metrics_core import Metric

#: The media type of :meth:`Counts.write`: the text format of Prometheus.
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

#: Where prometheus-client keeps the counts of several processes.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

#: A client may send any word as the method.
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
NO_ROUTE = "(none)"

#: What tasks do with articles. Those of Meilisearch's protocol do not say which of the articles
#: that they wrote were there before.
ARTICLE_RESULTS = ("created", "updated", "unchanged", "refused", "written", "deleted")
_PROTOCOL_RESULTS = {"indexedDocuments": "written", "deletedDocuments": "deleted"}


class Counts:
    """The counts of one app. Safe for threads. Nothing is loaded or created before the first."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str, int], Histogram] = {}

    # --- counting

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """``route`` is the template of the address, of which there are few, or :data:`NO_ROUTE`."""
        key = (method, route, status)
        child = self._requests.get(key)
        if child is None:
            known = method if method in _METHODS else "other"
            child = self._metrics.requests.labels(known, route, str(status))
            if known == method:
                self._requests[key] = child
        child.observe(seconds)

    def count_answer(self, *, cached: bool) -> None:
        """An answer of the cache, or one that was not there."""
        (self._metrics.hits if cached else self._metrics.misses).inc()

    def count_slow(self) -> None:
        """A request that took longer than the setting ``slow_query_ms``."""
        self._metrics.slow.inc()

    def count_task(self, details: Mapping[str, Any], *, failed: bool) -> None:
        """A finished task, and what its details say that it did with articles."""
        metrics = self._metrics
        (metrics.failed if failed else metrics.succeeded).inc()
        results = {_PROTOCOL_RESULTS.get(name, name): value for name, value in details.items()}
        if "result" in details:
            results[details["result"]] = 1
        for result in ARTICLE_RESULTS:
            number = results.get(result)
            if isinstance(number, int) and number > 0:
                metrics.articles.labels(result).inc(number)

    @cached_property
    def _metrics(self) -> _Metrics:
        return _Metrics()

    # --- telling

    def write(self, measure: Callable[[], Iterable[Metric]]) -> bytes:
        """All counts, and what ``measure`` returns, in the text format of Prometheus."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry: CollectorRegistry = self._metrics.registry
        if os.environ.get(FOLDER_VARIABLE):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        measured = CollectorRegistry()
        measured.register(_Measured(measure))
        return generate_latest(registry) + generate_latest(measured)


class _Metrics:
    """The counters, each created at once, so that it is told as 0 before the first event."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "searchsvc_request_seconds",
            "Time that requests took, by the template of their address and their status.",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        answers = Counter(
            "searchsvc_answers",
            "Answers, by whether the cache had them.",
            ("cache",),
            registry=self.registry,
        )
        self.hits, self.misses = answers.labels("hit"), answers.labels("miss")
        self.slow = Counter(
            "searchsvc_slow_queries",
            "Searches that took longer than the setting slow_query_ms.",
            registry=self.registry,
        )
        tasks = Counter(
            "searchsvc_finished_tasks",
            "Tasks that were done or failed.",
            ("status",),
            registry=self.registry,
        )
        self.succeeded, self.failed = tasks.labels("succeeded"), tasks.labels("failed")
        self.articles = Counter(
            "searchsvc_task_articles",
            "Articles in finished tasks, by result.",
            ("result",),
            registry=self.registry,
        )
        for result in ARTICLE_RESULTS:
            self.articles.labels(result)


class _Measured:
    """What prometheus-client asks for figures of the moment."""

    def __init__(self, measure: Callable[[], Iterable[Metric]]) -> None:
        self._measure = measure

    def collect(self) -> Iterable[Metric]:
        return self._measure()

    def describe(self) -> Iterable[Metric]:
        """Nothing: it would be measured once to learn the names."""
        return ()
