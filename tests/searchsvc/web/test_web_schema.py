"""Odd requests of every sort that the OpenAPI document describes, made by Schemathesis.

A few here; ``make fuzz`` sends many more: FUZZ_REQUESTS says how many to each address.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from support.odd_requests import send_odd_requests

from indexer.article import Article
from searchsvc.index import Index
from searchsvc.settings import Settings
from searchsvc.web import create_app
from searchsvc.web.openapi import describe_api

schemathesis = pytest.importorskip("schemathesis")

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "40"))
#: Not held against us: an empty value is the same as none, a date is what can be read as one, and
#: where reads are open, who sends no key is let in.
LENIENT = [
    schemathesis.checks.negative_data_rejection,
    schemathesis.checks.positive_data_acceptance,
    schemathesis.checks.ignored_auth,
]
OPERATIONS = sorted(
    (path, method.upper())
    for path, methods in describe_api(Settings())["paths"].items()
    for method in methods
)
MASTER = "kunci-induk-untuk-uji-coba"


@pytest.fixture
def described(
    tmp_path: Path, sample_articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> Any:
    """The API as it describes itself, answering. Nobody does what is ordered, nor waits for it."""
    module = import_module("searchsvc.web.articles_api")
    monkeypatch.setattr(module, "LONGEST_WAIT_SECONDS", 0.0)
    with Index.open(tmp_path / "default", create=True) as index:
        index.add(sample_articles)
    app = create_app({"index": tmp_path / "default", "master_key": MASTER, "queue_tasks": 10})
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


@pytest.mark.parametrize("odd", [False, True], ids=["as described", "otherwise"])
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_one_that_is_described(
    described: Any, path: str, method: str, odd: bool
) -> None:

    def check(case: Any) -> None:
        # Compressed bodies it would not unpack.
        case.call_and_validate(
            headers={"Accept-Encoding": "identity", "Authorization": f"Bearer {MASTER}"},
            excluded_checks=LENIENT,
        )

    send_odd_requests(described[path][method], check, odd=odd, requests=REQUESTS)
