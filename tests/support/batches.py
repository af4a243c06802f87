"""Analysed batches made by hand: documents given as tokens, for tests below the language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from hashlib import blake2b

import numpy as np

from indexer.article import Article
from indexer.engine.base import AnalysedBatch, AnalysedDocument
from indexer.schema import LABEL_FACETS

SECONDS_PER_DAY = 86_400
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Draft:
    """One document for a test. ``title`` and ``body`` are words separated by spaces.

    ``day`` is the day as written, in days since 1970-01-01, ``second`` that of the day, both by a
    clock ``offset_hours`` ahead of UTC. ``lead``: how many words of the body are its lead.
    """

    id: str
    title: str = ""
    body: str = ""
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    day: int | None = None
    second: int = 0
    offset_hours: int = 7
    lead: int = 0
    url: str = ""
    values: dict[str, float] = field(default_factory=dict)

    def to_article(self) -> Article:
        written = "" if self.day is None else self.write_date(self.day)
        one = {name: next(iter(self.labels.get(name, ())), "") for name in LABEL_FACETS}
        return Article(
            id=self.id,
            title=self.title,
            body=self.body,
            url=self.url,
            source=one["source"],
            published_at=written,
            category=one["category"],
            tags=list(self.labels.get("tags", ())),
            authors=list(self.labels.get("authors", ())),
            agency=one["agency"],
            place=one["place"],
        )

    def write_date(self, day: int) -> str:
        clock = f"{self.second // 3600:02}:{self.second // 60 % 60:02}:{self.second % 60:02}"
        return f"{date(1970, 1, 1) + timedelta(days=day)}T{clock}+{self.offset_hours:02}:00"

    def to_document(self) -> AnalysedDocument:
        written = tuple(getattr(self, spec.name) for spec in fields(self))
        instant = None
        if self.day is not None:
            instant = self.day * SECONDS_PER_DAY + self.second
            instant -= self.offset_hours * SECONDS_PER_HOUR
        return AnalysedDocument(
            article=self.to_article(),
            labels={**dict.fromkeys(LABEL_FACETS, ()), **self.labels},
            published_second=instant,
            published_day=self.day,
            fingerprint=blake2b(repr(written).encode(), digest_size=8).digest(),
            values=self.values,
        )


def stem_by_hyphen(word: str) -> str:
    """The stem of a made-up word: what stands before its hyphen, ``lari`` of ``lari-an``."""
    return word.split("-")[0]


def build_batch(
    drafts: Sequence[Draft],
    *,
    stem: Callable[[str], str] = stem_by_hyphen,
    evidence: Iterable[tuple[str, str, str, int]] = (),
    capitalised: Iterable[str] = (),
) -> AnalysedBatch:
    """The batch of ``drafts``. Words in ``capitalised`` count as such, all others as lower."""
    vocabulary: dict[str, int] = {}
    terms: list[int] = []
    starts: list[int] = []
    for draft in drafts:
        for text in (draft.title, draft.body):
            at = 0
            for word in text.split():
                at = text.index(word, at)
                starts.append(at)
                terms.append(vocabulary.setdefault(word, len(vocabulary)))
                at += len(word)
    counts = np.bincount(np.array(terms, dtype=np.int64), minlength=len(vocabulary))
    names = set(capitalised)
    is_name = np.array([word in names for word in vocabulary], dtype=bool)
    return AnalysedBatch(
        documents=[draft.to_document() for draft in drafts],
        vocabulary=list(vocabulary),
        stems=[stem(word) for word in vocabulary],
        lower_counts=np.where(is_name, 0, counts).astype(np.int32),
        capital_counts=np.where(is_name, counts, 0).astype(np.int32),
        token_terms=np.array(terms, dtype=np.int32),
        token_starts=np.array(starts, dtype=np.int32),
        title_lengths=np.array([len(d.title.split()) for d in drafts], dtype=np.int32),
        body_lengths=np.array([len(d.body.split()) for d in drafts], dtype=np.int32),
        lead_lengths=np.array([d.lead for d in drafts], dtype=np.int32),
        evidence=list(evidence),
    )


def build_stems(stems: Mapping[str, str]) -> AnalysedBatch:
    """The batch without documents that says what stems some terms have."""
    batch = build_batch([])
    batch.vocabulary, batch.stems = list(stems), list(stems.values())
    batch.lower_counts = batch.capital_counts = np.zeros(len(stems), np.int32)
    return batch
