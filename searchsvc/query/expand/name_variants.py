"""``soeharto`` for ``suharto``: other spellings of names and old spellings of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.language.name_spellings import variants
from searchsvc.query.expand.slots import Evidence, Slot, Variant

WEIGHT = 0.8
MAX_VARIANTS = 4


def find_name_variants(slots: Sequence[Slot], evidence: Evidence) -> Iterator[Variant]:
    """Other spellings of words that articles write as names."""
    for place, slot in enumerate(slots):
        if slot.documents and evidence.knowledge.is_name(evidence.snapshot, slot.text):
            found = variants(slot.text, evidence.contains)
            for spelling in found[:MAX_VARIANTS]:
                if evidence.knowledge.is_name(evidence.snapshot, spelling):
                    yield Variant(place, place + 1, (spelling,), WEIGHT, "name")
