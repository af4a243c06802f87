"""Names learned from letter case while articles are analysed."""

from __future__ import annotations

import numpy as np

from indexer.article import Article
from indexer.engine.base import AnalysedDocument
from indexer.language.analyzer import Analyzer
from indexer.language.name_counts import NameCounts, find_names_by


def count(names: NameCounts, **rows: tuple[int, int]) -> set[str]:
    lower = np.array([row[0] for row in rows.values()], dtype=np.int32)
    capital = np.array([row[1] for row in rows.values()], dtype=np.int32)
    return names(list(rows), lower, capital)


def test_counts_add_up_over_batches() -> None:
    names = NameCounts()
    assert count(names, susi=(0, 1), makan=(40, 0)) == set()
    assert count(names, susi=(0, 99), makan=(0, 1)) == {"susi"}
    assert count(names, susi=(0, 0)) == {"susi"}
    assert count(names, susi=(500, 0)) == set()


def test_what_the_index_knows_counts_and_is_asked_once() -> None:
    asked: list[str] = []

    def known(term: str) -> tuple[int, int]:
        asked.append(term)
        return (0, 100) if term == "susi" else (100, 0)

    names = NameCounts(known)
    assert count(names, susi=(0, 0), makan=(0, 5)) == {"susi"}
    assert count(names, susi=(0, 1), makan=(0, 5)) == {"susi"}
    assert asked == ["susi", "makan"]


def test_a_query_asks_the_index() -> None:
    find_names = find_names_by(lambda term: (0, 100) if term == "pemakan" else (100, 0))
    nothing = np.zeros(2, dtype=np.int32)
    assert find_names(["pemakan", "makan"], nothing, nothing) == {"pemakan"}


def test_a_name_keeps_its_form_from_the_batch_that_shows_it() -> None:
    body = "Kata Pemali, lalu " + "Pak Pemali pulang dan Pemali tidur, " * 40
    document = AnalysedDocument(Article(id="1", title="", body=body), {}, None, None, b"")
    analyzer = Analyzer()
    batch = analyzer.analyse([document])
    assert dict(zip(batch.vocabulary, batch.stems, strict=True))["pemali"] == "pemali"
    assert analyzer.analyse_text("pemali")[0][1] == "pemali"
    assert analyzer.analyse_text("menulis")[0][1] == "tulis"
