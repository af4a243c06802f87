"""How many of its words must a hit have? Tiers of hits, each with one word less.

With ``last``, words are dropped from the end of the query, with ``frequency`` the most frequent
first. Hits with more of the words precede all with fewer, so tiers are searched one after another
until there are enough hits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from indexer.engine.base import Clause, Form, Hit, Phrase, Query, SortBy, Term
from searchsvc.meilisearch.searched import Searched
from searchsvc.query.plan import Plan
from searchsvc.query.rerank import search_best

#: Hits requested at a time if some of them may be dropped: more each time, as each finds those
#: before them as well.
_AT_A_TIME: Final = 200
_MOST_AT_A_TIME: Final = 10_000


@dataclass(frozen=True, slots=True)
class Tier:
    """``query`` finds what has exactly the first ``words`` of the required words, ``union`` that
    and what has more; ``share`` is the fraction of words.
    """

    query: Query
    union: Query
    share: float


def list_tiers(query: Query, strategy: str, index: Searched) -> list[Tier]:
    """The tiers of ``query``, the one with all words first."""
    required = [clause for clause in query.clauses if clause.required]
    query = replace(query, minimum=None, few=0, offset=0)
    sorted_first = isinstance(query.sort, SortBy) and sorts_before_words(index.settings)
    if strategy == "all" or len(required) < 2:
        return [Tier(query, query, 1.0)]
    if strategy == "frequency":
        required.sort(key=lambda clause: -clause.worth)
    # What stands in quotation marks is never left out.
    required.sort(key=lambda clause: not is_phrase(clause))
    least = max(1, sum(map(is_phrase, required)))
    tiers = []
    for kept in range(len(required), least - 1, -1):
        wanted = set(map(id, required[:kept]))
        union = replace(
            query,
            clauses=tuple(
                replace(clause, required=id(clause) in wanted) for clause in query.clauses
            ),
        )
        lacking = tuple(required[kept : kept + 1])
        tiers.append(
            Tier(
                replace(union, excluded=(*union.excluded, *lacking)),
                union,
                kept / len(required),
            )
        )
    if sorted_first:
        return [Tier(tiers[-1].union, tiers[-1].union, 1.0)]
    return tiers


def is_phrase(clause: Clause) -> bool:
    """Whether it was typed in quotation marks: nothing but the very words satisfies it."""
    return all(
        len(word.alternatives) == 1
        and (
            isinstance(word.alternatives[0], Phrase)
            or (isinstance(word.alternatives[0], Term) and word.alternatives[0].form is Form.EXACT)
        )
        for word in clause.words
    )


def sorts_before_words(settings: dict[str, Any]) -> bool:
    """Whether a requested sort order takes precedence over the number of matching words."""
    rules = settings["rankingRules"]
    return "sort" in rules and ("words" not in rules or rules.index("sort") < rules.index("words"))


def rank_tiers(
    tiers: Sequence[Tier], plan: Plan, index: Searched, wanted: int
) -> Iterator[tuple[Hit, float]]:
    """All hits in order, each with its ranking score; ``wanted``: the probable number needed."""
    size = max(1, min(wanted, 1_000))
    step = 1 / len(tiers)
    for tier in tiers:
        best, offset = 0.0, 0
        while True:
            page = replace(tier.query, offset=offset, limit=size)
            hits = search_best(page, plan.standing, index.snapshot).hits
            best = best or max((hit.score for hit in hits), default=0.0)
            for hit in hits:
                part = min(1.0, hit.score / best) if best else 1.0
                yield hit, tier.share - step * (1 - part)
            if len(hits) < size:
                break
            offset, size = offset + size, min(_MOST_AT_A_TIME, max(2 * size, _AT_A_TIME))


def put_first(
    refs: Sequence[int], ranked: Iterable[tuple[Hit, float]]
) -> Iterator[tuple[Hit, float]]:
    """The ranked hits with ``refs`` before them, each once and with the best score."""
    for ref in refs:
        yield Hit(ref, 0.0), 1.0
    first = frozenset(refs)
    for hit, score in ranked:
        if hit.ref not in first:
            yield hit, score
