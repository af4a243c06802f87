"""What the rules are given, and what they give back."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.engine.base import Snapshot
from indexer.language.acronym_table import AcronymTable
from indexer.language.analyzer import Analyzer
from indexer.language.dictionary import Dictionary
from searchsvc.query.knowledge import Knowledge
from searchsvc.query.parts import NOTHING
from searchsvc.query.vocabulary import Vocabulary

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

    ``weight`` is below 1, the weight of what was typed. A ``guess`` stands for the word instead
    of beside it: it is weighed by its own rarity. ``prefix``: words that begin with the one term.
    """

    start: int
    end: int
    terms: tuple[str, ...]
    weight: float
    rule: str
    guess: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What rules may ask of the index. ``without``: parts of understanding that are left out."""

    snapshot: Snapshot
    knowledge: Knowledge
    analyzer: Analyzer
    without: frozenset[str] = NOTHING

    def count(self, term: str) -> int:
        """How many articles have the exact term."""
        return self.knowledge.count_documents(self.snapshot, term)

    def contains(self, term: str) -> bool:
        """Whether articles have the exact term; quicker than counting them."""
        return self.vocabulary.count(term) > 0

    def count_row(self, terms: tuple[str, ...]) -> int:
        """How many articles have the exact terms in a row."""
        if not all(map(self.contains, terms)):
            return 0
        if len(terms) == 1:
            return self.count(terms[0])
        return self.knowledge.count_row(self.snapshot, terms)

    def count_together(self, term: str, stem: str) -> int:
        """How many articles have the exact term and a word of that stem."""
        return self.knowledge.count_together(self.snapshot, term, stem)

    def is_name(self, term: str) -> bool:
        """Whether articles write the term as a name, or the site says that it is one."""
        return term in self.dictionary.names or self.knowledge.is_name(self.snapshot, term)

    @property
    def dictionary(self) -> Dictionary:
        return self.analyzer.dictionary

    @property
    def vocabulary(self) -> Vocabulary:
        return self.knowledge.lookups.vocabulary

    @property
    def label_words(self) -> frozenset[str]:
        """Words of authors, publishers, sections and tags."""
        return self.knowledge.lookups.labels.words

    @property
    def acronyms(self) -> AcronymTable:
        return self.knowledge.lookups.acronyms
