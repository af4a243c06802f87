"""The stemmer's tables and word lists hold together."""

from __future__ import annotations

from importlib.resources import files

import pytest

from indexer.language.stem import Stemmer
from indexer.language.stem_roots import load_lexicon, read_rows, read_words
from indexer.language.stem_rules import (
    CLITICS,
    FAMILIES,
    LOAN_SUFFIXES,
    PARTICLES,
    PREFIXES,
    SUFFIXES,
)

LISTED = set(
    files("Sastrawi.Stemmer").joinpath("data/kata-dasar.txt").read_text("utf-8").split("\n")
)
STEMMER = Stemmer(protected=frozenset())


def test_every_prefix_belongs_to_a_family_and_says_why() -> None:
    for rule in PREFIXES:
        assert rule.family in FAMILIES, rule
        assert rule.surface.isalpha(), rule
        assert rule.reason, rule


def test_rule_names_are_unique() -> None:
    tables = PREFIXES, SUFFIXES, LOAN_SUFFIXES, CLITICS, PARTICLES
    names = [rule.name for table in tables for rule in table]
    assert len(names) == len(set(names))


def test_families_name_families_and_kinds_of_suffix() -> None:
    kinds = {rule.kind for rule in SUFFIXES} | {""}
    for family in FAMILIES.values():
        assert set(family.inner) <= set(FAMILIES), family
        assert set(family.suffixes) <= kinds, family


@pytest.mark.parametrize(
    ("rule", "example"),
    [(rule, rule.reason) for rule in PREFIXES if " = " in rule.reason],
    ids=lambda value: getattr(value, "name", None),
)
def test_the_examples_of_prefix_rules_hold(rule: object, example: str) -> None:
    word, root = example.rsplit(": ", 1)[-1].split(" = ")
    word = word.split(", ")[-1]
    root = root.split(", ")[-1]
    assert STEMMER.stem(word) == root


def test_distrusted_words_are_listed_ones_each_once() -> None:
    rows = read_rows("roots_distrusted.tsv")
    words = [row[0] for row in rows]
    assert len(words) == len(set(words))
    assert set(words) <= LISTED
    assert {row[1] for row in rows} == {"removed", "weak"}


def test_removed_words_are_no_roots_of_ours() -> None:
    removed = {row[0] for row in read_rows("roots_distrusted.tsv") if row[1] == "removed"}
    assert removed.isdisjoint(read_words("roots_extra.txt"))
    assert removed.isdisjoint(load_lexicon().roots)


def test_aliases_lead_to_roots_in_one_step() -> None:
    lexicon = load_lexicon()
    for root, target in lexicon.aliases.items():
        assert target in lexicon.roots, (root, target)
        assert target not in lexicon.aliases, (root, target)


def test_exceptions_lead_to_roots_and_are_no_roots() -> None:
    lexicon = load_lexicon()
    for word, stem in lexicon.exceptions.items():
        assert stem in lexicon.roots or word == stem, word
        assert stem not in lexicon.aliases, word


@pytest.mark.parametrize("name", ["stem_exceptions.tsv", "roots_distrusted.tsv"])
def test_every_row_gives_its_reason(name: str) -> None:
    assert [row for row in read_rows(name) if len(row) < 3] == []


def test_spellings_are_stems_of_their_own() -> None:
    for row in read_rows("root_spellings.tsv"):
        assert len(row) >= 2
        for word in row:
            assert STEMMER.stem(word) == word, row
