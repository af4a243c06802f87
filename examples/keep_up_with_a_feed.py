"""The same articles again: what is new or changed goes in, what is gone goes out."""

import tempfile

from searchsvc import Index

MORNING = [
    {"id": "1", "title": "Harga Cabai Naik", "body": "Harga cabai naik menjelang hari raya."},
    {"id": "2", "title": "Kereta Terlambat", "body": "Kereta ke Solo terlambat dua jam."},
]
EVENING = [
    {"id": "1", "title": "Harga Cabai Turun Lagi", "body": "Harga cabai turun sore ini."},
    {"id": "3", "title": "Hujan Lebat di Bogor", "body": "Hujan lebat turun sejak siang."},
]


def keep_up(index: Index, articles: list[dict[str, str]]) -> None:
    done = index.add(articles)
    here = {article["id"] for article in articles}
    deleted = index.delete([article.id for article in index if article.id not in here])
    print(f"{done.added} new, {done.updated} changed, {done.unchanged} as before, {deleted} gone")


with tempfile.TemporaryDirectory() as folder, Index.open(folder, create=True) as index:
    keep_up(index, MORNING)
    keep_up(index, EVENING)
    keep_up(index, EVENING)
    print([hit.title for hit in index.search("cabai").hits])
