"""A second writer never costs what a first one has committed, whatever became of the lock."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
from support.batches import Draft, build_batch

from indexer.engine.embedded import open_engine
from indexer.engine.embedded.engine import EmbeddedEngine
from indexer.engine.embedded.snapshot import EmbeddedSnapshot
from indexer.engine.embedded.whoosh import lock as lock_module
from indexer.engine.embedded.writer import EmbeddedWriter
from indexer.errors import IndexLocked, IndexTakenOver

pytestmark = pytest.mark.skipif(os.name != "posix", reason="open files cannot be removed elsewhere")


def list_ids(folder: Path) -> list[str]:
    with open_engine(folder).snapshot() as snapshot:
        return sorted(article.id for article in snapshot.all_articles())


def add(writer: EmbeddedWriter, *names: str) -> None:
    writer.add(build_batch([Draft(name, "judul", f"isi {name}") for name in names]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    with open_engine(path, create=True).writer() as writer:
        add(writer, "a")
        writer.commit()
    return path


@pytest.fixture
def file_lock_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a file system that locks no folders."""
    try_one = lock_module.WriterLock._try_one

    def try_files(self: lock_module.WriterLock, number: int) -> bool:
        import stat

        if stat.S_ISDIR(os.fstat(number).st_mode):
            os.close(number)
            raise OSError(9, "Bad file descriptor")
        return try_one(self, number)

    monkeypatch.setattr(lock_module.WriterLock, "_try_one", try_files)


def test_removing_the_lock_lets_nobody_in(folder: Path) -> None:
    engine = open_engine(folder)
    with engine.writer() as first:
        add(first, "b")
        (folder / "MAIN_WRITELOCK").unlink()
        with pytest.raises(IndexLocked):
            engine.writer()
        first.commit()
    assert list_ids(folder) == ["a", "b"]


@pytest.mark.usefixtures("file_lock_only")
def test_a_writer_whose_lock_was_removed_commits_nothing(folder: Path) -> None:
    engine = open_engine(folder)
    with engine.writer() as first:
        add(first, "b")
        (folder / "MAIN_WRITELOCK").unlink()
        with engine.writer() as second:
            add(second, "c")
            with pytest.raises(IndexTakenOver, match="lock was replaced"):
                first.commit()
            second.commit()
            # Leaving must not take away what the second has written.
            first.__exit__(None, None, None)
            assert (folder / "writer.json").exists()
            add(second, "d")
            second.commit()
    assert list_ids(folder) == ["a", "c", "d"]
    assert open_engine(folder).check() == []


@pytest.mark.usefixtures("file_lock_only")
def test_a_generation_committed_beside_a_writer_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(folder)
    with engine.writer() as first:
        add(first, "b")
        (folder / "MAIN_WRITELOCK").unlink()
        with engine.writer() as second:
            add(second, "c")
            second.commit()
        monkeypatch.setattr(lock_module.WriterLock, "check", lambda self: None)
        with pytest.raises(IndexTakenOver, match="newest generation is 2"):
            first.commit()
        # Even where that look comes too early, the name of a table is taken once.
        monkeypatch.setattr(EmbeddedWriter, "_refuse_if_taken_over", lambda self: None)
        add(first, "b")
        with pytest.raises(IndexTakenOver, match="has committed _MAIN_2"):
            first.commit()
    assert list_ids(folder) == ["a", "c"]
    assert open_engine(folder).check() == []


def test_a_folder_that_was_replaced_is_not_written(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "restored")
    with open_engine(folder).writer() as writer:
        add(writer, "b")
        writer.commit()
        add(writer, "c")
        folder.rename(tmp_path / "old")
        (tmp_path / "restored").rename(folder)
        with pytest.raises(IndexTakenOver):
            writer.commit()
    assert list_ids(folder) == ["a"]
    assert list_ids(tmp_path / "old") == ["a", "b"]


def test_a_writer_waits_for_the_one_before(folder: Path) -> None:
    engine = open_engine(folder)
    first = engine.writer()
    add(first, "b")

    def end_first() -> None:
        with first:
            first.commit()

    leave = threading.Timer(0.15, end_first)
    leave.start()
    with engine.writer(wait_s=60) as second:
        add(second, "c")
        second.commit()
    leave.join()
    assert list_ids(folder) == ["a", "b", "c"]
    with engine.writer(), pytest.raises(IndexLocked):
        engine.writer(wait_s=0.2)


def test_who_waits_comes_before_who_comes_again(folder: Path) -> None:
    """As a service that commits all day does, beside a command that waits for its turn."""
    engine = open_engine(folder)
    first = engine.writer()

    def wait_and_write() -> None:
        with engine.writer(wait_s=60) as second:
            add(second, "b")
            second.commit()

    waiting = threading.Thread(target=wait_and_write)
    waiting.start()
    while True:
        with lock_module.Turnstile(folder) as turnstile:
            if not turnstile.enter():
                break
    with first:
        add(first, "c")
        first.commit()
    while True:
        try:
            again = engine.writer()
        except IndexLocked:
            continue
        with again:
            assert list_ids(folder) == ["a", "b", "c"]
            break
    waiting.join()


def test_a_service_sees_a_table_that_was_put_back(folder: Path, tmp_path: Path) -> None:
    """Deletions differ, and nothing else: not the number, not the segments."""
    shutil.copytree(folder, tmp_path / "before")
    with open_engine(folder).writer() as writer:
        add(writer, "b")
        writer.commit()
    shutil.copytree(folder, tmp_path / "backup")
    engine = open_engine(folder)
    assert engine.snapshot().find("a") is not None
    shutil.copytree(folder, tmp_path / "other")
    table = folder / "_MAIN_2.toc"
    from indexer.engine.embedded.whoosh.catalog import Catalog, Generation
    from indexer.engine.embedded.whoosh.new_table import write_table

    generation = Catalog(folder).read()
    generation.segments[0].delete_document(0)
    before = engine.snapshot().identity
    (tmp_path / "scratch").mkdir()
    write_table(tmp_path / "scratch", generation.segments, 2)
    assert isinstance(generation, Generation)
    # Written in its place, so that the folder itself does not change.
    table.write_bytes((tmp_path / "scratch" / "_MAIN_2.toc").read_bytes())
    after = engine.snapshot()
    assert after.identity != before
    assert after.find("a") is None
    table.write_bytes((tmp_path / "backup" / "_MAIN_2.toc").read_bytes())
    assert engine.snapshot().find("a") is not None
    assert engine.snapshot().identity == before


def test_a_commit_right_after_a_generation_was_opened_is_no_missing_index(folder: Path) -> None:
    """Its table is gone then, before the system could be asked about it."""

    class Overtaken(EmbeddedEngine):
        def _open(self) -> EmbeddedSnapshot:
            snapshot = super()._open()
            if snapshot.generation == 1:
                with open_engine(folder).writer() as writer:
                    add(writer, "b")
                    writer.commit()
            return snapshot

    engine = Overtaken(folder)
    assert engine.snapshot().find("a") is not None
    assert engine.snapshot().find("b") is not None
