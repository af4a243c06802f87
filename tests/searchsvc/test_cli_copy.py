"""``searchsvc copy``, and addresses in the place of folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.commands import run, run_json, write_jsonl
from support.opensearch_node import NODE, needs_node, remove_index

ROWS = [
    {"id": f"a{number}", "title": f"Panen {number}", "body": f"Petani memanen padi {number}."}
    for number in range(5)
]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "one"
    articles = write_jsonl(tmp_path / "articles.jsonl", *ROWS)
    assert run("index", articles, "--index", path).exit_code == 0
    (path / "dictionary.txt").write_text("[synonyms]\npadi = gabah\n", encoding="utf-8")
    return path


def test_a_copy_answers_as_the_original(index: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    copied = run("copy", other, "--index", index)
    assert copied.stdout == f"Copied 5 articles to {other}.\n"
    for query in ("gabah", "panenan 3"):
        told = [run_json("search", query, "--index", one) for one in (index, other)]
        for answer in told:
            del answer["took_ms"]
        assert told[0] == told[1]
    again = run("copy", other, "--index", index)
    assert again.exit_code == 2
    assert "There are articles" in again.stderr


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://127.0.0.1:1/berita", "no node can be reached"),
        ("http://127.0.0.1:1/Berita", "is not the address of an index"),
        (
            "http://u:rahasia@127.0.0.1:1/berita",  # pragma: allowlist secret
            "SEARCHSVC_OPENSEARCH_PASSWORD",
        ),
    ],
)
@pytest.mark.parametrize("command", [("search", "padi"), ("stats",), ("check",), ("rebuild",)])
def test_an_address_that_cannot_be_used_is_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    address: str,
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*command, "--index", address)
    assert result.exit_code in (1, 2)
    assert told in result.stderr + result.stdout
    assert "rahasia" not in result.stderr
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.iterdir())


@needs_node
def test_commands_work_at_an_address(index: Path) -> None:
    address = f"{NODE}/test-commands"
    try:
        run("copy", address, "--index", index)
        one, other = (run_json("search", "gabah", "--index", at) for at in (index, address))
        for answer in (one, other):
            del answer["took_ms"]
        assert one == other
        assert run("check", "--index", address).stdout == f"The index at {address} is whole.\n"
        folders = [path.parent for path in Path().rglob("searchsvc-opensearch.json")]
        assert [folder.name for folder in folders] == ["test-commands"]
        assert run("check", "--index", folders[0]).stdout == f"The index at {address} is whole.\n"
        for command in ("stats", "check"):
            assert run(command, "--index", f"{NODE}/test-mistyped").exit_code == 1
        assert len(list(Path().rglob("searchsvc-opensearch.json"))) == 1
        assert run("delete", "a3", "--index", address).exit_code == 0
        assert run_json("stats", "--index", address)["articles"] == 4
        assert run("rebuild", "--index", address).exit_code == 0
        assert run_json("search", "gabah", "--index", address)["total"] == 4
        refused = run("salvage", "new", "--index", address)
        assert "is in OpenSearch" in refused.stderr
    finally:
        remove_index("test-commands")
