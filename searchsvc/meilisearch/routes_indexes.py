"""How are indexes created, listed, read, updated, deleted, swapped and compacted? And their
fields.
"""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request

from indexer.own_fields.attributes import KEYS, matches
from searchsvc.data_folder import check_name
from searchsvc.meilisearch.blueprint import meilisearch, read_body, send
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.gate import allow, allow_whole, allow_writing
from searchsvc.meilisearch.host import Host, find_folder, find_host, find_record, find_settings
from searchsvc.meilisearch.index_settings import PRIMARY_KEY, RULES, list_patterns
from searchsvc.meilisearch.kinds import write_payload
from searchsvc.meilisearch.paging import read_page, show_page
from searchsvc.meilisearch.reading import (
    fail_kind,
    read_anything,
    read_count,
    read_fields,
    read_flag,
    read_object,
    read_string,
    read_strings,
)
from searchsvc.meilisearch.task_view import show_summary
from searchsvc.meilisearch.times import write_change, write_creation

_PRIMARY_KEY: Final = (read_string, "invalid_index_primary_key")
_UID: Final = (read_string, "invalid_index_uid")


def show_index(host: Host) -> dict[str, Any]:
    """An index in response form."""
    folder = find_folder(host)
    return {
        "uid": host.name,
        "createdAt": write_creation(folder),
        "updatedAt": write_change(folder),
        "primaryKey": find_primary_key(host),
    }


def find_primary_key(host: Host) -> str | None:
    """The primary key of an index."""
    record = find_record(host)
    if record is not None:
        return record.primary_key
    with host.index.snapshot() as snapshot:
        return PRIMARY_KEY if snapshot.document_count() else None


@meilisearch.get("/indexes")
def list_indexes() -> Response:
    """All indexes visible to the key."""
    rights = allow("indexes.get")
    host = find_host()
    offset, limit = read_page(request.args, "index")
    names = [name for name in host.folder.names() if rights.may_index(name)]
    page = show_page(names, offset, limit)
    page["results"] = [show_index(host.for_index(name)) for name in page["results"]]
    return send(page)


@meilisearch.get("/indexes/<uid>")
def get_index(uid: str) -> Response:
    """One index."""
    allow("indexes.get", uid)
    return send(show_index(find_host().for_index(uid)))


@meilisearch.post("/indexes")
def create_index() -> Response:
    """Queue the creation of an index."""
    allow_writing("indexes.create")
    body = read_fields(read_body(), {"uid": _UID, "primaryKey": _PRIMARY_KEY})
    if "uid" not in body:
        raise ProtocolError("missing_index_uid", "Missing field `uid`")
    uid = check_name(body["uid"])
    allow_writing("indexes.create", uid)
    return _order("indexCreation", uid, {"primaryKey": body.get("primaryKey")})


@meilisearch.patch("/indexes/<uid>")
def update_index(uid: str) -> Response:
    """Queue a change of primary key or name."""
    allow_writing("indexes.update", check_name(uid))
    body = read_object(read_body())
    for name in ("createdAt", "updatedAt"):
        if name in body:
            code = f"immutable_index_{'created' if name == 'createdAt' else 'updated'}_at"
            raise ProtocolError(code, f"Immutable field `{name}`: expected one of `primaryKey`")
    read = read_fields(body, {"uid": _UID, "primaryKey": _PRIMARY_KEY})
    new_uid = check_name(read["uid"]) if "uid" in read else None
    if new_uid is not None:
        allow_writing("indexes.update", new_uid)
    details = {"primaryKey": read.get("primaryKey")}
    return _order("indexUpdate", uid, {**details, "newUid": new_uid}, details)


@meilisearch.delete("/indexes/<uid>")
def delete_index(uid: str) -> Response:
    """Queue the deletion of an index."""
    allow_writing("indexes.delete", check_name(uid))
    return _order("indexDeletion", uid, {}, {"deletedDocuments": None})


@meilisearch.post("/indexes/<uid>/compact")
def compact_index(uid: str) -> Response:
    """Queue the removal of all traces of deleted documents."""
    allow_writing("indexes.update", check_name(uid))
    find_host().for_index(uid)
    return _order("indexCompaction", uid, {}, {})


