"""The table of error codes: each has an exception that leads to it and stands in the docs."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkzeug.exceptions import (
    BadRequest,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    ServiceUnavailable,
    TooManyRequests,
    UnprocessableEntity,
    UnsupportedMediaType,
)

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
from searchsvc.errors import ERROR_CODES, AddressRefused, BodyInvalid, ErrorCode, problem_for
from searchsvc.exact_query import QueryMisread
from searchsvc.query.parameters import ParameterError
from searchsvc.query.unknown_parameters import UnknownParameter
from searchsvc.tasks.task import QueueFull, TaskNotFound
from searchsvc.turns import TooBusy

DOCS = Path(__file__).resolve().parents[2] / "docs" / "http-api.md"


def parameter_error(name: str) -> ParameterError:
    return ParameterError(name, "x", "give something else.")


CASES: list[tuple[Exception, str, int]] = [
    (parameter_error("page"), "invalid_page", 400),
    (parameter_error("per_page"), "invalid_per_page", 400),
    (parameter_error("sort"), "invalid_sort", 400),
    (parameter_error("from"), "invalid_from", 400),
    (parameter_error("to"), "invalid_to", 400),
    (parameter_error("interval"), "invalid_interval", 400),
    (parameter_error("facets"), "invalid_facets", 400),
    (parameter_error("limit"), "invalid_limit", 400),
    (UnknownParameter("query", "q"), "unknown_parameter", 400),
    (parameter_error("explain"), "invalid_parameter", 400),
    (UnknownName("facet", "kategory", ["category"]), "invalid_facets", 400),
    (UnknownName("format", "xls", ["csv"]), "invalid_parameter", 400),
    (AddressRefused("host", "a..b", "it cannot be one"), "invalid_address", 400),
    (BadRequest(), "bad_request", 400),
    (UnsupportedMediaType(), "unsupported_media_type", 415),
    (UnprocessableEntity(), "bad_request", 400),
    (BodyInvalid("it is not JSON"), "invalid_body", 400),
    (NotAnArticle("it has neither a title nor a body"), "invalid_article", 400),
    (QueryMisread(["Parentheses group nothing."]), "query_misread", 400),
    (ArticleNotFound("a/b"), "article_not_found", 404),
    (NotFound(), "not_found", 404),
    (KeyMissing(), "missing_key", 401),
    (KeyRefused(), "invalid_key", 403),
    (NotAllowed("documents.add", "berita"), "not_allowed", 403),
    (WritesOff(), "writes_off", 403),
    (KeyNotFound("x"), "key_not_found", 404),
    (KeyInvalid("actions", "must be a list of texts"), "invalid_new_key", 400),
    (KeyExists("x"), "key_exists", 409),
    (TooManyKeys(), "too_many_keys", 409),
    (TooManyRequests(), "too_many_requests", 429),
    (InvalidIndexName("../x"), "invalid_index_name", 400),
    (UnknownIndex("berita"), "unknown_index", 404),
    (TaskNotFound(7), "task_not_found", 404),
    (IndexExists("berita"), "index_exists", 409),
    (QueueFull(10, 1000), "queue_full", 429),
    (DatabaseUnusable("tasks.sqlite", "disk I/O error"), "storage_unavailable", 503),
    (DictionaryNotWritten(Path("kamus.txt"), "Permission denied"), "dictionary_not_written", 503),
    (MethodNotAllowed(["GET"]), "method_not_allowed", 405),
    (RequestEntityTooLarge(), "payload_too_large", 413),
    (QueryTooCostly(2), "query_too_costly", 503),
    (TooBusy(), "too_busy", 503),
    (MemoryError("Unable to allocate 2.00 GiB"), "out_of_memory", 503),
    (IndexNotFound("here"), "index_not_found", 503),
    (IndexOutdated("here", found=1, expected=2), "index_outdated", 503),
    (IndexLocked("here", "process 7"), "index_locked", 503),
    (IndexCorrupt("here/x.pack", "it is cut short"), "index_corrupt", 503),
    (IndexUnreadable("here/x.pack", "Permission denied"), "index_unreadable", 503),
    (IndexNotWritten("here", "No space left on device"), "index_not_written", 503),
    (EngineUnavailable("http://here:9200/x", "no node can be reached"), "engine_unavailable", 503),
    (ExtraMissing("An index in OpenSearch", "opensearch"), "engine_unavailable", 503),
    (ServiceUnavailable(), "internal", 500),
    (ZeroDivisionError("division by zero"), "internal", 500),
]


@pytest.mark.parametrize(("error", "code", "status"), CASES)
def test_each_exception_has_its_code(error: Exception, code: str, status: int) -> None:
    problem = problem_for(error)
    assert (problem.code, problem.status) == (code, status)


def test_each_code_has_an_exception() -> None:
    assert {code for _, code, _ in CASES} == {row.code for row in ERROR_CODES}


def test_codes_are_distinct() -> None:
    codes = [row.code for row in ERROR_CODES]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("row", ERROR_CODES, ids=lambda row: row.code)
def test_docs_list_each_code_with_status_and_title(row: ErrorCode) -> None:
    assert f"| `{row.code}` | {row.status} | {row.title} |" in DOCS.read_text("utf-8")


def test_a_body_has_what_rfc_9457_names() -> None:
    assert problem_for(parameter_error("page")).to_dict() == {
        "type": "/api/v1/problems/invalid_page",
        "title": "Page not valid",
        "status": 400,
        "detail": "Parameter 'page' cannot be 'x': give something else.",
        "code": "invalid_page",
        "param": "page",
    }


def test_an_unexpected_error_tells_nothing_of_itself() -> None:
    body = problem_for(RuntimeError("password is hunter2")).to_dict()
    assert body["code"] == "internal"
    assert "hunter2" not in str(body)


@pytest.mark.parametrize(
    "error",
    [
        IndexNotFound("/srv/indeks"),
        IndexOutdated("/srv/indeks", found=1, expected=2),
        IndexLocked("/srv/indeks", "process 7"),
        IndexCorrupt("/srv/indeks/x.pack", "it is cut short"),
        IndexUnreadable("/srv/indeks/x.pack", "Permission denied"),
    ],
)
def test_files_of_the_server_are_named_in_its_log_only(error: Exception) -> None:
    problem = problem_for(error)
    assert "/srv" in str(error)
    assert "/srv" not in str(problem.to_dict())
    assert problem.row.reported


def test_a_refused_method_keeps_the_header_that_names_the_right_ones() -> None:
    assert problem_for(MethodNotAllowed(["GET", "HEAD"])).headers == {"Allow": "GET, HEAD"}


def test_an_unknown_address_is_told_in_our_words() -> None:
    assert "/api/v1/openapi.json" in problem_for(NotFound()).detail
    assert problem_for(NotFound("No such code.")).detail == "No such code."
