"""Odd requests of every sort that the OpenAPI document describes, made by Schemathesis.

A few here; ``make fuzz`` sends many more: FUZZ_REQUESTS says how many to each address.
"""

from __future__ import annotations

import os
from typing import Any

import hypothesis
import pytest
from flask import Flask

from searchsvc.settings import Settings
from searchsvc.web.openapi import describe_api

schemathesis = pytest.importorskip("schemathesis")

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "40"))
#: Not held against us: an empty value is the same as none, and a date is what can be read as one.
LENIENT = [
    schemathesis.checks.negative_data_rejection,
    schemathesis.checks.positive_data_acceptance,
]
PATHS = sorted(describe_api(Settings())["paths"])


@pytest.fixture
def described(app: Flask) -> Any:
    """The API as it describes itself, answering."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


@pytest.mark.parametrize("odd", [False, True], ids=["as described", "otherwise"])
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_one_that_is_described(described: Any, path: str, odd: bool) -> None:
    operation = described[path]["GET"]
    if odd and not operation.query:
        pytest.skip("there is nothing to ask otherwise")
    modes = schemathesis.GenerationMode
    requests = operation.as_strategy(modes.NEGATIVE if odd else modes.POSITIVE)

    @hypothesis.settings(
        max_examples=REQUESTS,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(requests)
    def ask(case: Any) -> None:
        # Compressed bodies it would not unpack.
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=LENIENT)

    ask()
