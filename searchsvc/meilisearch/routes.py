"""Which routes does the protocol have? All of them, on one blueprint."""

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

#: The modules that register their routes when imported.
ROUTES = (
    routes_documents,
    routes_indexes,
    routes_keys,
    routes_search,
    routes_settings,
    routes_system,
    routes_tasks,
)
