"""Why does a hit have its score? Computed again here, number by number."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.engine.base import Contribution, Query, Ranking, Word
from indexer.engine.contributions import describe_alternative, explain_gain
from indexer.engine.opensearch.documents import Stored
from indexer.engine.opensearch.frequencies import Frequencies
from indexer.engine.opensearch.places import Counts, Finder
from indexer.engine.opensearch.state import Generation


def explain_hit(
    stored: Stored, query: Query, frequencies: Frequencies, generation: Generation
) -> list[Contribution]:
    """See :meth:`indexer.engine.base.Snapshot.explain`."""
    words = [word for clause in query.clauses for word in clause.words]
    idfs = frequencies.measure_idfs(words)
    rows = [
        row
        for word, idf in zip(words, idfs, strict=True)
        for row in _explain_word(stored, word, idf, query.ranking, generation)
    ]
    score = sum(row.score for row in rows)
    ranking = query.ranking
    if ranking.recency_half_life_days and ranking.recency_weight:
        gain = 0.0
        if stored.day is not None:
            age = max(0, ranking.recency_from_day - stored.day)
            gain = ranking.recency_weight / (1 + age / ranking.recency_half_life_days)
        rows.append(explain_gain("recency", gain, score))
        score *= 1 + gain
    required = [clause for clause in query.clauses if clause.required]
    if ranking.proximity_weight and len(required) >= 2:
        (closeness,) = Finder([stored]).measure_closeness(required).tolist()
        rows.append(explain_gain("proximity", ranking.proximity_weight * closeness, score))
    return rows


def _explain_word(
    stored: Stored, word: Word, idf: float, ranking: Ranking, generation: Generation
) -> Iterator[Contribution]:
    """One row for each alternative of ``word`` that occurs in the article."""
    found = []
    finder = Finder([stored])
    for one in word.alternatives:
        counts = finder.count(one, word.scope)
        if counts.title + counts.body:
            frequency = one.weight * _measure_frequency(counts, stored, ranking, generation)
            found.append((one, counts, frequency))
    total = sum(frequency for _, _, frequency in found)
    for one, counts, frequency in found:
        term, form = describe_alternative(one)
        yield Contribution(
            typed=word.typed,
            term=term,
            rule=one.rule,
            form=form,
            title_count=counts.title,
            body_count=counts.body,
            lead_count=counts.lead,
            weight=one.weight,
            idf=idf,
            score=word.boost * idf * frequency / (ranking.k1 + total) if frequency else 0.0,
        )


def _measure_frequency(
    counts: Counts, stored: Stored, ranking: Ranking, generation: Generation
) -> float:
    """The frequency by field, weighted, for the field's length."""
    articles = max(generation.articles, 1)
    frequency = 0.0
    if counts.title:
        length = len(stored.title) * articles / generation.title_tokens
        norm = 1 - ranking.title_b + ranking.title_b * length
        frequency += ranking.title_weight * counts.title / norm
    if counts.body:
        length = len(stored.body) * articles / generation.body_tokens
        norm = 1 - ranking.body_b + ranking.body_b * length
        weighted = ranking.body_weight * counts.body + ranking.lead_weight * counts.lead
        frequency += weighted / norm
    return frequency
