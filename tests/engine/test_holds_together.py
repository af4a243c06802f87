"""The embedded engine under interruptions, threads and callers that make mistakes."""

from __future__ import annotations

import errno
import mmap
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from support.batches import Draft, build_batch

from indexer.engine.base import Clause, Form, Query, Ranking, Term, Word
from indexer.engine.embedded import open_engine
from indexer.engine.embedded import snapshot as embedded_snapshot
from indexer.engine.embedded.resident import measure_mapped
from indexer.engine.embedded.whoosh.catalog import Catalog
from indexer.errors import IndexLocked, IndexNotWritten


def draft(number: int, body: str = "isi berita") -> Draft:
    return Draft(f"artikel-{number}", "judul", f"{body} {number}")


@pytest.mark.parametrize("before_rename", [True, False])
def test_an_interrupted_commit_leaves_the_old_or_the_new_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before_rename: bool
) -> None:
    engine = open_engine(tmp_path / "index", create=True)
    with engine.writer() as writer:
        writer.add(build_batch([draft(1)]))
        writer.commit()
    commit = Catalog.commit

    def interrupt(self: Catalog, generation: object) -> None:
        if not before_rename:
            commit(self, generation)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(Catalog, "commit", interrupt)
    with engine.writer() as writer:
        writer.add(build_batch([draft(2)]))
        with pytest.raises(KeyboardInterrupt):
            writer.commit()
    monkeypatch.undo()
    again = open_engine(tmp_path / "index")
    assert again.check() == []
    assert again.snapshot().document_count() == (1 if before_rename else 2)
    with again.writer() as writer:
        writer.add(build_batch([draft(3)]))
        writer.commit()
    assert again.snapshot().find("artikel-1") is not None


def test_leaving_after_delete_all_keeps_what_was_committed(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "index", create=True)
    with engine.writer() as writer:
        writer.add(build_batch([draft(1)]))
        writer.commit()
    with engine.writer() as writer:
        writer.delete_all()
    assert open_engine(tmp_path / "index").check() == []
    assert engine.snapshot().document_count() == 1


@pytest.mark.parametrize("lets_go", [False, True])
def test_many_threads_read_articles_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lets_go: bool
) -> None:
    if lets_go:
        monkeypatch.setattr(embedded_snapshot, "MOST_MAPPED_BYTES", 0)
        monkeypatch.setattr(embedded_snapshot, "SEARCHES_BETWEEN_LOOKS", 3)
    engine = open_engine(tmp_path / "index", create=True)
    with engine.writer() as writer:
        writer.add(build_batch([draft(n, "kata demi kata " * 30) for n in range(600)]))
        writer.commit()
    snapshot = engine.snapshot()
    word = Word("kata", (Term("kata"),))

    def read(start: int) -> int:
        seen = 0
        for step in range(600):
            ref = (start + step) % 600
            assert snapshot.article(ref).id == f"artikel-{ref}"
            seen += len(snapshot.occurrences(ref, (word,)))
            assert snapshot.search(Query((Clause((word,)),))).total == 600
        return seen

    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(read, range(0, 600, 100))) == {600 * 60}


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="the system does not say")
def test_a_snapshot_can_release_the_pages_it_mapped(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "index", create=True)
    with engine.writer() as writer:
        writer.add(build_batch([draft(number) for number in range(50)]))
        writer.commit()

    def measure_resident() -> int:
        resident, ours = 0, False
        for line in Path("/proc/self/smaps").read_text().splitlines():
            if not line.split()[0].endswith(":"):
                ours = str(tmp_path) in line
            elif ours and line.startswith("Rss:"):
                resident += int(line.split()[1])
        return resident

    snapshot = engine.snapshot()
    assert len(list(snapshot.all_articles())) == 50
    assert measure_resident() > 0
    assert measure_mapped() > 0
    snapshot.release_pages()
    assert measure_resident() == 0
    assert len(list(snapshot.all_articles())) == 50


def test_merging_needs_no_system_that_takes_pages_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(mmap, "MADV_DONTNEED", raising=False)
    engine = open_engine(tmp_path / "index", create=True)
    for number in (1, 2):
        with engine.writer() as writer:
            writer.add(build_batch([draft(number)]))
            writer.commit()
    engine.snapshot().release_pages()
    assert engine.snapshot().document_count() == 2


