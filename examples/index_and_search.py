"""Articles in, hits with facets out."""

import tempfile

from searchsvc import Index

ARTICLES = [
    {
        "id": "panen",
        "title": "Petani Karawang Mulai Memanen Padi",
        "body": "KARAWANG - Petani memanen padi lebih awal karena hujan turun tidak menentu.",
        "category": "Ekonomi",
        "published_at": "2026-03-02",
    },
    {
        "id": "tanggul",
        "title": "Tanggul Jebol, Ratusan Rumah Terendam",
        "body": "DEMAK - Ratusan rumah terendam setelah tanggul sungai jebol pada Senin malam.",
        "category": "Nasional",
        "published_at": "2026-03-03",
    },
]

with tempfile.TemporaryDirectory() as folder, Index.open(folder, create=True) as index:
    print(index.add(ARTICLES).added, "articles added")

    answer = index.search("panenan", facets=["category"])
    for hit in answer.hits:
        print(hit.title, "|", hit.place, "|", hit.snippet_html)
    for count in answer.facets["category"]:
        print(f"{count.value}: {count.count}")

    only_national = index.search(category="nasional", from_="2026-03-03")
    print([hit.id for hit in only_national.hits])
