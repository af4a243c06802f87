"""Which other spellings of a name do articles have? ``soeharto`` for ``suharto``.

Words that differ by a letter are more often two names than one (PSI and PSSI, Bajo and Bayu). They
are joined if our own list has them together; if one is the pre-1972 spelling of the other; or if
both are long, not acronyms, and the articles use them alike: next to the same name (*Valentino
Rosi*, *Valentino Rossi*), or in the same articles. A spelling that only sounds the same weighs
less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.language.name_spellings import (
    are_given_name,
    are_listed_together,
    is_old_spelling,
    list_variants,
    listed_spellings,
    sounds_alike,
)
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.known_words import is_small
from searchsvc.query.expand.query_term import RARE, QueryTerm, Variant

#: A spelling that list, rule or articles show to be of the same name.
WEIGHT = 0.8
#: One that only sounds the same: Adhitya, Aditya. Many people have either spelling, and are often
#: searched by the other.
SOUND_WEIGHT = 0.4
MAX_VARIANTS = 6
#: The cost of reading a word as a misspelt name that sounds like it.
EAR_COST = 0.5
#: Maximum number of spellings looked up for a name, nearest first.
MAX_TRIED = 100
#: Shorter words have too many others one letter away.
MIN_LETTERS = 5
#: Words that occur beside more than this fraction of the articles' words are not informative about
#: a name.
_TELLING_SHARE = 0.01
_TELLING_DOCUMENTS = 20
_MAX_COMPANIONS = 8
#: Evidence that two spellings are one name: at least this many articles have both, or this fraction
#: of the rarer one's.
_TOGETHER = 2
_TOGETHER_SHARE = 0.1


def find_name_variants(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """Other spellings of words that articles write as names, or that are listed as such."""
    for place, word in enumerate(words):
        listed = word.text in listed_spellings()
        if not listed and not (word.documents and is_written_as_name(word.text, context)):
            continue
        weighed = (
            (spelling, weigh_spelling(word.text, spelling, context))
            for spelling in find_spellings(word.text, context)
        )
        # Nearest first; the best attested before the others.
        kept = sorted((row for row in weighed if row[1]), key=lambda row: -row[1])
        for spelling, weight in kept[:MAX_VARIANTS]:
            yield Variant(place, place + 1, (spelling,), weight, "name")


def respell_name(word: str, context: SearchContext, least: int) -> Iterator[tuple[str, float, str]]:
    """(term, cost, rule) of the names that ``word`` may be a phonetic spelling of, *willy* for
    ``wili``, and that at least ``least`` articles have.
    """
    for spelling in find_spellings(word, context):
        if context.count(spelling) >= least and is_written_as_name(spelling, context):
            yield spelling, EAR_COST, "name"


def find_spellings(name: str, context: SearchContext) -> list[str]:
    """Other spellings of ``name`` among the terms."""
    return context.knowledge.recall(
        ("spellings", name),
        lambda: context.snapshot.known_terms(list_variants(name, MAX_TRIED)),
    )


def is_written_as_name(term: str, context: SearchContext) -> bool:
    """Whether articles write the exact term with a capital, and hardly ever without."""
    if context.is_name(term):
        return True
    seen = context.statistics(term)
    return seen.capital > 0 and not seen.lower


def weigh_spelling(name: str, spelling: str, context: SearchContext) -> float:
    """The weight of ``spelling`` for ``name``; 0 without evidence that they are one."""
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
    # In a large index, a word that hardly any article has is a typo.
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
