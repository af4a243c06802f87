"""Which words do chat spellings mean? ``bgt``, ``semangaaat``, ``trjebak``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchsvc.query.context import SearchContext
from searchsvc.query.expand.typos import find_slips

#: Words of two letters are short forms.
MIN_LETTERS = 3
STRETCHED_COST = 0.2
#: The cost of missing vowels: the first, and each further one.
DROPPED_COST = 0.6
_EACH_DROPPED = 0.3

_RUN = re.compile(r"(.)\1+")
_LONG_RUN = re.compile(r"(.)\1{2,}")


def respell_chat(
    word: str, context: SearchContext, least: int = 1
) -> Iterator[tuple[str, float, str]]:
    """(term, cost, rule) of the words that ``word`` may abbreviate or stretch and that at least
    ``least`` articles have.
    """
    if len(word) < MIN_LETTERS:
        return
    yield from _shorten_stretched(word, context, least)
    for term in context.vowelled_terms(word):
        yield term, DROPPED_COST + _EACH_DROPPED * (len(term) - len(word)), "vowels"


def _shorten_stretched(
    word: str, context: SearchContext, least: int
) -> Iterator[tuple[str, float, str]]:
    """Stretched letters: reduced to one if repeated, or to two if repeated more often."""
    for shortened in dict.fromkeys((_RUN.sub(r"\1", word), _LONG_RUN.sub(r"\1\1", word))):
        if shortened == word or len(shortened) < 2:
            continue
        if context.contains(shortened):
            yield shortened, STRETCHED_COST, "stretched"
        elif len(word) - len(shortened) > 1:
            for term, cost, rule in find_slips(shortened, context, least):
                yield term, cost + STRETCHED_COST, rule
