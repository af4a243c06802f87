"""What does a table of contents say? Whoosh's file, sealed, and read without trusting it.

Whoosh pickles its list of segments, and unpickling calls whatever the bytes name. So the list is
read by an unpickler that knows one class, and every value in it is validated before use. Nothing
here imports Whoosh, which would take as long as a command's whole search.
"""

from __future__ import annotations

import io
import pickle
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from indexer.engine.embedded.whoosh.segment import PackedSegment
from indexer.errors import IndexCorrupt

#: Whoosh's default name for an index.
INDEX_NAME = "MAIN"
SEGMENT_NAME = re.compile(rf"^{INDEX_NAME}_([0-9a-z]{{16}})\.pack$")
TABLE_NAME = re.compile(rf"^_{INDEX_NAME}_([0-9]+)\.toc$")
#: Whoosh's name for an unfinished table: the time of writing follows its name.
UNFINISHED_TABLE_NAME = re.compile(rf"^_{INDEX_NAME}_[0-9]+\.toc\.[0-9]{{9,}}(\.[0-9]+)?$")

#: The end of our tables: a mark, and the CRC-32 of everything before.
SEAL = struct.Struct("<4sI")
SEAL_MARK = b"CRC1"
# The beginning of Whoosh's tables: sizes of its numbers, its byte order and its version.
_SIZES = (4, 8, 4)
_BYTE_ORDER_MARK = -12345
TABLE_VERSION = -111
_INT = struct.Struct("!i")
_SEGMENT_ID = re.compile(r"^[0-9a-z]{16}$")
#: Documents are numbered in 32 bits.
_MOST_DOCUMENTS = 2**31
# The module of the segment class, now and when still readable indexes were written.
_SEGMENT_MODULES = (PackedSegment.__module__, "indexer.engine.embedded.whoosh_segment")


class _SegmentUnpickler(pickle.Unpickler):
    """Creates segments, and nothing else that a pickle may name."""

    def find_class(self, module: str, name: str) -> Any:
        if module in _SEGMENT_MODULES and name == PackedSegment.__name__:
            return PackedSegment
        raise pickle.UnpicklingError(f"it names {module}.{name}, which no table of ours does")


def read_table(path: Path, number: int) -> tuple[list[PackedSegment], str]:
    """The segments named by the table at ``path``, of generation ``number``, and its note.

    Raises IndexCorrupt if any part of it is not what our writer writes, OSError.
    """
    content = path.read_bytes()
    sealed, seal = content[: -SEAL.size], content[-SEAL.size :]
    if seal != SEAL.pack(SEAL_MARK, zlib.crc32(sealed)):
        raise IndexCorrupt(str(path), "truncated, or it does not match its checksum")
    try:
        segments, note = _parse(sealed, number)
    # Invalid bytes make pickle raise anything at all.
    except Exception as error:
        raise IndexCorrupt(str(path), f"its table of contents is unreadable ({error})") from error
    names = [segment.segid for segment in segments]
    if len(set(names)) < len(names):
        raise IndexCorrupt(str(path), "it names a segment twice")
    return segments, note


def _parse(content: bytes, number: int) -> tuple[list[PackedSegment], str]:
    """Raises anything if the content is not a table."""
    rest = io.BytesIO(content)
    sizes = tuple(_read_varint(rest) for _ in range(3))
    if sizes != _SIZES:
        raise ValueError(f"it was written on another kind of machine, with numbers of {sizes}")
    if _read_int(rest) != _BYTE_ORDER_MARK or _read_int(rest) != TABLE_VERSION:
        raise ValueError("it does not begin as a table does")
    for _ in range(3):
        _read_varint(rest)  # Whoosh's version.
    rest.seek(_read_varint(rest), io.SEEK_CUR)  # The pickled schema; ours is in the code.
    written = _read_int(rest)
    if written != number:
        raise ValueError(f"it is of generation {written}")
    _read_int(rest)
    segments = _SegmentUnpickler(rest).load()
    if type(segments) is not list:
        raise TypeError("it has no list of segments")
    for segment in segments:
        _check_segment(segment)
    return segments, rest.read().decode()


def _read_int(stream: io.BytesIO) -> int:
    value: int = _INT.unpack(stream.read(_INT.size))[0]
    return value


def _read_varint(stream: io.BytesIO) -> int:
    """Seven bits per byte, the lowest first; all bytes but the last have the eighth set."""
    value = shift = 0
    while True:
        (byte,) = stream.read(1)
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value
        shift += 7


def _check_segment(segment: object) -> None:
    """Raise ValueError or TypeError if an unpickled segment has impossible values."""
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
