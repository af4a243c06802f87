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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import uuid4

from indexer.durable_file import FOLDER_MODE, flush_to_disk, make_folder
from indexer.engine.embedded.copying import copy_file, copy_folder, verify_copy
from indexer.engine.embedded.whoosh.lock import HOLDER_FILE, WriterLock
from indexer.errors import IndexerError
from searchsvc.access.keys import FILE as KEYS_FILE
from searchsvc.backup.elsewhere import RECORD_FILE, Destination, is_record
from searchsvc.backup.manifest import (
    Manifest,
    SavedIndex,
    find_backup,
    read_manifest,
    verify_backup,
)
from searchsvc.data_folder import DataFolder, NameTaken
from searchsvc.engines import InOpenSearch, is_elsewhere, write_address
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
    """What was restored from the backup ``source``: indexes by the names that they have now, and
    other files; ``renewed`` are those of them that were damaged, and are other files now.
    """

    source: Path
    manifest: Manifest
    indexes: dict[str, SavedIndex]
    files: tuple[str, ...]
    renewed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Move:
    """An index of the backup, and the name that it gets; ``destination`` if it was in
    OpenSearch.
    """

    name: str
    new: str
    destination: Destination | None = None

    def find_index(self) -> str:
        """The address of the index in OpenSearch that would be replaced, if there is one."""
        if self.destination is None or not self.destination.has(self.new):
            return ""
        return str(self.destination.find(self.new))


def restore_backup(
    source: Path,
    folder: DataFolder,
    *,
    names: Sequence[str] = (),
    force: bool = False,
    wait_s: float = 0.0,
    destination: Destination | None = None,
) -> Restored:
    """Restore the backup in ``source``, or the newest in it, to the data folder.

    ``names``: these indexes alone, without tasks and keys. ``force``: replace what is there.
    ``wait_s``: seconds to wait for a writer. ``destination``: where indexes that were in OpenSearch
    are restored. Raises NoBackup, BackupDamaged, RestoreRefused, RestoreFailed, NameTaken,
    IndexLocked, NoRepository, SnapshotUnusable, EngineUnavailable.
    """
    names = tuple(dict.fromkeys(names))
    backup = find_backup(source, names)
    manifest = read_manifest(backup)
    chosen = tuple(names) or tuple(sorted(manifest.indexes))
    for name in chosen:
        if name not in manifest.indexes:
            held = ", ".join(sorted(manifest.indexes)[:_MOST_NAMED])
            raise RestoreRefused(f"The backup {backup} has no index {name[:80]!r}, but {held}.")
    moves = _plan_moves(backup, manifest, chosen, destination, alone=bool(names))
    files = () if names else _list_files(backup, manifest)
    if not force:
        _refuse_replacing(folder, moves, files)
    for move in moves:
        if os.path.lexists(folder.path / move.new) and not folder.has(move.new):
            raise NameTaken(move.new)
    verify_backup(backup, manifest)
    try:
        make_folder(folder.path)
        indexes, renewed = _put_in_place(backup, folder, manifest, moves, files, wait_s)
    except (OSError, sqlite3.Error) as error:
        raise RestoreFailed(folder.path, _explain(error)) from error
    return Restored(backup, manifest, indexes, files, renewed)


def _plan_moves(
    backup: Path,
    manifest: Manifest,
    chosen: Sequence[str],
    destination: Destination | None,
    *,
    alone: bool,
) -> list[_Move]:
    """What becomes of the ``chosen`` indexes. They keep their names, except that one restored
    ``alone`` to an address gets that name, if the backup has none of it. Raises RestoreRefused,
    InOpenSearch for the backup of a folder.
    """
    elsewhere = [name for name in chosen if is_record(backup / name)]
    if not elsewhere:
        if destination is not None and not any(is_record(backup / one) for one in manifest.indexes):
            raise InOpenSearch(str(destination.address))
        return [_Move(name, name) for name in chosen]
    if destination is None:
        raise RestoreRefused(
            f"The articles of {elsewhere[0]} were in OpenSearch: name the address of the index to "
            "restore them to with --index."
        )
    wanted = destination.address.name
    if wanted in manifest.indexes:
        return [_Move(name, name, destination if name in elsewhere else None) for name in chosen]
    if alone and len(chosen) == 1:
        return [_Move(chosen[0], wanted, destination)]
    raise RestoreRefused(
        f"The backup has no index {wanted!r}. To restore one under this name, without tasks and "
        f"keys, add --only {elsewhere[0]}."
    )


