"""How does a client's document become an article? Its id, and how it is stored.

Known keys are read as from any export (``docs/articles.md``); the document itself is stored key for
key, and is never refused for its contents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from indexer.article import Article
from indexer.ingest.build_article import Draft
from indexer.ingest.plain_text import clean_line, clean_text
from indexer.ingest.readers import draft_records
from indexer.ingest.readers.publication import ANY
from indexer.ingest.sent_record import find_text_key, keep_record, show_record
from searchsvc.meilisearch.errors import ProtocolError, write_json

#: The key of vectors, which are kept with a document and otherwise left alone.
VECTORS: Final = "_vectors"
MOST_ID_BYTES: Final = 511
_ID: Final = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_TITLE: Final = 500
_SHOWN: Final = 300


def infer_primary_key(document: Mapping[str, Any], index: str) -> str:
    """The only key of the first document that ends with ``id``. Raises ProtocolError if there is
    none, or several.
    """
    found = sorted(key for key in document if key.lower().endswith("id"))
    if len(found) == 1:
        return found[0]
    specify = "Please specify the primary key manually using the `primaryKey` query parameter."
    if not found:
        raise ProtocolError(
            "index_primary_key_no_candidate_found",
            f"Index `{index}`: The primary key inference failed as the engine did not find any "
            f"field ending with `id` in its name. {specify}",
        )
    raise ProtocolError(
        "index_primary_key_multiple_candidates_found",
        f"Index `{index}`: The primary key inference failed as the engine found {len(found)} "
        f"fields ending with `id` in their names: '{found[0]}' and '{found[1]}'. {specify}",
    )


def read_id(document: Mapping[str, Any], primary_key: str, index: str) -> str:
    """The id of a document, as text. Raises ProtocolError if it has no valid one."""
    value = find_value(document, primary_key)
    if value is None:
        raise ProtocolError(
            "missing_document_id",
            f"Index `{index}`: Document doesn't have a `{primary_key}` attribute: "
            f"`{_shorten(write_json(document))}`.",
        )
    return check_id(value, index)


def check_id(value: Any, index: str) -> str:
    """An id as text. Raises ProtocolError if it is invalid."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        text = value.strip()
        if _ID.fullmatch(text) and len(text) <= MOST_ID_BYTES:
            return text
    if isinstance(value, float) and abs(value) >= 2**63:
        # As JSON was read, it is rounded: showing it would show another id.
        raise ProtocolError(
            "invalid_document_id",
            f"Index `{index}`: A document identifier is a whole number beyond 64 bits. Send it as "
            "a string.",
        )
    raise ProtocolError(
        "invalid_document_id",
        f"Index `{index}`: Document identifier `{_shorten(write_json(value))}` is invalid. A "
        "document identifier can be of type integer or string, only composed of alphanumeric "
        "characters (a-z A-Z 0-9), hyphens (-) and underscores (_), and can not be more than 511 "
        "bytes.",
    )


def find_value(document: Mapping[str, Any], path: str) -> Any:
    """The value under a key, or under keys joined by dots."""
    if path in document:
        return document[path]
    key, _, rest = path.partition(".")
    inner = document.get(key)
    return find_value(inner, rest) if rest and isinstance(inner, Mapping) else None


def make_article(document: Mapping[str, Any], document_id: str) -> Article:
    """The article that stores a document."""
    keys = {field: find_text_key(document, field) for field in ("title", "body")}
    article = _build(document) if keys["body"] else None
    if article is None:
        title, body = (document[key] if key else "" for key in keys.values())
        article = Article("", clean_line(title)[:_LONGEST_TITLE], clean_text(body))
    article.id = document_id
    keep_record(article, document, {key: field for field, key in keys.items() if key})
    return article


def _build(document: Mapping[str, Any]) -> Article | None:
    """The article that an export with this record has, published or not; ``None`` if that is not
    exactly one.
    """
    articles = [
        finished
        for drafted in draft_records([document], statuses=(ANY,))
        if isinstance(drafted, Draft)
        for finished in drafted.finish()
        if isinstance(finished, Article)
    ]
    return articles[0] if len(articles) == 1 else None


def merge(before: Mapping[str, Any] | None, document: Mapping[str, Any]) -> dict[str, Any]:
    """``before`` updated with the keys of ``document``."""
    return {**(before or {}), **document}


def show_document(article: Article) -> dict[str, Any]:
    """The document of an article, without its vectors, as theirs are shown."""
    document = show_record(article)
    document.pop(VECTORS, None)
    return document


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
