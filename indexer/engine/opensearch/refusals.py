"""Why could a request not be answered? A sentence about OpenSearch, or about what is there instead
of it.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, Final

from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from indexer.engine.opensearch.address import CERTIFICATES, PASSWORD, Address
from indexer.engine.opensearch.client import exceptions

_RED: Final = "a part of the index is on no running node (red)"
#: What a refusal means, by what is in it.
_MEANINGS: Final = (
    ("flood-stage", "its disk is nearly full, so it writes nothing more; make room"),
    ("index read-only", "it was set to read-only; lift index.blocks"),
    ("circuit_breaking_exception", "its nodes have too little memory for this (circuit breaker)"),
    ("cluster_manager_not_discovered", "too few of its nodes are running to choose a manager"),
    ("no cluster manager", "too few of its nodes are running to choose a manager"),
    ("no_shard_available", _RED),
    ("unavailable_shards", _RED),
    ("NoShardAvailable", _RED),
)
#: Why a certificate is not trusted, by what OpenSSL says.
_MISTRUST: Final = (
    ("Hostname mismatch", "its certificate is for another name; write the name that it has"),
    ("IP address mismatch", "its certificate is for another name; write the name that it has"),
    ("has expired", "its certificate has expired; renew it"),
    ("not yet valid", "its certificate is not valid yet; look at the clocks of both machines"),
    ("CERTIFICATE_VERIFY_FAILED", f"its certificate is not trusted; set {CERTIFICATES}"),
)
#: What an answer of OpenSearch has, unless it is a page: what was refused, or is not there.
_ITS_OWN: Final = {"error", "found", "result", "docs", "_index"}
_TAGS: Final = re.compile(r"<(style|script|title)\b.*?</\1>|<[^>]*>|\s+", re.DOTALL)


def find_meaning(told: object) -> str:
    """What a refusal means, in our words; empty if it is none that we know. ``told``: a text, or
    an error as an object.
    """
    if meaning := _look_up(str(told), _MEANINGS):
        return meaning
    if isinstance(told, dict) and told.get("reason") == "all shards failed":
        # An index of one shard says so of whatever fails in it, with the cause; without one, no
        # node was asked.
        return "" if told.get("root_cause") or told.get("failed_shards") else _RED
    return ""


def find_cause(error: dict[str, Any]) -> str:
    """What an error of OpenSearch tells of its innermost cause."""
    while True:
        failed = error.get("failed_shards") or [{}]
        inner = error.get("caused_by") or failed[0].get("reason")
        if not isinstance(inner, dict):
            return str(error.get("reason") or error.get("type", ""))
        error = inner


def shorten(told: object) -> str:
    """The beginning of what a server said, without markup."""
    text = " ".join(_TAGS.sub(" ", str(told)).split())
    return text if len(text) <= 200 else text[:199] + "…"


def is_of_opensearch(error: exceptions.TransportError) -> bool:
    """Whether the answer looks like one of OpenSearch."""
    return isinstance(error.info, dict) and not _ITS_OWN.isdisjoint(error.info)


def explain(error: Exception, address: Address) -> str:
    """Why a request failed, after "cannot be used: " and without a full stop."""
    if isinstance(error, exceptions.SSLError):
        return _explain_tls(str(error))
    if isinstance(error, exceptions.ConnectionError):
        return _explain_connection(error.info, address)
    if not isinstance(error, exceptions.TransportError):
        return "its answer cannot be read, so it is not OpenSearch; look at the address"
    status = error.status_code
    if isinstance(status, int) and status in (401, 403) and "blocked by" not in str(error.info):
        return _explain_login(status, address)
    told = error.info.get("error") if isinstance(error.info, dict) else None
    if meaning := find_meaning(told) or find_meaning(f"{error.error} {error.info}"):
        return meaning
    if is_of_opensearch(error):
        cause = find_cause(told) if isinstance(told, dict) else error.error
        return f"it answered {status} ({shorten(cause)})"
    return f"{_name_status(status)}, which is not how OpenSearch answers; look at the address"


def _name_status(status: object) -> str:
    try:
        name = f" {HTTPStatus(status).phrase}" if isinstance(status, int) else ""
    except ValueError:
        name = ""
    return f"it answered {status}{name}"


def _explain_login(status: int, address: Address) -> str:
    who = f"the user {address.user}" if address.user else "requests without a user"
    if status == HTTPStatus.FORBIDDEN:
        return f"it does not let {who} do this"
    if not address.user:
        return f"it refuses {who}; write it as in https://user@host:9200/articles"
    return f"it refuses {who}" + (
        ", or the password" if address.password else f"; set its password with {PASSWORD}"
    )


def _explain_tls(told: str) -> str:
    return _look_up(told, _MISTRUST) or "it does not speak TLS; write http:// if it need not"


def _explain_connection(cause: object, address: Address) -> str:
    if isinstance(cause, NewConnectionError):
        # As the system words it: refused, an unknown name, an unreachable network.
        return f"no node can be reached ({str(cause).rpartition('] ')[2].rstrip(')')})"
    if isinstance(cause, ConnectTimeoutError):
        return "no node can be reached (none accepts a connection)"
    if address.secure:
        return "it ended the connection without an answer"
    return "it ended the connection without an answer; write https:// if it speaks TLS"


def _look_up(told: str, table: tuple[tuple[str, str], ...]) -> str:
    return next((meaning for sign, meaning in table if sign in told), "")
