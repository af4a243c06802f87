"""Which searches are recorded? Those of readers, as far as the settings want it."""

from __future__ import annotations

from flask import request

from searchsvc.insight.readers import is_as_you_type, is_from_reader
from searchsvc.insight.record import API, PAGE, Answered
from searchsvc.request import SearchRequest, SearchResponse
from searchsvc.web.service import Service


def describe_answered(service: Service, response: SearchResponse) -> Answered | None:
    """What is remembered of an answer; ``None`` if nothing is recorded."""
    if service.insight is None:
        return None
    shown = tuple(hit.id for hit in response.hits)
    return Answered(response.total, shown, tuple(note.code for note in response.notes))


def remember_search(
    service: Service, searched: SearchRequest, answered: Answered, took_ms: float
) -> str:
    """Remember the search of this request; return its id, empty if it is not recorded."""
    asked = request.method != "HEAD" and is_from_reader(request.headers)
    if service.insight is None or not asked:
        return ""
    return service.insight.remember_search(
        PAGE if request.blueprint == "page" else API,
        service.name,
        searched.q,
        answered,
        took_ms=took_ms,
        page=searched.page,
        offset=(searched.page - 1) * searched.per_page,
        filters=list_filters(searched),
        as_you_type=is_as_you_type(request.headers),
    )


def list_filters(searched: SearchRequest) -> dict[str, object]:
    """The filters of a search, and its order if it is not the usual one, by parameter."""
    filters: dict[str, object] = {name: list(labels) for name, labels in searched.filters.items()}
    filters |= {name: list(bounds) for name, bounds in searched.ranges.items()}
    for name, value in (("from", searched.date_from), ("to", searched.date_to)):
        if value:
            filters[name] = value
    if searched.sort != "relevance":
        filters["sort"] = searched.sort
    return filters
