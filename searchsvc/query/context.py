"""What may query understanding look up? One generation of the index, and the language.

Created once per request and passed from parsing to notes, so that every step sees the same articles
and looks nothing up twice.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date

from indexer.calendar import find_today
from indexer.engine.base import Engine, Form, NearTerm, Snapshot, Term, TermStatistics
from indexer.language.acronym_table import AcronymTable
from indexer.language.analyzer import Analyzer
from indexer.language.dictionary import Dictionary
from indexer.language.tokens import Token
from indexer.own_fields.declaration import NO_FIELDS, OwnFields
from searchsvc.query.knowledge import Found, Knowledge, make_row, recall_knowledge
from searchsvc.query.label_table import LabelTable
from searchsvc.query.parts import NOTHING
from searchsvc.query.usage import WordUsage

AnalysedToken = tuple[Token, str]


@dataclass(frozen=True, slots=True)
class SearchContext:
    """``knowledge`` memoises lookups in ``snapshot``'s generation. ``without``: parts of
    understanding to disable (:data:`searchsvc.query.parts.PARTS`). ``today`` is the day that
    *kemarin* counts from. ``fields`` are the site's own; facets have the engines' names here.
    """

    snapshot: Snapshot
    knowledge: Knowledge
    analyzer: Analyzer
    without: frozenset[str] = NOTHING
    today: date = field(default_factory=find_today)
    fields: OwnFields = NO_FIELDS

    def analyse(self, text: str) -> list[AnalysedToken]:
        """The tokens of ``text`` with their stems, in order; words that the articles write as names
        stay whole.
        """

        def find_names(terms: Sequence[str], *_: object) -> set[str]:
            return {term for term in terms if self.is_name(term)}

        return self.analyzer.analyse_text(text, find_names=find_names)

    def stems(self, word: str) -> tuple[str, ...]:
        """The stems of the tokens of ``word``, usually one."""
        key = ("stems", word, self.analyzer, "names" in self.without)
        return self.knowledge.recall(key, lambda: tuple(stem for _, stem in self.analyse(word)))

    def recall_query(
        self, text: str, key: tuple[Hashable, ...], find: Callable[[], Found]
    ) -> Found:
        """``find()``, which depends on this context, ``text``, a whole query, and ``key`` alone,
        remembered for the queries of a generation that were asked last. The result must not be
        modified.
        """
        known = self.knowledge
        state = (self.analyzer, known.lookups, self.without, self.today)
        return known.recall_query(text, (text, *key, *state), find)

    def statistics(self, term: str, form: Form = Form.EXACT) -> TermStatistics:
        """The term statistics: how often the term occurs, and in which letter case."""
        return self.knowledge.statistics(self.snapshot, term, form)

    def count(self, term: str, form: Form = Form.EXACT) -> int:
        """The document frequency of the term."""
        return self.knowledge.count_documents(self.snapshot, term, form)

    def contains(self, term: str) -> bool:
        """Whether any article has the exact term."""
        return self.count(term) > 0

    def near_terms(self, word: str, edits: int) -> list[NearTerm]:
        """The terms one to ``edits`` edits from ``word``, nearest first, then most frequent."""
        return self.knowledge.recall(
            ("near", word, edits), lambda: self.snapshot.near_terms(word, edits)
        )

    def vowelled_terms(self, word: str) -> list[str]:
        """The terms that ``word`` becomes when vowels are inserted."""
        return self.knowledge.recall(("vowels", word), lambda: self.snapshot.vowelled_terms(word))

    def count_row(self, terms: tuple[str, ...], form: Form = Form.EXACT) -> int:
        """How many articles have the terms as a phrase."""
        if form is Form.EXACT and not all(map(self.contains, terms)):
            return 0
        if len(terms) == 1:
            return self.count(terms[0], form)
        return self.knowledge.count_row(self.snapshot, terms, form)

    def has_row(self, terms: tuple[str, ...], least: int) -> bool:
        """Whether at least ``least`` articles (one or more) have the exact terms as a phrase."""
        return min(map(self.count, terms)) >= least and self.count_row(terms) >= least

    def count_together(self, term: str, other: str, form: Form = Form.STEM) -> int:
        """How many articles have both the exact term and the other, in any inflection."""
        return self.knowledge.count_having(self.snapshot, Term(term, Form.EXACT), Term(other, form))

    def is_name(self, term: str) -> bool:
        """Whether the exact term is a name, according to the site's dictionary or else to its
        letter case.
        """
        if "names" in self.without or term in self.dictionary.stems:
            return False
        return term in self.dictionary.names or self.knowledge.is_name(self.snapshot, term)

    def count_row_with(self, terms: tuple[str, ...], stem: str) -> int:
        """How many articles have the terms as a phrase, and a word of that stem."""
        return self.knowledge.count_having(self.snapshot, make_row(terms), Term(stem, Form.STEM))

    def count_rows_together(self, *rows: tuple[str, ...]) -> int:
        """How many articles have all the phrases."""
        return self.knowledge.count_having(self.snapshot, *map(make_row, rows))

    def usage(self, term: str) -> WordUsage:
        """How articles use the exact term: whether in capitals, and beside which names."""
        return self.knowledge.usage(self.snapshot, term)

    def labels(self, facet: str) -> dict[str, list[str]]:
        """The facet's labels by folded form, most frequent first."""
        return self.knowledge.labels(self.snapshot, facet)

    @property
    def dictionary(self) -> Dictionary:
        return self.analyzer.dictionary

    @property
    def acronyms(self) -> AcronymTable:
        return self.knowledge.lookups.acronyms

    @property
    def label_table(self) -> LabelTable:
        return self.knowledge.lookups.labels


def open_context(
    engine: Engine,
    snapshot: Snapshot,
    *,
    analyzer: Analyzer,
    without: frozenset[str] = NOTHING,
    today: date | None = None,
) -> SearchContext:
    """The context of a request to ``engine``, answered from ``snapshot``."""
    return SearchContext(
        snapshot,
        recall_knowledge(engine, snapshot),
        analyzer,
        without,
        today or find_today(),
        engine.fields,
    )
