"""A site's own synonyms and names, in a plain file beside its index."""

import tempfile
from pathlib import Path

from searchsvc import Index

DICTIONARY = """\
[synonyms]
motor listrik = molis

[names]
Menawan
"""

with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "dictionary.txt").write_text(DICTIONARY, encoding="utf-8")
    with Index.open(folder, create=True) as index:
        index.add(
            [
                {"id": "1", "title": "Subsidi Molis Diperpanjang", "body": "Subsidi molis lanjut."},
                {"id": "2", "title": "Banjir di Menawan", "body": "Warga Menawan mengungsi."},
                {"id": "3", "title": "Ikan Tawanan", "body": "Nelayan tertawan ombak."},
            ]
        )
        print([hit.id for hit in index.search("motor listrik").hits])
        print([hit.id for hit in index.search("menawan").hits])
