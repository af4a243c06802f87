"""Indexes without end and says on standard output what each commit made safe. Gets killed."""

from __future__ import annotations

import sys
from pathlib import Path

from support.batches import Draft, build_batch

from indexer.engine.embedded import open_engine


def main() -> None:
    engine = open_engine(Path(sys.argv[1]), create=True)
    first = int(sys.argv[2])
    with engine.writer() as writer:
        for number in range(first, 1_000_000, 20):
            drafts = [
                Draft(f"artikel-{n}", "judul berita", f"isi berita nomor {n} " * 20)
                for n in range(number, number + 20)
            ]
            writer.add(build_batch(drafts))
            writer.commit()
            print(number + 20, flush=True)


if __name__ == "__main__":
    main()
