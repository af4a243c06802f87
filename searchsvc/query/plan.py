"""From the parts of a query to what the engine is asked: terms with weights, filters, dates."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date

from indexer.engine.base import (
    Alternative,
    Clause,
    DateFilter,
    FacetRequest,
    Form,
    LabelFilter,
    Phrase,
    Prefix,
    Query,
    Ranking,
    Snapshot,
    Sort,
    Term,
    Word,
)
from indexer.language.analyzer import Analyzer
from indexer.language.stopwords import load_stopwords
from indexer.language.tokens import Token
from searchsvc.query.knowledge import Knowledge
from searchsvc.query.labels import choose_labels, find_labels
from searchsvc.query.parse import FACET_NAMES, Item, ParsedQuery, TypedPhrase, TypedWord
from searchsvc.query.periods import count_days
from searchsvc.query.ranking import DEFAULT_RANKING, EXACT_WEIGHT
from searchsvc.request import Note, SearchRequest

#: Facet values counted for a request; the selected ones come on top of these.
FACET_LIMIT = 20

_SORTS = {"relevance": Sort.RELEVANCE, "newest": Sort.NEWEST, "oldest": Sort.OLDEST}
_FACET_LABELS = {facet: name for name, facet in reversed(FACET_NAMES.items())}

AnalysedToken = tuple[Token, str]


@dataclass(slots=True)
class Plan:
    """``words`` are those worth marking in a hit. ``selected`` maps a facet to the labels that the
    query filters by. ``notes`` say what the plan did that was not typed.
    """

    query: Query
    words: tuple[Word, ...]
    selected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def plan_query(
    parsed: ParsedQuery,
    request: SearchRequest,
    *,
    snapshot: Snapshot,
    knowledge: Knowledge,
    analyzer: Analyzer,
    ranking: Ranking = DEFAULT_RANKING,
) -> Plan:
    """What to ask the engine for ``parsed`` and the rest of ``request``.

    Every word is wanted; common words only add to the score, unless there is nothing else.
    """
    planner = _Planner(parsed, snapshot, knowledge, analyzer)
    clauses = planner.plan_clauses()
    filters, selected = planner.plan_filters(request)
    return Plan(
        Query(
            clauses=clauses,
            excluded=planner.plan_excluded(),
            filters=filters,
            facets=tuple(
                FacetRequest(name, limit=FACET_LIMIT, interval=request.interval)
                for name in request.facets
            ),
            sort=_SORTS[request.sort],
            offset=(request.page - 1) * request.per_page,
            limit=request.per_page,
            ranking=ranking,
        ),
        words=choose_marked(clauses),
        selected=selected,
        notes=planner.notes,
    )


def choose_marked(clauses: tuple[Clause, ...]) -> tuple[Word, ...]:
    """The words of the clauses that count; where none does, of all."""
    required = [clause for clause in clauses if clause.required] or clauses
    return tuple(word for clause in required for word in clause.words)


class _Planner:
    """One query's planning: the parts, and what may be asked about them."""

    def __init__(
        self,
        parsed: ParsedQuery,
        snapshot: Snapshot,
        knowledge: Knowledge,
        analyzer: Analyzer,
    ) -> None:
        self.parsed = parsed
        self.snapshot = snapshot
        self.knowledge = knowledge
        self.notes: list[Note] = []
        # All at once: the analyser's cost is by call more than by word.
        self.tokens = analyzer.analyse_text(parsed.text) if parsed.groups or parsed.excluded else []
        self.starts = [token.start for token, _ in self.tokens]

    def find_tokens(self, item: Item) -> list[AnalysedToken]:
        """The tokens of an item."""
        first = bisect_left(self.starts, item.start)
        return self.tokens[first : bisect_left(self.starts, item.end, first)]

    def plan_clauses(self) -> tuple[Clause, ...]:
        """A clause for each group that holds a word, in order."""
        clauses: list[Clause] = []
        for group in self.parsed.groups:
            words: list[Word] = []
            matters = False
            for item in group:
                tokens = self.find_tokens(item)
                if tokens:
                    words.extend(self.build_words(item, tokens))
                    matters = matters or not self.is_common(item, tokens)
            if len(group) == 1:
                clauses.extend(Clause((word,), required=matters) for word in words)
            elif words:
                clauses.append(Clause(tuple(words), required=matters))
        if clauses and not any(clause.required for clause in clauses):
            clauses = [Clause(clause.words) for clause in clauses]
        return tuple(clauses)

    def plan_excluded(self) -> tuple[Clause, ...]:
        """A clause for each item that must not be there. An exclusion is taken at its word: the
        word in every inflection, but nothing that only resembles it.
        """
        clauses = []
        for item in self.parsed.excluded:
            tokens = self.find_tokens(item)
            if tokens:
                clauses.append(Clause(tuple(self.build_words(item, tokens))))
        return tuple(clauses)

    def is_common(self, item: Item, tokens: list[AnalysedToken]) -> bool:
        return (
            isinstance(item, TypedWord)
            and not item.prefix
            and all(token.text in load_stopwords() for token, _ in tokens)
        )

    def build_words(self, item: Item, tokens: list[AnalysedToken]) -> list[Word]:
        """The words for one item: one; but where what the analyser takes apart (``20/7/2022``)
        stands nowhere in a row, one for each part.
        """
        if isinstance(item, TypedPhrase):
            return [Word(item.text, (build_exact(tokens),), item.scope)]
        if item.prefix:
            return [Word(item.text + "*", (build_prefix(tokens),), item.scope)]
        if len(tokens) == 1:
            return [Word(item.text, self.build_typed(*tokens[0]), item.scope)]
        phrase = Phrase(tuple(Term(stem, Form.STEM) for _, stem in tokens))
        if self.knowledge.count_phrase(self.snapshot, phrase):
            return [Word(item.text, (phrase,), item.scope)]
        return [
            Word(token.text, self.build_typed(token, stem), item.scope) for token, stem in tokens
        ]

    def build_typed(self, token: Token, stem: str) -> tuple[Alternative, ...]:
        """A word in all its inflections, and, on top, as typed. A name is itself first: it has no
        inflections, and articles indexed before it was known for one keep it under another stem.
        """
        if self.knowledge.is_name(self.snapshot, token.text):
            return (
                Term(token.text, Form.EXACT, 1.0, "name"),
                Term(token.text, Form.STEM, EXACT_WEIGHT, "name"),
            )
        return (
            Term(stem, Form.STEM, 1.0, "stem"),
            Term(token.text, Form.EXACT, EXACT_WEIGHT, "typed"),
        )

    def plan_filters(
        self, request: SearchRequest
    ) -> tuple[tuple[LabelFilter | DateFilter, ...], dict[str, tuple[str, ...]]]:
        """The filters of request and typed query together, and the labels they select."""
        filters: list[LabelFilter | DateFilter] = []
        selected: dict[str, tuple[str, ...]] = {}

        def add(facet: str, labels: tuple[str, ...], exclude: bool) -> None:
            filters.append(LabelFilter(facet, labels, exclude))
            if not exclude:
                selected[facet] = tuple(dict.fromkeys((*selected.get(facet, ()), *labels)))

        for facet, values in request.filters.items():
            add(facet, choose_labels(self.knowledge, self.snapshot, facet, values), False)
        for typed in self.parsed.filters:
            labels = find_labels(self.knowledge, self.snapshot, typed.facet, typed.label)
            if not labels:
                self.note_unknown_label(typed.facet, typed.label)
                if typed.exclude:
                    continue
                labels = (typed.label,)
            add(typed.facet, labels, typed.exclude)
        days = plan_days(self.parsed, request)
        if days is not None:
            filters.append(days)
        return tuple(filters), selected

    def note_unknown_label(self, facet: str, label: str) -> None:
        name = _FACET_LABELS[facet]
        self.notes.append(Note("unknown_label", f"Tidak ada artikel dengan {name} “{label}”."))


def build_exact(tokens: list[AnalysedToken]) -> Alternative:
    """The words exactly as typed, in a row."""
    terms = tuple(Term(token.text, Form.EXACT) for token, _ in tokens)
    return terms[0] if len(terms) == 1 else Phrase(terms)


def build_prefix(tokens: list[AnalysedToken]) -> Alternative:
    """Words that begin so. Of ``Jawa-Ba*`` the last part is the beginning of a word, and the
    engine knows no prefixes in phrases: the last part is asked for alone.
    """
    return Prefix(tokens[-1][0].text)


def plan_days(parsed: ParsedQuery, request: SearchRequest) -> DateFilter | None:
    """The days that both the typed query and the request's ``from`` and ``to`` allow."""
    firsts = [parsed.first_day, _read_iso(request.date_from)]
    lasts = [parsed.last_day, _read_iso(request.date_to)]
    first = max((day for day in firsts if day is not None), default=None)
    last = min((day for day in lasts if day is not None), default=None)
    if first is None and last is None:
        return None
    return DateFilter(
        None if first is None else count_days(first), None if last is None else count_days(last)
    )


def _read_iso(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
