"""Does the checker of histories find what is wrong in one, and only that?"""

from __future__ import annotations

import pytest
from faults.history import Note, judge

A, B = {"a": "1"}, {"a": "1", "b": "2"}


def commit(before: int, changes: dict[str, str], *, at: float) -> list[Note]:
    return [
        {"kind": "intend", "before": before, "changes": changes},
        {"kind": "done", "generation": before + 1, "at": at},
    ]


def read(generation: int, seen: dict[str, str], *, began: float, agrees: bool = True) -> Note:
    return {
        "kind": "read",
        "generation": generation,
        "began": began,
        "seen": seen,
        "agrees": agrees,
    }


WRITER = commit(0, {"a": "1"}, at=1.0) + commit(1, {"b": "2"}, at=3.0)


@pytest.mark.parametrize(
    ("other", "wrong"),
    [
        ([read(1, A, began=2.0), read(2, B, began=4.0)], []),
        ([{"kind": "busy", "began": 2.0, "at": 62.0}], []),
        (
            [{"kind": "busy", "began": 4.0, "at": 64.0}],
            ["nobody committed in the 60 s that a writer waited"],
        ),
        ([{"kind": "error", "error": "IndexCorrupt()"}], ["IndexCorrupt()"]),
        ([read(1, A, began=4.0)], ["a reader saw 1 after 2 had been committed"]),
        ([read(1, B, began=2.0)], ["generation 1 held something else"]),
        (
            [read(1, A, began=2.0, agrees=False)],
            ["a search of generation 1 saw something else than a scan"],
        ),
        (
            [read(2, B, began=2.0), read(1, A, began=2.5)],
            ["a reader went back from 2 to 1"],
        ),
        (commit(1, {"c": "3"}, at=5.0), ["generation 2 was committed twice"]),
    ],
)
def test_finds_what_is_wrong(other: list[Note], wrong: list[str]) -> None:
    figures, found = judge([WRITER, other], B, 2)
    assert found[: len(wrong)] == wrong
    assert bool(found) == bool(wrong)
    assert figures["busy"] == sum(note["kind"] == "busy" for note in other)


def test_a_killed_commit_is_there_as_a_whole_or_not_at_all() -> None:
    killed = [{"kind": "intend", "before": 2, "changes": {"c": "3", "a": None}}]
    whole = {"b": "2", "c": "3"}
    assert judge([WRITER, killed, [read(3, whole, began=5.0)]], whole, 3)[1] == []
    assert judge([WRITER, killed], B, 2)[1] == []
    half = {"a": "1", "b": "2", "c": "3"}
    assert judge([WRITER, killed, [read(3, half, began=5.0)]], half, 3)[1] != []
