"""Bytes from files, compressed files and standard input, with what a progress bar needs.

Damage does not raise: a truncated archive ends early, and says so in ``problem``, so that what
could be read goes in.
"""

from __future__ import annotations

import io
import sys
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from indexer.errors import UnreadableInput

#: The name of standard input on the command line, and in rejections.
STDIN: Final = "-"
_CHUNK: Final = 256 * 1024
_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP_WBITS: Final = 31
#: Bytes inflated at a time where an archive is damaged.
_STEP: Final = 32


@dataclass(slots=True)
class Progress:
    """How far reading has come. ``total_bytes`` is 0 where it is unknown (standard input).

    ``inputs`` are the files to be read, in order, those found in folders among them.
    ``read_bytes`` counts bytes on disk, compressed where the file is; ``path`` is the input being
    read. Updated while the iterator of :func:`indexer.readers.read_paths` is consumed.
    """

    total_bytes: int = 0
    path: str = ""
    skipped_files: int = 0
    inputs: list[str] = field(default_factory=list)
    _done_bytes: int = 0
    _current: Counted | None = field(default=None, repr=False)

    @property
    def read_bytes(self) -> int:
        return self._done_bytes + (self._current.count if self._current is not None else 0)

    def begin(self, path: str, counted: Counted) -> None:
        """Note that ``counted`` is being read now."""
        self.finish()
        self.path = path
        self._current = counted

    def finish(self) -> None:
        """Note that the current input has been read."""
        if self._current is not None:
            self._done_bytes += self._current.count
            self._current = None


class Counted(io.RawIOBase):
    """Raw bytes of ``stream``, counted."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if isinstance(self._stream, io.BufferedReader):
            # Standard input: take what is there, so that whoever pipes lines need not wait.
            data = self._stream.read1(len(buffer))
        else:
            data = self._stream.read(len(buffer)) or b""
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            super().close()


class Peekable(io.RawIOBase):
    """``stream`` with a look at its first bytes."""

    def __init__(self, stream: io.RawIOBase) -> None:
        super().__init__()
        self._stream = stream
        self._ahead = b""

    def readable(self) -> bool:
        return True

    def peek(self, size: int) -> bytes:
        """Up to ``size`` of the next bytes, without consuming them: what one more read gives.

        Empty only at the end of the stream.
        """
        if len(self._ahead) < size:
            self._ahead += self._stream.read(size - len(self._ahead)) or b""
        return self._ahead[:size]

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        size = len(buffer)
        if not self._ahead:
            return self._stream.readinto(buffer) or 0
        data = self._ahead[:size]
        self._ahead = self._ahead[size:]
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            super().close()


class Gunzipped(io.RawIOBase):
    """The contents of a gzip stream, members one after another.

    Where the stream is cut off or damaged it ends, and ``problem`` says how.
    """

    def __init__(self, stream: io.RawIOBase) -> None:
        super().__init__()
        self._stream = stream
        self._inflate = zlib.decompressobj(_GZIP_WBITS)
        self._pending = b""
        self._inside = False
        self.problem = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self.problem:
            if not self._pending and not self._fill():
                return 0
            if not self._inside and not self._begin_member():
                continue
            self._inside = True
            before = self._inflate.copy()
            try:
                data = self._inflate.decompress(self._pending, len(buffer))
            except zlib.error as error:
                self.problem = f"the gzip file is damaged ({error})"
                data = _inflate_until_damage(before, self._pending, len(buffer))
                buffer[: len(data)] = data
                return len(data)
            if self._inflate.eof:
                self._pending = self._inflate.unused_data
                self._inflate = zlib.decompressobj(_GZIP_WBITS)
                self._inside = False
            else:
                self._pending = self._inflate.unconsumed_tail
            if data:
                buffer[: len(data)] = data
                return len(data)
        return 0

    def _fill(self) -> bool:
        """Read on; whether there was more. An end inside a member is a problem."""
        self._pending = self._stream.read(_CHUNK) or b""
        if not self._pending and self._inside:
            self.problem = "the gzip file ends early: it was cut off"
        return bool(self._pending)

    def _begin_member(self) -> bool:
        """Whether a member begins in what was read; zero bytes before it are padding."""
        self._pending = self._pending.lstrip(b"\0")
        if self._pending and not self._pending.startswith(_GZIP_MAGIC[:1]):
            self.problem = "what follows the compressed part is not gzip, and was not read"
        return bool(self._pending) and not self.problem

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            super().close()


def _inflate_until_damage(inflate: zlib._Decompress, data: bytes, size: int) -> bytes:
    """Up to ``size`` bytes of what ``data`` holds before its damage; asked for all at once, zlib
    gives none of it.
    """
    found = bytearray()
    try:
        for start in range(0, len(data), _STEP):
            if len(found) >= size:
                break
            found += inflate.decompress(data[start : start + _STEP], _CHUNK)
    except zlib.error:
        pass
    return bytes(found[:size])


@dataclass(slots=True)
class Input:
    """One open input. ``stream`` is buffered and decompressed; close it after use.

    ``problem`` says what cut the input short, once its end has been reached.
    """

    path: str
    stream: io.BufferedReader
    counted: Counted
    _first: Peekable
    _gunzipped: Gunzipped | None = None

    @property
    def problem(self) -> str:
        return self._gunzipped.problem if self._gunzipped is not None else ""

    def peek(self, size: int) -> bytes:
        """Up to ``size`` of the first bytes; only before anything was read from ``stream``."""
        return self._first.peek(size)

    def close(self) -> None:
        self.stream.close()


def open_input(path: str) -> Input:
    """The bytes at ``path``, or of standard input for ``-``; gzip is recognised by its magic.

    Raises UnreadableInput where there is no such file, or it may not be read.
    """
    try:
        raw = sys.stdin.buffer if path == STDIN else Path(path).open("rb", buffering=0)  # noqa: SIM115
    except OSError as error:
        raise UnreadableInput(path, explain(error)) from error
    counted = Counted(raw)
    first = Peekable(counted)
    gunzipped = None
    try:
        if first.peek(2) == _GZIP_MAGIC:
            gunzipped = Gunzipped(first)
            first = Peekable(gunzipped)
    except OSError as error:
        first.close()
        raise UnreadableInput(path, explain(error)) from error
    return Input(path, io.BufferedReader(first, _CHUNK), counted, first, gunzipped)


def explain(error: OSError) -> str:
    """What an operating system's error means to the person who named the file."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder. Check the path."
    if isinstance(error, PermissionError):
        return "you may not read it. Change its permissions, or run as a user who may."
    if isinstance(error, IsADirectoryError):
        return "it is a folder."
    return f"{error.strerror or error}."
