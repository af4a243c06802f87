"""A short turn of odd requests; ``make fuzz-http`` goes on for long."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from fuzz import service
from fuzz.service import Turns, judge_answer, make_folder


@pytest.mark.parametrize(
    ("method", "status", "headers", "body", "wrong"),
    [
        ("GET", 200, {"Content-Length": "2"}, b"{}", ""),
        ("GET", 200, {"Content-Length": "3"}, b"{}", "Content-Length 3 of 2 bytes"),
        ("HEAD", 200, {"Content-Length": "3"}, b"", ""),
        ("GET", 500, {}, b'{"code": "internal"}', "status 500"),
        ("GET", 500, {}, b"<html>", "status 500"),
        ("GET", 501, {}, b'{"code": "unsupported"}', ""),
        ("GET", 503, {"Retry-After": "1"}, b'{"code": "query_too_costly"}', ""),
        ("GET", 503, {}, b'{"code": "too_busy"}', "503 without Retry-After"),
        ("GET", 503, {"Retry-After": "5"}, b'{"code": "index_corrupt"}', "status 503"),
        ("GET", 302, {"Location": "/\r\nX: y"}, b"", "a control character in a header"),
    ],
)
def test_only_errors_that_are_meant_are_right(
    method: str, status: int, headers: dict[str, str], body: bytes, wrong: str
) -> None:
    assert judge_answer(method, status, headers, body) == wrong


def test_no_odd_request_is_an_error_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "TURN", 250)
    articles_api = import_module("searchsvc.web.articles_api")
    monkeypatch.setattr(articles_api, "LONGEST_WAIT_SECONDS", 0.0)
    made = tmp_path / "made"
    made.mkdir()
    make_folder(made)
    counts, wrong = Turns(made, seed=9).take(0)
    assert wrong == []
    assert counts["200"] > 50
    assert counts["tasks"] > 3
