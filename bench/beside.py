"""How long do two or more indexes take for the same queries, asked of each in turn, and do they
answer the same?

Each is served by itself, whatever engine holds it, and asked over HTTP, one query at a time,
without keeping answers. A busy machine delays all alike.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.http_load import SHAPES, Load, LoadFailed, serve
from bench.same_answers import find_differences

#: Queries asked first, for what a process loads once.
_WARM_UP = 5
_LOAD = Load(workers=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds that an index took for each query, and the queries whose answers differ from the
    first index's, by the part of the answer (:func:`bench.same_answers.find_differences`).
    """

    index: str
    each: list[float] = field(default_factory=list)
    differing: dict[str, list[str]] = field(default_factory=dict)


def read_queries(path: Path) -> list[str]:
    """The queries of a file: one a line, as text or as an object with ``text``."""
    return [
        json.loads(line)["text"] if line.startswith("{") else line
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]


def ask_in_turn(
    indexes: Sequence[str],
    queries: Sequence[str],
    shape: str,
    report: Callable[[str], None],
    *,
    hits: int = 10,
) -> list[Asked]:
    """What each index took and answered. ``hits``: on a page. Raises LoadFailed."""
    common = {"per_page": hits, **SHAPES[shape]}
    paths = ["/api/v1/search?" + urlencode({"q": q, **common}) for q in queries]
    with ExitStack() as opened:
        connections = []
        for index in indexes:
            report(f"serving {index}")
            host = opened.enter_context(serve(index, _LOAD)).removeprefix("http://")
            connections.append(opened.enter_context(closing(http.client.HTTPConnection(host))))
        for path in paths[:_WARM_UP]:
            for connection in connections:
                ask(connection, path)
        asked = list(map(Asked, indexes))
        for query, path in zip(queries, paths, strict=True):
            answers = [ask(connection, path) for connection in connections]
            for one, (took_ms, answer) in zip(asked, answers, strict=True):
                one.each.append(took_ms)
                for part in find_differences(answers[0][1], answer):
                    one.differing.setdefault(part, []).append(query)
    return asked


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[float, dict[str, Any]]:
    """The milliseconds until the whole answer was there, and the answer. Raises LoadFailed."""
    began = time.perf_counter()
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise LoadFailed(f"{path} was not answered: {error}") from error
    if answer.status != http.client.OK:
        raise LoadFailed(f"{path} was answered with {answer.status}: {body[:200].decode()}")
    return (time.perf_counter() - began) * 1000, json.loads(body)
