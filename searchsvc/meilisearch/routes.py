"""All routes of the protocol, on one blueprint."""

from __future__ import annotations

from searchsvc.meilisearch import (
    routes_documents,
    routes_indexes,
    routes_keys,
    routes_search,
    routes_settings,
    routes_system,
    routes_tasks,
)
from searchsvc.meilisearch.blueprint import meilisearch

__all__ = ["ROUTES", "meilisearch"]

#: The modules whose import puts their routes on the blueprint.
ROUTES = (
    routes_documents,
    routes_indexes,
    routes_keys,
    routes_search,
    routes_settings,
    routes_system,
    routes_tasks,
)
