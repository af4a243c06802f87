"""What is in an index, without opening it? Read from its table of contents alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexer.engine.embedded.whoosh.catalog import Catalog
from indexer.errors import IndexCorrupt, IndexNotFound, IndexUnreadable

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """``committed_at``: seconds since 1970-01-01 UTC; ``bytes``: of the segments."""

    generation: int
    articles: int
    segments: int
    bytes: int
    committed_at: float


def read_figures(folder: Path) -> Figures:
    """The figures of the newest generation. Raises IndexNotFound, IndexOutdated, IndexCorrupt,
    IndexUnreadable.
    """
    catalog = Catalog(folder)
    try:
        for _ in range(_ATTEMPTS):
            try:
                return _read(catalog)
            except FileNotFoundError:
                continue  # A commit removed a file in the meantime.
    except OSError as error:
        raise IndexUnreadable(str(error.filename or folder), error.strerror or "") from error
    if catalog.latest_number() is None:
        raise IndexNotFound(str(folder))
    raise IndexCorrupt(str(folder), "a file that its table of contents names is missing")


def _read(catalog: Catalog) -> Figures:
    generation = catalog.read()
    files = [catalog.folder / one.file_name for one in generation.segments]
    return Figures(
        generation.number,
        sum(one.doc_count() for one in generation.segments),
        len(files),
        sum(file.stat().st_size for file in files),
        catalog.table_path(generation.number).stat().st_mtime,
    )
