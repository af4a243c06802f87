"""The queries every engine is asked, drawn from titles of the corpus; the same ones each run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np

from bench.corpus import Corpus
from bench.records import encode_stem
from indexer.engine.base import AnalysedBatch

#: Kinds of query, in the order they are asked and shown, and what each asks for.
KINDS = {
    "term": "one word",
    "and": "all of 2 or 3 words",
    "or": "any of 2 to 4 words",
    "phrase": "2 words in a row",
    "filtered": "or, of one category",
    "facets": "or, with counts of category and source",
    "histogram": "or, with counts by month",
    "deep": "or, page 100",
    "prefix": "as you type: all words, the last unfinished",
    "snippets": "or, each hit with a marked snippet",
}
#: Kinds of which every engine must report the same total. The last word of ``prefix`` is matched
#: against words as written by our engine, against stems by the others, which have nothing else.
SAME_TOTAL = frozenset(KINDS) - {"prefix"}

MIN_LETTERS = 3
DEEP_OFFSET = 990


@dataclass(frozen=True, slots=True)
class BenchQuery:
    """One query. ``words`` are stems as our engine has them, ``coded`` as the peers do.

    In a ``prefix`` query the last of ``words`` and ``coded`` is the beginning of a word, as typed.
    ``typed`` is what a person would type. ``category`` filters, where not empty.
    """

    kind: str
    words: tuple[str, ...]
    coded: tuple[str, ...]
    typed: str
    category: str = ""

    @property
    def offset(self) -> int:
        return DEEP_OFFSET if self.kind == "deep" else 0

    @property
    def facets(self) -> tuple[str, ...]:
        return ("category", "source") if self.kind == "facets" else ()

    @property
    def histogram(self) -> bool:
        return self.kind == "histogram"

    @property
    def snippets(self) -> bool:
        return self.kind == "snippets"


@dataclass(frozen=True, slots=True)
class Title:
    """A title's words as written and stemmed, and the label of its article."""

    exact: tuple[str, ...]
    stems: tuple[str, ...]
    category: str


def draw_queries(corpus: Corpus, count: int, *, seed: int = 3) -> list[BenchQuery]:
    """``count`` queries of each kind, from titles of the corpus's first articles."""
    random = Random(seed)
    titles = list(read_titles(next(corpus.read_chunks())))
    return [draw_query(kind, titles, random) for kind in KINDS for _ in range(count)]


def read_titles(batch: AnalysedBatch) -> Iterator[Title]:
    """The titles with at least two words long enough to ask for."""
    lengths = batch.title_lengths + batch.body_lengths
    starts = np.concatenate([[0], np.cumsum(lengths)])
    for number, one in enumerate(batch.documents):
        first = int(starts[number])
        tokens = batch.token_terms[first : first + int(batch.title_lengths[number])]
        kept = [term for term in tokens if is_askable(batch.vocabulary[term])]
        if len({batch.stems[term] for term in kept}) >= 2:
            yield Title(
                exact=tuple(batch.vocabulary[term] for term in kept),
                stems=tuple(batch.stems[term] for term in kept),
                category=next(iter(one.labels["category"]), ""),
            )


def is_askable(term: str) -> bool:
    return len(term) >= MIN_LETTERS and term.isalpha() and term.isascii()


def draw_query(kind: str, titles: list[Title], random: Random) -> BenchQuery:
    """A query of this kind from the words of one title."""
    while True:
        title = random.choice(titles)
        if kind == "filtered" and not title.category:
            continue
        at = random.randrange(len(title.exact) - 1)
        if kind == "phrase":
            # Two words next to each other in the title, unless a short one was left out between
            # them; then the phrase is likely to be rare or absent, as typed phrases can be.
            places = [at, at + 1]
        else:
            wanted = {"term": 1, "and": random.choice([2, 2, 3]), "prefix": 2}
            size = wanted.get(kind, random.choice([2, 3, 4]))
            places = sorted(random.sample(range(len(title.exact)), min(size, len(title.exact))))
        if len({title.stems[place] for place in places}) < len(places):
            continue
        words = [title.stems[place] for place in places]
        typed = [title.exact[place] for place in places]
        if kind == "prefix":
            typed[-1] = typed[-1][: random.randint(MIN_LETTERS, len(typed[-1]))]
            words[-1] = typed[-1]
        coded = tuple(encode_stem(word) for word in words)
        category = title.category if kind == "filtered" else ""
        return BenchQuery(kind, tuple(words), coded, " ".join(typed), category)
