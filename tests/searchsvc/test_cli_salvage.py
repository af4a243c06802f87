"""``searchsvc salvage``, and what following the advice of each error does to an index."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.commands import run, run_json, write_jsonl

ROWS = [
    {"id": f"a{number}", "title": f"Panen {number}", "body": f"Petani memanen padi {number}."}
    for number in range(5)
]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "an index"
    articles = write_jsonl(tmp_path / "articles.jsonl", *ROWS)
    assert run("index", articles, "--index", path).exit_code == 0
    assert run("delete", "a4", "--index", path).exit_code == 0
    return path


def find(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def damage_stored(index: Path) -> None:
    """Alter one byte of the article a2."""
    from indexer.engine.embedded.container import Container

    pack = find(index, "*.pack")
    container = Container(pack)
    low, high = container["stored.offsets"].values[2:4].tolist()
    content = bytearray(pack.read_bytes())
    content[content.find(container["stored"].values.tobytes()) + (low + high) // 2] ^= 1
    pack.write_bytes(content)


def count(index: Path) -> int:
    return int(run_json("stats", "--index", index)["articles"])


def test_what_can_be_read_is_saved_and_the_rest_named(index: Path, tmp_path: Path) -> None:
    (index / "dictionary.txt").write_text("[synonyms]\npadi = gabah\n", encoding="utf-8")
    damage_stored(index)
    saved = tmp_path / "saved"
    result = run("salvage", saved, "--index", index)
    assert result.exit_code == 1
    assert result.stdout == f"Saved 3 articles in {saved}, lost 1.\n"
    assert result.stderr.startswith("lost: a2 (")
    assert count(saved) == 3
    assert run("check", "--index", saved).exit_code == 0
    assert run_json("search", "gabah", "--index", saved)["total"] == 3


def test_what_was_saved_as_json(index: Path, tmp_path: Path) -> None:
    damage_stored(index)
    told = run_json("salvage", tmp_path / "saved", "--index", index)
    assert told == {
        "saved": 3,
        "generation": 1,
        "knows_deletions": True,
        "lost": [
            {
                "path": str(find(index, "*.pack")),
                "document": 2,
                "id": "a2",
                "reason": "its bytes are damaged",
            }
        ],
    }


def test_without_a_table_deleted_articles_come_back_and_this_is_said(
    index: Path, tmp_path: Path
) -> None:
    find(index, "*.toc").unlink()
    result = run("salvage", tmp_path / "saved", "--index", index)
    assert result.exit_code == 0
    assert "articles that had been deleted are back" in result.stderr
    assert count(tmp_path / "saved") == 5


def test_nothing_is_written_where_something_is(index: Path, tmp_path: Path) -> None:
    result = run("salvage", tmp_path, "--index", index)
    assert result.exit_code == 2
    assert "is not empty" in result.stderr
    for place in (tmp_path / "none", tmp_path / "empty"):
        (tmp_path / "empty").mkdir(exist_ok=True)
        result = run("salvage", tmp_path / "saved", "--index", place)
        assert result.exit_code == 1
        assert "No index at" in result.stderr
    assert not (tmp_path / "saved").exists()


def lose_table(index: Path) -> None:
    find(index, "*.toc").unlink()


def alter_table(index: Path) -> None:
    table = find(index, "*.toc")
    table.write_bytes(table.read_bytes()[:-1])


def lose_format(index: Path) -> None:
    (index / "searchsvc-index.json").unlink()


def alter_format(index: Path) -> None:
    (index / "searchsvc-index.json").write_text("{")


def age_format(index: Path) -> None:
    (index / "searchsvc-index.json").write_text('{"format": 0, "engine": "embedded"}')


def cut_segment(index: Path) -> None:
    pack = find(index, "*.pack")
    pack.write_bytes(pack.read_bytes()[:-9])


COMMANDS = [
    ["check"],
    ["stats"],
    ["search", "padi"],
    ["rebuild", "--processes", "1"],
    ["delete", "a1"],
    ["index", "{articles}"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    "damage",
    [lose_table, alter_table, lose_format, alter_format, age_format, cut_segment, damage_stored],
)
def test_the_advice_of_every_error_loses_nothing(
    index: Path, tmp_path: Path, damage: Callable[[Path], None], command: list[str]
) -> None:
    """Do what is printed: run each command it names, with a new folder where it wants one."""
    articles = write_jsonl(tmp_path / "more.jsonl", {**ROWS[0], "id": "b"})
    damage(index)
    before = {path.name: path.read_bytes() for path in index.glob("*.*")}
    asked = [one.format(articles=articles) for one in command]
    result = run(*asked, "--index", index)
    told = result.stdout + result.stderr
    if damage is damage_stored and command[0] != "check" and result.exit_code == 0:
        return  # What is damaged was not needed.
    assert result.exit_code == 1
    advised = re.findall(r"searchsvc (salvage NEW_FOLDER --index (?:'[^']*'|\S+))", told)
    assert advised, told
    assert {path.name: path.read_bytes() for path in index.glob("*.*")} == before
    saved = tmp_path / "saved"
    words = [str(saved) if word == "NEW_FOLDER" else word for word in shlex.split(advised[0])]
    run(*words)
    kept = {hit["id"] for hit in run_json("search", "padi", "--index", saved)["hits"]}
    whole = {"a0", "a1", "a2", "a3"} - ({"a2"} if damage is damage_stored else set())
    assert kept >= whole


def test_what_was_set_aside_can_be_read(index: Path, tmp_path: Path) -> None:
    """The only copy of a5 is in a segment that a damaged table named."""
    (table,) = index.glob("*.toc")
    shutil.copytree(index, tmp_path / "before")
    more = write_jsonl(tmp_path / "more.jsonl", {**ROWS[0], "id": "a5"})
    assert run("index", more, "--index", index).exit_code == 0
    newest = find(index, "*.toc")
    newest.write_bytes(newest.read_bytes()[:-1])
    for path in (table, *(tmp_path / "before").glob("*.pack")):
        shutil.copy(tmp_path / "before" / path.name, index)
    other = write_jsonl(tmp_path / "other.jsonl", {**ROWS[0], "id": "a6"})
    assert run("index", other, "--index", index).exit_code == 0
    told = run("check", "--index", index)
    assert told.exit_code == 1
    (advised,) = re.findall(r"searchsvc (salvage NEW_FOLDER --index '[^']*')", told.stdout)
    saved = tmp_path / "saved"
    run(*[str(saved) if word == "NEW_FOLDER" else word for word in shlex.split(advised)])
    assert run_json("show", "a5", "--index", saved)["id"] == "a5"
    assert run_json("show", "a6", "--index", index)["id"] == "a6"
