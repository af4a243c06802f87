"""Which parts of understanding and ranking a query can be disabled?

To measure the contribution of a part (``searchsvc evaluate --without``); the service uses all of
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.errors import UnknownName

if TYPE_CHECKING:
    from indexer.engine.base import Ranking

#: Nothing is disabled.
NOTHING: frozenset[str] = frozenset()

#: Each part with the effect of disabling it.
PARTS: dict[str, str] = {
    "dictionary": "synonyms that the site's own dictionary gives",
    "acronyms": "short forms for long ones and back",
    "compounds": "words written as one or as two",
    "name_spellings": "other spellings of names",
    "numbers": "other ways to write numbers, amounts and dates",
    "old_spelling": "words in the spelling of before 1972",
    "slang": "words as in a chat: stretched, without vowels",
    "typos": "slips of the finger",
    "by_ear": "foreign words written as they are heard",
    "prefixes": "a last word that is only begun",
    "pasted_titles": "that the name of the site behind a pasted title is no part of it",
    "stems": "inflections of a word: each as typed only",
    "names": "that names have no inflections (the index keeps them whole all the same)",
    "common_words": "that common words and words of a question weigh little",
    "title": "that the title weighs more than the body",
    "lead": "that the lead weighs more than the rest",
    "proximity": "that words near one another rank higher",
    "rerank": "that the best are put in order again by how the words stand in them",
}

#: Names for several parts at once.
GROUPS: dict[str, tuple[str, ...]] = {
    "expansions": (
        *("dictionary", "acronyms", "compounds", "name_spellings", "numbers"),
        *("old_spelling", "slang", "typos", "by_ear", "prefixes", "pasted_titles"),
    ),
}


def read_parts(names: Iterable[str]) -> frozenset[str]:
    """The parts that ``names`` of parts and groups denote. Raises UnknownName.

    >>> sorted(read_parts(["stems", "title"]))
    ['stems', 'title']
    """
    parts: set[str] = set()
    for name in names:
        if name not in PARTS and name not in GROUPS:
            raise UnknownName("part", name, (*PARTS, *GROUPS))
        parts.update(GROUPS.get(name, (name,)))
    return frozenset(parts)


def leave_out(ranking: Ranking, without: Set[str]) -> Ranking:
    """``ranking`` without those of its parts that are in ``without``."""
    if "title" in without:
        ranking = replace(ranking, title_weight=ranking.body_weight)
    if "lead" in without:
        ranking = replace(ranking, lead_weight=0.0)
    if "proximity" in without:
        ranking = replace(ranking, proximity_weight=0.0)
    return ranking
