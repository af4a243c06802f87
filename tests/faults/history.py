"""Writers, deleters and readers at once, against a model: python -m faults.history.

In the manner of Jepsen, on one machine: ten processes use one index for some seconds, some of the
writers are killed in the middle, and each notes what it did and saw. Afterwards the notes must
agree with a model. Every generation holds what the one before it and its own changes make; a reader
that looks after a commit has returned sees it; no reader goes back; what was killed is there as a
whole or not at all. A writer that is told that the index is locked has changed nothing, and is
counted as busy; it is wrong only if nobody committed while it waited. Prints the figures as JSON;
exits with 1 where anything is otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from support.batches import Draft, build_batch

from indexer.engine.base import Clause, Query, Term, Word
from indexer.engine.embedded import open_engine
from indexer.errors import IndexLocked

WRITERS, READERS = 5, 5
#: How long a writer waits for the lock.
WAIT_S = 60.0
KEYS = [f"k{number}" for number in range(40)]
#: A note: what happened, and the facts of it.
Note = dict[str, Any]
Write = Callable[[Note], None]


def write_changes(index: Path, chance: Random, until: float, note: Write) -> None:
    """Add, replace and delete a few articles at a time; now and then die while it goes on."""
    engine = open_engine(index)
    number = 0
    while time.monotonic() < until:
        changes: dict[str, str | None] = {}
        for key in chance.sample(KEYS, chance.randint(1, 6)):
            number += 1
            changes[key] = None if chance.random() < 0.4 else f"v{os.getpid()}x{number}"
        began = time.monotonic()
        try:
            writer = engine.writer(wait_s=WAIT_S)
        except IndexLocked:
            note({"kind": "busy", "began": began, "at": time.monotonic()})
            continue
        with writer:
            drafts = [Draft(key, title, "isi") for key, title in changes.items() if title]
            writer.add(build_batch(drafts))
            writer.delete([key for key, title in changes.items() if title is None])
            before = engine.snapshot().generation
            note({"kind": "intend", "before": before, "changes": changes})
            if chance.random() < 0.05:
                signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.0005, 0.02))
            written = writer.commit(more=chance.random() < 0.5)
            note({"kind": "done", "generation": written.generation, "at": time.monotonic()})
            signal.setitimer(signal.ITIMER_REAL, 0)
        # Another one's turn: whoever lets go of a lock and takes it again keeps the others out.
        time.sleep(chance.uniform(0, 0.01))


def read_all(index: Path, chance: Random, until: float, note: Write) -> None:
    """Look at everything, by a scan and by a search."""
    engine = open_engine(index)
    everything = Query((Clause((Word("isi", (Term("isi"),)),)),), limit=1000)
    while time.monotonic() < until:
        began = time.monotonic()
        with engine.snapshot() as snapshot:
            seen = {article.id: article.title for article in snapshot.all_articles()}
            hits = snapshot.search(everything).hits
            found = {snapshot.article(hit.ref).id for hit in hits}
            note(
                {
                    "kind": "read",
                    "generation": snapshot.generation,
                    "began": began,
                    "seen": seen,
                    "agrees": found == set(seen) and snapshot.document_count() == len(seen),
                }
            )
        time.sleep(chance.uniform(0, 0.01))


def act(index: Path, log: Path, seed: int, until: float, does: Callable[..., None]) -> int:
    """Run an actor in a process of its own, which notes on ``log``; its number."""
    process = os.fork()
    if process:
        return process
    number = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    code = 1
    try:
        does(
            index,
            Random(seed),
            until,
            lambda row: os.write(number, json.dumps(row).encode() + b"\n"),
        )
        code = 0
    except BaseException as error:
        os.write(number, json.dumps({"kind": "error", "error": repr(error)}).encode() + b"\n")
    os._exit(code)


def read_notes(log: Path) -> list[Note]:
    return (
        [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []
    )


def apply(state: dict[str, str], changes: dict[str, str | None]) -> dict[str, str]:
    """What ``state`` becomes by these changes."""
    after = {**state, **{key: title for key, title in changes.items() if title is not None}}
    return {key: title for key, title in after.items() if changes.get(key, title) is not None}


class Writes(NamedTuple):
    """What the writers noted: the changes of each generation, when commits returned and with which
    generation, in order of time, the changes of those who were killed, and what is wrong.
    """

    changes: dict[int, dict[str, str | None]]
    returned: list[tuple[float, int]]
    killed: list[Note]
    wrong: list[str]


def judge(
    logs: list[list[Note]], last: dict[str, str], newest: int
) -> tuple[dict[str, int], list[str]]:
    """Figures, and what is wrong with the notes. ``last``: what is in the index at the end, whose
    generation is ``newest``.
    """
    writes = read_writes(logs)
    reads = [note for log in logs for note in log if note["kind"] == "read"]
    states = model_states(writes, reads, newest)
    wrong = [note["error"] for log in logs for note in log if note["kind"] == "error"]
    wrong += writes.wrong
    busy = [note for log in logs for note in log if note["kind"] == "busy"]
    wrong += [
        f"nobody committed in the {note['at'] - note['began']:.0f} s that a writer waited"
        for note in busy
        if not any(note["began"] <= at <= note["at"] for at, _ in writes.returned)
    ]
    for log in logs:
        wrong += judge_reads([note for note in log if note["kind"] == "read"], states, writes)
    if last != states[newest]:
        wrong.append("the index ends with something else")
    figures = {
        "commits": len(writes.changes),
        "reads": len(reads),
        "killed": len(writes.killed),
        "busy": len(busy),
    }
    return figures, wrong


def read_writes(logs: list[list[Note]]) -> Writes:
    writes = Writes({}, [], [], [])
    for log in logs:
        intended: Note | None = None
        for note in log:
            if note["kind"] == "intend":
                if intended is not None:
                    writes.killed.append(intended)
                intended = note
            elif note["kind"] == "done" and intended is not None:
                generation = note["generation"]
                # A commit of nothing (a key deleted that was not there) stays where it was.
                if generation > intended["before"]:
                    if generation in writes.changes:
                        writes.wrong.append(f"generation {generation} was committed twice")
                    writes.changes[generation] = intended["changes"]
                writes.returned.append((note["at"], generation))
                intended = None
        if intended is not None:
            writes.killed.append(intended)
    writes.returned.sort()
    return writes


def model_states(writes: Writes, reads: list[Note], newest: int) -> dict[int, dict[str, str]]:
    """What each generation up to ``newest`` has to hold."""
    states: dict[int, dict[str, str]] = {0: {}}
    for generation in range(1, newest + 1):
        state = dict(states[generation - 1])
        states[generation] = apply(state, writes.changes.get(generation, {}))
        # A killed commit may have come true, as the generation after the one it began from.
        if generation not in writes.changes:
            made = [
                apply(state, one["changes"])
                for one in writes.killed
                if one["before"] + 1 == generation
            ]
            seen = [note["seen"] for note in reads if note["generation"] == generation]
            states[generation] = next((one for one in made if one in seen), [*made, state][0])
    return states


def judge_reads(
    reads: list[Note], states: dict[int, dict[str, str]], writes: Writes
) -> Iterator[str]:
    """What is wrong with the ``reads`` of one reader, in the order it made them."""
    before = 0
    for note in reads:
        generation = note["generation"]
        if generation < before:
            yield f"a reader went back from {before} to {generation}"
        before = generation
        if note["seen"] != states[generation]:
            yield f"generation {generation} held something else"
        if not note["agrees"]:
            yield f"a search of generation {generation} saw something else than a scan"
        sure = max((one for at, one in writes.returned if at < note["began"]), default=0)
        if generation < sure:
            yield f"a reader saw {generation} after {sure} had been committed"


def run_once(folder: Path, seconds: float, seed: int) -> tuple[dict[str, int], list[str]]:
    index = folder / "index"
    open_engine(index, create=True).snapshot()
    until = time.monotonic() + seconds
    logs: list[Path] = []
    actors: dict[int, int] = {}
    started = 0

    def start(does: Callable[..., None]) -> None:
        nonlocal started
        started += 1
        logs.append(folder / f"log-{started}")
        process = act(index, logs[-1], seed * 1000 + started, until, does)
        actors[process] = 1 if does is write_changes else 0

    for does, count in ((write_changes, WRITERS), (read_all, READERS)):
        for _ in range(count):
            start(does)
    while actors:
        process, status = os.wait()
        was_writer = actors.pop(process)
        if was_writer and os.WIFSIGNALED(status) and time.monotonic() < until:
            start(write_changes)
    engine = open_engine(index)
    wrong = engine.check()
    snapshot = engine.snapshot()
    last = {article.id: article.title for article in snapshot.all_articles()}
    figures, more = judge([read_notes(log) for log in logs], last, snapshot.generation)
    return figures, wrong + more


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    total: dict[str, int] = {}
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="faults-") as scratch:
        warm = Path(scratch) / "warm"
        warm.mkdir()
        run_once(warm, 0.5, 0)
        for run in range(options.runs):
            folder = Path(scratch) / str(run)
            folder.mkdir()
            figures, wrong = run_once(folder, options.seconds, options.seed + run)
            for name, count in figures.items():
                total[name] = total.get(name, 0) + count
            missed += [f"run {run}: {one}" for one in wrong[:20]]
            told = ", ".join(f"{count} {name}" for name, count in figures.items())
            print(f"run {run}: {told}", *wrong[:20], sep="\n", file=sys.stderr, flush=True)
    print(json.dumps({"runs": options.runs, **total, "missed": missed}, indent=2))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
