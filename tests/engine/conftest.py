"""Every engine behind the seam, for tests of what they all must do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.brute_force import BruteForceEngine
from support.opensearch_node import create_index, empty_index, needs_node, open_opensearch

from indexer.engine.base import Engine
from indexer.engine.embedded import open_engine

#: So few tokens that every batch becomes a segment of its own, long before the commit.
FEW_TOKENS = 5


@pytest.fixture(
    params=[
        "brute force",
        "embedded",
        "embedded, flushing often",
        pytest.param("opensearch", marks=needs_node),
    ]
)
def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Opens the test's own index: the same one at each call, each time with a new engine."""
    in_memory = BruteForceEngine()
    opened: list[Engine] = []

    def open_one() -> Engine:
        if request.param == "brute force":
            opened.append(in_memory)
        elif request.param == "embedded":
            opened.append(open_engine(tmp_path / "index", create=True))
        elif request.param == "opensearch":
            name = create_index("contract") if opened else empty_index("contract")
            opened.append(open_opensearch(name))
        else:
            opened.append(open_engine(tmp_path / "index", create=True, flush_tokens=FEW_TOKENS))
        return opened[-1]

    yield open_one
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(open_index: Callable[[], Engine]) -> Engine:
    """An empty index."""
    return open_index()
