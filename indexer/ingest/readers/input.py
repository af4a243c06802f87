"""How are bytes read from files, compressed files and standard input? With progress for a progress
bar.

Damage does not raise: a truncated archive ends early, and says so in ``problem``, so that the
readable part is kept.
"""

from __future__ import annotations

import bz2
import io
import lzma
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final

import zstandard

from indexer.errors import UnreadableInput
from indexer.ingest.readers.limits import MAX_SPOOLED

#: The name of standard input on the command line, and in rejections.
STDIN: Final = "-"
_CHUNK: Final = 256 * 1024
_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP_WBITS: Final = 31
#: Bytes decompressed at a time in a damaged archive: the output of a damaged step is lost.
_STEP: Final = 1
#: Memory that xz may use, and the window of zstd; files that need more are not meant for exchange.
_XZ_MEMORY: Final = 256 * 1024 * 1024
_ZSTD_WINDOW: Final = 128 * 1024 * 1024
#: Compressed bytes that are decompressed at a time: for zstd, one byte can become 32 kB.
_PACKED_STEP: Final = {"bzip2": 64 * 1024, "xz": 64 * 1024, "zstd": 512}


@dataclass(slots=True)
class Progress:
    """How far reading has come. ``total_bytes`` is 0 if unknown (standard input).

    ``inputs`` are the files to be read, in order, including those found in folders. ``read_bytes``
    counts bytes on disk, compressed if the file is; ``path`` is the current input. Updated while
    the iterator of :func:`indexer.ingest.readers.read_paths` is consumed.
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
        """Record that ``counted`` is now being read."""
        self.finish()
        self.path = path
        self._current = counted

    def finish(self) -> None:
        """Record that the current input has been read."""
        if self._current is not None:
            self._done_bytes += self._current.count
            self._current = None


class Counted(io.RawIOBase):
    """The raw bytes of ``stream``, counted."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if isinstance(self._stream, io.BufferedReader):
            # Standard input: take what is available, so that piped lines are not delayed.
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
    """``stream`` with its first bytes available in advance."""

    def __init__(self, stream: io.RawIOBase) -> None:
        super().__init__()
        self._stream = stream
        self._ahead = b""

    def readable(self) -> bool:
        return True

    def peek(self, size: int) -> bytes:
        """Up to ``size`` of the next bytes, without consuming them: the result of a single further
        read.

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
    """The contents of a gzip stream, its members concatenated.

    If the stream is truncated or damaged, it ends there, and ``problem`` says how.
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
        """Read more; return whether there was more. An end inside a member is a problem."""
        self._pending = self._stream.read(_CHUNK) or b""
        if not self._pending and self._inside:
            self.problem = "the gzip file ends early: it was cut off"
        return bool(self._pending)

    def _begin_member(self) -> bool:
        """Whether a member begins in the bytes read so far; zero bytes before it are padding."""
        self._pending = self._pending.lstrip(b"\0")
        if self._pending and not self._pending.startswith(_GZIP_MAGIC[:1]):
            self.problem = "what follows the compressed part is not gzip, and was not read"
        return bool(self._pending) and not self.problem

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            super().close()


class _Zstd:
    """zstd's decompressor with the interface of bz2's."""

    def __init__(self) -> None:
        context = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._object = context.decompressobj()
        self._pending = b""
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return bool(self._object.eof) and not self._pending

    @property
    def unused_data(self) -> bytes:
        return bytes(self._object.unused_data)

    def decompress(self, data: bytes, size: int) -> bytes:
        """At most ``size`` bytes."""
        if data:
            self._pending += self._object.decompress(data)
        found, self._pending = self._pending[:size], self._pending[size:]
        self.needs_input = not self._pending
        return found


_UNPACKERS: Final[dict[str, tuple[bytes, Callable[[], Any]]]] = {
    "bzip2": (b"BZh", bz2.BZ2Decompressor),
    "xz": (b"\xfd7zXZ\0", lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY)),
    "zstd": (b"\x28\xb5\x2f\xfd", _Zstd),
}


class Unpacked(io.RawIOBase):
    """The contents of a bzip2, xz or zstd stream, like :class:`Gunzipped` for gzip."""

    def __init__(self, stream: io.RawIOBase, kind: str) -> None:
        super().__init__()
        self._stream = stream
        self._kind = kind
        self._magic, self._make = _UNPACKERS[kind]
        self._unpack = self._make()
        self._begun = False
        self.problem = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self.problem:
            data = b""
            if self._unpack.eof:
                data = self._unpack.unused_data.lstrip(b"\0") or self._fill()
                if not data:
                    return 0
                if not data.startswith(self._magic[:1]):
                    self.problem = f"what follows the compressed part is not {self._kind}"
                    return 0
                self._unpack = self._make()
                self._begun = False
            elif self._unpack.needs_input:
                data = self._fill()
                if not data:
                    if self._begun:
                        self.problem = f"the {self._kind} file ends early: it was cut off"
                    return 0
            self._begun = True
            try:
                found = self._unpack.decompress(data, len(buffer))
            except (OSError, lzma.LZMAError, zstandard.ZstdError, EOFError, ValueError) as error:
                self.problem = f"the {self._kind} file is damaged ({error})"
                return 0
            if found:
                buffer[: len(found)] = found
                return len(found)
        return 0

    def _fill(self) -> bytes:
        return self._stream.read(_PACKED_STEP[self._kind]) or b""

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            super().close()


