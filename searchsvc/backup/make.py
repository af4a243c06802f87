"""How is a backup made? Held, copied, verified, and only then given its name."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Final
from uuid import uuid4

from indexer.durable_file import FILE_MODE, FOLDER_MODE, flush_to_disk, make_folder
from indexer.engine.embedded.copying import copy_file, list_own_files
from indexer.errors import IndexerError
from searchsvc import __version__
from searchsvc.backup.elsewhere import delete_snapshots
from searchsvc.backup.hold import Held, copy_database, hold
from searchsvc.backup.manifest import (
    Manifest,
    SavedIndex,
    digest_file,
    list_backups,
    read_manifest,
    verify_backup,
    write_manifest,
)
from searchsvc.data_folder import DataFolder
from searchsvc.database import DatabaseUnusable
from searchsvc.engines import is_elsewhere
from searchsvc.lock_file import lock_at_once
from searchsvc.meilisearch.features import FILE as FEATURES_FILE
from searchsvc.own_dictionary import locate_dictionary

_LOCK_FILE: Final = ".searchsvc-backup.lock"
#: Backups being made or removed: never taken for complete ones.
_PARTIAL: Final = ".searchsvc-partial-"
_REMOVED: Final = ".searchsvc-removed-"
_SEGMENT: Final = re.compile(r"\.pack$")
#: Left free on the disk that backups are written to, for the files that are not counted.
_SPARE_BYTES: Final = 16_000_000


class BackupRefused(IndexerError):
    """A backup cannot be made there."""


class BackupFailed(IndexerError):
    """A backup could not be made; nothing is left of it."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"No backup was made in {folder}: {reason}. Earlier backups are intact.")


@dataclass(frozen=True, slots=True)
class Made:
    """A complete backup. ``bytes``: of its segments and snapshots; ``own_bytes``: those that are
    not shared with the index or an earlier backup; ``removed``: older backups that were removed.
    """

    folder: Path
    manifest: Manifest
    bytes: int
    own_bytes: int
    removed: tuple[Path, ...]


def make_backup(
    folder: DataFolder,
    target: Path,
    *,
    dictionary: Path,
    names: Sequence[str] = (),
    link: bool = True,
    keep: int | None = None,
    repository: str = "",
    now: datetime | None = None,
) -> Made:
    """Back up the data folder into a new folder in ``target``, named for the time.

    ``names``: these indexes alone, without tasks and keys. ``dictionary``: the setting of that
    name. ``link``: hard links to segments on the same file system. ``keep``: remove all but the
    newest so many of the same. ``repository``: where OpenSearch puts snapshots of the indexes that
    are there, if it has several. Raises BackupRefused, BackupFailed, IndexNotFound, NoRepository,
    SnapshotUnusable, and what opening an index raises.
    """
    _refuse_inside(target, folder)
    if not names and not folder.names():
        raise BackupRefused(f"There is no index in {folder.path}, so there is nothing to back up.")
    if repository and not any(is_elsewhere(folder.path / name) for name in names or folder.names()):
        raise BackupRefused(f"No index of {folder.path} is in OpenSearch: --repository is for one.")
    try:
        make_folder(target)
        with _lock(target):
            _remove_unfinished(target, folder)
            names = tuple(sorted(set(names)))
            moment = (now or datetime.now(timezone.utc)).astimezone(timezone.utc)
            return _make(folder, target, dictionary, names, link, keep, repository, moment)
    except OSError as error:
        path = f"{error.filename}: " if error.filename else ""
        raise BackupFailed(target, f"{path}{error.strerror or error}") from error


def _make(
    folder: DataFolder,
    target: Path,
    dictionary: Path,
    names: Sequence[str],
    link: bool,
    keep: int | None,
    repository: str,
    moment: datetime,
) -> Made:
    earlier = list_backups(target)[:1]
    partial = target / f"{_PARTIAL}{uuid4().hex}"
    partial.mkdir(FOLDER_MODE)
    try:
        with hold(folder, partial, names=names, link=link, repository=repository) as held:
            _refuse_full_disk(target, held, earlier)
            _copy(folder, held, earlier, dictionary)
            manifest = _verify(folder, held, earlier, dictionary, moment, tuple(names))
            whole = sum(one.bytes for one in held.indexes.values())
            own = sum(one.own_bytes for one in held.indexes.values())
        _give_to_owner(partial, target)
        final = _give_name(partial, target, moment)
    except BaseException:
        with suppress(IndexerError, OSError):
            _discard(partial, folder)
        raise
    removed = tuple(_remove_old(target, final, manifest, keep, folder)) if keep else ()
    return Made(final, manifest, whole, own, removed)


def _copy(folder: DataFolder, held: Held, earlier: Sequence[Path], dictionary: Path) -> None:
    """Copy everything that was held, and what is no part of its state."""
    for name, one in held.indexes.items():
        one.fill([backup / name for backup in earlier])
        for file in list_own_files(one.folder):
            if file.suffix == ".sqlite":
                _copy_own_database(file, one.into / file.name)
        elsewhere = _find_dictionary_elsewhere(dictionary, one.folder)
        if elsewhere is not None:
            copy_file(elsewhere, held.into / _name_dictionary(name))
        flush_to_disk(one.into)
    held.copy_databases()
    features = folder.path / FEATURES_FILE
    if held.databases and features.is_file():
        copy_file(features, held.into / FEATURES_FILE)


