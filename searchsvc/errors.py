"""Which code, title and HTTP status does each exception have? The one table.

Nothing else in the service defines a code or a status for an error. Codes never change their
meaning; docs/http-api.md lists them and a test compares. ``detail`` is the message of the exception
itself, for developers, in English, unless the row has its own; ``heading`` and ``advice`` are what
a reader sees on the page instead, in Indonesian.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from werkzeug.exceptions import HTTPException

from indexer.errors import (
    ArticleNotFound,
    EngineUnavailable,
    ExtraMissing,
    IndexCorrupt,
    IndexLocked,
    IndexNotFound,
    IndexNotWritten,
    IndexOutdated,
    IndexUnreadable,
    QueryTooCostly,
    UnknownName,
)
from searchsvc.access.gate import KeyMissing, KeyRefused, NotAllowed, WritesOff
from searchsvc.access.keys import KeyExists, KeyNotFound, TooManyKeys
from searchsvc.access.new_key import KeyInvalid
from searchsvc.articles.as_is import NotAnArticle
from searchsvc.data_folder import IndexExists, InvalidIndexName, UnknownIndex
from searchsvc.database import DatabaseUnusable
from searchsvc.dictionary_editing import DictionaryNotWritten
from searchsvc.exact_query import QueryMisread
from searchsvc.query.parameters import ParameterError
from searchsvc.query.unknown_parameters import UnknownParameter
from searchsvc.tasks.task import QueueFull, TaskNotFound
from searchsvc.turns import TooBusy

#: Media type of an error body (RFC 9457).
PROBLEM_TYPE = "application/problem+json"


class BodyInvalid(ValueError):
    """The body of a request is not what it should be, for this ``reason``."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The body of the request is not valid: {reason}.")


