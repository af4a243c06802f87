"""Indexes come and go by name, and nothing beside them is touched."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from searchsvc.data_folder import DataFolder, IndexExists, NameTaken, UnknownIndex
from searchsvc.index import Index


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


def fill(folder: DataFolder, *names: str) -> None:
    """Create indexes with one article each, whose id is the first name of its index."""
    for name in names:
        with Index.open(folder.create(name)) as index:
            index.add([{"id": name, "title": "Panen Padi", "body": "Petani memanen padi."}])


def list_ids(folder: DataFolder, name: str) -> list[str]:
    with Index.open(folder.path_of(name)) as index:
        return [article.id for article in index]


@pytest.mark.parametrize(
    "file",
    [
        "photos/p.jpg",
        "photos/album/p.jpg",
        "photos/.git/HEAD",
        "photos/searchsvc-1.0.tar.gz",
        "photos/catatan.toc",
        "photos",
    ],
)
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda folder: folder.create("photos"), NameTaken),
        (lambda folder: folder.rename("berita", "photos"), NameTaken),
        (lambda folder: folder.rename("photos", "foto"), UnknownIndex),
        (lambda folder: folder.exchange("photos", "berita"), UnknownIndex),
        (lambda folder: folder.exchange("berita", "photos"), UnknownIndex),
    ],
)
def test_other_files_never_become_an_index(
    folder: DataFolder, file: str, change: Callable[[DataFolder], None], refusal: type[Exception]
) -> None:
    fill(folder, "berita")
    path = folder.path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"foto")
    with pytest.raises(refusal, match="'photos'"):
        change(folder)
    assert not folder.remove("photos")
    assert path.read_bytes() == b"foto"
    assert folder.names() == ["berita"]


@pytest.mark.parametrize(
    "file", ["dictionary.txt", "fields.toml", "MAIN_WRITELOCK", "writer.json", None]
)
def test_an_index_is_created_among_its_own_files(folder: DataFolder, file: str | None) -> None:
    folder.path_of("berita").mkdir()
    if file is not None:
        (folder.path_of("berita") / file).touch()
    folder.create("berita")
    assert folder.names() == ["berita"]


def test_names_of_indexes_are_not_taken_twice(folder: DataFolder) -> None:
    fill(folder, "a", "b")
    with pytest.raises(IndexExists, match="There is an index 'b' already"):
        folder.rename("a", "b")
    folder.create("b")
    assert list_ids(folder, "b") == ["b"]


def test_of_an_index_on_another_disk_the_link_is_removed(
    folder: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    fill(folder, "berita", "lain")
    elsewhere = folder.path / ".disk"
    folder.path_of("berita").rename(elsewhere)
    folder.path_of("berita").symlink_to(elsewhere)
    assert folder.remove("berita")
    assert (folder.names(), Index.is_in(elsewhere)) == (["lain"], True)
    assert str(elsewhere) in caplog.text
    assert folder.remove("lain")
    assert [path.name for path in folder.path.iterdir()] == [".disk"]


def test_what_cannot_be_deleted_is_deleted_later(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(1, "Operation not permitted", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", refuse)
        for _ in range(2):
            fill(folder, "berita")
            assert folder.remove("berita")
            assert folder.names() == []
    assert "Operation not permitted" in caplog.text
    assert not folder.remove("berita")
    assert list(folder.path.iterdir()) == []
