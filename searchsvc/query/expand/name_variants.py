"""``soeharto`` for ``suharto``: other spellings of a name.

Words that differ by a letter are two names more often than one (PSI and PSSI, Bajo and Bayu). They
are joined where our own list has them together; where one is the other in the spelling of before
1972; or where both are long, no acronyms, and the articles use them alike: next to the same name
(*Valentino Rosi*, *Valentino Rossi*), or in the same articles. What merely sounds the same
weighs less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.language.name_spellings import (
    are_given_name,
    are_listed_together,
    is_old_spelling,
    listed_spellings,
    sounds_alike,
    variants,
)
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.known_words import is_small
from searchsvc.query.expand.slots import RARE, Slot, Variant

#: A spelling that list, rule or articles show to be one of the same name.
WEIGHT = 0.8
#: One that only sounds the same: Adhitya, Aditya. Many people of either spelling, often looked for
#: by the other.
SOUND_WEIGHT = 0.4
MAX_VARIANTS = 6
#: What it costs to take a word for a misspelt name that sounds like it.
EAR_COST = 0.5
#: Spellings looked up for a name, nearest first.
MAX_TRIED = 100
#: Shorter words have too many others a letter away.
MIN_LETTERS = 5
#: Words that stand beside more than this part of the articles' words say nothing of a name.
_TELLING_SHARE = 0.01
_TELLING_DOCUMENTS = 20
_MAX_COMPANIONS = 8
#: Articles that have both spellings show that they are one: so many, this part of the rarer one's.
_TOGETHER = 2
_TOGETHER_SHARE = 0.1


def find_name_variants(slots: Sequence[Slot], context: SearchContext) -> Iterator[Variant]:
    """Other spellings of words that articles write as names, or that are listed as such."""
    for place, slot in enumerate(slots):
        listed = slot.text in listed_spellings()
        if not listed and not (slot.documents and is_written_as_name(slot.text, context)):
            continue
        weighed = (
            (spelling, weigh_spelling(slot.text, spelling, context))
            for spelling in find_spellings(slot.text, context)
        )
        # Nearest first; those the evidence is surest of before the others.
        kept = sorted((row for row in weighed if row[1]), key=lambda row: -row[1])
        for spelling, weight in kept[:MAX_VARIANTS]:
            yield Variant(place, place + 1, (spelling,), weight, "name")


def respell_name(word: str, context: SearchContext, least: int) -> Iterator[tuple[str, float, str]]:
    """(term, cost, rule) of the names that ``word`` may be by ear, *willy* for ``wili``, and that
    at least ``least`` articles have.
    """
    for spelling in find_spellings(word, context):
        if context.count(spelling) >= least and is_written_as_name(spelling, context):
            yield spelling, EAR_COST, "name"


def find_spellings(name: str, context: SearchContext) -> list[str]:
    """Other spellings of ``name`` among the terms."""
    tried = 0

    def contains(spelling: str) -> bool:
        nonlocal tried
        tried += 1
        return tried <= MAX_TRIED and context.contains(spelling)

    return context.knowledge.recall(("spellings", name), lambda: variants(name, contains))


def is_written_as_name(term: str, context: SearchContext) -> bool:
    """Whether articles write the exact term with a capital, and hardly or never without."""
    if context.is_name(term):
        return True
    seen = context.statistics(term)
    return seen.capital > 0 and not seen.lower


def weigh_spelling(name: str, spelling: str, context: SearchContext) -> float:
    """The weight of ``spelling`` for ``name``; 0 where nothing shows that they are one."""
    if are_listed_together(name, spelling):
        return WEIGHT
    if not is_written_as_name(spelling, context):
        return 0.0
    given = are_given_name(name, spelling)
    if min(len(name), len(spelling)) < MIN_LETTERS and not given:
        return 0.0
    if context.usage(name).in_capitals or context.usage(spelling).in_capitals:
        return 0.0
    if is_old_spelling(name, spelling):
        return WEIGHT
    # In a large index what hardly an article has is a slip of somebody's finger.
    if context.count(spelling) < RARE and not is_small(context):
        return 0.0
    if are_used_alike(name, spelling, context):
        return WEIGHT
    return SOUND_WEIGHT if given or sounds_alike(name, spelling) else 0.0


def are_used_alike(one: str, other: str, context: SearchContext) -> bool:
    """Whether articles have the two words next to the same name, or often together."""
    rarer, commoner = sorted((one, other), key=context.count)
    together = context.count_together(rarer, commoner)
    if together >= max(_TOGETHER, _TOGETHER_SHARE * context.count(rarer)):
        return True
    most = max(_TELLING_DOCUMENTS, _TELLING_SHARE * context.snapshot.document_count())
    names = [row for row in context.usage(rarer).companions if is_written_as_name(row[1], context)]
    for side, companion in names[:_MAX_COMPANIONS]:
        if context.count(companion) <= most and companion not in (one, other):
            row = (companion, commoner) if side < 0 else (commoner, companion)
            if context.count_row(row):
                return True
    return False