class AddressRefused(ValueError):
    """This ``part`` (host, scheme, prefix) of a request's address is not the service's."""

    def __init__(self, part: str, value: str, reason: str) -> None:
        self.part = part
        self.value = value
        shown = value if len(value) <= 80 else value[:79] + "…"
        super().__init__(f"This service is not asked under the {part} {shown!r}: {reason}.")


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One row: a stable code and everything said about it.

    ``reported``: the fault is the service's rather than the request's, so it is logged. Its
    exception may name files of the server, so ``detail`` is returned instead.
    """

    code: str
    status: int
    title: str
    heading: str
    advice: str
    reported: bool = False
    detail: str = ""


_WRONG_ADDRESS = "Alamatnya tidak tepat"
_FIX_ADDRESS = "Periksa alamatnya, atau mulai lagi dari kotak pencarian di atas."
_NO_ENTRY = "Halaman ini tidak terbuka untuk umum"
_ASK_FOR_KEY = "Mintalah akses kepada pengelola situs ini."
_BUSY = "Pencarian sedang sangat ramai"
_NOT_READY = "Pencarian belum siap"
_COME_BACK = "Silakan coba lagi beberapa saat lagi."

#: All codes, in the order of the docs.
ERROR_CODES: tuple[ErrorCode, ...] = (
    ErrorCode("invalid_page", 400, "Page not valid", "Halaman itu tidak ada", _FIX_ADDRESS),
    ErrorCode("invalid_per_page", 400, "Page size not valid", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("invalid_sort", 400, "Sort order not known", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode(
        "invalid_from",
        400,
        "Start date not valid",
        "Tanggal awal tidak terbaca",
        "Tulis tanggal seperti 2022-07-20.",
    ),
    ErrorCode(
        "invalid_to",
        400,
        "End date not valid",
        "Tanggal akhir tidak terbaca",
        "Tulis tanggal seperti 2022-07-20.",
    ),
    ErrorCode("invalid_interval", 400, "Interval not known", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("invalid_facets", 400, "Facet not known", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("invalid_limit", 400, "Limit not valid", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("unknown_parameter", 400, "Parameter not known", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("invalid_parameter", 400, "Parameter not valid", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("invalid_address", 400, "Host or prefix not accepted", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("invalid_body", 400, "Body not valid", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("invalid_article", 400, "Article not valid", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("invalid_new_key", 400, "Key cannot be made so", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("query_misread", 400, "Query not understood whole", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("bad_request", 400, "Request not understood", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("missing_key", 401, "Key missing", _NO_ENTRY, _ASK_FOR_KEY),
    ErrorCode("invalid_key", 403, "Key not valid", _NO_ENTRY, _ASK_FOR_KEY),
    ErrorCode("not_allowed", 403, "Not allowed by the key", _NO_ENTRY, _ASK_FOR_KEY),
    ErrorCode("writes_off", 403, "Nothing is written over HTTP", _NO_ENTRY, _ASK_FOR_KEY),
    ErrorCode(
        "article_not_found",
        404,
        "Article not found",
        "Artikel tidak ditemukan",
        "Artikel ini mungkin sudah dihapus. Coba cari judulnya.",
    ),
    ErrorCode(
        "not_found",
        404,
        "No such address",
        "Halaman tidak ditemukan",
        _FIX_ADDRESS,
        detail="Nothing is at this address. GET /api/v1/openapi.json lists those there are.",
    ),
    ErrorCode(
        "invalid_index_name", 400, "Name of an index not valid", _WRONG_ADDRESS, _FIX_ADDRESS
    ),
    ErrorCode("unknown_index", 404, "Index not known", "Halaman tidak ditemukan", _FIX_ADDRESS),
    ErrorCode("task_not_found", 404, "Task not found", "Halaman tidak ditemukan", _FIX_ADDRESS),
    ErrorCode("key_not_found", 404, "Key not found", "Halaman tidak ditemukan", _FIX_ADDRESS),
    ErrorCode("key_exists", 409, "Key exists already", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("too_many_keys", 409, "Too many keys", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("index_exists", 409, "Index exists already", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("method_not_allowed", 405, "Method not allowed", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("payload_too_large", 413, "Request body too large", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode("unsupported_media_type", 415, "Media type not read", _WRONG_ADDRESS, _FIX_ADDRESS),
    ErrorCode(
        "too_many_requests",
        429,
        "Too many requests",
        "Terlalu banyak permintaan",
        _COME_BACK,
        detail="This key or address has sent as many requests as it may for now. Try again later.",
    ),
    ErrorCode("queue_full", 429, "Too much waits to be written", _BUSY, _COME_BACK),
    ErrorCode(
        "query_too_costly",
        503,
        "Query took too long",
        "Pencarian ini terlalu berat",
        "Coba lagi dengan lebih sedikit kata, tanda bintang, atau pilihan.",
        True,
        "The query took too long and was ended. Ask with fewer words, stars or filters.",
    ),
    ErrorCode(
        "too_busy",
        503,
        "Too many requests at once",
        _BUSY,
        _COME_BACK,
        True,
        "Too many requests wait to be answered. Try again soon.",
    ),
    ErrorCode(
        "out_of_memory",
        503,
        "Not enough memory",
        _BUSY,
        _COME_BACK,
        True,
        "The service has not enough memory for this answer. Try again later.",
    ),
    ErrorCode(
        "index_not_found",
        503,
        "No index yet",
        _NOT_READY,
        _COME_BACK,
        True,
        "There is no index to answer from. The log of the service says where one is expected.",
    ),
    ErrorCode(
        "index_outdated",
        503,
        "Index has an old format",
        _NOT_READY,
        _COME_BACK,
        True,
        "The index was written by another version. The log of the service says what to do.",
    ),
    ErrorCode(
        "index_locked",
        503,
        "Index is being written",
        _NOT_READY,
        _COME_BACK,
        True,
        "The index is being written. Try again when that has finished.",
    ),
    ErrorCode(
        "index_corrupt",
        503,
        "Index is damaged",
        _NOT_READY,
        _COME_BACK,
        True,
        "A file of the index is damaged. The log of the service names it.",
    ),
    ErrorCode(
        "index_unreadable",
        503,
        "Index cannot be read",
        _NOT_READY,
        _COME_BACK,
        True,
        "A file of the index may not be read. The log of the service names it.",
    ),
    ErrorCode(
        "index_not_written",
        503,
        "Index cannot be written",
        _NOT_READY,
        _COME_BACK,
        True,
        "The index could not be written: the disk is full, or the service may not write there. "
        "Nothing was changed; send it again once that is put right.",
    ),
    ErrorCode(
        "engine_unavailable",
        503,
        "Index cannot be reached",
        _NOT_READY,
        _COME_BACK,
        True,
        "The server that holds the index cannot be used now. The log of the service says why.",
    ),
    ErrorCode(
        "storage_unavailable",
        503,
        "Tasks or keys cannot be kept",
        _NOT_READY,
        _COME_BACK,
        True,
        "Tasks or keys cannot be read or written now. The log of the service says why.",
    ),
    ErrorCode(
        "dictionary_not_written",
        503,
        "Dictionary cannot be changed",
        _NOT_READY,
        _COME_BACK,
        True,
        "The dictionary of the site could not be changed. The log of the service says why.",
    ),
    ErrorCode(
        "internal",
        500,
        "Something went wrong",
        "Ada yang salah di pihak kami",
        "Kesalahan ini sudah dicatat. Silakan coba lagi beberapa saat lagi.",
        True,
        "An unexpected error was logged. Try again, or ask the administrator.",
    ),
)

BY_CODE: dict[str, ErrorCode] = {row.code: row for row in ERROR_CODES}

_BY_EXCEPTION: tuple[tuple[type[Exception], str], ...] = (
    (ArticleNotFound, "article_not_found"),
    (QueryTooCostly, "query_too_costly"),
    (InvalidIndexName, "invalid_index_name"),
    (UnknownIndex, "unknown_index"),
    (IndexExists, "index_exists"),
    (AddressRefused, "invalid_address"),
    (BodyInvalid, "invalid_body"),
    (NotAnArticle, "invalid_article"),
    (QueryMisread, "query_misread"),
    (KeyMissing, "missing_key"),
    (KeyRefused, "invalid_key"),
    (NotAllowed, "not_allowed"),
    (WritesOff, "writes_off"),
    (KeyNotFound, "key_not_found"),
    (KeyExists, "key_exists"),
    (KeyInvalid, "invalid_new_key"),
    (TooManyKeys, "too_many_keys"),
    (TaskNotFound, "task_not_found"),
    (QueueFull, "queue_full"),
    (DatabaseUnusable, "storage_unavailable"),
    (DictionaryNotWritten, "dictionary_not_written"),
    (TooBusy, "too_busy"),
    (MemoryError, "out_of_memory"),
    (IndexNotFound, "index_not_found"),
    (IndexOutdated, "index_outdated"),
    (IndexLocked, "index_locked"),
    (IndexCorrupt, "index_corrupt"),
    (IndexUnreadable, "index_unreadable"),
    (IndexNotWritten, "index_not_written"),
    (EngineUnavailable, "engine_unavailable"),
    (ExtraMissing, "engine_unavailable"),
)

_BY_STATUS: dict[int, str] = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "payload_too_large",
    415: "unsupported_media_type",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as returned. ``param`` names the offending request parameter, if there is one."""

    row: ErrorCode
    detail: str
    param: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def status(self) -> int:
        return self.row.status

    def to_dict(self) -> dict[str, Any]:
        """The body according to RFC 9457: ``type`` is an address that explains the code."""
        body: dict[str, Any] = {
            "type": f"/api/v1/problems/{self.row.code}",
            "title": self.row.title,
            "status": self.row.status,
            "detail": self.detail,
            "code": self.row.code,
        }
        if self.param:
            body["param"] = self.param
        return body


