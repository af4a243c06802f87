"""Odd requests of every sort to every route of the protocol, made by Schemathesis.

Meilisearch's protocol has no OpenAPI document of ours: the routes are those of the app, the
parameters those of the tables that validate them. A few requests here; ``make fuzz`` sends many
more: FUZZ_REQUESTS says how many to each address.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import pytest
from support.odd_requests import send_odd_requests
from support.protocol import MASTER_KEY, Protocol

from searchsvc.meilisearch.index_settings import DEFAULTS, ROUTES
from searchsvc.meilisearch.multi_search import FEDERATION_OPTIONS
from searchsvc.meilisearch.routes_documents import ADDING, FETCH
from searchsvc.meilisearch.routes_search import FACET_SEARCH
from searchsvc.meilisearch.routes_tasks import CHOOSING, PAGING
from searchsvc.meilisearch.search_parameters import PARAMETERS
from searchsvc.web import create_app

schemathesis = pytest.importorskip("schemathesis")

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "3"))
TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
COUNT = {"type": "integer", "minimum": 0}
FILTERS = {
    "enum": ["genre = Drama", "tahun > 3 OR NOT genre = x", ["genre EXISTS", ["a = 1"]], "a =", 5]
}
CHOSEN = {"enum": ["1", "*", "film", "2022-01-01", "x", "-1"]}


def each(names: Iterable[str], schema: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """Properties that all have the same schema, by default any."""
    return {name: dict(schema) for name in names}


KINDS: dict[str, Any] = {
    "count": COUNT,
    "flag": {"type": "boolean"},
    "part": {"type": "number", "minimum": 0, "maximum": 1},
    "list": TEXTS,
    "json": {},
    "text": TEXT,
}
SEARCH = {name: KINDS[row.kind] for name, row in PARAMETERS.items()} | {
    "filter": FILTERS,
    "facets": {"type": "array", "items": {"enum": ["genre", "*", "tahun", "x"]}},
    "sort": {"type": "array", "items": {"enum": ["tahun:asc", "genre:desc", "x:asc", "tahun"]}},
}
QUERY = {
    **SEARCH,
    "indexUid": {"enum": ["film", "x", ""]},
    "federationOptions": {"type": "object", "properties": each(FEDERATION_OPTIONS)},
}
DOCUMENT = {"type": "object", "properties": {"id": {"type": ["integer", "string"]}}}
SETTINGS = {
    name: {
        bool: KINDS["flag"],
        list: TEXTS,
        str: TEXT,
        dict: {"type": "object"},
        type(None): {"type": ["string", "null", "integer"]},
    }[type(default)]
    for name, default in DEFAULTS.items()
}
FETCHED = {**each(FETCH), "offset": COUNT, "limit": COUNT, "filter": FILTERS}
KEY = {
    "actions": {"type": "array", "items": {"enum": ["search", "*", "documents.add", "x"]}},
    "indexes": TEXTS,
    "expiresAt": {"enum": [None, "2999-01-01", "x", "0001-01-01T00:00:00+23:59"]},
    **each(("name", "description", "uid"), TEXT),
}


def of(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


#: The parameters in addresses, and the bodies, by the function that answers.
ADDRESSES: dict[str, dict[str, Any]] = {
    "search_by_address": SEARCH,
    "list_documents": FETCHED,
    "add_documents": each(ADDING, TEXT),
    "update_documents": each(ADDING, TEXT),
    "list_tasks": each((*CHOOSING, *PAGING), CHOSEN),
    "list_batches": each((*CHOOSING, *PAGING), CHOSEN),
    "cancel_tasks": each(CHOOSING, CHOSEN),
    "delete_tasks": each(CHOOSING, CHOSEN),
    "list_indexes": each(("offset", "limit"), COUNT),
    "list_keys": each(("offset", "limit"), COUNT),
}
BODIES: dict[str, dict[str, Any]] = {
    "search_by_body": of(SEARCH),
    "search_facet": of({**SEARCH, **each(FACET_SEARCH, TEXT)}),
    "search_several": of(
        {
            "queries": {"type": "array", "items": of(QUERY)},
            "federation": {"type": ["object", "null"]},
        }
    ),
    "fetch_documents": of(FETCHED),
    "add_documents": {"type": "array", "items": DOCUMENT},
    "update_documents": {"type": "array", "items": DOCUMENT},
    "delete_batch": {"type": "array", "items": {"type": ["integer", "string"]}},
    "delete_by_filter": of({"filter": FILTERS}),
    "update_settings": of(SETTINGS),
    "update_setting": {},
    "create_index": of({"uid": TEXT, "primaryKey": TEXT}),
    "update_index": of({"uid": TEXT, "primaryKey": TEXT}),
    "swap_indexes": {"type": "array", "items": of({"indexes": TEXTS, "rename": {}})},
    "create_key": of(KEY),
    "update_key": of({"name": TEXT, "description": TEXT}),
}
#: Values of the parts of addresses that name something there, among others.
PARTS = {"uid": ["film", "x", "a b"], "document_id": ["1", "x", "é"], "route": [*ROUTES, "x"]}


def describe_routes() -> dict[str, Any]:
    """An OpenAPI document of the routes that the app has."""
    paths: dict[str, Any] = {}
    for rule in create_app({"master_key": MASTER_KEY}).url_map.iter_rules():
        room, _, name = rule.endpoint.rpartition(".")
        if room != "meilisearch" or name == "refuse_unsupported":
            continue
        path = rule.rule.replace("<", "{").replace(">", "}")
        parts = [
            {"name": one, "in": "path", "required": True, "schema": {"enum": PARTS.get(one, ["1"])}}
            for one in sorted(rule.arguments)
        ]
        asked = [
            {"name": one, "in": "query", "schema": schema}
            for one, schema in ADDRESSES.get(name, {}).items()
        ]
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            operation: dict[str, Any] = {"parameters": parts + asked, "responses": {"default": {
                "description": "Any"}}}  # fmt: skip
            if name in BODIES and method != "GET":
                content = {"application/json": {"schema": BODIES[name]}}
                operation["requestBody"] = {"required": True, "content": content}
            paths.setdefault(path, {})[method.lower()] = operation
    info = {"title": "Meilisearch's protocol", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths}


DESCRIBED = describe_routes()
OPERATIONS = sorted(
    (path, method.upper()) for path, methods in DESCRIBED["paths"].items() for method in methods
)


@pytest.fixture(scope="module")
def protocol(tmp_path_factory: pytest.TempPathFactory) -> Protocol:
    protocol = Protocol(tmp_path_factory.mktemp("odd") / "data")
    settings = {"filterableAttributes": ["genre", "tahun"], "sortableAttributes": ["tahun"]}
    protocol.do("PATCH", "/indexes/film/settings", settings)
    rows = [{"id": one, "judul": f"Laskar {one}", "genre": "Drama", "tahun": one} for one in (1, 2)]
    protocol.do("POST", "/indexes/film/documents", rows)
    return protocol


@pytest.mark.parametrize("odd", [False, True], ids=["as described", "otherwise"])
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_one_of_the_protocol(
    protocol: Protocol, path: str, method: str, odd: bool
) -> None:
    operation = schemathesis.openapi.from_dict(DESCRIBED)[path][method]
    send_odd_requests(operation, partial(check, protocol), odd=odd, requests=REQUESTS)


def check(protocol: Protocol, case: Any) -> None:
    """The request is answered as the protocol does, and what it orders ends as a task should."""
    body: dict[str, Any] = {}
    if isinstance(case.body, bytes):
        body = {"data": case.body, "content_type": "application/json"}
    elif not isinstance(case.body, schemathesis.core.NotSet):
        body = {"json": case.body}
    answer = protocol.client.open(
        case.formatted_path,
        method=case.method,
        query_string=case.query or {},
        headers={"Authorization": f"Bearer {MASTER_KEY}"},
        **body,
    )
    told: Any = answer.get_json() if answer.data else None
    assert answer.status_code < 500, told
    if answer.status_code >= 400:
        assert list(told) == ["message", "code", "type", "link"]
    elif isinstance(told, dict) and "taskUid" in told:
        protocol.drain.run_until_empty()
        check_end(protocol, told["taskUid"])


def check_end(protocol: Protocol, uid: int) -> None:
    """A task ends well, or with an error that says why; it may have deleted itself."""
    task = protocol.client.get(f"/tasks/{uid}", headers={"Authorization": f"Bearer {MASTER_KEY}"})
    told = task.get_json()
    assert told.get("status") in ("succeeded", "failed", "canceled", None), told
    assert (told.get("error") or {}).get("code") != "internal", told
