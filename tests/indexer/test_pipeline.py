from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from support.brute_force import BruteForceEngine

from indexer.article import Article, Reject, Warned
from indexer.engine.base import AnalysedBatch, AnalysedDocument, SearchedText
from indexer.language.analyzer import Analyzer
from indexer.pipeline import Item, Pace, Summary, Telling, index_articles, rebuild
from searchsvc.index import Index


class _KeepWords:
    """A stemmer that changes nothing: the pipeline does not care."""

    def stem(self, word: str) -> str:
        return word


@pytest.fixture
def analyzer() -> Analyzer:
    return Analyzer(_KeepWords())


def make_articles(count: int, *, word: str = "surut") -> list[Article]:
    return [
        Article(id=f"a{number}", title=f"Judul {number}", body=f"Air {word} di Demak.")
        for number in range(count)
    ]


def list_ids(engine: BruteForceEngine) -> list[str]:
    with engine.snapshot() as snapshot:
        return sorted(article.id for article in snapshot.all_articles())


def test_articles_go_in_and_the_rest_is_counted(
    brute_engine: BruteForceEngine, analyzer: Analyzer
) -> None:
    reject, warning = Reject("a", 3, "no text"), Warned("a", 4, "no date")
    items: list[Item] = [*make_articles(5), reject, warning]
    rejects: list[Reject] = []
    warnings: list[Warned] = []
    summary = index_articles(
        brute_engine,
        items,
        analyzer,
        telling=Telling(on_reject=rejects.append, on_warning=warnings.append),
        pace=Pace(batch_size=2),
    )
    assert (summary.read, summary.added, summary.updated, summary.unchanged) == (5, 5, 0, 0)
    assert (summary.rejected, summary.warned, summary.commits) == (1, 1, 1)
    assert rejects == summary.first_rejects == [reject]
    assert warnings == [warning]
    assert list_ids(brute_engine) == ["a0", "a1", "a2", "a3", "a4"]


@pytest.mark.parametrize(
    ("batch_size", "commit_every", "expected"),
    [
        (100, 100, (3, 0, 0, 4)),
        (1, 100, (3, 0, 0, 4)),
        (1, 1, (3, 1, 2, 1)),
    ],
)
def test_every_article_read_is_accounted_for(
    brute_engine: BruteForceEngine,
    analyzer: Analyzer,
    batch_size: int,
    commit_every: int,
    expected: tuple[int, int, int, int],
) -> None:
    items = [*make_articles(3), *make_articles(3), *make_articles(1, word="pasang")]
    summary = index_articles(brute_engine, items, analyzer, pace=Pace(batch_size, commit_every))
    counts = (summary.added, summary.updated, summary.unchanged, summary.duplicates)
    assert (summary.read, counts) == (7, expected)


def test_indexing_again_changes_nothing_and_a_change_updates(
    brute_engine: BruteForceEngine, analyzer: Analyzer
) -> None:
    index_articles(brute_engine, make_articles(4), analyzer)
    again = index_articles(brute_engine, make_articles(4), analyzer)
    assert (again.added, again.updated, again.unchanged) == (0, 0, 4)
    changed = [*make_articles(2, word="naik"), *make_articles(4)[2:]]
    third = index_articles(brute_engine, changed, analyzer)
    assert (third.added, third.updated, third.unchanged) == (0, 2, 2)


@pytest.mark.parametrize("batch_size", [1, 2, 10])
def test_last_article_of_an_id_wins(
    brute_engine: BruteForceEngine, analyzer: Analyzer, batch_size: int
) -> None:
    items = [*make_articles(3), *make_articles(1, word="naik")]
    summary = index_articles(brute_engine, items, analyzer, pace=Pace(batch_size))
    assert summary.read == 4
    with brute_engine.snapshot() as snapshot:
        ref = snapshot.find("a0")
        assert ref is not None
        assert "naik" in snapshot.article(ref).body
        assert snapshot.document_count() == 3


def test_commits_along_the_way(brute_engine: BruteForceEngine, analyzer: Analyzer) -> None:
    seen: list[tuple[int, int]] = []

    def note(summary: Summary) -> None:
        seen.append((summary.read, summary.commits))

    summary = index_articles(
        brute_engine,
        make_articles(10),
        analyzer,
        telling=Telling(note),
        pace=Pace(batch_size=2, commit_every=4),
    )
    assert summary.commits == 3
    assert summary.added == 10
    assert [read for read, _ in seen] == sorted(read for read, _ in seen)
    assert seen[-1] == (10, 3)


def test_a_slow_run_commits_every_minute(
    brute_engine: BruteForceEngine, analyzer: Analyzer
) -> None:
    now = 0.0

    def read_slowly() -> Iterator[Article]:
        nonlocal now
        for article in make_articles(10):
            now += 25.0
            yield article

    kept: list[tuple[int, int]] = []
    summary = index_articles(
        brute_engine,
        read_slowly(),
        analyzer,
        telling=Telling(lambda summary: kept.append((summary.read, summary.read_at_commit))),
        pace=Pace(batch_size=1, clock=lambda: now),
    )
    assert (summary.commits, summary.added, summary.read_at_commit) == (4, 10, 10)
    assert max(read - committed for read, committed in kept) == 3


