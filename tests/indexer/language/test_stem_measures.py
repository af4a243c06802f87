"""The stemmer measured on the shared tables, beside PySastrawi's list of what is expected."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from indexer.language.stem import Stemmer

STEMMER = Stemmer()


def read_pairs(path: Path) -> list[tuple[str, str]]:
    if not path.is_file():
        pytest.skip(f"no {path}")
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row[0], row[1]) for row in rows if row[:2] != ["form", "root"]]


def test_a_form_and_its_root_get_one_stem(shared_data: Path) -> None:
    pairs = read_pairs(shared_data / "stems" / "unimorph.tsv")
    agree = sum(STEMMER.stem(form) == STEMMER.stem(root) for form, root in pairs)
    assert agree / len(pairs) >= 0.98


def test_fewer_roots_share_a_stem_than_with_pysastrawi(shared_data: Path) -> None:
    roots_of: dict[str, set[str]] = defaultdict(set)
    for form, root in read_pairs(shared_data / "stems" / "unimorph.tsv"):
        roots_of[STEMMER.stem(form)].add(root)
    # PySastrawi 1.2.1: 35 stems of these forms have more than one root.
    assert sum(len(roots) > 1 for roots in roots_of.values()) < 35


@pytest.mark.parametrize(("table", "pysastrawi"), [("ud-gsd.tsv", 0.979), ("ud-csui.tsv", 0.9913)])
def test_words_of_running_text_agree_at_least_as_often(
    shared_data: Path, table: str, pysastrawi: float
) -> None:
    pairs = read_pairs(shared_data / "stems" / table)
    agree = sum(STEMMER.stem(form) == STEMMER.stem(root) for form, root in pairs)
    assert agree / len(pairs) >= pysastrawi


def test_no_regency_is_altered(shared_data: Path) -> None:
    path = shared_data / "lexicon" / "places-regencies.txt"
    if not path.is_file():
        pytest.skip(f"no {path}")
    words = path.read_text(encoding="utf-8").split()
    assert [word for word in words if STEMMER.stem(word) != word] == []
