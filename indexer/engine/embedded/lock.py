"""One writer at a time, and who it is."""

from __future__ import annotations

import os
import socket
from datetime import datetime
from pathlib import Path

import orjson
from whoosh.filedb.filestore import FileStorage

from indexer.engine.embedded.catalog import INDEX_NAME
from indexer.errors import IndexLocked, IndexNotWritten

_HOLDER_FILE = "writer.json"


class WriterLock:
    """Whoosh's write lock, which the system releases when its process dies, and who holds it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileStorage(str(folder)).lock(f"{INDEX_NAME}_WRITELOCK")

    def acquire(self) -> None:
        """Take the lock. Raises IndexLocked, naming the holder, where it is taken, and
        IndexNotWritten where the system refuses.
        """
        try:
            taken = self._lock.acquire()
        except OSError as error:
            raise IndexNotWritten(str(self._folder), error.strerror or str(error)) from error
        if not taken:
            raise IndexLocked(str(self._folder), self._describe_holder())
        note = {
            "process": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        }
        try:
            (self._folder / _HOLDER_FILE).write_bytes(orjson.dumps(note))
        except OSError as error:
            self._lock.release()
            raise IndexNotWritten(str(self._folder), error.strerror or str(error)) from error

    def release(self) -> None:
        (self._folder / _HOLDER_FILE).unlink(missing_ok=True)
        self._lock.release()

    def _describe_holder(self) -> str:
        try:
            note = orjson.loads((self._folder / _HOLDER_FILE).read_bytes())
            return f"process {note['process']} on {note['host']} since {note['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"
