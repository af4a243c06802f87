"""How does an editor pin articles to a query, or hide them from it, over HTTP? In the site's own
dictionary, where the service finds them within a second.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from indexer.language.dictionary import Dictionary, Row
from indexer.language.dictionary_text import MAX_HIDDEN, MAX_PINNED, MAX_QUERY_WORDS
from searchsvc.access.gate import NotAllowed
from searchsvc.dictionary_editing import set_articles, split_words
from searchsvc.errors import BodyInvalid
from searchsvc.insight.normal import is_plain
from searchsvc.own_dictionary import is_shared
from searchsvc.query.parameters import ParameterError
from searchsvc.query.unknown_parameters import refuse_misnamed
from searchsvc.web.api import choose_index
from searchsvc.web.body import read_object
from searchsvc.web.guard import allow_writing
from searchsvc.web.service import Service, base_service, current_service
from searchsvc.web.tasks_api import send_json

pins_api = Blueprint("pins_api", __name__)
pins_api.url_value_preprocessor(choose_index)

_LONGEST_ID = 2_000
_NAMES = ("query", "pinned", "hidden")


@pins_api.get("/pins")
def list_pins() -> Response:
    """All queries with pinned or hidden articles, or the one that ``q`` names."""
    _allow("pins.get")
    refuse_misnamed(request.args, ("q",))
    service = current_service()
    dictionary = service.dictionary.current(now=True)
    rows = sorted({*dictionary.pinned, *dictionary.hidden})
    if "q" in request.args:
        wanted = split_words(request.args["q"])
        rows = [row for row in rows if row == wanted]
    return send_json({"pins": [_describe(row, dictionary) for row in rows]})


@pins_api.put("/pins")
def put_pins() -> Response:
    """Pin these articles to a query and hide those from it, in place of what there was."""
    _allow("pins.update")
    refuse_misnamed(request.args, ())
    service = current_service()
    body = read_object()
    for name in body:
        if name not in _NAMES:
            raise BodyInvalid(f"it has {name[:40]!r}; it may have {', '.join(_NAMES)}")
    query = body.get("query")
    if not isinstance(query, str):
        raise BodyInvalid("'query' must be a text")
    row = _read_query(query)
    pinned = _read_ids(body, "pinned", MAX_PINNED)
    hidden = _read_ids(body, "hidden", MAX_HIDDEN)
    if not (pinned or hidden):
        raise BodyInvalid("it pins nothing and hides nothing; DELETE takes a query out")
    return _write(service, row, pinned, hidden)


@pins_api.delete("/pins")
def delete_pins() -> Response:
    """Let the query ``q`` find what it finds."""
    _allow("pins.update")
    refuse_misnamed(request.args, ("q",))
    return _write(current_service(), _read_query(request.args.get("q", "")), [], [])


def _allow(action: str) -> None:
    """Raise NotAllowed, also for a key of some indexes if all of them share the dictionary; and
    what :func:`allow_writing` raises.
    """
    rights = allow_writing(action)
    if is_shared(base_service().settings.dictionary) and not rights.may_all_indexes():
        raise NotAllowed(action, reason="the dictionary is that of all indexes")


def _write(service: Service, row: Row, pinned: list[str], hidden: list[str]) -> Response:
    with service.index.snapshot() as snapshot:
        missing = [one for one in (*pinned, *hidden) if snapshot.find(one) is None]
    set_articles(service.dictionary.path, " ".join(row), pinned, hidden)
    described = _describe(row, service.dictionary.current(now=True))
    return send_json({**described, "missing": missing})


def _describe(row: Row, dictionary: Dictionary) -> dict[str, Any]:
    return {
        "query": " ".join(row),
        "pinned": dictionary.pinned.get(row, ()),
        "hidden": dictionary.hidden.get(row, ()),
    }


def _read_query(query: str) -> Row:
    """Its words. Raises ParameterError."""
    row = split_words(query)
    if not 1 <= len(row) <= MAX_QUERY_WORDS or not is_plain(query):
        told = f"give 1 to {MAX_QUERY_WORDS} words without operators."
        raise ParameterError("q", query[:80], told)
    return row


def _read_ids(body: dict[str, Any], name: str, most: int) -> list[str]:
    """Raises BodyInvalid."""
    ids = body.get(name, [])
    if (
        not isinstance(ids, list)
        or len(ids) > most
        or not all(isinstance(one, str) and 0 < len(one) <= _LONGEST_ID for one in ids)
        or not all(_is_storable(one) for one in ids)
    ):
        raise BodyInvalid(f"{name!r} must be a list of at most {most} ids of articles")
    return list(dict.fromkeys(ids))


def _is_storable(text: str) -> bool:
    """Whether the file can hold it: no lone surrogates, and no NUL, which no text has."""
    return "\0" not in text and text.encode("utf-8", "replace").decode() == text
