"""The OpenSearch that tests use, if there is one: ``SEARCHSVC_OPENSEARCH=http://127.0.0.1:19200``.

Creating an index takes a node much longer than emptying one, so all tests of a run use the same.
"""

from __future__ import annotations

import atexit
import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from indexer.engine.opensearch.engine import OpenSearchEngine

NODE = os.environ.get("SEARCHSVC_OPENSEARCH", "").rstrip("/")
needs_node = pytest.mark.skipif(
    not NODE, reason="SEARCHSVC_OPENSEARCH names no node; see CONTRIBUTING.md"
)


def ask_node(method: str, path: str, body: object = None) -> Any:
    """What the node itself says."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = Request(f"{NODE}{path}", data, {"content-type": "application/json"}, method=method)
    with urlopen(request, timeout=120) as answer:
        return json.load(answer)


def open_opensearch(name: str) -> OpenSearchEngine:
    """The engine on the index of this name, created if it does not exist."""
    from indexer.engine.opensearch.address import read_address
    from indexer.engine.opensearch.engine import open_engine

    return open_engine(read_address(f"{NODE}/{name}"), create=True)


def remove_index(name: str) -> None:
    """Delete everything of the index."""
    ask_node("DELETE", f"/{name}.*?expand_wildcards=all&ignore_unavailable=true")


@cache
def create_index(purpose: str) -> str:
    """The name of an index that lasts as long as this process."""
    name = f"test-{purpose}-{uuid4().hex[:8]}"
    open_opensearch(name).close()
    atexit.register(remove_index, name)
    return name


def empty_index(purpose: str) -> str:
    """The name of an index for the next test, as it was when it was created."""
    name = create_index(purpose)
    generation = ask_node("GET", f"/{name}.state/_doc/generation")["_source"]
    data = generation["data"]
    everything: dict[str, Any] = {"query": {"match_all": {}}}
    ask_node("POST", f"/{name}.*/_refresh?expand_wildcards=all")
    ask_node("POST", f"/{data}/_delete_by_query?refresh=true&conflicts=proceed", everything)
    ask_node("POST", f"/{name}.state/_delete_by_query?refresh=true", everything)
    first = {
        "format": generation["format"],
        "number": 0,
        "identity": uuid4().hex,
        "data": data,
        "words": [],
        "abandoned": [],
        "replaced": [],
        "retired": [],
    }
    ask_node("PUT", f"/{name}.state/_doc/generation?refresh=true", first)
    return name
