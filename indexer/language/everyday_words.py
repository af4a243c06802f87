"""Other ways to say a thing: everyday doublets and the short forms of a chat, from our own lists.

What rules of spelling, affixes and compounds cannot join (``judol`` and ``judi online``).
"""

from __future__ import annotations

from functools import lru_cache

from indexer.language.stem_roots import read_rows
from indexer.language.tokens import tokenize

Row = tuple[str, ...]


@lru_cache(maxsize=1)
def load_everyday_words() -> dict[Row, tuple[Row, ...]]:
    """Rows of exact terms, each with the other rows that say the same, in the order of the lists.

    >>> ("judi", "online") in load_everyday_words()[("judol",)]
    True
    >>> ("gk",) in load_everyday_words()[("gak",)], load_everyday_words()[("gk",)]
    (False, (('tidak',),))
    """
    others: dict[Row, tuple[Row, ...]] = {}
    for group in read_rows("everyday_variants.tsv"):
        rows = [_cut(form) for form in group]
        for row in rows:
            others[row] = (*others.get(row, ()), *(other for other in rows if other != row))
    for form, written in read_rows("chat_words.tsv"):
        row = _cut(form)
        others[row] = (*others.get(row, ()), _cut(written))
    return others


@lru_cache(maxsize=1)
def count_longest_row() -> int:
    """How many terms the longest of the rows has."""
    return max(map(len, load_everyday_words()))


def _cut(form: str) -> Row:
    return tuple(token.text for token in tokenize(form))
