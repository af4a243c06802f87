"""Damage in stored articles never ends ingestion, and indexing them again heals it."""

from __future__ import annotations

import errno
import random
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from support.batches import Draft, build_batch
from support.damaged import damage

from indexer.engine.base import Written
from indexer.engine.embedded import open_engine
from indexer.engine.embedded import writer as writer_module
from indexer.engine.embedded.merge import merge_segments
from indexer.engine.embedded.merge_policy import choose_merges
from indexer.engine.embedded.segment import FRAMES
from indexer.errors import IndexCorrupt

RNG = random.Random(5)
WORDS = [f"kata{number}" for number in range(500)]
DRAFTS = [
    Draft(f"artikel-{n}", f"judul {n}", " ".join(RNG.choices(WORDS, k=40))) for n in range(60)
]


def write(folder: Path, *drafts: Draft) -> Written:
    engine = open_engine(folder, create=True)
    with engine.writer() as writer:
        batch = build_batch(drafts)
        writer.skip_unchanged(batch.documents)
        writer.add(batch)
        return writer.commit()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    write(path, *DRAFTS)
    return path


def read_all(folder: Path) -> dict[str, str]:
    return {one.id: one.body for one in open_engine(folder).snapshot().all_articles()}


BODIES = {draft.id: draft.body for draft in DRAFTS}


def test_only_the_damaged_article_of_a_page_is_lost(folder: Path) -> None:
    damage(folder, "stored", 7, "stored.offsets")
    snapshot = open_engine(folder).snapshot()
    with pytest.raises(IndexCorrupt):
        snapshot.articles([6, 7, 8])
    for number, draft in enumerate(DRAFTS):
        if number == 7:
            with pytest.raises(IndexCorrupt):
                snapshot.article(number)
        else:
            assert snapshot.article(number).body == draft.body
    assert "stored" in open_engine(folder).check()[0]


def test_only_the_damaged_summary_of_a_page_is_lost(folder: Path) -> None:
    damage(folder, "summaries", 7, "summaries.offsets")
    snapshot = open_engine(folder).snapshot()
    with pytest.raises(IndexCorrupt):
        snapshot.summary(7)
    with pytest.raises(IndexCorrupt):
        snapshot.summaries([6, 7, 8])
    assert [snapshot.summary(number).id for number in (6, 8)] == [DRAFTS[6].id, DRAFTS[8].id]
    assert [one.id for one in snapshot.summaries([6, 8])] == [DRAFTS[6].id, DRAFTS[8].id]
    assert read_all(folder) == BODIES
    assert "summaries" in open_engine(folder).check()[0]


@pytest.mark.parametrize("section", FRAMES)
def test_indexing_an_unreadable_article_again_heals_the_index(folder: Path, section: str) -> None:
    damage(folder, section, 7, f"{section}.offsets")
    written = write(folder, *DRAFTS)
    assert (written.updated, written.unchanged) == (1, 59)
    assert read_all(folder) == BODIES
    with open_engine(folder).writer() as writer:
        writer.optimize()
        assert writer.commit().put_off == ""
    assert open_engine(folder).check() == []
    assert read_all(folder) == BODIES


@pytest.mark.parametrize(
    ("section", "offsets"),
    [
        ("stored", "stored.offsets"),
        ("summaries", "summaries.offsets"),
        ("starts", "starts.offsets"),
        ("exact.postings", ""),
        ("exact.positions", ""),
        ("stem.forms", ""),
        ("evidence", ""),
    ],
)
def test_a_commit_never_depends_on_a_merge(folder: Path, section: str, offsets: str) -> None:
    damage(folder, section, 0 if section == "evidence" else 7, offsets)
    for number in range(40):
        written = write(folder, Draft(f"baru-{number}", "judul", f"isi {number}"))
        assert written.added == 1
    snapshot = open_engine(folder).snapshot()
    assert snapshot.document_count() == 100
    assert all(snapshot.find(f"baru-{number}") is not None for number in range(40))
    # The new ones are merged beside the damaged one.
    assert len(snapshot.describe()["segments"]) < 12


def test_a_merge_that_does_not_fit_is_put_off(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**6, 10**6 - 5000, 5000))
    written = write(folder, *(Draft(f"baru-{number}", "judul", "isi") for number in range(60)))
    assert written.added == 60
    assert "5,000 are free" in written.put_off
    assert len(open_engine(folder).snapshot().describe()["segments"]) == 2
    monkeypatch.undo()
    assert write(folder, Draft("satu", "lagi")).put_off == ""
    with open_engine(folder).writer() as writer:
        writer.optimize()
        writer.commit()
    assert len(open_engine(folder).snapshot().describe()["segments"]) == 1


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Quota"),
        MemoryError(),
    ],
)
def test_a_merge_that_fails_half_way_leaves_nothing_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    merge = merge_segments

    def fail(segments: Any, stems: Any) -> Any:
        contents = merge(segments, stems)

        def stop() -> Any:
            yield from ()
            raise error

        contents.stored.pieces = stop()
        return contents

    monkeypatch.setattr(writer_module, "merge_segments", fail)
    written = write(folder, *(Draft(f"baru-{number}", "judul", "isi") for number in range(60)))
    assert written.added == 60
    assert written.put_off
    assert len(list(folder.glob("*.pack"))) == 2
    assert open_engine(folder).check() == []


def test_segments_that_stay_divide_what_is_merged() -> None:
    sizes = [(10, 0), (10, 0), (10, 0), (10, 0), (10, 0)]
    groups = choose_merges(sizes, everything=True, fixed={2})
    assert [(group.members, group.rewrite) for group in groups] == [
        ((0, 1), True),
        ((2,), False),
        ((3, 4), True),
    ]
