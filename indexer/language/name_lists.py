"""Which names and titles are known beforehand? Our own lists of places, people and titles.

They cannot cover every name; what an index learns from letter case (:mod:`indexer.language.names`)
adds to them.
"""

from __future__ import annotations

import re

from indexer.language.stem_roots import read_rows, read_words
from indexer.loading import loaded_once

_WORD = re.compile(r"[^\W\d_]+")


@loaded_once
def load_gazetteer() -> dict[str, frozenset[str]]:
    """Every listed place in lower case, with the marks of its row (``region``, ``world`` ...)."""
    return {
        row[0].lower(): frozenset(row[1].split() if len(row) > 1 else ())
        for row in read_rows("places.txt")
    }


@loaded_once
def listed_places() -> frozenset[str]:
    """Every word of the places the stemmer knows, folded: ``bekasi``, ``kutai``."""
    return frozenset(
        word
        for place, marks in load_gazetteer().items()
        if "dateline" not in marks
        for word in _WORD.findall(place)
    )


@loaded_once
def listed_people() -> frozenset[str]:
    """The listed parts of people's names, folded: ``megawati``, ``setiawan``."""
    return frozenset(word.lower() for word in read_words("people.txt"))


@loaded_once
def listed_titles() -> frozenset[str]:
    """Titles and degrees, folded and without dots: ``h``, ``dr``, ``sh``, ``letjen``."""
    return frozenset(read_words("titles.txt"))


@loaded_once
def listed_names() -> frozenset[str]:
    """Words that are never stemmed: those of places and people."""
    return listed_places() | listed_people()
