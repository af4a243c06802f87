"""Analysing batches in other processes, with the results in order.

Reading, cleaning and writing stay in the calling process; analysis, about half of all work, goes
on beside them. Only what is analysed travels out, only columns of numbers and new words back.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Final, Protocol

from indexer.article import Article
from indexer.engine.base import AnalysedBatch, AnalysedDocument
from indexer.errors import IndexerError


class Analyzer(Protocol):
    """Turns articles into terms. See :class:`indexer.language.analyzer.Analyzer`."""

    def analyse(self, documents: list[AnalysedDocument]) -> AnalysedBatch: ...


#: Makes the analyser of another process: a function of a module, or a ``partial`` of one.
MakeAnalyzer = Callable[[], Analyzer]

#: Batches analysed here before other processes are started: a small input is done by then.
_BATCHES_BEFORE: Final = 2
#: Batches under way or waiting to be written: enough for the others to go on during a commit,
#: few enough that memory stays flat (some 3 MB each).
_MOST_AHEAD: Final = 32


class WorkerDied(IndexerError):
    """A process that analysed articles ended by itself."""

    def __init__(self) -> None:
        super().__init__(
            "A process that analysed articles was ended, most likely for want of memory. "
            "Articles committed before are safe; try again with --processes 1."
        )


def analyse_all(
    batches: Iterable[list[AnalysedDocument]],
    analyzer: Analyzer,
    *,
    processes: int = 1,
    make_analyzer: MakeAnalyzer | None = None,
) -> Iterator[AnalysedBatch]:
    """The analysed batches, in order. ``processes`` counts this one.

    With more than one, and a ``make_analyzer`` for the others, all but the first batches are
    analysed by the others; each learns names from the batches it sees. Raises WorkerDied.
    """
    remaining = iter(batches)
    if processes < 2 or make_analyzer is None:
        yield from map(analyzer.analyse, remaining)
        return
    yield from map(analyzer.analyse, islice(remaining, _BATCHES_BEFORE))
    first = next(remaining, None)
    if first is None:
        return
    # Spawned, not forked: this process has threads, which a fork would leave half-done.
    with ProcessPoolExecutor(
        processes - 1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start_worker,
        initargs=(make_analyzer,),
    ) as pool:
        waiting: deque[tuple[list[AnalysedDocument], Future[AnalysedBatch]]] = deque()
        try:
            waiting.append((first, pool.submit(_analyse, _slim(first))))
            for batch in remaining:
                waiting.append((batch, pool.submit(_analyse, _slim(batch))))
                if len(waiting) > _MOST_AHEAD:
                    yield _collect(*waiting.popleft())
            while waiting:
                yield _collect(*waiting.popleft())
        finally:
            for _, future in waiting:
                future.cancel()


def _collect(documents: list[AnalysedDocument], future: Future[AnalysedBatch]) -> AnalysedBatch:
    try:
        batch = future.result()
    except BrokenProcessPool as error:
        raise WorkerDied from error
    batch.documents = documents
    return batch


def _slim(documents: list[AnalysedDocument]) -> list[AnalysedDocument]:
    """The documents with nothing but what analysis reads."""
    return [
        AnalysedDocument(
            Article(
                id="",
                title=document.article.title,
                body=document.article.body,
                place=document.article.place,
            ),
            {},
            None,
            None,
            b"",
        )
        for document in documents
    ]


# --- in the other process

_analyzer: Analyzer | None = None


def _start_worker(make_analyzer: MakeAnalyzer) -> None:
    global _analyzer
    # Ctrl-C reaches the whole process group; the first process alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _analyzer = make_analyzer()


def _end_with_parent() -> None:
    """A killed parent cannot tell its workers to stop, so each watches it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _analyse(documents: list[AnalysedDocument]) -> AnalysedBatch:
    assert _analyzer is not None, "the worker was not started"
    batch = _analyzer.analyse(documents)
    batch.documents = []
    return batch
