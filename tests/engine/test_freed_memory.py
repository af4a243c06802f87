"""Memory that was freed gets back to the system, where the C library can be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.engine.embedded import freed_memory
from indexer.engine.embedded.freed_memory import give_back_memory

STATUS = Path("/proc/self/status")


def measure_memory() -> int:
    lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return int(lines["RssAnon"].split()[0]) * 1024


@pytest.mark.skipif(
    freed_memory._find_trim() is None or not STATUS.exists(), reason="not glibc on Linux"
)
def test_what_lies_between_things_that_stay_is_given_back() -> None:
    pieces = [bytearray(10_000) for _ in range(10_000)]
    kept = pieces[::100]
    del pieces
    before = measure_memory()
    give_back_memory()
    assert before - measure_memory() > 50_000_000
    assert len(kept) == 100


def test_elsewhere_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freed_memory, "_find_trim", lambda: None)
    give_back_memory()
