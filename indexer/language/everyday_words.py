"""How else is this said? Everyday doublets and chat abbreviations, from our own lists.

These cover what rules of spelling, affixes and compounds cannot relate (``judol`` and ``judi
online``).
"""

from __future__ import annotations

from indexer.language.stem_roots import read_rows
from indexer.language.tokens import tokenize
from indexer.loading import loaded_once

Row = tuple[str, ...]


@loaded_once
def load_everyday_words() -> dict[Row, tuple[Row, ...]]:
    """Rows of exact terms, each with the rows that mean the same, in list order.

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
    for row, written in load_chat_words().items():
        others[row] = (*others.get(row, ()), written)
    return others


@loaded_once
def load_chat_words() -> dict[Row, Row]:
    """Chat abbreviations and spoken forms, each with what articles write instead."""
    return {_cut(form): _cut(written) for form, written in read_rows("chat_words.tsv")}


@loaded_once
def load_nearly_same() -> dict[Row, tuple[Row, ...]]:
    """Rows of exact terms, each with rows that mean nearly the same, one way only.

    >>> load_nearly_same()[("bensin",)][0]
    ('bbm',)
    """
    rows = read_rows("everyday_nearly.tsv")
    return {_cut(form): tuple(map(_cut, others)) for form, *others in rows}


@loaded_once
def count_longest_row() -> int:
    """The number of terms in the longest row."""
    return max(map(len, (*load_everyday_words(), *load_nearly_same())))


def _cut(form: str) -> Row:
    return tuple(token.text for token in tokenize(form))
