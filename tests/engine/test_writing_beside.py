"""A full buffer becomes a segment beside what follows: nothing shows that it takes its time."""

from __future__ import annotations

import errno
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from support.batches import Draft, build_batch

from indexer.engine.base import Writer, Written
from indexer.engine.embedded import open_engine
from indexer.engine.embedded import writer as writer_module
from indexer.engine.embedded.build import SegmentBuilder
from indexer.engine.embedded.contents import write_segment
from indexer.errors import IndexNotWritten


def make_draft(number: int, body: str = "isi berita") -> Draft:
    return Draft(f"artikel-{number}", "judul", f"{body} {number}")


def refuse(*arguments: Any) -> bytes:
    raise OSError(errno.ENOSPC, "No space left on device")


def add_more(writer: Writer) -> None:
    for number in range(3, 6):
        writer.add(build_batch([make_draft(number)]))


def test_what_is_being_written_can_be_replaced_and_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()

    def wait(*arguments: Any) -> bytes:
        assert go_on.wait(60)
        return write_segment(*arguments)

    engine = open_engine(tmp_path / "index", create=True, flush_tokens=12)
    with engine.writer() as writer, monkeypatch.context() as slow:
        slow.setattr(writer_module, "write_segment", wait)
        writer.add(build_batch([make_draft(number) for number in range(4)]))
        same = build_batch([make_draft(0)])
        assert writer.skip_unchanged(same.documents) == [True]
        writer.add(same)
        writer.add(build_batch([make_draft(1, "baru")]))
        assert writer.delete(["artikel-2", "artikel-2", "artikel-9"]) == 1
        writer.add(build_batch([make_draft(2, "lagi")]))
        assert writer.delete(["artikel-3"]) == 1
        go_on.set()
        assert writer.commit() == Written(1, added=3, updated=0, unchanged=0, deleted=0)
    snapshot = engine.snapshot()
    bodies = [
        snapshot.article(ref).body
        for number in range(4)
        if (ref := snapshot.find(f"artikel-{number}")) is not None
    ]
    assert bodies == ["isi berita 0", "baru 1", "lagi 2"]
    assert engine.check() == []


@pytest.mark.parametrize("by_commit", [False, True])
def test_a_failure_is_told_at_the_next_step_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_commit: bool
) -> None:
    engine = open_engine(tmp_path / "index", create=True, flush_tokens=3)
    with engine.writer() as writer:
        writer.add(build_batch([make_draft(1)]))
        writer.commit()
        with monkeypatch.context() as full:
            full.setattr(writer_module, "write_segment", refuse)
            writer.add(build_batch([make_draft(2)]))
            with pytest.raises(IndexNotWritten, match="No space left on device"):
                writer.commit() if by_commit else add_more(writer)
        # What did not reach the disk is not forgotten silently, even where there is room again.
        with pytest.raises(IndexNotWritten, match="No space left on device"):
            writer.commit()
    assert engine.snapshot().document_count() == 1
    assert engine.check() == []
    assert len(list((tmp_path / "index").glob("*.pack"))) == 1


def test_without_memory_to_begin_writing_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_out(builder: SegmentBuilder) -> None:
        raise MemoryError

    engine = open_engine(tmp_path / "index", create=True, flush_tokens=3)
    with engine.writer() as writer:
        with monkeypatch.context() as full:
            full.setattr(SegmentBuilder, "train_dictionary", run_out)
            with pytest.raises(IndexNotWritten, match="not enough memory"):
                writer.add(build_batch([make_draft(1)]))
        assert writer.commit().added == 1
    assert engine.snapshot().find("artikel-1") is not None


def test_after_delete_all_a_failure_no_longer_matters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(tmp_path / "index", create=True, flush_tokens=3)
    with engine.writer() as writer:
        with monkeypatch.context() as full:
            full.setattr(writer_module, "write_segment", refuse)
            writer.add(build_batch([make_draft(1)]))
            writer.delete_all()
        writer.add(build_batch([make_draft(2)]))
        assert writer.commit().added == 1
    assert engine.snapshot().find("artikel-2") is not None


def test_leaving_waits_for_what_is_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = Event()

    def write(*arguments: Any) -> bytes:
        started.set()
        return write_segment(*arguments)

    engine = open_engine(tmp_path / "index", create=True, flush_tokens=3)
    with engine.writer() as writer:
        monkeypatch.setattr(writer_module, "write_segment", write)
        writer.add(build_batch([make_draft(1)]))
        assert started.wait(60)
    assert not list((tmp_path / "index").glob("*.pack"))
