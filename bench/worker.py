"""The process in which one engine builds or searches, so that its memory can be told apart.

Reads one JSON request a line from standard input and writes one JSON answer a line:

``{"do": "build", "corpus": …, "index": …, "limit_s": …}``   index the corpus
``{"do": "analyse", "corpus": …, "index": …}``               the same from articles (ours only)
``{"do": "open", "index": …, "queries": …}``                 open an index, load the queries
``{"do": "search", "query": 17}``                            answer one of them
``{"do": "repeat", "queries": [17, …], "limit_s": …}``       answer these, one after another
``{"do": "memory"}``                                         this process's memory
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from time import perf_counter, perf_counter_ns
from typing import Any

from bench.corpus import Corpus, load
from bench.engines import load_driver
from bench.engines.base import Driver
from bench.workload import BenchQuery
from indexer.engine.base import AnalysedBatch, AnalysedDocument

Request = dict[str, Any]

#: Chunks of the corpus converted before they are indexed: what memory holds easily.
CHUNKS_AT_ONCE = 50


def measure_memory() -> dict[str, int]:
    """Bytes of this process: the peak, what is now resident, and what of it no file backs.

    Read from Linux's own account of the process: ``getrusage`` also counts the process that
    started this one. Empty on other systems.
    """
    status = Path("/proc/self/status")
    names = {"VmHWM": "peak_bytes", "VmRSS": "resident_bytes", "RssAnon": "own_bytes"}
    sizes = {}
    if status.exists():
        for line in status.read_text().splitlines():
            name, _, value = line.partition(":")
            if name in names:
                sizes[names[name]] = int(value.split()[0]) * 1024
    return sizes


def forget_peak() -> int:
    """Bytes resident now; the peak counts from here on, where the system allows it."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return measure_memory().get("resident_bytes", 0)


class Worker:
    """Answers requests with one engine."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._queries: list[BenchQuery] = []

    def answer(self, request: Request) -> dict[str, Any]:
        handlers: dict[str, Callable[[Request], dict[str, Any]]] = {
            "build": self._build,
            "analyse": self._analyse,
            "open": self._open,
            "search": self._search,
            "repeat": self._repeat,
            "memory": lambda _: measure_memory(),
        }
        return handlers[request["do"]](request)

    def _build(self, request: Request) -> dict[str, Any]:
        """Index the corpus; past ``limit_s`` seconds, stop and leave no index.

        Articles are read and converted :data:`CHUNKS_AT_ONCE` at a time and then indexed without
        a pause: an engine that indexes in the background would otherwise gain unmeasured time.
        """
        folder = Path(request["index"])
        started = perf_counter()
        self._driver.start_build(folder)
        seconds = perf_counter() - started
        done = 0
        held = 0
        batches = read_corpus(request)
        while converted := self._convert_some(batches):
            if not held:
                held = forget_peak()
            for rows, articles in converted:
                started = perf_counter()
                self._driver.add(rows)
                seconds += perf_counter() - started
                done += articles
                if seconds > request["limit_s"]:
                    return {"complete": False, "articles": done, "seconds": seconds}
        started = perf_counter()
        self._driver.finish_build()
        seconds += perf_counter() - started
        return {
            "complete": True,
            "articles": done,
            "seconds": seconds,
            "index_bytes": self._driver.measure_index(folder),
            "peak_bytes": max(0, measure_memory().get("peak_bytes", 0) - held),
        }

    def _convert_some(self, batches: Iterator[AnalysedBatch]) -> list[tuple[Any, int]]:
        """The next batches in the engine's form, each with its number of articles."""
        some = islice(batches, CHUNKS_AT_ONCE)
        return [(self._driver.convert(batch), len(batch.documents)) for batch in some]

    def _analyse(self, request: Request) -> dict[str, Any]:
        """Index the corpus from its articles, analysis included, all of it timed.

        ``warm``: the analyser has seen every article once before.
        """
        from indexer.language.analyzer import Analyzer

        analyzer = Analyzer()
        if request["warm"]:
            for documents in read_documents(request):
                analyzer.analyse(documents)
        started = perf_counter()
        self._driver.start_build(Path(request["index"]))
        seconds = perf_counter() - started
        done = 0
        for documents in read_documents(request):
            started = perf_counter()
            self._driver.add(analyzer.analyse(documents))
            seconds += perf_counter() - started
            done += len(documents)
        started = perf_counter()
        self._driver.finish_build()
        seconds += perf_counter() - started
        return {"articles": done, "seconds": seconds, **measure_memory()}

    def _open(self, request: Request) -> dict[str, Any]:
        self._queries = load(Path(request["queries"]))
        started = perf_counter()
        self._driver.open(Path(request["index"]))
        return {"seconds": perf_counter() - started}

    def _search(self, request: Request) -> dict[str, Any]:
        query = self._queries[request["query"]]
        started = perf_counter_ns()
        found = self._driver.search(query)
        spent = perf_counter_ns() - started
        return {
            "ms": spent / 1e6,
            "total": found.total,
            "hits": len(found.hits),
            "facets": {
                # Labels of equal count may be cut differently at the end of the list.
                name: rows if name == "month" else [count for _, count in rows]
                for name, rows in found.facets.items()
            },
        }

    def _repeat(self, request: Request) -> dict[str, Any]:
        """Milliseconds of each query, in order; those past ``limit_s`` seconds are left out."""
        times: list[float] = []
        for number in request["queries"]:
            if sum(times) > request["limit_s"] * 1000:
                break
            query = self._queries[number]
            started = perf_counter_ns()
            self._driver.search(query)
            times.append((perf_counter_ns() - started) / 1e6)
        return {"ms": times}


def read_corpus(request: Request) -> Iterator[AnalysedBatch]:
    return Corpus(Path(request["corpus"]), 0, "").read_chunks()


def read_documents(request: Request) -> Iterator[list[AnalysedDocument]]:
    return (batch.documents for batch in read_corpus(request))


def main() -> None:
    """Serve requests until standard input ends."""
    worker = Worker(load_driver(sys.argv[1]))
    # Only answers may go to standard output, whatever an engine prints.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        answers.write(json.dumps(worker.answer(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
