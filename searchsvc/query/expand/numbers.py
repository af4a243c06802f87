"""How else do articles write numbers, amounts and dates? ``rp 1500000000`` for ``rp 1,5
miliar``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.language.numbers import find_rewritings
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.query_term import QueryTerm, Variant

WEIGHT = 0.8
#: For rules whose result often means something else: a four in a score is not the fourth place.
LOOSE_WEIGHT = 0.4
_LOOSE = frozenset(["number_words", "roman", "scale"])


def rewrite_numbers(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """Alternative notations of the numbers among the words that articles have."""
    texts = [word.text for word in words]
    for row in find_rewritings(texts):
        if context.count_row(row.terms):
            weight = LOOSE_WEIGHT if row.rule in _LOOSE else WEIGHT
            yield Variant(row.start, row.end, row.terms, weight, row.rule)
