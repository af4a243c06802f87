"""Which words complete an unfinished last word? ``percepatan`` for ``percepat``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.language.stem_roots import load_lexicon
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.known_words import is_small
from searchsvc.query.expand.slots import RARE, Slot, Variant

MIN_LETTERS = 3
WEIGHT = 0.9
#: A word that articles have must be rarer than this to be taken for a prefix.
_FREQUENT = 50
#: How many times as frequent the completion of a rare word must be.
FAR_MORE = 30
BESIDE_WEIGHT = 0.3
#: Two words are a collocation if this many articles have them as a phrase. Of the completions of a
#: short word, this many of the most frequent are examined.
_HABIT = 20
_MOST_BEGUN = 12
_SHORTEST_IN_ROW = 2


def complete_last(slots: Sequence[Slot], context: SearchContext) -> Iterator[Variant]:
    """Completions of the last word, if nothing shows that it is finished."""
    for place, slot in enumerate(slots):
        if may_be_begun(slot, context):
            weight = BESIDE_WEIGHT if is_word(slot, context) else WEIGHT
            yield Variant(place, place + 1, (slot.text,), weight, "prefix", guess=True)
        elif place:
            for term in complete_in_row(slots[place - 1], slot, context):
                yield Variant(place, place + 1, (term,), WEIGHT, "prefix")


def complete_in_row(before: Slot, slot: Slot, context: SearchContext) -> Iterator[str]:
    """The completions of the last word that form a collocation with the word before it, if the last
    word itself never does: ``timnas indo``, ``wali ko``.
    """
    text = slot.text
    if not slot.unfinished or len(text) < _SHORTEST_IN_ROW or not text.isalpha():
        return
    if before.documents < _HABIT or context.count_row((before.text, text)):
        return
    for term, documents in context.snapshot.frequent_terms(text, limit=_MOST_BEGUN):
        row = (before.text, term)
        if term != text and documents >= _HABIT and context.count_row(row) >= _HABIT:
            yield term


def may_be_begun(slot: Slot, context: SearchContext) -> bool:
    """Whether the word may be a prefix of others that articles have."""
    if not slot.unfinished or len(slot.text) < MIN_LETTERS or not slot.text.isalpha():
        return False
    if context.acronyms.longs(slot.text):
        return False
    inflected = slot.stem_documents > 0 and slot.stem != slot.text
    if slot.documents >= _FREQUENT or (inflected and slot.documents):
        return False
    # In a small index even a frequent word is in few articles.
    if slot.documents >= RARE and is_small(context) and slot.text in load_lexicon().roots:
        return False
    longer = context.snapshot.frequent_terms(slot.text, limit=2)
    return any(term != slot.text for term, _ in longer)


def is_word(slot: Slot, context: SearchContext) -> bool:
    """Whether the word occurs in its own right: not if hardly any article has it and it is far more
    often the prefix of another, as ``pemerin`` truncated in print.
    """
    if slot.stem_documents >= RARE or not slot.known:
        return slot.known
    (most, documents), *_ = context.snapshot.frequent_terms(slot.text, limit=1)
    return most == slot.text or documents < FAR_MORE * slot.stem_documents
