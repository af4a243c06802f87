from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from indexer.article import Article
from indexer.calendar import count_days, localize, read_day
from indexer.ingest.build_article import document


@pytest.mark.parametrize(
    ("published_at", "day"),
    [
        ("2026-10-15T20:00:00+00:00", date(2026, 10, 16)),
        ("2026-10-15T16:59:59+00:00", date(2026, 10, 15)),
        ("2026-10-15T17:00:00+00:00", date(2026, 10, 16)),
        ("2026-10-15T00:00:00+00:00", date(2026, 10, 15)),
        ("2026-12-31T17:00:00.250000+00:00", date(2027, 1, 1)),
        ("2026-10-15T20:00:00+07:00", date(2026, 10, 15)),
        ("2026-10-15T23:59:00+09:00", date(2026, 10, 15)),
        ("2026-10-15T20:00:00-05:00", date(2026, 10, 15)),
        ("2026-10-15T20:00:00", date(2026, 10, 15)),
        ("2026-10-15", date(2026, 10, 15)),
    ],
)
def test_a_time_in_utc_has_its_day_in_jakarta(published_at: str, day: date) -> None:
    assert read_day(published_at) == day
    article = Article("a", "Judul", "Isi.", published_at=published_at)
    assert document(article).published_day == count_days(day)


def test_the_moment_stays_the_same() -> None:
    for offset in range(-12, 15):
        moment = datetime(2026, 3, 1, 18, 30, tzinfo=timezone(timedelta(hours=offset)))
        assert localize(moment) == moment
        assert (localize(moment).utcoffset() == moment.utcoffset()) == (offset != 0)
