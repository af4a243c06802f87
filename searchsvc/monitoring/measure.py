"""What is there at this moment? Indexes and waiting tasks, measured when Prometheus asks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.engine.embedded.figures import Figures, read_figures
from indexer.errors import IndexerError
from searchsvc import __version__
from searchsvc.data_folder import DataFolder
from searchsvc.database import DatabaseUnusable
from searchsvc.engines import is_elsewhere
from searchsvc.settings import Settings
from searchsvc.tasks.queue import TaskQueue
from searchsvc.tasks.task import Status, read_time

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

logger = logging.getLogger(__name__)

#: Indexes told one by one, the service's own first: each is a series of every figure.
MOST_INDEXES = 100

_INDEX_FIGURES = (
    ("searchsvc_index_generation", "Number of the newest committed state.", "generation"),
    ("searchsvc_index_articles", "Articles in the index.", "articles"),
    ("searchsvc_index_segments", "Segments of the index.", "segments"),
    ("searchsvc_index_bytes", "Size of the segments on disk.", "bytes"),
)


def measure(
    settings: Settings, folder: DataFolder, queue: TaskQueue, now: datetime
) -> Iterator[Metric]:
    """The figures of every index of the data folder, of the tasks, and of the program."""
    from prometheus_client.core import GaugeMetricFamily

    build = GaugeMetricFamily("searchsvc_build", "The version that runs.", labels=["version"])
    build.add_metric([__version__], 1)
    yield build
    yield from _measure_indexes(settings, folder, now.timestamp())
    if settings.master_key:
        yield from _measure_tasks(queue, now)


def _measure_indexes(settings: Settings, folder: DataFolder, now_s: float) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    own = settings.index.name
    others = [name for name in folder.names() if name != own]
    paths = {own: settings.index} | {name: folder.path / name for name in others}
    here = [name for name, path in paths.items() if _is_measured(path)]
    read = {name: _read(paths[name]) for name in here[:MOST_INDEXES]}
    yield GaugeMetricFamily(
        "searchsvc_indexes",
        "Indexes in the data folder.",
        value=len({*others, *(name for name in read if read[name])}),
    )
    up = GaugeMetricFamily(
        "searchsvc_index_up", "1 if the index can be read, else 0.", labels=["index"]
    )
    age = GaugeMetricFamily(
        "searchsvc_index_age_seconds", "Time since the last commit.", labels=["index"]
    )
    for name, figures in read.items():
        up.add_metric([name], _is_there(figures))
        if figures is not None:
            age.add_metric([name], max(0.0, now_s - figures.committed_at))
    yield from (up, age)
    for metric, told, field in _INDEX_FIGURES:
        family = GaugeMetricFamily(metric, told, labels=["index"])
        for name, figures in read.items():
            if figures is not None:
                family.add_metric([name], getattr(figures, field))
        yield family


def _is_measured(path: Path) -> bool:
    """Whether the index is ours to measure: OpenSearch reports on its own."""
    try:
        return not is_elsewhere(path)
    except IndexerError:
        return True  # It is told as one that cannot be read.


def _read(path: Path) -> Figures | None:
    try:
        return read_figures(path)
    except IndexerError:
        # Searches report what is wrong with it.
        return None


def _is_there(figures: Figures | None) -> int:
    return int(figures is not None)


def _measure_tasks(queue: TaskQueue, now: datetime) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    try:
        counts = queue.count_by_status()
        size, oldest = queue.sum_up_waiting()
    except DatabaseUnusable as error:
        logger.warning("%s", error)
        return
    tasks = GaugeMetricFamily(
        "searchsvc_tasks", "Tasks that wait or are remembered, by status.", labels=["status"]
    )
    for status in Status:
        tasks.add_metric([status.value], counts.get(status, 0))
    yield tasks
    yield GaugeMetricFamily(
        "searchsvc_queue_bytes", "Size of what waits to be written.", value=size
    )
    yield GaugeMetricFamily(
        "searchsvc_queue_age_seconds",
        "Time since the oldest unfinished task was added.",
        value=max(0.0, (now - read_time(oldest)).total_seconds()) if oldest else 0.0,
    )