def problem_for(error: Exception) -> Problem:
    """The response to ``error``. An exception without a row is ``internal``."""
    for kind, code in _BY_EXCEPTION:
        if isinstance(error, kind):
            row = BY_CODE[code]
            return Problem(row, row.detail or str(error))
    if isinstance(error, UnknownParameter):
        return Problem(BY_CODE["unknown_parameter"], str(error), param=error.name)
    if isinstance(error, ParameterError):
        row = BY_CODE.get(f"invalid_{error.name}", BY_CODE["invalid_parameter"])
        return Problem(row, str(error), param=error.name)
    if isinstance(error, UnknownName):
        code = "invalid_facets" if error.kind == "facet" else "invalid_parameter"
        return Problem(BY_CODE[code], str(error))
    if isinstance(error, HTTPException) and error.code == 429:
        row = BY_CODE["too_many_requests"]
        return Problem(row, row.detail)
    if isinstance(error, HTTPException) and error.code in _BY_STATUS:
        return _describe_http_error(error, BY_CODE[_BY_STATUS[error.code]])
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        return _describe_http_error(error, BY_CODE["bad_request"])
    row = BY_CODE["internal"]
    return Problem(row, row.detail)


def _describe_http_error(error: HTTPException, row: ErrorCode) -> Problem:
    headers = {}
    for name, value in error.get_headers():
        if name.lower() == "allow":
            headers[name] = value
    told = error.description
    if row.detail and told == type(error).description:
        # The framework's own message.
        told = row.detail
    return Problem(row, told or row.title, headers=headers)