def test_answers_do_not_depend_on_when_a_run_commits(tmp_path: Path) -> None:
    items = [*make_articles(30), *make_articles(8, word="pasang"), *make_articles(3)]
    answers = []
    for name, seconds in (("often", 0.0), ("once", 1e9)):
        with Index.open(tmp_path / name, create=True) as index:
            pace = Pace(batch_size=3, commit_every_s=seconds)
            summary = index_articles(index.engine, items, index.analyzer, pace=pace)
            assert summary.commits == (15 if name == "often" else 1)
            found = [
                index.search(query, facets="*", per_page="50") for query in ("surut", "pasang")
            ]
            answers.append(
                [
                    ([(hit.id, round(hit.score, 4)) for hit in one.hits], one.total, one.facets)
                    for one in found
                ]
            )
    assert answers[0] == answers[1]


def test_what_was_committed_survives_a_failing_input(
    brute_engine: BruteForceEngine, analyzer: Analyzer
) -> None:
    def fail() -> Iterator[Article]:
        yield from make_articles(5)
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        index_articles(brute_engine, fail(), analyzer, pace=Pace(batch_size=1, commit_every=2))
    assert list_ids(brute_engine) == ["a0", "a1", "a2", "a3"]
    # The writer was released.
    index_articles(brute_engine, make_articles(1), analyzer)


def test_dry_run_writes_nothing(brute_engine: BruteForceEngine, analyzer: Analyzer) -> None:
    summary = index_articles(brute_engine, make_articles(5), analyzer, dry_run=True)
    assert (summary.read, summary.added, summary.commits) == (5, 0, 0)
    assert summary.dry_run
    assert list_ids(brute_engine) == []


def test_nothing_to_index_commits_nothing(
    brute_engine: BruteForceEngine, analyzer: Analyzer
) -> None:
    summary = index_articles(brute_engine, [Reject("a", 1, "no text")], analyzer)
    assert (summary.read, summary.commits, summary.rejected) == (0, 0, 1)


def test_rebuild_keeps_every_article(
    brute_engine: BruteForceEngine, analyzer: Analyzer, sample_articles: list[Article]
) -> None:
    index_articles(brute_engine, sample_articles, analyzer)
    before = list_ids(brute_engine)
    summary = rebuild(brute_engine, analyzer, batch_size=2)
    assert summary.read == len(sample_articles)
    assert summary.commits == 1
    assert list_ids(brute_engine) == before


class _Refuse:
    """An analyser that must not be asked."""

    joined_labels: Mapping[str, str] = MappingProxyType({})

    def read(self, texts: list[SearchedText]) -> None:
        raise AssertionError([text.title for text in texts])

    def settle(self, read: None, documents: list[AnalysedDocument]) -> AnalysedBatch:
        raise AssertionError([document.article.id for document in documents])

    def conclude(self) -> None:
        return None


def test_what_is_in_the_index_already_is_not_analysed_again(
    brute_engine: BruteForceEngine, analyzer: Analyzer
) -> None:
    index_articles(brute_engine, make_articles(4), analyzer)
    summary = index_articles(brute_engine, make_articles(4), _Refuse())
    assert (summary.read, summary.unchanged, summary.updated) == (4, 4, 0)


def test_a_change_taken_back_in_the_same_run_is_taken_back(
    brute_engine: BruteForceEngine, analyzer: Analyzer
) -> None:
    """The index has the old text while the new one is still under way to it."""
    index_articles(brute_engine, make_articles(1), analyzer)
    again = [*make_articles(1, word="pasang"), *make_articles(1)]
    index_articles(brute_engine, again, analyzer, pace=Pace(batch_size=1))
    with brute_engine.snapshot() as snapshot:
        assert [article.body for article in snapshot.all_articles()] == ["Air surut di Demak."]


class _Concluding(Analyzer):
    """Notes what it concluded."""

    def __init__(self) -> None:
        super().__init__()
        self.concluded: list[AnalysedBatch | None] = []

    def conclude(self) -> AnalysedBatch | None:
        self.concluded.append(super().conclude())
        return self.concluded[-1]


def test_a_run_also_tells_what_one_that_was_broken_off_has_taught(
    brute_engine: BruteForceEngine,
) -> None:
    analyzer = _Concluding()

    def break_off() -> Iterator[Article]:
        # The last one says that the first is a form of it.
        for word in ("Sukmanya", "Sawahan", "Sukma"):
            yield Article(word, "", f"Kata warga di {word} lagi.")
        raise OSError("a disk is gone")

    with pytest.raises(OSError, match="a disk is gone"):
        index_articles(brute_engine, break_off(), analyzer, pace=Pace(batch_size=1))
    index_articles(brute_engine, make_articles(1), analyzer)
    (told,) = analyzer.concluded
    assert told is not None
    assert told.vocabulary == ["sukmanya"]
