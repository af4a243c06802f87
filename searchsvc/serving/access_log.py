"""How the server's log is written: one line for each event, whatever a client sent.

Addresses come from anyone. A line break in one would let its sender write lines of his own, and
other control characters would move the cursor of whoever reads the log in a terminal.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from urllib.parse import quote

ACCESS_FORMAT = "%(addr)s %(method)s %(path)s%(query_string)s %(status)d %(dt_ms).1f ms"

#: Longer addresses are cut in the log.
MAX_ADDRESS_CHARACTERS = 2_000

#: What may stand in a path as it is.
_PATH_CHARACTERS = "/:@!$&'()*+,;=~"

_CONTROLS = {number: f"\\x{number:02x}" for number in (*range(32), *range(127, 160))}


class OneLine(logging.Formatter):
    """A message on one line, control characters written out; a traceback follows as it is."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(_CONTROLS)


class OwnThreads(logging.Filter):
    """Leaves out that many threads are a mistake: all but a few of ours only ever wait."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Python threads" not in record.getMessage()


class WriteAddress(logging.Filter):
    """Puts the address of an access record together as the client sent it, percent-encoded."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, Mapping):
            asked = dict(record.args)
            query = f"?{asked['query_string']}" if asked["query_string"] else ""
            path = quote(str(asked["path"]), safe=_PATH_CHARACTERS)
            asked["path"] = _cut(path)
            asked["query_string"] = _cut(query)
            record.args = asked
        return True


def _cut(text: str) -> str:
    return text if len(text) <= MAX_ADDRESS_CHARACTERS else f"{text[:MAX_ADDRESS_CHARACTERS]}..."


def configure_logs() -> dict[str, object]:
    """Warnings and access lines to standard error; nothing about the server's own doings.

    For :func:`logging.config.dictConfig`.
    """
    to_stderr = {
        "class": "logging.StreamHandler",
        "formatter": "line",
        "stream": "ext://sys.stderr",
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": OneLine, "format": "%(asctime)s %(levelname)s %(message)s"},
        },
        "filters": {"address": {"()": WriteAddress}, "threads": {"()": OwnThreads}},
        # The filter stands with the handler: a logger configured again would have it twice.
        "handlers": {"stderr": to_stderr, "access": {**to_stderr, "filters": ["address"]}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "_granian": {
                "level": "WARNING",
                "handlers": ["stderr"],
                "filters": ["threads"],
                "propagate": False,
            },
            "granian.access": {"level": "INFO", "handlers": ["access"], "propagate": False},
        },
    }
