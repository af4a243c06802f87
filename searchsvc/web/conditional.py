"""How is an answer computed only once per committed state of the index? Cache, entity tag, 304.

The tag is made of the state's identity and the normalised request, so a browser's tag is compared,
and a 304 answered, without searching. It is weak: the same answer may be sent compressed, and two
workers measure different times for it.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from time import perf_counter
from typing import Any

import orjson
from flask import Response, request

from indexer.calendar import find_today
from indexer.deadline import Deadline, until
from indexer.engine.base import Engine
from searchsvc.monitoring.notes import note
from searchsvc.query.lookups import are_lookups_current, recall_lookups
from searchsvc.request import SearchRequest
from searchsvc.web.answer_cache import Body, TimedBody
from searchsvc.web.recording import remember_search
from searchsvc.web.service import Service

JSON_TYPE = "application/json"
HTML_TYPE = "text/html; charset=utf-8"

#: Produces an answer.
Produce = Callable[[Engine], bytes | TimedBody]


def normalise_request(search_request: SearchRequest) -> list[Any]:
    """The request as values for JSON, equal for requests that have the same answer."""
    filters = {name: sorted(set(values)) for name, values in search_request.filters.items()}
    ranges = sorted(search_request.ranges.items())
    return [
        search_request.q,
        search_request.page,
        search_request.per_page,
        search_request.sort,
        sorted(filters.items()),
        search_request.date_from,
        search_request.date_to,
        search_request.facets,
        search_request.interval,
        search_request.collapse,
        search_request.explain,
        search_request.highlight,
        search_request.ignored,
        ranges,
        sorted((name, sorted(set(values))) for name, values in search_request.only.items()),
        search_request.match,
        sorted(search_request.without),
        search_request.recency,
        search_request.shape,
        search_request.snippet_length,
    ]


def answer_once(
    service: Service,
    name: str,
    parameters: Any,
    produce: Produce,
    *,
    media_type: str = JSON_TYPE,
    cache_seconds: int | None = None,
    searched: SearchRequest | None = None,
) -> Response:
    """The answer to the request called ``name`` with ``parameters`` (JSON-able values), and to the
    search ``searched``, if it is one that a reader makes.

    ``produce`` is not called if the answer is cached or the browser has it. If a commit intervenes,
    the answer may be of either state; if lookups beside the index are still being renewed after
    one, it may improve soon. Neither kind gets a tag or is cached. Raises what opening the index
    and ``produce`` raise, QueryTooCostly after the setting ``query_deadline_seconds``, and TooBusy
    if too many requests are waiting to be computed.
    """
    state = service.find_state()
    request_key = _make_key(service, name, parameters)
    # Not contains_weak(), to which "*" matches every tag: it is not known yet that there is an
    # answer.
    if make_tag(state, request_key) in request.if_none_match.as_set(include_weak=True):
        unchanged = Response(status=304, headers={"Vary": "Accept-Encoding"})
        return _finish(unchanged, service, make_tag(state, request_key), cache_seconds)
    body, tag = find_answer(service, state, request_key, produce, searched)
    return _finish(send_body(body, media_type), service, tag, cache_seconds)


def answer_part(
    service: Service, name: str, parameters: Any, produce: Produce, searched: SearchRequest
) -> bytes:
    """As :func:`answer_once`, the answer alone, for a response that is made of several."""
    request_key = _make_key(service, name, parameters)
    return find_answer(service, service.find_state(), request_key, produce, searched)[0].data


def make_tag(state: str, request_key: bytes) -> str:
    """The tag of the answer to a request in one state of the index."""
    return f"{state}-{request_key.hex()}"


def _make_key(service: Service, name: str, parameters: Any) -> bytes:
    # Tomorrow the same words name other days: *berita hari ini*.
    asked = [service.build, find_today().isoformat(), name, parameters]
    return blake2b(orjson.dumps(asked), digest_size=16).digest()


def find_answer(
    service: Service,
    state: str,
    request_key: bytes,
    produce: Produce,
    searched: SearchRequest | None,
) -> tuple[Body, str]:
    """The answer in the newest ``state``, from the cache where it is there, and its tag, which is
    empty where the answer may soon be another. Raises what :func:`answer_once` raises.
    """
    began = perf_counter()
    tag = make_tag(state, request_key)
    body: Body | TimedBody | None = service.cache.get(state, request_key)
    took_ms = None
    service.counts.count_answer(cached=body is not None)
    if body is not None:
        took_ms = (perf_counter() - began) * 1000
    else:
        with service.turns.take():
            body, settled = _compute(service, produce)
        if settled and service.find_state() == state:
            service.cache.put(state, request_key, body)
        else:
            tag = ""
    if isinstance(body, TimedBody):
        took_ms = body.took_ms if took_ms is None else round(took_ms, 2)
        query_id = ""
        if body.hits is not None:
            note(hits=body.hits)
        if searched is not None and body.answered is not None:
            query_id = remember_search(service, searched, body.answered, took_ms)
        body = body.tell(took_ms, query_id)
    return body, tag


def _compute(service: Service, produce: Produce) -> tuple[Body | TimedBody, bool]:
    """The answer, and whether all lookups it used belong to the same state."""
    note(searched=True)
    engine = service.index.engine()
    with engine.snapshot() as snapshot:
        # Lookups built once for all queries do not count towards this one's cost.
        recall_lookups(engine, snapshot)
        settled = are_lookups_current(engine, snapshot)
    seconds = service.settings.query_deadline_seconds
    with until(Deadline(seconds) if seconds else None):
        made = produce(engine)
    return Body(made) if isinstance(made, bytes) else made, settled


def send_body(body: Body, media_type: str, *, status: int = 200) -> Response:
    """A response with ``body``, compressed if the client accepts it."""
    data, encoding = body.encode(accepts_gzip=request.accept_encodings["gzip"] > 0)
    response = Response(data, status=status, content_type=media_type)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _finish(response: Response, service: Service, tag: str, cache_seconds: int | None) -> Response:
    seconds = service.settings.cache_seconds if cache_seconds is None else cache_seconds
    if tag:
        response.set_etag(tag, weak=True)
    # What needs a key is nobody else's.
    who = "public" if service.access.reads_open and not request.authorization else "private"
    response.headers["Cache-Control"] = f"{who}, max-age={seconds}" if seconds else "no-cache"
    return response
