"""What a segment says is compared with all else it says: files of others, and forged arrays."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard
from support.batches import Draft, build_batch
from support.forge import Pack, forge_table

from indexer.engine.base import Form, Query
from indexer.engine.copies import FIGURES, PLACES
from indexer.engine.embedded import open_engine
from indexer.engine.embedded.container import FORMAT, Container, ContainerWriter
from indexer.engine.embedded.merge import merge_segments
from indexer.engine.embedded.packed_posting import NUMBERS_OF_BLOCK, PostingBlocks, pack_few
from indexer.engine.embedded.segment import FRAMES
from indexer.engine.embedded.whoosh.catalog import Catalog
from indexer.engine.embedded.whoosh.new_table import write_table
from indexer.errors import IndexCorrupt


def write(folder: Path, *drafts: Draft) -> None:
    with open_engine(folder, create=True).writer() as writer:
        writer.add(build_batch(drafts, evidence=[("acronym", "kpk", "komisi", 2)]))
        writer.commit()


DRAFTS = [
    Draft("a", "satu dua", "tiga empat lima-an tiga", {"tags": ("t", "u")}, day=19_000, lead=2),
    Draft("b", "dua", "lima empat empat", {"category": ("k",)}, day=19_001, lead=1),
    Draft("c", "tiga", "", {"category": ("l",)}),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    write(path, *DRAFTS)
    return path


def find_pack(folder: Path) -> Path:
    (path,) = folder.glob("*.pack")
    return path


def test_a_file_of_another_index_is_told(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "other", *DRAFTS)
    shutil.copy(find_pack(tmp_path / "other"), find_pack(folder))
    with pytest.raises(IndexCorrupt, match="of another index") as caught:
        open_engine(folder).snapshot()
    assert caught.value.path == str(find_pack(folder))
    assert "of another index" in open_engine(folder).check()[0]


def test_another_file_of_the_same_index_is_told(folder: Path, tmp_path: Path) -> None:
    before = find_pack(folder)
    shutil.copy(before, tmp_path / "copy")
    with open_engine(folder).writer() as writer:
        writer.delete_all()
        writer.add(build_batch([Draft("d", "enam")]))
        writer.commit()
    shutil.copy(tmp_path / "copy", find_pack(folder))
    with pytest.raises(IndexCorrupt, match="another segment"):
        open_engine(folder).snapshot()


def test_a_file_that_was_altered_with_its_checksums_is_told(folder: Path) -> None:
    pack = Pack.read(find_pack(folder))
    pack.sections["days"][0] += 1
    pack.write()
    with pytest.raises(IndexCorrupt, match="not the file that the table of contents names"):
        open_engine(folder).snapshot()
    assert "not the file" in open_engine(folder).check()[0]


def test_a_format_file_without_the_identity_is_told(folder: Path) -> None:
    (folder / "searchsvc-index.json").write_text(f'{{"format": {FORMAT}, "engine": "embedded"}}')
    with pytest.raises(IndexCorrupt, match="which index this is"):
        open_engine(folder)


def set_item(name: str, at: int, value: int) -> Callable[[Pack], None]:
    def change(pack: Pack) -> None:
        pack.sections[name][at] = value

    return change


def swap(name: str, first: int, second: int) -> Callable[[Pack], None]:
    def change(pack: Pack) -> None:
        values = pack.sections[name]
        values[[first, second]] = values[[second, first]]

    return change


def drop_item(name: str) -> Callable[[Pack], None]:
    def change(pack: Pack) -> None:
        pack.sections[name] = pack.sections[name][:-1]

    return change


def drop(name: str) -> Callable[[Pack], None]:
    return lambda pack: pack.sections.__delitem__(name)


def retype(name: str, dtype: str) -> Callable[[Pack], None]:
    def change(pack: Pack) -> None:
        pack.sections[name] = pack.sections[name].astype(dtype)

    return change


def say(key: str, value: Any) -> Callable[[Pack], None]:
    return lambda pack: pack.meta.update({key: value})


def set_posting(form: str, at: int, value: int) -> Callable[[Pack], None]:
    """Pack the postings anew with another one among them, and leave their positions as they are."""

    def change(pack: Pack) -> None:
        before = pack.sections[f"{form}.blocks"].reshape(-1, NUMBERS_OF_BLOCK)
        packed = PostingBlocks(before.ravel(), pack.sections[f"{form}.postings"])
        postings = packed.read(0, int(pack.sections[f"{form}.offsets"][-1]))
        postings[at] = value
        after = pack_few(postings)
        blocks = after.blocks.reshape(-1, NUMBERS_OF_BLOCK)
        blocks[:, 1] = before[:, 1]
        blocks[:, 3] |= before[:, 3] & 0xFF000000
        pack.sections[f"{form}.blocks"] = blocks.ravel()
        pack.sections[f"{form}.postings"] = after.words

    return change


def set_bits(at: int, value: int) -> Callable[[Pack], None]:
    """Say that the first block of exact postings has other bits: byte ``at`` of its last number."""

    def change(pack: Pack) -> None:
        pack.sections["exact.blocks"].view(np.uint8)[12 + at] = value

    return change


def leave_without_bits(pack: Pack) -> None:
    """A block of no words: no page has it."""
    pack.sections["exact.blocks"][:] = [0, 0, 2**31, 0, 0, 0, 0, 0]
    pack.sections["exact.postings"] = pack.sections["exact.postings"][:1]
    pack.sections["exact.positions"] = pack.sections["exact.positions"][:1]


#: What opening, or the first read of a page, refuses: loops would read outside.
OUTSIDE = [
    drop("exact.postings"),
    drop("exact.blocks"),
    drop_item("exact.blocks"),
    drop_item("days"),
    drop_item("exact.positions"),
    drop_item("exact.postings"),
    retype("exact.positions", "<i8"),
    retype("title_lengths", "<u4"),
    say("documents", 4),
    say("documents", -3),
    say("documents", "3"),
    say("labels", []),
    say("dictionaries", [7]),
    set_item("exact.offsets", 1, 2**40),
    set_item("exact.offsets", 1, -1),
    set_item("exact.terms.offsets", 2, 2**40),
    set_item("stem.offsets", 2, 0),
    *(set_item("exact.blocks", number, 2**31) for number in range(3)),
    *(set_item("exact.blocks", NUMBERS_OF_BLOCK + number, 2**31) for number in range(2)),
    *(set_bits(byte, 255) for byte in range(4)),
    set_bits(0, 63),
    set_bits(3, 31),
    leave_without_bits,
    set_posting("exact", 0, 2**31 - 1 | 1 << 32),
    set_posting("exact", 0, 0),
    set_posting("exact", 0, 1 << 32 | 2 << 56),
    set_posting("exact", 0, 60_000 << 32),
    set_posting("stem", 0, 77 | 1 << 32),
    set_item("labels.category.codes", 0, 9),
    set_item("labels.category.codes", 0, -2),
    set_item("labels.tags.codes", 0, -1),
    set_item("labels.tags.offsets", 1, 9),
    set_item("title_lengths", 0, -1),
    set_item("lead_lengths", 0, 99),
    set_item("body_lengths", 0, 2**31 - 1),
    set_item("exact.stem_of", 0, 99),
    set_item("stem.forms", 0, 99),
    set_item("stem.form_offsets", 1, 99),
    set_item("id_hash_documents", 0, 3),
    set_item("ids.offsets", 1, 99),
    set_item("stored.offsets", 1, 2**40),
    drop("summaries"),
    drop_item("summaries.offsets"),
    set_item("starts.offsets", 1, -5),
]

#: What only ``check`` finds: nothing outside is read, but answers would be others.
ELSE = [
    swap("exact.terms.text", 0, 1),
    swap("id_hashes", 0, 1),
    set_item("id_hashes", 0, 1),
    set_item("ids.text", 0, ord("z")),
    swap("title_lengths", 0, 1),
    set_item("lead_lengths", 0, 1),
    set_item("exact.positions", 0, 77),
    set_posting("exact", 0, 5 << 32),
    set_posting("stem", 0, 5 << 32),
    swap("stem.forms", 0, 1),
    set_item("stem.forms", 0, 2),
    swap("exact.stem_of", 0, 1),
    set_item("exact.lower_counts", 0, -1),
    set_item("days", 0, -(2**31)),
    set_item("seconds", 2, 5),
    set_item("labels.tags.codes", 0, 1),
    set_item("stored", 30, 0),
    set_item("summaries", 30, 0),
    set_item("starts", 0, 255),
    set_item("evidence", 0, 0),
]


#: The same of what tells copies: a pair of documents beyond the last, and sketches that cannot be.
COPIES_OUTSIDE = [
    drop("copies.pairs"),
    drop("copies.texts"),
    drop_item("copies.texts"),
    drop_item("copies.figures"),
    retype("copies.figures", "<u4"),
    drop_item("copies.pairs"),
    set_item("copies.pairs", 0, 3),
    set_item("copies.pairs", 1, -1),
]
COPIES_ELSE = [
    set_item("copies.pairs", 0, 2),
    set_item("copies.texts", 2 * PLACES, 7),
    set_item("copies.figures", FIGURES - 1, 1),
    set_item("copies.figures", 2 * FIGURES - 1, 3),
]
COPIES = [
    Draft("a", "satu", " ".join(f"kata{n}" for n in range(40)) + " 12 1234567"),
    Draft("b", "dua", " ".join(f"kata{n}" for n in range(40)) + " 12 1234567"),
    Draft("c", "tiga", "pendek"),
]


def forge(folder: Path, change: Callable[[Pack], None]) -> None:
    path = find_pack(folder)
    pack = Pack.read(path)
    change(pack)
    forge_table(folder, path, pack.write())


@pytest.mark.parametrize("number", range(len(OUTSIDE)))
def test_what_points_outside_is_refused_before_it_is_used(folder: Path, number: int) -> None:
    forge(folder, OUTSIDE[number])
    problems = open_engine(folder).check()
    assert str(find_pack(folder)) in problems[0]

    def use() -> None:
        with open_engine(folder).snapshot() as snapshot:
            list(snapshot.all_articles())
            snapshot.find("a")
            snapshot.statistics("lima", Form.STEM)
            for data in snapshot.opened.values():
                merged = merge_segments([(data, np.zeros(data.document_count, np.bool_))])
                list(merged.starts.pieces)
                merged.stems()
                merged.exact()

    with pytest.raises(IndexCorrupt):
        use()


@pytest.mark.parametrize("number", range(len(ELSE)))
def test_check_compares_everything_with_all_else(folder: Path, number: int) -> None:
    forge(folder, ELSE[number])
    problems = open_engine(folder).check()
    assert problems
    assert all(str(find_pack(folder)) in problem for problem in problems)


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    path = tmp_path / "copies"
    write(path, *COPIES)
    return path


@pytest.mark.parametrize("number", range(len(COPIES_OUTSIDE)))
def test_copies_that_cannot_be_are_refused(copies: Path, number: int) -> None:
    forge(copies, COPIES_OUTSIDE[number])
    assert str(find_pack(copies)) in open_engine(copies).check()[0]
    with pytest.raises(IndexCorrupt), open_engine(copies).snapshot() as snapshot:
        snapshot.search(Query(collapse=True))


@pytest.mark.parametrize("number", range(len(COPIES_ELSE)))
def test_check_compares_pairs_with_sketches(copies: Path, number: int) -> None:
    assert open_engine(copies).check() == []
    forge(copies, COPIES_ELSE[number])
    problems = open_engine(copies).check()
    assert problems
    assert all(str(find_pack(copies)) in problem for problem in problems)


def test_one_article_in_two_segments_is_told(folder: Path) -> None:
    with open_engine(folder).writer() as writer:
        writer.add(build_batch([Draft("b", "lain")]))
        writer.commit(more=True)
    assert open_engine(folder).check() == []
    catalog = Catalog(folder)
    generation = catalog.read_tables()
    generation.segments[0].delete_document(1, delete=False)
    catalog.table_path(generation.number).unlink()
    write_table(folder, generation.segments, generation.number)
    assert "has the article b'b' as well" in open_engine(folder).check()[0]


def test_zeros_between_sections_are_checked(folder: Path) -> None:
    path = find_pack(folder)
    content = bytearray(path.read_bytes())
    content[8] = 1
    path.write_bytes(content)
    assert "are not zero" in open_engine(folder).check()[0]


@pytest.mark.parametrize(
    "rows",
    [
        [["a", "<i8", 2**60, 64]],
        [["a", "<i8", -1, 64]],
        [["a", "|O", 1, 64]],
        [["a", "<i8", 1, 65]],
        [["a", "<i8", 1, 64], ["a", "<i8", 1, 128]],
        [["a", "<i8", 1]],
        7,
        [["a", "|u1", True, 64]],
    ],
    ids=str,
)
def test_a_directory_that_cannot_be_is_refused(tmp_path: Path, rows: object) -> None:
    path = tmp_path / "file"
    with ContainerWriter(path, {}) as out:
        out.add("a", np.arange(9))
        out._sections = rows  # type: ignore[assignment]
    with pytest.raises(IndexCorrupt, match="its directory cannot be"):
        Container(path)


@pytest.mark.parametrize("section", FRAMES)
@pytest.mark.parametrize("text", [b"", b"[", b"{}", b"7", b"[1]", b'["\xff"]'])
def test_a_frame_that_holds_something_else_is_told(folder: Path, section: str, text: bytes) -> None:
    def change(pack: Pack) -> None:
        offsets = pack.sections[f"{section}.offsets"]
        frame = np.frombuffer(zstandard.compress(text), np.uint8)
        rest = pack.sections[section][offsets[1] :]
        pack.sections[section] = np.concatenate([frame, rest])
        offsets[1:] += len(frame) - offsets[1]

    forge(folder, change)
    assert "document 0" in open_engine(folder).check()[0]
    with open_engine(folder).snapshot() as snapshot, pytest.raises(IndexCorrupt, match="holds no"):
        (snapshot.article if section == "stored" else snapshot.summary)(0)
