"""How is a whole data folder held in one state? Indexes and tasks as they were at one moment.

What the tasks say must fit what is in the indexes. While the queue cannot be changed, the process
that executes tasks can be at any point between two changes, as if it had been killed there; its
successor knows how to go on from every such point.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from indexer.durable_file import FOLDER_MODE, create_file, flush_to_disk
from indexer.engine.embedded.copying import copy_file, hold_generation, list_own_files
from indexer.errors import IndexNotFound
from searchsvc.access.keys import FILE as KEYS_FILE
from searchsvc.backup.elsewhere import RECORD_FILE, hold_elsewhere
from searchsvc.data_folder import DataFolder
from searchsvc.database import DatabaseUnusable
from searchsvc.engines import read_address_of
from searchsvc.tasks.queue import FILE as TASKS_FILE

DATABASES: Final = (TASKS_FILE, KEYS_FILE)
#: How long a change of the queue in progress, or a swap of indexes, may take.
_PATIENCE_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.05


class HeldIndex(Protocol):
    """A generation of the index that ``folder`` is or stands for, for a copy to ``into``."""

    folder: Path
    into: Path

    @property
    def number(self) -> int: ...

    @property
    def identity(self) -> str: ...

    @property
    def articles(self) -> int: ...

    @property
    def bytes_to_copy(self) -> int:
        """At most, to ``into``."""
        ...

    @property
    def bytes(self) -> int:
        """Of the copy, once it is complete."""
        ...

    @property
    def own_bytes(self) -> int:
        """Of those that nothing shares with the index or an earlier copy."""
        ...

    def fill(self, earlier: Sequence[Path] = ()) -> None:
        """Complete the copy, durably, sharing what is the same in the folders ``earlier``."""
        ...

    def close(self) -> None:
        """Hold it no longer."""
        ...


@dataclass(slots=True)
class Held:
    """A state of the data folder, for a copy to ``into``: the indexes by name, and SQLite files
    open at it.
    """

    into: Path
    indexes: dict[str, HeldIndex] = field(default_factory=dict)
    databases: dict[str, sqlite3.Connection] = field(default_factory=dict)

    def copy_databases(self) -> None:
        """Copy the SQLite files as they were. Raises DatabaseUnusable, OSError."""
        for name, source in self.databases.items():
            copy_database(source, self.into / name)


@contextmanager
def hold(
    folder: DataFolder,
    into: Path,
    *,
    names: Sequence[str] = (),
    link: bool = True,
    repository: str = "",
) -> Iterator[Held]:
    """The current state of ``folder``, held for a copy to ``into``; ``names``: of these indexes
    alone, without tasks and keys. ``link``: hold by hard links as far as possible. ``repository``:
    for snapshots of indexes in OpenSearch.

    Raises IndexNotFound, NoRepository, what opening an index raises, DatabaseUnusable, OSError.
    """
    with ExitStack() as stack:
        held = Held(into)
        until = time.monotonic() + _PATIENCE_SECONDS
        with _stop_tasks(folder.path, held, stack, skip=bool(names)):
            while not _hold_indexes(folder, held, names, link=link, repository=repository):
                if time.monotonic() > until:
                    raise IndexNotFound(str(folder.path))
                time.sleep(_LOOK_SECONDS)
            for one in held.indexes.values():
                stack.callback(one.close)
        yield held


def _hold_indexes(
    folder: DataFolder, held: Held, names: Sequence[str], *, link: bool, repository: str
) -> bool:
    """Hold the indexes; return whether none was created, renamed or swapped meanwhile."""
    before = _list_folders(folder, names)
    with ExitStack() as failing:
        for name in before:
            target = held.into / name
            target.mkdir(FOLDER_MODE)
            one = _hold_index(folder.path / name, target, link=link, repository=repository)
            failing.callback(one.close)
            held.indexes[name] = one
            for file in list_own_files(folder.path / name):
                # One that is replaced at this moment is there again at the next.
                with suppress(FileNotFoundError):
                    if file.suffix != ".sqlite" and file.name != RECORD_FILE:
                        copy_file(file, target / file.name)
        if not folder.is_exchanging() and _list_folders(folder, names) == before:
            failing.pop_all()
            return True
    for name in held.indexes:
        for file in (held.into / name).iterdir():
            file.unlink()
        (held.into / name).rmdir()
    held.indexes.clear()
    return False


def _hold_index(folder: Path, into: Path, *, link: bool, repository: str) -> HeldIndex:
    address = read_address_of(folder)
    if address is None:
        return hold_generation(folder, into, link=link)
    return hold_elsewhere(folder, address, into, repository)


def _list_folders(folder: DataFolder, names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Which folder each index has. Raises IndexNotFound if there is no index of a name."""
    found = {}
    for name in names or folder.names():
        if not folder.has(name):
            raise IndexNotFound(str(folder.path / name))
        status = (folder.path / name).stat()
        found[name] = (status.st_dev, status.st_ino)
    return found


@contextmanager
def _stop_tasks(path: Path, held: Held, stack: ExitStack, *, skip: bool) -> Iterator[None]:
    """Let nothing change the SQLite files inside, and open all of them in their state at the end of
    it.
    """
    with ExitStack() as locks:
        for name in () if skip else DATABASES:
            file = path / name
            if file.exists():
                with _explaining(file):
                    lock = locks.enter_context(closing(_connect(file)))
                    lock.execute("BEGIN IMMEDIATE")
        yield
        for name in () if skip else DATABASES:
            file = path / name
            if file.exists():
                with _explaining(file):
                    db = stack.enter_context(closing(_connect(file)))
                    db.execute("BEGIN")
                    # The first reading of a transaction decides what it sees.
                    db.execute("SELECT count(*) FROM sqlite_master").fetchone()
                    held.databases[name] = db


def copy_database(source: sqlite3.Connection, target: Path) -> None:
    """Copy what ``source`` sees into the new file ``target``, complete in itself. Raises
    DatabaseUnusable, OSError.
    """
    create_file(target).close()
    with _explaining(target), closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    flush_to_disk(target)


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=_PATIENCE_SECONDS, isolation_level=None)


@contextmanager
def _explaining(file: Path) -> Iterator[None]:
    """Raise DatabaseUnusable for errors of SQLite."""
    try:
        yield
    except sqlite3.Error as error:
        raise DatabaseUnusable(str(file), str(error)) from error
