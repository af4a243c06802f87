"""Expectations: how rows are read, and that each key holds and fails where it should."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.brute_force import BruteForceEngine
from support.commands import run
from support.expected import ROOT, SAMPLES

from indexer.article import Article
from indexer.errors import UnreadableInput
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from searchsvc.evaluation.expectations.asking import Searcher
from searchsvc.evaluation.expectations.judge import Tally, count_by_kind, judge
from searchsvc.evaluation.expectations.rows import (
    ANSWER_KEYS,
    SETTINGS,
    SUGGESTION_KEYS,
    Expectation,
    read_expectations,
)

DOCUMENT = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
ARTICLES = [
    Article(
        "padi",
        "Panen Padi Raya",
        "Petani memanen padi di sawah.",
        source="Harian Ladang",
        category="Ekonomi",
        authors=["Rina Lestari"],
        published_at="2026-05-01T08:00:00+07:00",
    ),
    Article(
        "jagung",
        "Panen Jagung Tertunda",
        "Petani menunggu hujan.",
        source="Contoh Kabar",
        category="Ekonomi",
        published_at="2026-05-03T08:00:00+07:00",
    ),
    Article(
        "panen",
        "Musim Panen Dimulai",
        "Panen padi dimulai, panen jagung menyusul.",
        source="Contoh Kabar",
        category="Daerah",
        published_at="2026-05-02T08:00:00+07:00",
    ),
    Article("ikan", "Nelayan Pulang", "Nelayan membawa ikan tongkol."),
]


@pytest.fixture(scope="module")
def searcher() -> Searcher:
    engine = BruteForceEngine()
    index_articles(engine, ARTICLES, Analyzer())
    return Searcher(engine, Analyzer())


def write(folder: Path, *rows: dict[str, Any] | str) -> Path:
    path = folder / "rows.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def list_misses(tmp_path: Path, searcher: Searcher, row: dict[str, Any]) -> list[str]:
    [verdict] = judge(read_expectations(write(tmp_path, row)), searcher)
    return [f"{miss.wanted} / {miss.seen}" for miss in verdict.misses]


HELD: list[dict[str, Any]] = [
    {"q": "memanen padi", "first": "padi"},
    {"q": "memanen padi", "first": ["jagung", "padi"]},
    {"q": "panen", "top": ["padi", "jagung", "panen"]},
    {"q": "nelayan", "absent": ["padi", "jagung"]},
    {"q": "panen", "total": 3},
    {"q": "panen", "total": {"at_least": 2, "at_most": 3, "more": 2, "less": 4}},
    {"q": "panen padi", "total": {"less": "panen"}},
    {"q": "panen padi kuda", "total": {"equals": 7, "unless": "relaxed"}},
    {"q": "panen dan padi", "same_as": "panen padi"},
    {"q": "petani", "has": "petani"},
    {"q": "panen", "has": ["padi|jagung|gandum", "pane*"]},
    {"q": "panen", "title_has": "panen"},
    {"q": "memanen padi", "title_has": "panen padi", "depth": 1},
    {"q": "petani", "lacks": ["nelayan", "ikan"]},
    {"q": "panen", "with": {"sort": "newest"}, "order": "newest"},
    {"q": "panen", "with": {"sort": "oldest"}, "order": "oldest"},
    {"q": "panen", "between": ["2026-05-01", "2026-05-03"]},
    {"q": 'sumber:"contoh kabar"', "labels": {"source": "contoh kabar"}},
    {"q": "sawah", "labels": {"authors": ["Rina Lestari"], "category": "ekonomi"}},
    {"q": "panen", "notes": []},
    {"q": "panen padi kuda", "notes": "relaxed", "no_notes": "corrected", "says": "tanpa"},
    {"q": "nelayn", "offers": ["nelayan", "pelayan"], "offers_hold": True},
    {"q": "nelayn", "never_offers": "nelayn"},
    {"suggest": "pan", "suggests": ["panen", "Panen Jagung*"], "suggests_first": "panen"},
    {"suggest": "pan", "suggests_only": "pan*", "never_suggests": ["panen panen*", "panennya"]},
    {"suggest": "zzz", "suggests_only": "zzz*"},
]

MISSED: list[tuple[dict[str, Any], str]] = [
    ({"q": "memanen padi", "first": "jagung"}, "jagung / padi"),
    ({"q": "kuda", "first": "padi"}, "padi / no hit"),
    ({"q": "nelayan", "top": ["padi"]}, "padi among the first 10 / ikan"),
    ({"q": "panen", "absent": ["padi", "ikan"]}, "not padi, ikan / padi found"),
    ({"q": "panen", "total": 2}, "exactly 2 / 3"),
    ({"q": "panen", "total": {"at_most": "nelayan"}}, "at most 1 (as many as “nelayan”) / 3"),
    (
        {"q": "panen", "total": {"more": 9, "unless": "relaxed"}},
        "more than 9, or the note relaxed / 3",
    ),
    ({"q": "panen", "same_as": "nelayan"}, "the 1 articles of “nelayan” / 3"),
    ({"q": "ikan", "same_as": "sawah"}, "the articles of “sawah” / as many, but 1 others"),
    ({"q": "petani", "has": "jagung"}, " lacks jagung: Panen Padi Raya"),
    ({"q": "kuda", "has": "kuda"}, "kuda / no hit"),
    ({"q": "petani", "title_has": "petani"}, "petani / hit 1 lacks petani: "),
    ({"q": "ikan", "lacks": ["kuda", "tongkol"]}, "no kuda or tongkol / hit 1 has it: "),
    ({"q": "panen", "with": {"sort": "oldest"}, "order": "newest"}, "newest first / 2026-05-02 "),
    (
        {"q": "panen", "between": ["2026-05-01", "2026-05-01"]},
        "hits from 2026-05-01 to 2026-05-01 / hit 1 of 2026-05-0",
    ),
    ({"q": "kuda", "between": ["2026-05-01", "2026-05-01"]}, "/ no hit"),
    ({"q": "ikan", "between": ["2026-05-01", "2026-05-01"]}, "/ hit 1 of no day: Nelayan Pulang"),
    ({"q": "padi", "labels": {"source": ["A", "B"]}}, "source A or B / hit 1 has source "),
    ({"q": "kuda", "labels": {"source": "A"}}, "source A / no hit"),
    ({"q": "panen padi kuda", "notes": []}, "no note / relaxed; 2 hits"),
    ({"q": "panen", "notes": "relaxed"}, "the note relaxed / no note; 3 hits"),
    ({"q": "panen padi kuda", "no_notes": ["relaxed"]}, "no note relaxed / relaxed; 2 hits"),
    ({"q": "panen", "says": "kuda"}, "a note that says kuda / no note; 3 hits"),
    ({"q": "panen", "offers": "padi"}, "the offer padi / no note; 3 hits"),
    (
        {"q": "nelayn", "never_offers": "nelayan"},
        "not the offer nelayan / corrected [nelayan]; 1 hits",
    ),
    ({"suggest": "pan", "suggests": ["padi"]}, "“padi” / “panen”"),
    ({"suggest": "zzz", "suggests": ["padi"]}, "“padi” / nothing"),
    ({"suggest": "pan", "suggests_first": ["padi", "ubi"]}, "first “padi” or “ubi” / “panen”"),
    ({"suggest": "pan", "suggests_only": "padi*"}, "only “padi*” / “panen”"),
    ({"suggest": "pan", "never_suggests": "pan*"}, "not “pan*” / “panen”"),
]


@pytest.mark.parametrize("row", HELD, ids=str)
def test_what_holds(tmp_path: Path, searcher: Searcher, row: dict[str, Any]) -> None:
    assert list_misses(tmp_path, searcher, row) == []


@pytest.mark.parametrize(("row", "told"), MISSED, ids=str)
def test_what_does_not_hold_is_told(
    tmp_path: Path, searcher: Searcher, row: dict[str, Any], told: str
) -> None:
    [miss] = list_misses(tmp_path, searcher, row)
    assert told in miss


def test_every_key_is_tried_both_ways() -> None:
    # That following an offer fails wants an offer that is wrong: those are bugs.
    assert {key for row in HELD for key in row} >= {*ANSWER_KEYS, *SUGGESTION_KEYS}
    missed = {key for row, _ in MISSED for key in row}
    assert missed >= {*ANSWER_KEYS, *SUGGESTION_KEYS} - {"offers_hold"}


def test_lines_without_a_question_give_the_rest(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"kind": "totals", "today": "2026-06-01", "depth": 3, "with": {"sort": "newest"}},
        {"q": "padi", "total": 1, "why": "there is one"},
        "",
        {"kind": "typing"},
        {"suggest": "pad", "suggests": "padi", "today": "2026-07-01"},
    )
    settings: dict[str, Any] = {"depth": 3, "parameters": {"sort": ["newest"]}}
    assert read_expectations(path) == [
        Expectation(
            "padi",
            "totals",
            "rows.jsonl:2",
            today=date(2026, 6, 1),
            wanted={"total": {"equals": 1}},
            **settings,
        ),
        Expectation(
            "pad",
            "typing",
            "rows.jsonl:5",
            typed=True,
            today=date(2026, 7, 1),
            wanted={"suggests": ["padi"]},
            **settings,
        ),
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "line 1 is not JSON"),
        ("[]", "line 1 is not an object"),
        ("", "it holds no expectation"),
        ({"kind": "x"}, "it holds no expectation"),
        ({"kind": "x", "total": 1}, "line 1: unknown key 'total'; known here: kind, today"),
        ({"q": "x"}, "line 1: it expects nothing; say at least one of first, top"),
        ({"q": "x", "suggest": "x", "total": 1}, "line 1: it has both q and suggest"),
        ({"q": "x", "firts": "a"}, "line 1: unknown key 'firts'"),
        ({"suggest": "x", "first": "a"}, "line 1: unknown key 'first'"),
        ({"q": 1, "total": 1}, "line 1: q cannot be 1; give a text"),
        ({"q": "x", "total": "many"}, 'total cannot be "many"; give a number, or {"at_most"'),
        ({"q": "x", "total": True}, "total cannot be true"),
        ({"q": "x", "total": {"unless": "relaxed"}}, "total cannot be"),
        ({"q": "x", "total": {"about": 3}}, "total cannot be"),
        ({"q": "x", "total": {"less": None}}, "total cannot be"),
        ({"q": "x", "first": []}, r"first cannot be \[\]; give a text or a list of texts"),
        ({"q": "x", "first": [""]}, "first cannot be"),
        ({"q": "x", "notes": 1}, "notes cannot be 1; give a note's code or a list of codes"),
        ({"q": "x", "order": "best"}, 'order cannot be "best"; give newest or oldest'),
        ({"q": "x", "between": ["2026-05-01"]}, 'between cannot be .*; give two days, as ."2026'),
        ({"q": "x", "between": ["2026-05-01", "soon"]}, "between cannot be"),
        ({"q": "x", "labels": {"colour": "red"}}, "labels cannot be"),
        ({"q": "x", "offers_hold": False}, "offers_hold cannot be false; give true"),
        ({"q": "x", "total": 1, "depth": 0}, "depth cannot be 0; give a whole number from 1 to"),
        ({"q": "x", "total": 1, "depth": 101}, "depth cannot be 101"),
        ({"q": "x", "total": 1, "today": "kemarin"}, 'today cannot be "kemarin"; give a day'),
        ({"q": "x", "total": 1, "with": {"sort": 3}}, "with cannot be"),
        ({"q": "x", "total": 1, "with": {"sort": "best"}}, "line 1: Parameter 'sort' cannot be"),
    ],
)
def test_what_is_wrong_in_a_row_is_told(
    tmp_path: Path, row: dict[str, Any] | str, message: str
) -> None:
    with pytest.raises(UnreadableInput, match=message):
        read_expectations(write(tmp_path, row))


def test_rows_are_counted_by_kind(tmp_path: Path, searcher: Searcher) -> None:
    path = write(
        tmp_path,
        {"kind": "b"},
        {"q": "panen", "total": 3},
        {"q": "panen", "total": 4, "first": "ikan"},
        {"kind": "a"},
        {"q": "panen", "total": 3},
    )
    verdicts = judge(read_expectations(path), searcher)
    assert count_by_kind(verdicts) == {"b": Tally(1, 2), "a": Tally(1, 1)}
    assert str(verdicts[1]) == (
        "rows.jsonl:3: 'panen': first: wanted ikan, seen panen; total: wanted exactly 4, seen 3"
    )


def test_the_day_is_the_rows_own(tmp_path: Path) -> None:
    """Newer articles come first as seen from that day; years later neither is new."""
    engine = BruteForceEngine()
    rows = [
        Article("lama", "Panen Padi", "Panen padi.", published_at="2020-05-01"),
        Article("baru", "Panen Padi", "Panen padi di sawah.", published_at="2026-05-01"),
    ]
    index_articles(engine, rows, Analyzer())
    searcher = Searcher(engine, Analyzer(), half_life_days=30, recency_weight=2)
    path = write(
        tmp_path,
        {"q": "panen padi", "first": "baru", "today": "2026-05-02"},
        {"q": "panen padi", "first": "lama", "today": "2036-05-02"},
    )
    assert [verdict.misses for verdict in judge(read_expectations(path), searcher)] == [(), ()]


def test_the_example_of_the_docs_holds(tmp_path: Path) -> None:
    section = DOCUMENT.partition("## Expectations")[2]
    rows = re.search(r"```jsonl\n(.*?)```", section, re.DOTALL)
    shown = re.search(r"```\n( +right .*?)```", section, re.DOTALL)
    assert rows
    assert shown
    file = tmp_path / "harapan.jsonl"
    file.write_text(rows[1], encoding="utf-8")
    result = run("evaluate", file, "--articles", SAMPLES)
    assert result.stdout == shown[1]


@pytest.mark.parametrize("key", [*ANSWER_KEYS, *SUGGESTION_KEYS, *SETTINGS])
def test_every_key_is_documented(key: str) -> None:
    assert re.search(rf"^\| `{key}` \|", DOCUMENT, re.MULTILINE)
