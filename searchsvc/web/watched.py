"""How is every request watched? It gets an id, is counted and timed, and has a line in the log."""

from __future__ import annotations

import itertools
import logging
import re
import secrets
from collections.abc import Callable
from time import perf_counter
from typing import Any

from flask import Flask, g, request

from searchsvc.monitoring.counts import NO_ROUTE, Counts
from searchsvc.monitoring.log_lines import ACCESS_FORMAT, REQUESTS, SLOW_FORMAT
from searchsvc.monitoring.notes import begin_notes, end_notes, note
from searchsvc.web.service import base_service

logger = logging.getLogger(REQUESTS)

_ID_HEADER = "X-Request-ID"
#: Ids of clients that are taken over: no character needs escaping in a log.
_ID = re.compile(r"[A-Za-z0-9._:+/=@-]{1,128}")

#: Parts of the service that answer from an index: the app's own, unless the address names one.
_OF_AN_INDEX = ("api", "articles_api", "page")
_NAMING = ("named_api", "named_articles_api", "api", "meilisearch")

Environ = dict[str, Any]


class Watched:
    """A WSGI middleware around all others of ``app``. Searches that took ``slow_ms`` are counted as
    slow and logged; 0 counts none. ``log``: write a line for each request.
    """

    def __init__(self, app: Any, counts: Counts, *, slow_ms: float, log: bool) -> None:
        self._app = app
        self._counts = counts
        self._slow_s = slow_ms / 1000
        self._log = log
        # Random, so that the ids of two processes differ.
        self._prefix = ""
        self._numbers = itertools.count(1)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Any:
        began = perf_counter()
        request_id = self._choose_id(environ)
        # What Flask does not answer ends with an error of the server.
        notes: dict[str, Any] = {"id": request_id, "status": 500, "route": NO_ROUTE}

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            notes["status"] = int(status[:3])
            return start_response(status, [*headers, (_ID_HEADER, request_id)], *more)

        token = begin_notes(notes)
        try:
            return self._app(environ, start)
        finally:
            end_notes(token)
            self._finish(environ, notes, perf_counter() - began)

    def _choose_id(self, environ: Environ) -> str:
        given: str = environ.get("HTTP_X_REQUEST_ID", "")
        if given and _ID.fullmatch(given):
            return given
        if not self._prefix:
            # Not before: workers may be copies of one process.
            self._prefix = secrets.token_hex(6)
        return f"{self._prefix}-{next(self._numbers):x}"

    def _finish(self, environ: Environ, notes: dict[str, Any], seconds: float) -> None:
        method: str = environ["REQUEST_METHOD"]
        self._counts.count_request(method, notes["route"], notes["status"], seconds)
        slow = "searched" in notes and 0 < self._slow_s <= seconds
        if slow:
            self._counts.count_slow()
        if self._log or slow:
            facts = {
                "addr": environ.get("REMOTE_ADDR", ""),
                "method": method,
                "path": environ.get("PATH_INFO", ""),
                "query_string": environ.get("QUERY_STRING", ""),
                "dt_ms": seconds * 1000,
                **notes,
            }
            if slow:
                logger.warning(SLOW_FORMAT, facts)
            if self._log:
                logger.info(ACCESS_FORMAT, facts)


def watch(app: Flask, counts: Counts, *, slow_ms: float, log: bool) -> None:
    """Watch every request of ``app``; call it when all else is in place."""
    # First, because others may refuse the request.
    app.before_request_funcs.setdefault(None, []).insert(0, _note_route)
    app.wsgi_app = Watched(app.wsgi_app, counts, slow_ms=slow_ms, log=log)  # type: ignore[method-assign]


def _note_route() -> None:
    if request.url_rule is None:
        return
    note(route=request.url_rule.rule)
    index = g.get("index_name") or (request.view_args or {}).get("uid")
    if index is not None and request.blueprint in _NAMING:
        note(index=index)
    elif request.blueprint in _OF_AN_INDEX:
        note(index=base_service().name)
