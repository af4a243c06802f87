"""The service under odd requests, in this process: python -m fuzz.service --requests 1000000.

Every process has a service of its own, over a small index of articles and one of films. After some
thousand requests what they ordered is done, and a fresh service takes over. An answer may be any
but an error of the server. Told apart are those that are meant: 501 for what the protocol has and
we have not, 503 for a query that is ended. The figures are printed as JSON; the exit code is 1
where anything is otherwise.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from random import SystemRandom
from typing import Any

from flask import Flask
from fuzz.requests import MASTER_KEY, Drawer, Request
from support.films import FILMS
from werkzeug.test import run_wsgi_app

from searchsvc.serving.writer import make_drain
from searchsvc.settings import Settings, load
from searchsvc.tasks.queue import TaskQueue
from searchsvc.web import create_app

#: Requests to one service before what they ordered is done.
TURN = 4000
_CONTROL = re.compile(r"[\x00-\x1f]")
#: Errors of the server that are meant, by the code of either protocol.
MEANT = {501: {"unsupported"}, 503: {"query_too_costly", "too_busy", "too_many_search_requests"}}
ARTICLES = [
    {
        "id": "panen-padi",
        "title": "Panen Padi di Karawang",
        "body": "Petani memanen padi di sawah. Harga gabah naik.",
        "category": "Ekonomi",
        "tags": ["padi", "harga"],
        "published_at": "2022-07-20T13:05:00+07:00",
    },
    {
        "id": "serangan-pasar",
        "title": "Polisi Usut Serangan di Pasar Kota",
        "body": "Polisi menyelidiki serangan di pasar kota pada Senin malam.",
        "source": "Contoh Kabar",
        "url": "https://contoh.example/serangan-pasar",
    },
]


def stop_waiting() -> None:
    """Let no request wait for its task: in this process they are done after the turn."""
    vars(import_module("searchsvc.web.articles_api"))["LONGEST_WAIT_SECONDS"] = 0.0


def read_settings(folder: Path) -> Settings:
    """On a busy machine no query is ended for its slowness."""
    return load(
        {
            "index": folder / "default",
            "master_key": MASTER_KEY,
            "trusted_proxies": 1,
            "query_deadline_seconds": 20,
            "cache_bytes": 1_000_000,
        }
    )


def make_folder(folder: Path) -> None:
    """Fill an empty data folder, over HTTP."""
    settings = read_settings(folder)
    app = create_app(settings)
    orders: list[tuple[str, str, Any]] = [
        ("POST", "/api/v1/articles", ARTICLES),
        ("PATCH", "/indexes/films/settings", {
            "filterableAttributes": ["*"], "sortableAttributes": ["tahun", "judul", "id"],
        }),
        ("POST", "/indexes/films/documents", FILMS),
    ]  # fmt: skip
    for method, path, value in orders:
        headers = {"Host": "localhost", "Authorization": f"Bearer {MASTER_KEY}"}
        headers["Content-Type"] = "application/json"
        body = json.dumps(value).encode()
        status, _, answer = answer_request(app, Request(method, path, "", headers, body))
        assert status == 202, (status, answer)
    make_drain(settings).run_until_empty()


def answer_request(app: Flask, request: Request) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body, as a server would receive them."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **{
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in request.headers.items()
            if name != "Content-Type"
        },
    }
    parts, status, headers = run_wsgi_app(app.wsgi_app, environ)
    return int(status.split()[0]), dict(headers), b"".join(parts)


def judge_answer(method: str, status: int, headers: dict[str, str], body: bytes) -> str:
    """What is wrong with an answer; empty: nothing."""
    # HEAD has no body that tells the code.
    meant = status == 501 if method == "HEAD" else find_code(body) in MEANT.get(status, ())
    if status >= 500 and not meant:
        return f"status {status}"
    if status == 503 and "Retry-After" not in headers:
        return "503 without Retry-After"
    length = headers.get("Content-Length")
    if length is not None and method != "HEAD" and int(length) != len(body):
        return f"Content-Length {length} of {len(body)} bytes"
    if any(map(_CONTROL.search, headers.values())):
        return "a control character in a header"
    return ""


def find_code(body: bytes) -> str:
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    return str(told.get("code", "")) if isinstance(told, dict) else ""


class Turns:
    """Takes turns with fresh copies of the data folder ``made``; each ``turn`` is its own seed."""

    def __init__(self, made: Path, seed: int) -> None:
        self._made = made
        self._seed = seed

    def take(self, turn: int) -> tuple[Counter[str], list[str]]:
        """Counts of what came, and what is wrong."""
        folder = self._made.with_name(f"turn-{os.getpid()}")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._made, folder)
        settings = read_settings(folder)
        app = create_app(settings)
        routes = [(sorted(rule.methods or ()), rule.rule) for rule in app.url_map.iter_rules()]
        drawer = Drawer(routes, f"{self._seed}-{turn}")
        counts: Counter[str] = Counter()
        wrong: list[str] = []
        for number in range(TURN):
            request = drawer.draw()
            try:
                status, headers, body = answer_request(app, request)
                problem = judge_answer(request.method, status, headers, body)
            except Exception as error:
                status, body, problem = 0, b"", f"{type(error).__name__}: {error}"
            counts[str(status)] += 1
            if problem:
                wrong.append(f"turn {turn}, request {number}: {problem}: {request} {body[:300]!r}")
        done = [*do_what_was_ordered(settings)]
        counts["tasks"] += len(done)
        wrong += [f"turn {turn}: {one}" for one in done if one]
        return counts, wrong


def do_what_was_ordered(settings: Settings) -> Iterator[str]:
    """For each task what is wrong with its end; empty: nothing."""
    make_drain(settings).run_until_empty()
    tasks, _ = TaskQueue(settings.data_folder).find(limit=10_000)
    for task in tasks:
        code = (task.error or {}).get("code")
        yield f"{task.kind} ended with {task.error}" if code == "internal" else ""


_turns: Turns


def _work_on(turns: Turns) -> None:
    """Called first in each process of the pool."""
    global _turns
    _turns = turns
    stop_waiting()
    logging.disable(logging.CRITICAL)


def _take(turn: int) -> tuple[Counter[str], list[str]]:
    return _turns.take(turn)


def main() -> int:
    parser = argparse.ArgumentParser(prog="fuzz.service")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    seed = SystemRandom().randrange(1 << 32) if asked.seed is None else asked.seed
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=memory) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        make_folder(made)
        with get_context("fork").Pool(asked.jobs, _work_on, (Turns(made, seed),)) as pool:
            turns = range(-(-asked.requests // TURN))
            for number, (more, problems) in enumerate(pool.imap_unordered(_take, turns), 1):
                counts += more
                wrong += problems
                for problem in problems:
                    print(problem, file=sys.stderr, flush=True)
                if number % 5 == 0:
                    print(f"{number * TURN:,} requests", file=sys.stderr, flush=True)
    print(json.dumps({"seed": seed, **dict(sorted(counts.items())), "wrong": len(wrong)}, indent=2))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
