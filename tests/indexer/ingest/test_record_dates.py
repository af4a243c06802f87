"""Dates of columns: one order of day and month, clocks, numbers of spreadsheets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from indexer.article import Article, Warned
from indexer.ingest.dates import parse_date
from indexer.ingest.readers import read_paths
from indexer.ingest.readers.keys import Renamed
from indexer.ingest.readers.record_dates import DateColumns, Held, check_pattern, read_moment

TEXT = "Warga menunggu kabar baik di pasar."


def read_column(
    folder: Path, dates: list[str], key: str = "tanggal", **options: str
) -> tuple[list[str], list[str]]:
    path = folder / "a.csv"
    rows = [f'{number},"{TEXT} {number}","{text}"' for number, text in enumerate(dates)]
    path.write_text("\n".join([f"id,isi,{key}", *rows]), encoding="utf-8")
    items = list(read_paths([path], **options))
    return (
        [item.published_at[:16] for item in items if isinstance(item, Article)],
        [item.reason for item in items if isinstance(item, Warned)],
    )


@pytest.mark.parametrize(
    ("dates", "key", "read", "told"),
    [
        # One that can be read in one way only decides, wherever in the column it is.
        (["3/4/2025", "10/21/2025"], "tanggal", ["2025-03-04", "2025-10-21"], ""),
        (["3/4/2025", "21/10/2025"], "date", ["2025-04-03", "2025-10-21"], ""),
        (["10/21/2025 8:43 PM", "3/4/2025"], "date", ["2025-10-21T20:43", "2025-03-04"], ""),
        (["21/10/25", "3/4/25"], "date", ["2025-10-21", "2025-04-03"], ""),
        # What Indonesians write beside it decides, too.
        (["3/4/2025 10:15 WIB"], "date", ["2025-04-03T10:15"], ""),
        (["3-4-2025"], "date", ["2025-04-03"], ""),
        (["03.04.2025"], "date", ["2025-04-03"], ""),
        # Nothing does.
        (["3/4/2025"], "tanggal", ["2025-04-03"], "read day first"),
        (["3/4/2025", "5/6/2025"], "date", ["", ""], "such dates are left out"),
        (["3/4/2025 9:00 PM"], "date", [""], "such dates are left out"),
        # Both orders.
        (
            ["21/10/2025", "10/21/2025", "3/4/2025"],
            "tanggal",
            ["2025-10-21", "2025-10-21", ""],
            "with the day first (21/10/2025) and with the month first (10/21/2025)",
        ),
        # The same day in both.
        (["5/5/2025"], "date", ["2025-05-05"], ""),
        (["2025-04-03", "3 April 2025"], "date", ["2025-04-03", "2025-04-03"], ""),
    ],
)
def test_one_order_a_column(
    tmp_path: Path, dates: list[str], key: str, read: list[str], told: str
) -> None:
    found, warnings = read_column(tmp_path, dates, key)
    for one, wanted in zip(found, read, strict=True):
        assert one.startswith(wanted)
        assert bool(one) == bool(wanted)
    assert [told in warning for warning in warnings] == [True] * bool(told)


@pytest.mark.parametrize(
    ("text", "read"),
    [("7/6/2025", "2025-06-07"), ("6/7/2025", "2025-06-07"), ("3/4/2025", ""), ("8/9/2025", "")],
)
def test_a_day_that_has_not_come_shows_the_order(text: str, read: str) -> None:
    renamed = Renamed({"published_at": text}, date_key="date")
    items = DateColumns("a.csv", today=date(2025, 6, 15)).settle(iter([Held(1, renamed, {})]))
    assert sum(isinstance(item, Held) for item in items) == 1
    moment = parse_date(renamed.values.get("published_at", ""))
    assert (str(moment.date()) if moment else "") == read


@pytest.mark.parametrize(
    ("order", "read"),
    [("dmy", "2025-04-03"), ("mdy", "2025-03-04"), ("%m/%d/%Y", "2025-03-04")],
)
def test_the_order_may_be_said(tmp_path: Path, order: str, read: str) -> None:
    found, warnings = read_column(tmp_path, ["3/4/2025"], "date", date_format=order)
    assert found[0].startswith(read)
    assert warnings == []


def test_what_a_pattern_does_not_describe_is_told(tmp_path: Path) -> None:
    found, warnings = read_column(tmp_path, ["kemarin"], date_format="%d/%m/%Y")
    assert found == [""]
    assert "is no date as --date-format" in warnings[0]


@pytest.mark.parametrize("pattern", ["ymd", "", "%d.%m.%Y %H:%M", "%Y%m%d"])
def test_patterns_that_are_taken(pattern: str) -> None:
    assert check_pattern(pattern) == ""


@pytest.mark.parametrize("pattern", ["dym", "hari", "%Q"])
def test_patterns_that_are_refused(pattern: str) -> None:
    assert pattern in check_pattern(pattern)


def test_many_undecided_dates_are_not_held(tmp_path: Path) -> None:
    found, _ = read_column(tmp_path, ["3/4/2025"] * 5_000 + ["4/21/2025"], "date")
    # The column showed its order too late for what had to go on.
    assert found[0] == ""
    assert found[-1].startswith("2025-04-21")
    assert len(found) == 5_001


@pytest.mark.parametrize(
    ("columns", "row", "read"),
    [
        ("tanggal,jam", "10 Juni 2025,21:55", "2025-06-10T21:55:00+07:00"),
        ("tanggal,waktu", "2025-06-10,21.55 WITA", "2025-06-10T21:55:00+08:00"),
        ("date,time", "10/21/2025,9:55 PM", "2025-10-21T21:55:00+07:00"),
        ("tgl_terbit,jam_terbit", "10-06-2025,07:05:09", "2025-06-10T07:05:09+07:00"),
        ("date,time", "2025-06-10 08:00,21:55", "2025-06-10T08:00:00+07:00"),
        ("date,time", "2025-06-10,1700", "2025-06-10T00:00:00+07:00"),
        ("date,time", "45818,0.913194", "2025-06-10T21:55:00+07:00"),
    ],
)
def test_a_clock_in_a_column_of_its_own(tmp_path: Path, columns: str, row: str, read: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"isi,{columns}\n{TEXT},{row}\n", encoding="utf-8")
    articles = [item for item in read_paths([path]) if isinstance(item, Article)]
    assert articles[0].published_at == read


@pytest.mark.parametrize(
    ("key", "text", "read"),
    [
        ("post_date_gmt", "2024-05-02 01:00:00", "2024-05-02T01:00:00+00:00"),
        ("date_gmt", "2024-05-02T01:00:00", "2024-05-02T01:00:00+00:00"),
        ("date_gmt", "2024-05-02T08:00:00+07:00", "2024-05-02T08:00:00+07:00"),
        ("post_date", "2024-05-02 01:00:00", "2024-05-02T01:00:00+07:00"),
        ("Hari/Tanggal", "Kamis, 2 Mei 2024", "2024-05-02T00:00:00+07:00"),
    ],
)
def test_a_column_may_say_that_it_is_in_universal_time(
    tmp_path: Path, key: str, text: str, read: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'isi,{key}\n{TEXT},"{text}"\n', encoding="utf-8")
    articles = [item for item in read_paths([path]) if isinstance(item, Article)]
    assert articles[0].published_at == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"$date": "2023-03-06T09:00:00Z"}, "2023-03-06T09:00:00Z"),
        ({"$date": {"$numberLong": "1678093200000"}}, "1678093200000"),
        ({"_seconds": 1678093200, "_nanoseconds": 0}, 1678093200),
        ({"date": "2023-03-06 09:00:00.000000", "timezone_type": 3}, "2023-03-06 09:00:00.000000"),
        (["2023-03-06"], "2023-03-06"),
        ("44991.385", "2023-03-06T09:14:24+07:00"),
        ("44991,385", "2023-03-06T09:14:24+07:00"),
        (44991, "2023-03-06T00:00:00+07:00"),
        ("/Date(1678093200000+0700)/", "1678093200000"),
        ("2023-03-06T09:00:00+07:00[Asia/Jakarta]", "2023-03-06T09:00:00+07:00"),
        ("20230306T090000Z", "2023-03-06T09:00:00Z"),
        ("99999", "99999"),
        ({}, None),
        ([], None),
        ({"$date": {"a": {"b": 1}}}, None),
    ],
)
def test_moments_as_databases_write_them(value: object, read: object) -> None:
    assert read_moment(value) == read


def read_dates(folder: Path, rows: list[str], **options: str) -> tuple[list[str], list[str]]:
    path = folder / "a.csv"
    body = [f"{number},{TEXT} {number},{row}" for number, row in enumerate(rows)]
    path.write_text("\n".join(["id,isi,tanggal,jam", *body]), encoding="utf-8")
    items = list(read_paths([path], **options))
    return (
        [item.published_at[:16] for item in items if isinstance(item, Article)],
        [item.reason for item in items if isinstance(item, Warned)],
    )


@pytest.mark.parametrize(
    ("given", "rows", "read"),
    [
        # The clock does not decide about the day: the order that is named does, or the column.
        ("mdy", ["05/06/2024,10:00"], ["2024-05-06T10:00"]),
        ("mdy", ["05/06/2024,0.75"], ["2024-05-06T18:00"]),
        ("mdy", ["05/06/2024 07:00,08.30"], ["2024-05-06T07:00"]),
        ("dmy", ["05/06/2024,10:00"], ["2024-06-05T10:00"]),
        ("", ["05/06/2024,10:00", "12/31/2024,11:30"], ["2024-05-06T10:00", "2024-12-31T11:30"]),
        ("", ["05/06/2024,10:00", "31/12/2024,11:30"], ["2024-06-05T10:00", "2024-12-31T11:30"]),
        # A pattern describes the column of dates.
        ("%d/%m/%Y", ["05/06/2024,10:00"], ["2024-06-05T10:00"]),
        ("%m/%d/%Y", ["05/06/2024,10.15"], ["2024-05-06T10:15"]),
        ("%Y%d%m", ["20240506,08.30"], ["2024-06-05T08:30"]),
        # What is no clock takes nothing from the day.
        ("", ["13/05/2024,25:99"], ["2024-05-13T00:00"]),
        ("mdy", ["05/13/2024,25:99"], ["2024-05-13T00:00"]),
    ],
)
def test_a_clock_beside_a_day_in_either_order(
    tmp_path: Path, given: str, rows: list[str], read: list[str]
) -> None:
    options = {"date_format": given} if given else {}
    assert read_dates(tmp_path, rows, **options) == (read, [])


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("mdy", "13/05/2024"),
        ("mdy", "31/12/24 08:00"),
        ("mdy", "Senin 13/05/2024 08:00 WIB"),
        ("dmy", "12/31/2024 8:00 PM"),
        ("dmy", "31/02/2024"),
        ("", "31/31/2024"),
        ("", "20241305T101500Z"),
        ("%d/%m/%Y", "12/31/2024"),
    ],
)
def test_a_warning_quotes_what_the_file_has(tmp_path: Path, given: str, text: str) -> None:
    options = {"date_format": given} if given else {}
    found, warnings = read_dates(tmp_path, [f"{text},10:00"], **options)
    assert found == [""]
    (warning,) = warnings
    assert text in warning
    assert not given or f"--date-format {given}" in warning
