"""How is there only one writer at a time, and who is it?"""

from __future__ import annotations

import errno
import os
import socket
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import orjson

from indexer.durable_file import open_lock_file, write_file
from indexer.engine.embedded.whoosh.table import INDEX_NAME
from indexer.errors import IndexLocked, IndexNotWritten, IndexTakenOver

LOCK_FILE = f"{INDEX_NAME}_WRITELOCK"
WAIT_FILE = f"{INDEX_NAME}_WAITLOCK"
HOLDER_FILE = "writer.json"
#: Seconds between two attempts to take a lock.
_LOOK_EVERY_S = 0.1
_TAKEN = frozenset((errno.EAGAIN, errno.EACCES))


class Turnstile:
    """Lets one process at a time wait for the lock, so that a process that takes the lock
    repeatedly cannot starve one that polls for it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / WAIT_FILE
        self._file: int | None = None

    def enter(self) -> bool:
        """Whether this process is the one that may wait."""
        if self._file is not None or os.name == "nt":
            return True
        file = open_lock_file(self._path)
        if _lock_at_once(file):
            self._file = file
        return self._file is not None

    def __enter__(self) -> Turnstile:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class WriterLock:
    """The write lock, released by the system when its process dies, and its holder.

    It is Whoosh's, on the file that Whoosh locks. If the system allows it the folder is locked as
    well, so deleting the file does not let a second writer in.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[int] = []
        self._on_windows = None
        if os.name == "nt":
            from whoosh.util.filelock import FileLock

            self._on_windows = FileLock(str(folder / LOCK_FILE))

    def acquire(self, *, wait_s: float = 0.0) -> None:
        """Take the lock, waiting up to ``wait_s`` seconds for it.

        Raises IndexLocked, naming the holder, if it is taken, and IndexNotWritten if the system
        refuses.
        """
        until = time.monotonic() + wait_s
        try:
            with Turnstile(self._folder) as turnstile:
                # A waiting process precedes newcomers.
                while not (turnstile.enter() and self._try()):
                    if time.monotonic() >= until:
                        raise IndexLocked(str(self._folder), self._describe_holder())
                    time.sleep(_LOOK_EVERY_S)
            self._sign()
        except OSError as error:
            self.release()
            raise IndexNotWritten(str(self._folder), error.strerror or str(error)) from error

    def _try(self) -> bool:
        """Try to take the lock once; return whether it succeeded."""
        if self._on_windows is not None:
            return bool(self._on_windows.acquire())
        taken = self._try_one(open_lock_file(self._folder / LOCK_FILE))
        if not taken:
            return False
        try:
            taken = self._try_one(os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC))
        except OSError:
            # A network file system that cannot lock folders; the file must suffice.
            return True
        if not taken:
            self._close_held()
        return taken

    def _try_one(self, number: int) -> bool:
        """Lock one open file; close it if that fails."""
        taken = _lock_at_once(number)
        if taken:
            self._held.append(number)
        return taken

    def _sign(self) -> None:
        """Record the holder of the lock."""
        note = {
            "process": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        }
        write_file(self._folder / HOLDER_FILE, orjson.dumps(note))

    def check(self) -> None:
        """Raise IndexTakenOver if another writer may have the lock: folder or file replaced."""
        if self._on_windows is not None:
            return  # an open file cannot be removed there
        held = [os.fstat(number) for number in self._held]
        try:
            # The folder's lock, if there is one, holds whatever happened to the file.
            path = self._folder if len(held) > 1 else self._folder / LOCK_FILE
            there = os.stat(path)
        except OSError as error:
            raise IndexTakenOver(str(self._folder), "its lock is gone") from error
        if not held or not os.path.samestat(held[-1], there):
            raise IndexTakenOver(str(self._folder), "its lock was replaced")

    def release(self) -> None:
        """Let another writer in. Refusals by the system are harmless here."""
        with suppress(OSError, IndexTakenOver):
            self.check()
            (self._folder / HOLDER_FILE).unlink(missing_ok=True)
        if self._on_windows is not None and self._on_windows.locked:
            self._on_windows.release()
        self._close_held()

    def _close_held(self) -> None:
        while self._held:
            # Closing releases the lock.
            with suppress(OSError):
                os.close(self._held.pop())

    def _describe_holder(self) -> str:
        try:
            note = orjson.loads((self._folder / HOLDER_FILE).read_bytes())
            return f"process {note['process']} on {note['host']} since {note['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"


def _lock_at_once(number: int) -> bool:
    """Lock one open file, or close it if that fails. Raises OSError if the system cannot lock it at
    all.
    """
    import fcntl

    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(number)
        if error.errno in _TAKEN:
            return False
        raise
    return True
