"""How are documents added, updated, read, listed and deleted?"""

from __future__ import annotations

from typing import Any, Final

import orjson
from flask import Response, request

from indexer.deadline import check_deadline, until
from indexer.engine.base import Filter, Query
from searchsvc.access.rights import Rights
from searchsvc.data_folder import check_name
from searchsvc.meilisearch.blueprint import allow_large_body, meilisearch, read_body, send
from searchsvc.meilisearch.documents import check_id, show_document
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.filter_expression import FilterError, parse_filter
from searchsvc.meilisearch.gate import allow_whole, allow_writing
from searchsvc.meilisearch.host import find_deadline, find_host, open_searched
from searchsvc.meilisearch.kinds import write_payload
from searchsvc.meilisearch.orders import order_documents
from searchsvc.meilisearch.payload import read_documents
from searchsvc.meilisearch.reading import (
    MOST,
    fail_kind,
    fail_value,
    parse_count,
    parse_flag,
    parse_json,
    parse_list,
    read_anything,
    read_count,
    read_fields,
    read_flag,
    read_object,
    read_strings,
)
from searchsvc.meilisearch.search import read_filter
from searchsvc.meilisearch.search_parameters import refuse_unknown_parameters
from searchsvc.meilisearch.searched import Searched
from searchsvc.meilisearch.selection import pick
from searchsvc.meilisearch.task_view import METADATA, show_summary

_DOCUMENTS: Final = "/indexes/<uid>/documents"
FETCH: Final = {
    "offset": (read_count, "invalid_document_offset"),
    "limit": (read_count, "invalid_document_limit"),
    "fields": (read_strings, "invalid_document_fields"),
    "filter": (read_anything, "invalid_document_filter"),
    "sort": (read_anything, "invalid_document_sort"),
    "ids": (read_anything, "invalid_document_ids"),
    "retrieveVectors": (read_flag, "invalid_document_retrieve_vectors"),
}
#: How many documents one request may list: without a key, and with one. The master key lists any
#: number.
_MOST_WITHOUT_KEY: Final = 1_000
_MOST_WITH_KEY: Final = 10_000
ADDING: Final = ("primaryKey", "csvDelimiter", "customMetadata", "skipCreation")


# --- reading


@meilisearch.get(_DOCUMENTS)
def list_documents(uid: str) -> Response:
    """A page of the documents, with parameters from the query string."""
    rights = allow_whole("documents.get", uid)
    refuse_unknown_parameters(request.args, FETCH)
    body: dict[str, Any] = {}
    for name, text in request.args.items():
        if name in ("offset", "limit"):
            body[name] = parse_count(text, name, f"invalid_document_{name}")
        elif name == "retrieveVectors":
            body[name] = parse_flag(text, name, "invalid_document_retrieve_vectors")
        else:
            body[name] = parse_json(text) if name == "filter" else parse_list(text)
    return _answer_documents(uid, body, _find_most(rights))


@meilisearch.post(f"{_DOCUMENTS}/fetch")
def fetch_documents(uid: str) -> Response:
    """A page of the documents, with parameters from the body."""
    rights = allow_whole("documents.get", uid)
    return _answer_documents(uid, read_body(), _find_most(rights))


def _find_most(rights: Rights) -> int:
    """How many documents one request may list."""
    if rights.is_master:
        return MOST
    return _MOST_WITHOUT_KEY if rights.key is None else _MOST_WITH_KEY


def _answer_documents(uid: str, body: Any, most: int) -> Response:
    wanted = read_fields(body, FETCH)
    offset, limit = wanted.get("offset", 0), wanted.get("limit", 20)
    fields = wanted.get("fields", ["*"])
    _refuse_many(limit, most, ".limit", "invalid_document_limit")
    with open_searched(find_host().for_index(uid)) as index:
        if "ids" in wanted:
            refs = _find_ids(index, wanted["ids"], uid, most)
            rows, total = refs[offset : offset + limit], len(refs)
        else:
            query = Query(
                filters=_list_filters(index, wanted.get("filter")),
                offset=min(offset, 2**31),
                limit=min(limit, 2**31),
            )
            answer = index.snapshot.search(order_documents(query, wanted.get("sort"), index))
            rows, total = [hit.ref for hit in answer.hits], answer.total
        results = [_show(index, ref, fields) for ref in rows]
    return send({"results": results, "offset": offset, "limit": limit, "total": total})


def _refuse_many(count: int, most: int, place: str, code: str) -> None:
    if count > most:
        raise fail_value(place, code, f"at most {most:,} documents can be listed at once.")


def _show(index: Searched, ref: int, fields: list[str]) -> dict[str, Any]:
    check_deadline()
    return pick(show_document(index.snapshot.article(ref)), fields)


def _list_filters(index: Searched, given: Any) -> tuple[Filter, ...]:
    condition = read_filter(given, index.asked, "invalid_document_filter")
    return () if condition is None else (condition,)


