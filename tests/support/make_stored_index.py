"""Writes the small index that tests open for each format: python -m support.make_stored_index.

Run from ``tests/`` when the format number rises; older folders stay as they are.
"""

from __future__ import annotations

from pathlib import Path

from support.batches import Draft, build_batch

from indexer.engine.embedded import open_engine
from indexer.engine.embedded.container import FORMAT

DATA = Path(__file__).parent.parent / "data"

FIRST = [
    Draft(
        "berita-1",
        "polisi me-nangkap pencuri",
        "polisi me-nangkap dua pencuri di pasar pagi kemarin",
        {"category": ("Hukum",), "tags": ("polisi", "pasar"), "source": ("kabarnusa.example",)},
        day=19_193,
        lead=4,
    ),
    Draft("berita-2", "banjir", "banjir me-landa pasar", {"category": ("Daerah",)}, day=19_200),
]
SECOND = [
    Draft("berita-2", "banjir surut", "air banjir di pasar surut", {"category": ("Daerah",)}),
    Draft("berita-3", "tanpa tanggal", "berita tanpa tanggal", {"tags": ("pasar",)}, second=5),
]


def main() -> None:
    folder = DATA / f"index-format-{FORMAT}"
    engine = open_engine(folder, create=True)
    with engine.writer() as writer:
        writer.add(build_batch(FIRST, evidence=[("acronym", "kpk", "komisi", 2)]))
        writer.commit()
        writer.add(build_batch(SECOND))
        writer.commit()
    (folder / "MAIN_WRITELOCK").unlink()


if __name__ == "__main__":
    main()