@meilisearch.post("/swap-indexes")
def swap_indexes() -> Response:
    """Queue the swapping of pairs of indexes."""
    allow_writing("indexes.swap")
    body = read_body()
    if not isinstance(body, list):
        raise fail_kind(body, ".", "bad_request", "an array")
    swaps = [_read_swap(one, f"[{number}]") for number, one in enumerate(body)]
    names = [name for swap in swaps for name in swap["indexes"]]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        told = ", ".join(f"`{name}`" for name in twice)
        raise ProtocolError(
            "invalid_swap_duplicate_index_found",
            "Indexes must be declared only once during a swap. The following indexes were "
            f"specified several times: {told}.",
        )
    return _order("indexSwap", "", {"swaps": swaps}, {"swaps": swaps})


def _read_swap(one: Any, place: str) -> dict[str, Any]:
    code = "invalid_swap_indexes"
    read = read_fields(
        one,
        {"indexes": (read_strings, code), "rename": (read_flag, "invalid_swap_rename")},
        place,
    )
    names = read.get("indexes")
    if names is None:
        raise ProtocolError("missing_swap_indexes", f"Missing field `indexes` inside `{place}`")
    if len(names) != 2:
        raise ProtocolError(
            code,
            f"Two indexes must be given for each swap. The list `{names}` contains "
            f"{len(names)} indexes.",
        )
    for name in names:
        allow_writing("indexes.swap", check_name(name))
    return {"indexes": names, "rename": read.get("rename", False)}


def _order(
    kind: str, uid: str, head: dict[str, Any], details: dict[str, Any] | None = None
) -> Response:
    told = head if details is None else details
    task = find_host().queue.add(kind, index=uid, payload=write_payload(head), details=told)
    return send(show_summary(task), 202)


@meilisearch.post("/indexes/<uid>/fields")
def list_fields(uid: str) -> Response:
    """The top-level attributes of documents, and what each may be used for."""
    allow_whole("indexes.get", uid)
    readers = {
        "offset": (read_count, "invalid_index_offset"),
        "limit": (read_count, "invalid_index_limit"),
        "filter": (read_anything, "invalid_index_fields_filter"),
    }
    body = read_fields(read_body(), readers)
    host = find_host().for_index(uid)
    settings: dict[str, Any] = find_settings(host)
    wanted = read_object(body.get("filter") or {}, ".filter")
    with host.index.snapshot() as snapshot:
        names = sorted(name for name, _ in snapshot.label_counts(KEYS))
    rows = [_describe_field(name, settings) for name in names]
    kept = [row for row in rows if all(_is_wanted(row, *one) for one in wanted.items())]
    return send(show_page(kept, body.get("offset", 0), body.get("limit", 20)))


def _describe_field(name: str, settings: dict[str, Any]) -> dict[str, Any]:
    filterable = matches(list_patterns(settings["filterableAttributes"]), name)
    rules = [rule for rule in settings["rankingRules"] if rule not in RULES]
    order = next((rule for rule in rules if rule.rpartition(":")[0] == name), "")
    return {
        "name": name,
        "displayed": {"enabled": matches(settings["displayedAttributes"], name)},
        "searchable": {"enabled": matches(settings["searchableAttributes"], name)},
        "sortable": {"enabled": matches(settings["sortableAttributes"], name)},
        "distinct": {"enabled": settings["distinctAttribute"] == name},
        "rankingRule": {"enabled": bool(order), "order": order.rpartition(":")[2] or None},
        "filterable": {
            "enabled": filterable,
            "sortBy": settings["faceting"]["sortFacetValuesBy"].get(name, "alpha"),
            "facetSearch": filterable and settings["facetSearch"],
            "equality": filterable,
            "comparison": filterable,
        },
        "localized": {"locales": []},
    }


def _is_wanted(row: dict[str, Any], name: str, value: Any) -> bool:
    if name == "attributePatterns":
        return matches(read_strings(value, ".filter", "invalid_index_fields_filter"), row["name"])
    if name not in row or name == "name":
        raise ProtocolError("bad_request", f"Unknown field `{name}` inside `.filter`")
    return bool(row[name].get("enabled") == value)
