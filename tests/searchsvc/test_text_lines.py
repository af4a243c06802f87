"""Files of lines that commands are given: read, or refused in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.commands import run, write_jsonl

from indexer.errors import UnreadableInput
from searchsvc.text_lines import read_json_rows, read_lines

PADI = {"id": "padi", "title": "Panen Padi", "body": "Petani memanen padi."}
#: Contents that are no lines of text, and what is said of them.
WRONG = [
    (b"\xff\xfe\x00", "line 1 is not a text in UTF-8. Save the file as UTF-8."),
    (b"a\n\xe9\n", "line 2 is not a text in UTF-8. Save the file as UTF-8."),
    (b"a\n" + b"b" * 1_500_000, "line 2 is over the limit of 1,000,000 bytes."),
]


def test_lines_have_numbers_and_no_breaks(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"\xef\xbb\xbfsatu\r\n\n  \n dua \ntiga")
    assert list(read_lines(path)) == [(1, "satu"), (4, " dua "), (5, "tiga")]


@pytest.mark.parametrize(("data", "told"), WRONG)
def test_what_is_no_text_is_told(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    with pytest.raises(UnreadableInput) as refused:
        list(read_lines(path))
    assert refused.value.reason == told


@pytest.mark.parametrize("data", ["{", "[" * 100_000, '{"a": ' + "9" * 5_000 + "}", "a\0b"])
def test_what_is_no_json_is_told(tmp_path: Path, data: str) -> None:
    path = tmp_path / "a"
    path.write_text("{}\n\n" + data)
    with pytest.raises(UnreadableInput, match=r"line 3 is not JSON\."):
        list(read_json_rows(path))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="there is no such file"):
        list(read_lines(tmp_path / "nihil"))


@pytest.mark.parametrize("name", ["queries.jsonl", "qrels.tsv"])
@pytest.mark.parametrize(("data", "told"), [*WRONG, (b"[" * 100_000, "line 1 is not ")])
def test_evaluate_tells_what_is_wrong(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    write_jsonl(tmp_path / "corpus.jsonl", PADI)
    write_jsonl(tmp_path / "queries.jsonl", {"id": "q", "text": "padi"})
    (tmp_path / "qrels.tsv").write_text("q\t0\tpadi\t1\n", encoding="utf-8")
    (tmp_path / name).write_bytes(data)
    result = run("evaluate", tmp_path)
    assert result.exit_code == 1
    assert len(result.stderr) < 500
    if not data.startswith(b"a\n"):
        assert told in result.stderr


@pytest.mark.parametrize(("data", "told"), WRONG)
def test_evaluate_stems_tells_what_is_wrong(tmp_path: Path, data: bytes, told: str) -> None:
    table = tmp_path / "akar.tsv"
    table.write_bytes(data)
    result = run("evaluate-stems", table)
    assert (result.exit_code, told in result.stderr) == (1, True)


def test_json_rows_are_any_values(tmp_path: Path) -> None:
    rows = [{"a": 1}, [2], "tiga", None]
    path = tmp_path / "a"
    path.write_text("\n".join(map(json.dumps, rows)))
    assert [row for _, row in read_json_rows(path)] == rows
