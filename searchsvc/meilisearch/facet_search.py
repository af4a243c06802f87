"""Which values of an attribute match a typed prefix, among the matches of a query?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from indexer.language.fold import fold
from indexer.loading import read_clock
from indexer.own_fields.attributes import matches
from searchsvc.facet_search import find_begun
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.facets import ALL, sort_values
from searchsvc.meilisearch.filter_query import tell_unfilterable
from searchsvc.meilisearch.search import find_hits
from searchsvc.meilisearch.search_parameters import make_parameters
from searchsvc.meilisearch.searched import Searched


def answer_facet_search(
    index: Searched, read: Mapping[str, Any], rule: Any, only: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    """The values, each with the number of matching documents. Raises ProtocolError."""
    began = read_clock()
    name = read.get("facetName")
    if name is None:
        raise ProtocolError("missing_facet_search_facet_name", "Missing field `facetName`")
    _refuse_unsearchable(name, index)
    parameters = replace(make_parameters(read), facets=[name])
    faceting = {**index.settings["faceting"], "maxValuesPerFacet": ALL}
    unlimited = replace(index, settings={**index.settings, "faceting": faceting})
    found = find_hits(unlimited, parameters, 0, 0, rule, only)
    counts = (found.facets.distribution or {}).get(name, {})
    folded: dict[str, list[str]] = {}
    for value in counts:
        folded.setdefault(" ".join(fold(value).split()), []).append(value)
    begun = find_begun(folded, read.get("facetQuery") or "")
    kept = {value: n for value, n in counts.items() if begun is None or value in begun}
    order = index.settings["faceting"]["sortFacetValuesBy"]
    most = index.settings["faceting"]["maxValuesPerFacet"]
    shown = sort_values(kept, order.get(name, order.get("*", "alpha")), most)
    return {
        "facetHits": [{"value": value, "count": count} for value, count in shown.items()],
        "facetQuery": read.get("facetQuery"),
        "processingTimeMs": round((read_clock() - began) * 1000),
    }


def _refuse_unsearchable(name: str, index: Searched) -> None:
    if not index.settings["facetSearch"]:
        raise ProtocolError("facet_search_disabled", "The facet search is disabled for this index")
    if not matches(index.filterable, name) or "*" in name:
        told = tell_unfilterable(name, index.filterable)
        raise ProtocolError("invalid_facet_search_facet_name", told)
