"""How is a table of contents written to disk? By Whoosh, into our own storage."""

from __future__ import annotations

import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

from whoosh import fields
from whoosh.analysis import SimpleAnalyzer
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

from indexer.durable_file import create_file, flush_to_disk
from indexer.engine.embedded.whoosh.segment import PackedSegment
from indexer.engine.embedded.whoosh.table import INDEX_NAME, SEAL, SEAL_MARK
from indexer.errors import IndexTakenOver
from indexer.schema import FIELDS, Kind


def build_whoosh_schema() -> fields.Schema:
    """Whoosh's view of :data:`indexer.schema.FIELDS`.

    Each text field appears twice: ``body`` holds exact terms, ``body_stem`` stems. The analyzers
    are Whoosh's plainest: queries through Whoosh itself must use analysed terms.
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


class TableStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's file storage for writing tables: sealed, private, and renamed once on disk.

    A table ends with its ``note``, ``SEAL`` and the CRC-32 of everything before; Whoosh, which
    reads from the front, ignores them.
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
            file.write(self._note + SEAL.pack(SEAL_MARK, sealed))
        flush_to_disk(path)
        try:
            # Linking fails atomically if the name is taken; renaming would replace the file.
            target.hardlink_to(path)
        except FileExistsError as error:
            raise _taken_over(self.folder, newname) from error
        except OSError:
            # A file system without links.
            if target.exists():
                raise _taken_over(self.folder, newname) from None
            path.rename(target)
        else:
            # The next writer treats the remains as an unfinished table.
            with suppress(OSError):
                path.unlink()


def _taken_over(folder: str, name: str) -> IndexTakenOver:
    return IndexTakenOver(folder, f"it has committed {name}")


def write_table(folder: Path, segments: list[PackedSegment], number: int, note: str = "") -> None:
    """Write the table of generation ``number``, visible to readers once this returns.

    The folder's entries are not flushed to disk yet. Raises OSError, and IndexTakenOver if the
    table exists already.
    """
    TOC(build_whoosh_schema(), segments, number).write(TableStorage(str(folder), note), INDEX_NAME)
