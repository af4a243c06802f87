"""What front ends report of readers, in OpenAPI."""

from __future__ import annotations

from searchsvc.insight.record import ACTIONS
from searchsvc.web.openapi_parts import (
    COUNT,
    OBJECT,
    TEXT,
    Schema,
    describe_body,
    describe_operation,
    make_object,
)


def describe_insight() -> Schema:
    """The paths, with their methods."""
    events = describe_body("Event", "What a reader did, in the form of UBI; or a list of such.")
    return {
        "/api/v1/events": {
            "post": describe_operation(
                "reportEvents", "Report clicks", "EventsAccepted", body=events, status="202"
            )
        }
    }


def describe_insight_schemas() -> Schema:
    """The schemas that the paths name."""
    attributes = {**OBJECT, "properties": {"object": make_object({"object_id": TEXT})}}
    query_id = {**TEXT, "description": "Of the answer that showed the hit."}
    event = make_object({"query_id": query_id, "action_name": {"enum": list(ACTIONS)}})
    event["properties"]["event_attributes"] = attributes
    return {"Event": event, "EventsAccepted": make_object({"accepted": COUNT})}