def _copy_own_database(file: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as source:
            copy_database(source, target)
    except sqlite3.Error as error:
        raise DatabaseUnusable(str(file), str(error)) from error


def _find_dictionary_elsewhere(setting: Path, index: Path) -> Path | None:
    """The site's own dictionary, if it is in another folder than that of the index."""
    path = locate_dictionary(setting, index)
    return path if path.parent != index and path.is_file() else None


def _name_dictionary(name: str) -> str:
    return f"dictionary-{name}.txt"


def _verify(
    folder: DataFolder,
    held: Held,
    earlier: Sequence[Path],
    dictionary: Path,
    moment: datetime,
    only: tuple[str, ...],
) -> Manifest:
    """Write the manifest, read everything again and compare; return the manifest."""
    described = _describe(held, dictionary, moment)
    manifest = replace(described, folder=os.path.realpath(folder.path), only=only)
    write_manifest(held.into, manifest)
    try:
        verify_backup(held.into, manifest)
    except IndexerError:
        if not earlier:
            raise
        # A file of an earlier backup is damaged: copy everything from the index.
        for one in held.indexes.values():
            one.fill()
        verify_backup(held.into, manifest)
    return manifest


def _describe(held: Held, dictionary: Path, moment: datetime) -> Manifest:
    indexes = {}
    for name, one in held.indexes.items():
        elsewhere = _find_dictionary_elsewhere(dictionary, one.folder)
        indexes[name] = SavedIndex(
            one.number,
            one.articles,
            one.identity,
            str(elsewhere.absolute()) if elsewhere else "",
        )
    files = {
        path.relative_to(held.into).as_posix(): digest_file(path)
        for path in sorted(held.into.rglob("*"))
        if path.is_file() and not _SEGMENT.search(path.name)
    }
    made_at = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Manifest(__version__, made_at, indexes, files)


def _give_name(partial: Path, target: Path, moment: datetime) -> Path:
    """Rename the complete backup, durably; names sort by time."""
    flush_to_disk(partial)
    name = moment.strftime("%Y%m%dT%H%M%S.%f")[:-3] + "Z"
    final, number = target / name, 1
    while final.exists():
        number += 1
        final = target / f"{name}-{number}"
    partial.rename(final)
    flush_to_disk(target)
    return final


# --- where it may be, and what is there already


def _refuse_inside(target: Path, folder: DataFolder) -> None:
    """Raise BackupRefused if the backup would be lost with what it is a backup of."""
    there = Path(os.path.realpath(target))
    folders = (folder.path, *(folder.path / name for name in folder.names()))
    inside = [Path(os.path.realpath(one)) for one in folders]
    if any(there == one or one in there.parents for one in inside):
        raise BackupRefused(
            f"{target} is in the data folder {folder.path}, and would be lost with it. Name a "
            "folder outside of it, best on another disk."
        )
    if there.exists() and not there.is_dir():
        raise BackupRefused(f"{target} is not a folder. Name one for backups.")


def _refuse_full_disk(target: Path, held: Held, earlier: Sequence[Path]) -> None:
    """Raise BackupFailed before anything is copied for which there is no room."""
    if earlier:
        return  # Most of it may be links.
    needed = sum(one.bytes_to_copy for one in held.indexes.values()) + _SPARE_BYTES
    free = shutil.disk_usage(target).free
    if needed > free:
        raise BackupFailed(target, f"it needs {needed:,} bytes, and {free:,} are free")


@contextmanager
def _lock(target: Path) -> Iterator[None]:
    """Raises BackupRefused while another process writes a backup there."""
    path = target / _LOCK_FILE
    file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), FILE_MODE)
    try:
        if not lock_at_once(file):
            raise BackupRefused(f"Another process is making a backup in {target}. Wait for it.")
        yield
    finally:
        # Closing releases the lock.
        os.close(file)


def _remove_unfinished(target: Path, folder: DataFolder) -> None:
    """Remove what a process that was killed has left; what has snapshots where they cannot be
    deleted now, a later one.
    """
    for name in os.listdir(target):
        path = target / name
        if name.startswith((_PARTIAL, _REMOVED)) and path.is_dir() and not path.is_symlink():
            with suppress(IndexerError):
                _discard(path, folder)


def _discard(path: Path, folder: DataFolder) -> None:
    """Remove a backup, or what there is of one, and before it its snapshots, which nothing else
    names. Raises IndexerError, OSError.
    """
    delete_snapshots(path, folder.path)
    shutil.rmtree(path)


def _remove_old(
    target: Path, newest: Path, manifest: Manifest, keep: int, folder: DataFolder
) -> Iterator[Path]:
    """Remove all but the newest ``keep`` backups of the same as ``newest``, whose manifest this is,
    and never itself; yield each. Others are left alone: of another data folder, of other indexes,
    or with a description that cannot be read.
    """
    same = [path for path in list_backups(target) if _is_of_the_same(path, manifest)]
    for path in same[keep:]:
        if path == newest:
            continue
        gone = target / f"{_REMOVED}{path.name}"
        with suppress(IndexerError, OSError):
            path.rename(gone)
            _discard(gone, folder)
            yield path


def _is_of_the_same(path: Path, manifest: Manifest) -> bool:
    try:
        return not path.is_symlink() and manifest.replaces(read_manifest(path))
    except IndexerError:
        return False


def _give_to_owner(partial: Path, target: Path) -> None:
    """Give what root writes to the owner of the folder for backups, who makes the next ones.
    Segments that are links stay with the service.
    """
    if os.name == "nt" or os.geteuid() != 0:
        return
    owner = target.stat()
    for path in (target / _LOCK_FILE, partial, *partial.rglob("*")):
        status = path.lstat()
        if stat.S_ISDIR(status.st_mode) or status.st_nlink == 1:
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
