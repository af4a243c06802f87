"""How does the writer execute this protocol's tasks? One function for each kind.

A payload is a JSON header on one line, with the parameters of the request, followed by the
documents as JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import orjson

from indexer.engine.base import Query
from indexer.errors import IndexNotWritten
from indexer.ingest.sent_record import show_record
from indexer.own_fields.file import keep_attributes
from searchsvc.data_folder import IndexExists, UnknownIndex
from searchsvc.meilisearch.documents import infer_primary_key, make_article, merge, read_id
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.explaining import explain
from searchsvc.meilisearch.features import load_features
from searchsvc.meilisearch.filter_query import Asked
from searchsvc.meilisearch.index_settings import (
    IndexRecord,
    list_attributes,
    list_patterns,
    list_settings,
    load_record,
    save_record,
    start_record,
)
from searchsvc.meilisearch.own_words import write_own_words
from searchsvc.meilisearch.search import read_filter
from searchsvc.tasks.changes import Changes
from searchsvc.tasks.kinds import ArticleKind, Kind, OtherKind, Workshop
from searchsvc.tasks.task import TaskFailed
from searchsvc.tasks.work import Job, Outcome

#: How long a rebuild waits for another writer of its index.
_WAIT_S: Final = 600.0


def write_payload(head: Mapping[str, Any], documents: bytes = b"[]") -> bytes:
    """The payload of a task."""
    return orjson.dumps(head) + b"\n" + documents


def _read_payload(job: Job) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    head, _, documents = job.payload.partition(b"\n")
    return orjson.loads(head), orjson.loads(documents)


def _failing(
    do: Callable[[Job, Any], Outcome],
) -> Callable[[Job, Any], Outcome]:
    """``do``, with protocol errors turned into task errors."""

    def run(job: Job, place: Any) -> Outcome:
        try:
            return do(job, place)
        except ProtocolError as error:
            raise TaskFailed(error.to_dict()) from None

    return run


# --- documents


def add_documents(job: Job, changes: Changes) -> Outcome:
    """Add, replace or update documents."""
    head, documents = _read_payload(job)
    index = job.task.index
    record = load_record(changes.folder) or _begin_record(changes)
    primary_key = choose_primary_key(record, head["primaryKey"], documents, index)
    done = 0
    for document in documents:
        document_id = read_id(document, primary_key or "", index)
        before = changes.get(document_id)
        if head["skipCreation"] and before is None:
            continue
        if head["update"] and before is not None:
            document = merge(show_record(before), document)
        changes.put(make_article(document, document_id))
        done += 1
    if record.primary_key != primary_key:
        keep_record(changes.folder, replace(record, primary_key=primary_key))
    return Outcome({"receivedDocuments": len(documents), "indexedDocuments": done})


def _begin_record(changes: Changes) -> IndexRecord:
    """The record of an index without one: new, or created by the command line."""
    filled = changes.count() > 0
    record = start_record(filled=filled)
    if not filled:
        keep_attributes(list_attributes(list_settings(record, _no_fields())), changes.folder)
    keep_record(changes.folder, record)
    return record


def choose_primary_key(
    record: IndexRecord, wanted: str | None, documents: list[dict[str, Any]], index: str
) -> str | None:
    """The primary key for the documents. Raises ProtocolError."""
    known = record.primary_key
    if known is not None and wanted is not None and wanted != known:
        raise ProtocolError(
            "index_primary_key_already_exists",
            f"Index `{index}`: Index already has a primary key: `{known}`.",
        )
    if known or wanted or not documents:
        return known or wanted
    return infer_primary_key(documents[0], index)


def delete_documents(job: Job, changes: Changes) -> Outcome:
    """Delete documents by id, or all."""
    head, _ = _read_payload(job)
    if head.get("all"):
        return Outcome({"deletedDocuments": changes.clear()})
    return Outcome({"deletedDocuments": sum(map(changes.remove, head["ids"]))})


def delete_by_filter(job: Job, changes: Changes) -> Outcome:
    """Delete the documents that match a filter."""
    head, _ = _read_payload(job)
    settings = list_settings(load_record(changes.folder), changes.fields)
    asked = Asked(
        changes.snapshot,
        changes.fields,
        tuple(list_patterns(settings["filterableAttributes"])),
        load_features(changes.folder.parent)["containsFilter"],
    )
    condition = read_filter(head["filter"], asked, "invalid_document_filter")
    filters = () if condition is None else (condition,)
    total = changes.snapshot.document_count()
    found = changes.snapshot.search(Query(filters=filters, limit=total)).hits
    ids = [changes.snapshot.summary(hit.ref).id for hit in found]
    return Outcome({"deletedDocuments": sum(map(changes.remove, ids))})


# --- indexes


def create_index(job: Job, workshop: Workshop) -> Outcome:
    """Create an empty index."""
    name = job.task.index
    head, _ = _read_payload(job)
    if workshop.folder.has(name) and not job.progress:
        raise _not_again(name)
    workshop.keep_progress(job, {"begun": True})
    folder = workshop.folder.create(name)
    record = IndexRecord(head["primaryKey"])
    keep_attributes(list_attributes(list_settings(IndexRecord(), _no_fields())), folder)
    keep_record(folder, record)
    return Outcome({"primaryKey": head["primaryKey"]})


def _no_fields() -> Any:
    from indexer.own_fields.attributes import Attributes
    from indexer.own_fields.declaration import OwnFields

    return OwnFields(attributes=Attributes())


def _not_again(name: str) -> ProtocolError:
    return ProtocolError("index_already_exists", f"Index `{name}` already exists.")


def _find_index(workshop: Workshop, name: str) -> Path:
    """The folder of an existing index. Raises ProtocolError."""
    if not workshop.folder.has(name):
        raise ProtocolError("index_not_found", f"Index `{name}` not found.")
    return workshop.folder.path_of(name)


def update_index(job: Job, workshop: Workshop) -> Outcome:
    """Change an index's primary key, its name, or both."""
    head, _ = _read_payload(job)
    name, primary_key, new_name = job.task.index, head["primaryKey"], head["newUid"]
    if job.progress and not workshop.folder.has(name):
        return Outcome({"primaryKey": primary_key, "newUid": new_name})
    folder = _find_index(workshop, name)
    if primary_key is not None:
        with workshop.open(name) as index:
            record = load_record(folder) or start_record(filled=len(index) > 0)
            known = record.primary_key
            if known not in (None, primary_key) and len(index):
                raise ProtocolError(
                    "index_primary_key_already_exists",
                    f"Index `{name}`: Index already has a primary key: `{known}`.",
                )
        keep_record(folder, replace(record, primary_key=primary_key))
    if new_name is not None:
        workshop.keep_progress(job, {"begun": True})
        try:
            workshop.folder.rename(name, new_name)
        except IndexExists as error:
            raise explain(error) from None
    details = {"primaryKey": primary_key}
    return Outcome(details if new_name is None else {**details, "newUid": new_name})


