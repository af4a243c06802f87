"""What are the exact scores of the best, where a prefix has too many terms to ask for each?

OpenSearch counts the most frequent of its terms; all others together are one occurrence where an
article has none of those. So it never scores an article too high, nor lower by more than the whole
weight of such words: of as many of the best as decide, the rest is counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.base import Form, Prefix, Query, Word
from indexer.engine.opensearch.documents import Stored
from indexer.engine.opensearch.encoding import SIGILS, encode_term
from indexer.engine.opensearch.matching import MOST_EXPANDED
from indexer.engine.opensearch.places import Finder
from indexer.engine.opensearch.state import Generation
from indexer.engine.opensearch.tokens import number_form
from indexer.engine.opensearch.words import Words

Array = npt.NDArray[Any]


class Recount:
    """The words of a query with such a prefix; false if there are none. ``most``: by how much a
    score may be too low.
    """

    def __init__(
        self, query: Query, idfs: Sequence[float], generation: Generation, words: Words
    ) -> None:
        self._ranking = query.ranking
        self._generation = generation
        self._vocabulary = words
        every = [word for clause in query.clauses for word in clause.words]
        self._words = [
            (word, idf)
            for word, idf in zip(every, idfs, strict=True)
            if any(self._is_wide(one) for one in word.alternatives)
        ]
        weight = sum(float(word.boost * idf) for word, idf in self._words)
        recent = self._ranking.recency_weight if self._ranking.recency_half_life_days else 0.0
        self.most = weight * (1 + recent)

    def __bool__(self) -> bool:
        return bool(self._words)

    def _is_wide(self, one: object) -> bool:
        return (
            isinstance(one, Prefix)
            and len(self._vocabulary.list_with_prefix(one.text)) > MOST_EXPANDED
        )

    def measure(self, articles: Sequence[Stored]) -> Array:
        """By how much the score of each of ``articles`` is too low."""
        finder, norms = Finder(articles), self._norm_lengths(articles)
        lacking: Array = np.zeros(len(articles))
        k1 = self._ranking.k1
        for word, idf in self._words:
            whole, counted = self._count_both(finder, word, norms)
            gain = whole / (k1 + whole) - counted / (k1 + counted)
            lacking += word.boost * idf * gain
        return lacking * self._measure_recency(articles)

    def _count_both(self, finder: Finder, word: Word, norms: Array) -> tuple[Array, Array]:
        """The word's frequency in each article, and what OpenSearch took for it."""
        whole, counted = np.zeros((2, len(norms)))
        for one in word.alternatives:
            starts = finder.find_starts(one, word.scope)
            every = finder.count_each(starts)
            whole += one.weight * self._weigh(every, norms)
            if isinstance(one, Prefix) and self._is_wide(one):
                often = finder.have_form(starts, Form.EXACT, self._list_often(one))
                frequent = finder.count_each(starts[often])
                every = np.where(frequent > 0, frequent, np.minimum(every, 1))
            counted += one.weight * self._weigh(every, norms)
        return whole, counted

    def _list_often(self, prefix: Prefix) -> list[int]:
        """The numbers of the terms that OpenSearch counts one by one."""
        return [
            number_form(SIGILS[Form.EXACT] + encode_term(text))
            for text, _ in self._vocabulary.frequent(prefix.text, MOST_EXPANDED)
        ]

    def _norm_lengths(self, articles: Sequence[Stored]) -> Array:
        """What counts in title and body are divided by: a row for each article."""
        ranking, generation = self._ranking, self._generation
        sizes = np.array([(one.tokens.title_length, one.body_length) for one in articles], float)
        averages = np.array([generation.title_tokens, generation.body_tokens])
        averages = np.maximum(averages, 1) / max(generation.articles, 1)
        b = np.array([ranking.title_b, ranking.body_b])
        norms: Array = 1 - b + b * sizes.reshape(-1, 2) / averages
        # Of an empty field with b = 1, in which nothing is counted.
        norms[norms == 0] = 1
        return norms

    def _weigh(self, counts: Array, norms: Array) -> Array:
        title, body, lead = counts
        r = self._ranking
        in_body = r.body_weight * body + r.lead_weight * lead
        weighed: Array = r.title_weight * title / norms[:, 0] + in_body / norms[:, 1]
        return weighed

    def _measure_recency(self, articles: Sequence[Stored]) -> Array:
        """What the scores of the words are multiplied by."""
        r = self._ranking
        factors: Array = np.ones(len(articles))
        if r.recency_half_life_days and r.recency_weight:
            for number, one in enumerate(articles):
                if one.day is not None:
                    age = max(0, r.recency_from_day - one.day)
                    factors[number] += r.recency_weight / (1 + age / r.recency_half_life_days)
        return factors