def _put_in_place(
    backup: Path,
    folder: DataFolder,
    manifest: Manifest,
    moves: Sequence[_Move],
    files: Sequence[str],
    wait_s: float,
) -> tuple[dict[str, SavedIndex], tuple[str, ...]]:
    """Restore indexes and files; return the former by name, and which of the latter were renewed.
    Raises as :func:`restore_backup`, and OSError, sqlite3.Error.
    """
    new_names = [move.new for move in moves]
    done = {move.new: manifest.indexes[move.name] for move in moves}
    with _lock_indexes(folder, new_names, wait_s), ExitStack() as stages:
        _remove_stages(folder, new_names)
        # All is copied before anything is replaced.
        beside, staged = {}, {}
        for move in moves:
            saved, target = backup / move.name, folder.path / move.new
            if move.destination is None:
                staged[move.new] = stages.enter_context(_stage(saved, target))
            else:
                beside[move.new] = stages.enter_context(
                    move.destination.restore(move.new, saved, wait_s)
                )
                address = str(move.destination.find(move.new))
                staged[move.new] = stages.enter_context(_stage(saved, target, address))
        try:
            for name, restoration in beside.items():
                done[name] = replace(done[name], generation=restoration.show())
        except IndexerError as error:
            raise RestoreFailed(folder.path, str(error).rstrip(".")) from error
        for name, stage in staged.items():
            folder.put(name, stage)
        renewed = tuple(name for name in files if _restore_file(backup / name, folder.path / name))
    return done, renewed


def _explain(error: OSError | sqlite3.Error) -> str:
    if not isinstance(error, OSError):
        return str(error)
    told = error.strerror or str(error)
    return f"{error.filename}: {told}" if error.filename else told


def _list_files(backup: Path, manifest: Manifest) -> tuple[str, ...]:
    known = (FEATURES_FILE, KEYS_FILE, TASKS_FILE)
    return tuple(name for name in known if name in manifest.files)


def _refuse_replacing(folder: DataFolder, moves: Sequence[_Move], files: Sequence[str]) -> None:
    names = [*(move.new for move in moves), *files]
    there = [name for name in names if os.path.lexists(folder.path / name)]
    place = str(folder.path)
    if not there:
        # Its folder may be on another machine.
        found = (move.find_index() for move in moves)
        there = [address for address in found if address]
        place = "OpenSearch"
    if there:
        shown = ", ".join(there[:3]) + (" …" if len(there) > 3 else "")
        raise RestoreRefused(
            f"{place} has {shown} already. Nothing was changed; --force replaces what is in the "
            "backup."
        )


@contextmanager
def _lock_indexes(folder: DataFolder, names: Sequence[str], wait_s: float) -> Iterator[None]:
    """Let nobody else write to those of the indexes that exist. Raises IndexLocked."""
    with ExitStack() as stack:
        for name in names:
            # One in OpenSearch is locked there, by who restores it.
            if folder.has(name) and not is_elsewhere(folder.path / name):
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
def _stage(source: Path, target: Path, address: str = "") -> Iterator[Path]:
    """A copy of the index in ``source``, complete and on the disk, on the file system of
    ``target``, to which nobody else writes, also when it was put in place. Otherwise it is removed
    on exit. ``address``: of an index in OpenSearch, of which there is only what lies beside it.
    """
    real = target.resolve()
    stage = real.parent / f"{_STAGE}{uuid4().hex}"
    stage.mkdir(FOLDER_MODE)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, stage, ignore_errors=True)
        copy_folder(source, stage)
        if address:
            (stage / RECORD_FILE).unlink()
            write_address(stage, address)
        else:
            verify_copy(stage)
        if os.name != "nt" and not address:
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
