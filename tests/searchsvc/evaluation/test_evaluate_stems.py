"""Stem figures on small tables whose right answers one can count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import UnreadableInput
from searchsvc.evaluation.stems import (
    StemTable,
    load_pysastrawi,
    measure_names,
    measure_pairs,
    read_stem_table,
)


def cut_to_four(word: str) -> str:
    return word[:4]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("form\troot\nBerlari\tlari\n", StemTable(["berlari"], ["lari"])),
        ("\ufeffberlari\tlari\tVERB\t12\n\n", StemTable(["berlari"], ["lari"])),
        ("Aceh\nagam\n", StemTable(["aceh", "agam"], [])),
    ],
)
def test_tables_are_read(tmp_path: Path, content: str, expected: StemTable) -> None:
    path = tmp_path / "words.tsv"
    path.write_text(content, encoding="utf-8")
    assert read_stem_table(path) == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "it has no words"),
        ("form\troot\n", "it has no words"),
        ("aceh\nberlari\tlari\n", "line 2 has 2 columns, the others 1"),
        ("berlari\t\n", "line 1 lacks a form or a root"),
    ],
)
def test_what_is_wrong_in_a_table_is_told(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "words.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableInput, match=message):
        read_stem_table(path)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_bytes(b"aceh\xff\n")
    with pytest.raises(UnreadableInput, match=r"Cannot read .*words\.tsv"):
        read_stem_table(path)


def test_pairs_count_agreement_and_shared_stems() -> None:
    table = StemTable(
        ["panenan", "memanen", "panennya", "padinya", "panetelan"],
        ["panen", "panen", "panen", "padi", "panetel"],
    )
    figures = measure_pairs(table, cut_to_four)
    assert figures.rows == 5
    assert figures.agreement == 0.8
    assert figures.failures == [("memanen", "mema", "panen", "pane")]
    assert (figures.shared_stems, figures.forms_there) == (1, 3)


def test_names_count_alterations() -> None:
    figures = measure_names(["aceh", "bekasi"], cut_to_four)
    assert (figures.rows, figures.altered, figures.failures) == (2, 0.5, [("bekasi", "beka")])


def test_the_stemmer_to_compare_with_is_pysastrawi_as_it_comes() -> None:
    stem = load_pysastrawi()
    assert stem("memperluas") == "luas"
    assert stem("bekasi") == "bekas"  # one of the reasons for our own
