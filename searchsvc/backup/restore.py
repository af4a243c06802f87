"""How is a backup restored, also beside a service that runs? Verified, copied, then put in place.

Each index is replaced at once, and the contents of the SQLite files in one transaction each, so
that a service sees the old or the new. Tasks come last: until every index is in place, those that
wait are kept, and none is executed on what was restored. A run that was cut off is made good by
another.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from indexer.durable_file import FOLDER_MODE, flush_to_disk, make_folder
from indexer.engine.embedded.copying import copy_file, copy_folder, verify_copy
from indexer.engine.embedded.whoosh.lock import HOLDER_FILE, WriterLock
from indexer.errors import IndexerError
from searchsvc.access.keys import FILE as KEYS_FILE
from searchsvc.backup.manifest import Manifest, find_backup, read_manifest, verify_backup
from searchsvc.data_folder import DataFolder, NameTaken
from searchsvc.meilisearch.features import FILE as FEATURES_FILE
from searchsvc.tasks.queue import FILE as TASKS_FILE

#: Indexes of a backup that an error names.
_MOST_NAMED: Final = 10
_STAGE: Final = ".searchsvc-restore-"
_PATIENCE_SECONDS: Final = 10.0
#: Results of a step of SQLite's that may succeed later; named by Python from 3.11 on.
_SQLITE_BUSY, _SQLITE_LOCKED = 5, 6
#: Numbers that must not fall, so that none is given twice and no process takes what it has read for
#: current, by table of facts.
_RISING: Final = {TASKS_FILE: ("next_task", "next_batch"), KEYS_FILE: ("revision",)}


class RestoreRefused(IndexerError):
    """Something is in the way."""


class RestoreFailed(IndexerError):
    """A backup could not be restored completely."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"The backup was not restored completely to {folder}: {reason}. What was not reached "
            "is as it was, tasks last; run the same command again, with --force."
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored from the backup ``source``: indexes by name, and other files; ``renewed``
    are those of them that were damaged, and are other files now.
    """

    source: Path
    manifest: Manifest
    indexes: tuple[str, ...]
    files: tuple[str, ...]
    renewed: tuple[str, ...] = ()


def restore_backup(
    source: Path,
    folder: DataFolder,
    *,
    names: Sequence[str] = (),
    force: bool = False,
    wait_s: float = 0.0,
) -> Restored:
    """Restore the backup in ``source``, or the newest in it, to the data folder.

    ``names``: these indexes alone, without tasks and keys. ``force``: replace what is there.
    ``wait_s``: seconds to wait for a writer. Raises NoBackup, BackupDamaged, RestoreRefused,
    RestoreFailed, NameTaken, IndexLocked.
    """
    names = tuple(dict.fromkeys(names))
    backup = find_backup(source, names)
    manifest = read_manifest(backup)
    chosen = tuple(names) or tuple(sorted(manifest.indexes))
    for name in chosen:
        if name not in manifest.indexes:
            held = ", ".join(sorted(manifest.indexes)[:_MOST_NAMED])
            raise RestoreRefused(f"The backup {backup} has no index {name[:80]!r}, but {held}.")
    files = () if names else _list_files(backup, manifest)
    if not force:
        _refuse_replacing(folder, chosen, files)
    for name in chosen:
        if os.path.lexists(folder.path / name) and not folder.has(name):
            raise NameTaken(name)
    verify_backup(backup, manifest)
    try:
        make_folder(folder.path)
        with _lock_indexes(folder, chosen, wait_s), ExitStack() as stages:
            _remove_stages(folder, chosen)
            # All is copied before anything is replaced.
            staged = {
                name: stages.enter_context(_stage(backup / name, folder.path / name))
                for name in chosen
            }
            for name, stage in staged.items():
                folder.put(name, stage)
            renewed = tuple(
                name for name in files if _restore_file(backup / name, folder.path / name)
            )
    except (OSError, sqlite3.Error) as error:
        raise RestoreFailed(folder.path, _explain(error)) from error
    return Restored(backup, manifest, chosen, files, renewed)


def _explain(error: OSError | sqlite3.Error) -> str:
    if not isinstance(error, OSError):
        return str(error)
    told = error.strerror or str(error)
    return f"{error.filename}: {told}" if error.filename else told


def _list_files(backup: Path, manifest: Manifest) -> tuple[str, ...]:
    known = (FEATURES_FILE, KEYS_FILE, TASKS_FILE)
    return tuple(name for name in known if name in manifest.files)


def _refuse_replacing(folder: DataFolder, names: Sequence[str], files: Sequence[str]) -> None:
    there = [name for name in (*names, *files) if os.path.lexists(folder.path / name)]
    if there:
        shown = ", ".join(there[:3]) + (" …" if len(there) > 3 else "")
        raise RestoreRefused(
            f"{folder.path} has {shown} already. Nothing was changed; --force replaces what is in "
            "the backup."
        )


@contextmanager
def _lock_indexes(folder: DataFolder, names: Sequence[str], wait_s: float) -> Iterator[None]:
    """Let nobody else write to those of the indexes that exist. Raises IndexLocked."""
    with ExitStack() as stack:
        for name in names:
            if folder.has(name):
                lock = WriterLock(folder.path / name)
                lock.acquire(wait_s=wait_s)
                stack.callback(lock.release)
        yield


def _remove_stages(folder: DataFolder, names: Sequence[str]) -> None:
    """Remove what a run that was killed has left."""
    for parent in {(folder.path / name).resolve().parent for name in names}:
        for left in parent.glob(f"{_STAGE}*"):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _stage(source: Path, target: Path) -> Iterator[Path]:
    """A copy of the index in ``source``, complete and on the disk, on the file system of
    ``target``, to which nobody else writes, also when it was put in place. Otherwise it is removed
    on exit.
    """
    real = target.resolve()
    stage = real.parent / f"{_STAGE}{uuid4().hex}"
    stage.mkdir(FOLDER_MODE)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, stage, ignore_errors=True)
        copy_folder(source, stage)
        verify_copy(stage)
        if os.name != "nt":
            # There a folder with an open file cannot be renamed.
            lock = WriterLock(stage)
            lock.acquire()
            stack.callback(lock.release)
            (stage / HOLDER_FILE).unlink()
        _give_to_owner(stage, real.parent)
        flush_to_disk(stage)
        yield stage


def _give_to_owner(stage: Path, parent: Path) -> None:
    """Give files that root restores to the owner of the folder they come into, who serves them."""
    if os.name == "nt" or os.geteuid() != 0:
        return
    owner = parent.stat()
    for path in (stage, *stage.iterdir()):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _restore_file(source: Path, target: Path) -> bool:
    """Restore a file of the data folder; return whether a damaged one gave way to it. Raises
    OSError, sqlite3.Error.
    """
    damaged = False
    # In a folder of its own, beside nothing of an older file, like its log.
    stage = target.with_name(f"{_STAGE}{uuid4().hex}")
    stage.mkdir(FOLDER_MODE)
    copy = stage / target.name
    try:
        copy_file(source, copy)
        replaced = False
        if copy.suffix == ".sqlite" and target.exists():
            replaced = _replace_content(copy, target)
            damaged = not replaced
        if not replaced:
            if damaged:
                for ending in ("-wal", "-shm"):
                    target.with_name(target.name + ending).unlink(missing_ok=True)
            _give_to_owner(stage, target.parent)
            os.replace(copy, target)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    flush_to_disk(target.parent)
    return damaged


def _replace_content(source: Path, target: Path) -> bool:
    """Replace the content of a SQLite file that others may have open, in one transaction; return
    false if it is too damaged for that.
    """
    try:
        _write_over(source, target)
    except sqlite3.OperationalError:
        # It is locked, or the disk is full.
        raise
    except sqlite3.DatabaseError:
        return False
    return True


def _write_over(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(source)) as copy,
        closing(sqlite3.connect(target, timeout=_PATIENCE_SECONDS)) as live,
    ):
        # A file just created has no tables yet.
        if live.execute("SELECT 1 FROM sqlite_master WHERE name = 'facts'").fetchone():
            facts = dict(live.execute("SELECT name, value FROM facts"))
            for name in _RISING.get(target.name, ()):
                rising = (facts.get(name, 0), name)
                copy.execute("UPDATE facts SET value = max(value, ?) + 1 WHERE name = ?", rising)
        copy.commit()
        copy.backup(live, progress=_give_up_after(_PATIENCE_SECONDS))


def _give_up_after(seconds: float) -> Callable[[int, int, int], None]:
    """Ends a copy that has waited so long: SQLite's module for Python would wait for ever."""
    until = time.monotonic() + seconds

    def check(status: int, remaining: int, total: int) -> None:
        if status in (_SQLITE_BUSY, _SQLITE_LOCKED) and time.monotonic() > until:
            raise sqlite3.OperationalError("database is locked")

    return check
