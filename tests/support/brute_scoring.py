"""What score a document has for a query, worked out from all documents each time.

The formulas of :class:`indexer.engine.base.Ranking` as they are written there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from support.brute_matching import Counts, StoredDocument, count, has_alternative, measure_closeness

from indexer.engine.base import (
    Alternative,
    Contribution,
    Form,
    Phrase,
    Prefix,
    Query,
    Ranking,
    Word,
)


@dataclass(frozen=True, slots=True)
class FieldAverages:
    """Mean number of tokens of all documents' titles and bodies."""

    title: float
    body: float


def measure_averages(documents: Sequence[StoredDocument]) -> FieldAverages:
    """The averages over ``documents``; 0 where there are none."""
    size = max(1, len(documents))
    return FieldAverages(
        title=sum(len(stored.title) for stored in documents) / size,
        body=sum(len(stored.body) for stored in documents) / size,
    )


def measure_idf(documents: Sequence[StoredDocument], word: Word) -> float:
    """The word's inverse document frequency, by its most frequent weightiest alternative.

    One without alternatives is in no document.
    """
    greatest = max((alternative.weight for alternative in word.alternatives), default=0.0)
    counts = [
        sum(1 for stored in documents if has_alternative(stored, alternative, word.scope))
        for alternative in word.alternatives
        if alternative.weight == greatest
    ]
    df = max(counts, default=0)
    return log(1 + (len(documents) - df + 0.5) / (df + 0.5))


def measure_frequency(
    counts: Counts, stored: StoredDocument, averages: FieldAverages, ranking: Ranking
) -> float:
    """An alternative's frequency in a document: by field, weighted, for the field's length."""
    frequency = 0.0
    if counts.title:
        length = len(stored.title) / averages.title
        norm = 1 - ranking.title_b + ranking.title_b * length
        frequency += ranking.title_weight * counts.title / norm
    if counts.body:
        length = len(stored.body) / averages.body
        norm = 1 - ranking.body_b + ranking.body_b * length
        weighted = ranking.body_weight * counts.body + ranking.lead_weight * counts.lead
        frequency += weighted / norm
    return frequency


def describe_alternative(alternative: Alternative) -> tuple[str, Form]:
    """How explanations call an alternative: its text, its form."""
    if isinstance(alternative, Prefix):
        return alternative.text + "*", Form.EXACT
    if isinstance(alternative, Phrase):
        text = " ".join("*" if term is None else term.text for term in alternative.terms)
        return text, next(term.form for term in alternative.terms if term is not None)
    return alternative.text, alternative.form


class Scorer:
    """Scores of one query's words over one set of documents."""

    def __init__(self, documents: Sequence[StoredDocument], query: Query) -> None:
        self.ranking = query.ranking
        self.averages = measure_averages(documents)
        self.required = [clause for clause in query.clauses if clause.required]
        self.words = [
            (word, measure_idf(documents, word))
            for clause in query.clauses
            for word in clause.words
            if word.alternatives
        ]

    def explain_words(self, stored: StoredDocument) -> Iterator[Contribution]:
        """One contribution for each alternative of each word that stands in the document."""
        for word, idf in self.words:
            found: list[tuple[Alternative, Counts, float]] = []
            for alternative in word.alternatives:
                counts = count(stored, alternative, word.scope)
                if counts.title + counts.body > 0:
                    frequency = measure_frequency(counts, stored, self.averages, self.ranking)
                    found.append((alternative, counts, alternative.weight * frequency))
            total = sum(frequency for _, _, frequency in found)
            for alternative, counts, frequency in found:
                share = frequency / (self.ranking.k1 + total) if total else 0.0
                term, form = describe_alternative(alternative)
                yield Contribution(
                    typed=word.typed,
                    term=term,
                    rule=alternative.rule,
                    form=form,
                    title_count=counts.title,
                    body_count=counts.body,
                    lead_count=counts.lead,
                    weight=alternative.weight,
                    idf=idf,
                    score=word.boost * idf * share,
                )

    def score_words(self, stored: StoredDocument) -> float:
        """The document's score before recency and proximity."""
        return sum(contribution.score for contribution in self.explain_words(stored))

    @property
    def uses_recency(self) -> bool:
        return self.ranking.recency_half_life_days != 0 and self.ranking.recency_weight != 0

    @property
    def uses_proximity(self) -> bool:
        return self.ranking.proximity_weight != 0 and len(self.required) >= 2

    def measure_recency_gain(self, stored: StoredDocument) -> float:
        """The part of its score that a document gains for being recent."""
        day = stored.document.published_day
        if not self.uses_recency or day is None:
            return 0.0
        age = max(0, self.ranking.recency_from_day - day)
        return self.ranking.recency_weight / (1 + age / self.ranking.recency_half_life_days)

    def measure_proximity_gain(self, stored: StoredDocument) -> float:
        """The part of its score that a document gains for its words standing close together."""
        if not self.uses_proximity:
            return 0.0
        return self.ranking.proximity_weight * measure_closeness(stored, self.required)

    def explain(self, stored: StoredDocument) -> list[Contribution]:
        """Every contribution, with recency and proximity as last rows where they are on."""
        rows = list(self.explain_words(stored))
        score = sum(row.score for row in rows)
        if self.uses_recency:
            gain = self.measure_recency_gain(stored)
            rows.append(explain_gain("recency", gain, score))
            score *= 1 + gain
        if self.uses_proximity:
            rows.append(explain_gain("proximity", self.measure_proximity_gain(stored), score))
        return rows


def explain_gain(rule: str, gain: float, score: float) -> Contribution:
    """The row of an explanation that says what a score gained as a whole."""
    return Contribution("", "", rule, Form.EXACT, 0, 0, 0, weight=gain, idf=0.0, score=gain * score)