class Member(io.RawIOBase):
    """The contents of one file of a ZIP archive; it ends at damage, and ``problem`` says so."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream
        self.problem = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self.problem:
            return 0
        try:
            data = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, lzma.LZMAError) as error:
            self.problem = f"this part of the ZIP archive is damaged ({error})"
            return 0
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            super().close()


def _inflate_until_damage(inflate: zlib._Decompress, data: bytes, size: int) -> bytes:
    """Up to ``size`` bytes of the contents of ``data`` before its damage; asked for all at once,
    zlib returns none.
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

    ``path`` is its display name. ``problem`` says what cut the input short, once its end has been
    reached. ``folder`` is where files that it refers to are found; empty if nowhere; for a
    file of an archive ``packed_folder`` is where pages are. ``claimed``
    are those it used: they are no longer separate inputs.
    """

    path: str
    stream: io.BufferedReader
    counted: Counted
    _first: Peekable
    _packed: list[Gunzipped | Unpacked | Member] = field(default_factory=list)
    folder: str = ""
    packed_folder: zipfile.Path | None = None
    claimed: set[str] = field(default_factory=set)
    _file: Path | None = None

    @property
    def problem(self) -> str:
        return next((one.problem for one in self._packed if one.problem), "")

    def peek(self, size: int) -> bytes:
        """Up to ``size`` of the first bytes; only before anything was read from ``stream``."""
        return self._first.peek(size)

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """A file with the contents, for readers that need random access.

        Raises UnreadableInput if they are compressed and exceed the limit when decompressed.
        """
        if not self._packed and self.path != STDIN:
            yield Path(self.path)
            return
        if self._file is not None:
            yield self._file
            return
        with NamedTemporaryFile(prefix="searchsvc-") as file:
            size = 0
            while data := self.stream.read(_CHUNK):
                size += len(data)
                if size > MAX_SPOOLED:
                    reason = f"unpacked it is over the limit of {MAX_SPOOLED:,} bytes."
                    raise UnreadableInput(self.path, reason)
                file.write(data)
            file.flush()
            self._file = Path(file.name)
            try:
                yield self._file
            finally:
                self._file = None

    def close(self) -> None:
        self.stream.close()


def open_input(path: str) -> Input:
    """The bytes at ``path``, or of standard input for ``-``; compression is recognised by magic
    bytes.

    Raises UnreadableInput if the file does not exist or cannot be read.
    """
    try:
        raw = sys.stdin.buffer if path == STDIN else Path(path).open("rb", buffering=0)  # noqa: SIM115
    except OSError as error:
        raise UnreadableInput(path, explain(error)) from error
    folder = "" if path == STDIN else str(Path(path).parent)
    return _unpack(path, Counted(raw), [], folder)


def open_member(path: str, stream: IO[bytes]) -> Input:
    """One file of an archive, called ``path``."""
    member = Member(stream)
    return _unpack(path, Counted(io.BufferedReader(member, _CHUNK)), [member], "")


def _unpack(
    path: str, counted: Counted, packed: list[Gunzipped | Unpacked | Member], folder: str
) -> Input:
    first = Peekable(counted)
    try:
        begins = first.peek(6)
        unpacked: Gunzipped | Unpacked | None = None
        if begins.startswith(_GZIP_MAGIC):
            unpacked = Gunzipped(first)
        else:
            for kind, (magic, _) in _UNPACKERS.items():
                if begins.startswith(magic):
                    unpacked = Unpacked(first, kind)
        if unpacked is not None:
            packed.append(unpacked)
            first = Peekable(unpacked)
    except OSError as error:
        first.close()
        raise UnreadableInput(path, explain(error)) from error
    return Input(path, io.BufferedReader(first, _CHUNK), counted, first, packed, folder)


def explain(error: OSError) -> str:
    """The meaning of an operating system error for the person who named the file."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder. Check the path."
    if isinstance(error, PermissionError):
        return "you may not read it. Change its permissions, or run as a user who may."
    if isinstance(error, IsADirectoryError):
        return "it is a folder."
    return f"{error.strerror or error}."
