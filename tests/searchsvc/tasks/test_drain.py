"""What was ordered is done in order, together where it can be, and once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import orjson
import pytest
from support.simple_kinds import KINDS

from indexer.article import Article
from indexer.errors import EngineUnavailable, IndexNotWritten
from searchsvc.data_folder import DataFolder
from searchsvc.engines import ADDRESS_FILE
from searchsvc.index import Index
from searchsvc.tasks import changes as changes_module
from searchsvc.tasks import work as work_module
from searchsvc.tasks.drain import Drain
from searchsvc.tasks.kinds import ArticleKind, OtherKind, Workshop
from searchsvc.tasks.queue import TaskQueue
from searchsvc.tasks.task import Status
from searchsvc.tasks.work import Job, Outcome, Work


def order_put(queue: TaskQueue, *ids: str, index: str = "berita", body: str = "Isi") -> int:
    articles = [Article(one, f"Judul {one}", body).to_dict() for one in ids]
    return queue.add("put", index=index, payload=orjson.dumps(articles)).uid


def list_ids(folder: DataFolder, name: str = "berita") -> list[str]:
    with Index.open(folder.path_of(name)) as index:
        return sorted(article.id for article in index)


def read_generation(folder: DataFolder, name: str = "berita") -> int:
    with Index.open(folder.path_of(name)) as index, index.engine.snapshot() as snapshot:
        return snapshot.generation


def list_states(queue: TaskQueue) -> list[str]:
    return [task.status.value for task in queue.find(limit=100, reverse=True)[0]]


def test_tasks_of_one_index_share_a_commit(
    queue: TaskQueue, drain: Drain, folder: DataFolder
) -> None:
    order_put(queue, "a", "b")
    order_put(queue, "x", index="lain")
    order_put(queue, "a", "b", "c")
    queue.add("take_out", index="berita", payload=b"b")
    queue.add("take_out", index="berita", payload=b"tidak-ada")
    drain.run_until_empty()
    assert list_states(queue) == ["succeeded"] * 5
    assert [queue.get(uid).batch for uid in range(5)] == [0, 1, 0, 0, 0]
    assert list_ids(folder) == ["a", "c"]
    assert list_ids(folder, "lain") == ["x"]
    assert read_generation(folder) == 1
    assert [item["result"] for item in queue.items(2)] == ["unchanged", "unchanged", "created"]
    assert queue.get(3).details == {"deleted": True}
    assert queue.get(4).details == {"deleted": False}
    assert queue.payload(0) == b""


def test_each_task_sees_those_before_it(queue: TaskQueue, drain: Drain, folder: DataFolder) -> None:
    for word in ("satu", "dua", "tiga"):
        queue.add("append", index="berita", payload=word.encode())
    drain.run_until_empty()
    with Index.open(folder.path_of("berita")) as index:
        assert index.get("a") == Article("a", "Judul", "satu dua tiga")


def test_a_task_that_fails_is_undone_and_the_others_are_not(
    queue: TaskQueue, drain: Drain, folder: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    order_put(queue, "a")
    failing = [queue.add(kind, index="berita").uid for kind in ("fail_late", "break_down")]
    order_put(queue, "b")
    drain.run_until_empty()
    assert list_states(queue) == ["succeeded", "failed", "failed", "succeeded"]
    assert list_ids(folder) == ["a", "b"]
    assert queue.get(failing[0]).error == {"message": "Tidak bisa.", "code": "rusak"}
    error = queue.get(failing[1]).error
    assert error is not None
    assert error["code"] == "internal"
    assert "ZeroDivisionError" in caplog.text


def test_clearing_counts_what_was_there(queue: TaskQueue, drain: Drain, folder: DataFolder) -> None:
    order_put(queue, "a", "b")
    drain.run_until_empty()
    order_put(queue, "c", "b", body="Lain")
    queue.add("take_out", index="berita", payload=b"a")
    queue.add("clear", index="berita")
    order_put(queue, "d")
    drain.run_until_empty()
    assert queue.get(3).details == {"deleted": 2}
    assert list_ids(folder) == ["d"]


def test_one_that_wants_a_committed_index_begins_a_batch(queue: TaskQueue, drain: Drain) -> None:
    order_put(queue, "a")
    queue.add("alone", index="berita", payload=b"a")
    order_put(queue, "b")
    drain.run_until_empty()
    assert [queue.get(uid).batch for uid in range(3)] == [0, 1, 1]


def test_other_tasks_keep_their_place(queue: TaskQueue, drain: Drain) -> None:
    order_put(queue, "a")
    queue.add("count_runs")
    order_put(queue, "b")
    drain.run_until_empty()
    assert [queue.get(uid).batch for uid in range(3)] == [0, 1, 2]
    assert queue.get(1).details == {"runs": 1}


def test_an_urgent_task_goes_first(queue: TaskQueue, drain: Drain) -> None:
    order_put(queue, "a")
    urgent = queue.add("cancel_all").uid
    drain.run_until_empty()
    assert list_states(queue) == ["canceled", "succeeded"]
    assert queue.get(0).canceled_by == urgent


@pytest.mark.parametrize(
    ("kind", "index", "code"),
    [
        ("put", "../luar", "invalid_index_name"),
        ("put", "", "invalid_index_name"),
        ("only_there", "belum-ada", "unknown_index"),
        ("from_the_future", "berita", "internal"),
    ],
)
def test_what_cannot_be_done_fails_with_a_code(
    queue: TaskQueue, drain: Drain, kind: str, index: str, code: str
) -> None:
    queue.add(kind, index=index, payload=b"[]")
    order_put(queue, "b")
    drain.run_until_empty()
    assert list_states(queue) == ["failed", "succeeded"]
    error = queue.get(0).error
    assert error is not None
    assert error["code"] == code


def test_a_damaged_index_fails_its_tasks_only(
    queue: TaskQueue, drain: Drain, folder: DataFolder
) -> None:
    folder.create("rusak")
    (folder.path_of("rusak") / "searchsvc-index.json").write_text("{")
    order_put(queue, "a", index="rusak")
    order_put(queue, "a")
    drain.run_until_empty()
    assert list_states(queue) == ["failed", "succeeded"]
    error = queue.get(0).error
    assert error is not None
    assert error["code"] == "index_corrupt"


def test_an_index_that_another_writes_is_left_alone_until_then(
    queue: TaskQueue, drain: Drain, folder: DataFolder
) -> None:
    folder.create("berita")
    order_put(queue, "a")
    order_put(queue, "b", index="lain")
    with Index.open(folder.path_of("berita")) as index, index.engine.writer():
        assert not drain.run_once()
        assert drain.run_once()
        assert list_states(queue) == ["enqueued", "succeeded"]
    drain.run_until_empty()
    assert list_states(queue) == ["succeeded"] * 2


def test_many_tasks_of_a_held_index_do_not_hide_those_of_others(
    queue: TaskQueue, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_module, "MOST_TASKS", 3)
    drain = Drain(queue, folder, KINDS, clock=lambda: 0.0)
    folder.create("berita")
    for one in "abcd":
        order_put(queue, one)
    order_put(queue, "x", index="lain")
    queue.add("count_runs", index="lain")
    order_put(queue, "y", index="lain")
    with Index.open(folder.path_of("berita")) as index, index.engine.writer():
        assert [drain.run_once() for _ in range(4)] == [False, True, False, False]
    # What may concern any index still waits for those before it, and others wait for it.
    assert list_states(queue) == ["enqueued"] * 4 + ["succeeded", "enqueued", "enqueued"]
    Drain(queue, folder, KINDS).run_until_empty()
    assert list_states(queue) == ["succeeded"] * 7


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No change of an index can be written."""

    def refuse(*_: Any, **__: Any) -> None:
        raise IndexNotWritten("data", "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(changes_module.Changes, "write", refuse)
        yield


def test_a_full_disk_puts_tasks_off(
    queue: TaskQueue, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    drain = Drain(queue, folder, KINDS, clock=lambda: now[0])
    order_put(queue, "a")

    with full_disk(monkeypatch):
        assert not drain.run_once()
        assert not drain.run_once()
    assert list_states(queue) == ["enqueued"]
    now[0] += 1
    assert drain.run_once()
    assert (list_states(queue), list_ids(folder)) == (["succeeded"], ["a"])


def test_a_server_that_is_away_puts_off_tasks_of_its_index_alone(
    queue: TaskQueue, folder: DataFolder
) -> None:
    path = folder.path_of("jauh")
    path.mkdir(parents=True)
    record = path / ADDRESS_FILE
    record.write_text('{"address": "http://127.0.0.1:1/jauh"}')
    order_put(queue, "a", index="jauh")
    order_put(queue, "b")
    now = [0.0]
    drain = Drain(queue, folder, KINDS, clock=lambda: now[0])
    assert [drain.run_once() for _ in range(2)] == [False, True]
    assert list_states(queue) == ["enqueued", "succeeded"]
    # What is there afterwards is an index like any other.
    record.unlink()
    now[0] += 1
    assert drain.run_once()
    assert (list_states(queue), list_ids(folder, "jauh")) == (["succeeded"] * 2, ["a"])


@pytest.mark.parametrize("arrived", [True, False])
def test_a_batch_of_which_the_server_did_not_say_whether_it_was_committed_is_done_once(
    queue: TaskQueue, folder: DataFolder, monkeypatch: pytest.MonkeyPatch, arrived: bool
) -> None:
    now = [0.0]
    drain = Drain(queue, folder, KINDS, clock=lambda: now[0])
    queue.add("append", index="berita", payload=b"nol")
    drain.run_until_empty()
    queue.add("append", index="berita", payload=b"satu")
    write, open_index = changes_module.Changes.write, Workshop.open
    away = EngineUnavailable("http://127.0.0.1:1/berita", "no node can be reached")

    def lose_the_answer(*args: Any, **kwargs: Any) -> None:
        if arrived:
            write(*args, **kwargs)
        raise away

    def refuse(workshop: Workshop, name: str) -> Index:
        if name == "berita":
            raise away
        return open_index(workshop, name)

    with monkeypatch.context() as patched:
        patched.setattr(changes_module.Changes, "write", lose_the_answer)
        assert not drain.run_once()
    with monkeypatch.context() as patched:
        patched.setattr(Workshop, "open", refuse)
        now[0] += 1
        order_put(queue, "b", index="lain")
        assert drain.run_once()
        assert list_states(queue) == ["succeeded", "processing", "succeeded"]
    now[0] += 5
    while drain.run_once():
        pass
    assert list_states(queue) == ["succeeded"] * 3
    with Index.open(folder.path_of("berita")) as index:
        assert index.get("a") == Article("a", "Judul", "nol satu")


AWAY = EngineUnavailable("http://127.0.0.1:1/berita", "it answered with status 429")


def refuse_writing(*_: Any, **__: Any) -> None:
    raise AWAY


def test_articles_that_a_server_refuses_many_times_are_written_at_last(
    queue: TaskQueue, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    order_put(queue, "a")
    order_put(queue, "b")
    with monkeypatch.context() as patched:
        patched.setattr(changes_module.Changes, "write", refuse_writing)
        for _ in range(2):
            # The second finds what the first left behind.
            drain = Drain(queue, folder, KINDS, clock=lambda: now[0])
            drain.recover()
            for _ in range(4):
                assert not drain.run_once()
                now[0] += 31
    assert list_states(queue) == ["processing"] * 2
    assert drain.run_once()
    assert (list_states(queue), list_ids(folder)) == (["succeeded"] * 2, ["a", "b"])


@pytest.mark.parametrize("reads", ["work", "fail as well"])
def test_articles_that_a_server_refuses_for_an_hour_fail(
    queue: TaskQueue, folder: DataFolder, monkeypatch: pytest.MonkeyPatch, reads: str
) -> None:
    now = [0.0]
    drain = Drain(queue, folder, KINDS, clock=lambda: now[0])
    order_put(queue, "a")
    queue.add("count_runs")
    tried_at = []
    with monkeypatch.context() as patched:
        patched.setattr(changes_module.Changes, "write", refuse_writing)
        while list_states(queue)[0] != "failed":
            assert now[0] < 10_000
            tried_at.append(now[0])
            drain.run_once()
            if reads == "fail as well":
                patched.setattr(Workshop, "open", refuse_writing)
            now[0] += 31
    assert tried_at[-1] > 3_600
    error = queue.get(0).error
    assert error is not None
    assert error["message"].startswith("The server that holds the index cannot be used")
    order_put(queue, "b")
    while drain.run_once():
        now[0] += 31
    assert list_states(queue) == ["failed", "succeeded", "succeeded"]
    assert list_ids(folder) == ["b"]


def test_a_server_that_is_away_is_not_asked_at_each_change_of_the_queue(
    queue: TaskQueue, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    drain = Drain(queue, folder, KINDS, clock=lambda: 0.0)
    order_put(queue, "a")
    with monkeypatch.context() as patched:
        patched.setattr(changes_module.Changes, "write", refuse_writing)
        assert not drain.run_once()
    asked = []

    def refuse_reading(workshop: Workshop, name: str) -> Index:
        asked.append(name)
        raise AWAY

    monkeypatch.setattr(Workshop, "open", refuse_reading)
    drain.recover()
    looks = iter("bcdef")

    def change_the_queue() -> bool:
        """Before each look of the drain, until there were enough."""
        one = next(looks, None)
        if one is not None:
            order_put(queue, one)
        return one is None

    drain.run(change_the_queue)
    assert asked == []
    assert list_states(queue) == ["processing", *["enqueued"] * 5]


def test_articles_that_a_full_disk_keeps_out_for_an_hour_fail(
    queue: TaskQueue, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    drain = Drain(queue, folder, KINDS, clock=lambda: now[0])
    order_put(queue, "a")

    tried_at = []
    with full_disk(monkeypatch):
        while list_states(queue) == ["enqueued"]:
            tried_at.append(now[0])
            assert not drain.run_once()
            now[0] += 31
    assert list_states(queue) == ["failed"]
    assert tried_at[-1] > 3_600
    error = queue.get(0).error
    assert error is not None
    assert error["message"].startswith("The index could not be written: the disk is full")
    order_put(queue, "b")
    assert drain.run_once()
    assert (list_states(queue), list_ids(folder)) == (["failed", "succeeded"], ["b"])


@pytest.mark.parametrize(
    ("error", "tries"),
    [(IndexNotWritten("data", "Operation not permitted"), 20), (MemoryError(), 4)],
)
def test_a_task_that_holds_up_others_is_given_up(
    queue: TaskQueue, folder: DataFolder, error: Exception, tries: int
) -> None:
    def refuse(job: Job, workshop: Workshop) -> Outcome:
        raise error

    now = [0.0]
    kinds = (*KINDS, OtherKind("refuse", refuse))
    drain = Drain(queue, folder, kinds, clock=lambda: now[0])
    queue.add("refuse")
    order_put(queue, "a")
    for _ in range(tries - 1):
        assert not drain.run_once()
        now[0] += 60
    assert list_states(queue) == ["enqueued", "enqueued"]
    assert drain.run_once()
    assert drain.run_once()
    assert list_states(queue) == ["failed", "succeeded"]


def test_articles_that_need_too_much_memory_fail_alone(
    queue: TaskQueue, folder: DataFolder
) -> None:
    def swell(job: Job, changes: changes_module.Changes) -> Outcome:
        raise MemoryError

    now = [0.0]
    drain = Drain(queue, folder, (*KINDS, ArticleKind("swell", swell)), clock=lambda: now[0])
    order_put(queue, "a")
    queue.add("swell", index="berita")
    order_put(queue, "b")
    for _ in range(10):
        drain.run_once()
        now[0] += 60
    assert list_states(queue) == ["succeeded", "failed", "succeeded"]
    assert list_ids(folder) == ["a", "b"]


# --- what follows when the process is killed


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it."""


def kill_at(
    monkeypatch: pytest.MonkeyPatch, queue: TaskQueue, folder: DataFolder, step: str
) -> None:
    """Let one drain die before or after the step, as a killed process does."""
    owner, name = {
        "prepare": (Work, "prepare"),
        "write": (changes_module.Changes, "write"),
        "finish": (Work, "finish"),
    }[step.split("-")[1]]
    original = getattr(owner, name)

    def die(*args: Any, **kwargs: Any) -> None:
        if step.startswith("after"):
            original(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, die)
        with pytest.raises(Killed):
            Drain(queue, folder, KINDS).run_until_empty()


@pytest.mark.parametrize(
    "step", ["before-prepare", "after-prepare", "before-write", "after-write", "after-finish"]
)
@pytest.mark.parametrize("between", ["nothing", "another commits"])
def test_what_was_ordered_is_done_once_wherever_it_was_killed(
    queue: TaskQueue,
    drain: Drain,
    folder: DataFolder,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    between: str,
) -> None:
    queue.add("append", index="berita", payload=b"nol")
    drain.run_until_empty()
    queue.add("append", index="berita", payload=b"satu")
    queue.add("append", index="berita", payload=b"dua")
    kill_at(monkeypatch, queue, folder, step)
    if between == "another commits":
        with Index.open(folder.path_of("berita")) as index:
            index.add([{"id": "lain", "title": "Lain", "body": "Artikel dari perintah lain."}])
    drain.run_until_empty()
    assert list_states(queue) == ["succeeded"] * 3
    with Index.open(folder.path_of("berita")) as index:
        assert index.get("a") == Article("a", "Judul", "nol satu dua")


def test_a_task_that_ends_the_process_again_and_again_fails_alone(
    queue: TaskQueue, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_put(queue, "a")
    order_put(queue, "b")
    for _ in range(3):
        kill_at(monkeypatch, queue, folder, "before-prepare")
    # Both were under way together at first; then the first alone.
    Drain(queue, folder, KINDS).run_until_empty()
    assert list_states(queue) == ["failed", "succeeded"]
    assert list_ids(folder) == ["b"]


def test_another_task_is_run_again_with_its_progress(
    queue: TaskQueue, drain: Drain, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.add("count_runs")
    original = Work.finish

    def die(self: Work, outcomes: Sequence[Outcome]) -> None:
        raise Killed

    monkeypatch.setattr(Work, "finish", die)
    with pytest.raises(Killed):
        drain.run_until_empty()
    monkeypatch.setattr(Work, "finish", original)
    drain.run_until_empty()
    assert queue.get(0).status is Status.SUCCEEDED
    assert queue.get(0).details == {"runs": 2}


@pytest.fixture
def impatient(folder: DataFolder, queue: TaskQueue) -> Drain:
    """To which every article of a batch takes a second."""
    return Drain(queue, folder, KINDS, clock=count().__next__)


def list_batches(queue: TaskQueue) -> list[int | None]:
    return [task.batch for task in queue.find(limit=100, reverse=True)[0]]


def finish_order(queue: TaskQueue) -> list[int]:
    """The tasks by when they were finished."""
    tasks = queue.find(limit=100)[0]
    return [task.uid for task in sorted(tasks, key=lambda task: task.finished_at)]


def test_small_tasks_of_other_indexes_pass_a_long_batch(
    queue: TaskQueue, impatient: Drain, folder: DataFolder
) -> None:
    order_put(queue, *map(str, range(50)))
    order_put(queue, "x", index="lain")
    order_put(queue, "51")
    order_put(queue, "y", index="lain")
    order_put(queue, "z", index="ketiga")
    impatient.run_until_empty()
    assert list_states(queue) == ["succeeded"] * 5
    assert set(finish_order(queue)[:3]) == {1, 3, 4}
    assert set(finish_order(queue)[3:]) == {0, 2}
    assert len(list_ids(folder)) == 51
    assert list_ids(folder, "lain") == ["x", "y"]
    assert read_generation(folder, "lain") == 1


def test_nothing_passes_what_concerns_every_index(queue: TaskQueue, impatient: Drain) -> None:
    order_put(queue, *map(str, range(50)))
    queue.add("count_runs")
    order_put(queue, "x", index="lain")
    impatient.run_until_empty()
    assert finish_order(queue) == [0, 1, 2]


def test_large_tasks_do_not_pass_and_hold_up_only_their_index(
    queue: TaskQueue, impatient: Drain, folder: DataFolder
) -> None:
    order_put(queue, *map(str, range(50)))
    order_put(queue, "besar", index="lain", body="x" * 1_000_000)
    order_put(queue, "kecil", index="lain")
    order_put(queue, "z", index="ketiga")
    impatient.run_until_empty()
    order = finish_order(queue)
    assert (order[0], order[1]) == (3, 0)
    assert list_ids(folder, "lain") == ["besar", "kecil"]


def test_a_task_that_passes_and_fails_leaves_the_others_alone(
    queue: TaskQueue, impatient: Drain, folder: DataFolder
) -> None:
    order_put(queue, *map(str, range(50)))
    for kind in ("fail_late", "break_down"):
        queue.add(kind, index="lain")
    order_put(queue, "z", index="lain")
    impatient.run_until_empty()
    assert list_states(queue) == ["succeeded", "failed", "failed", "succeeded"]
    assert (len(list_ids(folder)), list_ids(folder, "lain")) == (50, ["z"])
