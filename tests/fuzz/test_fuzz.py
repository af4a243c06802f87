"""A short turn of fuzzing: every seed, and inputs made of them. ``make fuzz`` goes on for long."""

from __future__ import annotations

from random import Random

import pytest
from fuzz.corpus import FOLDER, LONGEST, mutate, read_seeds
from fuzz.limited import TooSlow, run_limited
from fuzz.targets import TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CHANGED = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def test_every_target_has_seeds_and_every_folder_a_target() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(TARGETS)
    assert all(len(read_seeds(name)) >= 10 for name in TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_promises_hold_for_every_seed(name: str) -> None:
    for seed in read_seeds(name):
        run_limited(TARGETS[name], seed)


@pytest.mark.parametrize("name", TARGETS)
@CHANGED
@given(st.data())
def test_promises_hold_for_changed_seeds(name: str, data: st.DataObject) -> None:
    seeds = st.sampled_from(read_seeds(name))
    random = Random(data.draw(st.integers(0, 1 << 32)))
    changed = mutate(data.draw(seeds), data.draw(seeds), random)
    assert len(changed) <= LONGEST
    run_limited(TARGETS[name], changed)


@pytest.mark.parametrize("name", TARGETS)
@CHANGED
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_promises_hold_for_any_bytes(name: str, data: bytes) -> None:
    run_limited(TARGETS[name], data)


def test_what_does_not_end_is_ended() -> None:
    def run_on(data: bytes) -> None:
        while True:
            pass

    with pytest.raises(TooSlow):
        run_limited(run_on, b"", seconds=0.05)
