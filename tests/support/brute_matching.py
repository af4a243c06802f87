"""Where a query's words stand in one document, found by looking at every token.

The specification of matching in :mod:`indexer.engine.base` as plain loops; the other half of the
oracle in :mod:`support.brute_force`. Nothing here is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from indexer.engine.base import (
    AllOf,
    Alternative,
    AnalysedDocument,
    AnyOf,
    Clause,
    DateFilter,
    Filter,
    Form,
    HasFilter,
    IdFilter,
    LabelFilter,
    Not,
    Phrase,
    Prefix,
    RangeFilter,
    Scope,
    Term,
    Word,
)
from indexer.schema import DATE_FACET


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its two forms and its character offset in its own field."""

    exact: str
    stem: str
    start: int


@dataclass(frozen=True, slots=True, eq=False)
class StoredDocument:
    """One document as it was added. Never changed, so generations can share it."""

    document: AnalysedDocument
    title: tuple[Token, ...]
    body: tuple[Token, ...]
    lead_length: int

    @property
    def id(self) -> str:
        return self.document.article.id


@dataclass(frozen=True, slots=True)
class Counts:
    """How often an alternative stands in a document; ``body`` includes ``lead``."""

    title: int
    body: int
    lead: int


def is_token_of(token: Token, term: Term) -> bool:
    """Whether this one token is what the term asks for."""
    return (token.exact if term.form == Form.EXACT else token.stem) == term.text


def find_starts(tokens: tuple[Token, ...], alternative: Alternative) -> list[int]:
    """Positions in one field at which the alternative starts, ascending."""
    if isinstance(alternative, Prefix):
        return [p for p, token in enumerate(tokens) if token.exact.startswith(alternative.text)]
    if isinstance(alternative, Term):
        if alternative.form == Form.EXACT:
            return [p for p, token in enumerate(tokens) if token.exact == alternative.text]
        return [p for p, token in enumerate(tokens) if token.stem == alternative.text]
    if all(term is None for term in alternative.terms):
        return []
    starts = []
    for start in range(len(tokens) - len(alternative.terms) + 1):
        if all(
            term is None or is_token_of(tokens[start + step], term)
            for step, term in enumerate(alternative.terms)
        ):
            starts.append(start)
    return starts


def find_positions(tokens: tuple[Token, ...], alternative: Alternative) -> set[int]:
    """Positions in one field of every token the alternative matches."""
    starts = find_starts(tokens, alternative)
    if not isinstance(alternative, Phrase):
        return set(starts)
    return {
        start + step
        for start in starts
        for step, term in enumerate(alternative.terms)
        if term is not None
    }


def searched_fields(
    stored: StoredDocument, scope: Scope
) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """The tokens of title and body, either empty where ``scope`` leaves it out."""
    title = stored.title if scope in (Scope.ANYWHERE, Scope.TITLE) else ()
    body = stored.body if scope in (Scope.ANYWHERE, Scope.BODY) else ()
    return title, body


@lru_cache(maxsize=200_000)
def count(stored: StoredDocument, alternative: Alternative, scope: Scope) -> Counts:
    """How often the alternative stands in the document, within ``scope``."""
    title, body = searched_fields(stored, scope)
    in_body = find_starts(body, alternative)
    return Counts(
        title=len(find_starts(title, alternative)),
        body=len(in_body),
        lead=sum(1 for position in in_body if position < stored.lead_length),
    )


def has_alternative(stored: StoredDocument, alternative: Alternative, scope: Scope) -> bool:
    """Whether the alternative stands in the document at all, within ``scope``."""
    counts = count(stored, alternative, scope)
    return counts.title + counts.body > 0


def satisfies(stored: StoredDocument, clause: Clause) -> bool:
    """Whether any alternative of any word of the clause stands in the document."""
    return any(
        has_alternative(stored, alternative, word.scope)
        for word in clause.words
        for alternative in word.alternatives
    )


def find_word_positions(stored: StoredDocument, word: Word) -> tuple[set[int], set[int]]:
    """Token positions of the word in title and in body."""
    title, body = searched_fields(stored, word.scope)
    in_title: set[int] = set()
    in_body: set[int] = set()
    for alternative in word.alternatives:
        in_title |= find_positions(title, alternative)
        in_body |= find_positions(body, alternative)
    return in_title, in_body


def find_clause_positions(stored: StoredDocument, clause: Clause) -> tuple[set[int], set[int]]:
    """Token positions of all the clause's words in title and in body."""
    in_title: set[int] = set()
    in_body: set[int] = set()
    for word in clause.words:
        word_in_title, word_in_body = find_word_positions(stored, word)
        in_title |= word_in_title
        in_body |= word_in_body
    return in_title, in_body


def passes(stored: StoredDocument, condition: Filter) -> bool:
    """Whether the document passes one filter, or an expression of filters."""
    if isinstance(condition, AllOf):
        return all(passes(stored, one) for one in condition.filters)
    if isinstance(condition, AnyOf):
        return any(passes(stored, one) for one in condition.filters)
    if isinstance(condition, Not):
        return not passes(stored, condition.filter)
    return passes_simple(stored, condition)


def passes_simple(
    stored: StoredDocument,
    condition: LabelFilter | DateFilter | RangeFilter | HasFilter | IdFilter,
) -> bool:
    document = stored.document
    if isinstance(condition, IdFilter):
        return document.article.id in condition.ids
    if isinstance(condition, HasFilter):
        if condition.column == DATE_FACET:
            return document.published_day is not None
        return bool(document.labels.get(condition.column)) or condition.column in document.values
    if isinstance(condition, LabelFilter):
        labels = stored.document.labels.get(condition.facet, ())
        has_any = any(value in labels for value in condition.values)
        return not has_any if condition.exclude else has_any
    if isinstance(condition, RangeFilter):
        value = stored.document.values.get(condition.column)
        low, high = condition.low, condition.high
        return (
            value is not None and (low is None or value >= low) and (high is None or value <= high)
        )
    day = stored.document.published_day
    if day is None:
        return False
    if condition.first_day is not None and day < condition.first_day:
        return False
    return condition.last_day is None or day <= condition.last_day


def measure_closeness(stored: StoredDocument, required: list[Clause]) -> float:
    """Mean of 1/distance over neighbouring clauses, from 0 to 1. ``Ranking`` has the definition.

    ``required`` must hold two clauses or more.
    """
    positions = [find_clause_positions(stored, clause) for clause in required]
    closenesses = []
    for first, second in pairwise(positions):
        distances = []
        for field_first, field_second in zip(first, second, strict=True):
            for p1 in field_first:
                for p2 in field_second:
                    if p2 > p1:
                        distances.append(p2 - p1)
                    elif p2 < p1:
                        distances.append(p1 - p2 + 1)
                    else:
                        distances.append(1)
        closenesses.append(1 / min(distances) if distances else 0.0)
    return sum(closenesses) / len(closenesses)
