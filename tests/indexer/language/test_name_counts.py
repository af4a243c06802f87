"""Names learned from letter case while articles are analysed."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.article import Article
from indexer.engine.base import AnalysedDocument
from indexer.language.analyzer import Analyzer
from indexer.language.name_counts import Counts, NameCounts, find_names_by


def count(names: NameCounts, **rows: tuple[int, ...]) -> set[str]:
    """The names among the terms, counted (lower, capital[, announced])."""
    columns = np.array([(*row, 0)[:3] for row in rows.values()], dtype=np.int32).T
    return names(list(rows), *columns)


def test_counts_add_up_over_batches() -> None:
    names = NameCounts()
    assert count(names, susi=(0, 1), makan=(40, 0)) == {"susi"}
    assert count(names, susi=(0, 99), makan=(0, 1)) == {"susi"}
    assert count(names, susi=(0, 0)) == {"susi"}
    assert count(names, susi=(500, 0)) == set()


def test_a_word_once_in_lower_case_is_remembered() -> None:
    names = NameCounts()
    assert count(names, yang=(9999, 0), sawahan=(1, 0)) == set()
    assert count(names, sawahan=(0, 1), bandengan=(0, 1)) == {"bandengan"}


def test_what_the_index_knows_counts_and_is_asked_once() -> None:
    asked: list[str] = []

    def known(term: str) -> Counts:
        asked.append(term)
        return Counts(0, 100) if term == "susi" else Counts(100, 0)

    names = NameCounts(known)
    assert count(names, susi=(0, 0), makan=(0, 5)) == {"susi"}
    assert count(names, susi=(0, 1), makan=(0, 5)) == {"susi"}
    assert [term for term in asked if term != "yang"] == ["susi", "makan"]


def test_a_query_asks_the_index() -> None:
    find_names = find_names_by(lambda term: Counts(0, 100) if term == "pemakan" else Counts(100, 0))
    assert find_names(["pemakan", "makan"]) == {"pemakan"}


def test_words_that_could_be_common_are_names_when_enough_was_read() -> None:
    names = NameCounts()
    assert count(names, angkatan=(0, 1), bandengan=(0, 1, 1), yang=(100, 0)) == {"bandengan"}
    assert count(names, angkatan=(1, 0), tambangan=(0, 1), yang=(5000, 0)) == {"tambangan"}
    assert count(names, angkatan=(0, 1), bandengan=(0, 0)) == {"bandengan"}


def test_the_clitic_of_a_word_that_is_there() -> None:
    names = NameCounts()
    rows = {"tiktok": (0, 9), "tiktoknya": (0, 3), "zefanya": (0, 1), "yang": (5000, 0)}
    assert count(names, **rows) == {"tiktok", "zefanya"}


def test_the_rarest_terms_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.language.name_counts._MAX_TERMS", 4)
    names = NameCounts()
    count(names, susi=(0, 4), a=(1, 0), b=(1, 0), c=(2, 0), d=(3, 0))
    count(names, e=(1, 0))
    assert set(names._numbers) == {"susi", "d", "e"}
    assert count(names, susi=(0, 0)) == {"susi"}


def test_a_name_keeps_its_form_from_the_batch_that_shows_it() -> None:
    body = "Kata Pemali, lalu " + "Pak Pemali pulang dan Pemali tidur, " * 40
    document = AnalysedDocument(Article(id="1", title="", body=body), {}, None, None, b"")
    analyzer = Analyzer()
    batch = analyzer.analyse([document])
    assert dict(zip(batch.vocabulary, batch.stems, strict=True))["pemali"] == "pemali"
    assert analyzer.analyse_text("pemali")[0][1] == "pemali"
    assert analyzer.analyse_text("menulis")[0][1] == "tulis"
