"""Which values of a facet match a typed prefix, and how many of a query's articles have each?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from indexer.deadline import check_deadline
from indexer.engine.base import Engine, FacetRequest, Ranking
from indexer.errors import UnknownName
from indexer.language.analyzer import Analyzer
from indexer.language.fold import fold
from indexer.schema import LABEL_FACETS
from searchsvc.query.context import open_context
from searchsvc.query.notes import note_answer
from searchsvc.query.ranking import DEFAULT_RANKING
from searchsvc.query.understand import search_plan, understand
from searchsvc.request import FacetCount, FacetValues, SearchRequest

#: More than the values of any facet.
_ALL = 2**31
#: Labels examined between two checks of the deadline.
_LABELS_AT_A_TIME = 10_000


def search_facet(
    engine: Engine,
    facet: str,
    prefix: str,
    request: SearchRequest,
    limit: int,
    *,
    analyzer: Analyzer,
    ranking: Ranking = DEFAULT_RANKING,
    today: date | None = None,
) -> FacetValues:
    """The values of ``facet`` that begin with ``prefix``, or contain a word that does, ignoring
    case and accents, among the articles that match ``request``: the ``limit`` most frequent, ties
    by value.

    The counts are the same as those of the search itself: for the query as understood, and not
    narrowed by the selection in ``facet``. Raises UnknownName for another facet.
    """
    known = (*LABEL_FACETS, *engine.fields.label_facets)
    if facet not in known:
        raise UnknownName("facet", facet, known)
    with engine.snapshot() as snapshot:
        context = open_context(engine, snapshot, analyzer=analyzer, today=today)
        found = understand(replace(request, facets=()), context, ranking=ranking)
        column = context.fields.column(facet)
        query = replace(found.plan.query, facets=(FacetRequest(column, _ALL),), limit=0)
        counts = search_plan(found.plan, query, snapshot)[0].facets[column]
        begun = find_begun(context.labels(column), prefix)
        kept = [(value, count) for value, count in counts if begun is None or value in begun]
        selected = found.plan.selected.get(column, ())
        return FacetValues(
            facet=facet,
            query=request.q,
            total=len(kept),
            values=[FacetCount(value, count, value in selected) for value, count in kept[:limit]],
            notes=note_answer(found, context),
        )


def find_begun(labels: Mapping[str, list[str]], prefix: str) -> set[str] | None:
    """Those of ``labels``, keyed by folded form, in which ``prefix`` begins a word; ``None`` for
    all of them.
    """
    wanted = " ".join(fold(prefix).split())
    if not wanted:
        return None
    begins = re.compile(rf"(?<!\w){re.escape(wanted)}")
    found: set[str] = set()
    for number, (folded, alike) in enumerate(labels.items()):
        if number % _LABELS_AT_A_TIME == 0:
            check_deadline()
        if begins.search(folded):
            found.update(alike)
    return found
