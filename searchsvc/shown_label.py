"""How is a facet's value displayed, on the page and in the terminal?"""

from __future__ import annotations

from indexer.ingest.facet_values import clean_label
from indexer.schema import LABEL_FACETS

#: Words that stay in lower case in headings.
_SMALL_WORDS = frozenset({"dan", "di", "ke", "dari", "untuk", "yang", "&"})


def show_label(facet: str, value: str) -> str:
    """A facet's value as displayed, whether cleaned already or as in the article.

    >>> show_label("category", "NEWS / NASIONAL"), show_label("source", "https://www.kompas.com/")
    ('Nasional', 'kompas.com')
    """
    if facet not in LABEL_FACETS:
        # Values of a site's own fields are displayed as written.
        return value
    label = clean_label(facet, value)
    if facet != "category":
        return label
    words = label.split(" ")
    return " ".join(w if w in _SMALL_WORDS else w[:1].upper() + w[1:] for w in words)
