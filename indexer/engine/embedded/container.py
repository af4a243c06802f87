"""How are named arrays kept in one file? Written once, memory-mapped, verified page by page.

::

    offset 0   magic, 8 bytes: b"IDXPACK" and the format number as one byte
    ...        sections, each starting at a multiple of 64 bytes, little-endian
    ...        checksums: one CRC-32 (uint32) per 64 KiB page of each section, in section order
    ...        directory: JSON {"meta": {...}, "sections": [[name, dtype, count, offset], ...]}
    last 40    trailer: directory offset, directory length, checksums offset (3 x uint64),
               CRC-32 of the directory, CRC-32 of the checksums (2 x uint32), magic again

The trailer comes last so that a truncated file is detected at once. A page is verified when it is
first read, so opening costs the same for a thousand documents as for a million, and no answer ever
comes from an altered byte.
"""

from __future__ import annotations

import mmap
import os
import struct
import weakref
import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import orjson

from indexer.durable_file import create_file
from indexer.errors import IndexCorrupt, IndexUnreadable
from indexer.loading import loading

#: Number of the file format; part of the magic. Documented in docs/index-format.md.
FORMAT = 4
MAGIC = b"IDXPACK" + bytes([FORMAT])
#: Length of ``Container.digest``.
DIGEST_BYTES = 16
#: Formats whose stored articles can be read, to salvage them into a new index.
READABLE_FORMATS = (1, 2, 3, FORMAT)
PAGE_BYTES = 1 << 16
ALIGNMENT = 64
_TRAILER = struct.Struct("<QQQII8s")
#: Types of the numbers in sections.
_DTYPES = frozenset(("|u1", "<u2", "<u4", "<u8", "<i4", "<i8", "<f8"))

Array = npt.NDArray[Any]


class ContainerWriter:
    """Writes a container section by section, with only the current chunk in memory.

    Use as a context manager. Leaving it normally completes the file, leaving it by an exception
    removes it. The caller must flush the file to disk before relying on it.
    """

    def __init__(self, path: Path, meta: dict[str, Any]) -> None:
        self._path = path
        self._meta = meta
        self._sections: list[tuple[str, str, int, int]] = []
        self._checksums: list[int] = []
        #: The container's digest, once it is complete.
        self.digest = b""
        self._file = create_file(path)
        self._file.write(MAGIC)

    def add(self, name: str, values: Array | bytes) -> None:
        """Write ``values`` as the whole section ``name``."""
        self.add_chunks(
            name,
            [np.frombuffer(values, np.uint8)] if isinstance(values, bytes) else [values],
            np.uint8 if isinstance(values, bytes) else values.dtype,
        )

    def add_chunks(self, name: str, chunks: Iterable[Array], dtype: npt.DTypeLike) -> None:
        """Write the section ``name`` from consecutive arrays of ``dtype``."""
        kind = np.dtype(dtype)
        self._file.write(b"\0" * (-self._file.tell() % ALIGNMENT))
        offset = self._file.tell()
        count = 0
        in_page, crc = 0, 0
        for chunk in chunks:
            view = np.ascontiguousarray(chunk, dtype=kind).data.cast("B")
            count += len(chunk)
            self._file.write(view)
            start = 0
            while start < len(view):
                piece = view[start : start + PAGE_BYTES - in_page]
                crc = zlib.crc32(piece, crc)
                in_page += len(piece)
                start += len(piece)
                if in_page == PAGE_BYTES:
                    self._checksums.append(crc)
                    in_page, crc = 0, 0
        if in_page:
            self._checksums.append(crc)
        self._sections.append((name, kind.str, count, offset))

    def __enter__(self) -> ContainerWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._finish()
        except BaseException as failure:
            kind = type(failure)
            raise
        finally:
            self._file.close()
            if kind is not None:
                self._path.unlink(missing_ok=True)

    def _finish(self) -> None:
        """Write everything that follows the sections."""
        checksums = np.array(self._checksums, dtype="<u4").tobytes()
        directory = orjson.dumps({"meta": self._meta, "sections": self._sections})
        checksums_offset = self._file.tell()
        self._file.write(checksums)
        directory_offset = self._file.tell()
        self._file.write(directory)
        self._file.write(
            _TRAILER.pack(
                directory_offset,
                len(directory),
                checksums_offset,
                zlib.crc32(directory),
                zlib.crc32(checksums),
                MAGIC,
            )
        )
        self._file.flush()
        self.digest = blake2b(directory + checksums, digest_size=DIGEST_BYTES).digest()


