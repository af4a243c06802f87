"""Random articles and random requests, from a seed: for comparing an engine with brute force."""

from __future__ import annotations

from random import Random

from support.batches import Draft

from indexer.engine.base import (
    MAX_WORTH,
    Alternative,
    Clause,
    DateFilter,
    FacetRequest,
    Form,
    LabelFilter,
    Phrase,
    Prefix,
    Query,
    Ranking,
    Scope,
    Sort,
    Term,
    Word,
)
from indexer.schema import FACETS, INTERVALS, LABEL_FACETS

ROOTS = [
    *("serang", "kota", "pasar", "polisi", "panen", "padi", "warga", "lama", "menteri", "dagang"),
    *("kerja", "sama", "iran", "antar", "baca", "bekas", "gempa", "hujan", "jalan", "kapal"),
    *("laut", "makan", "naik", "obat", "pagi", "rumah", "sakit", "tani", "uang", "xenon"),
]
ENDINGS = ["", "", "", "-an", "-kan", "-i", "-nya"]
LABELS = {name: [f"{name} {letter}" for letter in "abcdefg"] for name in LABEL_FACETS}
FIRST_DAY, LAST_DAY = 18_900, 19_400


class RandomArticles:
    """Drafts with words, labels and dates of uneven frequency, as in real text."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.words = [root + ending for root in ROOTS for ending in ENDINGS[2:]]
        self.random.shuffle(self.words)
        self.word_weights = [1 / (rank + 1) for rank in range(len(self.words))]

    def draw_text(self, longest: int) -> str:
        length = self.random.randint(0, longest)
        return " ".join(self.random.choices(self.words, self.word_weights, k=length))

    def draw_labels(self, facet: str) -> tuple[str, ...]:
        most = 3 if facet in ("tags", "authors") else 1
        weights = [1 / (rank + 1) for rank in range(len(LABELS[facet]))]
        drawn = self.random.choices(LABELS[facet], weights, k=self.random.randint(0, most))
        return tuple(dict.fromkeys(drawn))

    def draw_article(self, article_id: str) -> Draft:
        body = self.draw_text(40)
        dated = self.random.random() < 0.9
        return Draft(
            article_id,
            title=self.draw_text(8),
            body=body,
            labels={facet: self.draw_labels(facet) for facet in LABEL_FACETS},
            day=self.random.randint(FIRST_DAY, LAST_DAY) if dated else None,
            second=self.random.randrange(86_400),
            lead=min(len(body.split()), self.random.randint(0, 12)),
        )


class RandomRequests:
    """Queries that use every part of the seam, over the words of :class:`RandomArticles`."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def draw_text(self) -> str:
        if self.random.random() < 0.03:
            return "tidakada"
        return self.random.choice(ROOTS)

    def draw_weight(self) -> float:
        return self.random.choice([1.0, 1.0, 0.5, 0.3, 2.0])

    def draw_term(self) -> Term:
        if self.random.random() < 0.6:
            return Term(self.draw_text(), Form.STEM, self.draw_weight())
        text = self.draw_text() + self.random.choice(ENDINGS)
        return Term(text, Form.EXACT, self.draw_weight())

    def draw_phrase(self) -> Phrase:
        terms: list[Term | None] = [self.draw_term()]
        for _ in range(self.random.randint(1, 2)):
            terms.append(None if self.random.random() < 0.25 else self.draw_term())
        return Phrase(tuple(terms), self.draw_weight())

    def draw_alternative(self) -> Alternative:
        kind = self.random.random()
        if kind < 0.75:
            return self.draw_term()
        if kind < 0.88:
            text = self.draw_text()
            return Prefix(text[: self.random.randint(1, len(text))], self.draw_weight())
        return self.draw_phrase()

    def draw_word(self) -> Word:
        many = self.random.choice([1, 1, 2, 3])
        alternatives = tuple(self.draw_alternative() for _ in range(many))
        scopes = [Scope.ANYWHERE] * 5 + [Scope.TITLE, Scope.BODY]
        boost = self.random.choice([1.0, 1.0, 1.5, 0.2])
        return Word("kata", alternatives, self.random.choice(scopes), boost)

    def draw_clause(self, required_share: float) -> Clause:
        words = tuple(self.draw_word() for _ in range(self.random.choice([1, 1, 1, 2])))
        worth = self.random.choice([1, 1, 1, 2, 7, MAX_WORTH])
        return Clause(words, self.random.random() < required_share, worth)

    def draw_filter(self) -> LabelFilter | DateFilter:
        if self.random.random() < 0.3:
            bounds = sorted(self.random.randint(FIRST_DAY - 9, LAST_DAY + 9) for _ in range(2))
            first, last = (None if self.random.random() < 0.3 else bound for bound in bounds)
            return DateFilter(first, last)
        facet = self.random.choice(LABEL_FACETS)
        values = self.random.sample(LABELS[facet], self.random.randint(1, 3))
        return LabelFilter(facet, tuple(values), exclude=self.random.random() < 0.3)

    def draw_facets(self) -> tuple[FacetRequest, ...]:
        names = self.random.sample(FACETS, self.random.randint(0, 3))
        return tuple(
            FacetRequest(
                name,
                self.random.choice([1, 3, 20]),
                self.random.choice(INTERVALS),
                self.draw_selected(name),
            )
            for name in names
        )

    def draw_selected(self, facet: str) -> tuple[str, ...]:
        """Labels of the facet, and one that no article has."""
        known = [*LABELS.get(facet, ()), "tidak ada"]
        return tuple(self.random.choices(known, k=self.random.choice([0, 0, 1, 5])))

    def draw_ranking(self) -> Ranking:
        kind = self.random.random()
        if kind < 0.5:
            return Ranking()
        if kind < 0.6:
            return Ranking(1.7, 1.0, 0.0, 3.0, 0.9, 0.1)
        recency = self.random.choice([0.0, 0.4])
        # All hits are rescored: which of two equally good ones is the last could go either way.
        return Ranking(
            proximity_weight=self.random.choice([0.0, 0.5, 0.5]),
            rescore_depth=10_000,
            recency_half_life_days=30.0,
            recency_weight=recency,
            recency_from_day=self.random.choice([FIRST_DAY, LAST_DAY]),
        )

    def draw_query(self) -> Query:
        chance = self.random.random
        clauses = [self.draw_clause(0.85) for _ in range(self.random.choice([0, 1, 1, 2, 2, 3, 4]))]
        worth = sum(clause.worth for clause in clauses)
        minimum = self.random.randint(0, worth) if chance() < 0.3 else None
        return Query(
            clauses=tuple(clauses),
            excluded=tuple(self.draw_clause(1.0) for _ in range(int(chance() < 0.2))),
            filters=tuple(
                self.draw_filter() for _ in range(self.random.choice([0, 0, 0, 1, 1, 2]))
            ),
            minimum=minimum,
            few=self.random.choice([0, 1, 1, 1, 5, 40]),
            enough=self.random.choice([1, 1, 1, 5, 40]),
            facets=self.draw_facets(),
            sort=Sort.RELEVANCE if chance() < 0.75 else self.random.choice(list(Sort)),
            offset=self.random.choice([0, 0, 0, 5, 40]),
            limit=self.random.choice([0, 1, 10, 10, 10, 1000]),
            ranking=self.draw_ranking(),
        )
