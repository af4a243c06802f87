"""Every engine behind the seam, for tests of what they all must do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.brute_force import BruteForceEngine
from support.embedded import open_embedded

from indexer.engine.base import Engine


@pytest.fixture(params=["brute force", "embedded"])
def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Opens the test's own index: the same one at each call, each time with a new engine."""
    in_memory = BruteForceEngine()
    opened: list[Engine] = []

    def open_one() -> Engine:
        opened.append(
            in_memory if request.param == "brute force" else open_embedded(tmp_path / "index")
        )
        return opened[-1]

    yield open_one
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(open_index: Callable[[], Engine]) -> Engine:
    """An empty index."""
    return open_index()
