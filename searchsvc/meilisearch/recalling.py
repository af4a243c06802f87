"""Which searches were answered before, in this state of the index? In the cache that all protocols
share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

import orjson

from indexer.calendar import find_today
from searchsvc.insight.record import Answered
from searchsvc.meilisearch.features import load_features
from searchsvc.meilisearch.host import Host, find_settings, open_searched
from searchsvc.meilisearch.search import answer_search
from searchsvc.meilisearch.search_parameters import SearchParameters
from searchsvc.monitoring.notes import note
from searchsvc.query.lookups import are_lookups_current


@dataclass(frozen=True, slots=True)
class Recalled:
    """The body of a response as JSON, and what is remembered of the search."""

    data: bytes
    answered: Answered


def answer_once(
    host: Host,
    parameters: SearchParameters,
    rule: Any,
    only: Mapping[str, tuple[str, ...]],
) -> tuple[dict[str, Any], Answered]:
    """As :func:`searchsvc.meilisearch.search.answer_search`, for the index of ``host``. Also raises
    what opening it raises, TooBusy, QueryTooCostly.
    """
    state = host.find_state()
    key = _make_key(host, parameters, rule, only)
    recalled: Recalled | None = host.cache.get(state, key)
    host.counts.count_answer(cached=recalled is not None)
    if recalled is not None:
        note(searched=True, hits=recalled.answered.total)
        body: dict[str, Any] = orjson.loads(recalled.data)
        return {**body, "processingTimeMs": 0}, recalled.answered
    with open_searched(host) as index:
        body, answered = answer_search(index, parameters, rule, only)
        settled = are_lookups_current(index.engine, index.snapshot)
    if settled and host.find_state() == state:
        host.cache.put(state, key, Recalled(orjson.dumps(body), answered))
    return body, answered


def _make_key(
    host: Host, parameters: SearchParameters, rule: Any, only: Mapping[str, tuple[str, ...]]
) -> bytes:
    asked = [
        "meilisearch",
        # Tomorrow the same words name other days: *berita hari ini*.
        find_today().isoformat(),
        asdict(parameters),
        rule,
        sorted(only.items()),
        find_settings(host),
        load_features(host.folder.path),
    ]
    return blake2b(orjson.dumps(asked), digest_size=16).digest()
