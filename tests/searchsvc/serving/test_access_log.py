"""What stands in the server's log for requests of every sort."""

from __future__ import annotations

import io
import logging
import logging.config

import pytest

from searchsvc.serving.access_log import ACCESS_FORMAT, configure_logs


@pytest.fixture
def log() -> io.StringIO:
    """What the loggers of a server write, configured as the server configures them."""
    written = io.StringIO()
    config = configure_logs()
    handlers = config["handlers"]
    assert isinstance(handlers, dict)
    for handler in handlers.values():
        handler["stream"] = written
    config["root"] = {}
    logging.config.dictConfig(config)
    return written


@pytest.mark.parametrize(
    ("path", "query", "line"),
    [
        ("/healthz", "", "/healthz"),
        ("/api/v1/search", "q=panen+padi", "/api/v1/search?q=panen+padi"),
        ("/artikel/https://x.example/a b", "", "/artikel/https://x.example/a%20b"),
        ("/x\r\n127.0.0.1 GET /fake", "", "/x%0D%0A127.0.0.1%20GET%20/fake"),
        ("/\x1b[2J\u2028é", "", "/%1B%5B2J%E2%80%A8%C3%A9"),
        ("/a?b", "c=d", "/a%3Fb?c=d"),
        ("/keys", "limit=2", "/keys?limit=2"),
        ("/keys/" + "0123456789abcdef" * 4, "", "/keys/01234567..."),
        ("/cari/keys//" + "0123456789abcdef" * 4, "a=b", "/cari/keys//0123456...?a=b"),
        ("/keys/01234567/89abcdef", "", "/keys/01234567..."),
        ("/api/v1/keys/6062abda-a5aa-4414-ac91-ecd7944c0f8d", "", "/api/v1/keys/6062abda..."),
        ("/", "q=" + "a" * 5000, "/?q=" + "a" * 1997 + "..."),
    ],
)
def test_a_request_is_one_line(log: io.StringIO, path: str, query: str, line: str) -> None:
    values = {
        "addr": "127.0.0.1",
        "method": "GET",
        "path": path,
        "query_string": query,
        "status": 200,
        "dt_ms": 1.25,
    }
    logging.getLogger("granian.access").info(ACCESS_FORMAT, values)
    written = log.getvalue()
    assert written.count("\n") == 1
    assert written.endswith(f" INFO 127.0.0.1 GET {line} 200 1.2 ms\n")


def test_control_characters_of_a_message_are_written_out(log: io.StringIO) -> None:
    logging.getLogger("_granian").warning("one\ntwo \x1b[31m \x9b")
    assert log.getvalue().endswith(" WARNING one\\x0atwo \\x1b[31m \\x9b\n")


def test_a_traceback_keeps_its_lines(log: io.StringIO) -> None:
    try:
        raise ValueError("rusak")
    except ValueError:
        logging.getLogger("_granian").exception("failed")
    lines = log.getvalue().splitlines()
    assert lines[0].endswith("failed")
    assert lines[-1] == "ValueError: rusak"
