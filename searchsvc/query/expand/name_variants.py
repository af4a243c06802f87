"""``soeharto`` for ``suharto``: other spellings of names and old spellings of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.language.name_spellings import variants
from searchsvc.query.expand.slots import Evidence, Slot, Variant

WEIGHT = 0.8
MAX_VARIANTS = 4
#: Spellings looked up for a name, nearest first.
MAX_TRIED = 100


def find_name_variants(slots: Sequence[Slot], evidence: Evidence) -> Iterator[Variant]:
    """Other spellings of words that articles write as names."""
    for place, slot in enumerate(slots):
        if slot.documents and evidence.is_name(slot.text):
            for spelling in find_spellings(slot.text, evidence):
                yield Variant(place, place + 1, (spelling,), WEIGHT, "name")


def find_spellings(name: str, evidence: Evidence) -> list[str]:
    """Other spellings of ``name`` that articles write as names."""
    tried = 0

    def contains(spelling: str) -> bool:
        nonlocal tried
        tried += 1
        return tried <= MAX_TRIED and evidence.contains(spelling)

    found = variants(name, contains)
    return [spelling for spelling in found[:MAX_VARIANTS] if evidence.is_name(spelling)]
