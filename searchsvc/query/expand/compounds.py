"""How are compounds joined and split? ``kerjasama`` for ``kerja sama``, and back, also with a slip
in one of the two words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from indexer.language.stopwords import load_stopwords
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.query_term import QueryTerm, Variant
from searchsvc.query.expand.typos import weigh_slips
from searchsvc.query.relative_dates import find_relative

WEIGHT = 0.8
#: Minimum length of the parts of a split word.
_SHORTEST_PART = 3
#: Prepositions, articles and the like that people join to the next word.
_SHORT_PARTS = frozenset(["di", "ke", "se", "an", "go", "no", "re", "el", "al", "la"])
#: Demonstratives follow every noun, and belong only to days: ``hari ini``.
_POINTING = frozenset(["ini", "itu"])
#: A joined word this frequent is normally written joined; split, it must be frequent, too.
_SETTLED = 50
_LEAST_SHARE = 0.02
#: Of the articles with the rarer part of a compound, at least this share has the compound.
_COMPOUND_SHARE = 0.1


def join_words(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """Adjacent words that articles also write as one."""
    for place in range(len(words) - 1):
        first, second = words[place].text, words[place + 1].text
        if first.isalpha() and second.isalpha() and len(first) + len(second) > _SHORTEST_PART:
            joined = first + second
            if context.contains(joined):
                yield Variant(place, place + 2, (joined,), WEIGHT, "joined")


def split_words(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """Words that articles also write as two, as a phrase."""
    for place, word in enumerate(words):
        for parts in list_splits(word.text):
            if not all(map(context.contains, parts)):
                continue
            together = context.count_row(parts)
            if (
                together
                and (word.documents < _SETTLED or together >= _LEAST_SHARE * word.documents)
                and stand_by_habit(parts, together, context)
            ):
                yield Variant(place, place + 1, parts, WEIGHT, "split")


def find_joined_slips(
    word: str, context: SearchContext, least: int
) -> Iterator[tuple[tuple[str, str], float]]:
    """(parts, cost) of the compounds that ``word`` is but for one slip, in one part, and that at
    least ``least`` articles have as a phrase: ``kerjsama``.
    """
    for first, second in list_splits(word):
        ways = []
        # One part must be there as typed: two near words would fit anything.
        if len(first) >= _SHORTEST_PART and context.count(second) >= least:
            ways += [(near, second) for near in list_near(first, context, least)]
        if context.count(first) >= least:
            ways += [(first, near) for near in list_near(second, context, least)]
        for parts in ways:
            if is_compound(parts, context, least):
                yield parts, weigh_slips(word, "".join(parts))


def list_near(word: str, context: SearchContext, least: int) -> list[str]:
    """The words one edit away that at least ``least`` articles have."""
    return [near.term for near in context.near_terms(word, 1) if near.documents >= least]


def is_compound(parts: tuple[str, str], context: SearchContext, least: int) -> bool:
    """Whether articles, at least ``least``, have the words as a phrase, and seldom one without the
    other.
    """
    rarer = min(map(context.count, parts))
    least = max(least, ceil(_COMPOUND_SHARE * rarer))
    return load_stopwords().isdisjoint(parts) and context.has_row(parts, least)


def stand_by_habit(parts: tuple[str, str], together: int, context: SearchContext) -> bool:
    """Whether two words that this many articles have as a phrase belong together. Function words
    occur beside any: ``mahal ini`` does not make *mahalini*.
    """
    if parts[1] in _POINTING:
        return any(find_relative(parts, context.today))
    if load_stopwords().isdisjoint(parts) or parts[0] in _SHORT_PARTS:
        return True
    return together >= _LEAST_SHARE * min(map(context.count, parts))


def list_splits(word: str) -> Iterator[tuple[str, str]]:
    """``word`` as two words, in every plausible way.

    >>> ("kerja", "sama") in list(list_splits("kerjasama"))
    True
    """
    if not word.isalpha():
        return
    for place in range(2, len(word) - 1):
        first, second = word[:place], word[place:]
        if (len(first) >= _SHORTEST_PART or first in _SHORT_PARTS) and len(
            second
        ) >= _SHORTEST_PART:
            yield first, second
