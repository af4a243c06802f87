"""How do files of an index reach the disk: complete, private, and never through a foreign link?"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

#: Modes of an index's files and folders, whatever the umask: articles may be confidential.
FILE_MODE = 0o640
FOLDER_MODE = 0o750

_NEW_FILE = (
    os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_LOCK_FILE = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
#: Errors of file systems that cannot flush a folder: they protect its entries by other means.
_NO_FOLDER_FLUSH = frozenset((errno.EINVAL, errno.ENOTSUP, errno.EBADF))
#: macOS: ``fsync`` only passes the bytes to the drive; this makes the drive write them.
_FULL_FLUSH = 51


def create_file(path: Path, *, readable: bool = False) -> BinaryIO:
    """A new file at ``path``, open for writing. Raises FileExistsError if anything exists there,
    even a symbolic link.

    If root creates it, it belongs to the owner of its folder: a command run as root must leave
    nothing that the service's user cannot open.
    """
    how = os.O_RDWR if readable else os.O_WRONLY
    number = os.open(path, _NEW_FILE | how, FILE_MODE)
    try:
        _give_to_owner(number, path.parent)
        return os.fdopen(number, "w+b" if readable else "wb")
    except BaseException:
        os.close(number)
        raise


def open_lock_file(path: Path) -> int:
    """The number of the file at ``path``, open for reading and writing, created if it is missing.
    Raises OSError, also for a symbolic link.
    """
    while True:
        with suppress(FileExistsError):
            create_file(path).close()
        with suppress(FileNotFoundError):
            return os.open(path, _LOCK_FILE)


def write_file(path: Path, content: bytes) -> None:
    """Write ``content`` to a new file at ``path``, removing an existing file or link first.

    It may not have reached the disk yet: call :func:`flush_to_disk`.
    """
    path.unlink(missing_ok=True)
    with create_file(path) as file:
        file.write(content)


def replace_file(path: Path, content: bytes) -> None:
    """Replace the file at ``path`` atomically and durably: it holds the old content or the new."""
    temporary = path.with_name(f"{path.name}.new")
    try:
        write_file(temporary, content)
        flush_to_disk(temporary)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    flush_to_disk(path.parent)


def make_folder(path: Path) -> None:
    """Create the folder and its missing parents; leave existing ones as they are."""
    if path.is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        path.mkdir(FOLDER_MODE)
        if _is_root():
            number = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                _give_to_owner(number, path.parent)
            finally:
                os.close(number)
    flush_to_disk(path.parent)


def _is_root() -> bool:
    return os.name != "nt" and os.geteuid() == 0


def _give_to_owner(number: int, folder: Path) -> None:
    """Give an open file that was just created to the owner of its folder. File systems that have no
    owners refuse, harmlessly.
    """
    if _is_root():
        owner = os.stat(folder)
        if owner.st_uid:
            with suppress(OSError):
                os.fchown(number, owner.st_uid, owner.st_gid)


def flush_to_disk(path: Path) -> None:
    """Flush a file's bytes, or a folder's entries, to the disk."""
    is_folder = path.is_dir()
    if os.name == "nt" and is_folder:
        return  # Windows cannot open a folder; NTFS keeps its entries in a journal.
    number = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        _flush(number)
    except OSError as error:
        if not is_folder or error.errno not in _NO_FOLDER_FLUSH:
            raise
    finally:
        os.close(number)


def _flush(number: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(number, _FULL_FLUSH)
            return
    os.fsync(number)
