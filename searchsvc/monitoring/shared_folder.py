"""How do several processes count together? Each in files of its own, in one folder.

A process takes the lowest number that no living process has, and continues the files of that
number: totals never fall when a worker is replaced, however it ended, and there are never more
files than there were processes at once.
"""

from __future__ import annotations

import errno
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from searchsvc.lock_file import lock_at_once
from searchsvc.monitoring.counts import FOLDER_VARIABLE

logger = logging.getLogger(__name__)

#: Where a service manager wants what need not survive a restart.
_RUNTIME_VARIABLE = "RUNTIME_DIRECTORY"
_PREFIX = "searchsvc-metrics-"

#: Room in each file, reserved beforehand: the files are mapped, and a process that writes to a
#: mapped page for which the disk has no room dies.
_FILE_BYTES = 1 << 20
_KINDS = ("counter", "histogram")
_MOST_PROCESSES = 1_024


@contextmanager
def keep_shared_folder() -> Iterator[None]:
    """A folder in which processes started inside may count, removed on exit.

    Without a place for it they count each for itself, and the log says so.
    """
    try:
        made = tempfile.TemporaryDirectory(
            prefix=_PREFIX, dir=_choose_parent(), ignore_cleanup_errors=True
        )
    except OSError as error:
        logger.warning("Metrics are those of single workers: there is no folder (%s).", error)
        yield
        return
    with made as folder:
        os.environ[FOLDER_VARIABLE] = folder
        try:
            yield
        finally:
            os.environ.pop(FOLDER_VARIABLE, None)


def _choose_parent() -> str | None:
    """The service manager's folder; ``None`` for that of temporary files."""
    folder = os.environ.get(_RUNTIME_VARIABLE, "").partition(":")[0]
    return folder if folder and os.access(folder, os.W_OK) else None


def join() -> None:
    """Let this process count in the shared folder, if there is one, from now on: call it before
    anything is counted.
    """
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return
    try:
        number = _take_number(Path(folder))
        for kind in _KINDS:
            _reserve(Path(folder) / f"{kind}_{number}.db")
    except OSError as error:
        logger.warning("This process does not share its metrics: %s", error)
        os.environ.pop(FOLDER_VARIABLE, None)
        return
    from prometheus_client import values

    values.ValueClass = values.MultiProcessValue(lambda: number)  # type: ignore


def _take_number(folder: Path) -> int:
    """A number that no other living process has. Raises OSError."""
    for number in range(_MOST_PROCESSES):
        # Open, and so locked, until the process ends.
        file = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        if lock_at_once(file):
            return number
        os.close(file)
    raise OSError(f"{_MOST_PROCESSES:,} processes count already")


def _reserve(path: Path) -> None:
    """Give the file all the room that it may need. Raises OSError."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        missing = _FILE_BYTES - os.fstat(file).st_size
        # Written, not only reserved: some file systems cannot reserve. Of what has no room, a
        # first part is written without an error.
        if missing > 0 and os.pwrite(file, bytes(missing), _FILE_BYTES - missing) < missing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    finally:
        os.close(file)
