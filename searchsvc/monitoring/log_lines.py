"""How is the log written? One line per event, whatever a client sends: for people, or as JSON.

Addresses come from untrusted clients. A line break in one would let its sender forge log lines, and
other control characters would move the cursor of anyone who reads the log in a terminal. What
readers search for is left out unless it is asked for.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Final
from urllib.parse import quote

from searchsvc.access.keys import hide_key
from searchsvc.monitoring.notes import find_request_id

#: The logger of requests.
REQUESTS: Final = "searchsvc.requests"
ACCESS_FORMAT: Final = "%(addr)s %(method)s %(path)s%(query_string)s %(status)d %(dt_ms).1f ms"
SLOW_FORMAT: Final = "Slow search: %(method)s %(path)s%(query_string)s took %(dt_ms).0f ms (%(id)s)"

#: Longer addresses are truncated in the log.
MAX_ADDRESS_CHARACTERS: Final = 2_000

#: Characters of a path that are logged unescaped.
_PATH_CHARACTERS: Final = "/:@!$&'()*+,;=~"
_CONTROLS: Final = {number: f"\\x{number:02x}" for number in (*range(32), *range(127, 160))}


class OneLine(logging.Formatter):
    """Formats a message on one line, with control characters escaped; a traceback follows
    unchanged.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(_CONTROLS)


class JsonLine(logging.Formatter):
    """Formats a record as a JSON object on one line; ``queries``: with addresses of requests."""

    def __init__(self, *, queries: bool) -> None:
        super().__init__()
        self._queries = queries

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, timezone.utc)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
        }
        if record.name == REQUESTS and isinstance(record.args, Mapping):
            line |= self._describe_request(record, record.args)
        else:
            line |= {"event": "message", "message": record.getMessage()}
            request_id = find_request_id()
            if request_id:
                line["id"] = request_id
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        # ASCII, because names of files need not be text.
        return json.dumps(line, default=str)

    def _describe_request(
        self, record: logging.LogRecord, facts: Mapping[str, Any]
    ) -> dict[str, Any]:
        line = {
            "event": "request" if record.levelno == logging.INFO else "slow_search",
            "id": facts["id"],
            "client": facts["addr"],
            "method": facts["method"],
            "route": facts["route"],
            "status": facts["status"],
            "ms": round(facts["dt_ms"], 1),
        }
        line |= {name: facts[name] for name in ("index", "hits") if name in facts}
        if self._queries:
            line["address"] = f"{facts['path']}{facts['query_string']}"
        return line


class OwnThreads(logging.Filter):
    """Suppresses the warning about many Python threads: nearly all of ours only wait."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Python threads" not in record.getMessage()


class WriteAddress(logging.Filter):
    """Rebuilds the address of a request's record as the client sent it, percent-encoded, without
    the secret of a key that it may name, and with its parameters only if ``queries``.
    """

    def __init__(self, *, queries: bool) -> None:
        super().__init__()
        self._queries = queries

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, Mapping):
            asked = dict(record.args)
            shown = self._queries and asked["query_string"]
            query = f"?{asked['query_string']}" if shown else ""
            path = quote(hide_key(str(asked["path"])), safe=_PATH_CHARACTERS)
            asked["path"] = _cut(path)
            asked["query_string"] = _cut(query)
            record.args = asked
        return True


def _cut(text: str) -> str:
    return text if len(text) <= MAX_ADDRESS_CHARACTERS else f"{text[:MAX_ADDRESS_CHARACTERS]}..."


def configure_logs(*, format: str, file: str, queries: bool) -> dict[str, Any]:
    """Warnings and lines for requests; nothing about the server's internals. The arguments are the
    settings ``log_format``, ``log_file`` and ``log_queries``.

    For :func:`logging.config.dictConfig`.
    """
    where: dict[str, Any] = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
    if file:
        # Notices that logrotate has moved the file away.
        where = {"class": "logging.handlers.WatchedFileHandler", "filename": file, "delay": True}
    handler = {**where, "formatter": format}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {"()": OneLine, "format": "%(asctime)s %(levelname)s %(message)s"},
            "json": {"()": JsonLine, "queries": queries},
        },
        "filters": {
            "address": {"()": WriteAddress, "queries": queries},
            "threads": {"()": OwnThreads},
        },
        # The filter belongs to the handler: a logger that is configured again would have it twice.
        "handlers": {"all": handler, "requests": {**handler, "filters": ["address"]}},
        "root": {"level": "WARNING", "handlers": ["all"]},
        "loggers": {
            "_granian": {
                "level": "WARNING",
                "handlers": ["all"],
                "filters": ["threads"],
                "propagate": False,
            },
            # What the operator asked for, as a reload.
            "searchsvc.serving": {"level": "INFO"},
            REQUESTS: {"level": "INFO", "handlers": ["requests"], "propagate": False},
        },
    }
