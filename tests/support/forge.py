"""Altering a segment file with checksums made to fit: what damage never does, and a forger can."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from indexer.engine.embedded.container import Container, ContainerWriter
from indexer.engine.embedded.whoosh.catalog import Catalog
from indexer.engine.embedded.whoosh.new_table import write_table


@dataclass
class Pack:
    """What a segment file holds, to be changed and written again."""

    path: Path
    meta: dict[str, Any]
    sections: dict[str, npt.NDArray[Any]]

    @classmethod
    def read(cls, path: Path) -> Pack:
        container = Container(path)
        sections = {name: one.values.copy() for name, one in container.sections.items()}
        return cls(path, dict(container.meta), sections)

    def write(self) -> bytes:
        """Write the file anew; its digest."""
        self.path.unlink()
        with ContainerWriter(self.path, self.meta) as out:
            for name, values in self.sections.items():
                out.add(name, values)
        return out.digest


def forge_table(folder: Path, path: Path, digest: bytes, *, documents: int | None = None) -> None:
    """Make the table of contents name the file as it is now, so that opening takes it."""
    generation = Catalog(folder).read_tables()
    for segment in generation.segments:
        if segment.file_name == path.name:
            segment.set_digest(digest)
            if documents is not None:
                segment.set_doc_count(documents)
    Catalog(folder).table_path(generation.number).unlink()
    write_table(folder, generation.segments, generation.number)
