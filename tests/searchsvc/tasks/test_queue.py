"""Tasks wait in order, on the disk, and within bounds."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from searchsvc.database import DatabaseUnusable
from searchsvc.tasks.queue import TaskQueue
from searchsvc.tasks.task import QueueFull, Status, TaskFilter, TaskNotFound
from searchsvc.tasks.work import Outcome, Work


def test_a_task_is_there_for_everybody_at_once(queue: TaskQueue, tmp_path: Path) -> None:
    first = queue.add("put", index="berita", payload=b"isi", details={"received": 1})
    second = queue.add("count_runs")
    assert (first.uid, second.uid) == (0, 1)
    other = TaskQueue(tmp_path / "data")
    assert other.get(0) == first
    assert other.payload(0) == b"isi"
    assert other.get(1).status is Status.ENQUEUED
    with pytest.raises(TaskNotFound, match="no task 2"):
        other.get(2)


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_only_the_owner_and_the_group_read_it(queue: TaskQueue, tmp_path: Path) -> None:
    queue.add("put")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()}
    assert modes
    assert all(mode & 0o007 == 0 for mode in modes.values())


def test_numbers_are_given_once_whoever_asks(queue: TaskQueue) -> None:
    with ThreadPoolExecutor(8) as pool:
        tasks = list(pool.map(lambda _: queue.add("put"), range(64)))
    assert sorted(task.uid for task in tasks) == list(range(64))


def test_the_queue_is_bounded_by_tasks(tmp_path: Path) -> None:
    queue = TaskQueue(tmp_path, most_tasks=2)
    queue.add("put")
    queue.add("put")
    with pytest.raises(QueueFull, match="2 tasks"):
        queue.add("put")
    assert queue.add("cancel", always=True).uid == 2
    queue.cancel([0, 1])
    queue.add("put")


def test_the_queue_is_bounded_by_bytes(tmp_path: Path) -> None:
    queue = TaskQueue(tmp_path, most_bytes=10)
    queue.add("put", payload=b"x" * 1000)
    with pytest.raises(QueueFull, match="1,000 bytes"):
        queue.add("put", payload=b"x")


def test_cancelling_takes_what_has_not_begun(queue: TaskQueue) -> None:
    for _ in range(3):
        queue.add("put", payload=b"x")
    Work(queue).begin([0])
    assert queue.cancel([0, 1, 2, 7], by=9) == 2
    assert [queue.get(uid).status.value for uid in range(3)] == ["processing"] + ["canceled"] * 2
    assert queue.get(1).canceled_by == 9
    assert queue.get(1).finished_at
    assert (queue.payload(0), queue.payload(1)) == (b"x", b"")


def test_deleting_forgets_what_is_finished(queue: TaskQueue) -> None:
    queue.add("put")
    queue.add("put")
    queue.cancel([0])
    assert queue.delete([0, 1]) == 1
    assert queue.find()[0] == [queue.get(1)]
    # Its number is never used again.
    assert queue.add("put").uid == 2


@pytest.mark.parametrize(
    ("wanted", "uids"),
    [
        (TaskFilter(), [4, 3, 2, 1, 0]),
        (TaskFilter(uids=(1, 3, 99)), [3, 1]),
        (TaskFilter(kinds=("put",)), [4, 2, 0]),
        (TaskFilter(indexes=("a",), statuses=(Status.ENQUEUED,)), [1]),
        (TaskFilter(statuses=(Status.SUCCEEDED, Status.FAILED)), [3, 0]),
        (TaskFilter(batches=(0,)), [0]),
        (TaskFilter(canceled_by=(4,)), [2]),
        (TaskFilter(after_started="2000"), [3, 0]),
        (TaskFilter(before_finished="2000"), []),
        (TaskFilter(before_enqueued="2000"), []),
        (TaskFilter(after_enqueued="2000", indexes=("b",)), [4, 3, 2]),
    ],
)
def test_tasks_are_found_by_what_they_are(
    queue: TaskQueue, wanted: TaskFilter, uids: list[int]
) -> None:
    work = Work(queue)
    for kind, index in (("put", "a"), ("take", "a"), ("put", "b"), ("take", "b"), ("put", "b")):
        queue.add(kind, index=index)
    for uid, error in ((0, None), (3, {"message": "x"})):
        work.begin([uid])
        work.finish({uid: Outcome(error=error)})
    queue.cancel([2], by=4)
    found, total = queue.find(wanted)
    assert sorted(task.uid for task in found) == sorted(uids)
    assert total == len(uids)
    assert queue.find_uids(wanted) == sorted(uids)


def test_pages_go_down_or_up(queue: TaskQueue) -> None:
    for _ in range(5):
        queue.add("put")
    assert [task.uid for task in queue.find(limit=2)[0]] == [4, 3]
    assert [task.uid for task in queue.find(limit=2, start=2)[0]] == [2, 1]
    assert [task.uid for task in queue.find(limit=2, start=2, reverse=True)[0]] == [2, 3]
    assert queue.find(limit=2, start=2)[1] == 5


def test_batches_are_found_by_their_tasks(queue: TaskQueue) -> None:
    work = Work(queue)
    for _ in range(4):
        queue.add("put", index="a")
    for uids in ([0, 1], [2]):
        work.begin(uids)
        work.finish({uid: Outcome() for uid in uids})
    assert queue.find_batches() == ([1, 0], 2)
    assert queue.find_batches(TaskFilter(uids=(1, 3))) == ([0], 1)
    assert queue.find_batches(limit=1, start=0) == ([0], 2)


def test_finished_tasks_are_kept_up_to_a_number(queue: TaskQueue) -> None:
    work = Work(queue, most_kept=2)
    for _ in range(4):
        queue.add("put", payload=b"x")
    for uid in range(3):
        work.begin([uid])
        work.finish({uid: Outcome(items=[{"id": uid}])})
    assert [task.uid for task in queue.find()[0]] == [3, 2, 1]
    assert queue.items(2) == [{"id": 2}]
    assert queue.items(0) == []


def test_counts_are_by_index_and_state(queue: TaskQueue) -> None:
    for index in ("a", "a", "b"):
        queue.add("put", index=index)
    Work(queue).begin([0])
    assert queue.count() == {
        ("a", Status.ENQUEUED): 1,
        ("a", Status.PROCESSING): 1,
        ("b", Status.ENQUEUED): 1,
    }


def test_a_file_that_is_no_queue_is_named(tmp_path: Path) -> None:
    (tmp_path / "tasks.sqlite").write_bytes(b"bukan basis data" * 100)
    with pytest.raises(
        DatabaseUnusable, match=r"tasks\.sqlite cannot be used: file is not a database"
    ):
        TaskQueue(tmp_path).add("put")
