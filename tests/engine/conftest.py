"""Every engine behind the seam, for tests of what they all must do."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.brute_force import BruteForceEngine

from indexer.engine.base import Engine


def open_embedded(path: Path) -> Engine:
    """The embedded engine on the index at ``path``, made where there is none."""
    embedded = importlib.import_module("indexer.engine.embedded")
    if not hasattr(embedded, "open_engine"):
        pytest.skip("the embedded engine has not landed")
    engine: Engine = embedded.open_engine(path, create=True)
    return engine


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
