"""The clock that stops while something is loaded."""

from __future__ import annotations

import pytest

from indexer import loading as module
from indexer.loading import loaded_once, loading, read_clock


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [100.0]
    monkeypatch.setattr(module, "perf_counter", lambda: moment[0])
    return moment


def test_loading_does_not_count(now: list[float]) -> None:
    @loaded_once
    def load_words() -> str:
        now[0] += 5
        return "kata"

    @loaded_once
    def load_all() -> str:
        now[0] += 1
        return load_words() + "-kata"

    began = read_clock()
    now[0] += 2
    assert (load_all(), load_words()) == ("kata-kata", "kata")
    now[0] += 3
    assert read_clock() - began == 5


def test_a_failure_to_load_does_not_count_either(now: list[float]) -> None:
    def load() -> None:
        with loading():
            now[0] += 4
            raise OSError("gone")

    began = read_clock()
    with pytest.raises(OSError, match="gone"):
        load()
    assert read_clock() == began
