"""What is kept of searches: rows and events, within bounds."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from searchsvc.database import DatabaseUnusable
from searchsvc.insight.record import API, CLICK, SEARCH, Answered, Event, Searched
from searchsvc.insight.store import AS_YOU_TYPE_MS, DAY_MS, FILE, Store

NOW = 1_800_000_000.0
NOW_MS = int(NOW * 1000)


def open_store(folder: Path, **bounds: int) -> Store:
    return Store(folder, clock=lambda: NOW, **bounds)


def make(query_id: str, **values: object) -> Searched:
    settings: dict[str, object] = {
        "timestamp": NOW_MS,
        "application": API,
        "index": "default",
        "user_query": "padi",
        "answered": Answered(2, ("a", "b")),
        "took_ms": 1.5,
    }
    return Searched(query_id, **{**settings, **values})  # type: ignore[arg-type]


def click(query_id: str, object_id: str) -> Event:
    return Event(query_id, NOW_MS, CLICK, object_id)


def read_ids(store: Store) -> list[str]:
    with store.read() as db:
        return [row[0] for row in db.execute("SELECT query_id FROM ubi_queries ORDER BY number")]


def read_events(store: Store) -> list[tuple[str, str, str, int]]:
    with store.read() as db:
        rows = db.execute(
            "SELECT query_id, action_name, object_id, ordinal FROM ubi_events ORDER BY 1, 2, 3"
        )
        return rows.fetchall()


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add([make("q")], [])
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_row_has_the_names_of_ubi_and_nothing_of_who_searched(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    answered = Answered(7, ("a",), ("corrected", "relaxed"))
    store.add([make("q", user_query="Pdai ", answered=answered, filters={"from": "2022"})], [])
    with store.read() as db:
        found = db.execute("SELECT * FROM ubi_queries")
        row = dict(zip([column[0] for column in found.description], found.fetchone(), strict=True))
    assert len(row.pop("shown")) == 16
    assert row == {
        "number": 1,
        "query_id": "q",
        "timestamp": NOW_MS,
        "application": "api",
        "indexes": "default",
        "user_query": "Pdai",
        "normal": "pdai",
        "total": 7,
        "page": 1,
        "first_ordinal": 1,
        "took_ms": 1.5,
        "filters": '{"from": "2022"}',
        "notes": "corrected relaxed",
        "as_you_type": 0,
    }


def test_a_click_gets_the_position_that_its_search_showed(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add([make("q"), make("p", page=3, offset=20)], [])
    assert store.add([], [click("q", "b"), click("p", "a")]) == []
    assert read_events(store) == [("p", CLICK, "a", 21), ("q", CLICK, "b", 2)]


@pytest.mark.parametrize("object_id", ["c", "", "a b", "A", "\ud800", "a' OR 1=1 --"])
def test_a_click_on_what_was_not_shown_does_not_count(tmp_path: Path, object_id: str) -> None:
    store = open_store(tmp_path)
    store.add([make("q")], [click("q", object_id)])
    assert read_events(store) == []


def test_a_click_on_an_id_with_the_same_short_hash_does_not_count(tmp_path: Path) -> None:
    # The first 32 bits of their BLAKE2b are the same.
    answered = Answered(1, ("berita-74379",))
    store = open_store(tmp_path)
    store.add([make("q", answered=answered)], [click("q", "berita-97110")])
    assert read_events(store) == []


def test_a_click_counts_once(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add([make("q")], [click("q", "a")] * 50)
    assert len(read_events(store)) == 1


def test_events_of_searches_that_are_not_there_yet_are_given_back(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    early = click("q", "a")
    assert store.add([], [early]) == [early]
    assert store.add([make("q")], [early]) == []
    assert len(read_events(store)) == 1


def test_results_of_a_keystroke_are_forgotten_unless_stayed_with(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    long_ago = NOW_MS - AS_YOU_TYPE_MS - 1
    old = [make(name, as_you_type=True, timestamp=long_ago) for name in ("left", "seen", "open")]
    store.add([*old, make("new", as_you_type=True)], [Event("seen", NOW_MS, SEARCH)])
    store.add([], [click("open", "a")])
    store.prune()
    assert read_ids(store) == ["seen", "open", "new"]


def test_old_searches_go_with_their_events(tmp_path: Path) -> None:
    store = open_store(tmp_path, days=30)
    store.add([make("old", timestamp=NOW_MS - 30 * DAY_MS - 1), make("new")], [])
    store.add([], [click("old", "a"), click("new", "a")])
    store.prune()
    assert read_ids(store) == ["new"]
    assert read_events(store) == [("new", CLICK, "a", 1)]


def test_no_more_rows_than_allowed(tmp_path: Path) -> None:
    store = open_store(tmp_path, most_rows=10)
    store.add([make(f"q{n}") for n in range(25)], [])
    store.prune()
    assert read_ids(store) == [f"q{n}" for n in range(15, 25)]


def test_no_more_bytes_than_allowed(tmp_path: Path) -> None:
    store = open_store(tmp_path, most_bytes=200_000)
    text = "kata " * 40
    for start in range(0, 2_000, 500):
        store.add([make(f"q{n}", user_query=text) for n in range(start, start + 500)], [])
    before = store.count_bytes()
    assert before > 200_000
    for _ in range(40):
        store.prune()
    assert 100_000 < store.count_bytes() <= 200_000
    assert read_ids(store)[-1] == "q1999"


def test_deleted_queries_leave_no_trace_on_the_disk(tmp_path: Path) -> None:
    store, service = open_store(tmp_path), open_store(tmp_path)
    service.add([make("q", user_query="rahasia sekali")], [])
    assert store.clear() == 1
    assert FILE in {path.name for path in tmp_path.iterdir()}
    assert not [path for path in tmp_path.iterdir() if b"rahasia" in path.read_bytes()]
    service.close()


def test_text_that_is_no_utf8_is_stored_all_the_same(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    odd = make("q", user_query="a\ud800b\0c", filters={"tags": ["\udfff"]})
    store.add([odd], [])
    assert read_ids(store) == ["q"]


def test_the_secret_stays_the_same(tmp_path: Path) -> None:
    assert len(open_store(tmp_path).secret()) == 32
    assert open_store(tmp_path).secret() == open_store(tmp_path).secret()
    assert open_store(tmp_path / "other").secret() != open_store(tmp_path).secret()


def test_a_file_that_is_none_of_ours_is_an_error(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("no database at all, but a text that is longer than a header" * 9)
    with pytest.raises(DatabaseUnusable, match="not a database"):
        open_store(tmp_path).add([make("q")], [])


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs permissions that count")
def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DatabaseUnusable):
        open_store(tmp_path).add([make("q")], [])


def test_the_file_opens_with_any_sqlite(tmp_path: Path) -> None:
    open_store(tmp_path).add([make("q")], [])
    db = sqlite3.connect(tmp_path / FILE)
    assert db.execute("SELECT count(*) FROM ubi_queries").fetchone() == (1,)
    db.close()
