"""How does only one process execute the tasks of a data folder? By a lock released when it dies."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from indexer.durable_file import make_folder, open_lock_file
from searchsvc.lock_file import lock_at_once

_FILE = "tasks.lock"
_LOOK_SECONDS = 0.2


class OnlyOne:
    """A lock held by one process on the data folder ``folder``. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._file: int | None = None

    def wait(self, stopping: Callable[[], bool]) -> bool:
        """Wait until no other process holds it; return whether it is held now. Raises OSError."""
        make_folder(self._path.parent)
        while not stopping():
            if self._try():
                return True
            time.sleep(_LOOK_SECONDS)
        return False

    def _try(self) -> bool:
        file = open_lock_file(self._path)
        if lock_at_once(file):
            self._file = file
            return True
        os.close(file)
        return False

    def __enter__(self) -> OnlyOne:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._file is not None:
            # Closing releases the lock.
            os.close(self._file)
            self._file = None
