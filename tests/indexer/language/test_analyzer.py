"""Articles as columns of terms."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.engine.base import AnalysedBatch, AnalysedDocument, Int32Array
from indexer.language.analyzer import Analyzer, BoolArray
from indexer.language.tokens import tokenize


class Shortener:
    """A stemmer as far as the analyser can tell: four letters are left of any word."""

    def stem(self, word: str) -> str:
        return word[:4]


def document(title: str, body: str) -> AnalysedDocument:
    return AnalysedDocument(Article(id=title, title=title, body=body), {}, None, None, b"")


def analyse(*texts: tuple[str, str]) -> AnalysedBatch:
    return Analyzer(Shortener()).analyse([document(title, body) for title, body in texts])


def counts(batch: AnalysedBatch) -> dict[str, tuple[int, int]]:
    """term -> (lower, capital), where either was counted."""
    both = zip(batch.lower_counts.tolist(), batch.capital_counts.tolist(), strict=True)
    rows = zip(batch.vocabulary, both, strict=True)
    return {term: row for term, row in rows if row != (0, 0)}


def test_columns_of_two_articles() -> None:
    batch = analyse(("Raisi memuji", "Iran dan\nRusia."), ("", "Rp1,5"))
    terms = [batch.vocabulary[number] for number in batch.token_terms]
    assert terms == ["raisi", "memuji", "iran", "dan", "rusia", "rp", "1,5"]
    assert batch.token_starts.tolist() == [0, 6, 0, 5, 9, 0, 2]
    assert batch.title_lengths.tolist() == [2, 0]
    assert batch.body_lengths.tolist() == [3, 2]
    assert batch.lead_lengths.tolist() == [2, 2]
    assert [batch.stems[number] for number in batch.token_terms] == [
        "rais", "memu", "iran", "dan", "rusi", "rp", "1,5"
    ]  # fmt: skip
    assert all(
        column.dtype == np.int32
        for column in (batch.token_terms, batch.token_starts, batch.lower_counts)
    )


def test_no_documents_and_empty_documents() -> None:
    assert analyse().vocabulary == []
    batch = analyse(("", ""))
    assert batch.body_lengths.tolist() == [0]
    assert batch.lead_lengths.tolist() == [0]


@pytest.mark.parametrize(
    ("body", "lead"),
    [
        ("kata " * 10 + "\n" + "kata " * 5, 10),
        ("kata " * 100 + "\n" + "kata " * 5, 60),
        ("kata " * 100, 40),
        ("kata " * 5, 5),
        ("\nkata", 0),
    ],
)
def test_lead(body: str, lead: int) -> None:
    assert analyse(("", body)).lead_lengths.tolist() == [lead]


def test_capitals_count_inside_sentences_only() -> None:
    body = (
        'Warga Bekasi resah. Banjir melanda Bekasi. "Kami lelah," kata Susi (KPK).\n'
        "Polisi datang KE RUMAH WARGA DESA pagi"
    )
    assert counts(analyse(("Banjir Besar Di Bekasi", body))) == {
        "bekasi": (0, 2),
        "resah": (1, 0),
        "melanda": (1, 0),
        "lelah": (1, 0),
        "kata": (1, 0),
        "susi": (0, 1),
        "kpk": (0, 1),
        "datang": (1, 0),
        "pagi": (1, 0),
    }


def test_names_are_not_stemmed() -> None:
    seen: list[tuple[list[str], list[int], list[int], list[bool]]] = []

    def find_names(
        terms: Sequence[str],
        lower: Int32Array,
        capital: Int32Array,
        announced: Int32Array,
        asked: BoolArray,
    ) -> Collection[str]:
        seen.append((list(terms), capital.tolist(), announced.tolist(), asked.tolist()))
        return {"bekasi"}

    analyzer = Analyzer(Shortener(), find_names=find_names)
    batch = analyzer.analyse([document("", "Kabupaten Bekasi")])
    assert batch.stems == ["kabu", "bekasi"]
    assert seen == [(["kabupaten", "bekasi"], [0, 1], [0, 1], [True, True])]
    assert [stem for _, stem in analyzer.analyse_text("di bekasi")] == ["di", "bekasi"]


def test_announced_names_that_would_be_stemmed_are_evidence() -> None:
    batch = Analyzer().analyse(
        [
            document("Desa Pejagoan", "Warga Desa Kesugihan dan Desa Kesugihan."),
            document("", "Rumah di Kesugihan, Kecamatan Cilacap, dan di Kementerian Agama"),
        ]
    )
    assert batch.evidence == [("announced", "kesugihan", "", 3)]


def test_a_batch_does_not_carry_terms_of_an_earlier_one() -> None:
    analyzer = Analyzer(Shortener())
    analyzer.analyse([document("satu dua", "tiga")])
    batch = analyzer.analyse([document("dua", "empat")])
    assert sorted(batch.vocabulary) == ["dua", "empat"]


TEXT = st.text(
    alphabet=st.one_of(st.sampled_from("aAbE-'.,%12 \n’é\u0301\u200bß½"), st.characters()),
    max_size=40,
)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_a_batch_has_the_tokens_of_each_text(texts: list[tuple[str, str]]) -> None:
    batch = analyse(*texts)
    rows = list(zip(batch.token_terms.tolist(), batch.token_starts.tolist(), strict=True))
    position = 0
    lengths = zip(batch.title_lengths.tolist(), batch.body_lengths.tolist(), strict=True)
    for (title, body), (title_length, body_length) in zip(texts, lengths, strict=True):
        for text, length in ((title, title_length), (body, body_length)):
            found = rows[position : position + length]
            position += length
            assert [(batch.vocabulary[term], start) for term, start in found] == [
                (token.text, token.start) for token in tokenize(text)
            ]
    assert position == len(rows)
    assert len(set(batch.vocabulary)) == len(batch.vocabulary)
    assert set(batch.token_terms.tolist()) == set(range(len(batch.vocabulary)))


def test_the_place_of_the_dateline_is_searched_behind_the_body() -> None:
    article = Article(id="1", title="Judul", body="Putin tiba.\nIa disambut.", place="Teheran")
    batch = Analyzer().analyse([AnalysedDocument(article, {}, None, None, bytes(8))])
    words = [batch.vocabulary[term] for term in batch.token_terms]
    assert words == ["judul", "putin", "tiba", "ia", "disambut", "teheran"]
    assert batch.token_starts.tolist() == [0, 0, 6, 12, 15, len(article.body) + 1]
    assert (batch.body_lengths.tolist(), batch.lead_lengths.tolist()) == ([5], [2])