def _find_ids(index: Searched, given: Any, uid: str, most: int) -> list[int]:
    """The refs of the existing documents with these ids."""
    if not isinstance(given, list):
        raise fail_kind(given, ".ids", "invalid_document_ids", "an array")
    _refuse_many(len(given), most, ".ids", "invalid_document_ids")
    found = (index.snapshot.find(check_id(one, uid)) for one in given)
    return [ref for ref in dict.fromkeys(found) if ref is not None]


@meilisearch.get(f"{_DOCUMENTS}/<document_id>")
def get_document(uid: str, document_id: str) -> Response:
    """One document."""
    allow_whole("documents.get", uid)
    refuse_unknown_parameters(request.args, {"fields": 1, "retrieveVectors": 1})
    fields = parse_list(request.args.get("fields", "*")) or ["*"]
    host = find_host().for_index(uid)
    with host.index.snapshot() as snapshot:
        ref = snapshot.find(document_id)
        if ref is None:
            raise ProtocolError("document_not_found", f"Document `{document_id[:80]}` not found.")
        return send(pick(show_document(snapshot.article(ref)), fields))


# --- writing


@meilisearch.post(_DOCUMENTS)
def add_documents(uid: str) -> Response:
    """Queue the addition of documents, replacing those with the same ids."""
    return _order_documents(uid, update=False)


@meilisearch.put(_DOCUMENTS)
def update_documents(uid: str) -> Response:
    """Queue the addition of documents, merged into those with the same ids."""
    return _order_documents(uid, update=True)


def _order_documents(uid: str, *, update: bool) -> Response:
    allow_writing("documents.add", check_name(uid))
    refuse_unknown_parameters(request.args, dict.fromkeys(ADDING))
    skip = request.args.get("skipCreation", "false")
    head = {
        "update": update,
        "primaryKey": request.args.get("primaryKey") or None,
        "skipCreation": parse_flag(skip, "skipCreation", "invalid_skip_creation"),
    }
    allow_large_body()
    body = request.get_data(cache=False)
    content_type = request.headers.get("Content-Type", "")
    documents = read_documents(body, content_type, request.args.get("csvDelimiter"))
    details = {"receivedDocuments": len(documents), "indexedDocuments": None}
    return _order("documentAdditionOrUpdate", uid, head, details, orjson.dumps(documents))


@meilisearch.delete(_DOCUMENTS)
def delete_all(uid: str) -> Response:
    """Queue the deletion of all documents."""
    allow_writing("documents.delete", check_name(uid))
    details = {"providedIds": 0, "originalFilter": None, "deletedDocuments": None}
    return _order("documentDeletion", uid, {"all": True}, details)


@meilisearch.delete(f"{_DOCUMENTS}/<document_id>")
def delete_document(uid: str, document_id: str) -> Response:
    """Queue the deletion of a document."""
    allow_writing("documents.delete", check_name(uid))
    return _order_deletion(uid, [document_id])


@meilisearch.post(f"{_DOCUMENTS}/delete-batch")
def delete_batch(uid: str) -> Response:
    """Queue the deletion of the documents with these ids."""
    allow_writing("documents.delete", check_name(uid))
    body = read_body(large=True)
    if not isinstance(body, list):
        raise fail_kind(body, ".", "bad_request", "an array")
    return _order_deletion(uid, body)


def _order_deletion(uid: str, ids: list[Any]) -> Response:
    found = [check_id(one, uid) for one in ids]
    details = {"providedIds": len(found), "originalFilter": None, "deletedDocuments": None}
    return _order("documentDeletion", uid, {"ids": found}, details)


@meilisearch.post(f"{_DOCUMENTS}/delete")
def delete_by_filter(uid: str) -> Response:
    """Queue the deletion of the documents that match a filter."""
    allow_writing("documents.delete", check_name(uid))
    body = read_fields(
        read_object(read_body()), {"filter": (read_anything, "invalid_document_filter")}
    )
    if "filter" not in body:
        raise ProtocolError("missing_document_filter", "Missing field `filter`")
    # Syntax errors are reported now, attributes that are not filterable when the task runs.
    try:
        with until(find_deadline(find_host().settings)):
            if parse_filter(body["filter"]) is None:
                raise FilterError("Sending an empty filter is forbidden.")
    except FilterError as error:
        raise ProtocolError("invalid_document_filter", str(error)) from None
    details = {
        "providedIds": 0,
        "originalFilter": orjson.dumps(body["filter"]).decode(),
        "deletedDocuments": None,
    }
    return _order("documentDeletionByFilter", uid, {"filter": body["filter"]}, details)


def _order(
    kind: str, uid: str, head: dict[str, Any], details: dict[str, Any], documents: bytes = b"[]"
) -> Response:
    metadata = request.args.get("customMetadata")
    told = details if metadata is None else {**details, METADATA: metadata}
    payload = write_payload(head, documents)
    task = find_host().queue.add(kind, index=uid, payload=payload, details=told)
    return send(show_summary(task), 202)
