"""The corpus every engine is given: articles and their terms, analysed once, kept on disk.

Up to the number of base articles there are (real ones, else invented), the corpus is these in a
fixed shuffled order. Beyond, further articles are recombined: title, labels and date of one base
article, paragraphs of others, a new id. Terms are those of the paragraphs where they stood, so
nothing is analysed twice. Recombined articles bring no new words: term dictionaries grow less
than those of as many real articles would.
"""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.invented import invent_articles
from bench.places import WORK, find_real_articles
from indexer.article import Article
from indexer.engine.base import AnalysedBatch, AnalysedDocument
from indexer.ingest.build_article import document
from indexer.ingest.readers import read_paths
from indexer.language.analyzer import MAX_LEAD_TOKENS, UNDIVIDED_LEAD_TOKENS, Analyzer

Array = npt.NDArray[Any]

CHUNK = 1000
INVENTED = 20_000


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a base article, with the terms of its tokens and their offsets in it."""

    text: str
    terms: Array
    starts: Array


@dataclass(frozen=True, slots=True)
class BaseArticle:
    """An analysed article, cut so that its parts can be put together anew."""

    document: AnalysedDocument
    title_terms: Array
    title_starts: Array
    paragraphs: list[Paragraph]


@dataclass(slots=True)
class Base:
    """All base articles over one vocabulary; ``lower_share`` is how often a term is lower case."""

    origin: str
    articles: list[BaseArticle]
    vocabulary: list[str]
    stems: list[str]
    lower_share: Array


@dataclass(frozen=True, slots=True)
class Corpus:
    """``size`` analysed articles on disk, in chunks of :data:`CHUNK`."""

    folder: Path
    size: int
    origin: str

    def read_chunks(self) -> Iterator[AnalysedBatch]:
        for path in sorted(self.folder.glob("chunk-*.pickle")):
            yield load(path)


def load(path: Path) -> Any:
    """What :func:`save` wrote. Only for files of this benchmark's own work folder."""
    return pickle.loads(path.read_bytes())


def save(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))


def prepare_corpus(size: int, *, invented: bool = False) -> Corpus:
    """The corpus of ``size`` articles, made where it is not on disk yet."""
    real = None if invented else find_real_articles()
    origin = "real" if real else "invented"
    folder = WORK / f"{origin}-{size}"
    done = folder / "done"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        base = prepare_base(origin, real)
        for number, batch in enumerate(build_batches(base, size)):
            save(folder / f"chunk-{number:05}.pickle", batch)
        done.write_text(origin)
    return Corpus(folder, size, origin)


def prepare_base(origin: str, real: Path | None) -> Base:
    """The base articles, analysed, in a fixed shuffled order."""
    path = WORK / f"{origin}-base.pickle"
    if not path.exists():
        articles = read_articles(real) if real else list(invent_articles(INVENTED))
        Random(1).shuffle(articles)
        save(path, analyse_base(origin, articles))
    base: Base = load(path)
    return base


def read_articles(path: Path) -> list[Article]:
    """The articles that indexing this file would index."""
    by_id = {item.id: item for item in read_paths([path]) if isinstance(item, Article)}
    return list(by_id.values())


def analyse_base(origin: str, articles: list[Article]) -> Base:
    analyzer = Analyzer()
    numbers: dict[str, int] = {}
    stems: list[str] = []
    lower: list[int] = []
    seen: list[int] = []
    found: list[BaseArticle] = []
    for group in take_groups(articles, CHUNK):
        batch = analyzer.analyse([document(article) for article in group])
        known = np.zeros(len(batch.vocabulary), np.int32)
        for number, (term, stem) in enumerate(zip(batch.vocabulary, batch.stems, strict=True)):
            if term not in numbers:
                numbers[term] = len(stems)
                stems.append(stem)
                lower.append(0)
                seen.append(1)
            known[number] = numbers[term]
            lower[known[number]] += int(batch.lower_counts[number])
            seen[known[number]] += int(batch.lower_counts[number] + batch.capital_counts[number])
        found.extend(cut_articles(batch, known[batch.token_terms]))
    share = np.array(lower, np.float64) / np.array(seen, np.float64)
    return Base(origin, found, list(numbers), stems, share)


