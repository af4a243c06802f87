"""Why does a hit have its score? Row by row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indexer.deadline import check_deadline
from indexer.engine.base import Alternative, Contribution, Query, Word
from indexer.engine.contributions import describe_alternative, explain_gain
from indexer.engine.embedded.contents import NO_DAY
from indexer.engine.embedded.native import core
from indexer.engine.embedded.packed_posting import (
    body_counts_of,
    lead_counts_of,
    title_counts_of,
)
from indexer.engine.embedded.resolve import pack_table
from indexer.engine.embedded.room import borrow_room
from indexer.engine.embedded.search import SnapshotSearcher
from indexer.engine.embedded.weighing import SearchedSegment


def explain_hit(
    searcher: SnapshotSearcher, segment: SearchedSegment, document: int, query: Query
) -> list[Contribution]:
    """See :meth:`indexer.engine.base.Snapshot.explain`."""
    rows = [
        row
        for clause in query.clauses
        for word in clause.words
        for row in explain_word(searcher, segment, document, word, query)
    ]
    score = sum(row.score for row in rows)
    ranking = query.ranking
    if ranking.recency_half_life_days and ranking.recency_weight:
        gain = 0.0
        day = int(segment.data.days[document])
        if day != NO_DAY:
            age = max(0, ranking.recency_from_day - day)
            gain = ranking.recency_weight / (1 + age / ranking.recency_half_life_days)
        rows.append(explain_gain("recency", gain, score))
        score *= 1 + gain
    required = [clause for clause in query.clauses if clause.required]
    if ranking.proximity_weight and len(required) >= 2:
        closeness = searcher.measure_closeness(segment, document, required)
        rows.append(explain_gain("proximity", ranking.proximity_weight * closeness, score))
    return rows


def explain_word(
    searcher: SnapshotSearcher, segment: SearchedSegment, document: int, word: Word, query: Query
) -> Iterator[Contribution]:
    """One row for each alternative of ``word`` that occurs in the document."""
    check_deadline()
    ranking = query.ranking
    index = next(n for n, one in enumerate(searcher.segments) if one is segment)
    title_norm, body_norm = searcher.weigher.norms(ranking)[index].values[document].tolist()
    found = []
    for alternative in word.alternatives:
        title, body, lead = count_places(segment, document, alternative, word)
        if title + body == 0:
            continue
        frequency = alternative.weight * (
            ranking.title_weight * title * title_norm
            + (ranking.body_weight * body + ranking.lead_weight * lead) * body_norm
        )
        found.append((alternative, title, body, lead, frequency))
    total = sum(row[-1] for row in found)
    idf = searcher.weigher.measure_idf(searcher.weigher.find_document_frequency(word))
    for alternative, title, body, lead, frequency in found:
        term, form = describe_alternative(alternative)
        share = frequency / (ranking.k1 + total) if frequency else 0.0
        yield Contribution(
            typed=word.typed,
            term=term,
            rule=alternative.rule,
            form=form,
            title_count=title,
            body_count=body,
            lead_count=lead,
            weight=alternative.weight,
            idf=idf,
            score=word.boost * idf * share,
        )


def count_places(
    segment: SearchedSegment, document: int, alternative: Alternative, word: Word
) -> tuple[int, int, int]:
    """The alternative's frequency in the document's title, body and lead."""
    slots = segment.resolver.find_slots(alternative)
    if not slots:
        return 0, 0, 0
    data = segment.data
    posting = np.zeros(1, np.int64)
    table = pack_table([[(slots, word.scope)]])
    with borrow_room() as room:
        workspace = room.for_tokens(data.most_tokens)
        documents = np.array([document], np.uint32)
        core.count_starts(data.packed, table, documents, 1, workspace, posting)
    counts = (title_counts_of(posting), body_counts_of(posting), lead_counts_of(posting))
    title, body, lead = (int(count[0]) for count in counts)
    return title, body, lead
