"""Which segments make up the index: Whoosh's table of contents, read and written durably.

Whoosh decides what a generation is, names its files and swaps generations by renaming. This
module adds what it leaves out: flushing to the disk before the rename, a format number that is
checked before anything is unpickled, and errors that say what to do.
"""

from __future__ import annotations

import os
import pickle
import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from whoosh import fields
from whoosh.analysis import SimpleAnalyzer
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import _DEF_INDEX_NAME, TOC, EmptyIndexError, IndexError, clean_files

from indexer.engine.embedded.container import FORMAT
from indexer.engine.embedded.whoosh_segment import PackedSegment
from indexer.errors import IndexCorrupt, IndexNotFound, IndexOutdated
from indexer.schema import FIELDS, Kind

INDEX_NAME: str = _DEF_INDEX_NAME
FORMAT_FILE = "searchsvc-index.json"
_ENGINE = "embedded"
_SEAL = struct.Struct("<4sI")
_SEAL_MARK = b"CRC1"
_TOC_NAME = re.compile(rf"^_{INDEX_NAME}_([0-9]+)\.toc$")


def build_whoosh_schema() -> fields.Schema:
    """Whoosh's view of :data:`indexer.schema.FIELDS`.

    Each text field appears twice: ``body`` holds exact terms, ``body_stem`` stems. The analyzers
    are Whoosh's plainest: whoever queries with Whoosh itself gives terms that are analysed.
    """
    schema = fields.Schema()
    for spec in FIELDS:
        if spec.kind is Kind.ID:
            schema.add(spec.name, fields.ID(stored=True, unique=True))
        elif spec.kind is Kind.TEXT:
            schema.add(spec.name, fields.TEXT(stored=True, analyzer=SimpleAnalyzer()))
            schema.add(f"{spec.name}_stem", fields.TEXT(analyzer=SimpleAnalyzer()))
        elif spec.kind in (Kind.KEYWORD, Kind.DATE):
            schema.add(spec.name, fields.ID(stored=True))
        elif spec.kind is Kind.KEYWORDS:
            schema.add(spec.name, fields.KEYWORD(stored=True, commas=True))
        else:
            schema.add(spec.name, fields.STORED())
    return schema


class DurableStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's file storage, but tables are checked, and renamed only once they are on the disk.

    A table of contents ends with ``_SEAL`` and the CRC-32 of all before it; Whoosh, which reads
    from the front, does not mind.
    """

    def open_file(self, name: str, **kwargs: Any) -> BufferFile:
        path = Path(self.folder) / name
        content = path.read_bytes()
        sealed, seal = content[: -_SEAL.size], content[-_SEAL.size :]
        if seal != _SEAL.pack(_SEAL_MARK, zlib.crc32(sealed)):
            raise IndexCorrupt(str(path), "truncated, or it does not match its checksum")
        # From memory: Whoosh leaves a file open when it cannot read it.
        return BufferFile(memoryview(sealed), name=name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        path = Path(self.folder) / oldname
        sealed = zlib.crc32(path.read_bytes())
        with path.open("ab") as file:
            file.write(_SEAL.pack(_SEAL_MARK, sealed))
        flush_to_disk(path)
        super().rename_file(oldname, newname, safe=safe)
        flush_to_disk(Path(self.folder))


def flush_to_disk(path: Path) -> None:
    """Return once the file's bytes, or a folder's entries, have reached the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class Generation:
    """One committed state: its number and its segments, in document order."""

    number: int
    segments: list[PackedSegment]


class Catalog:
    """The tables of contents of the index in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._storage = DurableStorage(str(folder))

    def create(self) -> None:
        """Make an empty index where there is none; an existing one is left as it is.

        The folder must be there, and the write lock held.
        """
        if self.latest_number() is not None:
            return
        temporary = self.folder / f"{FORMAT_FILE}.new"
        temporary.write_bytes(orjson.dumps({"format": FORMAT, "engine": _ENGINE}))
        flush_to_disk(temporary)
        temporary.rename(self.folder / FORMAT_FILE)
        TOC.create(self._storage, build_whoosh_schema(), INDEX_NAME)

    def latest_number(self) -> int | None:
        """Number of the newest generation; ``None`` where there is no index."""
        try:
            names = os.listdir(self.folder)
        except (FileNotFoundError, NotADirectoryError):
            return None
        return max((int(m[1]) for name in names if (m := _TOC_NAME.match(name))), default=None)

    def check_format(self) -> None:
        """Raise IndexNotFound, IndexOutdated or IndexCorrupt where the index cannot be opened."""
        if self.latest_number() is None:
            raise IndexNotFound(str(self.folder))
        path = self.folder / FORMAT_FILE
        try:
            note = orjson.loads(path.read_bytes())
            found, engine = note["format"], note["engine"]
        except FileNotFoundError as error:
            raise IndexOutdated(str(self.folder), found=0, expected=FORMAT) from error
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise IndexCorrupt(str(path), "it is not the JSON it should be") from error
        if engine != _ENGINE:
            raise IndexCorrupt(str(path), f"it names the engine {engine!r}, not {_ENGINE!r}")
        if found != FORMAT:
            raise IndexOutdated(str(self.folder), found=found, expected=FORMAT)

    def read(self) -> Generation:
        """The newest generation. Raises IndexNotFound, or IndexCorrupt naming the file."""
        number = self.latest_number()
        if number is None:
            raise IndexNotFound(str(self.folder))
        try:
            toc = TOC.read(self._storage, INDEX_NAME, gen=number, schema=build_whoosh_schema())
        except FileNotFoundError:
            # A commit took it away between the look and the read; there is a newer one.
            return self.read()
        except (
            EmptyIndexError,
            IndexError,
            pickle.UnpicklingError,
            EOFError,
            ValueError,
            TypeError,
            AttributeError,
            ImportError,
            KeyError,
            LookupError,
            AssertionError,
        ) as error:
            path = self.folder / TOC._filename(INDEX_NAME, number)
            raise IndexCorrupt(
                str(path), f"its table of contents is unreadable ({error})"
            ) from error
        return Generation(number, list(toc.segments))

    def commit(self, generation: Generation) -> None:
        """Make ``generation`` the newest, durably, then remove files that none needs any more."""
        for segment in generation.segments:
            # Costs nothing for those that earlier commits have flushed.
            flush_to_disk(self.folder / segment.file_name)
        flush_to_disk(self.folder)
        toc = TOC(build_whoosh_schema(), generation.segments, generation.number)
        toc.write(self._storage, INDEX_NAME)
        self.remove_leftovers(generation)

    def remove_leftovers(self, generation: Generation) -> None:
        """Delete segment files and tables that are not of ``generation``: only the writer may.

        A reader that still has them mapped keeps them until it lets go.
        """
        clean_files(self._storage, INDEX_NAME, generation.number, generation.segments)
        for path in self.folder.glob(f"_{INDEX_NAME}_*.toc.*"):
            path.unlink(missing_ok=True)
