"""How is the server's log written? One line per event, whatever a client sends.

Addresses come from untrusted clients. A line break in one would let its sender forge log lines, and
other control characters would move the cursor of anyone who reads the log in a terminal.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from urllib.parse import quote

from searchsvc.access.keys import hide_key

ACCESS_FORMAT = "%(addr)s %(method)s %(path)s%(query_string)s %(status)d %(dt_ms).1f ms"

#: Longer addresses are truncated in the log.
MAX_ADDRESS_CHARACTERS = 2_000

#: Characters of a path that are logged unescaped.
_PATH_CHARACTERS = "/:@!$&'()*+,;=~"

_CONTROLS = {number: f"\\x{number:02x}" for number in (*range(32), *range(127, 160))}


class OneLine(logging.Formatter):
    """Formats a message on one line, with control characters escaped; a traceback follows
    unchanged.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(_CONTROLS)


class OwnThreads(logging.Filter):
    """Suppresses the warning about many Python threads: nearly all of ours only wait."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Python threads" not in record.getMessage()


class WriteAddress(logging.Filter):
    """Rebuilds the address of an access record as the client sent it, percent-encoded, without the
    secret of a key that it may name.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, Mapping):
            asked = dict(record.args)
            query = f"?{asked['query_string']}" if asked["query_string"] else ""
            path = quote(hide_key(str(asked["path"])), safe=_PATH_CHARACTERS)
            asked["path"] = _cut(path)
            asked["query_string"] = _cut(query)
            record.args = asked
        return True


def _cut(text: str) -> str:
    return text if len(text) <= MAX_ADDRESS_CHARACTERS else f"{text[:MAX_ADDRESS_CHARACTERS]}..."


def configure_logs() -> dict[str, object]:
    """Warnings and access lines to standard error; nothing about the server's internals.

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
        # The filter belongs to the handler: a logger that is configured again would have it twice.
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
