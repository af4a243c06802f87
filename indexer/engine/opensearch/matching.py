"""Which articles match, with what score? Words and clauses as queries of OpenSearch.

BM25F as :class:`indexer.engine.base.Ranking` defines it, computed by OpenSearch: the similarity of
the text fields is the plain frequency times the boost, so that the sum over a word's alternatives
in one field is its weighted frequency there; one script divides that by the field's length, a
second saturates the sum of the fields.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any, Final

from indexer.engine.base import (
    Alternative,
    Clause,
    Form,
    Phrase,
    Prefix,
    Query,
    Ranking,
    Scope,
    Term,
    Word,
)
from indexer.engine.opensearch.encoding import ANY, HOLE, LEAD, SIGILS, encode_term
from indexer.engine.opensearch.filters import NOTHING
from indexer.engine.opensearch.state import Generation
from indexer.engine.opensearch.words import Words

Body = dict[str, Any]
#: An alternative and where it is looked for.
Sought = tuple[Alternative, Scope]

#: Of a prefix, this many terms are counted one by one, the most frequent; all others together count
#: as one occurrence where an article has none of those. See recount.py.
MOST_EXPANDED: Final = 128

_BY_LENGTH: Final = (
    "double least = params.least; double slope = params.slope; "
    "return _score / (least + slope * doc[params.length].value)"
)
_SATURATED: Final = (
    "double k1 = params.k1; double weight = params.weight; "
    "return _score > 0 ? weight * _score / (k1 + _score) : 0"
)
_BY_AGE: Final = (
    "if (doc['day'].size() == 0) return _score; "
    "double weight = params.weight; double half = params.half; long today = params.today; "
    "return _score * (1 + weight / (1 + Math.max(0, today - doc['day'].value) / half))"
)


def match_any(queries: Sequence[Body]) -> Body:
    """The query for what matches one of ``queries`` or more; scores add up."""
    if not queries:
        return NOTHING
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def _script(query: Body, source: str, **params: float | str) -> Body:
    return {"script_score": {"query": query, "script": {"source": source, "params": params}}}


# --- where alternatives occur


def forget_weight(one: Alternative, scope: Scope) -> Sought:
    """The alternative without what does not change where it occurs."""
    if isinstance(one, Term):
        return Term(one.text, one.form, rule=""), scope
    if isinstance(one, Prefix):
        return Prefix(one.text, rule=""), scope
    return Phrase(
        tuple(term and Term(term.text, term.form, rule="") for term in one.terms), rule=""
    ), scope


def list_fields(scope: Scope) -> tuple[str, ...]:
    """The fields in which an alternative is looked for."""
    return {
        Scope.ANYWHERE: ("title", "body"),
        Scope.TITLE: ("title",),
        Scope.BODY: ("body",),
    }[scope]


def write_alternative(one: Alternative, scope: Scope, words: Words) -> Body:
    """The query for articles in which the alternative occurs within ``scope``."""
    if isinstance(one, Prefix):
        text = SIGILS[Form.EXACT] + encode_term(one.text)
        return match_any([{"prefix": {field: {"value": text}}} for field in list_fields(scope)])
    return match_any(
        [part for field in list_fields(scope) for part in _count_in(one, field, 1.0, words)]
    )


def _count_in(
    one: Alternative, field: str, weight: float, words: Words, lead: str = ""
) -> list[Body]:
    """Queries whose scores add up to ``weight`` times the frequency in the field; with ``lead``
    :data:`LEAD`, in the lead.
    """
    if isinstance(one, Term):
        return [_count_term(one, field, weight, lead)] if words.count(one.text, one.form) else []
    if isinstance(one, Phrase):
        return _count_phrase(one, field, weight, words, lead)
    terms = words.list_with_prefix(one.text)
    if len(terms) <= MOST_EXPANDED:
        return [_count_term(Term(text, Form.EXACT), field, weight, lead) for text in terms]
    often = [Term(text, Form.EXACT) for text, _ in words.frequent(one.text, MOST_EXPANDED)]
    sigil = lead + SIGILS[Form.EXACT]
    rest = {
        "bool": {
            "must": [
                {"prefix": {field: {"value": sigil + encode_term(one.text), "boost": weight}}}
            ],
            "must_not": [{"terms": {field: [sigil + encode_term(term.text) for term in often]}}],
        }
    }
    return [*(_count_term(term, field, weight, lead) for term in often), rest]


def _write_term(term: Term | None) -> str:
    return ANY if term is None else SIGILS[term.form] + encode_term(term.text)


def _count_term(term: Term, field: str, weight: float, lead: str) -> Body:
    return {"term": {field: {"value": lead + _write_term(term), "boost": weight}}}


def _count_phrase(phrase: Phrase, field: str, weight: float, words: Words, lead: str) -> list[Body]:
    terms = phrase.terms
    known = [one for one in terms if one is not None]
    if not known or not all(words.count(one.text, one.form) for one in known):
        return []
    last = len(terms) - 1
    # Within a phrase any token is a gap; at its ends one must be there.
    texts = [
        HOLE if one is None and 0 < at < last else _write_term(one) for at, one in enumerate(terms)
    ]
    texts[0] = lead + texts[0]
    # OpenSearch asks the similarity once for each term, and adds up what it says.
    boost = weight / sum(text != HOLE for text in texts)
    return [{"match_phrase": {field: {"query": " ".join(texts), "boost": boost}}}]


# --- scores


class Scoring:
    """The scores of one ranking over one generation."""

    def __init__(self, ranking: Ranking, generation: Generation, words: Words) -> None:
        self._ranking = ranking
        self._words = words
        articles = max(generation.articles, 1)
        self._averages = {
            "title": generation.title_tokens / articles,
            "body": generation.body_tokens / articles,
        }

    def weigh_words(self, clause: Clause, idfs: Sequence[float]) -> Body:
        """The query for what satisfies ``clause``, with the score of its words."""
        return match_any(
            [
                weighed
                for word, idf in zip(clause.words, idfs, strict=True)
                for weighed in self._weigh_word(word, idf)
            ]
        )

    def _weigh_word(self, word: Word, idf: float) -> list[Body]:
        fields = [
            normed for field in list_fields(word.scope) for normed in self._weigh_field(word, field)
        ]
        if not fields:
            return []
        k1, weight = float(self._ranking.k1), float(idf * word.boost)
        return [_script(match_any(fields), _SATURATED, k1=k1, weight=weight)]

    def _weigh_field(self, word: Word, field: str) -> list[Body]:
        r = self._ranking
        if field == "title":
            weights, b = {"": r.title_weight}, r.title_b
        else:
            weights, b = {"": r.body_weight, LEAD: r.lead_weight}, r.body_b
        counted = [
            part
            for one in word.alternatives
            for lead, weight in weights.items()
            if weight or not lead
            for part in _count_in(one, field, one.weight * weight, self._words, lead)
        ]
        average = self._averages[field]
        if not counted or not average:
            return []
        return [
            _script(
                match_any(counted),
                _BY_LENGTH,
                least=float(1 - b),
                slope=float(b / average),
                length=f"{field}_length",
            )
        ]

    def add_recency(self, query: Body) -> Body:
        """``query`` with scores that also depend on age, if the ranking says so."""
        r = self._ranking
        if not (r.recency_half_life_days and r.recency_weight):
            return query
        return _script(
            query,
            _BY_AGE,
            weight=float(r.recency_weight),
            half=float(r.recency_half_life_days),
            today=r.recency_from_day,
        )


# --- whole queries


class Matching:
    """A query of ours as one of OpenSearch, for any minimum of its clauses' worth."""

    def __init__(self, query: Query, words: Words, visible: Body) -> None:
        self._query = query
        self._words = words
        self._always: list[Body] = [visible]
        self._matched: dict[int, Body] = {}
        self.required = [clause for clause in query.clauses if clause.required]
        worths = [clause.worth for clause in self.required]
        self.worth, self.least_worth = sum(worths), min(worths, default=0)

    def match_clause(self, clause: Clause) -> Body:
        """The query for what satisfies ``clause``, one of the query's, without a score."""
        if id(clause) not in self._matched:
            self._matched[id(clause)] = self._match_any(clause)
        return self._matched[id(clause)]

    def _match_any(self, clause: Clause) -> Body:
        sought = {
            forget_weight(one, word.scope): None
            for word in clause.words
            for one in word.alternatives
        }
        terms: dict[str, list[str]] = {}
        others = []
        for one, scope in sought:
            if not isinstance(one, Term):
                others.append(write_alternative(one, scope, self._words))
            elif self._words.count(one.text, one.form):
                for field in list_fields(scope):
                    terms.setdefault(field, []).append(_write_term(one))
        any_term = [{"terms": {field: texts}} for field, texts in terms.items()]
        return match_any([*any_term, *(one for one in others if one != NOTHING)])

    def write(
        self,
        filters: Sequence[Body],
        threshold: int,
        scored: Callable[[Clause], Body] | None = None,
    ) -> Body:
        """The query for what passes ``filters``, is not excluded, and whose clauses are worth
        ``threshold``. Scores are 0 without ``scored``, which writes a clause with its score.
        """
        if threshold > self.worth:
            return NOTHING
        parts: dict[str, list[Body]] = {
            "filter": [*self._always, *filters, *self._demand_worth(threshold)],
            "must_not": [self.match_clause(clause) for clause in self._query.excluded],
        }
        if scored:
            # Apart from what matches: a filter reads each term's postings once and no counts, and
            # only what passes it is scored.
            parts["should"] = [
                weighed for clause in self._query.clauses if (weighed := scored(clause)) != NOTHING
            ]
        return {"bool": {name: queries for name, queries in parts.items() if queries}}

    def _demand_worth(self, threshold: int) -> list[Body]:
        """What makes sure that the required clauses of an article are worth ``threshold``."""
        if threshold <= 0:
            return []
        if threshold == self.worth:
            return [self.match_clause(clause) for clause in self.required]
        worths = {clause.worth for clause in self.required}
        if len(worths) > 1:
            return [{"function_score": {"query": self.sum_worths(), "min_score": threshold}}]
        some = [self.match_clause(clause) for clause in self.required]
        fewest = ceil(threshold / worths.pop())
        return [{"bool": {"should": some, "minimum_should_match": fewest}}]

    def sum_worths(self) -> Body:
        """The query whose score is what the clauses are worth that an article satisfies."""
        return match_any(
            [
                {"constant_score": {"filter": matched, "boost": clause.worth}}
                for clause in self.required
                if (matched := self.match_clause(clause)) != NOTHING
            ]
        )

    @property
    def reachable(self) -> int:
        """What those required clauses are worth together that any article may satisfy."""
        return sum(clause.worth for clause in self.required if self.match_clause(clause) != NOTHING)

    def write_worths(self, filters: Sequence[Body]) -> Body:
        """The query for whatever satisfies any clause, scored by :meth:`sum_worths`."""
        return {
            "bool": {
                "filter": [*self._always, *filters],
                "must_not": [self.match_clause(clause) for clause in self._query.excluded],
                "must": [self.sum_worths()],
            }
        }
