"""Which indexes are there, by name? The folder that holds them, one folder an index."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from indexer.durable_file import flush_to_disk
from indexer.errors import IndexerError, IndexNotWritten
from searchsvc.index import Index

#: As Meilisearch has them, but no longer than the name of a folder may be with a word before it.
MAX_NAME_CHARACTERS = 200
_NAME = re.compile(r"[A-Za-z0-9_-]+")
#: Folders on their way out; a name cannot begin so.
_REMOVED = ".removed-"
_MOVING = ".moving-"

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


def check_name(name: str) -> str:
    """``name``, where an index may have it. Raises InvalidIndexName."""
    if len(name) > MAX_NAME_CHARACTERS or not _NAME.fullmatch(name):
        raise InvalidIndexName(name)
    return name


class DataFolder:
    """The folder ``path`` and the indexes in it.

    Of what changes it, each may be run again after it was interrupted, and ends the same.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def path_of(self, name: str) -> Path:
        """The folder of the index, whether or not there is one. Raises InvalidIndexName."""
        return self.path / check_name(name)

    def has(self, name: str) -> bool:
        """Whether there is an index of this name. Raises InvalidIndexName."""
        return Index.is_in(self.path_of(name))

    def names(self) -> list[str]:
        """The names of the indexes there are, sorted."""
        try:
            names = os.listdir(self.path)
        except OSError:
            return []
        return sorted(
            name for name in names if _NAME.fullmatch(name) and Index.is_in(self.path / name)
        )

    def create(self, name: str, *, wait_s: float = 0.0) -> Path:
        """The folder of the index, which is made empty where there is none. Raises
        InvalidIndexName, and what :meth:`Index.open` raises.
        """
        path = self.path_of(name)
        Index.open(path, create=True, wait_s=wait_s).close()
        return path

    def remove(self, name: str) -> bool:
        """Take the index away with all that is in its folder; whether there was one. Raises
        InvalidIndexName, IndexNotWritten.
        """
        path = self.path_of(name)
        try:
            self.sweep()
            if not path.is_dir():
                return False
            gone = self.path / f"{_REMOVED}{name}"
            path.rename(gone)
            flush_to_disk(self.path)
            shutil.rmtree(gone)
        except OSError as error:
            raise _explain(error, path) from error
        return True

    def sweep(self) -> None:
        """Delete what an interrupted :meth:`remove` left. Raises OSError."""
        for gone in self.path.glob(f"{_REMOVED}*"):
            shutil.rmtree(gone)

    def rename(self, name: str, other: str) -> None:
        """Let the index ``name`` be called ``other``. Raises InvalidIndexName, UnknownIndex,
        IndexExists, IndexNotWritten.
        """
        path, target = self.path_of(name), self.path_of(other)
        if not path.is_dir():
            raise UnknownIndex(name)
        if target.exists():
            raise IndexExists(other)
        try:
            path.rename(target)
            flush_to_disk(self.path)
        except OSError as error:
            raise _explain(error, path) from error

    def exchange(self, name: str, other: str) -> None:
        """Let two indexes have each other's name, in one step where the system can do that. Raises
        InvalidIndexName, UnknownIndex, IndexNotWritten.

        The one change that does not end the same when it is run twice: its caller has to know.
        """
        first, second = self.path_of(name), self.path_of(other)
        for one, path in ((name, first), (other, second)):
            if not path.is_dir():
                raise UnknownIndex(one)
        try:
            if not _exchange_at_once(first, second):
                moving = self.path / f"{_MOVING}{name}"
                first.rename(moving)
                second.rename(first)
                moving.rename(second)
            flush_to_disk(self.path)
        except OSError as error:
            raise _explain(error, first) from error


def _exchange_at_once(first: Path, second: Path) -> bool:
    """Whether the system exchanged the two paths."""
    exchange: Callable[..., int] | None
    exchange = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    if exchange is None:
        return False
    paths = [os.fsencode(path.absolute()) for path in (first, second)]
    return not exchange(_CURRENT_FOLDER, paths[0], _CURRENT_FOLDER, paths[1], _EXCHANGE)


def _explain(error: OSError, path: Path) -> IndexNotWritten:
    return IndexNotWritten(str(error.filename or path), error.strerror or str(error))
