"""How does an article become a document of OpenSearch, and what is read back of one?"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import floor
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import zstandard

from indexer.article import Article
from indexer.engine.base import AnalysedBatch, AnalysedDocument
from indexer.engine.copies import UNDATED, Sketches, sketch_bodies
from indexer.engine.copy_pairs import BANDS
from indexer.engine.opensearch.encoding import (
    encode_forms,
    encode_label,
    mark_lead,
    name_column,
    name_key,
)
from indexer.engine.opensearch.tokens import Tokens, read_tokens
from indexer.schema import DATE_FACET, INTERVALS, OWN_DATE

Array = npt.NDArray[Any]
Source = dict[str, Any]

#: What every version of an article is marked with, and a lookup needs of it.
LOOKED_UP: Final = (
    "key",
    "ref",
    "fingerprint",
    "title_length",
    "body_length",
    "story",
    "copied",
)
#: The beginning of a label, case-folded, that decides its order among others.
_ORDERED_CHARACTERS = 1000
#: Below every character of a label.
_AFTER = "\x00"


def build_sources(batch: AnalysedBatch, kept: npt.NDArray[np.bool_]) -> Iterator[Source]:
    """The documents of those articles of ``batch`` that are ``kept``, as far as they do not depend
    on other articles of the index.
    """
    groups = np.array(list(map(encode_forms, batch.vocabulary, batch.stems)), np.object_)
    lengths = batch.title_lengths.astype(np.int64) + batch.body_lengths
    ends = np.cumsum(lengths)
    sketches = sketch_batch(batch)
    compressor = zstandard.ZstdCompressor()
    for number in np.flatnonzero(kept).tolist():
        first, end = int(ends[number] - lengths[number]), int(ends[number])
        body = first + int(batch.title_lengths[number])
        title_tokens = groups[batch.token_terms[first:body]].tolist()
        body_tokens = groups[batch.token_terms[body:end]].tolist()
        lead = int(batch.lead_lengths[number])
        body_tokens[:lead] = map(mark_lead, body_tokens[:lead])
        starts = compressor.compress(batch.token_starts[first:end].astype("<i4").tobytes())
        document = batch.documents[number]
        yield {
            "key": name_key(document.article.id),
            "fingerprint": document.fingerprint.hex(),
            "title": " ".join(title_tokens),
            "body": " ".join(body_tokens),
            "title_length": len(title_tokens),
            "body_length": len(body_tokens),
            "article": write_article(document.article),
            "starts": b64encode(starts).decode(),
            **_describe_columns(document),
            **_describe_sketch(sketches, number),
        }


def sketch_batch(batch: AnalysedBatch) -> Sketches:
    """The sketches of all articles of a batch."""
    days = [
        UNDATED if one.published_day is None or one.published_second is None else one.published_day
        for one in batch.documents
    ]
    return sketch_bodies(
        batch.vocabulary,
        batch.token_terms,
        batch.title_lengths,
        batch.body_lengths,
        np.array(days, np.int32),
    )


def _describe_columns(document: AnalysedDocument) -> Source:
    """What is filtered, counted and sorted by."""
    labels = {
        name_column(facet): [encode_label(value) for value in values]
        for facet, values in document.labels.items()
        if values
    }
    firsts = {
        name_column(facet): _order_label(values[0])
        for facet, values in document.labels.items()
        if values
    }
    dates = {
        name: floor(value) for name, value in document.values.items() if name.startswith(OWN_DATE)
    }
    if document.published_day is not None:
        dates[DATE_FACET] = document.published_day
    source: Source = {
        "labels": labels,
        "firsts": firsts,
        "values": {name_column(name): value for name, value in document.values.items()},
        "dates": {
            name_interval(name, interval): count_intervals(day, interval)
            for name, day in dates.items()
            for interval in INTERVALS
        },
    }
    if document.published_day is not None:
        source["day"] = document.published_day
    if document.published_second is not None:
        source["second"] = document.published_second
    return source


def _order_label(label: str) -> str:
    cut = label[:_ORDERED_CHARACTERS]
    return encode_label(cut.casefold() + _AFTER + cut)


def name_interval(column: str, interval: str) -> str:
    """The name of the field that numbers the days, months or years of a column of dates."""
    return f"{name_column(column)}-{interval}"


def count_intervals(day: int, interval: str) -> int:
    """The number of the day, month or year, of days since 1970-01-01."""
    if interval == "day":
        return day
    when = date(1970, 1, 1) + timedelta(days=day)
    return when.year if interval == "year" else when.year * 12 + when.month - 1


def write_interval(number: int, interval: str) -> str:
    """What :func:`count_intervals` numbered, as ``2022-07-20``, ``2022-07`` or ``2022``."""
    if interval == "day":
        return (date(1970, 1, 1) + timedelta(days=number)).isoformat()
    if interval == "year":
        return f"{number:04}"
    return f"{number // 12:04}-{number % 12 + 1:02}"


# --- copies


def _describe_sketch(sketches: Sketches, number: int) -> Source:
    """What copies are found by; nothing if the article is not compared."""
    texts = sketches.texts[number]
    if not texts.any():
        return {}
    day = int(sketches.days[number])
    packed = texts.tobytes() + sketches.figures[number].astype("<u2").tobytes()
    return {
        "bands": list_bands(texts),
        "sketch": b64encode(packed + day.to_bytes(4, "little", signed=True)).decode(),
    }


def list_bands(texts: Array) -> list[str]:
    """The bands of a body's samples, as terms: articles without a common one are no copies."""
    bands = np.ascontiguousarray(texts).view("<u4")
    assert len(bands) == BANDS
    return [f"{place}-{band:x}" for place, band in enumerate(bands.tolist())]


