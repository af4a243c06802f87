"""``soeharto`` for ``suharto``: other spellings of names and old spellings of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.language.name_spellings import listed_spellings, variants
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.slots import Slot, Variant
from searchsvc.query.vocabulary import Vocabulary

WEIGHT = 0.8
MAX_VARIANTS = 4
#: Spellings looked up for a name, nearest first.
MAX_TRIED = 100


def find_name_variants(slots: Sequence[Slot], context: SearchContext) -> Iterator[Variant]:
    """Other spellings of words that articles write as names, or that are listed as such."""
    for place, slot in enumerate(slots):
        is_name = slot.documents and context.is_name(slot.text)
        if is_name or slot.text in listed_spellings():
            for spelling in context.vocabulary.recall(find_spellings, slot.text):
                if spelling in listed_spellings() or context.is_name(spelling):
                    yield Variant(place, place + 1, (spelling,), WEIGHT, "name")


def find_spellings(vocabulary: Vocabulary, name: str) -> list[str]:
    """Other spellings of ``name`` among the terms."""
    tried = 0

    def contains(spelling: str) -> bool:
        nonlocal tried
        tried += 1
        return tried <= MAX_TRIED and vocabulary.count(spelling) > 0

    return variants(name, contains)[:MAX_VARIANTS]
