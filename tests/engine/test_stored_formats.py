"""Indexes written by each released format still open and answer as they did."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.make_stored_index import DATA

from indexer.article import Article
from indexer.engine.base import Clause, FacetRequest, Query, Sort, Term, Word
from indexer.engine.embedded import open_engine, survey
from indexer.engine.embedded.container import FORMAT
from indexer.errors import IndexOutdated


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A copy, so that nothing a test does reaches the repository."""
    return Path(shutil.copytree(DATA / f"index-format-{FORMAT}", tmp_path / "index"))


@pytest.fixture(params=range(1, FORMAT))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the index that an earlier format left."""
    return Path(shutil.copytree(DATA / f"index-format-{request.param}", tmp_path / "old"))


def test_there_is_a_stored_index_of_the_current_format() -> None:
    assert (DATA / f"index-format-{FORMAT}").is_dir()


def test_a_stored_index_answers_as_it_did(stored: Path) -> None:
    engine = open_engine(stored)
    assert engine.check() == []
    with engine.snapshot() as snapshot:
        assert snapshot.document_count() == 3
        answer = snapshot.search(
            Query(
                (Clause((Word("pasar", (Term("pasar"),)),)),),
                facets=(FacetRequest("category"), FacetRequest("published_at")),
            )
        )
        assert answer.total == 2
        assert answer.facets == {
            "category": [("Daerah", 1), ("Hukum", 1)],
            "published_at": [("2022-07", 1)],
        }
        newest = snapshot.search(Query(sort=Sort.NEWEST))
        articles = [snapshot.article(hit.ref) for hit in newest.hits]
        assert [article.id for article in articles] == ["berita-1", "berita-2", "berita-3"]
        assert articles[1].title == "banjir surut"
        assert articles[0].published_at == "2022-07-20T00:00:00+07:00"
        ref = newest.hits[0].ref
        word = Word("menangkap", (Term("me"),))
        found = snapshot.occurrences(ref, [word])
        assert [(one.in_title, one.position, one.start) for one in found] == [
            (True, 1, 7),
            (False, 1, 7),
        ]
        assert snapshot.evidence("acronym") == {"kpk": [("komisi", 2)]}


def test_a_stored_index_can_be_continued(stored: Path) -> None:
    with open_engine(stored).writer() as writer:
        assert writer.delete(["berita-1", "berita-9"]) == 1
        writer.optimize()
        assert writer.commit().deleted == 1
    with open_engine(stored).snapshot() as snapshot:
        assert [article.id for article in snapshot.all_articles()] == ["berita-2", "berita-3"]


def test_an_older_format_is_refused_by_name_in_one_sentence(old: Path) -> None:
    before = sorted(old.iterdir())
    with pytest.raises(IndexOutdated) as caught:
        open_engine(old)
    assert str(caught.value) == (
        f"The index at {old} has format {caught.value.found}; this version reads {FORMAT}. "
        f"Write its articles into a new one: searchsvc salvage NEW_FOLDER --index {old}"
    )
    with pytest.raises(IndexOutdated):
        open_engine(old, create=True)
    assert sorted(old.iterdir()) == before


def test_the_articles_of_an_older_format_can_be_taken_along(old: Path) -> None:
    there = survey(old)
    assert there.knows_deletions
    articles = [one for one in there.articles() if isinstance(one, Article)]
    assert [(one.id, one.title) for one in articles] == [
        ("berita-1", "polisi me-nangkap pencuri"),
        ("berita-2", "banjir surut"),
        ("berita-3", "tanpa tanggal"),
    ]