def take_groups(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    iterator = iter(articles)
    while group := list(islice(iterator, size)):
        yield group


def cut_articles(batch: AnalysedBatch, terms: Array) -> Iterator[BaseArticle]:
    """The batch's articles cut into title and paragraphs; ``terms`` are its tokens' numbers."""
    at = 0
    for number, one in enumerate(batch.documents):
        body_at = at + int(batch.title_lengths[number])
        end = body_at + int(batch.body_lengths[number])
        starts = batch.token_starts[body_at:end]
        paragraphs = []
        offset = 0
        for text in one.article.body.split("\n"):
            first, last = np.searchsorted(starts, [offset, offset + len(text) + 1])
            own = slice(body_at + int(first), body_at + int(last))
            paragraphs.append(
                Paragraph(text, terms[own].copy(), batch.token_starts[own] - np.int32(offset))
            )
            offset += len(text) + 1
        yield BaseArticle(
            one, terms[at:body_at].copy(), batch.token_starts[at:body_at].copy(), paragraphs
        )
        at = end


def build_batches(base: Base, size: int) -> Iterator[AnalysedBatch]:
    """``size`` articles in batches: the base articles, then recombined ones."""
    random = Random(2)
    total = len(base.articles)
    pending: list[BaseArticle] = []
    for number in range(size):
        one = base.articles[number % total]
        pending.append(one if number < total else recombine(base, one, number, random))
        if len(pending) == CHUNK or number == size - 1:
            yield build_batch(base, pending)
            pending = []


def recombine(base: Base, one: BaseArticle, number: int, random: Random) -> BaseArticle:
    """An article with title, labels and date of ``one`` and paragraphs of others."""
    paragraphs = []
    for _ in one.paragraphs:
        other = base.articles[random.randrange(len(base.articles))]
        paragraphs.append(other.paragraphs[random.randrange(len(other.paragraphs))])
    article = replace(
        one.document.article,
        id=f"gabungan-{number}",
        body="\n".join(paragraph.text for paragraph in paragraphs),
    )
    return BaseArticle(
        replace(one.document, article=article, fingerprint=number.to_bytes(8, "big")),
        one.title_terms,
        one.title_starts,
        paragraphs,
    )


def build_batch(base: Base, articles: list[BaseArticle]) -> AnalysedBatch:
    """The batch of these articles, with a vocabulary of its own."""
    parts: list[Array] = []
    starts: list[Array] = []
    bodies, leads = [], []
    for one in articles:
        parts.append(one.title_terms)
        starts.append(one.title_starts)
        offset = 0
        for paragraph in one.paragraphs:
            parts.append(paragraph.terms)
            starts.append(paragraph.starts + np.int32(offset))
            offset += len(paragraph.text) + 1
        bodies.append(sum(len(paragraph.terms) for paragraph in one.paragraphs))
        alone = len(one.paragraphs) == 1
        most = UNDIVIDED_LEAD_TOKENS if alone else MAX_LEAD_TOKENS
        leads.append(min(most, len(one.paragraphs[0].terms)))
    tokens = np.concatenate(parts)
    distinct, terms = np.unique(tokens, return_inverse=True)
    counts = np.bincount(terms, minlength=len(distinct))
    lower = np.round(counts * base.lower_share[distinct]).astype(np.int32)
    return AnalysedBatch(
        documents=[one.document for one in articles],
        vocabulary=[base.vocabulary[term] for term in distinct],
        stems=[base.stems[term] for term in distinct],
        lower_counts=lower,
        capital_counts=(counts - lower).astype(np.int32),
        token_terms=terms.astype(np.int32),
        token_starts=np.concatenate(starts).astype(np.int32),
        title_lengths=np.array([len(one.title_terms) for one in articles], np.int32),
        body_lengths=np.array(bodies, np.int32),
        lead_lengths=np.array(leads, np.int32),
    )
