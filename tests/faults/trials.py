"""One command, one fault, and whether all that is promised holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from faults.scenarios import (
    Contents,
    Outcome,
    Scenario,
    make_scenarios,
    prepare,
    read_contents,
    run_apart,
)


class Told(NamedTuple):
    """What became of a trial: how it is counted, and what is wrong, if anything is."""

    counted: str
    wrong: str = ""


def try_all(
    scratch: Path, names: list[str], kinds: Mapping[str, int], *, every: int
) -> Iterator[Told]:
    """Every fault at every ``every``-th call of every scenario."""
    for scenario in make_scenarios(scratch):
        if scenario.name not in names:
            continue
        folder = scratch / "trial"
        # The first one fills caches; the second is as all others.
        for _ in range(2):
            index = prepare(scenario, folder)
            outcome, calls = run_apart(scenario, index, folder, at=0, kind=0)
        assert outcome.code == 0, outcome
        yield Told(f"{scenario.name}: {calls} calls")
        for kind, number in kinds.items():
            for at in range(1 + (calls * 7 + number) % every, calls + 1, every):
                for stays in (0, 1) if kind in ("ENOSPC", "EIO") else (0,):
                    yield _try_one(scenario, folder, kind, at=at, kind_number=number, stays=stays)


def _try_one(
    scenario: Scenario, folder: Path, kind: str, *, at: int, kind_number: int, stays: int
) -> Told:
    index = prepare(scenario, folder)
    outcome, _ = run_apart(scenario, index, folder, at=at, kind=kind_number, stays=stays)
    counted = f"{scenario.name}: {'killed' if outcome.code is None else f'exit {outcome.code}'}"
    try:
        problem = _judge(scenario, index, outcome)
        if not problem:
            again, _ = run_apart(scenario, index, folder, at=0, kind=0)
            problem = _judge_again(scenario, index, again)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    if not problem:
        return Told(counted)
    where = f"{scenario.name}, {kind}{' for good' if stays else ''} at call {at}"
    return Told(f"{scenario.name}: wrong", f"{where}: {problem} | {outcome.stderr[-600:]}")


def _judge(scenario: Scenario, index: Path, outcome: Outcome) -> str:
    """What is wrong after the fault; empty: nothing."""
    found = read_contents(index)
    if found not in scenario.states:
        return f"holds {len(found)} articles, which no commit left: {sorted(found)}"
    if outcome.code is None:
        return ""
    if outcome.code not in (0, 1) or "Traceback" in outcome.stderr:
        return f"ended with {outcome.code}"
    if outcome.code == 0:
        return "" if found == scenario.states[-1] else "said that it is done, and is not"
    if outcome.stderr.count("Error: ") != 1:
        return "not one sentence"
    told = scenario.find_told(outcome, scenario.states)
    if found != scenario.states[told or 0]:
        return f"is in state {scenario.states.index(found)}, and said {told}"
    return ""


def _judge_again(scenario: Scenario, index: Path, outcome: Outcome) -> str:
    """What is wrong after the same command once more, without a fault."""
    gone_already = scenario.name == "delete" and "Not in the index: a1" in outcome.stderr
    if outcome.code != 0 and not gone_already:
        return f"the same command again ended with {outcome.code}: {outcome.stderr}"
    found: Contents = read_contents(index)
    if found != scenario.states[-1]:
        return "the same command again did not end as it should"
    if gone_already:
        return ""  # There was nothing to write, so nobody has tidied up.
    strange = {path.name for path in index.iterdir()} - {
        path.name for path in index.iterdir() if path.suffix in (".pack", ".toc", ".json", "")
    }
    return f"leaves {sorted(strange)} behind" if strange else ""
