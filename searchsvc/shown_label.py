"""How is a facet's value written for readers, on the page as in the terminal?"""

from __future__ import annotations

from indexer.ingest.facet_values import clean_label
from indexer.schema import LABEL_FACETS

#: Words that stay small in headings.
_SMALL_WORDS = frozenset({"dan", "di", "ke", "dari", "untuk", "yang", "&"})


def show_label(facet: str, value: str) -> str:
    """A facet's value as it is shown, whether cleaned already or as in the article.

    >>> show_label("category", "NEWS / NASIONAL"), show_label("source", "https://www.kompas.com/")
    ('Nasional', 'kompas.com')
    """
    if facet not in LABEL_FACETS:
        # Of a site's own fields: as it is written.
        return value
    label = clean_label(facet, value)
    if facet != "category":
        return label
    words = label.split(" ")
    return " ".join(w if w in _SMALL_WORDS else w[:1].upper() + w[1:] for w in words)
