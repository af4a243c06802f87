"""Queries that several readers probably searched are suggested, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.ingest.build_article import document
from indexer.language.analyzer import Analyzer
from indexer.language.dictionary_text import parse_dictionary
from searchsvc.insight.popular import count_popular, load_popular
from searchsvc.insight.record import API, Answered, Searched
from searchsvc.insight.store import Store
from searchsvc.suggest import suggest
from searchsvc.suggest.popular import PopularQueries

NOW = 1_800_000_000.0
HOUR_MS = 3_600_000
NOW_MS = int(NOW * 1000)


class Log:
    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.store = Store(folder, clock=lambda: self.now)
        self.count = 0

    def search(self, query: str, *hours_ago: float, total: int = 3, **values: object) -> None:
        rows = []
        for hours in sorted(hours_ago, reverse=True):
            self.count += 1
            at = NOW_MS - int(hours * HOUR_MS)
            rows.append(
                Searched(
                    f"q{self.count}",
                    at,
                    API,
                    "default",
                    query,
                    Answered(total),
                    1.0,
                    **values,  # type: ignore[arg-type]
                )
            )
        self.store.add(rows, [])

    def list(self, hours: int = 3) -> list[str]:
        self.now += 600
        count_popular(self.store, hours)
        popular = load_popular(self.store).get("default", PopularQueries())
        with self.store.read() as db:
            rows = db.execute("SELECT normal FROM popular ORDER BY weight DESC").fetchall()
        assert len(popular) == len(rows)
        return [normal for (normal,) in rows]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


SPREAD = (1, 5, 30, 50)


def test_what_was_searched_in_several_hours_of_several_days(log: Log) -> None:
    log.search("Harga BBM", *SPREAD)
    log.search("harga bbm!", 2)
    assert log.list() == ["harga bbm"]
    assert log.list(hours=6) == []


def test_repeating_a_query_gains_nothing(log: Log) -> None:
    log.search("promosi", *[1 + n / 1000 for n in range(300)])
    log.search("sehari penuh", *range(1, 8))
    assert log.list(hours=8) == []
    log.search("dua hari", 1.1, 1.2, 1.3, 26)
    assert "dua hari" not in log.list(hours=3)


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("tanpa hasil", {"total": 0}),
        ("dengan saringan", {"filters": {"from": "2024"}}),
        ("halaman dua", {"page": 2}),
        ("sedang diketik", {"as_you_type": True}),
        ("kategori:olahraga persib", {}),
        ("kabar -hoaks", {}),
        ("08123456789", {}),
        ("surel budi@contoh.id", {}),
        ("x", {}),
        ("kalimat " * 10, {}),
    ],
)
def test_what_is_never_suggested(log: Log, query: str, values: dict[str, object]) -> None:
    log.search(query, *SPREAD, **values)  # type: ignore[arg-type]
    assert log.list() == []


def test_what_finds_nothing_any_more_is_not_suggested(log: Log) -> None:
    log.search("gempa", *SPREAD)
    log.search("gempa", 0.5, total=0)
    assert log.list() == []


def test_what_was_searched_lately_comes_first(log: Log) -> None:
    log.search("dulu", *(24 * day for day in range(20, 29)))
    log.search("kini", 1, 25, 49)
    log.search("sering", *range(1, 60, 5))
    assert log.list() == ["sering", "kini", "dulu"]


def test_zero_hours_suggest_none(log: Log) -> None:
    log.search("harga bbm", *SPREAD)
    assert log.list(hours=0) == []


def test_another_process_has_just_counted(log: Log) -> None:
    log.search("harga bbm", *SPREAD)
    count_popular(log.store, 3)
    log.search("gempa", *SPREAD)
    count_popular(log.store, 3)
    assert len(load_popular(log.store)["default"]) == 1
    assert log.list() == ["gempa", "harga bbm"] or log.list() == ["harga bbm", "gempa"]


POPULAR = PopularQueries(
    [
        ("harga emas", 9),
        ("harga bbm", 5),
        ("harga beras", 7),
        ("hargai", 8),
        ("harga", 1),
        ("judi", 3),
    ]
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("har", "harga emas, hargai, harga beras"),
        ("HARGA", "harga emas, hargai, harga beras"),
        ("harga ", "harga emas, harga beras, harga bbm"),
        ("  harga   b", "harga beras, harga bbm"),
        ("harga bbm", ""),
        ("h", ""),
        ("", ""),
        (" ", ""),
        ("z", ""),
        ("\U0010ffff", ""),
    ],
)
def test_those_that_begin_as_typed(typed: str, expected: str) -> None:
    assert ", ".join(one.text for one in POPULAR.suggest(typed)) == expected


def test_they_come_first_are_marked_and_may_be_blocked() -> None:
    engine = BruteForceEngine()
    articles = [Article(f"a{n}", "Harga beras naik", "Harga beras naik lagi.") for n in range(4)]
    analyzer = Analyzer(dictionary=parse_dictionary(b"[blocked words]\njudi\nemas\n").dictionary)
    with engine.writer() as writer:
        writer.add(analyzer.analyse([document(one) for one in articles]))
        writer.commit()
    found = suggest(engine, "harga", analyzer=analyzer, popular=POPULAR)
    assert [(one.text, one.kind) for one in found][:2] == [
        ("hargai", "query"),
        ("harga beras", "query"),
    ]
    assert len({one.text for one in found}) == len(found)
    assert found[0].to_dict() == {"text": "hargai", "kind": "query"}
    assert suggest(engine, "jud", analyzer=analyzer, popular=POPULAR) == []
