"""Which protocol error corresponds to an exception?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from werkzeug.exceptions import HTTPException

from indexer.errors import IndexNotFound
from searchsvc.access.gate import KeyMissing, KeyRefused, NotAllowed, WritesOff
from searchsvc.access.keys import KeyExists, KeyNotFound
from searchsvc.data_folder import IndexExists, InvalidIndexName, NameTaken, UnknownIndex
from searchsvc.errors import problem_for
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.tasks.task import QueueFull, TaskNotFound
from searchsvc.turns import TooBusy

_NO_KEY: Final = "The Authorization header is missing. It must use the bearer authorization method."
_NO_MASTER_KEY: Final = (
    "Meilisearch is running without a master key. To access this API endpoint, you must have set a "
    "master key at launch."
)
_INVALID_UID: Final = (
    "is not a valid index uid. Index uid can be an integer or a string containing only "
    "alphanumeric characters, hyphens (-) and underscores (_), and can not be more than 200 bytes."
)

#: The code and message of each of our exceptions.
_ROWS: Final[tuple[tuple[type[Exception], str, Callable[[Any], str]], ...]] = (
    (UnknownIndex, "index_not_found", lambda error: f"Index `{error.name}` not found."),
    (IndexNotFound, "index_not_found", lambda error: "The index was not found."),
    (NameTaken, "index_already_exists", str),
    (IndexExists, "index_already_exists", lambda error: f"Index `{error.name}` already exists."),
    (InvalidIndexName, "invalid_index_uid", lambda error: f"`{error.name[:80]}` {_INVALID_UID}"),
    (KeyMissing, "missing_authorization_header", lambda error: _NO_KEY),
    (KeyRefused, "invalid_api_key", lambda error: "The provided API key is invalid."),
    (NotAllowed, "invalid_api_key", lambda error: "The provided API key is invalid."),
    (WritesOff, "missing_master_key", lambda error: _NO_MASTER_KEY),
    (KeyNotFound, "api_key_not_found", lambda error: f"API key `{error.uid[:80]}` not found."),
    (
        KeyExists,
        "api_key_already_exists",
        lambda error: f"`uid` field value `{error.uid}` is already an existing API key.",
    ),
    (TaskNotFound, "task_not_found", lambda error: f"Task `{error.uid}` not found."),
    (QueueFull, "too_many_requests", str),
    (TooBusy, "too_many_search_requests", str),
)


def explain(error: Exception) -> ProtocolError:
    """The protocol error for ``error``."""
    if isinstance(error, ProtocolError):
        return error
    for kind, code, tell in _ROWS:
        if isinstance(error, kind):
            return ProtocolError(code, tell(error))
    if isinstance(error, HTTPException) and error.code == 413:
        told = "The provided payload reached the size limit."
        return ProtocolError("payload_too_large", told)
    problem = problem_for(error)
    return ProtocolError(problem.code, problem.detail, status=problem.status)


def explain_task(error: dict[str, Any], index: str) -> dict[str, Any]:
    """A task's error in the protocol's words, if it failed with one of our exceptions."""
    if error.get("code") == "unknown_index":
        return ProtocolError("index_not_found", f"Index `{index}` not found.").to_dict()
    if error.get("code") == "invalid_index_name":
        return ProtocolError("invalid_index_uid", f"`{index}` {_INVALID_UID}").to_dict()
    if error.get("code") == "index_exists":
        return ProtocolError("index_already_exists", error["message"]).to_dict()
    return error
