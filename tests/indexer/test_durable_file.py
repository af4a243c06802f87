"""Files of an index: private, whole, and never written through a link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.batches import Draft, build_batch

from indexer.durable_file import create_file, make_folder, open_lock_file, replace_file, write_file
from indexer.engine.embedded import open_engine
from indexer.errors import IndexNotWritten
from indexer.language.dictionary import EMPTY
from indexer.language.dictionary_record import record_additions

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def read_mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("no_umask")
def test_an_index_is_private_under_any_umask(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    engine = open_engine(folder, create=True)
    with engine.writer() as writer:
        modes = {path.name: read_mode(path) for path in folder.iterdir()}
        assert "writer.json" in modes
        writer.add(build_batch([Draft("1", "a")]))
        writer.commit()
    record_additions(folder, EMPTY, had_articles=True)
    modes.update({path.name: read_mode(path) for path in folder.iterdir()})
    assert set(modes.values()) == {0o640}, modes
    assert read_mode(folder) == 0o750


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    link = tmp_path / "link"
    link.symlink_to(victim)
    with pytest.raises(FileExistsError):
        create_file(link)
    write_file(link, b"ours")
    assert (link.read_bytes(), link.is_symlink()) == (b"ours", False)
    (tmp_path / "link.new").symlink_to(victim)
    replace_file(link, b"new")
    assert link.read_bytes() == b"new"
    assert victim.read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["writer.json", "searchsvc-index.json.new"])
def test_no_file_of_an_index_follows_a_link(tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / name).symlink_to(victim)
    with open_engine(folder, create=True).writer() as writer:
        writer.commit()
    assert victim.read_bytes() == b"mine"


def test_a_lock_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "MAIN_WRITELOCK").symlink_to(tmp_path / "victim")
    with pytest.raises(IndexNotWritten, match="symbolic link"):
        open_engine(tmp_path, create=True)
    assert not (tmp_path / "victim").exists()


def test_a_replacement_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    replace_file(path, b"old")

    def refuse(number: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="Input/output"):
        replace_file(path, b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"


def test_folders_are_made_with_those_above(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b" / "c")
    make_folder(tmp_path / "a" / "b" / "c")
    assert (tmp_path / "a" / "b" / "c").is_dir()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives files away")
def test_what_root_creates_belongs_to_the_owner_of_its_folder(tmp_path: Path) -> None:
    """An admin's command run as root leaves nothing that the service's user cannot open."""
    service = tmp_path / "service"
    service.mkdir()
    os.chown(service, 12_345, 54_321)
    write_file(service / "file", b"")
    replace_file(service / "replaced", b"")
    os.close(open_lock_file(service / "lock"))
    make_folder(service / "folder")
    create_file(service / "folder" / "inner").close()
    for path in service.rglob("*"):
        assert (path.stat().st_uid, path.stat().st_gid) == (12_345, 54_321), path


def test_a_lock_file_is_kept_and_never_a_link(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_bytes(b"kept")
    os.close(open_lock_file(path))
    assert path.read_bytes() == b"kept"
    if os.name != "nt":
        (tmp_path / "link").symlink_to(path)
        with pytest.raises(OSError, match="link"):
            open_lock_file(tmp_path / "link")
