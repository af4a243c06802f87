"""What does a table of contents say? Whoosh's file, sealed, and read without trusting it.

Whoosh pickles its list of segments, and unpickling calls whatever the bytes name. So the list is
read by an unpickler that knows one class, and every value in it is checked before it is used.
"""

from __future__ import annotations

import io
import pickle
import re
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.index import _CURRENT_TOC_VERSION, _DEF_INDEX_NAME, TOC
from whoosh.system import _FLOAT_SIZE, _INT_SIZE, _LONG_SIZE

from indexer.durable_file import create_file, flush_to_disk
from indexer.engine.embedded.whoosh.segment import PackedSegment
from indexer.errors import IndexCorrupt, IndexTakenOver

INDEX_NAME: str = _DEF_INDEX_NAME
SEGMENT_NAME = re.compile(rf"^{INDEX_NAME}_([0-9a-z]{{16}})\.pack$")
TABLE_NAME = re.compile(rf"^_{INDEX_NAME}_([0-9]+)\.toc$")
#: What Whoosh calls a table until it is whole: the time of its writing stands behind its name.
UNFINISHED_TABLE_NAME = re.compile(rf"^_{INDEX_NAME}_[0-9]+\.toc\.[0-9]{{9,}}(\.[0-9]+)?$")

_SEAL = struct.Struct("<4sI")
_SEAL_MARK = b"CRC1"
_BYTE_ORDER_MARK = -12345
_SEGMENT_ID = re.compile(r"^[0-9a-z]{16}$")
#: Documents are numbered in 32 bits.
_MOST_DOCUMENTS = 2**31
# Where the class of segments is, and where it was when indexes that are still read were written.
_SEGMENT_MODULES = (PackedSegment.__module__, "indexer.engine.embedded.whoosh_segment")


class _SegmentUnpickler(pickle.Unpickler):
    """Makes segments, and nothing else that a pickle may name."""

    def find_class(self, module: str, name: str) -> Any:
        if module in _SEGMENT_MODULES and name == PackedSegment.__name__:
            return PackedSegment
        raise pickle.UnpicklingError(f"it names {module}.{name}, which no table of ours does")


class TableStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's file storage for writing tables: sealed, private, and renamed once on the disk.

    A table ends with its ``note``, ``_SEAL`` and the CRC-32 of all before that; Whoosh, which reads
    from the front, does not mind.
    """

    def __init__(self, folder: str, note: str = "") -> None:
        super().__init__(folder)
        self._note = note.encode()

    def create_file(self, name: str, **_: Any) -> StructFile:
        return StructFile(create_file(Path(self.folder) / name, readable=True), name=name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        path, target = Path(self.folder) / oldname, Path(self.folder) / newname
        sealed = zlib.crc32(self._note, zlib.crc32(path.read_bytes()))
        with path.open("ab") as file:
            file.write(self._note + _SEAL.pack(_SEAL_MARK, sealed))
        flush_to_disk(path)
        try:
            # A link fails where the name is taken, in one step; renaming would replace it.
            target.hardlink_to(path)
        except FileExistsError as error:
            raise _taken_over(self.folder, newname) from error
        except OSError:
            # A file system without links.
            if target.exists():
                raise _taken_over(self.folder, newname) from None
            path.rename(target)
        else:
            # What is left is an unfinished table to the next writer.
            with suppress(OSError):
                path.unlink()


def _taken_over(folder: str, name: str) -> IndexTakenOver:
    return IndexTakenOver(folder, f"it has committed {name}")


def write_table(
    folder: Path, schema: Any, segments: list[PackedSegment], number: int, note: str = ""
) -> None:
    """Write the table of generation ``number``, which readers see once this has returned.

    The folder's entries have not reached the disk yet. Raises OSError, and
    IndexTakenOver where there is one already.
    """
    TOC(schema, segments, number).write(TableStorage(str(folder), note), INDEX_NAME)


def read_table(path: Path, number: int) -> tuple[list[PackedSegment], str]:
    """The segments that the table at ``path``, of generation ``number``, names, and its note.

    Raises IndexCorrupt where anything of it is not what a writer of ours writes, OSError.
    """
    content = path.read_bytes()
    sealed, seal = content[: -_SEAL.size], content[-_SEAL.size :]
    if seal != _SEAL.pack(_SEAL_MARK, zlib.crc32(sealed)):
        raise IndexCorrupt(str(path), "truncated, or it does not match its checksum")
    try:
        segments, note = _parse(sealed, number)
    # Bytes that are not what they should be make Whoosh and pickle raise anything at all.
    except Exception as error:
        raise IndexCorrupt(str(path), f"its table of contents is unreadable ({error})") from error
    names = [segment.segid for segment in segments]
    if len(set(names)) < len(names):
        raise IndexCorrupt(str(path), "it names a segment twice")
    return segments, note


def _parse(content: bytes, number: int) -> tuple[list[PackedSegment], str]:
    """Raises anything where the content is not that of a table."""
    # From memory: Whoosh leaves a file open when it cannot read it.
    stream = BufferFile(memoryview(content))
    sizes = tuple(stream.read_varint() for _ in range(3))
    if sizes != (_INT_SIZE, _LONG_SIZE, _FLOAT_SIZE):
        raise ValueError(f"it was written on another kind of machine, with numbers of {sizes}")
    if stream.read_int() != _BYTE_ORDER_MARK or stream.read_int() != _CURRENT_TOC_VERSION:
        raise ValueError("it does not begin as a table does")
    for _ in range(3):
        stream.read_varint()  # Whoosh's version.
    stream.skip_string()  # The pickled schema; ours is in the code.
    written = stream.read_int()
    if written != number:
        raise ValueError(f"it is of generation {written}")
    stream.read_int()
    rest = io.BytesIO(stream.file.read())
    segments = _SegmentUnpickler(rest).load()
    if type(segments) is not list:
        raise TypeError("it has no list of segments")
    for segment in segments:
        _check_segment(segment)
    return segments, rest.read().decode()


def _check_segment(segment: object) -> None:
    """Raise ValueError or TypeError where an unpickled segment says what none of ours can."""
    if type(segment) is not PackedSegment:
        raise TypeError("its list has something else than segments in it")
    if not hasattr(segment, "_digest"):
        segment.set_digest(b"")  # Format 1 has none.
    said = vars(segment)
    expected = PackedSegment(INDEX_NAME)
    if {name: type(value) for name, value in said.items()} != {
        name: type(value) for name, value in vars(expected).items()
    }:
        raise TypeError("a segment has other facts than a segment has")
    if segment.indexname != INDEX_NAME or segment.compound:
        raise ValueError("a segment is of another kind")
    if not _SEGMENT_ID.match(segment.segid):
        raise ValueError(f"a segment has the name {segment.segid[:80]!r}")
    documents = segment.doc_count_all()
    if not 0 <= documents < _MOST_DOCUMENTS:
        raise ValueError(f"segment {segment.segid} has {documents} documents")
    deleted = segment.deleted_numbers
    if len(deleted) and not (int(deleted[-1]) < documents and np.all(deleted[:-1] < deleted[1:])):
        raise ValueError(f"segment {segment.segid} lacks documents it says are deleted")
