"""How does the body of a request become articles? One result per item sent."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from indexer.article import Article, Reject, Warned
from indexer.errors import UnreadableInput
from indexer.ingest.build_article import Draft
from indexer.ingest.json_values import explain_json, load_json
from indexer.ingest.readers import draft_records, read_drafts
from indexer.ingest.readers.decode import SAMPLE_BYTES, find_binary
from indexer.ingest.readers.keys import KeyMap
from indexer.ingest.readers.shapes import find_articles
from searchsvc.articles.as_is import NotAnArticle, build_as_is
from searchsvc.tasks.changes import Changes

#: Formats whose items are JSON objects; for the others, a file reader decides what the items are.
JSON_FORMATS: Final = ("json", "jsonl")
#: Most articles of one request: the one writer takes some 20 seconds for as many short ones.
MOST_ARTICLES: Final = 100_000
TOO_MANY: Final = f"it has more than {MOST_ARTICLES:,} articles; send them in several requests"
_LEFT_OUT: Final = "it is not published: its status or kind says so"


@dataclass(slots=True)
class Sent:
    """One item, the ``number``-th from 1: an article, or why it is none."""

    number: int
    article: Article | None = None
    reason: str = ""
    warnings: list[str] = field(default_factory=list)


def read_sent(
    content: bytes, changes: Changes, *, format: str, clean: bool, source: str = ""
) -> list[Sent]:
    """The items of ``content``, in order. ``clean``: read like ``searchsvc index`` does; otherwise
    with our own names, unchanged. ``source`` is the publisher of articles that name none.
    """
    if format not in JSON_FORMATS:
        return _read_file(content, changes, format, source)
    values = list(split_json(content, format))
    if clean:
        return _read_records(values, changes, source)
    return [_take_as_is(number, value, source) for number, value in enumerate(values, 1)]


def split_json(content: bytes, format: str) -> Iterator[Any]:
    """The values sent; a :class:`Reject` for a line that is not JSON. Raises orjson.JSONDecodeError
    if the whole is not JSON.
    """
    if format == "json":
        value = load_json(content)
        yield from value if isinstance(value, list) else (value,)
        return
    for line in content.split(b"\n"):
        if line.strip():
            try:
                yield load_json(line)
            except orjson.JSONDecodeError as error:
                yield Reject("body", 1, explain_json(line, error))


def count_sent(content: bytes, format: str) -> int | None:
    """The number of items; ``None`` if only reading reveals it. Raises orjson.JSONDecodeError like
    :func:`split_json`.
    """
    if format == "json":
        value = load_json(content)
        return len(value) if isinstance(value, list) else 1
    if format == "jsonl":
        return sum(1 for line in content.split(b"\n") if line.strip())
    return None


def find_binary_content(content: bytes, format: str) -> str:
    """Why ``content`` is not text, as every format sent must be; empty if it is.

    Otherwise the file readers would unpack archives, and the limit of a body would bound nothing.
    """
    return "" if format in JSON_FORMATS else find_binary(content[:SAMPLE_BYTES])


def is_too_deep(value: Any) -> bool:
    """Whether a value that was read from JSON is nested so deeply that it cannot be written."""
    try:
        orjson.dumps(value)
    except TypeError:
        return True
    return False


def _refuse(value: Any) -> str:
    """Why the value is no record; empty where it is one."""
    if isinstance(value, Reject):
        return value.reason
    if not isinstance(value, dict):
        return f"it is {_name_kind(value)}, not an object"
    return "its values are nested too deeply" if is_too_deep(value) else ""


def _take_as_is(number: int, value: Any, source: str) -> Sent:
    if reason := _refuse(value):
        return Sent(number, reason=reason)
    try:
        article = build_as_is(value)
    except NotAnArticle as error:
        return Sent(number, reason=error.reason)
    article.source = article.source or source
    return Sent(number, article)


def _read_records(values: Sequence[Any], changes: Changes, source: str) -> list[Sent]:
    """Records with a site's own keys, read like those in files."""
    keys = KeyMap(None, changes.fields.keys)
    sent: list[Sent] = []
    records: list[tuple[int, Any]] = []
    for number, value in enumerate(values, 1):
        if reason := _refuse(value):
            sent.append(Sent(number, reason=reason))
        else:
            records += [(number, one) for one in find_articles(value, keys) or [value]]
    drafts = draft_records(
        (record for _, record in records), source=source, keep=changes.fields.keys
    )
    found = _settle(drafts, changes)
    for place, (number, _) in enumerate(records, 1):
        one = found.get(place) or Sent(number, reason=_LEFT_OUT)
        one.number = number
        sent.append(one)
    return sorted(sent, key=lambda one: one.number)


def _read_file(content: bytes, changes: Changes, format: str, source: str) -> list[Sent]:
    """The items that a file reader finds."""
    with tempfile.TemporaryDirectory(prefix="searchsvc-sent-") as folder:
        path = Path(folder) / "body"
        path.write_bytes(content)
        try:
            read = read_drafts([path], format=format, source=source, keep=changes.fields.keys)
            drafts = list(islice(read, MOST_ARTICLES + 1))
        except UnreadableInput as error:
            return [Sent(1, reason=error.reason)]
        if len(drafts) > MOST_ARTICLES:
            return [Sent(1, reason=TOO_MANY)]
        numbered = _number(drafts)
        sent = list(_settle(numbered, changes).values())
    for number, one in enumerate(sent, 1):
        one.number = number
    return sent


def _number(items: Iterable[Draft | Reject | Warned]) -> Iterator[Draft | Reject | Warned]:
    """Drafts and rejects numbered instead of their lines: several may have the same line."""
    place = 0
    for item in items:
        if isinstance(item, Warned):
            yield item
        else:
            place += 1
            line = f"line {item.line}: " if item.line > 1 else ""
            yield (
                Reject(item.path, place, line + item.reason)
                if isinstance(item, Reject)
                else Draft(item.record, item.path, place, item.source, item.max_article_bytes)
            )


def _settle(items: Iterable[Draft | Reject | Warned], changes: Changes) -> dict[int, Sent]:
    """The result of each draft, by number."""
    found: dict[int, Sent] = {}
    articles: list[tuple[Sent, Article]] = []
    for item in items:
        for one in item.finish() if isinstance(item, Draft) else (item,):
            if isinstance(one, Article):
                assert isinstance(item, Draft)
                sent = found[item.line] = Sent(item.line, one)
                articles.append((sent, one))
            elif isinstance(one, Reject):
                found[one.line] = Sent(one.line, reason=one.reason)
            elif one.line in found:
                found[one.line].warnings.append(one.reason)
    # Publishers' habits are learned from all of them together.
    for (sent, _), article in zip(
        articles, changes.read(article for _, article in articles), strict=True
    ):
        assert isinstance(article, Article)
        sent.article = article
    return found


def _name_kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds = {list: "a list", str: "a text", bool: "true or false", int: "a number"}
    return kinds.get(type(value), "a number")
