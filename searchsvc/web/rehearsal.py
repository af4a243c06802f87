"""Which requests, between them, load everything that later ones will need?

Lookups are built when first needed. No reader should wait for them, and no query should exceed its
deadline because it was the first of its kind.
"""

from __future__ import annotations

from collections.abc import Iterator

from indexer.engine.base import Snapshot
from indexer.schema import FACETS, LABEL_FACETS
from searchsvc.request import SearchRequest

#: Words for an index that has none yet.
_NO_WORDS = ("kata", "lain")
_SHORTEST_WORD = 4
#: This many of the most frequent terms include two words.
_LOOKED_AT = 200


def list_rehearsals(snapshot: Snapshot) -> Iterator[SearchRequest]:
    """Requests of every kind over frequent words of ``snapshot``."""
    first, second = choose_words(snapshot)
    for q in (
        "",
        first,
        f"{first} {second}",
        f'"{first} {second}"',
        f"{first} atau {second}",
        f"{first} -{second}",
        f"{first[:3]}* {second}",
        f"judul:{first} isi:{second}",
        f"{first} {second} qxqxqxqx",
    ):
        yield SearchRequest(q=q, facets=FACETS, collapse=True, explain=True)
        yield SearchRequest(q=q, sort="newest", date_from="1970-01-01", facets=FACETS)
    for facet in LABEL_FACETS:
        labels = tuple(label for label, _ in snapshot.label_counts(facet)[:2])
        if labels:
            yield SearchRequest(q=first, filters={facet: labels}, facets=FACETS)


def list_beginnings(snapshot: Snapshot) -> Iterator[str]:
    """Partly typed queries of every kind over frequent words of ``snapshot``."""
    first, second = choose_words(snapshot)
    yield from (first[:1], first[:3], first, f"{first} {second[:2]}", f'"{first} ')
    # A typo, and a field.
    yield from (f"{first[:2]}qx", f"{first}q {second[:2]}", "kategori:", "tanggal:")


def choose_words(snapshot: Snapshot) -> tuple[str, str]:
    """Two of the most frequent words, or placeholder words if the index has too few."""
    terms = snapshot.frequent_terms("", limit=_LOOKED_AT)
    words = [term for term, _ in terms if term.isalpha() and len(term) >= _SHORTEST_WORD]
    first, second = (*words, *_NO_WORDS)[:2]
    return first, second
