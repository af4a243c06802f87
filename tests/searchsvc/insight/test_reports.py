"""Reports: counted against searches made up here."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from support.commands import run, run_json

from searchsvc.insight.record import API, CLICK, Answered, Event, Searched
from searchsvc.insight.reports import LISTS, InvalidSpan, Reports, Scope, read_span
from searchsvc.insight.store import Store

#: A Wednesday noon by the clock of this machine.
NOON = int(datetime(2026, 11, 25, 12, 0).timestamp()) * 1000
HOUR = 3_600_000
DAY = 24 * HOUR


class Log:
    """Writes searches, the newest last."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.numbers = iter(range(10_000))

    def search(
        self,
        query: str,
        total: int = 3,
        *clicked: str,
        hours_ago: float = 1,
        took_ms: float = 2.0,
        index: str = "default",
        **values: object,
    ) -> None:
        query_id = f"q{next(self.numbers)}"
        at = NOON - int(hours_ago * HOUR)
        shown = tuple("abc"[:total])
        searched = Searched(
            query_id,
            at,
            API,
            index,
            query,
            Answered(total, shown),
            took_ms,
            **values,  # type: ignore[arg-type]
        )
        self.store.add([searched], [Event(query_id, at, CLICK, one) for one in clicked])


@pytest.fixture
def log(tmp_path: Path) -> Log:
    store = Store(tmp_path, clock=lambda: NOON / 1000)
    log = Log(store)
    log.search("padi", 3, "a")
    log.search("Padi!", 3, "b", "c")
    log.search("padi", 5)
    log.search("padi", 5, "a", page=2, offset=10)
    log.search("gabah", 0, hours_ago=5)
    log.search("gabah", 0)
    log.search("beras", 4, took_ms=90.5)
    log.search("beras", 4, took_ms=10)
    log.search("menir", 0, hours_ago=3)
    log.search("menir", 2, hours_ago=2)
    log.search("", 100)
    log.search("katul", 0, filters={"from": "2030"})
    log.search("lama", 1, hours_ago=24 * 8)
    log.search("lain", 1, index="lain")
    log.search("tik", 1, as_you_type=True)
    return log


def ask(log: Log, name: str, limit: int = 20) -> list[tuple[object, ...]]:
    scope = Scope("default", NOON - 7 * DAY, NOON + 1)
    rows = LISTS[name](Reports(log.store), scope, limit)
    wanted = {
        "top": ("query", "searches", "total", "clicked", "click_rate"),
        "no-results": ("query", "searches"),
        "zero-click": ("query", "searches", "total"),
        "slow": ("query", "slowest_ms", "mean_ms"),
        "clicks": ("query", "object_id", "clicks", "mean_position"),
    }[name]
    return [tuple(row[key] for key in wanted) for row in rows]


def test_top(log: Log) -> None:
    assert ask(log, "top") == [
        ("padi", 3, 5, 2, 0.667),
        ("beras", 2, 4, 0, 0.0),
        ("gabah", 2, 0, 0, 0.0),
        ("menir", 2, 2, 0, 0.0),
        ("katul", 1, 0, 0, 0.0),
    ]
    assert len(ask(log, "top", 2)) == 2


def test_no_results(log: Log) -> None:
    """Not what finds something by now, nor what only filters kept from finding anything."""
    assert ask(log, "no-results") == [("gabah", 2)]


def test_zero_click(log: Log) -> None:
    assert ask(log, "zero-click") == [("beras", 2, 4), ("menir", 2, 2)]


def test_slow(log: Log) -> None:
    assert ask(log, "slow", 2) == [("beras", 90.5, 50.25), ("", 2.0, 2.0)]


def test_clicks(log: Log) -> None:
    assert ask(log, "clicks") == [
        ("padi", "a", 2, 6.0),
        ("Padi!", "b", 1, 2.0),
        ("Padi!", "c", 1, 3.0),
    ]


def test_summary(log: Log) -> None:
    summary = Reports(log.store).summary(Scope("default", NOON - 7 * DAY, NOON + 1))
    assert summary == {
        "searches": 11,
        "no_results": 4,
        "clicked": 2,
        "corrected": 0,
        "queries": 6,
        "median_ms": 2.0,
        "slow_ms": 90.5,
        "dropped": 0,
    }


def test_nothing_recorded_is_no_error(tmp_path: Path) -> None:
    reports = Reports(Store(tmp_path))
    scope = Scope("default", NOON - 7 * DAY, NOON)
    assert reports.summary(scope)["searches"] == 0
    assert [bar.searches for bar in reports.over_time(scope)] == [0] * 8
    assert reports.positions(scope) == [0] * 11
    assert all(ask(reports, scope, 5) == [] for ask in LISTS.values())


