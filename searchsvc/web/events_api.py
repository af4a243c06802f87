"""How do front ends report what readers do with hits? Events in the form of UBI."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, Response, request
from werkzeug.exceptions import TooManyRequests

from searchsvc.errors import BodyInvalid
from searchsvc.insight.readers import is_from_reader
from searchsvc.insight.record import ACTIONS, CLICK
from searchsvc.web.body import read_body, read_json
from searchsvc.web.guard import allow_reading
from searchsvc.web.service import base_service
from searchsvc.web.tasks_api import send_json

events_api = Blueprint("events_api", __name__)

#: Events that one request may report, and the size of its body.
MOST_EVENTS = 20
_MOST_BYTES = 32_768
#: As long as the id of an article may be.
_LONGEST_ID = 2_000


class Reported(NamedTuple):
    """One event as reported."""

    query_id: str
    action_name: str
    object_id: str


@events_api.post("/events")
def report_events() -> Response:
    """Remember what a reader did with the hits of a search: one event, or a list of some."""
    allow_reading("search")
    service = base_service()
    reported = read_events(read_json(read_body(_MOST_BYTES)))
    insight = service.insight
    if insight is None or not is_from_reader(request.headers):
        return send_json({"accepted": 0}, status=202)
    if not service.event_limit.allows(request.remote_addr or "", len(reported)):
        raise TooManyRequests
    for event in reported:
        if not insight.ids().is_valid(event.query_id):
            raise BodyInvalid("its 'query_id' was not issued here within the last day")
    for event in reported:
        insight.remember_event(*event)
    return send_json({"accepted": len(reported)}, status=202)


def read_events(body: Any) -> list[Reported]:
    """The events of a body. Raises BodyInvalid."""
    events = body if isinstance(body, list) else [body]
    if not 1 <= len(events) <= MOST_EVENTS:
        raise BodyInvalid(f"it must be an event, or a list of 1 to {MOST_EVENTS} of them")
    return [_read_event(event) for event in events]


def _read_event(event: Any) -> Reported:
    if not isinstance(event, dict):
        raise BodyInvalid("an event must be an object of JSON")
    action = _read_text(event, "action_name")
    if action not in ACTIONS:
        raise BodyInvalid(f"'action_name' must be one of {', '.join(ACTIONS)}")
    query_id = _read_text(event, "query_id")
    if action != CLICK:
        return Reported(query_id, action, "")
    attributes = event.get("event_attributes")
    described = attributes.get("object") if isinstance(attributes, dict) else None
    if not isinstance(described, dict):
        raise BodyInvalid("a click needs 'event_attributes.object.object_id', the id of the hit")
    return Reported(query_id, action, _read_text(described, "object_id"))


def _read_text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_ID:
        raise BodyInvalid(f"an event needs {name!r}, a text of at most {_LONGEST_ID:,} characters")
    return value
