"""How does the body of a request become documents? JSON, JSON lines, or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any, Final

import orjson

from indexer.ingest.json_values import explain_bytes
from searchsvc.meilisearch.errors import ProtocolError

_KINDS: Final = {
    "application/json": "json",
    "application/x-ndjson": "ndjson",
    "text/csv": "csv",
}
_ACCEPTED: Final = "Accepted values for the Content-Type header are: " + ", ".join(
    f"`{one}`" for one in _KINDS
)
#: Most documents of one request: the one writer takes some 20 seconds for as many short ones.
MOST_DOCUMENTS: Final = 100_000
#: A CSV field may be a whole article.
_LONGEST_FIELD: Final = 100_000_000
#: Levels that responses and tasks may put around a value that was sent.
_LEVELS_AROUND: Final = 16
_TRUTHS: Final = {"true": True, "false": False, "": None}

csv.field_size_limit(_LONGEST_FIELD)


def read_documents(body: bytes, content_type: str, delimiter: str | None) -> list[dict[str, Any]]:
    """The documents of a body. Raises ProtocolError."""
    kind = find_kind(content_type)
    if delimiter is not None:
        if kind != "csv":
            raise ProtocolError(
                "invalid_content_type",
                "The Content-Type `" + content_type + "` does not support the use of a csv "
                "delimiter. The csv delimiter can only be used with the Content-Type `text/csv`.",
            )
        if len(delimiter) != 1 or not delimiter.isascii():
            raise ProtocolError(
                "invalid_document_csv_delimiter",
                f"Invalid value in parameter `csvDelimiter`: csv delimiter must be an ascii "
                f"character. Found: `{delimiter[:80]}`",
            )
    if not body.strip():
        raise ProtocolError("missing_payload", f"A {kind} payload is missing.")
    documents = _READERS[kind](body, delimiter or ",")
    if len(documents) > MOST_DOCUMENTS:
        raise ProtocolError(
            "payload_too_large",
            f"A request may bring at most {MOST_DOCUMENTS:,} documents, and this one has "
            f"{len(documents):,}. Send them in several requests.",
        )
    return documents


def find_kind(content_type: str) -> str:
    """The format named by a Content-Type. Raises ProtocolError if it is missing or unknown."""
    name = content_type.partition(";")[0].strip().lower()
    if not name:
        raise ProtocolError(
            "missing_content_type", f"A Content-Type header is missing. {_ACCEPTED}"
        )
    if name not in _KINDS:
        raise ProtocolError(
            "invalid_content_type", f"The Content-Type `{name[:80]}` is invalid. {_ACCEPTED}"
        )
    return _KINDS[name]


def _malformed(kind: str, told: object) -> ProtocolError:
    return ProtocolError(
        "malformed_payload", f"The `{kind}` payload provided is malformed. `{told}`."
    )


def load_json(text: bytes | str) -> Any:
    """The value that ``text`` is in JSON. Raises ValueError if it is none, or if its nesting is too
    deep to write it into a response.
    """
    value = around = orjson.loads(text)
    for _ in range(_LEVELS_AROUND):
        around = [around]
    try:
        orjson.dumps(around)
    except TypeError:
        raise ValueError("its values are nested too deeply") from None
    return value


def parse_body(body: bytes) -> Any:
    """The JSON of a body. Raises ProtocolError."""
    try:
        return load_json(body)
    except ValueError as error:
        raise _malformed("json", explain_bytes(body) or error) from None


def _read_json(body: bytes, delimiter: str) -> list[dict[str, Any]]:
    parsed = parse_body(body)
    documents = parsed if isinstance(parsed, list) else [parsed]
    for one in documents:
        if not isinstance(one, dict):
            raise _malformed("json", "expected an object or an array of objects")
    return documents


def _read_lines(body: bytes, delimiter: str) -> list[dict[str, Any]]:
    documents = []
    for number, line in enumerate(body.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            one = load_json(line)
        except ValueError as error:
            told = explain_bytes(body) or f"{error}, on line {number}"
            raise _malformed("ndjson", told) from None
        if not isinstance(one, dict):
            raise _malformed("ndjson", f"expected an object on line {number}")
        documents.append(one)
    return documents


def _read_csv(body: bytes, delimiter: str) -> list[dict[str, Any]]:
    try:
        text = body.decode("utf-8-sig")
        return list(_read_rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _malformed("csv", explain_bytes(body) or error) from None


def _read_rows(rows: Iterator[list[str]]) -> Iterator[dict[str, Any]]:
    """The rows below the header, each column typed as the header says: ``price:number``."""
    columns = [_read_column(name) for name in next(rows, [])]
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        if len(row) != len(columns):
            told = (
                f"found {len(row)} fields on line {number}, but the first line has {len(columns)}"
            )
            raise _malformed("csv", told)
        yield {
            name: _read_cell(value, kind, name, number)
            for (name, kind), value in zip(columns, row, strict=True)
        }


def _read_column(head: str) -> tuple[str, str]:
    name, _, kind = head.rpartition(":")
    if name and kind in ("string", "number", "boolean"):
        return name.strip(), kind
    return head.strip(), "string"


def _read_cell(value: str, kind: str, name: str, number: int) -> Any:
    text = value.strip()
    if kind == "boolean" and text in _TRUTHS:
        return _TRUTHS[text]
    if not text:
        return None
    if kind == "string":
        return value
    try:
        if kind == "boolean":
            raise ValueError
        return _parse_number(text)
    except ValueError:
        told = f"`{text[:80]}` is no {kind} in column `{name}` on line {number}"
        raise _malformed("csv", told) from None


def _parse_number(text: str) -> float:
    """A number as JSON has them: a whole one beyond 64 bits is rounded. Raises ValueError."""
    if text.lstrip("+-").isdigit() and -(2**63) <= (whole := int(text)) < 2**64:
        return whole
    number = float(text)
    if not isfinite(number):
        raise ValueError
    return number


_READERS: Final[Mapping[str, Callable[[bytes, str], list[dict[str, Any]]]]] = {
    "json": _read_json,
    "ndjson": _read_lines,
    "csv": _read_csv,
}
