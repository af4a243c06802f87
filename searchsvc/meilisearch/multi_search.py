"""How are several searches answered in one request? One after another, or federated into one list
of hits.

In a federated search, hits of all queries are ordered by their ranking scores, each multiplied by
the weight of its query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from indexer.loading import read_clock
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.facets import sort_values
from searchsvc.meilisearch.reading import (
    fail_kind,
    read_anything,
    read_count,
    read_fields,
    read_number,
    read_object,
    read_string,
    read_strings,
)
from searchsvc.meilisearch.search_parameters import (
    SearchParameters,
    make_parameters,
    read_search,
)

MOST_QUERIES: Final = 100
FEDERATION_OPTIONS: Final = {
    "weight": (read_number, "invalid_multi_search_weight"),
    "remote": (read_string, "invalid_multi_search_remote"),
    "queryPosition": (read_count, "invalid_multi_search_query_position"),
}
_QUERY: Final = {
    "indexUid": (read_string, "invalid_index_uid"),
    "federationOptions": (read_anything, "invalid_multi_search_federation_options"),
}
_FEDERATION: Final = {
    "offset": (read_count, "invalid_search_offset"),
    "limit": (read_count, "invalid_search_limit"),
    "page": (read_count, "invalid_search_page"),
    "hitsPerPage": (read_count, "invalid_search_hits_per_page"),
    "facetsByIndex": (read_anything, "invalid_multi_search_facets_by_index"),
    "mergeFacets": (read_anything, "invalid_multi_search_merge_facets"),
}
_PAGING: Final = ("limit", "offset", "page", "hits_per_page")

Query = dict[str, Any]
Search = Callable[[str, SearchParameters], dict[str, Any]]


def read_queries(body: Any) -> tuple[list[Query], dict[str, Any] | None]:
    """The queries of a body, and the federation options, or ``None``. Raises ProtocolError."""
    given = read_object(body)
    read = read_fields(
        given,
        {"queries": (read_anything, "bad_request"), "federation": (read_anything, "bad_request")},
    )
    rows = read.get("queries")
    if rows is None:
        raise ProtocolError("bad_request", "Missing field `queries`")
    if not isinstance(rows, list):
        raise fail_kind(rows, ".queries", "bad_request", "an array")
    if len(rows) > MOST_QUERIES:
        raise ProtocolError("bad_request", f"At most {MOST_QUERIES} queries can be asked at once.")
    federated = "federation" in given and given["federation"] is not None
    queries = [_read_query(row, number, federated) for number, row in enumerate(rows)]
    if not federated:
        return queries, None
    return queries, read_fields(given["federation"], _FEDERATION, ".federation")


def _read_query(row: Any, number: int, federated: bool) -> Query:
    place = f".queries[{number}]"
    query = read_search(read_object(row, place), also=_QUERY, place=place)
    if "indexUid" not in query:
        raise ProtocolError("missing_index_uid", f"Missing field `indexUid` inside `{place}`")
    options = query.get("federationOptions")
    if options is not None and not federated:
        raise ProtocolError(
            "invalid_multi_search_federation_options",
            f"Inside `{place}`: Using `federationOptions` is not allowed in a non-federated search."
            "\n - Hint: remove `federationOptions` from query #"
            f"{number} or add `federation` to the request.",
        )
    for name in _PAGING:
        if federated and name in query:
            raise ProtocolError(
                "invalid_multi_search_query_pagination",
                f"Inside `{place}`: Using pagination options is not allowed in federated queries.\n"
                f" - Hint: remove `{name}` from query #{number} or remove `federation` from the "
                "request",
            )
    if federated:
        query["federationOptions"] = _read_options(options, f"{place}.federationOptions")
    return query


def _read_options(options: Any, place: str) -> dict[str, Any]:
    read = {} if options is None else read_fields(options, FEDERATION_OPTIONS, place)
    if read.get("weight", 1) < 0:
        told = (
            f"Invalid value at `{place}.weight`: the value of `weight` is invalid, expected a "
            "positive float (>= 0.0)."
        )
        raise ProtocolError("invalid_multi_search_weight", told)
    if "remote" in read:
        raise ProtocolError(
            "invalid_multi_search_remote", "`remote` is not supported by this server."
        )
    return read


def answer_federated(
    queries: list[Query], federation: Mapping[str, Any], search: Search
) -> dict[str, Any]:
    """The hits of all queries in one list."""
    began = read_clock()
    offset, limit, paged = _read_window(federation)
    hits: list[tuple[float, int, dict[str, Any]]] = []
    total = 0
    for number, query in enumerate(queries):
        wanted = replace(
            make_parameters(query), limit=offset + limit, offset=0, show_ranking_score=True
        )
        answer = search(query["indexUid"], wanted)
        total += answer["estimatedTotalHits"]
        weight = query["federationOptions"].get("weight", 1.0)
        for hit in answer["hits"]:
            hits.append((hit["_rankingScore"] * weight, number, hit))
            if "show_ranking_score" not in query:
                del hit["_rankingScore"]
    hits.sort(key=lambda one: (-one[0], one[1]))
    shown = [
        {**hit, "_federation": {
            "indexUid": queries[number]["indexUid"],
            "queriesPosition": number,
            "weightedRankingScore": score,
        }}
        for score, number, hit in hits[offset : offset + limit]
    ]  # fmt: skip
    return {
        "hits": shown,
        "processingTimeMs": round((read_clock() - began) * 1000),
        **(
            {**paged, "totalHits": total, "totalPages": -(-total // limit) if limit else 0}
            if paged
            else {"limit": limit, "offset": offset, "estimatedTotalHits": total}
        ),
        **_count_facets(queries, federation, search),
    }


def _read_window(federation: Mapping[str, Any]) -> tuple[int, int, dict[str, int]]:
    """(offset, limit, paging values); the last is empty unless pages are counted."""
    if "page" in federation or "hitsPerPage" in federation:
        page, per_page = federation.get("page", 1), federation.get("hitsPerPage", 20)
        offset = (page - 1) * per_page if page else 0
        return offset, per_page if page else 0, {"page": page, "hitsPerPage": per_page}
    return federation.get("offset", 0), federation.get("limit", 20), {}


def _count_facets(
    queries: list[Query], federation: Mapping[str, Any], search: Search
) -> dict[str, Any]:
    """The counts that the federation requests, by index, or merged."""
    if "facetsByIndex" not in federation:
        return {}
    code = "invalid_multi_search_facets_by_index"
    by_index: dict[str, dict[str, Any]] = {}
    for uid, names in read_object(federation["facetsByIndex"], ".federation.facetsByIndex").items():
        facets = read_strings(names or [], f".federation.facetsByIndex.{uid}", code)
        first = next((query for query in queries if query["indexUid"] == uid), None)
        if first is None or not facets:
            continue
        answer = search(uid, replace(make_parameters(first), facets=facets, limit=0))
        by_index[uid] = {
            "distribution": answer["facetDistribution"],
            "stats": answer["facetStats"],
        }
    if "mergeFacets" not in federation:
        return {"facetsByIndex": by_index}
    merging = read_fields(
        federation["mergeFacets"],
        {"maxValuesPerFacet": (read_count, "invalid_multi_search_max_values_per_facet")},
        ".federation.mergeFacets",
    )
    return _merge_facets(by_index, merging.get("maxValuesPerFacet", 100))


def _merge_facets(by_index: Mapping[str, Mapping[str, Any]], most: int) -> dict[str, Any]:
    counts: dict[str, Counter[str]] = {}
    stats: dict[str, dict[str, float]] = {}
    for one in by_index.values():
        for name, values in one["distribution"].items():
            counts.setdefault(name, Counter()).update(values)
        for name, bounds in one["stats"].items():
            before = stats.get(name, bounds)
            stats[name] = {
                "min": min(before["min"], bounds["min"]),
                "max": max(before["max"], bounds["max"]),
            }
    distribution = {name: sort_values(values, "alpha", most) for name, values in counts.items()}
    return {"facetDistribution": distribution, "facetStats": stats}
