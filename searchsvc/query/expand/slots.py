"""What the rules are given, and what they give back."""

from __future__ import annotations

from dataclasses import dataclass

#: A word that fewer articles have may be a slip of somebody's keyboard, theirs or ours.
RARE = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """A typed word where it stands among the others.

    ``documents`` have it as typed, ``stem_documents`` in any inflection. ``unfinished``: the last
    word typed, with nothing behind it.
    """

    text: str
    stem: str
    documents: int
    stem_documents: int
    unfinished: bool = False

    @property
    def known(self) -> bool:
        """Whether articles have the word in any inflection."""
        return self.documents > 0 or self.stem_documents > 0


@dataclass(frozen=True, slots=True)
class Variant:
    """Slots ``start`` to ``end`` (exclusive) said otherwise: ``terms`` in a row.

    ``weight`` is below 1, the weight of what was typed. A ``guess`` stands for words that begin
    with the one term, instead of the word rather than beside it: it is weighed by its own rarity.
    """

    start: int
    end: int
    terms: tuple[str, ...]
    weight: float
    rule: str
    guess: bool = False


@dataclass(frozen=True, slots=True)
class TypedSlot:
    """A slot and where it is typed, the query's ``[start:end]``. ``understood``: a rule has found
    another way to say it, so that it is a word as it was meant. ``spellings`` are words and rows
    that are found along with it; they may be what was meant, or not.
    """

    slot: Slot
    start: int
    end: int
    understood: bool
    spellings: tuple[tuple[str, ...], ...] = ()
