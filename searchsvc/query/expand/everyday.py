"""``judi online`` for ``judol``, ``cabai`` for ``cabe``, ``hilang`` for ``ilang``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.engine.base import Form
from indexer.language.everyday_words import count_longest_row, load_everyday_words
from indexer.language.stem_roots import find_spellings, load_lexicon
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.slots import Slot, Variant

WEIGHT = 0.8
SPELLING_WEIGHT = 0.8
#: Short forms of a chat may be those of something else, too, which articles then write as a name.
_SHORT_FORM = 3
#: Words without their ``h`` that are shorter are short forms or names more often.
_SHORTEST_WHOLE = 4
_FAR_MORE = 10


def find_everyday_words(slots: Sequence[Slot], context: SearchContext) -> Iterator[Variant]:
    """Other everyday ways to say rows of the words, those that articles have."""
    others = load_everyday_words()
    texts = tuple(slot.text for slot in slots)
    for start in range(len(texts)):
        for end in range(start + 1, min(start + count_longest_row(), len(texts)) + 1):
            stem = slots[start].stem if end == start + 1 else ""
            if stem and len(texts[start]) <= _SHORT_FORM and context.is_name(texts[start]):
                continue
            for row in others.get(texts[start:end], ()):
                if is_written(row, stem, context):
                    yield Variant(start, end, row, WEIGHT, "everyday")


def find_word_spellings(slots: Sequence[Slot], context: SearchContext) -> Iterator[Variant]:
    """Other spellings of words that have several, and words whose first ``h`` is not said."""
    for place, slot in enumerate(slots):
        for spelling in (*find_spellings(slot.stem), *restore_h(slot, context)):
            if is_written((spelling,), slot.stem, context):
                yield Variant(place, place + 1, (spelling,), SPELLING_WEIGHT, "spelling")


def restore_h(slot: Slot, context: SearchContext) -> Iterator[str]:
    """``hilang`` for ``ilang``: no root, no name, and rare beside the whole word."""
    roots = load_lexicon().roots
    whole = "h" + slot.stem
    if len(whole) <= _SHORTEST_WHOLE or slot.stem in roots or whole not in roots:
        return
    whole_documents = context.count(whole, Form.STEM)
    if slot.stem_documents * _FAR_MORE <= whole_documents and not context.is_name(slot.text):
        yield whole


def is_written(row: tuple[str, ...], stem: str, context: SearchContext) -> bool:
    """Whether articles have the row; a single word in any inflection, unless that is of ``stem``,
    which is asked for already.
    """
    if len(row) > 1:
        return context.count_row(row) > 0
    other = next((other for _, other in context.analyzer.analyse_text(row[0])), row[0])
    return other != stem and (context.count(row[0]) > 0 or context.count(other, Form.STEM) > 0)
