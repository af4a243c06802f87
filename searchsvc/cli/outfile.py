"""Which file may a command write to, and when? Files named by an option, such as ``--rejects``.

Such a file is opened without truncation, compared with everything the command reads, and truncated
only when there is something to write. A typing error then costs an error message, never the
articles.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final

import click

#: The name of standard output.
STDOUT: Final = "-"
STDIN: Final = "-"
#: Private to the owner and the group: rejected articles may be unpublished ones.
_MODE: Final = 0o640
_FLAGS: Final[int] = (
    os.O_WRONLY | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)


class OutFile:
    """A file that the option ``option`` names, open for writing lines of text.

    ``inputs`` are the files that the command reads, including ``-`` for standard input; ``index``
    is the folder of its index. Raises click.UsageError if the file is one of the inputs, under any
    name or link, is inside that folder, or cannot be written. The previous contents remain until
    the first line is written, or until the command succeeds without one.
    """

    def __init__(
        self,
        path: Path,
        *,
        option: str,
        inputs: Iterable[str | os.PathLike[str]] = (),
        index: Path | None = None,
    ) -> None:
        self._emptied = self._keep_open = False
        self._file: BinaryIO
        if str(path) == STDOUT:
            self._file = sys.stdout.buffer
            self._emptied = self._keep_open = True
            return
        if index is not None:
            _refuse_inside(path, index, option)
        try:
            handle = os.open(path, _FLAGS, _MODE)
        except OSError as error:
            raise click.UsageError(
                f"{option} {path} cannot be written: {error.strerror}."
            ) from error
        self._file = open(handle, "wb")  # noqa: SIM115
        try:
            opened = os.fstat(handle)
            if stat.S_ISREG(opened.st_mode):
                _refuse_inputs(path, opened, inputs, option)
                if index is not None:
                    _refuse_links_into(path, opened, index, option)
            else:
                # A pipe or a device has no contents to lose.
                self._emptied = True
        except BaseException:
            self._file.close()
            raise

    def write_lines(self, lines: Iterable[str]) -> None:
        """Write ``lines``; they are in the file when this returns."""
        self._empty()
        for line in lines:
            self._file.write(f"{line}\n".encode("utf-8", "backslashreplace"))
        self._file.flush()

    def _empty(self) -> None:
        if not self._emptied:
            self._file.truncate(0)
            self._emptied = True

    def __enter__(self) -> OutFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self._empty()
        if not self._keep_open:
            self._file.close()


def open_outfile(
    path: Path | None,
    *,
    option: str,
    inputs: Iterable[str | os.PathLike[str]] = (),
    index: Path | None = None,
) -> AbstractContextManager[OutFile | None]:
    """The :class:`OutFile` at ``path``, or ``None`` if the option was not given."""
    if path is None:
        return nullcontext()
    return OutFile(path, option=option, inputs=inputs, index=index)


def _refuse_inputs(
    path: Path, opened: os.stat_result, inputs: Iterable[str | os.PathLike[str]], option: str
) -> None:
    for name in inputs:
        with suppress(OSError, ValueError):
            is_stdin = name == STDIN
            found = os.fstat(sys.stdin.fileno()) if is_stdin else os.stat(name)
            if os.path.samestat(opened, found):
                which = "standard input" if is_stdin else f"the input {os.fspath(name)}"
                raise click.UsageError(
                    f"{option} {path} is {which}: writing would destroy what is to be read. "
                    "Name another file."
                )


def _refuse_inside(path: Path, index: Path, option: str) -> None:
    """Refuse a path inside the index folder, before a file is created there."""
    target, folder = Path(os.path.realpath(path)), Path(os.path.realpath(index))
    if folder in target.parents:
        raise click.UsageError(
            f"{option} {path} is in the folder of the index, {index}, which is the index's own. "
            "Name a file elsewhere."
        )


def _refuse_links_into(path: Path, opened: os.stat_result, index: Path, option: str) -> None:
    """Refuse another name (a hard link) for a file of the index."""
    if opened.st_nlink < 2 or not index.is_dir():
        return
    with os.scandir(index) as entries:
        for entry in entries:
            if entry.is_file() and os.path.samestat(opened, entry.stat()):
                raise click.UsageError(
                    f"{option} {path} is the file {entry.name} of the index under another name. "
                    "Name another file."
                )