def delete_index(job: Job, workshop: Workshop) -> Outcome:
    """Delete an index with everything in it."""
    name = job.task.index
    if not job.progress:
        _find_index(workshop, name)
        with workshop.open(name) as index:
            workshop.keep_progress(job, {"deletedDocuments": len(index)})
            deleted = len(index)
    else:
        deleted = job.progress["deletedDocuments"]
    workshop.folder.remove(name)
    return Outcome({"deletedDocuments": deleted})


def swap_indexes(job: Job, workshop: Workshop) -> Outcome:
    """Swap the names of pairs of indexes; each pair once, however often the task is begun."""
    head, _ = _read_payload(job)
    done = job.progress.get("done", 0)
    swaps = head["swaps"]
    workshop.folder.recover()
    if not job.progress:
        _refuse_lacking(swaps, workshop)
    for number, swap in enumerate(swaps[done:], done):
        first, second = swap["indexes"]
        folder = job.progress["folder"] if job.progress.get("done") == number else None
        if folder is not None and folder == _identify(workshop.folder.path_of(second)):
            # It was swapped before the earlier attempt was killed.
            continue
        folder = _identify(workshop.folder.path_of(first))
        workshop.keep_progress(job, {"done": number, "folder": folder})
        try:
            if swap.get("rename"):
                workshop.folder.rename(first, second)
            else:
                workshop.folder.exchange(first, second)
        except IndexExists as error:
            raise explain(error) from None
        except UnknownIndex as error:
            raise ProtocolError("index_not_found", f"Index `{error.name}` not found.") from None
    return Outcome()


