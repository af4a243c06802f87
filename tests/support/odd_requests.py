"""Requests of every sort to a described operation, made by Schemathesis: as it is described, or
otherwise.

``FUZZ_REQUESTS`` says how many to each address; ``make fuzz`` sends many.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis
import pytest


def send_odd_requests(
    operation: Any, check: Callable[[Any], None], *, odd: bool, requests: int
) -> None:
    """Call ``check`` with each of ``requests`` cases; skip where there is nothing to ask otherwise
    than described.
    """
    from schemathesis import GenerationMode

    if odd and not (operation.query or operation.body):
        pytest.skip("there is nothing to ask otherwise")

    @hypothesis.settings(
        max_examples=requests,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(
        operation.as_strategy(GenerationMode.NEGATIVE if odd else GenerationMode.POSITIVE)
    )
    def ask(case: Any) -> None:
        check(case)

    ask()
