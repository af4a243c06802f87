"""Which indexes are there, by name? A folder with one folder per index."""

from __future__ import annotations

import ctypes
import logging
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import orjson

from indexer.durable_file import flush_to_disk, replace_file
from indexer.errors import IndexerError, IndexNotWritten
from searchsvc.foreign_files import list_other_files
from searchsvc.index import Index

logger = logging.getLogger(__name__)

#: As in Meilisearch, but no longer than a folder's name may be with a prefix.
MAX_NAME_CHARACTERS = 200
_NAME = re.compile(r"[A-Za-z0-9_-]+")
#: Folders being removed; the name of an index cannot begin like this, nor will other folders.
_REMOVED = ".searchsvc-removed-"
#: The first folder of an exchange in progress, and the record of its two names.
_MOVING = ".searchsvc-moving"
_EXCHANGE_FILE = ".searchsvc-exchange.json"
#: What a creation that was interrupted may leave: locks, their holder, the file of the format.
_BEGUN_FILE = re.compile(r"MAIN_(WRITE|WAIT)LOCK|writer\.json|searchsvc-index\.json\.new")

#: Linux: ``renameat2(…, RENAME_EXCHANGE)``.
_EXCHANGE = 2
_CURRENT_FOLDER = -100


class InvalidIndexName(IndexerError):
    """An index cannot have this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        shown = name if len(name) <= 80 else name[:79] + "…"
        super().__init__(
            f"An index cannot have the name {shown!r}. Use letters a-z and A-Z, digits, - and _, "
            f"at most {MAX_NAME_CHARACTERS}."
        )


class UnknownIndex(IndexerError):
    """There is no index of this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is no index {name!r}.")


class IndexExists(IndexerError):
    """There is an index of this name already."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is an index {name!r} already.")


class NameTaken(IndexExists):
    """Something that is not an index has this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        IndexerError.__init__(
            self,
            f"The name {name!r} is taken by a file or folder that is not an index. "
            "Choose another name.",
        )


def check_name(name: str) -> str:
    """``name``, if it is valid for an index. Raises InvalidIndexName."""
    if len(name) > MAX_NAME_CHARACTERS or not _NAME.fullmatch(name):
        raise InvalidIndexName(name)
    return name