class _File:
    """An open file's path and descriptor; closed when nothing refers to it any more."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.number = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        weakref.finalize(self, _close, self.number)


def _close(number: int) -> None:
    # Closing a file that was only read cannot lose anything.
    with suppress(OSError):
        os.close(number)


def _read(number: int, size: int, offset: int) -> bytes:
    """``size`` bytes of a file, or those up to its end: the system may return fewer at a time."""
    piece = os.pread(number, size, offset)
    while len(piece) < size:
        more = os.pread(number, size - len(piece), offset + len(piece))
        if not more:
            break
        piece += more
    return piece


def _map(file: _File) -> mmap.mmap:
    """The whole file. Raises IndexCorrupt if it is too short; an OSError names it."""
    try:
        size = os.fstat(file.number).st_size
        if size < len(MAGIC) + _TRAILER.size:
            raise IndexCorrupt(file.path, f"only {size} bytes long")
        return mmap.mmap(file.number, size, access=mmap.ACCESS_READ)
    except ValueError as error:
        raise IndexCorrupt(file.path, "cut short while it was opened") from error
    except OSError as error:
        raise OSError(error.errno, error.strerror, file.path) from error


class Section:
    """One array of a container.

    ``values`` is the whole array, read-only and *unverified*: touch what you read from it first.
    """

    __slots__ = (
        "_crcs",
        "_file",
        "_is_unverified",
        "_itemsize",
        "_offset",
        "_unverified",
        "inspect",
        "name",
        "values",
    )

    def __init__(self, file: _File, name: str, offset: int, values: Array, crcs: Array) -> None:
        self._file = file
        self.name = name
        self._offset = offset
        self.values = values
        self._crcs = crcs
        self._itemsize = values.itemsize
        #: Called with the items of a page (first, end) that matches its checksum; returns what is
        #: wrong with them, if anything.
        self.inspect: Callable[[int, int], str] | None = None
        self.distrust()

    def touch(self, low: int, high: int) -> None:
        """Verify the pages that hold items ``low`` to ``high`` (end exclusive).

        Raises IndexCorrupt, naming the file and the section, if a checksum does not match, or there
        are no such items.
        """
        if high <= low and 0 <= low <= len(self.values):
            return
        if not 0 <= low < high <= len(self.values):
            self._refuse_range(low, high)
        first = low * self._itemsize // PAGE_BYTES
        last = (high * self._itemsize - 1) // PAGE_BYTES
        page = self._unverified.find(1, first, last + 1)
        if page >= 0:
            with loading():
                self._verify(page, last)

    def touch_each(self, lows: Sequence[int], highs: Sequence[int]) -> None:
        """:meth:`touch` for each pair, in less time where most are verified already. A pair the
        wrong way round is taken for an empty run.
        """
        least, most = min(lows, default=0), max(highs, default=0)
        if least < 0 or most > len(self.values):
            self._refuse_range(least, most)
        find, in_page = self._unverified.find, PAGE_BYTES // self._itemsize
        if find(1, least // in_page, -(-most // in_page)) < 0:
            return
        for low, high in zip(lows, highs, strict=True):
            if find(1, low // in_page, -(-high // in_page)) >= 0:
                self.touch(low, high)

    def _verify(self, page: int, last: int) -> None:
        """Verify what is unverified from ``page`` on, up to ``last``."""
        while page >= 0:
            start = page * PAGE_BYTES
            size = min(PAGE_BYTES, self.values.nbytes - start)
            # Read, not accessed through the map, so that verification alone takes no memory here.
            try:
                piece = _read(self._file.number, size, self._offset + start)
            except OSError as error:
                reason = error.strerror or str(error)
                raise IndexUnreadable(self._file.path, reason) from error
            if zlib.crc32(piece) != self._crcs[page]:
                raise IndexCorrupt(
                    self._file.path,
                    f"section {self.name!r}, page {page} does not match its checksum",
                )
            if self.inspect is not None and (wrong := self.inspect(*self._items_of(page))):
                raise IndexCorrupt(self._file.path, f"section {self.name!r}: {wrong}")
            self._unverified[page] = 0
            page = self._unverified.find(1, page + 1, last + 1)

    def _items_of(self, page: int) -> tuple[int, int]:
        items = PAGE_BYTES // self._itemsize
        return page * items, min((page + 1) * items, len(self.values))

    def _refuse_range(self, low: int, high: int) -> NoReturn:
        self._refuse(f"has {len(self.values)} items, where {low} to {high} are wanted")

    def touch_runs(self, lows: Array, highs: Array) -> None:
        """Verify many runs at once, like :meth:`touch` for each pair; none may be empty."""
        if len(lows) == 0:
            return
        least, most = int(lows.min()), int(highs.max())
        if least < 0 or most > len(self.values):
            self._refuse_range(least, most)
        firsts = lows * self._itemsize // PAGE_BYTES
        lasts = (highs * self._itemsize - 1) // PAGE_BYTES
        # Nearly always everything is verified already, and no run has pages between its first and
        # last.
        is_unverified = self._is_unverified
        if not (
            is_unverified[firsts].any() or is_unverified[lasts].any() or (lasts - firsts > 1).any()
        ):
            return
        # For each page the runs that begin there, less those that ended on the one before.
        pages = len(self._crcs) + 1
        changes = np.bincount(firsts, minlength=pages) - np.bincount(lasts + 1, minlength=pages)
        is_read = np.cumsum(changes[:-1]) > 0
        for page in np.flatnonzero(is_read & is_unverified.view(np.bool_)).tolist():
            with loading():
                self._verify(page, page)

    def slice(self, low: int, high: int) -> Array:
        """Items ``low`` to ``high`` (end exclusive), verified."""
        self.touch(low, high)
        return self.values[low:high]

    def all(self) -> Array:
        """The whole array, verified."""
        self.touch(0, len(self.values))
        return self.values

    def read_offsets(self, total: int) -> Array:
        """The whole array, verified: the offsets of runs in ``total`` items, and the end of the
        last.

        Raises IndexCorrupt if it does not ascend from 0 to ``total``.
        """
        offsets = self.all()
        if (
            len(offsets) == 0
            or offsets[0] != 0
            or offsets[-1] != total
            or bool(np.any(offsets[1:] < offsets[:-1]))
        ):
            self._refuse(f"does not ascend from 0 to {total}")
        return offsets

    def read_numbers(self, end: int, *, least: int = 0) -> Array:
        """The whole array, verified. Raises IndexCorrupt if a number is not from ``least`` to below
        ``end``.
        """
        numbers = self.all()
        if len(numbers) and not (least <= int(numbers.min()) and int(numbers.max()) < end):
            self._refuse(f"has numbers outside {least} to {end - 1}")
        return numbers

    def _refuse(self, problem: str) -> NoReturn:
        raise IndexCorrupt(self._file.path, f"section {self.name!r} {problem}")

    def distrust(self) -> None:
        """Forget what was verified, so that the next read verifies it again."""
        # One byte a page, 1 while the page is unverified: a search for 1 is a single C call.
        self._unverified = bytearray(b"\1" * len(self._crcs))
        self._is_unverified = np.frombuffer(self._unverified, np.uint8)


class Container:
    """A container file, opened for reading. Raises IndexCorrupt if it is damaged."""

    def __init__(self, path: Path, *, formats: Collection[int] = (FORMAT,)) -> None:
        self.path = str(path)
        file = _File(path)
        self._map = _map(file)
        self.size_bytes = size = len(self._map)
        trailer = _TRAILER.unpack(self._map[size - _TRAILER.size :])
        directory_offset, directory_length, checksums_offset, directory_crc, checksums_crc = (
            trailer[:5]
        )
        magic = trailer[5]
        self.format = int(magic[-1])
        if magic[:-1] != MAGIC[:-1] or self._map[: len(MAGIC)] != magic:
            raise IndexCorrupt(self.path, "truncated, or not an index file")
        if self.format not in formats:
            raise IndexCorrupt(self.path, f"it has format {self.format}, not {FORMAT}")
        if directory_offset + directory_length + _TRAILER.size != size or not (
            len(MAGIC) <= checksums_offset <= directory_offset
        ):
            raise IndexCorrupt(self.path, "its trailer does not fit its length")
        directory = self._map[directory_offset : directory_offset + directory_length]
        checksums = self._map[checksums_offset:directory_offset]
        if zlib.crc32(directory) != directory_crc or zlib.crc32(checksums) != checksums_crc:
            raise IndexCorrupt(self.path, "its directory does not match its checksum")
        #: Covers everything in the file: the directory, and the checksums of everything else.
        self.digest = blake2b(directory + checksums, digest_size=DIGEST_BYTES).digest()
        self.sections: dict[str, Section] = {}
        try:
            contents = orjson.loads(directory)
            self.meta: dict[str, Any] = dict(contents["meta"])
            crcs = np.frombuffer(checksums, dtype="<u4")
            self._read_sections(file, contents["sections"], crcs, checksums_offset)
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise IndexCorrupt(self.path, f"its directory cannot be ({error})") from error

    def _read_sections(
        self, file: _File, rows: list[tuple[str, str, int, int]], crcs: Array, end: int
    ) -> None:
        """Fill ``sections``. Raises ValueError or TypeError if a row is invalid."""
        #: (start, end) of the gaps between sections: zero bytes before each.
        self._gaps: list[tuple[int, int]] = []
        page, free = 0, len(MAGIC)
        for name, dtype, count, offset in rows:
            if dtype not in _DTYPES or type(count) is not int or type(offset) is not int:
                raise TypeError(f"section {name!r} is of {dtype!r}")
            size = count * np.dtype(dtype).itemsize
            if count < 0 or offset % ALIGNMENT or not free <= offset <= offset + size <= end:
                raise ValueError(f"section {name!r} is not inside the file")
            pages = -(-size // PAGE_BYTES)
            values = np.frombuffer(self._map, dtype=dtype, count=count, offset=offset)
            self.sections[name] = Section(file, name, offset, values, crcs[page : page + pages])
            self._gaps.append((free, offset))
            page, free = page + pages, offset + size
        self._gaps.append((free, end))
        if page != len(crcs) or len(self.sections) != len(rows):
            raise ValueError("it has not one checksum for each page, or a section twice")

    def __getitem__(self, name: str) -> Section:
        """The section ``name``. Raises IndexCorrupt if the file lacks it."""
        if name not in self.sections:
            raise IndexCorrupt(self.path, f"it has no section {name!r}")
        return self.sections[name]

    def __contains__(self, name: str) -> bool:
        return name in self.sections

    def release_pages(self) -> None:
        """Release the file's pages from this process's memory; the system's cache keeps them.

        Does nothing on systems without this call.
        """
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def problems(self) -> list[str]:
        """One sentence for each section with a damaged page; every byte is read again."""
        found = [
            str(IndexCorrupt(self.path, f"bytes {start} to {end} are not zero"))
            for start, end in self._gaps
            if end - start >= ALIGNMENT or any(self._map[start:end])
        ]
        for section in self.sections.values():
            section.distrust()
            try:
                section.all()
            except IndexCorrupt as error:
                found.append(str(error))
        return found
