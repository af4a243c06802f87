"""An index of one segment with a byte that is not as it was written."""

from __future__ import annotations

from pathlib import Path

from indexer.engine.embedded.container import Container


def damage(folder: Path, section: str, first: int, offsets: str = "") -> None:
    """Alter a byte of item ``first`` of a section, or of the run that it begins."""
    (pack,) = folder.glob("*.pack")
    container = Container(pack)
    at = container[section]._offset
    if offsets:
        low, high = container[offsets].values[first : first + 2].tolist()
        at += (low + high) // 2
    else:
        at += first * container[section].values.itemsize
    with pack.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 8]))
