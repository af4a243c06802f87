"""A dictionary in effect: on stems and names, in the analyser, and what its fingerprint is of."""

from __future__ import annotations

import pickle

import pytest

from indexer.article import Article
from indexer.ingest.build_article import document
from indexer.language.analyzer import MAX_UNINDEXED_FORMS, Analyzer
from indexer.language.dictionary import EMPTY, Dictionary, Entry, make_stemmer

UNGGAH = Dictionary(
    stems={"ngaplod": "unggah", "aplod": "ngaplod", "gawai": "gawai", "kerjo": "pekerjaan"},
    names=frozenset(["serangan"]),
)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("ngaplod", "unggah"),
        ("aplod", "unggah"),  # by way of the form above
        ("unggahan", "unggah"),
        ("gawai", "gawai"),
        ("kerjo", "kerja"),  # the stem of the word it was given
        ("serangan", "serangan"),
        ("serangannya", "serangan"),
        ("menyerang", "serang"),
    ],
)
def test_stems_and_names(word: str, stem: str) -> None:
    stemmer = make_stemmer(UNGGAH)
    assert stemmer.stem(word) == stem
    assert stemmer.stem(stem) == stem


def test_a_stem_that_our_rules_lead_back_is_found_all_the_same() -> None:
    stemmer = make_stemmer(Dictionary(stems={"kerja": "kerjaan"}))
    assert stemmer.stem("kerja") == stemmer.stem("kerjaan") == "kerja"


def test_the_analyser_puts_stems_over_what_articles_write_as_names() -> None:
    analyzer = Analyzer(dictionary=UNGGAH, find_names=lambda terms, *_: list(terms))
    stems = [stem for _, stem in analyzer.analyse_text("Ngaplod serangan menyerang")]
    assert stems == ["unggah", "serangan", "menyerang"]
    batch = analyzer.analyse([document(Article("a", "Aplod", "Ngaplod foto."))])
    assert dict(zip(batch.vocabulary, batch.stems, strict=True)) == {
        "aplod": "unggah",
        "ngaplod": "unggah",
        "foto": "foto",
    }


def test_forms_that_articles_may_have_under_another_stem() -> None:
    analyzer = Analyzer(dictionary=UNGGAH)
    assert list(analyzer.find_unindexed("unggah")) == ["ngaplod", "aplod"]
    assert list(analyzer.find_unindexed("foto")) == []
    done = UNGGAH.after_indexing(frozenset([Entry("stem", "aplod", "ngaplod")]))
    assert list(Analyzer(dictionary=done).find_unindexed("unggah")) == ["ngaplod"]
    everything = UNGGAH.after_indexing(UNGGAH.list_entries())
    assert list(Analyzer(dictionary=everything).find_unindexed("unggah")) == []
    many = Dictionary(stems={f"x{letters}": "unggah" for letters in map(str, range(90))})
    assert len(Analyzer(dictionary=many).find_unindexed("unggah")) == MAX_UNINDEXED_FORMS


def test_a_stem_that_has_changed_counts_as_unindexed() -> None:
    before = Dictionary(stems={"x": "y"})
    now = Dictionary(stems={"x": "z"}).after_indexing(before.list_entries())
    assert now.unindexed == {"x"}


@pytest.mark.parametrize(
    "other",
    [
        EMPTY,
        Dictionary(synonyms={("a",): (("b",),)}),
        Dictionary(stems={"a": "b"}),
        Dictionary(stems={"a": "b"}, indexed=frozenset(["a"])),
        Dictionary(stopwords=frozenset("a")),
        Dictionary(names=frozenset("a")),
    ],
)
def test_a_fingerprint_is_that_of_the_content(other: Dictionary) -> None:
    assert other.fingerprint != UNGGAH.fingerprint
    assert bool(other) == bool(other.fingerprint) == (other != EMPTY)
    copied = pickle.loads(pickle.dumps(other))
    assert copied == other
    assert copied.fingerprint == other.fingerprint


def test_the_order_of_lines_does_not_change_the_fingerprint() -> None:
    turned = Dictionary(stems=dict(list(UNGGAH.stems.items())[::-1]), names=UNGGAH.names)
    assert turned.fingerprint == UNGGAH.fingerprint
