"""What does a server hold now: memory, descriptors, mapped files, threads? From Linux's /proc."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

NAMES = ("memory_mb", "descriptors", "maps", "threads")


@dataclass(frozen=True, slots=True)
class Held:
    """Of all workers together. ``memory_mb`` is what they do not share with others (private pages,
    clean ones of mapped files left out: the system takes those back when it needs them).
    """

    memory_mb: float
    descriptors: int
    maps: int
    threads: int


def measure(workers: Iterable[int]) -> Held:
    """What the processes hold."""
    each = [_measure_one(Path(f"/proc/{pid}")) for pid in workers]
    return Held(*(sum(getattr(one, row.name) for one in each) for row in fields(Held)))


def _measure_one(process: Path) -> Held:
    rollup = dict(
        line.split(":") for line in (process / "smaps_rollup").read_text().splitlines()[1:]
    )
    return Held(
        memory_mb=int(rollup["Private_Dirty"].split()[0]) / 1024,
        descriptors=len(list((process / "fd").iterdir())),
        maps=len((process / "maps").read_text().splitlines()),
        threads=len(list((process / "task").iterdir())),
    )


def find_growth(settled: list[Held], last: list[Held], allowed: dict[str, float]) -> list[str]:
    """A sentence for each figure whose mean grew from ``settled`` to ``last`` by more than the part
    ``allowed`` for it.
    """
    problems = []
    for name, part in allowed.items():
        before = sum(getattr(one, name) for one in settled) / len(settled)
        after = sum(getattr(one, name) for one in last) / len(last)
        if after > before * (1 + part):
            problems.append(f"{name} grew from {before:.0f} to {after:.0f}, more than {part:.0%}.")
    return problems
