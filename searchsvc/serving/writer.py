"""Which process executes tasks? One, beside the workers that answer requests."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from searchsvc.access.keys import KeyStore
from searchsvc.articles.kinds import KINDS as ARTICLE_KINDS
from searchsvc.data_folder import DataFolder
from searchsvc.meilisearch.kinds import KINDS as MEILISEARCH_KINDS
from searchsvc.monitoring import shared_folder
from searchsvc.monitoring.counts import Counts
from searchsvc.serving.logs import start_log
from searchsvc.serving.worker_processes import BackOff, describe_end, end_with_parent
from searchsvc.settings import Settings
from searchsvc.tasks.drain import Drain
from searchsvc.tasks.kinds import Kind
from searchsvc.tasks.only_one import OnlyOne
from searchsvc.tasks.queue import TaskQueue

logger = logging.getLogger(__name__)

#: The kinds of all protocols.
KINDS: tuple[Kind, ...] = (*ARTICLE_KINDS, *MEILISEARCH_KINDS)


def make_drain(settings: Settings) -> Drain:
    """The worker for the tasks of a service with these ``settings``."""
    counts = Counts()
    return Drain(
        TaskQueue(settings.data_folder),
        DataFolder(settings.data_folder),
        KINDS,
        most_kept=settings.tasks_kept,
        on_finished=lambda outcome: counts.count_task(
            outcome.details, failed=outcome.error is not None
        ),
    )


def write(settings: Settings, stopping: Callable[[], bool], *, once: bool = False) -> None:
    """Execute tasks as they come until ``stopping``, once no other process does. Raises
    DatabaseUnusable, OSError.
    """
    if settings.master_key:
        KeyStore(settings.data_folder, settings.master_key).begin()
    with OnlyOne(settings.data_folder) as only_one:
        if only_one.wait(stopping):
            drain = make_drain(settings)
            drain.run_until_empty() if once else drain.run(stopping)


# --- as a process of the server


@contextmanager
def keep_writing(settings: Settings) -> Iterator[Keeper]:
    """Yields what starts the process, and restarts it whenever it has ended; stops it on exit, once
    its current work is done.
    """
    keeper = Keeper(settings)
    try:
        yield keeper
    finally:
        keeper.stop()


class Keeper:
    """Keeps the process alive, from a thread of the server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._renewing = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keep-writing", daemon=True)

    def start(self) -> None:
        if not self._thread.is_alive() and not self._stopping.is_set():
            self._thread.start()

    def renew(self, settings: Settings) -> None:
        """Let the process go on with these settings, once its current work is done."""
        self._settings = settings
        self._renewing.set()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _keep(self) -> None:
        # Spawned, not forked: the server has threads, which would not survive a fork.
        context = multiprocessing.get_context("spawn")
        back_off = BackOff()
        while not self._stopping.is_set():
            self._renewing.clear()
            process = context.Process(
                target=_run, args=(self._settings, os.getpid()), name="writer", daemon=True
            )
            process.start()
            while process.is_alive() and not (self._stopping.is_set() or self._renewing.is_set()):
                process.join(_LOOK_SECONDS)
            if process.is_alive():
                process.terminate()
                process.join(self._settings.stop_timeout_seconds)
                process.kill()
                process.join()
                continue
            seconds = back_off.count_death()
            then = f"A new one starts in {seconds:g} s." if seconds else "A new one starts."
            logger.error("The writer was %s. %s", describe_end(process.exitcode), then)
            self._stopping.wait(seconds)


_LOOK_SECONDS = 0.2


def _run(settings: Settings, server: int) -> None:
    """The main function of the process."""
    stopping = threading.Event()
    # Ctrl-C reaches the whole group; the server decides when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    start_log(settings)
    end_with_parent(server)
    shared_folder.join()
    try:
        write(settings, stopping.is_set)
    except Exception as error:
        logger.error("The writer cannot go on: %s", error)
        raise SystemExit(1) from error
