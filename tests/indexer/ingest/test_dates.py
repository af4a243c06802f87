from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.calendar import JAKARTA, count_days
from indexer.ingest.dates import count_seconds, parse_date, write_date

MIDNIGHT = "2022-07-20T00:00:00+07:00"
AFTERNOON = "2022-07-20T13:05:00+07:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-07-20", MIDNIGHT),
        ("2022-07-20T13:05:00", AFTERNOON),
        ("2022-07-20 13:05:00", AFTERNOON),
        ("2022-07-20 13:05", AFTERNOON),
        ("2022-07-20 13.05", AFTERNOON),
        ("2022-07-20T13.05.00", AFTERNOON),
        ("2022-07-20T13:05:00.123", "2022-07-20T13:05:00+07:00"),
        ("2022-07-20T13:05:00+07:00", AFTERNOON),
        ("2022-07-20T13:05:00+0700", AFTERNOON),
        ("2022-07-20T13:05:00Z", "2022-07-20T13:05:00+00:00"),
        ("2022-07-20T13:05:00.000-05:00", "2022-07-20T13:05:00-05:00"),
        ("2022/07/20", MIDNIGHT),
        ("2022.7.20 13.05", AFTERNOON),
        ("20220720", MIDNIGHT),
        ("20220720130500", AFTERNOON),
        ("20/7/2022", MIDNIGHT),
        ("20/07/22", MIDNIGHT),
        ("20-07-2022", MIDNIGHT),
        ("20.07.2022", MIDNIGHT),
        ("7/8/2022", "2022-08-07T00:00:00+07:00"),
        ("20/7/2022 13.05 WIB", AFTERNOON),
        ("20/7/2022 13:05 WITA", "2022-07-20T13:05:00+08:00"),
        ("20/7/2022, 13:05 WIT", "2022-07-20T13:05:00+09:00"),
        ("Rabu, 20 Juli 2022", MIDNIGHT),
        ("Rabu 20 Juli 2022", MIDNIGHT),
        ("Rabu (20/7/2022) 13:05", AFTERNOON),
        ("Rabu (20/7/2022)", MIDNIGHT),
        ("Rabu | 20 Juli 2022 | 13:05", AFTERNOON),
        ("20 Jul 2022 | 13:05 WIB", AFTERNOON),
        ("20 Jul 2022, 13:05 WIB", AFTERNOON),
        ("Rabu, 20 Juli 2022 - 13:05 WIB", AFTERNOON),
        ("Rabu, 20 Juli 2022 – 13:05 WIB", AFTERNOON),
        ("Rabu, 20 Juli 2022 pukul 13.05", AFTERNOON),
        ("Jum'at, 22 Juli 2022", "2022-07-22T00:00:00+07:00"),
        ("Diterbitkan pada Rabu, 20 Juli 2022", MIDNIGHT),
        ("13:05, 20 Juli 2022", AFTERNOON),
        ("20 Agustus 2022", "2022-08-20T00:00:00+07:00"),
        ("20 Agt 2022", "2022-08-20T00:00:00+07:00"),
        ("20 Nopember 2022", "2022-11-20T00:00:00+07:00"),
        ("Wednesday, July 20, 2022", MIDNIGHT),
        ("July 20th, 2022 1:05 PM", AFTERNOON),
        ("Wed, 20 Jul 2022 13:05:00 +0700", AFTERNOON),
        ("Wed, 20 Jul 2022 13:05:00 GMT", "2022-07-20T13:05:00+00:00"),
        ("  20 Juli 2022 \n", MIDNIGHT),
        ("2022-07-20 24:00", "2022-07-21T00:00:00+07:00"),
        ("20220720T130500", AFTERNOON),
        ("20220720T130500Z", "2022-07-20T13:05:00+00:00"),
        ("20220720T1305+0800", "2022-07-20T13:05:00+08:00"),
        ("2022-07-20T13:05:00+07:00[Asia/Jakarta]", AFTERNOON),
        ("Kabarkita.com - 20/07/2022, 13:05 WIB", AFTERNOON),
        ("Tayang: Rabu, 20 Juli 2022 13:05 WIB", AFTERNOON),
        ("Last updated: July 20, 2022 at 1:05 pm", AFTERNOON),
        ("20 Juli 2022 oleh Admin", MIDNIGHT),
        ("15 Muharam 1444 H / 20 Juli 2022", MIDNIGHT),
        ("Solo, 20 Juli 2022", MIDNIGHT),
        ("Posted on Wed, 20 Jul 2022", MIDNIGHT),
        ("Ditayangkan Rabu (20/7/2022) pukul 13.05 WIB", AFTERNOON),
        ("Diperbarui 21 Juli 2022, terbit 20 Juli 2022", MIDNIGHT),
        ("20 Juli 2022, 13:05 WIB - 3 menit baca", AFTERNOON),
        ("1658297100", AFTERNOON),
        (1658297100, AFTERNOON),
        (1658297100000, AFTERNOON),
        (1658297100.25, AFTERNOON),
    ],
)
def test_dates_as_written(text: str | float, expected: str) -> None:
    moment = parse_date(text)
    assert moment is not None
    assert write_date(moment) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kemarin",
        "2 jam lalu",
        "31 Februari 2022",
        "Jumat, 31 Februari 2022",
        "30/2/2022",
        "7/20/2022",
        "2022-13-01",
        "0000-00-00 00:00:00",
        "2022-07-20 25:00",
        "20 Juli 2022 13.61",
        "2022",
        "2022-07",
        "20 Julio 2022",
        "20/7",
        "-1",
        "1" * 50,
        "x" * 100_000,
        "1 " * 50_000,
        True,
        10**40,
        float("nan"),
        float("inf"),
    ],
)
def test_what_is_no_date(text: str | float) -> None:
    assert parse_date(text) is None


@given(st.one_of(st.text(max_size=60), st.text("0123456789/-:. WIBJuli,()|T+Z", max_size=40)))
def test_any_text_is_a_date_or_none(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.utcoffset() is not None


@given(
    st.datetimes(datetime(1800, 1, 2), datetime(2199, 12, 30)),
    st.integers(-14 * 60, 14 * 60),
)
def test_what_is_written_is_read_again(naive: datetime, offset: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    assert parse_date(write_date(moment)) == moment


MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September"),
    *("Oktober", "November", "Desember"),
)


@given(st.dates(datetime(1800, 1, 1).date(), datetime(2199, 12, 31).date()))
def test_indonesian_and_iso_agree(day: datetime) -> None:
    written = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    assert parse_date(written) == parse_date(day.isoformat())


def test_days_are_those_written_and_seconds_those_of_the_world() -> None:
    late = datetime(2022, 7, 20, 23, 30, tzinfo=JAKARTA)
    world = late.astimezone(timezone.utc)
    assert count_seconds(late) == count_seconds(world)
    assert count_days(datetime(1970, 1, 1, tzinfo=JAKARTA)) == 0
    assert count_seconds(datetime(1970, 1, 1, tzinfo=JAKARTA)) == -7 * 3600
    early = datetime(2022, 7, 21, 1, 0, tzinfo=JAKARTA)
    assert count_days(early) == count_days(early.astimezone(timezone.utc)) + 1
