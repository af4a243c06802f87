"""Which modern words are meant in the spelling of before 1972 (``tj``, ``dj``, ``nj``, ``sj``,
``ch``, ``j``) or before 1947 (``oe``)? ``poetoesan`` for ``putusan``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from indexer.language.name_spellings import SPELLING_REFORM
from searchsvc.query.context import SearchContext

COST = 0.1

_CHANGES = dict(SPELLING_REFORM)
# Digraphs precede the letters that they contain.
_OLD = re.compile("|".join(sorted(_CHANGES, key=len, reverse=True)))
#: Places where a word may change or not; more would give too many combinations.
_MOST_CHOICES = 4


def respell_old(
    word: str, context: SearchContext, least: int = 1
) -> Iterator[tuple[str, float, str]]:
    """(term, cost, rule) of the new spellings that at least ``least`` articles have.

    ``j`` and ``ch`` may occur in new words, too, and ``oe`` in names: each may change or stay.
    """
    for spelling in modernise(word):
        if context.count(spelling) >= least:
            yield spelling, COST, "old_spelling"


def modernise(word: str) -> list[str]:
    """The new spellings of ``word``, the one with all changes first.

    >>> modernise("tjoetji")
    ['cuci', 'cutji', 'coeci', 'coetji', 'tjuci', 'tjutji', 'tjoeci']
    """
    places = list(_OLD.finditer(word))
    if not places or len(places) > _MOST_CHOICES:
        return [_OLD.sub(lambda match: _CHANGES[match[0]], word)] if places else []
    spellings = []
    for changed in product((True, False), repeat=len(places)):
        done = 0
        parts = []
        for match, change in zip(places, changed, strict=True):
            parts += [word[done : match.start()], _CHANGES[match[0]] if change else match[0]]
            done = match.end()
        spellings.append("".join(parts) + word[done:])
    return [spelling for spelling in spellings if spelling != word]
