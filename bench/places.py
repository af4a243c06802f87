"""Where the benchmark reads and writes."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results"
#: Corpora and indexes: large, made again when missing.
WORK = RESULTS / "work"


def find_real_articles() -> Path | None:
    """The real articles beside the repository, ``None`` where they are not."""
    default = REPOSITORY.parent / "shared" / "data"
    folder = Path(os.environ.get("SEARCHSVC_SHARED_DATA", default))
    path = folder / "articles" / "articles.jsonl.gz"
    return path if path.is_file() else None


def measure_bytes(path: Path) -> int:
    """Bytes of a file, or of all files below a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
