"""How is a facet's value displayed, on the page and in the terminal?"""

from __future__ import annotations

from indexer.ingest.facet_values import clean_label
from indexer.schema import LABEL_FACETS

#: Words that stay in lower case in headings.
_SMALL_WORDS = frozenset({"dan", "di", "ke", "dari", "untuk", "yang", "&"})
#: Words of sections that are not written as others, by their lower case.
_WRITTEN = {
    word.lower(): word
    for word in (
        *("TV", "AI", "IT", "MotoGP", "F1", "NBA", "UFC", "MMA", "UMKM", "BUMN", "BUMD", "IHSG"),
        *("TNI", "DPR", "DPRD", "DPD", "MPR", "KPK", "KPU", "MK", "ASN", "PNS", "CPNS", "WNI"),
        *("RI", "DKI", "DIY", "NTB", "NTT", "IKN", "PON", "KTT", "HUT", "CSR", "ESG", "MPASI"),
    )
}


def show_label(facet: str, value: str) -> str:
    """A facet's value as displayed, whether cleaned already or as in the article.

    >>> show_label("category", "NEWS / NASIONAL"), show_label("source", "https://www.kompas.com/")
    ('Nasional', 'kompas.com')
    >>> show_label("category", "tv dan film")
    'TV dan Film'
    """
    if facet not in LABEL_FACETS:
        # Values of a site's own fields are displayed as written.
        return value
    label = clean_label(facet, value)
    if facet != "category":
        return label
    words = label.split(" ")
    return " ".join(
        w if w in _SMALL_WORDS else _WRITTEN.get(w) or w[:1].upper() + w[1:] for w in words
    )
