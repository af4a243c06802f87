"""What is recorded, as documents of OpenSearch's User Behavior Insights (UBI 1.3): one JSON object
a line.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from searchsvc.insight.record import write_time
from searchsvc.insight.store import Store

_QUERIES = (
    "SELECT query_id, timestamp, application, indexes, user_query, total, page, took_ms, filters, "
    "notes FROM ubi_queries WHERE NOT as_you_type ORDER BY number"
)
_EVENTS = (
    "SELECT e.query_id, e.timestamp, application, action_name, user_query, object_id, ordinal "
    "FROM ubi_events e JOIN ubi_queries q USING (query_id) ORDER BY e.timestamp"
)


def list_queries(store: Store) -> Iterator[str]:
    """Documents of ``ubi_queries``, in the order recorded. Raises DatabaseUnusable."""
    with store.read() as db:
        for row in db.execute(_QUERIES):
            query_id, timestamp, application, index, typed, total, page, took, filters, notes = row
            yield _write(
                {
                    "query_id": query_id,
                    "timestamp": write_time(timestamp),
                    "application": application,
                    "indexes": index,
                    "user_query": typed,
                    "query_attributes": {
                        "total": total,
                        "page": page,
                        "took_ms": took,
                        "filters": orjson.loads(filters) if filters else {},
                        "notes": notes.split(),
                    },
                }
            )


def list_events(store: Store) -> Iterator[str]:
    """Documents of ``ubi_events``, in order of time. Raises DatabaseUnusable."""
    with store.read() as db:
        for row in db.execute(_EVENTS):
            query_id, timestamp, application, action, typed, object_id, ordinal = row
            told = {
                "application": application,
                "action_name": action,
                "query_id": query_id,
                "timestamp": write_time(timestamp),
                "user_query": typed,
            }
            if object_id:
                told["event_attributes"] = {
                    "object": {"object_id": object_id, "object_id_field": "id"},
                    "position": {"ordinal": ordinal},
                }
            yield _write(told)


def _write(document: object) -> str:
    return orjson.dumps(document).decode()
