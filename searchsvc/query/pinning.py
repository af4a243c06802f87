"""How do pinned articles come first, with totals and counts that stay exact?

The articles are divided by their ids: those pinned, with their copies, and the rest. Each part is
searched by itself, with the same requirements, and the answers are added up. A pinned article need
not have the words of the query, but passes its filters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from indexer.engine.base import (
    Answer,
    FacetRequest,
    Hit,
    IdFilter,
    Not,
    Query,
    Snapshot,
    Sort,
    ValueStatistics,
)
from indexer.schema import is_date_facet

#: More than the values of any facet.
_ALL = 2**31

Search = Callable[[Query], Answer]


@dataclass(frozen=True, slots=True)
class Pinned:
    """The hits that come first, one for each story, and the ids of all articles in them."""

    hits: list[Hit]
    members: tuple[str, ...]
    #: The answers for the articles in them: those that have the words, and the others.
    parts: tuple[Answer, ...]


NONE_PINNED = Pinned([], (), ())


def search_pinned(
    query: Query, ids: Sequence[str], snapshot: Snapshot, search: Search
) -> tuple[Answer, frozenset[int]]:
    """The answer of ``search`` to ``query`` with the articles ``ids`` first, in this order, and the
    refs of the pinned hits shown.

    Only in the order of relevance: any other order says itself where each article belongs.
    """
    pinned, fixed = find_pinned(query, ids, snapshot)
    if not pinned.hits:
        return search(query), frozenset()
    count = len(pinned.hits)
    shown = pinned.hits[query.offset : query.offset + query.limit]
    rest = replace(
        fixed,
        filters=(*query.filters, Not(IdFilter(pinned.members))),
        facets=_count_also(query.facets, pinned.parts),
        offset=max(0, query.offset - count),
        limit=max(0, query.limit - len(shown)),
    )
    return _add_up(query, search(rest), pinned, shown), frozenset(hit.ref for hit in shown)


def find_pinned(query: Query, ids: Sequence[str], snapshot: Snapshot) -> tuple[Pinned, Query]:
    """The hits that ``ids`` are for ``query``, and the query with the requirements that its words
    have among all articles, so that its parts are no more lenient than the whole.
    """
    known = [(one, ref) for one in ids if (ref := snapshot.find(one)) is not None]
    if not known or query.sort is not Sort.RELEVANCE:
        return NONE_PINNED, query
    names = tuple(one for one, _ in known)
    passing = _list_refs(_without_words(query, names), snapshot)
    leading = [(one, ref) for one, ref in known if ref in passing]
    if not leading:
        return NONE_PINNED, query
    fixed = query
    whole = snapshot.search(replace(query, offset=0, limit=0, facets=(), statistics=()))
    if whole.total:
        fixed = replace(query, minimum=whole.satisfied, few=0)
    copies = {ref: _list_copies(ref, query, snapshot) for _, ref in leading}
    also = (one.id for refs in copies.values() for one in snapshot.summaries(refs))
    members = tuple(dict.fromkeys((*(one for one, _ in leading), *also)))
    having = _among(fixed, members)
    # Filters of a facet do not narrow its own counts, nor do they say who has the words.
    with_words = _list_refs(replace(_among(fixed, names), filters=(IdFilter(names),)), snapshot)
    lacking = _without_words(query, tuple(one for one, ref in known if ref not in with_words))
    parts = (snapshot.search(having), snapshot.search(lacking))
    scores = {hit.ref: hit.score for part in parts for hit in part.hits}
    hits = _make_stories([ref for _, ref in leading], copies, scores)
    return Pinned(hits, members, parts), fixed


def _among(query: Query, ids: tuple[str, ...]) -> Query:
    """The query for these articles alone, with all counts."""
    return replace(
        query,
        filters=(*query.filters, IdFilter(ids)),
        facets=tuple(replace(one, limit=_ALL) for one in query.facets),
        offset=0,
        limit=len(ids),
        collapse=False,
    )


def _without_words(query: Query, ids: tuple[str, ...]) -> Query:
    """The query for these articles alone, whatever words they have."""
    return replace(_among(query, ids), clauses=(), excluded=(), minimum=None, few=0)


def _list_refs(query: Query, snapshot: Snapshot) -> set[int]:
    return {hit.ref for hit in snapshot.search(replace(query, facets=(), statistics=())).hits}


def _list_copies(ref: int, query: Query, snapshot: Snapshot) -> list[int]:
    return snapshot.copies(ref) if query.collapse else []


def _make_stories(
    leading: Iterable[int], copies: dict[int, list[int]], scores: dict[int, float]
) -> list[Hit]:
    """A hit for each story, with the copies that match."""
    hits: list[Hit] = []
    told: set[int] = set()
    for ref in leading:
        if ref not in told:
            also = tuple(other for other in copies[ref] if other in scores)
            told.update((ref, *also))
            hits.append(Hit(ref, scores.get(ref, 0.0), also))
    return hits


def _count_also(
    facets: tuple[FacetRequest, ...], parts: Iterable[Answer]
) -> tuple[FacetRequest, ...]:
    """The counts wanted of the rest, with the values that pinned articles have."""
    values: dict[str, dict[str, None]] = {one.facet: {} for one in facets}
    for part in parts:
        for name, counts in part.facets.items():
            values[name].update(dict.fromkeys(value for value, count in counts if count))
    return tuple(
        replace(one, selected=tuple(dict.fromkeys((*one.selected, *values[one.facet]))))
        for one in facets
    )


def _add_up(query: Query, rest: Answer, pinned: Pinned, shown: Sequence[Hit]) -> Answer:
    answers = (rest, *pinned.parts)
    total = sum(one.total for one in answers)
    return replace(
        rest,
        total=total,
        stories=rest.stories + len(pinned.hits),
        hits=[*shown, *rest.hits],
        facets={one.facet: _add_counts(one, answers) for one in query.facets},
        statistics={name: _add_statistics(name, answers) for name in query.statistics},
        # An editor's choice lacks nothing.
        satisfied=rest.satisfied if rest.total else rest.required,
        complete=rest.complete + sum(one.total for one in pinned.parts),
    )


def _add_counts(request: FacetRequest, answers: Sequence[Answer]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for answer in answers:
        for value, count in answer.facets.get(request.facet, ()):
            counts[value] = counts.get(value, 0) + count
    if is_date_facet(request.facet):
        return sorted((value, count) for value, count in counts.items() if count)
    ordered = sorted(
        ((value, count) for value, count in counts.items() if count),
        key=lambda pair: (-pair[1], pair[0]),
    )[: request.limit]
    listed = {value for value, _ in ordered}
    more = [one for one in dict.fromkeys(request.selected) if one not in listed]
    return [*ordered, *((one, counts.get(one, 0)) for one in more)]


def _add_statistics(name: str, answers: Iterable[Answer]) -> ValueStatistics:
    found = [one for answer in answers if (one := answer.statistics.get(name)) and one.count]
    if not found:
        return ValueStatistics()
    return ValueStatistics(
        sum(one.count for one in found),
        min(one.least for one in found),
        max(one.greatest for one in found),
        sum(one.total for one in found),
    )
