"""Words as people type them in a chat: ``bgt``, ``semangaaat``, ``trjebak``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchsvc.query.expand.slots import Evidence
from searchsvc.query.expand.typos import find_slips
from searchsvc.query.vocabulary import Vocabulary

STRETCHED_COST = 0.2
#: Vowels left out: a first and then each.
DROPPED_COST = 0.6
_EACH_DROPPED = 0.3

_RUN = re.compile(r"(.)\1+")
_LONG_RUN = re.compile(r"(.)\1{2,}")


def respell_chat(word: str, evidence: Evidence) -> Iterator[tuple[str, float, str]]:
    """(term, cost, rule) of the words that ``word`` may be short or long for."""
    yield from _shorten_stretched(word, evidence)
    for term, dropped in evidence.vocabulary.recall(Vocabulary.find_with_vowels, word):
        yield term, DROPPED_COST + _EACH_DROPPED * dropped, "vowels"


def _shorten_stretched(word: str, evidence: Evidence) -> Iterator[tuple[str, float, str]]:
    """Letters said long: once where they stand twice or more, or twice where more often."""
    for shortened in dict.fromkeys((_RUN.sub(r"\1", word), _LONG_RUN.sub(r"\1\1", word))):
        if shortened == word or len(shortened) < 2:
            continue
        if evidence.contains(shortened):
            yield shortened, STRETCHED_COST, "stretched"
        elif len(word) - len(shortened) > 1:
            for term, cost, rule in find_slips(shortened, evidence):
                yield term, cost + STRETCHED_COST, rule