class DataFolder:
    """The folder ``path`` and the indexes in it.

    Every operation that changes it can be repeated after an interruption, with the same result.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def path_of(self, name: str) -> Path:
        """The folder of the index, whether or not it exists. Raises InvalidIndexName."""
        return self.path / check_name(name)

    def has(self, name: str) -> bool:
        """Whether there is an index of this name. Raises InvalidIndexName."""
        return Index.is_in(self.path_of(name))

    def names(self) -> list[str]:
        """The names of the existing indexes, sorted."""
        try:
            names = os.listdir(self.path)
        except OSError:
            return []
        return sorted(
            name for name in names if _NAME.fullmatch(name) and Index.is_in(self.path / name)
        )

    def create(self, name: str, *, wait_s: float = 0.0) -> Path:
        """The folder of the index, created empty if it does not exist. Raises InvalidIndexName,
        NameTaken, and what :meth:`Index.open` raises.
        """
        path = self.path_of(name)
        if not Index.is_in(path) and _is_foreign(path):
            raise NameTaken(name)
        Index.open(path, create=True, wait_s=wait_s).close()
        return path

    def remove(self, name: str) -> bool:
        """Remove the index with everything in its folder; return whether it existed. Of a folder
        that is a symbolic link only the link is removed. Raises InvalidIndexName, IndexNotWritten.
        """
        path = self.path_of(name)
        there = self.has(name)
        if there:
            try:
                path.rename(self.path / f"{_REMOVED}{name}-{uuid4().hex}")
                flush_to_disk(self.path)
            except OSError as error:
                raise _explain(error, path) from error
        self.sweep()
        return there

    def sweep(self) -> None:
        """Delete the files of removed indexes, as far as the system permits; the rest is logged and
        deleted by a later call.
        """
        for gone in self.path.glob(f"{_REMOVED}*"):
            try:
                if gone.is_symlink():
                    logger.warning("Only a link was removed: the index is in %s", gone.readlink())
                    gone.unlink()
                else:
                    shutil.rmtree(gone)
            except OSError as error:
                logger.warning("A removed index is not deleted yet: %s", error)

    def rename(self, name: str, other: str) -> None:
        """Rename the index ``name`` to ``other``. Raises InvalidIndexName, UnknownIndex,
        IndexExists, IndexNotWritten.
        """
        path, target = self.path_of(name), self.path_of(other)
        if not self.has(name):
            raise UnknownIndex(name)
        if os.path.lexists(target):
            raise IndexExists(other) if self.has(other) else NameTaken(other)
        try:
            path.rename(target)
            flush_to_disk(self.path)
        except OSError as error:
            raise _explain(error, path) from error

    def exchange(self, name: str, other: str) -> None:
        """Exchange the names of two indexes, atomically if the system supports it; otherwise
        :meth:`recover` finishes what was interrupted. Raises InvalidIndexName, UnknownIndex,
        IndexNotWritten.

        The only change that is not idempotent: the caller must know whether it has happened.
        """
        first, second = self.path_of(name), self.path_of(other)
        for one in (name, other):
            if not self.has(one):
                raise UnknownIndex(one)
        try:
            if not _exchange_at_once(first, second):
                replace_file(self.path / _EXCHANGE_FILE, orjson.dumps([name, other]))
                first.rename(self.path / _MOVING)
                self._finish_exchange()
            flush_to_disk(self.path)
        except OSError as error:
            raise _explain(error, first) from error

    def is_exchanging(self) -> bool:
        """Whether an :meth:`exchange` is under way or was interrupted."""
        return (self.path / _EXCHANGE_FILE).exists()

    def put(self, name: str, new: Path) -> None:
        """Let the index in the folder ``new``, of the same file system, be the index ``name``, at
        once, and remove the one of that name; if its folder is a symbolic link, what that leads to
        is replaced. Raises InvalidIndexName, NameTaken, IndexNotWritten.
        """
        path = self.path_of(name)
        if os.path.lexists(path) and not self.has(name):
            raise NameTaken(name)
        real = path.resolve()
        gone = real.parent / f"{_REMOVED}{name}-{uuid4().hex}"
        try:
            if not real.exists():
                new.rename(real)
            elif _exchange_at_once(new, real):
                new.rename(gone)
            else:
                real.rename(gone)
                new.rename(real)
            flush_to_disk(real.parent)
            if gone.exists():
                shutil.rmtree(gone, ignore_errors=True)
        except OSError as error:
            raise _explain(error, real) from error

    def recover(self) -> None:
        """Finish an :meth:`exchange` that was interrupted. Raises IndexNotWritten."""
        try:
            if (self.path / _EXCHANGE_FILE).exists():
                self._finish_exchange()
        except OSError as error:
            raise _explain(error, self.path) from error

    def _finish_exchange(self) -> None:
        """Do the remaining steps of the exchange that is on record, if any was done."""
        record, moving = self.path / _EXCHANGE_FILE, self.path / _MOVING
        first, second = map(self.path_of, orjson.loads(record.read_bytes()))
        if os.path.lexists(moving):
            if not os.path.lexists(first):
                second.rename(first)
            moving.rename(second)
            flush_to_disk(self.path)
        record.unlink()


def _is_foreign(path: Path) -> bool:
    """Whether there is anything at ``path`` that was not left by the creation of an index.

    An index created there would be deleted with everything in its folder.
    """
    try:
        return not all(map(_BEGUN_FILE.fullmatch, list_other_files(path)))
    except NotADirectoryError:
        return True
    except OSError:
        # It does not exist, or opening it reports the problem.
        return False


def _exchange_at_once(first: Path, second: Path) -> bool:
    """Exchange the two paths atomically; return whether the system did."""
    exchange: Callable[..., int] | None
    exchange = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    if exchange is None:
        return False
    paths = [os.fsencode(path.absolute()) for path in (first, second)]
    return not exchange(_CURRENT_FOLDER, paths[0], _CURRENT_FOLDER, paths[1], _EXCHANGE)


def _explain(error: OSError, path: Path) -> IndexNotWritten:
    return IndexNotWritten(str(error.filename or path), error.strerror or str(error))
