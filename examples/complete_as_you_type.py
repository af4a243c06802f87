"""What somebody who types may go on with."""

import tempfile

from searchsvc import Index

ARTICLES = [
    {"title": f"Harga Beras Naik di {city}", "body": f"Harga beras di pasar {city} naik lagi."}
    for city in ("Bandung", "Semarang", "Makassar")
]

with tempfile.TemporaryDirectory() as folder, Index.open(folder, create=True) as index:
    index.add(ARTICLES)
    for typed in ("har", "harga b", "hraga"):
        print(typed, "->", [one.text for one in index.suggest(typed, limit=3)])
