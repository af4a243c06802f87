"""What do the rules receive, and what do they return?"""

from __future__ import annotations

from dataclasses import dataclass

#: A word that fewer articles have may be a typo, theirs or the user's.
RARE = 3


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A typed word in its position among the others.

    ``documents`` have it as typed, ``stem_documents`` in any inflection. ``unfinished``: the last
    word typed, with nothing after it. Its span in the query is ``[start:end]``. What rules found is
    added after they have run. ``bound``: an operator holds of this word alone, ``judul:kata`` or
    ``kata atau lain``. ``understood``: a variant, so it is a word as intended.
    ``spellings``: words and phrases that are searched along with it; they may or may not be what
    was meant.
    """

    text: str
    stem: str
    documents: int
    stem_documents: int
    unfinished: bool = False
    start: int = 0
    end: int = 0
    bound: bool = False
    understood: bool = False
    spellings: tuple[tuple[str, ...], ...] = ()

    @property
    def known(self) -> bool:
        """Whether articles have the word in any inflection."""
        return self.documents > 0 or self.stem_documents > 0


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant of words ``start`` to ``end`` (exclusive): consecutive ``terms``.

    ``weight`` is below 1, the weight of the typed word. A ``guess`` is a prefix, searched instead
    of the word rather than beside it: it is weighed by its own rarity.
    """

    start: int
    end: int
    terms: tuple[str, ...]
    weight: float
    rule: str
    guess: bool = False
