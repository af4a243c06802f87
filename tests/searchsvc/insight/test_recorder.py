"""Searches are written by a thread that no request waits for."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from searchsvc.insight.record import API, CLICK, Answered, Event, Searched
from searchsvc.insight.recorder import Recorder
from searchsvc.insight.store import FILE, Store

#: The thread wakes after the test is over.
LATER_S = 60.0


def make(number: int) -> Searched:
    return Searched(f"q{number}", 0, API, "default", "padi", Answered(1, ("a",)), 1.0)


def open_recorder(folder: Path, **options: object) -> tuple[Store, Recorder, list[str]]:
    told: list[str] = []
    # Timestamps of 1970 are not too old.
    store = Store(folder, clock=lambda: 0)
    settings: dict[str, object] = {"gather_seconds": LATER_S, **options}
    return store, Recorder(store, report=told.append, **settings), told  # type: ignore[arg-type]


def count(store: Store, table: str = "ubi_queries") -> int:
    with store.read() as db:
        found: int = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return found


def test_what_is_handed_over_is_stored(tmp_path: Path) -> None:
    store, recorder, told = open_recorder(tmp_path)
    recorder.hand_over(make(1))
    recorder.hand_over(Event("q1", 0, CLICK, "a"))
    assert recorder.flush()
    assert (count(store), count(store, "ubi_events"), told) == (1, 1, [])


def test_the_thread_stores_without_being_asked(tmp_path: Path) -> None:
    written = threading.Event()
    store, recorder, _ = open_recorder(tmp_path, gather_seconds=0, after_writing=written.set)
    recorder.hand_over(make(1))
    assert written.wait(LATER_S)
    assert count(store) == 1


def test_what_there_is_no_room_for_is_dropped_and_counted(tmp_path: Path) -> None:
    store, recorder, _ = open_recorder(tmp_path, most_waiting=3)
    for number in range(10):
        recorder.hand_over(make(number))
    assert recorder.dropped == 7
    recorder.flush()
    assert (count(store), recorder.dropped) == (3, 0)
    with store.read() as db:
        assert db.execute("SELECT value FROM facts WHERE name = 'dropped'").fetchone() == (7,)


def test_a_file_that_fails_is_reported_once_and_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    store, recorder, told = open_recorder(tmp_path)
    for number in range(3):
        recorder.hand_over(make(number))
        assert not recorder.flush()
    assert len(told) == 1
    assert told[0].startswith("Searches are not recorded: The file ")
    (tmp_path / FILE).rmdir()
    assert recorder.flush()
    assert told[1:] == ["Searches are recorded again."]
    assert count(store) == 3


def test_what_can_never_be_stored_ends_nothing_and_is_not_told(tmp_path: Path) -> None:
    reported, written = threading.Event(), threading.Event()
    told: list[str] = []

    def report(sentence: str) -> None:
        told.append(sentence)
        reported.set()

    store = Store(tmp_path, clock=lambda: 0)
    recorder = Recorder(store, report=report, after_writing=written.set, gather_seconds=0)
    recorder.hand_over(replace(make(1), index="rahasia\ud800"))
    assert reported.wait(LATER_S)
    recorder.hand_over(make(2))
    assert written.wait(LATER_S)
    assert (count(store), told) == (1, ["Searches were not recorded: UnicodeEncodeError."])


def test_an_event_waits_for_a_search_of_another_process(tmp_path: Path) -> None:
    store, recorder, _ = open_recorder(tmp_path)
    recorder.hand_over(Event("q1", 0, CLICK, "a"))
    recorder.flush()
    assert count(store, "ubi_events") == 0
    store.add([make(1)], [])
    recorder.flush()
    assert count(store, "ubi_events") == 1


def test_several_recorders_share_one_file(tmp_path: Path) -> None:
    recorders = [open_recorder(tmp_path)[1] for _ in range(4)]
    for number, recorder in enumerate(recorders):
        for place in range(50):
            recorder.hand_over(make(number * 100 + place))
    threads = [threading.Thread(target=recorder.flush) for recorder in recorders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(open_recorder(tmp_path)[0]) == 200
