"""A damaged index file is reported by name: never a wrong answer, never a crash."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from support.batches import Draft, build_batch

from indexer.engine.base import Clause, FacetRequest, Query, Term, Word
from indexer.engine.embedded import open_engine
from indexer.engine.embedded.container import FORMAT
from indexer.errors import (
    IndexCorrupt,
    IndexerError,
    IndexLocked,
    IndexNotFound,
    IndexNotWritten,
    IndexOutdated,
    IndexUnreadable,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = random.Random(7)
    words = [f"kata{number}" for number in range(400)]
    path = tmp_path / "index"
    with open_engine(path, create=True).writer() as writer:
        writer.add(
            build_batch(
                [
                    Draft(
                        f"artikel-{number}",
                        " ".join(rng.choices(words, k=5)),
                        " ".join(rng.choices(words, k=80)),
                        {"category": (rng.choice("abc"),), "tags": tuple(rng.choices("xyz", k=2))},
                        day=19_000 + number,
                    )
                    for number in range(300)
                ]
            )
        )
        writer.commit()
    return path


def ask_or_refuse(folder: Path) -> object:
    """The answers, or the path that IndexCorrupt names instead."""
    try:
        return ask_everything(folder)
    except IndexCorrupt as error:
        return error.path


def find_pack(folder: Path) -> Path:
    (path,) = folder.glob("*.pack")
    return path


def ask_everything(folder: Path) -> list[tuple[int, list[str], object]]:
    """Answers to many queries, with the articles of their hits and where the words stand."""
    answers: list[tuple[int, list[str], object]] = []
    with open_engine(folder).snapshot() as snapshot:
        for number in range(0, 400, 7):
            word = Word("", (Term(f"kata{number}"),))
            answer = snapshot.search(
                Query(
                    (Clause((word,)),),
                    facets=tuple(map(FacetRequest, ("category", "tags", "published_at"))),
                )
            )
            articles = [snapshot.article(hit.ref) for hit in answer.hits]
            places = [snapshot.occurrences(hit.ref, [word]) for hit in answer.hits]
            answers.append((answer.total, [a.body for a in articles], (answer.facets, places)))
    return answers


def test_every_flipped_bit_is_found(folder: Path) -> None:
    pack = find_pack(folder)
    whole = pack.read_bytes()
    expected = ask_everything(folder)
    rng = random.Random(1)
    for _ in range(120):
        at = rng.randrange(len(whole))
        damaged = bytearray(whole)
        damaged[at] ^= 1 << rng.randrange(8)
        pack.write_bytes(damaged)
        problems = open_engine(folder).check()
        assert str(pack) in problems[0]
        assert ask_or_refuse(folder) in (expected, str(pack))


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.9999])
def test_a_truncated_file_is_told_at_once(folder: Path, share: float) -> None:
    pack = find_pack(folder)
    whole = pack.read_bytes()
    pack.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(IndexCorrupt, match=r"\.pack is damaged"):
        open_engine(folder).snapshot()
    assert str(pack) in open_engine(folder).check()[0]


def test_a_missing_segment_is_named(folder: Path) -> None:
    pack = find_pack(folder)
    pack.unlink()
    with pytest.raises(IndexCorrupt, match="missing") as caught:
        open_engine(folder).snapshot()
    assert caught.value.path == str(pack)
    assert "missing" in open_engine(folder).check()[0]


def test_damaged_tables_are_errors_with_a_name(folder: Path) -> None:
    (toc,) = folder.glob("*.toc")
    whole = toc.read_bytes()
    for size in range(0, len(whole), 40):
        toc.write_bytes(whole[:size])
        with pytest.raises(IndexCorrupt) as caught:
            open_engine(folder).snapshot()
        assert caught.value.path == str(toc)
    for at in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << (at % 8)
        toc.write_bytes(damaged)
        assert str(toc) in open_engine(folder).check()[0]


def test_another_format_asks_for_a_rebuild(folder: Path) -> None:
    (folder / "searchsvc-index.json").write_text('{"format": 99, "engine": "embedded"}')
    with pytest.raises(IndexOutdated, match="format 99") as caught:
        open_engine(folder)
    assert (caught.value.found, caught.value.expected) == (99, FORMAT)
    (folder / "searchsvc-index.json").write_text("{")
    with pytest.raises(IndexCorrupt):
        open_engine(folder)


def test_no_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound, match="searchsvc index"):
        open_engine(tmp_path / "none")


def test_a_second_writer_is_told_who_holds_the_index(folder: Path) -> None:
    engine = open_engine(folder)
    with engine.writer(), pytest.raises(IndexLocked, match=r"process [0-9]+ on"):
        engine.writer()
    with engine.writer():
        pass


@pytest.mark.skipif(os.name != "posix", reason="a symbolic link to itself stands for a refusal")
@pytest.mark.parametrize("pattern", ["*.pack", "*.toc", "searchsvc-index.json"])
def test_a_file_that_may_not_be_read_is_named(folder: Path, pattern: str) -> None:
    [path] = folder.glob(pattern)
    path.unlink()
    path.symlink_to(path)
    with pytest.raises(IndexUnreadable) as caught:
        open_engine(folder).snapshot()
    assert caught.value.path == str(path)
    assert caught.value.reason in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a folder cannot be opened")
@pytest.mark.parametrize("opened", [False, True], ids=["cannot be opened", "cannot be mapped"])
def test_a_segment_that_a_writer_may_not_read_is_named(folder: Path, opened: bool) -> None:
    path = find_pack(folder)
    with open_engine(folder).writer() as writer:
        path.unlink()
        path.mkdir() if opened else path.symlink_to(path)
        with pytest.raises(IndexUnreadable) as caught:
            writer.delete(["artikel-1"])
    assert caught.value.path == str(path)


@pytest.mark.skipif(os.name != "posix", reason="locks are opened differently elsewhere")
@pytest.mark.parametrize("name", ["MAIN_WRITELOCK", "writer.json"])
def test_a_lock_that_cannot_be_written_is_told(folder: Path, name: str) -> None:
    path = folder / name
    path.unlink(missing_ok=True)
    path.mkdir()
    engine = open_engine(folder)
    for _ in range(2):
        with pytest.raises(IndexNotWritten, match="Cannot write the index at"):
            engine.writer()
    path.rmdir()
    with engine.writer() as writer:
        writer.commit()


def test_a_reader_keeps_its_generation_while_files_are_replaced(folder: Path) -> None:
    engine = open_engine(folder)
    with engine.snapshot() as old:
        before = old.document_count()
        with engine.writer() as writer:
            writer.delete_all()
            writer.add(build_batch([Draft("baru", "judul", "isi")]))
            writer.commit()
        assert old.document_count() == before
        assert sum(1 for _ in old.all_articles()) == before
        with engine.snapshot() as new:
            assert new.document_count() == 1
    assert isinstance(IndexNotFound("x"), IndexerError)
