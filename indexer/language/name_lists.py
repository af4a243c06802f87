"""Names and titles known beforehand: our own lists of places, people and titles.

Too few to know every name; what an index learns from letter case
(:mod:`indexer.language.names`) comes on top.
"""

from __future__ import annotations

import re
from functools import lru_cache

from indexer.language.stem_roots import read_rows, read_words

_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def listed_places() -> frozenset[str]:
    """Every word of the listed places, folded: ``bekasi``, ``kutai``, ``kartanegara``."""
    return frozenset(
        word for row in read_rows("places.txt") for word in _WORD.findall(row[0].lower())
    )


@lru_cache(maxsize=1)
def listed_people() -> frozenset[str]:
    """The listed parts of people's names, folded: ``megawati``, ``setiawan``."""
    return frozenset(word.lower() for word in read_words("people.txt"))


@lru_cache(maxsize=1)
def listed_titles() -> frozenset[str]:
    """Titles and degrees, folded and without dots: ``h``, ``dr``, ``sh``, ``letjen``."""
    return frozenset(read_words("titles.txt"))


@lru_cache(maxsize=1)
def listed_names() -> frozenset[str]:
    """Words that are never stemmed: those of places and people."""
    return listed_places() | listed_people()
