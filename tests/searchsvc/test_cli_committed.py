"""What a failing command says is in the index, and what is."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from support.commands import run, run_json, write_jsonl

from indexer import pipeline
from indexer.durable_file import flush_to_disk
from indexer.engine.embedded import open_engine
from indexer.engine.embedded.whoosh import new_table
from indexer.language import dictionary_record

ROWS = [
    {"id": f"a{number}", "title": f"Panen {number}", "body": "Petani memanen padi."}
    for number in range(3)
]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    assert run("index", write_jsonl(tmp_path / "a.jsonl", ROWS[0]), "--index", path).exit_code == 0
    return path


def list_ids(index: Path) -> list[str]:
    with open_engine(index).snapshot() as snapshot:
        return sorted(article.id for article in snapshot.all_articles())


def refuse_after(allowed: int, call: Callable[..., Any]) -> Callable[..., Any]:
    """``call``, which fails once it has been called ``allowed`` times."""
    calls = 0

    def called(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > allowed:
            raise OSError(errno.EIO, "Input/output error")
        return call(*arguments, **options)

    return called


@pytest.mark.parametrize("allowed", range(9))
@pytest.mark.parametrize("command", ["index", "delete", "rebuild"])
def test_a_flush_that_fails_is_told_as_it_is(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: int, command: str
) -> None:
    monkeypatch.setattr(os, "fsync", refuse_after(allowed, os.fsync))
    more = write_jsonl(tmp_path / "b.jsonl", *ROWS[1:])
    arguments = {
        "index": ["index", str(more), "--processes", "1"],
        "delete": ["delete", "a0"],
        "rebuild": ["rebuild", "--processes", "1"],
    }[command]
    before = open_engine(index).snapshot().generation
    result = run(*arguments, "--index", index)
    monkeypatch.undo()
    with open_engine(index).snapshot() as snapshot:
        committed = snapshot.generation > before
    assert open_engine(index).check() == []
    if command == "index":
        assert list_ids(index) == (["a0", "a1", "a2"] if committed else ["a0"])
    if result.exit_code == 0:
        assert committed
        return
    assert result.exit_code == 1
    last = result.stderr.rstrip().split(". ")[-1]
    assert (
        last
        in {
            "index": (
                "Nothing of this run is in the index.",
                "2 articles of this run are in the index.",
            ),
            "delete": ("Nothing was deleted.", "Deleted 1 article."),
            "rebuild": ("The index is as it was before.", "The index has been rebuilt."),
        }[command][committed : committed + 1]
        or allowed == 0
    )
    if committed and allowed < 8:
        beside = ("dictionary-indexed", "copy-habits")
        assert "does not confirm" in result.stderr or any(one in result.stderr for one in beside)
    # The same command again makes it true and sure.
    if command != "delete":
        assert run(*arguments, "--index", index).exit_code == 0


def test_a_summary_that_cannot_be_printed_says_what_is_done(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    echo = click.echo

    def refuse(message: object = None, err: bool = False, **options: Any) -> None:
        if not err:
            raise OSError(errno.ENOSPC, "No space left on device")
        echo(message, err=err, **options)

    monkeypatch.setattr(click, "echo", refuse)
    more = write_jsonl(tmp_path / "b.jsonl", *ROWS[1:])
    result = run("index", more, "--index", index)
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: Cannot write the output: No space left on device. "
        "2 articles of this run are in the index.\n"
    )


def test_a_commit_interrupted_after_it_came_true_is_counted(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = new_table.write_table

    def interrupt(*arguments: Any) -> None:
        write(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(new_table, "write_table", interrupt)
    more = write_jsonl(tmp_path / "b.jsonl", *ROWS[1:])
    result = run("index", more, "--index", index)
    assert result.exit_code == 130
    assert "2 articles of this run are in the index." in result.stderr
    assert list_ids(index) == ["a0", "a1", "a2"]


def test_a_run_stopped_between_commits_says_what_is_in_and_what_is_not(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where somebody presses Ctrl-C while the second batch is read."""
    defaults = pipeline.index_articles.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "pace", pipeline.Pace(batch_size=1, commit_every=2))
    note_done = pipeline._Work.note_done

    def stop_at_third(work: Any, way: Any) -> None:
        note_done(work, way)
        if work._summary.read == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(pipeline._Work, "note_done", stop_at_third)
    rows = [{**ROWS[0], "id": f"b{number}"} for number in range(5)]
    result = run("index", write_jsonl(tmp_path / "b.jsonl", *rows), "--index", index)
    assert result.exit_code == 130
    assert (
        "2 articles of this run are in the index. 1 more was read and is not: run it again."
        in result.stderr
    )
    assert list_ids(index) == ["a0", "b0", "b1"]


def test_a_rebuild_that_cannot_be_noted_is_done(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (index / "dictionary.txt").write_text("[names]\nPadi\n", encoding="utf-8")
    calls = []

    def refuse(path: Path, content: bytes) -> None:
        calls.append(path)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(dictionary_record, "replace_file", refuse)
    result = run("rebuild", "--index", index)
    assert result.exit_code == 1
    assert result.stderr.endswith("The index has been rebuilt.\n")


def test_a_writer_may_be_waited_for(index: Path, tmp_path: Path) -> None:
    more = write_jsonl(tmp_path / "b.jsonl", *ROWS[1:])
    with open_engine(index).writer():
        for arguments in (["index", str(more)], ["delete", "a0"], ["rebuild"]):
            result = run(*arguments, "--index", index, "--wait", "0.2")
            assert result.exit_code == 1
            assert "is being written by process" in result.stderr
            assert "Nothing" not in result.stderr
    assert run("index", more, "--index", index, "--wait", "5").exit_code == 0


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_parts_that_cannot_be_merged_are_told(index: Path, tmp_path: Path) -> None:
    (pack,) = index.glob("*.pack")
    from indexer.engine.embedded.container import Container

    postings = Container(pack)["exact.postings"].values.tobytes()
    whole = bytearray(pack.read_bytes())
    at = whole.find(postings)
    whole[at] ^= 1
    pack.write_bytes(whole)
    more = write_jsonl(tmp_path / "b.jsonl", *ROWS[1:])
    result = run("index", more, "--index", index)
    assert result.exit_code == 0
    assert result.stderr.startswith("warning: parts of the index were not merged: Index file ")
    assert list_ids(index) == ["a0", "a1", "a2"]
    told = run_json("index", more, "--index", index)
    assert told["unchanged"] == 2


def test_flushing_reaches_the_system(tmp_path: Path) -> None:
    """So that the tests above test something."""
    path = tmp_path / "file"
    path.write_bytes(b"a")
    flush_to_disk(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", refuse_after(0, os.fsync))
        with pytest.raises(OSError, match="Input/output"):
            flush_to_disk(path)
