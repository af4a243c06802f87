"""A site's own dictionary on the command line: checked, used by every command, kept account of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.commands import run, run_json, write_jsonl

from indexer.language.dictionary_record import RECORD_FILE
from searchsvc.own_dictionary import locate_dictionary
from searchsvc.settings import load

BANJIR = {"id": "banjir", "title": "Warga Ngaplod Foto", "body": "Warga ngaplod foto banjir."}
SERANG = {"id": "serang", "title": "Mereka Menyerang", "body": "Mereka menyerang pos malam hari."}
BBM = {"id": "bbm", "title": "Harga Bensin Naik", "body": "Harga bensin naik lagi pekan ini."}
LATER = {"id": "later", "title": "Unggah Foto", "body": "Foto diunggah warga."}

TEXT = """
[synonyms]
bbm => bensin
[stems]
ngaplod = unggah
[stop words]
warga
[names]
serangan
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    articles = write_jsonl(tmp_path / "articles.jsonl", BANJIR, SERANG, BBM)
    assert run("index", articles, "--index", path).exit_code == 0
    return path


def write(path: Path, text: str = TEXT) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def find(index: Path, *query: str) -> list[str]:
    return [hit["id"] for hit in run_json("search", *query, "--index", index)["hits"]]


def test_without_a_dictionary_nothing_is_written_and_nothing_said(index: Path) -> None:
    result = run("dictionary", "--index", index)
    assert result.exit_code == 0
    assert result.stdout == (
        f"There is no dictionary at {index / 'dictionary.txt'}. "
        "docs/dictionary.md says how to write one.\n"
    )
    assert run_json("dictionary", "--index", index)["path"] is None
    assert run("rebuild", "--index", index).exit_code == 0
    assert not (index / RECORD_FILE).exists()
    assert "dictionary" not in run_json("stats", "--index", index)


def test_what_is_in_effect_as_json(index: Path) -> None:
    path = write(index / "dictionary.txt", TEXT + "Bekasi = kota\n[stems]\nkerja = gawe")
    result = run("dictionary", "--json", "--index", index)
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "path": str(path),
        "synonyms": {"bbm": ["bensin"]},
        "stems": {"ngaplod": "unggah", "kerja": "gawe"},
        "stop_words": ["warga"],
        "names": ["serangan"],
        "labels": {},
        "blocked_words": [],
        "pinned": {},
        "hidden": {},
        "problems": [
            {
                "line": 10,
                "message": "A name stands alone on its line, without =. “Bekasi = kota” has one.",
            }
        ],
        "doubts": [
            "“kerja” is a root: words made of it keep it, and only the word itself becomes “gawe”. "
            "To find either by the other, write them under [synonyms]."
        ],
        "waiting": {
            "added": [
                {"kind": "name", "word": "serangan", "stem": ""},
                {"kind": "stem", "word": "kerja", "stem": "gawe"},
                {"kind": "stem", "word": "ngaplod", "stem": "unggah"},
            ],
            "removed": [],
        },
    }


def test_what_is_in_effect_for_people(index: Path) -> None:
    path = write(index / "dictionary.txt", TEXT + "[namez]\n")
    result = run("dictionary", "--index", index)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{path}:10: There is no section [namez]; did you mean [names]?")
    assert lines[2:9] == [
        f"{path}: 1 word with synonyms, 1 stem, 1 stop word, 1 name, "
        "0 labels, 0 blocked words; 1 problem, told above.",
        "",
        "section     typed or written  counts as",
        "synonyms    bbm               bensin",
        "stems       ngaplod           unggah",
        "stop words  warga",
        "names       serangan",
    ]
    assert lines[10] == (
        "2 stems, names or labels have changed since articles were indexed (serangan, ngaplod). "
        "Queries use the dictionary as it is; run searchsvc rebuild to bring the articles to it."
    )


def test_a_file_not_in_use_is_checked_without_an_index(tmp_path: Path) -> None:
    path = write(tmp_path / "kamus.txt")
    result = run("dictionary", path, "--index", tmp_path / "none")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{path}: 1 word with synonyms, 1 stem")
    assert "rebuild" not in result.stdout


def test_no_such_file_and_no_text(tmp_path: Path) -> None:
    missing = run("dictionary", tmp_path / "none.txt")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "none.txt: No such file or directory." in missing.stderr
    path = tmp_path / "utf16.txt"
    path.write_bytes(TEXT.encode("utf-16"))
    assert "it is not a text in UTF-8. Save it as UTF-8." in run("dictionary", path).stderr