def test_an_index_made_anew_in_the_same_folder_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    service = open_engine(folder, create=True)
    for number in (1, 2):
        with open_engine(folder, create=True).writer() as writer:
            writer.add(build_batch([draft(number)]))
            writer.commit()
        assert [article.id for article in service.snapshot().all_articles()] == [
            f"artikel-{number}"
        ]
        shutil.rmtree(folder)


def test_several_may_create_the_same_index_at_once(tmp_path: Path) -> None:
    def create(number: int) -> bool:
        try:
            open_engine(tmp_path / "index", create=True)
        except IndexLocked:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert any(threads.map(create, range(8)))
    engine = open_engine(tmp_path / "index")
    assert engine.snapshot().document_count() == 0


@pytest.mark.parametrize(
    "query",
    [
        Query((Clause((Word("a", (Term("isi"),), boost=-1.0),)),)),
        Query((Clause((Word("a", (Term("isi", weight=float("nan")),)),)),)),
        Query(ranking=Ranking(lead_weight=-2.0)),
    ],
)
def test_negative_weights_are_refused(tmp_path: Path, query: Query) -> None:
    engine = open_engine(tmp_path / "index", create=True)
    with pytest.raises(ValueError, match="0 or more"):
        engine.snapshot().search(query)


def test_stems_that_change_between_commits_agree_after_a_merge(tmp_path: Path) -> None:
    """A word stemmed in one commit and recognised as a name in the next."""
    engine = open_engine(tmp_path / "index", create=True)
    with engine.writer() as writer:
        writer.add(build_batch([Draft("1", "x", "bekasi bekas")], stem=lambda w: w[:5]))
        writer.commit()
        writer.add(build_batch([Draft("2", "x", "bekasi")], stem=lambda w: w))
        writer.optimize()
        writer.commit()
    snapshot = engine.snapshot()
    for text, expected in (("bekas", ["1"]), ("bekasi", ["1", "2"])):
        word = Word(text, (Term(text, Form.STEM),))
        query = Query((Clause((word,)),))
        hits = snapshot.search(query).hits
        assert sorted(snapshot.article(hit.ref).id for hit in hits) == expected
        for hit in hits:
            assert snapshot.occurrences(hit.ref, (word,))
            rows = snapshot.explain(hit.ref, query)
            assert sum(row.score for row in rows) == pytest.approx(hit.score, rel=1e-5)


def test_a_batch_that_cannot_be_stored_leaves_the_writer_whole(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "index", create=True)
    broken = build_batch([draft(1), draft(2)])
    document = broken.documents[1]
    broken.documents[1] = replace(document, article=replace(document.article, body="\ud800"))
    with engine.writer() as writer:
        with pytest.raises(TypeError):
            writer.add(broken)
        writer.add(build_batch([draft(3, "tiga"), draft(4, "empat")]))
        writer.commit()
    snapshot = engine.snapshot()
    for text, article_id in (("tiga", "artikel-3"), ("empat", "artikel-4")):
        (hit,) = snapshot.search(Query((Clause((Word(text, (Term(text),)),)),))).hits
        assert snapshot.article(hit.ref).id == article_id
    assert snapshot.find("artikel-1") is None
    assert snapshot.statistics("\ud800").documents == 0


def test_a_full_disk_is_one_sentence_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(tmp_path / "index", create=True)
    with engine.writer() as writer:
        writer.add(build_batch([draft(1)]))
        writer.commit()
    with engine.writer() as writer:
        writer.add(build_batch([draft(2)]))
        with monkeypatch.context() as full:

            def refuse(number: int) -> None:
                raise OSError(errno.ENOSPC, "No space left on device")

            full.setattr(os, "fsync", refuse)
            with pytest.raises(IndexNotWritten, match="No space left on device"):
                writer.commit()
    assert engine.check() == []
    assert engine.snapshot().document_count() == 1


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexNotWritten, match=r"Cannot create an index at .* Name a folder"):
        open_engine(tmp_path / "file" / "index", create=True)
