"""How do analysed batches become the contents of one segment?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from itertools import compress
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from indexer.article import Article, summarise
from indexer.engine.base import AnalysedBatch, AnalysedDocument
from indexer.engine.copies import sketch_bodies
from indexer.engine.embedded.compression import ArticleCompressor
from indexer.engine.embedded.contents import (
    NO_DAY,
    NO_SECOND,
    ByteRuns,
    LabelColumn,
    SegmentContents,
    build_label_column,
)
from indexer.engine.embedded.inverting import encode_starts, gather_stems, invert
from indexer.engine.embedded.string_table import StringTable, enlarge
from indexer.engine.embedded.strings import JoinedStrings, encode_term, find_places
from indexer.freed_memory import give_back_memory
from indexer.schema import LABEL_FACETS

Array = npt.NDArray[Any]

_LARGE_TOKENS = 500_000
_FIELDS = tuple(spec.name for spec in fields(Article))
_take_fields = attrgetter(*_FIELDS)


class SegmentBuilder:
    """Collects batches until :meth:`build`, as arrays and compressed articles.

    ``dictionary``: see :class:`ArticleCompressor`.
    """

    def __init__(self, dictionary: bytes | None = None) -> None:
        self._vocabulary = StringTable()
        self._stems = StringTable()
        #: int32, with room for more: the number of the stem of each term.
        self._stem_of: Array = np.empty(0, np.int32)
        self._lower: list[tuple[Array, Array]] = []
        self._capital: list[tuple[Array, Array]] = []
        self._terms: list[Array] = []
        #: For each batch: the starts of its tokens, see :func:`encode_starts`, and the number of
        #: bytes of each document.
        self._starts: list[Array] = []
        self._starts_lengths: list[Array] = []
        self._lengths: list[tuple[Array, Array, Array]] = []
        self._compressor = ArticleCompressor(dictionary)
        self._ids: list[bytes] = []
        self._fingerprints: list[bytes] = []
        self._days: list[int] = []
        self._seconds: list[int] = []
        self._labels: dict[str, list[Sequence[str]]] = {facet: [] for facet in LABEL_FACETS}
        #: A site's own fields, by document: what most documents lack costs nothing.
        self._own_labels: dict[str, dict[int, Sequence[str]]] = {}
        self._own_values: dict[str, dict[int, float]] = {}
        self._evidence: Counter[tuple[str, str, str]] = Counter()
        self.token_count = 0

    @property
    def is_large(self) -> bool:
        """Whether building it frees enough memory to return to the system."""
        return self.token_count >= _LARGE_TOKENS

    @property
    def document_count(self) -> int:
        return len(self._ids)

    def add(self, batch: AnalysedBatch, keep: Array) -> int:
        """Add the documents of ``batch`` for which ``keep`` (D bool) is true.

        Returns the number, in this segment, of the first of them; the others follow it. The batch's
        counts and evidence are added whole.
        """
        # Everything that may fail comes first: a batch is added completely or not at all.
        documents = list(compress(batch.documents, keep.tolist()))
        articles = [
            (_dump_article(document.article), orjson.dumps((*summarise(document.article),)))
            for document in documents
        ]
        vocabulary, stems = map(JoinedStrings.encode, (batch.vocabulary, batch.stems))
        first = self.document_count
        numbers = self._vocabulary.number(vocabulary)
        self._stem_of = enlarge(self._stem_of, len(self._vocabulary))
        self._stem_of[numbers] = self._stems.number(stems)
        self._lower.append((numbers, batch.lower_counts))
        self._capital.append((numbers, batch.capital_counts))
        for kind, key, value, count in batch.evidence:
            self._evidence[kind, key, value] += count
        terms, starts = batch.token_terms, batch.token_starts
        if not keep.all():
            kept_tokens = np.repeat(keep, batch.title_lengths + batch.body_lengths)
            terms, starts = terms[kept_tokens], starts[kept_tokens]
        self._terms.append(numbers[terms])
        lengths = (batch.title_lengths[keep], batch.body_lengths[keep], batch.lead_lengths[keep])
        encoded, offsets = encode_starts(np.ascontiguousarray(starts, np.int32), *lengths[:2])
        self._starts.append(encoded)
        self._starts_lengths.append(np.diff(offsets))
        self._lengths.append(lengths)
        self.token_count += len(terms)
        self._compressor.add(articles)
        self._ids += [encode_term(document.article.id) for document in documents]
        self._fingerprints += [document.fingerprint for document in documents]
        dates = [_find_date(document) for document in documents]
        self._days += [day for day, _ in dates]
        self._seconds += [second for _, second in dates]
        for facet, rows in self._labels.items():
            rows += [document.labels.get(facet, ()) for document in documents]
        for number, document in enumerate(documents, first):
            if document.values or len(document.labels) > len(self._labels):
                self._add_own(number, document)
        return first

    @property
    def dictionary(self) -> bytes | None:
        """What articles are compressed with; ``None`` without any, or before it is trained."""
        return self._compressor.dictionary

    def train_dictionary(self) -> None:
        """Settle :attr:`dictionary`, although there may be too few articles to train one."""
        self._compressor.train()

    def _add_own(self, number: int, document: AnalysedDocument) -> None:
        """Add the values of the document with this number in fields of the site's own."""
        for facet, labels in document.labels.items():
            if labels and facet not in self._labels:
                self._own_labels.setdefault(facet, {})[number] = labels
        for name, value in document.values.items():
            self._own_values.setdefault(name, {})[number] = value

    def build(self, latest: Mapping[bytes, bytes]) -> SegmentContents:
        """The segment of everything added. Call only once. ``latest``: stems of terms, instead of
        those that batches gave them.

        Parts run in parallel threads: they release the GIL.
        """
        with ThreadPoolExecutor() as threads:
            contents = self._invert_all(threads, latest)
        contents.stored, contents.summaries, contents.dictionaries = self._compressor.finish()
        return contents

    def _invert_all(
        self, threads: ThreadPoolExecutor, latest: Mapping[bytes, bytes]
    ) -> SegmentContents:
        """Everything but the stored articles."""
        title_lengths, body_lengths, lead_lengths = (
            np.concatenate([lengths[which] for lengths in self._lengths]).astype(np.int32)
            for which in range(3)
        )
        terms, rank = self._vocabulary.strings.sort()
        stems, stem_of = self._assign_stems(terms, rank, latest)
        tokens = self._take_tokens()
        days = np.array(self._days, np.int32)
        words = self._vocabulary.strings.decode()
        sketching = threads.submit(sketch_bodies, words, tokens, title_lengths, body_lengths, days)
        exact = invert(tokens, terms, rank, title_lengths, body_lengths, lead_lengths)
        return SegmentContents(
            ids=self._ids,
            fingerprints=np.frombuffer(b"".join(self._fingerprints), np.uint64),
            title_lengths=title_lengths,
            body_lengths=body_lengths,
            lead_lengths=lead_lengths,
            days=days,
            seconds=np.array(self._seconds, np.int64),
            sketches=sketching.result(),
            labels=self._label_columns(),
            values=self._value_columns(),
            stored=ByteRuns.measure([], []),
            summaries=ByteRuns.measure([], []),
            dictionaries=[],
            starts=ByteRuns.measure(self._starts, self._starts_lengths),
            exact=exact.pack,
            stems=lambda: gather_stems(exact, stem_of, stems).pack(),
            lower_counts=sum_counts(self._lower, rank),
            capital_counts=sum_counts(self._capital, rank),
            stem_of=stem_of,
            evidence=[(*key, count) for key, count in self._evidence.items()],
        )

    def _assign_stems(
        self, terms: JoinedStrings, rank: Array, latest: Mapping[bytes, bytes]
    ) -> tuple[JoinedStrings, Array]:
        """(the stems in byte order; int32, the number among them of each term's)."""
        replaced = sorted(latest)
        places = find_places(JoinedStrings.join(replaced), terms)
        numbers = self._stems.number(JoinedStrings.join([latest[term] for term in replaced]))
        stem_of: Array = np.empty(len(terms), np.int32)
        stem_of[rank] = self._stem_of[: len(terms)]
        stem_of[places[places >= 0]] = numbers[places >= 0]
        used, stem_of = np.unique(stem_of, return_inverse=True)
        stems, stem_rank = self._stems.strings.take(used.astype(np.int64)).sort()
        return stems, stem_rank[stem_of]

    def _take_tokens(self) -> Array:
        """int32: the term of each token; frees the columns of batches."""
        tokens = np.empty(self.token_count, np.int32)
        end = self.token_count
        while self._terms:
            part = self._terms.pop()
            tokens[end - len(part) : end] = part
            end -= len(part)
            del part
        if self.is_large:
            give_back_memory()
        return tokens

    def _label_columns(self) -> dict[str, LabelColumn]:
        own = {
            facet: [labels.get(number, ()) for number in range(self.document_count)]
            for facet, labels in self._own_labels.items()
        }
        return {facet: build_label_column(rows) for facet, rows in (self._labels | own).items()}

    def _value_columns(self) -> dict[str, Array]:
        columns = {}
        for name, values in self._own_values.items():
            column = columns[name] = np.full(self.document_count, np.nan)
            column[list(values)] = list(values.values())
        return columns


def _dump_article(article: Article) -> bytes:
    """The article as JSON.

    orjson keeps the UTF-8 of a text inside the string, as long as that lives. A copy of the body
    takes it along, so that adding an article does not double what its owner holds.
    """
    values = dict(zip(_FIELDS, _take_fields(article), strict=True))
    values["body"] = "".join((article.body, ""))
    return orjson.dumps(values)


def _find_date(document: AnalysedDocument) -> tuple[int, int]:
    """(day, second) of publication."""
    day, second = document.published_day, document.published_second
    return (NO_DAY, NO_SECOND) if day is None or second is None else (day, second)


def sum_counts(parts: Sequence[tuple[Array, Array]], rank: Array) -> Array:
    """int32 per term in byte order, from (numbers, counts) of each batch."""
    totals = np.zeros(len(rank), np.int64)
    for numbers, counts in parts:
        totals[rank[numbers]] += counts  # a batch has each term once
    return np.minimum(totals, np.iinfo(np.int32).max).astype(np.int32)