def test_every_command_uses_it(index: Path) -> None:
    assert find(index, "unggah") == []
    assert find(index, "serangan") == ["serang"]
    write(index / "dictionary.txt")
    assert find(index, "unggah") == ["banjir"]
    assert find(index, "bbm") == ["bbm"]
    assert find(index, "warga", "menyerang") == ["serang"]
    suggested = run("suggest", "war", "--index", index).stdout
    assert "warga\n" not in suggested
    rows = run_json("analyze", "ngaplod serangan", "--index", index)["tokens"]
    assert [(row["stem"], row["rules"]) for row in rows] == [
        ("unggah", ["dictionary"]),
        ("serangan", ["name"]),
    ]
    write(index / "dictionary.txt", TEXT + "[blocked words]\nJalan Provinsi\nbanjir\n")
    assert run_json("dictionary", "--index", index)["blocked_words"] == ["banjir", "jalan provinsi"]
    assert "blocked words  jalan provinsi" in run("dictionary", "--index", index).stdout
    assert "banjir" not in run("suggest", "ban", "--index", index).stdout.lower()
    explained = run("search", "bbm", "--explain", "--index", index).stdout
    assert "dictionary" in explained


def test_analyze_uses_it_without_articles(tmp_path: Path) -> None:
    path = write(tmp_path / "kamus.txt")
    env = {"SEARCHSVC_DICTIONARY": str(path)}
    rows = run_json("analyze", "ngaplod", "--index", tmp_path / "none", env=env)["tokens"]
    assert rows[0]["stem"] == "unggah"


def test_what_was_left_out_is_told_by_other_commands_in_one_line(index: Path) -> None:
    path = write(index / "dictionary.txt", TEXT + "[stems]\nsalah\nsalah juga\n")
    result = run("search", "unggah", "--index", index)
    assert result.exit_code == 0
    assert result.stderr == (
        f"warning: 2 lines of {path} left out; searchsvc dictionary says why.\n"
    )


def test_a_file_that_was_named_must_be_there(index: Path, tmp_path: Path) -> None:
    env = {"SEARCHSVC_DICTIONARY": str(tmp_path / "none.txt")}
    for command in ("search", "rebuild"):
        arguments = ["kopi"] if command == "search" else []
        result = run(command, *arguments, "--index", index, env=env)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "none.txt: No such file or directory." in result.stderr


def test_stems_wait_for_a_rebuild_and_the_account_is_kept(index: Path, tmp_path: Path) -> None:
    path = write(index / "dictionary.txt")
    assert run_json("stats", "--index", index)["dictionary_waiting"] == 2
    assert "run searchsvc rebuild" in run("stats", "--index", index).stdout
    later = write_jsonl(tmp_path / "later.jsonl", LATER)
    assert run("index", later, "--index", index).exit_code == 0
    assert run_json("stats", "--index", index)["dictionary_waiting"] == 2
    assert find(index, "unggah") == ["later", "banjir"]
    assert run("rebuild", "--index", index).exit_code == 0
    assert "dictionary_waiting" not in run_json("stats", "--index", index)
    assert find(index, "diunggah") == ["later", "banjir"]
    path.unlink()
    removed = run_json("dictionary", "--index", index)["waiting"]["removed"]
    assert [entry["word"] for entry in removed] == ["serangan", "ngaplod"]
    assert "2 stems, names or labels have changed" in run("dictionary", "--index", index).stdout
    assert run("rebuild", "--index", index).exit_code == 0
    assert run_json("dictionary", "--index", index)["waiting"] == {"added": [], "removed": []}


def test_a_new_index_has_all_of_it(tmp_path: Path) -> None:
    path = write(tmp_path / "kamus.txt")
    articles = write_jsonl(tmp_path / "articles.jsonl", BANJIR)
    index = tmp_path / "index"
    env = {"SEARCHSVC_DICTIONARY": str(path)}
    assert run("index", articles, "--dry-run", "--index", index, env=env).exit_code == 0
    assert not index.exists()
    assert run("index", articles, "--index", index, env=env).exit_code == 0
    figures = run_json("stats", "--index", index, env=env)
    assert (
        figures["dictionary"]
        == "1 word with synonyms, 1 stem, 1 stop word, 1 name, 0 labels, 0 blocked words"
    )
    assert "dictionary_waiting" not in figures


def test_other_processes_analyse_with_it_too(tmp_path: Path) -> None:
    path = write(tmp_path / "kamus.txt")
    rows = [{**BANJIR, "id": f"a{number}"} for number in range(2600)]
    articles = write_jsonl(tmp_path / "articles.jsonl", *rows)
    index = tmp_path / "index"
    env = {"SEARCHSVC_DICTIONARY": str(path)}
    done = run("index", articles, "--index", index, "--processes", "2", env=env)
    assert done.exit_code == 0
    # Without the dictionary only the index itself can know that the word has this stem.
    assert run_json("search", "unggah", "--index", index)["total"] == 2600


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "berita/dictionary.txt"),
        ({"SEARCHSVC_DICTIONARY": "kamus.txt"}, "kamus.txt"),
        ({"SEARCHSVC_DICTIONARY": "{index}/../kamus.txt"}, "berita/../kamus.txt"),
    ],
)
def test_where_the_file_is(given: dict[str, str], expected: str) -> None:
    settings = load({"index": "berita"}, environ=given)
    assert locate_dictionary(settings.dictionary, settings.index) == Path(expected)
