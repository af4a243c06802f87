"""How long do two or more indexes take for the same queries, asked of each in turn?

Each is served by itself, whatever engine holds it, and asked over HTTP, one query at a time,
without keeping answers. A busy machine delays all alike.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.http_load import SHAPES, Load, LoadFailed, serve

#: Queries asked first, for what a process loads once.
_WARM_UP = 5
_LOAD = Load(workers=1)


@dataclass(frozen=True, slots=True)
class Latencies:
    """Milliseconds that an index took for each query."""

    index: str
    each: Sequence[float]


def read_queries(path: Path) -> list[str]:
    """The queries of a file: one a line, as text or as an object with ``text``."""
    return [
        json.loads(line)["text"] if line.startswith("{") else line
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]


def ask_in_turn(
    indexes: Sequence[str], queries: Sequence[str], shape: str, report: Callable[[str], None]
) -> list[Latencies]:
    """What each index took. Raises LoadFailed."""
    paths = ["/api/v1/search?" + urlencode({"q": q, **SHAPES[shape]}) for q in queries]
    with ExitStack() as opened:
        connections = []
        for index in indexes:
            report(f"serving {index}")
            host = opened.enter_context(serve(index, _LOAD)).removeprefix("http://")
            connections.append(opened.enter_context(closing(http.client.HTTPConnection(host))))
        for path in paths[:_WARM_UP]:
            for connection in connections:
                ask(connection, path)
        taken: list[list[float]] = [[] for _ in indexes]
        for path in paths:
            for connection, mine in zip(connections, taken, strict=True):
                mine.append(ask(connection, path))
    return [Latencies(index, each) for index, each in zip(indexes, taken, strict=True)]


def ask(connection: http.client.HTTPConnection, path: str) -> float:
    """The milliseconds until the whole answer was there. Raises LoadFailed."""
    began = time.perf_counter()
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise LoadFailed(f"{path} was not answered: {error}") from error
    if answer.status != http.client.OK:
        raise LoadFailed(f"{path} was answered with {answer.status}: {body[:200].decode()}")
    return (time.perf_counter() - began) * 1000
