"""One file of named arrays: written once, memory-mapped, checked page by page.

::

    offset 0   magic, 8 bytes: b"IDXPACK" and the format number as one byte
    ...        sections, each starting at a multiple of 64 bytes, little-endian
    ...        checksums: one CRC-32 (uint32) per 64 KiB page of each section, in section order
    ...        directory: JSON {"meta": {...}, "sections": [[name, dtype, count, offset], ...]}
    last 40    trailer: directory offset, directory length, checksums offset (3 x uint64),
               CRC-32 of the directory, CRC-32 of the checksums (2 x uint32), magic again

The trailer stands last so that a truncated file is told at once. A page is verified the first
time something reads from it, so opening costs the same for a thousand and for a million
documents, and no answer ever comes from an altered byte.
"""

from __future__ import annotations

import mmap
import os
import struct
import weakref
import zlib
from collections.abc import Collection, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from indexer.durable_file import create_file
from indexer.errors import IndexCorrupt, IndexUnreadable

#: Number of the file format; part of the magic. Documented in docs/index-format.md.
FORMAT = 1
MAGIC = b"IDXPACK" + bytes([FORMAT])
#: Formats whose stored articles can be read, to save them into a new index.
READABLE_FORMATS = (1,)
PAGE_BYTES = 1 << 16
ALIGNMENT = 64
_TRAILER = struct.Struct("<QQQII8s")

Array = npt.NDArray[Any]


class ContainerWriter:
    """Writes a container section by section; nothing but the current chunk is held in memory.

    Use as a context manager. Leaving it normally finishes the file, leaving it by an exception
    removes it. Whoever relies on the file sees to it that it reaches the disk.
    """

    def __init__(self, path: Path, meta: dict[str, Any]) -> None:
        self._path = path
        self._meta = meta
        self._sections: list[tuple[str, str, int, int]] = []
        self._checksums: list[int] = []
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
        """Write the section ``name`` from arrays of ``dtype`` that stand one after another."""
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
        """Write what stands behind the sections."""
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


class _File:
    """An open file's path and descriptor; closed when nothing refers to it any more."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.number = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        weakref.finalize(self, os.close, self.number)


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
        self.distrust()

    def touch(self, low: int, high: int) -> None:
        """Verify the pages that hold items ``low`` to ``high`` (end exclusive).

        Raises IndexCorrupt, naming the file and the section, where a checksum does not match.
        """
        if high <= low:
            return
        first = low * self._itemsize // PAGE_BYTES
        last = (high * self._itemsize - 1) // PAGE_BYTES
        page = self._unverified.find(1, first, last + 1)
        while page >= 0:
            start = page * PAGE_BYTES
            size = min(PAGE_BYTES, self.values.nbytes - start)
            # Read, not looked at through the map: what is only verified takes no memory here.
            try:
                piece = os.pread(self._file.number, size, self._offset + start)
            except OSError as error:
                reason = error.strerror or str(error)
                raise IndexUnreadable(self._file.path, reason) from error
            if zlib.crc32(piece) != self._crcs[page]:
                raise IndexCorrupt(
                    self._file.path,
                    f"section {self.name!r}, page {page} does not match its checksum",
                )
            self._unverified[page] = 0
            page = self._unverified.find(1, page + 1, last + 1)

    def touch_runs(self, lows: Array, highs: Array) -> None:
        """Verify many runs at once: as :meth:`touch` for each pair; none may be empty."""
        if len(lows) == 0:
            return
        firsts = lows * self._itemsize // PAGE_BYTES
        lasts = (highs * self._itemsize - 1) // PAGE_BYTES
        # Nearly always all of it is verified, and no run has a page between its first and last.
        if (
            self._is_unverified[firsts].any()
            or self._is_unverified[lasts].any()
            or (lasts - firsts > 1).any()
        ):
            for low, high in zip(lows.tolist(), highs.tolist(), strict=True):
                self.touch(low, high)

    def slice(self, low: int, high: int) -> Array:
        """Items ``low`` to ``high`` (end exclusive), verified."""
        self.touch(low, high)
        return self.values[low:high]

    def all(self) -> Array:
        """The whole array, verified."""
        self.touch(0, len(self.values))
        return self.values

    def distrust(self) -> None:
        """Forget what was verified, so that the next read looks at the bytes again."""
        # One byte a page, 1 while the page is unverified: a search for 1 is a single C call.
        self._unverified = bytearray(b"\1" * len(self._crcs))
        self._is_unverified = np.frombuffer(self._unverified, np.uint8)


class Container:
    """A container file, opened for reading. Raises IndexCorrupt where it is not whole."""

    def __init__(self, path: Path, *, formats: Collection[int] = (FORMAT,)) -> None:
        self.path = str(path)
        file = _File(path)
        size = os.fstat(file.number).st_size
        if size < len(MAGIC) + _TRAILER.size:
            raise IndexCorrupt(self.path, f"only {size} bytes long")
        self._map = mmap.mmap(file.number, 0, access=mmap.ACCESS_READ)
        self.size_bytes = size
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
        contents = orjson.loads(directory)
        self.meta: dict[str, Any] = contents["meta"]
        crcs = np.frombuffer(checksums, dtype="<u4")
        self.sections: dict[str, Section] = {}
        page = 0
        for name, dtype, count, offset in contents["sections"]:
            values = np.frombuffer(self._map, dtype=dtype, count=count, offset=offset)
            pages = -(-values.nbytes // PAGE_BYTES)
            self.sections[name] = Section(file, name, offset, values, crcs[page : page + pages])
            page += pages

    def __getitem__(self, name: str) -> Section:
        """The section ``name``. Raises IndexCorrupt where the file lacks it."""
        if name not in self.sections:
            raise IndexCorrupt(self.path, f"it has no section {name!r}")
        return self.sections[name]

    def __contains__(self, name: str) -> bool:
        return name in self.sections

    def let_go(self) -> None:
        """Take the file's pages out of this process's memory; the system's cache keeps them.

        Does nothing on systems that cannot be asked to.
        """
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def problems(self) -> list[str]:
        """One sentence for each section with a damaged page; every byte is read again."""
        found = []
        for section in self.sections.values():
            section.distrust()
            try:
                section.all()
            except IndexCorrupt as error:
                found.append(str(error))
        return found
