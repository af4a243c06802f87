"""The same articles make the same index, however many are taken at a time and committed at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.opensearch_node import empty_index, needs_node, open_opensearch

from indexer.article import Article
from indexer.engine.base import Clause, Engine, Form, Query, Term, TermStatistics, Word
from indexer.engine.embedded import open_engine
from indexer.ingest.build_article import document
from indexer.language.analyzer import Analyzer
from indexer.language.name_counts import NameCounts
from indexer.pipeline import Pace, index_articles

#: Words that are names or not as the articles write them; after "di", they are announced as names.
WORDS = ("Sawahan", "sawahan", "Sukmanya", "Sukma")
ARTICLES = st.lists(
    st.builds(
        "Kata warga {} {} lagi.".format, st.sampled_from(["di", "kepada"]), st.sampled_from(WORDS)
    ),
    min_size=4,
    max_size=12,
)

#: The last article says that Sawahan is a name, and that Sukmanya is a form of Sukma.
UNDERSTOOD_LATER = ["Kata warga kepada Sawahan lagi."] * 6 + ["Kata warga di Sawahan lagi."]
UNDERSTOOD_BY_ANOTHER = [f"Kata warga di {word} lagi." for word in ("Sukmanya", "Sawahan", "Sukma")]

#: Only where many articles have been read is a rare word with a known root a name.
JUDGED_ONCE_MUCH_IS_READ = ["Kata warga kepada Sawahan lagi.", "kata", "Ada " + "yang " * 3000]

#: Of every term of one form: how often it is there, and the ids of the articles that have it.
Contents = dict[tuple[Form, str], tuple[TermStatistics, list[str]]]

MANY_WAYS = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
PACES = st.builds(Pace, batch_size=st.sampled_from([1, 2, 99]), commit_every=st.integers(1, 9))


def index(engine: Engine, runs: Sequence[Sequence[str]], pace: Pace) -> Contents:
    """What an empty index has after some runs, each of these bodies."""
    number = 0
    for bodies in runs:
        articles = [Article(str(number + place), "", body) for place, body in enumerate(bodies)]
        number += len(bodies)
        with engine.snapshot() as snapshot:
            counts = NameCounts.of(snapshot)
        index_articles(engine, articles, Analyzer(find_names=counts), pace=pace)
    assert engine.check() == []
    return read(engine)


def index_folder(folder: Path, bodies: list[str], pace: Pace, flush_tokens: int | None) -> Contents:
    return index(open_engine(folder, create=True, flush_tokens=flush_tokens), [bodies], pace)


def read(engine: Engine) -> Contents:
    with engine.snapshot() as snapshot:
        return {
            (form, term): (
                snapshot.statistics(term, form),
                [snapshot.summary(hit.ref).id for hit in snapshot.search(query).hits],
            )
            for form in Form
            for term, _ in snapshot.terms(form=form)
            for query in [Query((Clause((Word(term, (Term(term, form),)),)),), limit=99)]
        }


@MANY_WAYS
@given(ARTICLES, PACES, st.sampled_from([1, 20, None]))
@example(UNDERSTOOD_LATER, Pace(batch_size=1), None)
@example(UNDERSTOOD_BY_ANOTHER, Pace(batch_size=1, commit_every=3), None)
@example(UNDERSTOOD_LATER, Pace(batch_size=1, commit_every=6), None)
def test_neither_batches_nor_commits_nor_segments_change_it(
    tmp_path_factory: pytest.TempPathFactory,
    bodies: list[str],
    pace: Pace,
    flush_tokens: int | None,
) -> None:
    expected = index_folder(tmp_path_factory.mktemp("at-once"), bodies, Pace(), None)
    assert index_folder(tmp_path_factory.mktemp("in-parts"), bodies, pace, flush_tokens) == expected


@needs_node
@MANY_WAYS
@given(ARTICLES, PACES, st.integers(0, 12))
@example(UNDERSTOOD_LATER, Pace(batch_size=1), 0)
@example(UNDERSTOOD_LATER, Pace(), 6)
@example(UNDERSTOOD_BY_ANOTHER, Pace(batch_size=1, commit_every=3), 0)
@example(UNDERSTOOD_BY_ANOTHER, Pace(), 1)
@example(UNDERSTOOD_LATER, Pace(batch_size=1, commit_every=6), 0)
@example(JUDGED_ONCE_MUCH_IS_READ, Pace(), 2)
@example(JUDGED_ONCE_MUCH_IS_READ, Pace(batch_size=1, commit_every=1), 0)
def test_neither_batches_nor_commits_nor_runs_change_it_in_opensearch(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[str], pace: Pace, first: int
) -> None:
    """The index is the same as that of the embedded engine, too."""
    expected = index_folder(tmp_path_factory.mktemp("at-once"), bodies, Pace(), None)
    engine = open_opensearch(empty_index("same"))
    assert index(engine, [bodies[:first], bodies[first:]], pace) == expected
    engine.close()


def test_a_segment_that_cannot_be_read_keeps_its_stems(tmp_path: Path) -> None:
    """The last commit looks into the segments of earlier ones, but does not depend on them."""
    analyzer = Analyzer()
    engine = open_engine(tmp_path / "index", create=True)
    first, *others = (
        document(Article(str(number), "", body))
        for number, body in enumerate(UNDERSTOOD_BY_ANOTHER)
    )
    with engine.writer() as writer:
        writer.add(analyzer.analyse([first]))
        writer.commit(more=True)
        (segment,) = (tmp_path / "index").glob("*.pack")
        segment.write_bytes(segment.read_bytes().replace(b"sukmanya", b"sukmbnya", 1))
        for one in others:
            writer.add(analyzer.analyse([one]))
        taught = analyzer.conclude()
        assert taught is not None
        writer.add(taught)
        written = writer.commit()
    assert written.added == 2
    assert segment.name in written.put_off
    with engine.snapshot() as snapshot:
        assert snapshot.document_count() == 3
