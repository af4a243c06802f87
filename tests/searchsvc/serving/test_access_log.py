"""What stands in the server's log for requests of every sort."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import re
from pathlib import Path

import pytest

from searchsvc.monitoring.log_lines import ACCESS_FORMAT, REQUESTS, SLOW_FORMAT, configure_logs
from searchsvc.monitoring.notes import begin_notes, end_notes
from searchsvc.serving.logs import list_log_settings
from searchsvc.setting import InvalidSetting
from searchsvc.settings import load


@pytest.fixture
def log() -> io.StringIO:
    """What the loggers of a server write, configured as the server configures them."""
    written = io.StringIO()
    config = configure_logs(format="text", file="", queries=True)
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
    logging.getLogger(REQUESTS).info(ACCESS_FORMAT, values)
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


def configure(log: io.StringIO, *, format: str, queries: bool = False) -> None:
    config = configure_logs(format=format, file="", queries=queries)
    for handler in config["handlers"].values():
        handler["stream"] = log
    config["root"] = {}
    logging.config.dictConfig(config)


REQUEST = {
    "id": "7b1f",
    "addr": "203.0.113.7",
    "method": "GET",
    "path": "/api/v1/search",
    "query_string": "q=rahasia",
    "route": "/api/v1/search",
    "status": 200,
    "dt_ms": 12.345,
    "index": "berita",
    "hits": 3,
}


def test_what_readers_search_for_is_left_out_unless_asked_for(log: io.StringIO) -> None:
    for format in ("text", "json"):
        configure(log, format=format)
        logging.getLogger(REQUESTS).info(ACCESS_FORMAT, REQUEST)
        logging.getLogger(REQUESTS).warning(SLOW_FORMAT, REQUEST)
    assert "rahasia" not in log.getvalue()
    assert log.getvalue().count("\n") == 4
    configure(log, format="json", queries=True)
    logging.getLogger(REQUESTS).info(ACCESS_FORMAT, REQUEST)
    assert json.loads(log.getvalue().splitlines()[-1])["address"] == "/api/v1/search?q=rahasia"


@pytest.mark.parametrize(
    ("level", "event"), [(logging.INFO, "request"), (logging.WARNING, "slow_search")]
)
def test_a_request_is_one_object(log: io.StringIO, level: int, event: str) -> None:
    configure(log, format="json")
    logging.getLogger(REQUESTS).log(level, ACCESS_FORMAT, REQUEST)
    [line] = log.getvalue().splitlines()
    told = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told.pop("time"))
    assert told == {
        "level": "info" if event == "request" else "warning",
        "event": event,
        "id": "7b1f",
        "client": "203.0.113.7",
        "method": "GET",
        "route": "/api/v1/search",
        "status": 200,
        "ms": 12.3,
        "index": "berita",
        "hits": 3,
    }


def test_any_message_is_one_object(log: io.StringIO) -> None:
    configure(log, format="json")
    logger = logging.getLogger("_granian")
    token = begin_notes({"id": "7b1f"})
    logger.warning("satu\ndua \x1b[31m \udcff %s", "é")
    end_notes(token)
    try:
        raise ValueError("rusak")
    except ValueError:
        logger.exception("failed")
    first, second = map(json.loads, log.getvalue().splitlines())
    assert (first["message"], first["id"]) == ("satu\ndua \x1b[31m \udcff é", "7b1f")
    assert (second["level"], second["message"]) == ("error", "failed")
    assert second["traceback"].endswith("ValueError: rusak")
    assert "id" not in second


def test_a_file_that_is_moved_away_is_opened_anew(tmp_path: Path) -> None:
    file = tmp_path / "searchsvc.log"
    settings = load({"log_file": str(file), "log_format": "json"})
    config = list_log_settings(settings)
    config["root"] = {}
    logging.config.dictConfig(config)
    logger = logging.getLogger(REQUESTS)
    logger.info(ACCESS_FORMAT, REQUEST)
    file.rename(tmp_path / "searchsvc.log.1")
    logger.info(ACCESS_FORMAT, REQUEST)
    for handler in logger.handlers:
        handler.close()
    assert [len(path.read_text().splitlines()) for path in sorted(tmp_path.iterdir())] == [1, 1]


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match=r"log_file .* it cannot be written \(Is a directory"):
        list_log_settings(load({"log_file": str(tmp_path)}))
