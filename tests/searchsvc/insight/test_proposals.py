"""Queries that find nothing become entries of the dictionary that one command accepts."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.commands import run, run_json

from searchsvc.index import Index
from searchsvc.insight.proposals import find_difference
from searchsvc.insight.record import API, Answered, Searched
from searchsvc.insight.store import Store

RECORDS = [
    {"id": "1", "judul": "Presiden Jokowi meresmikan bendungan", "isi": "Jokowi hadir."},
    {"id": "2", "judul": "Jokowi ke Papua", "isi": "Presiden Jokowi ke Papua."},
    {"id": "3", "judul": "Vaksinasi anak", "isi": "Vaksinasi anak di sekolah."},
    {"id": "4", "judul": "Vaksinasi lansia", "isi": "Vaksinasi lansia di balai kota."},
]
FOUND = Answered(2, ("1", "2"))


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    with Index.open(folder / "default", create=True) as index:
        index.add(RECORDS)
    return folder / "default"


@pytest.fixture
def index(indexed: Path) -> Path:
    """The index, with nothing recorded and no dictionary."""
    for name in ("insight.sqlite", "insight.sqlite-wal", "insight.sqlite-shm"):
        (indexed.parent / name).unlink(missing_ok=True)
    for path in indexed.glob("dictionary.txt*"):
        path.unlink()
    return indexed


def record(index: Path, *searched: tuple[str, int, Answered]) -> None:
    store = Store(index.parent)
    now = store.read_clock()
    store.add(
        [
            Searched(f"{query} {n}", now, API, "default", query, answered, 1.0)
            for query, times, answered in searched
            for n in range(times)
        ],
        [],
    )
    store.close()


NONE = Answered(0)


def propose(index: Path) -> list[tuple[str, str]]:
    rows = run_json("insight", "proposals", "--index", index)["rows"]
    return [(row["query"], row["entry"]) for row in rows]


def test_a_query_like_one_that_finds_articles(index: Path) -> None:
    record(index, ("vaksnsazi", 3, NONE), ("vaksinasi", 5, FOUND))
    (row,) = run_json("insight", "proposals", "--index", index)["rows"]
    proposal_id = row.pop("id")
    assert len(proposal_id) == 8
    assert row == {
        "query": "vaksnsazi",
        "searches": 3,
        "entry": "vaksnsazi => vaksinasi",
        "finds": 2,
        "evidence": "similar to a query that finds articles",
    }
    table = run("insight", "proposals", "--index", index).output
    assert "vaksnsazi => vaksinasi" in table
    assert proposal_id in table


def test_accepting_writes_the_entry_and_keeps_comments(index: Path) -> None:
    record(index, ("vaksnsazi", 3, NONE), ("vaksinasi", 5, FOUND))
    (row,) = run_json("insight", "proposals", "--index", index)["rows"]
    path = index / "dictionary.txt"
    path.write_text("# Ours.\n[synonyms]\nbbm = bensin  # fuel\n\n[names]\nSri Mulyani\n")
    accepted = run("insight", "accept", row["id"], "--index", index)
    assert accepted.exit_code == 0
    assert accepted.output == (
        f"{path}: vaksnsazi => vaksinasi\n“vaksnsazi” finds 2 articles by it.\n"
    )
    assert path.read_text() == (
        "# Ours.\n[synonyms]\nbbm = bensin  # fuel\nvaksnsazi => vaksinasi\n\n"
        "[names]\nSri Mulyani\n"
    )
    assert run_json("search", "vaksnsazi", "--index", index)["total"] == 2
    assert propose(index) == []
    again = run("insight", "accept", row["id"], "--index", index)
    assert (again.exit_code, "There is no proposal" in again.output) == (1, True)


@pytest.mark.parametrize(
    "searched",
    [
        # Once is no pattern.
        [("vaksnsazi", 1, NONE), ("vaksinasi", 5, FOUND)],
        # It finds something by now.
        [("vaksinasi", 3, NONE)],
        # Nothing is like it.
        [("qqqq wwww", 9, NONE), ("vaksinasi", 5, FOUND)],
        # Operators, and what was masked, are no words of a dictionary.
        [("vaksnsazi -papua", 3, NONE), ("vaksinasi papua", 5, FOUND)],
        [("vaksnsazi 081234567890", 3, NONE), ("vaksinasi", 5, FOUND)],
        # Queries that differ by order or a missing word alone have no entry between them.
        [("xyzzy vaksinasi", 3, NONE), ("vaksinasi", 5, FOUND)],
    ],
)
def test_what_is_not_proposed(index: Path, searched: list[tuple[str, int, Answered]]) -> None:
    record(index, *searched)
    assert [entry for _, entry in propose(index) if "=> vaksinasi" in entry] == []


def test_blocked_words_are_not_proposed(index: Path) -> None:
    record(index, ("vaksnsazi", 3, NONE), ("vaksinasi", 5, FOUND))
    (index / "dictionary.txt").write_text("[blocked words]\nvaksinasi\n")
    assert propose(index) == []


def test_an_unknown_id_is_one_sentence(index: Path) -> None:
    record(index, ("vaksnsazi", 3, NONE))
    for wrong in ("ffffffff", "", "../x", "a" * 500):
        result = run("insight", "accept", wrong, "--index", index)
        assert result.exit_code == 1
        assert result.output.startswith("Error: There is no proposal ")
    assert not (index / "dictionary.txt").exists()


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("a b c", "a x c", "b => x"),
        ("a b", "x y", "a b => x y"),
        ("a", "b", "a => b"),
        ("a b c d", "a x y d", "b c => x y"),
        ("sepak bola", "sepakbola", "sepak bola => sepakbola"),
        ("a b", "a b", None),
        ("a b", "a", None),
        ("a", "a b", None),
        ("a a", "a", None),
    ],
)
def test_the_words_in_which_two_queries_differ(
    typed: str, meant: str, expected: str | None
) -> None:
    pair = find_difference(typed.split(), meant.split())
    assert (pair and " => ".join(map(" ".join, pair))) == expected
