"""The commands that write, what they start from, and what may be there afterwards."""

from __future__ import annotations

import json
import os
import re
import shutil
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from faults import shim

from indexer import pipeline
from indexer.engine.embedded import open_engine
from searchsvc.cli import main as searchsvc

#: What is in the index: titles by id.
Contents = Mapping[str, str]

#: Articles between commits, so that a short run has several.
COMMIT_EVERY = 4
_TOLD = re.compile(r"(Nothing|[\d,]+ articles?) of this run (?:is|are) in the index\.")


@dataclass(frozen=True)
class Outcome:
    """How a command ended. ``code`` is ``None`` where it was killed."""

    code: int | None
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Scenario:
    """A command on an index. ``states`` are the contents that its commits lead through."""

    name: str
    arguments: list[str]
    start: Path | None
    states: list[Contents]
    #: Which state a failure says that the index is in; ``None`` where it says nothing.
    find_told: Callable[[Outcome, list[Contents]], int | None]


def make_rows(numbers: range, word: str) -> list[Contents]:
    return [
        {
            "id": f"a{number}",
            "title": f"Panen {word} {number}",
            "body": f"Petani memanen {word} di sawah nomor {number}. " * 3,
        }
        for number in numbers
    ]


def commit_often() -> None:
    """Let a run commit every few articles."""
    defaults = pipeline.index_articles.__kwdefaults__
    assert defaults is not None
    defaults["pace"] = pipeline.Pace(batch_size=COMMIT_EVERY, commit_every=COMMIT_EVERY)


def make_scenarios(work: Path) -> list[Scenario]:
    """All of them, with what they start from in the folder ``work``."""
    commit_often()
    old, new = make_rows(range(10), "padi"), make_rows(range(6, 18), "jagung")
    base = work / "base"
    for number, rows in enumerate((old, new)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (work / f"input-{number}.jsonl").write_text(lines, encoding="utf-8")
    first, second = (str(work / f"input-{number}.jsonl") for number in range(2))
    run(["index", first, "--index", str(base), "--processes", "1"])
    run(["delete", "a3", "--index", str(base)])
    before = {row["id"]: row["title"] for row in old if row["id"] != "a3"}
    states: list[Contents] = [before]
    for start in range(0, len(new), COMMIT_EVERY):
        added = {row["id"]: row["title"] for row in new[start : start + COMMIT_EVERY]}
        states.append({**states[-1], **added})
    made: list[Contents] = [{}]
    for start in range(0, len(new), COMMIT_EVERY):
        added = {row["id"]: row["title"] for row in new[start : start + COMMIT_EVERY]}
        made.append({**made[-1], **added})
    gone = {key: title for key, title in before.items() if key not in ("a1", "a2")}
    return [
        Scenario("index", ["index", second, "--processes", "1"], base, states, _find_told_index),
        Scenario("create", ["index", second, "--processes", "1"], None, made, _find_told_index),
        Scenario("delete", ["delete", "a1", "a2"], base, [before, gone], _find_told_delete),
        Scenario("rebuild", ["rebuild", "--processes", "1"], base, [before], lambda *_: None),
    ]


def _find_told_index(outcome: Outcome, states: list[Contents]) -> int | None:
    told = _TOLD.findall(outcome.stderr)
    if not told:
        return None
    count = 0 if told[-1] == "Nothing" else int(told[-1].split()[0].replace(",", ""))
    assert count % COMMIT_EVERY == 0, outcome.stderr
    return count // COMMIT_EVERY


def _find_told_delete(outcome: Outcome, states: list[Contents]) -> int | None:
    if "Nothing was deleted." in outcome.stderr:
        return 0
    return 1 if "Deleted 2 articles." in outcome.stderr + outcome.stdout else None


def run(arguments: list[str]) -> int:
    """Run a command in this process; its exit code. A bug of ours prints its traceback."""
    try:
        searchsvc.main(arguments, prog_name="searchsvc")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
        return 70
    return 0


def prepare(scenario: Scenario, folder: Path) -> Path:
    """A fresh index to run the command on, in the empty folder ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    index = folder / "index"
    if scenario.start is not None:
        shutil.copytree(scenario.start, index)
    return index


def run_apart(
    scenario: Scenario,
    index: Path,
    below: Path,
    *,
    at: int = 0,
    kind: int = 0,
    stays: bool = False,
    seed: int = 1,
) -> tuple[Outcome, str]:
    """Run the command in a process of its own, under a fault; which calls it made, if it was not
    killed.
    """
    told = {name: below.with_name(f"{below.name}.{name}") for name in ("stdout", "stderr", "calls")}
    process = os.fork()
    if process == 0:
        for number, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(os.open(told[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        shim.arm(below, at, kind, stays=stays, seed=seed)
        code = run([*scenario.arguments, "--index", str(index)])
        calls = shim.disarm()
        told["calls"].write_text(calls)
        os._exit(code)
    _, status = os.waitpid(process, 0)
    outcome = Outcome(
        os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        told["stdout"].read_text(encoding="utf-8"),
        told["stderr"].read_text(encoding="utf-8"),
    )
    if outcome.code is None and os.WTERMSIG(status) != 9:
        outcome = Outcome(-os.WTERMSIG(status), outcome.stdout, outcome.stderr)
    return outcome, told["calls"].read_text() if outcome.code is not None else ""


def read_contents(index: Path) -> Contents:
    """What is in the index; nothing where there is none. Raises what opening raises."""
    if not index.exists() or not any(index.glob("*.toc")):
        assert not any(index.glob("*.pack")), "segments without a table"
        return {}
    engine = open_engine(index)
    problems = engine.check()
    assert problems == [], problems
    with engine.snapshot() as snapshot:
        return {article.id: article.title for article in snapshot.all_articles()}
