"""Power cuts at every change of a file: python -m faults.powerloss (from ``tests/``).

The commands run once each, and the shim logs what they do to files. Then, after each step, disks
are made that the power cut may leave: what was flushed is there; of what was not, any part may be:
each write whole, torn at a sector, or missing, each change of a folder made or not. In each the
index must open, be whole, and hold what one of the commits left, never less than the last commit
that was confirmed. Prints the figures as JSON; exits with 1 where anything is otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import struct
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from faults import shim
from faults.scenarios import Scenario, make_scenarios, prepare, read_contents, run

SECTOR = 512
_ROW = struct.Struct("<c7xQQQqQ")


@dataclass(frozen=True)
class Change:
    """One logged call: ``kind`` is a letter of shim.c."""

    kind: str
    inode: int
    first: str
    second: str
    offset: int
    data: bytes


def read_log(path: Path) -> list[Change]:
    content, at = path.read_bytes(), 0
    changes = []
    while at < len(content):
        kind, inode, first, second, offset, size = _ROW.unpack_from(content, at)
        at += _ROW.size
        one, other, data = at + first, at + first + second, at + first + second + size
        names = os.fsdecode(content[at:one]), os.fsdecode(content[one:other])
        changes.append(Change(kind.decode(), inode, *names, offset, content[other:data]))
        at = data
    return changes


@dataclass
class File:
    """A file's bytes as they surely are, and the writes that may not have arrived."""

    flushed: bytes = b""
    waiting: list[tuple[int, bytes]] = field(default_factory=list)

    def flush(self) -> None:
        for offset, data in self.waiting:
            self.flushed = put(self.flushed, offset, data)
        self.waiting = []

    def guess(self, chance: Random) -> bytes:
        """What may be there after a power cut: of each write all, nothing, or some sectors."""
        content = self.flushed
        for offset, data in self.waiting:
            kind = chance.randrange(3)
            for at in range(0, len(data), SECTOR):
                if kind == 0 or (kind == 1 and chance.random() < 0.5):
                    continue
                content = put(content, offset + at, data[at : at + SECTOR])
        return content


def put(content: bytes, offset: int, data: bytes) -> bytes:
    content = content.ljust(offset, b"\0")
    return content[:offset] + data + content[offset + len(data) :]


class Disk:
    """What is on a disk for sure, and what may be. Files are known by numbers of their own, because
    a system gives the inode of a deleted file to the next one.
    """

    def __init__(self, folder: Path) -> None:
        self.files: list[File] = []
        self.by_inode: dict[int, int] = {}
        self.flushed: dict[str, int] = {}
        self.waiting: list[tuple[Change, int]] = []
        for path in folder.rglob("*"):
            if path.is_file():
                self.flushed[str(path)] = len(self.files)
                self.files.append(File(path.read_bytes()))

    def apply(self, change: Change) -> None:
        number = self.by_inode.get(change.inode, -1)
        if change.kind == "W":
            self.files[number].waiting.append((change.offset, change.data))
        elif change.kind == "F" and number >= 0:
            self.files[number].flush()
        elif change.kind == "F":
            self._flush_folder(change.first)
        elif change.kind != "T":  # Only the lock is opened so, and it is empty.
            if change.kind == "C":
                number = self.by_inode[change.inode] = len(self.files)
                self.files.append(File())
            self.waiting.append((change, number))

    def _flush_folder(self, folder: str) -> None:
        left = []
        for change, number in self.waiting:
            if os.path.dirname(change.second or change.first) == folder:
                make(self.flushed, change, number)
            else:
                left.append((change, number))
        self.waiting = left

    def guess(self, chance: Random) -> dict[str, bytes]:
        """Files by path that may be there after a power cut."""
        names = dict(self.flushed)
        for change, number in self.waiting:
            if chance.random() < 0.5:
                make(names, change, number)
        return {path: self.files[number].guess(chance) for path, number in names.items()}


def make(names: dict[str, int], change: Change, number: int) -> None:
    """Make a change of a folder, as far as what it changes is there."""
    if change.kind == "C":
        names[change.first] = number
    elif change.kind == "U":
        names.pop(change.first, None)
    elif change.kind in "RL" and change.first in names:
        names[change.second] = names[change.first]
        if change.kind == "R":
            del names[change.first]


def cut_power(
    start: Path, changes: list[Change], chance: Random, *, each: int
) -> Iterator[tuple[int, dict[str, bytes]]]:
    """(how many changes were made, the files that may be there then), ``each`` for each step."""
    disk = Disk(start)
    for number, change in enumerate(changes, 1):
        disk.apply(change)
        for _ in range(each):
            yield number, disk.guess(chance)


def log_command(scenario: Scenario, index: Path, below: Path, log: Path) -> None:
    """Run the command in a process of its own, its changes written to ``log``."""
    process = os.fork()
    if process == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        number = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        shim.arm(below, 0, 0, log=number)
        code = run([*scenario.arguments, "--index", str(index)])
        shim.disarm()
        os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0


def find_confirmed(changes: list[Change]) -> list[int]:
    """For each commit, after how many changes it was surely on the disk."""
    confirmed, named = [], False
    for number, change in enumerate(changes, 1):
        if change.kind in "LR" and change.second.endswith(".toc"):
            named = True
        elif named and change.kind == "F" and os.path.basename(change.first) == "index":
            confirmed.append(number)
            named = False
    return confirmed


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenarios", default="index,create,delete,rebuild")
    parser.add_argument("--each", type=int, default=20, help="disks to make after each step")
    parser.add_argument("--every", type=int, default=1, help="look at one step in so many")
    options = parser.parse_args()
    missed: list[str] = []
    figures: dict[str, int] = {}
    shim.preload()
    with tempfile.TemporaryDirectory(prefix="faults-") as scratch:
        for scenario in make_scenarios(Path(scratch)):
            if scenario.name not in options.scenarios.split(","):
                continue
            folder, log = Path(scratch) / "trial", Path(scratch) / "log"
            index = prepare(scenario, folder)
            log_command(scenario, index, folder, log)
            changes = read_log(log)
            confirmed = find_confirmed(changes)
            start = prepare(scenario, folder)
            chance = Random(scenario.name)
            figures[scenario.name] = 0
            for number, files in cut_power(start.parent, changes, chance, each=options.each):
                if number % options.every:
                    continue
                figures[scenario.name] += 1
                least = sum(one <= number for one in confirmed)
                if scenario.start is None:
                    least = max(0, least - 1)  # The first is that of the empty index.
                # The last commit of a run may only merge.
                least = min(least, len(scenario.states) - 1)
                wrong = judge(scenario, index, files, least)
                if wrong:
                    where = f"{scenario.name}, after {changes[number - 1].kind} {number}"
                    missed.append(f"{where}: {wrong}")
                    print(missed[-1], file=sys.stderr, flush=True)
    print(json.dumps({"disks": sum(figures.values()), **figures, "missed": missed}, indent=2))
    return 1 if missed else 0


def judge(scenario: Scenario, index: Path, files: dict[str, bytes], least: int) -> str:
    """What is wrong with a disk; empty: nothing."""
    shutil.rmtree(index.parent)
    index.mkdir(parents=True)
    for path, content in files.items():
        Path(path).write_bytes(content)
    try:
        found = read_contents(index)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if found not in scenario.states[least:]:
        return f"holds {len(found)} articles, and {least} commits were confirmed"
    return ""


if __name__ == "__main__":
    sys.exit(main())
