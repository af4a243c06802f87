"""The embedded engine: an index in a folder, no server."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.durable_file import make_folder
from indexer.engine.embedded.container import FORMAT
from indexer.engine.embedded.segment import open_segment
from indexer.engine.embedded.snapshot import EmbeddedSnapshot, identify
from indexer.engine.embedded.whoosh.catalog import Catalog, Generation
from indexer.engine.embedded.whoosh.lock import WriterLock
from indexer.errors import IndexCorrupt, IndexNotFound, IndexNotWritten, IndexUnreadable
from indexer.freed_memory import give_back_memory
from indexer.own_fields.declaration import OwnFields
from indexer.own_fields.file import FieldsFile

if TYPE_CHECKING:
    from indexer.engine.embedded.writer import EmbeddedWriter

#: Inode, size and modification times of each file checked.
_Look = tuple[tuple[int, int, int, int], ...]
#: A folder changed this recently may change again without its time stamp showing it.
_TIME_STAMP_DOUBT_S = 1.0
_ATTEMPTS = 20


class EmbeddedEngine:
    """See :class:`indexer.engine.base.Engine`. Thread-safe; processes share files."""

    def __init__(self, folder: Path, *, flush_tokens: int | None = None) -> None:
        self._folder = folder
        self._flush_tokens = flush_tokens
        self._catalog = Catalog(folder)
        self._catalog.read_identity()
        self._fields = FieldsFile(folder)
        self._opening = threading.Lock()
        self._snapshot: EmbeddedSnapshot | None = None
        self._table: tuple[Path, ...] = ()
        self._seen: _Look | None = None

    @property
    def fields(self) -> OwnFields:
        return self._fields.current()

    def writer(self, *, wait_s: float = 0.0) -> EmbeddedWriter:
        # A search loads nothing that only writers and checks need.
        from indexer.engine.embedded.writer import EmbeddedWriter

        try:
            return EmbeddedWriter(self._folder, flush_tokens=self._flush_tokens, wait_s=wait_s)
        except OSError as error:
            reason = error.strerror or str(error)
            raise IndexNotWritten(str(error.filename or self._folder), reason) from error

    def snapshot(self) -> EmbeddedSnapshot:
        snapshot = self._snapshot
        if snapshot is not None and not self._may_have_changed():
            return snapshot
        with self._opening:
            return self._open_newest()

    def _may_have_changed(self) -> bool:
        """Whether the folder or the table may have changed since the newest generation was opened;
        costs two stat calls.
        """
        try:
            return self._seen is None or self._look() != self._seen
        except OSError:
            return True

    def _look(self) -> _Look:
        """The file status of the folder and of the table read last.

        A table overwritten in place, as when a backup is restored, shows only in its own time
        stamps.
        """
        return tuple(
            (there.st_ino, there.st_size, there.st_mtime_ns, there.st_ctime_ns)
            for there in map(os.stat, (self._folder, *self._table))
        )

    def _open_newest(self) -> EmbeddedSnapshot:
        try:
            self._table = ()
            (folder,) = self._look()
            previous, self._snapshot = self._snapshot, self._open()
            snapshot = self._snapshot
        except FileNotFoundError as error:
            raise IndexNotFound(str(self._folder)) from error
        except OSError as error:
            raise explain_refusal(error, self._folder) from error
        replaced = previous is not None and snapshot is not previous
        del previous
        if replaced:
            # What earlier generations held has left holes that nothing of the new one fits.
            give_back_memory()
        self._table = (self._catalog.table_path(snapshot.generation),)
        self._seen = None
        try:
            seen = self._look()
        except OSError:
            # A commit has already removed the table: the next request checks again.
            return snapshot
        newest_ns = max(one[-1] for one in seen)
        settled = time.time_ns() - newest_ns > _TIME_STAMP_DOUBT_S * 1e9
        self._seen = seen if settled and seen[0] == folder else None
        return snapshot

    def _open(self) -> EmbeddedSnapshot:
        """Open the newest generation, or return the current snapshot if it is the newest."""
        current = self._snapshot
        for _ in range(_ATTEMPTS):
            generation = self._catalog.read()
            # An index that was deleted and created again may have the same number, but never the
            # same files.
            if current is not None and current.is_of(generation):
                return current
            try:
                return EmbeddedSnapshot(
                    self._folder, generation, current.opened if current else None
                )
            except FileNotFoundError as error:
                # A commit merged the segment away in the meantime; there is a newer table.
                if self._catalog.latest_number() == generation.number:
                    raise IndexCorrupt(str(error.filename), "it is missing") from error
            except IndexCorrupt:
                # Another index may have been put in its place in the meantime.
                if identify(self._catalog.read()) == identify(generation):
                    raise
        raise IndexCorrupt(str(self._folder), "its table of contents changed at every look")

    def check(self) -> list[str]:
        for _ in range(_ATTEMPTS):
            try:
                generation = self._catalog.read()
                problems = self._catalog.find_damage(generation) + self._check_all(generation)
                if not problems or identify(self._catalog.read()) == identify(generation):
                    return problems
                # A commit removed files in the meantime.
            except IndexCorrupt as error:
                return [str(error)]
            except OSError as error:
                raise explain_refusal(error, self._folder) from error
        return [str(IndexCorrupt(str(self._folder), "its table of contents changed at every look"))]

    def _check_all(self, generation: Generation) -> list[str]:
        from indexer.engine.embedded.check import find_problems, list_live_ids

        problems: list[str] = []
        seen: dict[bytes, str] = {}
        for segment in generation.segments:
            path = self._folder / segment.file_name
            try:
                data = open_segment(self._folder, segment, generation.index)
                found = data.container.problems() or find_problems(data)
            except FileNotFoundError:
                found = [str(IndexCorrupt(str(path), "it is missing"))]
            except IndexCorrupt as error:
                found = [str(error)]
            if not found:
                found = [
                    str(IndexCorrupt(str(path), f"{seen[one]} has the article {one!r} as well"))
                    for one in list_live_ids(data, segment)
                    if seen.setdefault(one, path.name) != path.name
                ]
            problems += found
        return problems

    def describe(self) -> dict[str, Any]:
        return {"path": str(self._folder), "format": FORMAT, **self.snapshot().describe()}

    def close(self) -> None:
        """Release the files; the engine reopens them when needed."""
        self._snapshot = None
        self._seen = None


def open_engine(
    path: Path, *, create: bool = False, flush_tokens: int | None = None, wait_s: float = 0.0
) -> EmbeddedEngine:
    """The engine on the index at ``path``; with ``create``, an empty index is created if there is
    none, after waiting up to ``wait_s`` seconds for the lock.

    Raises IndexNotFound, IndexOutdated (rebuild needed), IndexCorrupt, IndexUnreadable, or
    IndexNotWritten.
    """
    folder = Path(path)
    if create:
        try:
            create_index(folder, wait_s=wait_s)
        except OSError as error:
            reason = error.strerror or str(error)
            raise IndexNotWritten(str(folder), reason, new=True) from error
        except IndexNotWritten as error:
            raise IndexNotWritten(error.path, error.reason, new=True) from error
    try:
        return EmbeddedEngine(folder, flush_tokens=flush_tokens)
    except OSError as error:
        raise explain_refusal(error, folder) from error


def explain_refusal(error: OSError, folder: Path) -> IndexUnreadable:
    """The error to raise if the system refuses to read a file of the index."""
    return IndexUnreadable(str(error.filename or folder), error.strerror or str(error))


def create_index(folder: Path, *, wait_s: float = 0.0) -> None:
    """Create an empty index in ``folder`` if there is none. Raises OSError, IndexLocked."""
    if Catalog(folder).latest_number() is not None:
        return
    make_folder(folder)
    lock = WriterLock(folder)
    lock.acquire(wait_s=wait_s)
    try:
        Catalog(folder).create()
    finally:
        lock.release()
