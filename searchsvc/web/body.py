"""What did a request send? Its body, bounded and decompressed, and parsed."""

from __future__ import annotations

import zlib
from codecs import BOM_UTF8
from typing import Any

import orjson
from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from indexer.ingest.json_values import explain_json, load_json
from searchsvc.articles.reading import is_too_deep
from searchsvc.errors import BodyInvalid
from searchsvc.limits import MAX_QUESTION_BYTES

#: Media types of articles, and the format with which each is read.
FORMATS: dict[str, str] = {
    "application/json": "json",
    **dict.fromkeys(
        ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl"),
        "jsonl",
    ),
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/plain": "text",
    "text/html": "html",
    "text/markdown": "markdown",
    **dict.fromkeys(
        ("application/xml", "text/xml", "application/rss+xml", "application/atom+xml"), "xml"
    ),
}

#: zlib: a window of 15 bits, with a gzip header.
_GZIP_WINDOW = 31


def read_body(most: int) -> bytes:
    """The body, decompressed if necessary, of at most ``most`` bytes either way. Raises
    RequestEntityTooLarge, UnsupportedMediaType, BodyInvalid.
    """
    request.max_content_length = most
    data = request.get_data(cache=False)
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return data.removeprefix(BOM_UTF8)
    if encoding != "gzip":
        raise UnsupportedMediaType(f"A body may be compressed by gzip, not by {encoding[:40]!r}.")
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        unpacked = unpacker.decompress(data, most + 1)
    except zlib.error as error:
        raise BodyInvalid("it is not gzip, as its Content-Encoding says") from error
    if len(unpacked) > most:
        raise RequestEntityTooLarge
    if not unpacker.eof:
        raise BodyInvalid("its gzip ends too soon")
    return unpacked.removeprefix(BOM_UTF8)


def choose_format() -> str:
    """The format of the articles, from the media type. Raises UnsupportedMediaType."""
    media_type = request.mimetype or "application/json"
    found = FORMATS.get(media_type)
    if found is None:
        raise UnsupportedMediaType(
            f"Articles are read from {', '.join(FORMATS)}, not from {media_type[:80]!r}."
        )
    return found


def read_object(most: int = MAX_QUESTION_BYTES) -> dict[str, Any]:
    """The JSON object in the body. Raises what :func:`read_body` raises."""
    value = read_json(read_body(most))
    if not isinstance(value, dict):
        raise BodyInvalid("it must be an object of JSON")
    return value


def read_json(content: bytes) -> Any:
    """``content`` parsed as JSON. Raises BodyInvalid."""
    try:
        value = load_json(content)
    except orjson.JSONDecodeError as error:
        raise BodyInvalid(explain_json(content, error)) from error
    if is_too_deep(value):
        raise BodyInvalid("its values are nested too deeply")
    return value