def test_days_and_hours_without_searches_are_there(log: Log) -> None:
    reports = Reports(log.store)
    days = reports.over_time(Scope("default", NOON - 7 * DAY, NOON))
    assert [bar.began.day for bar in days] == [18, 19, 20, 21, 22, 23, 24, 25]
    assert [tuple(bar[1:]) for bar in days[-2:]] == [(0, 0, 0), (11, 4, 2)]
    hours = reports.over_time(Scope("default", NOON - 6 * HOUR, NOON))
    assert [(bar.began.hour, bar.searches) for bar in hours] == [
        (6, 0), (7, 1), (8, 0), (9, 1), (10, 1), (11, 8),
    ]  # fmt: skip


def test_positions(log: Log) -> None:
    positions = Reports(log.store).positions(Scope("default", NOON - 7 * DAY, NOON))
    assert positions == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("90m", 90 * 60_000), ("24h", DAY), ("7d", 7 * DAY), (" 2W ", 14 * DAY)],
)
def test_time_spans(text: str, milliseconds: int) -> None:
    assert read_span(text) == milliseconds


@pytest.mark.parametrize(
    "text", ["", "7", "d", "0d", "-1d", "7 d", "1y", "7d7d", "3651d", "999999d", "٧d"]
)
def test_what_is_no_time_span(text: str) -> None:
    with pytest.raises(InvalidSpan, match="is no time span"):
        read_span(text)


# --- the commands


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """An index folder beside which searches of just now are recorded."""
    store = Store(tmp_path)
    now = store.read_clock()
    shown = Answered(2, ("a", "b"))
    store.add(
        [
            Searched("q1", now, API, "default", "padi", shown, 2.5),
            Searched("q2", now, API, "default", "gabah\x1b[2J", Answered(0), 1234.5),
        ],
        [Event("q1", now, CLICK, "b")],
    )
    return tmp_path / "default"


def test_reports_as_tables(recorded: Path) -> None:
    assert run("insight", "top", "--index", recorded).output == (
        "searches  articles  clicked  query\n"
        "       1         0       0%  gabah�[2J\n"
        "       1         2     100%  padi\n"
    )
    assert run("insight", "no-results", "--index", recorded).output == (
        "searches  query\n       1  gabah�[2J\n"
    )
    assert run("insight", "clicks", "--index", recorded).output == (
        "clicks  position  query  article\n     1       2.0  padi   b\n"
    )
    assert run("insight", "slow", "--index", recorded, "--limit", "1").output == (
        "slowest ms  mean ms  searches  query\n   1,234.5  1,234.5         1  gabah�[2J\n"
    )
    assert run("insight", "zero-click", "--index", recorded).output == (
        "Nothing of this kind was recorded in the last 7d.\n"
    )


def test_reports_as_json(recorded: Path) -> None:
    answer = run_json("insight", "clicks", "--index", recorded, "--since", "1h")
    (row,) = answer["rows"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", row.pop("last"))
    assert answer == {
        "since": "1h",
        "rows": [{"query": "padi", "object_id": "b", "clicks": 1, "mean_position": 2.0}],
    }


def test_export_is_ubi(recorded: Path) -> None:
    first, second = map(
        json.loads, run("insight", "export", "--index", recorded).output.splitlines()
    )
    assert second["user_query"].startswith("gabah")
    moment = first.pop("timestamp")
    assert moment.endswith("Z")
    assert first == {
        "query_id": "q1",
        "application": "api",
        "indexes": "default",
        "user_query": "padi",
        "query_attributes": {"total": 2, "page": 1, "took_ms": 2.5, "filters": {}, "notes": []},
    }
    (event,) = map(
        json.loads, run("insight", "export", "--events", "--index", recorded).output.splitlines()
    )
    assert event == {
        "application": "api",
        "action_name": "click",
        "query_id": "q1",
        "timestamp": moment,
        "user_query": "padi",
        "event_attributes": {
            "object": {"object_id": "b", "object_id_field": "id"},
            "position": {"ordinal": 2},
        },
    }


def test_clearing(recorded: Path) -> None:
    assert run("insight", "clear", "--index", recorded, input="n\n").exit_code == 1
    assert run("insight", "clear", "--index", recorded, "--yes").output == "Deleted 2 searches.\n"
    assert run("insight", "top", "--index", recorded).output.startswith("Nothing of this kind")


def test_without_a_recording_there_is_one_sentence(tmp_path: Path) -> None:
    result = run("insight", "top", "--index", tmp_path / "default")
    assert result.exit_code == 1
    assert result.output == (
        f"Error: No searches have been recorded in {tmp_path}. "
        "Start the service with SEARCHSVC_INSIGHT=true.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--since", "yesterday"], "'yesterday' is no time span"),
        (["--limit", "0"], "0 is not in the range"),
        (["--limit", "1001"], "1001 is not in the range"),
    ],
)
def test_wrong_options(recorded: Path, options: list[str], told: str) -> None:
    result = run("insight", "top", "--index", recorded, *options)
    assert result.exit_code in (1, 2)
    assert told in result.output
    assert "Traceback" not in result.output
