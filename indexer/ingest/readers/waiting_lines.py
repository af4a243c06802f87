"""Where do lines wait until a file has been read to its end? In memory, and beyond that on disk.

A full disk loses none: what could not be written is still in memory. ``SpooledTemporaryFile`` would
lose what it moves to the disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import BinaryIO, Final

#: Bytes that are held in memory before they are written to disk together.
_IN_MEMORY: Final = 8 << 20


class WaitingLines:
    """Lines in the order in which they were added; the file is deleted on exit. Use as a context
    manager. ``problem``: why the disk takes no more lines; empty as long as it does.
    """

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._size = 0
        self._files = ExitStack()
        self._file: BinaryIO | None = None
        self._written = 0
        self.problem = ""

    def __enter__(self) -> WaitingLines:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._files.close()

    def add(self, line: bytes) -> bool:
        """Keep ``line``, which ends with its only line break; return whether there is room for
        more.
        """
        self._held.append(line)
        self._size += len(line)
        if self._size > _IN_MEMORY and not self.problem:
            try:
                self._write(b"".join(self._held))
            except OSError as error:
                self.problem = f"temporary files cannot be written: {error.strerror or error}"
            else:
                self._held.clear()
                self._size = 0
        return not self.problem

    def _write(self, data: bytes) -> None:
        """Append ``data`` to the file, or nothing. Raises OSError."""
        if self._file is None:
            # Without a buffer, so that what was written is known.
            self._file = self._files.enter_context(TemporaryFile(buffering=0))  # noqa: SIM115
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) or 0 :]
        self._written += len(data)

    def __iter__(self) -> Iterator[bytes]:
        if self._file is not None and self._written:
            self._file.truncate(self._written)
            self._file.seek(0)
            with open(self._file.fileno(), "rb", closefd=False) as lines:
                yield from lines
        yield from self._held
