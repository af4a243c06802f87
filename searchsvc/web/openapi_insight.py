"""How are clicks reported, searches reported on, and articles pinned, in OpenAPI?"""

from __future__ import annotations

from searchsvc.insight.record import ACTIONS
from searchsvc.insight.reports import LISTS, MOST_ROWS
from searchsvc.web.openapi_parts import (
    COUNT,
    OBJECT,
    TEXT,
    TEXTS,
    Schema,
    close,
    describe_body,
    describe_operation,
    in_path,
    in_query,
    limit,
    list_of,
    make_object,
)


def describe_insight() -> Schema:
    """The paths, with their methods."""
    events = describe_body("Event", "What a reader did, in the form of UBI; or a list of such.")
    since = in_query("since", {**TEXT, "default": "7d"}, "How far back: 90m, 24h, 7d, 2w.")
    report = {**in_path("report"), "schema": {"enum": list(LISTS)}}
    rows = limit(20, MOST_ROWS)
    q = in_query("q", TEXT, "The query.")
    pins = describe_body("Pins", "A query with its articles; in place of what there was.")
    return {
        "/api/v1/events": {
            "post": describe_operation(
                "reportEvents", "Report clicks", "EventsAccepted", body=events, status="202"
            )
        },
        "/api/v1/insight/summary": {
            "get": describe_operation("insightSummary", "Figures of searches", None, [since])
        },
        "/api/v1/insight/{report}": {
            "get": describe_operation(
                "insightReport", "Lists of queries", "InsightReport", [report, since, rows]
            )
        },
        "/api/v1/pins": {
            "get": describe_operation("listPins", "Pinned and hidden articles", "PinLists", [q]),
            "put": describe_operation(
                "putPins", "Pin articles to a query, or hide them", "PinsSet", body=pins
            ),
            "delete": describe_operation(
                "deletePins", "Pin and hide nothing", "PinsSet", [{**q, "required": True}]
            ),
        },
    }


def describe_insight_schemas() -> Schema:
    """The schemas that the paths name."""
    attributes = {**OBJECT, "properties": {"object": make_object({"object_id": TEXT})}}
    query_id = {**TEXT, "description": "Of the answer that showed the hit."}
    event = make_object({"query_id": query_id, "action_name": {"enum": list(ACTIONS)}})
    event["properties"]["event_attributes"] = attributes
    pins = {"query": TEXT, "pinned": TEXTS, "hidden": TEXTS}
    return {
        "Event": event,
        "EventsAccepted": make_object({"accepted": COUNT}),
        "InsightReport": make_object({"since": TEXT, "rows": {"type": "array", "items": OBJECT}}),
        "Pins": close(pins, required=("query",)),
        "PinsSet": make_object({**pins, "missing": TEXTS}),
        "PinLists": make_object({"pins": list_of("Pins")}),
    }
