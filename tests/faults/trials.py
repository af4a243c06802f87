"""One command, one fault, and whether all that is promised holds."""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Collection, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from faults.possible import Fault, list_faults
from faults.scenarios import (
    Contents,
    Outcome,
    Scenario,
    make_scenarios,
    prepare,
    read_contents,
    run_apart,
)

#: Says which process writes since when, which is different in every run.
_HOLDER = "writer.json"
#: New files have the same names in every trial, and other ones when the command runs again.
_FIRST_SEED, _SECOND_SEED = 1, 2


class Told(NamedTuple):
    """What became of a trial: how it is counted, and what is wrong, if anything is."""

    counted: str
    wrong: str = ""


def try_all(
    scratch: Path, names: Collection[str], kinds: Collection[str], *, every: int, jobs: int
) -> Iterator[Told]:
    """Every ``every``-th fault of these kinds in these scenarios, ``jobs`` at a time."""
    for scenario in make_scenarios(scratch):
        if scenario.name not in names:
            continue
        trials = Trials(scenario, scratch)
        calls = trials.list_calls()
        yield Told(f"{scenario.name}: {len(calls)} calls")
        faults = [fault for fault in list_faults(calls) if fault.kind in kinds]
        # Collecting garbage would copy what the forks share.
        gc.freeze()
        with get_context("fork").Pool(jobs, _work_on, (trials,)) as pool:
            yield from pool.imap_unordered(_try_fault, faults[every // 2 :: every], 8)


class Trials:
    """Those of one scenario by one process.

    Most faults leave an index as another one has left it, to the byte. What it holds, and how the
    same command ends on it, is found out only once.
    """

    def __init__(self, scenario: Scenario, scratch: Path) -> None:
        self._scenario = scenario
        self._scratch = scratch
        self._contents: dict[str, Contents] = {}
        self._repeatable: set[str] = set()

    def list_calls(self) -> str:
        # The first one fills caches; the second is as all others.
        for _ in range(2):
            index = prepare(self._scenario, self._folder)
            outcome, calls = run_apart(self._scenario, index, self._folder, seed=_FIRST_SEED)
        assert outcome.code == 0, outcome
        return calls

    @property
    def _folder(self) -> Path:
        return self._scratch / f"trial-{os.getpid()}"

    def try_fault(self, fault: Fault) -> Told:
        index = prepare(self._scenario, self._folder)
        outcome, _ = run_apart(
            self._scenario,
            index,
            self._folder,
            at=fault.at,
            kind=fault.number,
            stays=fault.stays,
            seed=_FIRST_SEED,
        )
        name = self._scenario.name
        try:
            problem = self._judge(index, outcome)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        if problem:
            where = f"{fault.kind}{' for good' if fault.stays else ''} at call {fault.at}"
            return Told(f"{name}: wrong", f"{name}, {where}: {problem} | {outcome.stderr[-600:]}")
        return Told(f"{name}: {'killed' if outcome.code is None else f'exit {outcome.code}'}")

    def _judge(self, index: Path, outcome: Outcome) -> str:
        """What is wrong after the fault, or when the command runs again; empty: nothing."""
        left = digest(self._folder)
        if left not in self._contents:
            self._contents[left] = read_contents(index)
        problem = judge(self._scenario, self._contents[left], outcome)
        if problem or left in self._repeatable:
            return problem
        again, _ = run_apart(self._scenario, index, self._folder, seed=_SECOND_SEED)
        problem = judge_again(self._scenario, index, again)
        if not problem:
            self._repeatable.add(left)
        return problem


_trials: Trials


def _work_on(trials: Trials) -> None:
    """Called first in each process of the pool."""
    global _trials
    _trials = trials


def _try_fault(fault: Fault) -> Told:
    return _trials.try_fault(fault)


def digest(folder: Path) -> str:
    """The same for two folders whose files have the same names, modes and bytes."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        about = path.lstat()
        data = path.read_bytes() if path.is_file() and path.name != _HOLDER else b""
        row = (path.relative_to(folder).as_posix(), about.st_mode, len(data))
        found.update(repr(row).encode() + data)
    return found.hexdigest()


def judge(scenario: Scenario, found: Contents, outcome: Outcome) -> str:
    """What is wrong where an index holds ``found`` after the command ended; empty: nothing."""
    if found not in scenario.states:
        return f"holds {len(found)} articles, which no commit left: {sorted(found)}"
    if outcome.code is None:
        return ""
    # 2: click could not look at the folder, and says so.
    if outcome.code not in (0, 1, 2) or "Traceback" in outcome.stderr:
        return f"ended with {outcome.code}"
    if outcome.code == 0:
        return "" if found == scenario.states[-1] else "said that it is done, and is not"
    if outcome.stderr.count("Error: ") != 1:
        return "not one sentence"
    told = scenario.find_told(outcome, scenario.states)
    if found != scenario.states[told or 0]:
        return f"is in state {scenario.states.index(found)}, and said {told}"
    return ""


def judge_again(scenario: Scenario, index: Path, outcome: Outcome) -> str:
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
