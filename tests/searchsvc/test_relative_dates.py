"""Days named from today: which they are, and where they stand among words."""

from __future__ import annotations

from datetime import date

import pytest

from searchsvc.query.parse import parse_query
from searchsvc.query.periods import read_period
from searchsvc.query.relative_dates import find_relative, read_relative

#: A Thursday.
TODAY = date(2026, 6, 25)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("hari ini", "2026-06-25", "2026-06-25"),
        ("hari-ini", "2026-06-25", "2026-06-25"),
        ("Kemarin", "2026-06-24", "2026-06-24"),
        ("kemaren", "2026-06-24", "2026-06-24"),
        ("kemarin lusa", "2026-06-23", "2026-06-23"),
        ("besok", "2026-06-26", "2026-06-26"),
        ("lusa", "2026-06-27", "2026-06-27"),
        ("tadi malam", "2026-06-24", "2026-06-25"),
        ("malam ini", "2026-06-25", "2026-06-25"),
        ("minggu ini", "2026-06-22", "2026-06-28"),
        ("pekan lalu", "2026-06-15", "2026-06-21"),
        ("bulan ini", "2026-06-01", "2026-06-30"),
        ("bulan lalu", "2026-05-01", "2026-05-31"),
        ("bulan depan", "2026-07-01", "2026-07-31"),
        ("tahun lalu", "2025-01-01", "2025-12-31"),
        ("sepekan terakhir", "2026-06-19", "2026-06-25"),
        ("7 hari terakhir", "2026-06-19", "2026-06-25"),
        ("tiga hari terakhir", "2026-06-23", "2026-06-25"),
    ],
)
def test_days_named_from_today(text: str, first: str, last: str) -> None:
    expected = (date.fromisoformat(first), date.fromisoformat(last))
    assert read_relative(text, TODAY) == expected
    assert read_period(text, TODAY) == expected


@pytest.mark.parametrize(
    "text",
    ["", "ini", "hari", "minggu", "hari minggu", "9999999 tahun terakhir", "lalu", "²  hari"],
)
def test_what_names_no_days(text: str) -> None:
    assert read_relative(text, TODAY) is None


def test_months_at_the_turn_of_a_year() -> None:
    assert read_relative("bulan lalu", date(2026, 1, 9)) == (date(2025, 12, 1), date(2025, 12, 31))
    assert read_relative("bulan depan", date(2026, 12, 9)) == (date(2027, 1, 1), date(2027, 1, 31))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("gempa kemarin", ["kemarin"]),
        ("gempa kemarin malam di palu", ["kemarin malam"]),
        ("harga emas hari ini naik", ["hari ini"]),
        ("siapa menteri keuangan sekarang", ["sekarang"]),
        ("harga minggu ini dan bulan lalu", ["minggu ini", "bulan lalu"]),
        ("misa hari minggu ini", []),
        ("hari kemerdekaan ini", []),
    ],
)
def test_where_they_stand_among_words(words: str, found: list[str]) -> None:
    row = words.split()
    spans = [" ".join(row[one.start : one.end]) for one in find_relative(row, TODAY)]
    assert spans == found


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("gempa tanggal:kemarin", date(2026, 6, 24), date(2026, 6, 24)),
        ("gempa tanggal:minggu-ini", date(2026, 6, 22), date(2026, 6, 28)),
        ('gempa tanggal:"minggu ini"', date(2026, 6, 22), date(2026, 6, 28)),
        ("gempa sesudah:kemarin", date(2026, 6, 24), None),
        ("gempa sebelum:hari-ini", None, date(2026, 6, 24)),
        ("tanggal:kemarin..hari-ini", date(2026, 6, 24), date(2026, 6, 25)),
    ],
)
def test_they_filter_by_date(typed: str, first: date | None, last: date | None) -> None:
    parsed = parse_query(typed, TODAY)
    assert (parsed.first_day, parsed.last_day) == (first, last)
    assert parsed.notes == []
