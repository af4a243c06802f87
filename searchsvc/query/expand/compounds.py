"""How are compounds joined and split? ``kerjasama`` for ``kerja sama``, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.language.stopwords import load_stopwords
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.query_term import QueryTerm, Variant
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
