"""How are searches requested? Of one index, of several, and of an attribute's values."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request

from indexer.loading import read_clock
from searchsvc.meilisearch.blueprint import meilisearch, read_body, send
from searchsvc.meilisearch.facet_search import answer_facet_search
from searchsvc.meilisearch.gate import allow, find_rule
from searchsvc.meilisearch.host import find_host, find_settings, open_searched
from searchsvc.meilisearch.multi_search import answer_federated as federate
from searchsvc.meilisearch.multi_search import read_queries
from searchsvc.meilisearch.reading import read_flag, read_string
from searchsvc.meilisearch.recalling import answer_once
from searchsvc.meilisearch.recording import remember_search
from searchsvc.meilisearch.search_parameters import (
    SearchParameters,
    make_parameters,
    parse_search,
    read_search,
)

FACET_SEARCH: Final = {
    "facetName": (read_string, "invalid_facet_search_facet_name"),
    "facetQuery": (read_string, "invalid_facet_search_query"),
    "exhaustiveFacetCount": (read_flag, "invalid_facet_search_exhaustive_facet_count"),
}


@meilisearch.get("/indexes/<uid>/search")
def search_by_address(uid: str) -> Response:
    """Hits for the parameters of the query string."""
    allow("search", uid)
    return send(_search(uid, parse_search(request.args.to_dict())))


@meilisearch.post("/indexes/<uid>/search")
def search_by_body(uid: str) -> Response:
    """Hits for the parameters of the body."""
    allow("search", uid)
    return send(_search(uid, make_parameters(read_search(read_body()))))


def _search(uid: str, parameters: SearchParameters) -> dict[str, Any]:
    rights = allow("search", uid)
    host = find_host().for_index(uid)
    began = read_clock()
    answer, answered = answer_once(host, parameters, find_rule(rights, uid), rights.filters)
    took_ms = round((read_clock() - began) * 1000, 2)
    most = find_settings(host)["pagination"]["maxTotalHits"]
    query_id = remember_search(host, parameters, answered, took_ms, most)
    if query_id and request.headers.get("Meili-Include-Metadata"):
        answer["metadata"] = {"indexUid": uid, "queryUid": query_id}
    return answer


@meilisearch.post("/indexes/<uid>/facet-search")
def search_facet(uid: str) -> Response:
    """The values of an attribute that match a typed prefix."""
    rights = allow("search", uid)
    read = read_search(read_body(), also=FACET_SEARCH)
    with open_searched(find_host().for_index(uid)) as index:
        rule = find_rule(rights, uid)
        return send(answer_facet_search(index, read, rule, rights.filters))


@meilisearch.post("/multi-search")
def search_several() -> Response:
    """Several searches at once; federated: their hits in one list."""
    allow("search")
    queries, federation = read_queries(read_body())
    if federation is None:
        results = [
            {"indexUid": query["indexUid"], **_search(query["indexUid"], make_parameters(query))}
            for query in queries
        ]
        return send({"results": results})
    return send(federate(queries, federation, _search))
