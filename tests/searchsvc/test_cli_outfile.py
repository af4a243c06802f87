"""Files that options name: never onto what a command reads, under whatever name."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from support.commands import run, write_jsonl

PADI = {"id": "padi", "title": "Panen Padi", "body": "Petani memanen padi di Karawang."}
needs_links = pytest.mark.skipif(os.name != "posix", reason="links and modes of POSIX")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_jsonl(tmp_path / "articles.jsonl", PADI, "{rusak")


def index(*arguments: str | Path, folder: Path) -> Result:
    return run("index", *arguments, "--index", folder / "index")


def same_path(path: Path) -> Path:
    return path


def dotted(path: Path) -> Path:
    return path.parent / "sub" / ".." / path.name


def symbolic(path: Path) -> Path:
    link = path.with_name("tolak.jsonl")
    link.symlink_to(path)
    return link


def symbolic_folder(path: Path) -> Path:
    link = path.parent.with_name(path.parent.name + "-lain")
    link.symlink_to(path.parent, target_is_directory=True)
    return link / path.name


def hard(path: Path) -> Path:
    link = path.with_name("keras.dat")
    link.hardlink_to(path)
    return link


NAMINGS = [
    same_path,
    dotted,
    pytest.param(symbolic, marks=needs_links),
    pytest.param(symbolic_folder, marks=needs_links),
    pytest.param(hard, marks=needs_links),
]


@pytest.mark.parametrize("name_again", NAMINGS)
@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_an_input_is_never_an_output(
    tmp_path: Path, articles: Path, name_again: Callable[[Path], Path], more: tuple[str, ...]
) -> None:
    before = articles.read_bytes()
    (tmp_path / "sub").mkdir()
    output = name_again(articles)
    result = index(articles, "--rejects", output, *more, folder=tmp_path)
    assert result.exit_code == 2
    assert result.stderr.endswith(
        f"Error: --rejects {output} is the input {articles}: writing would destroy what is to be "
        "read. Name another file.\n"
    )
    assert articles.read_bytes() == before
    assert not (tmp_path / "index").exists()


def test_neither_is_a_file_found_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "arsip" / "2022"
    folder.mkdir(parents=True)
    articles = write_jsonl(folder / "juli.jsonl", PADI)
    before = articles.read_bytes()
    result = index(tmp_path / "arsip", "--rejects", articles, folder=tmp_path)
    assert result.exit_code == 2
    assert articles.read_bytes() == before


@needs_links
def test_neither_is_standard_input(tmp_path: Path, articles: Path) -> None:
    before = articles.read_bytes()
    command = [sys.executable, "-c", "from searchsvc.cli import main; main()", "index", "-"]
    options = ["--rejects", str(articles), "--index", str(tmp_path / "index")]
    with articles.open("rb") as stdin:
        done = subprocess.run([*command, *options], stdin=stdin, capture_output=True, text=True)
    assert done.returncode == 2
    assert f"--rejects {articles} is standard input" in done.stderr
    assert articles.read_bytes() == before


def test_neither_is_the_dictionary(
    tmp_path: Path, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = tmp_path / "kata.txt"
    words.write_text("[stopwords]\nkonon\n", encoding="utf-8")
    monkeypatch.setenv("SEARCHSVC_DICTIONARY", str(words))
    result = index(articles, "--rejects", words, folder=tmp_path)
    assert result.exit_code == 2
    assert words.read_text(encoding="utf-8") == "[stopwords]\nkonon\n"


@pytest.mark.parametrize("name", ["baru.jsonl", "dictionary.txt", "writer.json"])
def test_nothing_is_written_into_the_folder_of_an_index(
    tmp_path: Path, articles: Path, name: str
) -> None:
    assert index(articles, folder=tmp_path).exit_code == 1
    before = {path.name: path.read_bytes() for path in (tmp_path / "index").iterdir()}
    result = index(articles, "--rejects", tmp_path / "index" / name, folder=tmp_path)
    assert result.exit_code == 2
    assert "is in the folder of the index" in result.stderr
    assert {path.name: path.read_bytes() for path in (tmp_path / "index").iterdir()} == before


@needs_links
@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
def test_a_link_to_a_file_of_the_index_is_refused(
    tmp_path: Path, articles: Path, link: str
) -> None:
    assert index(articles, folder=tmp_path).exit_code == 1
    for number, path in enumerate(sorted((tmp_path / "index").iterdir())):
        before = path.read_bytes()
        output = tmp_path / f"tolak-{number}"
        getattr(output, link)(path)
        result = index(articles, "--rejects", output, folder=tmp_path)
        assert result.exit_code == 2
        assert "index" in result.stderr
        assert path.read_bytes() == before


def test_an_earlier_list_stays_until_there_is_a_new_one(tmp_path: Path, articles: Path) -> None:
    rejects = tmp_path / "rejects.txt"
    rejects.write_text("dari kemarin\n", encoding="utf-8")
    failed = index(
        articles, "--format", "text", "--map", "a=nihil", "--rejects", rejects, folder=tmp_path
    )
    assert failed.exit_code == 2
    assert rejects.read_text(encoding="utf-8") == "dari kemarin\n"
    assert index(articles, "--rejects", rejects, folder=tmp_path).exit_code == 1
    assert json.loads(rejects.read_text(encoding="utf-8"))["line"] == 2
    write_jsonl(articles, PADI)
    assert index(articles, "--rejects", rejects, folder=tmp_path).exit_code == 0
    assert rejects.read_text(encoding="utf-8") == ""


def test_rejects_go_to_standard_output(tmp_path: Path, articles: Path) -> None:
    stdout = index(articles, "--rejects", "-", folder=tmp_path).stdout
    assert json.loads(stdout.splitlines()[0])["line"] == 2


@needs_links
def test_devices_and_pipes_may_be_written_to(tmp_path: Path, articles: Path) -> None:
    assert index(articles, "--rejects", "/dev/null", folder=tmp_path).exit_code == 1


@pytest.mark.parametrize("name", ["tidak/ada.jsonl", "articles.jsonl/x", "."])
def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, articles: Path, name: str) -> None:
    result = index(articles, "--rejects", tmp_path / name, folder=tmp_path)
    assert result.exit_code == 2
    assert "--rejects" in result.stderr
    assert not (tmp_path / "index").exists()


@needs_links
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_others_cannot_read_what_was_refused(tmp_path: Path, articles: Path, umask: int) -> None:
    rejects = tmp_path / "rejects.txt"
    before = os.umask(umask)
    try:
        index(articles, "--rejects", rejects, folder=tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o640 & ~umask


@pytest.mark.parametrize("option", ["--run", "--failures"])
@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_evaluate_never_writes_onto_the_collection(tmp_path: Path, option: str, name: str) -> None:
    write_jsonl(tmp_path / "corpus.jsonl", PADI)
    write_jsonl(tmp_path / "queries.jsonl", {"id": "q", "text": "padi"})
    (tmp_path / "qrels.tsv").write_text("q\t0\tpadi\t1\n", encoding="utf-8")
    before = (tmp_path / name).read_bytes()
    result = run("evaluate", tmp_path, option, tmp_path / name)
    assert result.exit_code == 2
    assert f"{option} {tmp_path / name} is the input" in result.stderr
    assert (tmp_path / name).read_bytes() == before


def test_evaluate_stems_never_writes_onto_the_table(tmp_path: Path) -> None:
    table = tmp_path / "akar.tsv"
    table.write_text("membaca\tbaca\n", encoding="utf-8")
    result = run("evaluate-stems", table, "--failures", table)
    assert result.exit_code == 2
    assert table.read_text(encoding="utf-8") == "membaca\tbaca\n"


def test_an_index_without_a_folder_yet_is_no_obstacle(tmp_path: Path, articles: Path) -> None:
    assert not (tmp_path / "index").exists()
    shutil.copy(articles, tmp_path / "lain.jsonl")
    result = index(articles, "--rejects", tmp_path / "lain.jsonl", folder=tmp_path)
    assert result.exit_code == 1
