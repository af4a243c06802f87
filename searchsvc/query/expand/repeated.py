"""Which word is said twice? ``emak2`` is *emak-emak*."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from searchsvc.query.context import SearchContext
from searchsvc.query.expand.query_term import QueryTerm, Variant

WEIGHT = 0.8


def write_out_repeated(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """Words with a 2, as articles write them. The stem does it only for roots of our lexicon, and
    does not tell *tiba-tiba* from *tiba*.
    """
    for place, word in enumerate(words):
        # Of all tokens only these have a 2 behind letters.
        base, two, suffix = word.text.partition("2")
        if two and base.isalpha():
            written = f"{base}-{base}{suffix}"
            if context.contains(written):
                yield Variant(place, place + 1, (written,), WEIGHT, "repeated")
