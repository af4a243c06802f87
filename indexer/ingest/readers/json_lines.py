"""How are JSON Lines read? One object a line (``.jsonl``, ``.ndjson``)."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from indexer.article import Reject, Warned
from indexer.ingest.build_article import make_excerpt
from indexer.ingest.json_values import load_json, read_whole_number
from indexer.ingest.readers.decode import Recoded, choose_encoding, decode
from indexer.ingest.readers.file_references import FileReferences
from indexer.ingest.readers.input import Input
from indexer.ingest.readers.limits import limit_record
from indexer.ingest.readers.records import Options, Record
from indexer.ingest.readers.shapes import find_articles, unwrap_unnamed

_SNIFFED_BYTES = 1 << 16
_CALL = re.compile(
    r"\b(?:ObjectId|ISODate|NumberLong|NumberInt|NumberDecimal|UUID|Long|Int32|Double|"
    r"Decimal128|new Date)"
    r"\(\s{0,4}(\"[^\"\\\n]{0,100}\"|-?\d{1,30}(?:\.\d{1,30})?)\s{0,4}\)"
)
#: Actions on the lines between the documents of Elasticsearch's bulk format.
_ACTIONS = frozenset(("index", "create", "update", "delete"))


#: pandas writes NaN, and some exports put raw control characters into strings.
LENIENT = json.JSONDecoder(strict=False, parse_int=read_whole_number)


def unwrap_calls(text: str) -> str:
    """``text`` with what the shell of MongoDB writes around values taken off.

    >>> unwrap_calls('{"_id": ObjectId("64"), "n": NumberLong(7)}')
    '{"_id": "64", "n": 7}'
    """
    return _CALL.sub(r"\1", text) if "(" in text else text


def read_json_lines(source: Input, options: Options) -> Iterator[Record | Reject | Warned]:
    """Records of JSON Lines; a line that is not an object becomes a Reject.

    Action lines (``{"index": {"_id": "7"}}``) give their id to the next line.
    """
    references = FileReferences(source.path, options.keys, by_line=True)
    yield from references.join(_read_records(source, options, references))


def _read_records(
    source: Input, options: Options, references: FileReferences
) -> Iterator[Record | Reject | Warned]:
    ordered: Mapping[str, Any] = {}
    for number, value in _read_values(source, limit_record(options.max_article_bytes)):
        if isinstance(value, dict):
            action = _read_action(value) if len(value) == 1 else None
            if action is not None:
                ordered = action
                continue
            if ordered:
                value = {**ordered, **value}
                ordered = {}
            found = find_articles(value, options.keys)
            references.note_beside(value, found)
            for one in found or (unwrap_unnamed(value, options.keys),):
                yield Record(number, one)
        elif isinstance(value, Reject | Warned):
            yield value
        else:
            found = find_articles(value, options.keys)
            yield from (Record(number, one) for one in found)
            if not found:
                kind = name_json_kind(value)
                yield Reject(
                    source.path, number, f"it is {kind}, not an object", make_excerpt(str(value))
                )


def _read_action(value: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The id that an action line, an object with one member, gives to the next; ``None`` if it is
    not an action.
    """
    action, about = next(iter(value.items()))
    if action not in _ACTIONS or not isinstance(about, Mapping):
        return None
    if not all(str(key).startswith("_") or key in ("routing", "require_alias") for key in about):
        return None
    return {"_id": about["_id"]} if "_id" in about and action != "delete" else {}


def _read_values(source: Input, limit: int) -> Iterator[tuple[int, Any]]:
    """Each line's number and value, a Reject instead of it, or a Warned before it."""
    sample = source.peek(_SNIFFED_BYTES)
    encoding = choose_encoding(sample)
    stream: io.BufferedIOBase = source.stream
    wide = encoding is not None and encoding.startswith(("utf-16", "utf-32"))
    if wide or (b"\r" in sample and b"\n" not in sample):
        # Line breaks of several bytes, or of old Macs: recode the whole file to UTF-8.
        stream = io.BufferedReader(Recoded(source.stream, encoding or "utf-8"))
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) > limit and not line.endswith(b"\n"):
            excerpt = make_excerpt(line[:400].decode("utf-8", "replace"))
            reason = f"the line is over the limit of {limit:,} bytes"
            yield number, Reject(source.path, number, reason, excerpt)
            _skip_line(stream, limit)
            continue
        if not line.strip():
            continue
        try:
            yield number, load_json(line)
        except orjson.JSONDecodeError as error:
            if source.problem and not line.endswith(b"\n"):
                # The last line of a truncated archive: reported once, for the whole file.
                return
            values, warning = _read_odd_line(source.path, number, line, error)
            if warning is not None:
                yield number, warning
            yield number, values


def name_json_kind(value: Any) -> str:
    """The JSON type name of a value that is not an object.

    >>> name_json_kind("a"), name_json_kind(1.5), name_json_kind(None)
    ('a JSON string', 'a JSON number', 'JSON null')
    """
    if value is None:
        return "JSON null"
    if isinstance(value, bool):
        return "JSON true or false"
    if isinstance(value, str):
        return "a JSON string"
    return "a JSON list" if isinstance(value, list) else "a JSON number"


def _skip_line(stream: io.BufferedIOBase, limit: int) -> None:
    while True:
        rest = stream.readline(limit)
        if not rest or rest.endswith(b"\n"):
            return


def _read_odd_line(
    path: str, number: int, line: bytes, error: orjson.JSONDecodeError
) -> tuple[Any, Warned | None]:
    """The values of a line that orjson refuses, or a Reject; a warning if bytes were decoded."""
    decoded = decode(line)
    if decoded is None:
        return Reject(path, number, "the line is not text: it has zero bytes"), None
    text, encoding = decoded
    warning = None
    if b"\0" in line and encoding == "utf-8":
        text = text.replace("\0", "")
        warning = Warned(path, number, "the line has zero bytes; they are left out")
    elif encoding != "utf-8" or not _is_utf8(line):
        warning = Warned(path, number, f"the line is not UTF-8; read as {encoding}")
    try:
        return LENIENT.decode(unwrap_calls(text.strip())), warning
    except RecursionError:
        return Reject(path, number, "broken JSON: nested too deeply", make_excerpt(text)), None
    except ValueError:
        reason = f"broken JSON: {error.msg} (column {error.colno})"
        return Reject(path, number, reason, make_excerpt(text)), None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
