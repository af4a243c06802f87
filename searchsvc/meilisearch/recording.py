"""Which searches over the protocol are recorded? Those that show hits to readers."""

from __future__ import annotations

from flask import request

from searchsvc.insight.readers import is_as_you_type, is_from_reader
from searchsvc.insight.record import MEILISEARCH, Answered
from searchsvc.meilisearch.host import Host
from searchsvc.meilisearch.search_parameters import SearchParameters


def remember_search(
    host: Host, parameters: SearchParameters, answered: Answered, took_ms: float, most: int
) -> str:
    """Remember the search; return its id, empty if it is not recorded. Clients send searches
    without a page of hits to count facets; ``most``: hits that can be paged through.
    """
    offset, limit = parameters.find_window(most)
    if host.insight is None or not limit or not is_from_reader(request.headers):
        return ""
    filters = {
        "filter": parameters.filter if parameters.filter else "",
        "sort": ",".join(parameters.sort or ()),
    }
    return host.insight.remember_search(
        MEILISEARCH,
        host.name,
        parameters.q,
        answered,
        took_ms=took_ms,
        page=1 + offset // limit,
        offset=offset,
        filters={name: value for name, value in filters.items() if value},
        as_you_type=is_as_you_type(request.headers),
    )
