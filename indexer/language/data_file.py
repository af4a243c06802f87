"""How are the word lists beside the code read?"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "data"


def read_data(name: str) -> str:
    """The text of the file ``name`` in ``indexer/language/data``."""
    return (_FOLDER / name).read_text("utf-8")