def read_sketches(packed: list[str]) -> Sketches:
    """The sketches kept in documents."""
    rows = np.frombuffer(b"".join(map(b64decode, packed)), np.uint8).reshape(len(packed), -1)
    texts, figures, days = np.split(rows, [64, rows.shape[1] - 4], axis=1)
    return Sketches(
        texts,
        np.ascontiguousarray(figures).view("<u2"),
        np.ascontiguousarray(days).view("<i4").reshape(-1),
    )


# --- reading back


@dataclass(frozen=True)
class Stored:
    """One article as read back. It is the same whichever generation shows it, but for stems.

    ``title`` and ``body``: the group of forms of each token.
    """

    source: Source

    @cached_property
    def size(self) -> int:
        """About how many characters it takes."""
        return 1000 + sum(len(self.source[name]) for name in ("title", "body", "article"))

    @property
    def title(self) -> list[str]:
        text: str = self.source["title"]
        return text.split(" ") if text else []

    @property
    def body(self) -> list[str]:
        text: str = self.source["body"]
        return text.split(" ") if text else []

    @cached_property
    def tokens(self) -> Tokens:
        return read_tokens(self.source["title"], self.source["body"])

    @property
    def body_length(self) -> int:
        return len(self.tokens.numbers[0]) - self.tokens.title_length

    @cached_property
    def starts(self) -> npt.NDArray[np.int32]:
        """The character offset of each token, title first."""
        return np.frombuffer(_unpack(self.source["starts"]), "<i4").astype(np.int32)

    @property
    def day(self) -> int | None:
        return self.source.get("day")

    @property
    def sketch(self) -> str:
        """Empty if the article is not compared with others."""
        packed: str = self.source.get("sketch", "")
        return packed

    def read_article(self) -> Article:
        """A new record each time, which the caller may change."""
        return Article.from_dict(orjson.loads(self.source["article"]))


def write_article(article: Article) -> str:
    """JSON in a string: as an object, OpenSearch would read and rewrite its numbers and keys."""
    values = article.to_dict()
    if article.raw:
        values["raw"] = article.raw
    return orjson.dumps(values).decode()


def _unpack(text: str) -> bytes:
    return zstandard.ZstdDecompressor().decompress(b64decode(text))
