"""Counts that an engine on another machine is asked for are asked for together, with one result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from indexer.engine.base import Phrase, Query, Term
from indexer.engine.embedded.snapshot import EmbeddedSnapshot
from searchsvc.index import Index
from searchsvc.request import SearchRequest

SAMPLES = Path(__file__).parents[2] / "index_data/samples"
QUERIES = [
    "",
    "serangan teroris",
    "presiden rusia",
    "presdien rusia vladmir",
    "joko wdodo",
    "kpk tangkap bupati",
    "komisi pemberantasan korupsi",
    '"perang rusia" ukraina',
    "pupuk subsidi petani jawa tengah",
    "bbm naik",
    "harga bera*",
    "siapa presiden ukraina",
    "gempa bumi cianjur korban meninggal",
    "sepakbola indonesia",
    "sepak bola -liga",
    "kategori:politik pemilu",
    "jokowi prabowo atau ganjar",
    "mendagri tito karnavian",
    "tdk ad listrik di desa",
    "banjir jkt kemarin",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("contoh") / "index"
    with Index.open(path, create=True) as index:
        index.add_files(SAMPLES)
    return path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many counts each request to a distant engine asked for."""
    requests: list[int] = []
    count_one = EmbeddedSnapshot.count_having

    def count(snapshot: EmbeddedSnapshot, alternatives: Sequence[Term | Phrase]) -> int:
        requests.append(1)
        return count_one(snapshot, alternatives)

    def count_each(
        snapshot: EmbeddedSnapshot,
        asked: Sequence[Sequence[Term | Phrase]],
        expected: Query | None = None,
    ) -> list[int]:
        if asked:
            requests.append(len(asked))
        return [count_one(snapshot, alternatives) for alternatives in asked]

    monkeypatch.setattr(EmbeddedSnapshot, "count_having", count)
    monkeypatch.setattr(EmbeddedSnapshot, "find_complete", lambda self, q: self.search(q).complete)
    monkeypatch.setattr(EmbeddedSnapshot, "count_having_each", count_each)
    return requests


def answer_all(folder: Path) -> Iterator[dict[str, object]]:
    for query in QUERIES:
        # Nothing is remembered from one to the next.
        with Index.open(folder) as index:
            told = index.answer(SearchRequest(q=query, facets=("source",), explain=True)).to_dict()
            del told["took_ms"]
            yield told


def test_the_answers_are_the_same_with_a_few_requests(
    folder: Path, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    near = list(answer_all(folder))
    singly = len(asked)
    asked.clear()
    monkeypatch.setattr(EmbeddedSnapshot, "distant", True)
    assert list(answer_all(folder)) == near
    # What was asked one by one shares requests.
    assert singly > 2 * len(asked)
