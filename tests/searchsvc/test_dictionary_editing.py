"""Programs write into a dictionary without disturbing what people wrote."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from indexer.language.dictionary_text import parse_dictionary
from searchsvc.dictionary_editing import (
    GENERATED_BEGIN,
    GENERATED_END,
    DictionaryNotWritten,
    add_synonym,
    locked,
    set_articles,
)
from searchsvc.meilisearch.own_words import write_own_words

OURS = """# Words of our readers.

[sinonim]
bbm = bensin  # since 2022
# more to come

[names]
Sri Mulyani
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dictionary.txt"


def read(path: Path) -> str:
    return path.read_bytes().decode()


def test_a_synonym_goes_after_the_others(path: Path) -> None:
    path.write_text(OURS)
    assert add_synonym(path, "jokwi", "jokowi") == "jokwi => jokowi"
    assert read(path) == OURS.replace("2022\n", "2022\njokwi => jokowi\n")


def test_a_missing_file_is_made_and_is_whole(path: Path) -> None:
    add_synonym(path, "jokwi", "jokowi")
    set_articles(path, "Pemilu, 2024", ["a", "b, c", 'd"e #f'], ["é"])
    text = read(path)
    assert text.startswith("[synonyms]\njokwi => jokowi\n\n[pinned]\npemilu 2024 = a, ")
    dictionary, problems = parse_dictionary(text.encode())
    assert problems == []
    assert dictionary.pinned == {("pemilu", "2024"): ("a", "b, c", 'd"e #f')}
    assert dictionary.hidden == {("pemilu", "2024"): ("é",)}


def test_articles_of_a_query_are_replaced_and_taken_out(path: Path) -> None:
    path.write_text(OURS + "[pinned]\npilpres, pemilu = x, y # why\npemilu = z\n")
    set_articles(path, "PEMILU", ["n"], [])
    assert read(path) == OURS + "[pinned]\npilpres = x, y  # why\npemilu = n\n"
    set_articles(path, "pilpres", [], [])
    assert read(path) == OURS + "[pinned]\n# why\npemilu = n\n"
    set_articles(path, "pemilu", [], [])
    assert read(path) == OURS + "[pinned]\n# why\n"


def test_lines_of_others_stay_as_they_are(path: Path) -> None:
    odd = b"\xef\xbb\xbf[sinonim]\r\na = b\r\n\r\nwhat is this\r\n[lain]\r\nx\r\n"
    path.write_bytes(odd)
    add_synonym(path, "c", "d")
    assert path.read_bytes() == odd[3:].replace(b"what is this", b"what is this").replace(
        b"what is this\r\n", b"what is this\r\nc => d\r\n"
    )


def test_what_is_written_anew_by_settings_is_left_alone(path: Path) -> None:
    path.write_text(f"{GENERATED_BEGIN}\n[synonyms]\na => b\n{GENERATED_END}\n")
    add_synonym(path, "c", "d")
    assert read(path).endswith(f"{GENERATED_END}\n\n[synonyms]\nc => d\n")


@pytest.mark.parametrize(
    ("typed", "meant", "told"),
    [
        ("", "jokowi", "Nothing stands left"),
        ("jokowi", "Jokowi", "says the same on both sides"),
        ("?!", "jokowi", "has no letter or digit"),
        ("a b c d e f g h i", "x", "has 9 words"),
    ],
)
def test_an_entry_that_says_nothing_is_refused(
    path: Path, typed: str, meant: str, told: str
) -> None:
    path.write_text(OURS)
    with pytest.raises(DictionaryNotWritten, match=told):
        add_synonym(path, typed, meant)
    assert read(path) == OURS


@pytest.mark.parametrize("typed", ["a]\n[names]\nb", "a = x, y", "a # b", "[pinned]", "a\r\nb"])
def test_an_entry_cannot_break_out_of_its_line(path: Path, typed: str) -> None:
    add_synonym(path, typed, "jokowi")
    assert read(path).count("\n") == 2
    assert parse_dictionary(path.read_bytes()).problems == []


def test_links_modes_and_files_that_are_no_text(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "kamus.txt"
    target.write_text(OURS)
    target.chmod(0o644)
    path.symlink_to(target)
    add_synonym(path, "a", "b")
    assert path.is_symlink()
    assert "a => b" in read(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    for content in (b"\xff\xfe", b"a = b\0"):
        target.write_bytes(content)
        with pytest.raises(DictionaryNotWritten, match="UTF-8"):
            add_synonym(path, "c", "d")


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DictionaryNotWritten, match="No such file"):
        add_synonym(tmp_path / "none" / "dictionary.txt", "a", "b")


def test_changes_at_once_are_all_made(path: Path) -> None:
    threads = [
        threading.Thread(target=set_articles, args=(path, f"kata{n}", [f"a{n}"], []))
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(parse_dictionary(path.read_bytes()).dictionary.pinned) == 12
    assert sorted(os.listdir(path.parent)) == ["dictionary.txt", "dictionary.txt.lock"]


def test_settings_of_an_index_wait_for_a_change(tmp_path: Path) -> None:
    """Both read, change and replace the file: one of them would be lost."""
    file = tmp_path / "dictionary.txt"
    file.write_text("")
    settings = {"synonyms": {"cabai": ["lombok"]}, "stopWords": []}
    writing = threading.Thread(target=write_own_words, args=(tmp_path, settings))
    with locked(file):
        writing.start()
        writing.join(0.1)
        assert (writing.is_alive(), file.read_text()) == (True, "")
        file.write_text("[pinned]\nberas = a\n")
    writing.join()
    assert "[pinned]\nberas = a\n" in file.read_text()
    assert "cabai => lombok" in file.read_text()