def _identify(folder: Path) -> int | None:
    """A number that the folder keeps under any name; ``None`` if it is missing."""
    return folder.stat().st_ino if folder.exists() else None


def _refuse_lacking(swaps: list[dict[str, Any]], workshop: Workshop) -> None:
    lacking = [
        name
        for swap in swaps
        for name in swap["indexes"][: 1 if swap.get("rename") else 2]
        if not workshop.folder.has(name)
    ]
    if lacking:
        names = ", ".join(f"`{name}`" for name in lacking)
        noun = "Index" if len(lacking) == 1 else "Indexes"
        raise ProtocolError("index_not_found", f"{noun} {names} not found.")


def compact_index(job: Job, workshop: Workshop) -> Outcome:
    """Remove all traces of deleted documents."""
    _find_index(workshop, job.task.index)
    with (
        workshop.open(job.task.index) as index,
        index.engine.writer(wait_s=_WAIT_S) as writer,
    ):
        writer.optimize()
        writer.commit()
    return Outcome()


def keep_record(folder: Path, record: IndexRecord) -> None:
    """Write the record beside the index. Raises IndexNotWritten."""
    try:
        save_record(folder, record)
    except OSError as error:
        raise IndexNotWritten(str(folder), error.strerror or str(error)) from error


# --- settings


def update_settings(job: Job, workshop: Workshop) -> Outcome:
    """Change settings; articles are read again if that changes the contents of the index."""
    head, _ = _read_payload(job)
    name = job.task.index
    folder = workshop.folder.create(name)
    with workshop.open(name) as index:
        fields = index.engine.fields
        record = load_record(folder) or start_record(filled=len(index) > 0)
        before = fields.attributes
        if before is None and len(index):
            # The fields of its articles stay filterable and sortable.
            record = record.change(
                {
                    key: value
                    for key, value in list_settings(None, fields).items()
                    if key in ("filterableAttributes", "sortableAttributes")
                }
            )
        record = record.change(head["settings"])
        settings = list_settings(record, _no_fields())
        attributes = list_attributes(settings)
        keep_attributes(attributes, folder)
        write_own_words(folder, settings)
        keep_record(folder, record)
        if len(index) and (before != attributes or index.list_waiting_fields()):
            index.rebuild(wait_s=_WAIT_S)
    return Outcome()


# --- tasks


def cancel_tasks(job: Job, workshop: Workshop) -> Outcome:
    """Cancel waiting tasks."""
    head, _ = _read_payload(job)
    canceled = workshop.queue.cancel(head["uids"], by=job.task.uid)
    return Outcome({"canceledTasks": canceled})


def delete_tasks(job: Job, workshop: Workshop) -> Outcome:
    """Delete finished tasks."""
    head, _ = _read_payload(job)
    return Outcome({"deletedTasks": workshop.queue.delete(head["uids"])})


KINDS: Final[tuple[Kind, ...]] = (
    ArticleKind("documentAdditionOrUpdate", _failing(add_documents)),
    ArticleKind("documentDeletion", _failing(delete_documents), creates=False),
    ArticleKind("documentDeletionByFilter", _failing(delete_by_filter), alone=True, creates=False),
    OtherKind("indexCreation", _failing(create_index)),
    OtherKind("indexUpdate", _failing(update_index)),
    OtherKind("indexDeletion", _failing(delete_index)),
    OtherKind("indexSwap", _failing(swap_indexes)),
    OtherKind("indexCompaction", _failing(compact_index)),
    OtherKind("settingsUpdate", _failing(update_settings)),
    OtherKind("taskCancelation", _failing(cancel_tasks), urgent=True),
    OtherKind("taskDeletion", _failing(delete_tasks)),
)
