"""Our own expectations hold: over the samples, over invented articles, over real ones.

A row that a change breaks is either right, and then the change is not; or wrong, and then it is
changed with a reason. Rows that do not hold yet are listed in ``docs/relevance.md``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from support.expected import EXPECTATIONS, SAMPLES, index_for_searching

from searchsvc.evaluation.expectations.asking import Searcher
from searchsvc.evaluation.expectations.judge import judge
from searchsvc.evaluation.expectations.rows import Expectation, read_expectations

ON_SAMPLES = read_expectations(EXPECTATIONS / "samples.jsonl")
ON_COMPLAINTS = read_expectations(EXPECTATIONS / "complaints" / "expectations.jsonl")
ON_ARCHIVE = read_expectations(EXPECTATIONS / "archive.jsonl")
#: Over the articles of ``../shared/cases/query``, which are beside the real ones.
ON_CASES = read_expectations(EXPECTATIONS / "cases.jsonl")


def name_row(row: Expectation) -> str:
    return f"{row.place.partition(':')[2]}-{row.question}"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return index_for_searching(tmp_path_factory.mktemp("samples"), [SAMPLES])


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    corpus = EXPECTATIONS / "complaints" / "corpus.jsonl"
    return index_for_searching(tmp_path_factory.mktemp("complaints"), [corpus])


@pytest.fixture(scope="module")
def archive(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """The real articles, indexed once: some ten seconds."""
    folder = tmp_path_factory.mktemp("archive")
    return index_for_searching(folder, [shared_data / "articles"])


@pytest.fixture(scope="module")
def cases(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    articles = shared_data.parent / "cases" / "query" / "articles.jsonl"
    if not articles.is_file():
        pytest.skip(f"no {articles}")
    return index_for_searching(tmp_path_factory.mktemp("cases"), [articles])


@pytest.mark.parametrize("row", ON_SAMPLES, ids=name_row)
def test_samples(row: Expectation, samples: Searcher) -> None:
    [verdict] = judge([row], samples)
    assert not verdict.misses, str(verdict)


@pytest.mark.parametrize("row", ON_COMPLAINTS, ids=name_row)
def test_complaints(row: Expectation, complaints: Searcher) -> None:
    [verdict] = judge([row], complaints)
    assert not verdict.misses, str(verdict)


@pytest.mark.parametrize("row", ON_ARCHIVE, ids=name_row)
def test_archive(row: Expectation, archive: Searcher) -> None:
    [verdict] = judge([row], archive)
    assert not verdict.misses, str(verdict)


@pytest.mark.parametrize("row", ON_CASES, ids=name_row)
def test_cases(row: Expectation, cases: Searcher) -> None:
    [verdict] = judge([row], cases)
    assert not verdict.misses, str(verdict)


@pytest.mark.parametrize("rows", [ON_SAMPLES, ON_COMPLAINTS, ON_ARCHIVE, ON_CASES])
def test_no_question_is_asked_twice_alike(rows: list[Expectation]) -> None:
    asked = [(row.typed, row.question, str(row.parameters)) for row in rows]
    assert len(asked) == len(set(asked))
    assert all(row.kind and row.today for row in rows)
