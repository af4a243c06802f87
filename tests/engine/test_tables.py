"""Tables of contents that are damaged, strange or gone: nothing is lost, nothing is run."""

from __future__ import annotations

import pickle
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.batches import Draft, build_batch

from indexer.engine.embedded import open_engine
from indexer.engine.embedded.whoosh.new_table import write_table
from indexer.engine.embedded.whoosh.segment import PackedSegment
from indexer.engine.embedded.whoosh.table import read_table
from indexer.errors import IndexCorrupt


def write(folder: Path, *numbers: int) -> None:
    with open_engine(folder, create=True).writer() as writer:
        writer.add(build_batch([Draft(f"artikel-{n}", "judul", f"isi {n}") for n in numbers]))
        writer.commit()


def list_ids(folder: Path) -> list[str]:
    with open_engine(folder).snapshot() as snapshot:
        return sorted(article.id for article in snapshot.all_articles())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    write(path, 1, 2, 3)
    return path


def find_table(folder: Path) -> Path:
    (path,) = folder.glob("*.toc")
    return path


def list_files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "MAIN_WRITELOCK"
    }


@pytest.mark.parametrize("create", [False, True])
def test_segments_without_a_table_are_refused_and_kept(folder: Path, create: bool) -> None:
    find_table(folder).unlink()
    before = list_files(folder)
    with pytest.raises(IndexCorrupt, match=r"table of contents is missing.*searchsvc salvage"):
        open_engine(folder, create=create)
    assert list_files(folder) == before


def test_an_index_whose_table_is_gone_while_it_is_open_is_refused(folder: Path) -> None:
    engine = open_engine(folder)
    find_table(folder).unlink()
    with pytest.raises(IndexCorrupt, match="table of contents is missing"):
        engine.writer()
    with pytest.raises(IndexCorrupt, match="table of contents is missing"):
        engine.snapshot()
    assert "table of contents is missing" in engine.check()[0]


def copy_table(content: bytes) -> bytes:
    return content


@pytest.mark.parametrize(
    "stray",
    [
        lambda content: b"",
        lambda content: content[:50],
        lambda content: bytes(len(content)),
        lambda content: content[:-1] + b"?",
        copy_table,
    ],
    ids=["empty", "cut short", "zeros", "altered", "of another generation"],
)
def test_a_damaged_newest_table_falls_back_to_the_last_whole_one(
    folder: Path, stray: Callable[[bytes], bytes]
) -> None:
    (folder / "_MAIN_9.toc").write_bytes(stray(find_table(folder).read_bytes()))
    assert list_ids(folder) == ["artikel-1", "artikel-2", "artikel-3"]
    assert "_MAIN_9.toc" in open_engine(folder).check()[0]
    write(folder, 4)
    assert list_ids(folder) == ["artikel-1", "artikel-2", "artikel-3", "artikel-4"]
    assert open_engine(folder).snapshot().generation == 10
    assert (folder / "set-aside-9" / "_MAIN_9.toc").exists()


def test_what_a_damaged_table_named_is_set_aside(folder: Path) -> None:
    """Newer segments than the last whole table knows may hold the only copy of an article."""
    shutil.copytree(folder, folder.parent / "before")
    write(folder, 4)
    shutil.copy(find_table(folder.parent / "before"), folder)
    newest = folder / "_MAIN_2.toc"
    newest.write_bytes(newest.read_bytes()[:-3])
    packs = {path.name for path in folder.glob("*.pack")}
    for path in (folder.parent / "before").glob("*.pack"):
        shutil.copy(path, folder)
    assert list_ids(folder) == ["artikel-1", "artikel-2", "artikel-3"]
    write(folder, 5)
    assert list_ids(folder) == ["artikel-1", "artikel-2", "artikel-3", "artikel-5"]
    aside = folder / "set-aside-2"
    assert packs & {path.name for path in aside.glob("*.pack")}
    assert str(aside) in open_engine(folder).check()[0]


def test_a_table_whose_segments_are_missing_falls_back_too(folder: Path) -> None:
    segment = PackedSegment("MAIN", 7)
    write_table(folder, [segment], 5)
    assert list_ids(folder) == ["artikel-1", "artikel-2", "artikel-3"]
    assert segment.file_name in open_engine(folder).check()[0]


def test_backups_beside_the_index_are_left_alone(folder: Path) -> None:
    (pack,) = folder.glob("*.pack")
    backups = [folder / f"{pack.name}.bak", folder / "_MAIN_1.toc.old", folder / "_MAIN_1.toc.1"]
    for path in backups:
        path.write_bytes(b"mine")
    write(folder, 4)
    write(folder, 5)
    assert all(path.read_bytes() == b"mine" for path in backups)


def seal(content: bytes) -> bytes:
    return content + struct.pack("<4sI", b"CRC1", zlib.crc32(content))


def replace_segments(table: Path, pickled: bytes) -> None:
    """Put ``pickled`` where the list of segments is, under a seal that fits."""
    content = table.read_bytes()[:-8]
    start = content.rindex(b"\x80", 0, content.rindex(b"PackedSegment"))
    table.write_bytes(seal(content[:start] + pickled))


class Evil:
    """Unpickled, this would create a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (open, (str(self.path), "w"))


def test_opening_a_folder_runs_nothing(folder: Path, tmp_path: Path) -> None:
    replace_segments(find_table(folder), pickle.dumps([Evil(tmp_path / "ran")]))
    with pytest.raises(IndexCorrupt, match=r"unreadable \(it names .*open"):
        open_engine(folder).snapshot()
    assert not (tmp_path / "ran").exists()


def change(**facts: Any) -> Any:
    segment = PackedSegment("MAIN", 3)
    segment.__dict__.update(facts)
    return [segment]


@pytest.mark.parametrize(
    "segments",
    [
        None,
        {},
        ["segment"],
        change(segid="../../../etc/passwd"),
        change(segid=7),
        change(indexname="../MAIN"),
        change(compound=True),
        change(_document_count=-1),
        change(_document_count=2**40),
        change(_document_count=True),
        change(_deleted=b"123"),
        change(_deleted=struct.pack("<II", 1, 3)),
        change(_deleted=struct.pack("<II", 1, 1)),
        change(more="?"),
        change() * 2,
    ],
)
def test_a_table_that_says_what_none_can_is_refused(folder: Path, segments: object) -> None:
    table = find_table(folder)
    replace_segments(table, pickle.dumps(segments))
    with pytest.raises(IndexCorrupt) as caught:
        read_table(table, 1)
    assert caught.value.path == str(table)
    assert str(table) in open_engine(folder).check()[0]
