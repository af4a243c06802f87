"""Where are a query's words in some articles? Looked up among their tokens, as they were
indexed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engine.base import Alternative, Clause, Form, Phrase, Prefix, Scope, Term, Word
from indexer.engine.opensearch.documents import Stored
from indexer.engine.opensearch.encoding import SIGILS, encode_term
from indexer.engine.opensearch.tokens import Line

Array = npt.NDArray[Any]


class Found(NamedTuple):
    """Tokens that words match, in columns, one article after another, title first, ascending;
    each once for each word.
    """

    articles: Array
    in_title: Array
    positions: Array
    words: Array


@dataclass(frozen=True, slots=True)
class Counts:
    """How often an alternative occurs; ``body`` includes ``lead``."""

    title: int
    body: int
    lead: int


class Finder:
    """Finds alternatives and words in some articles."""

    def __init__(self, articles: Sequence[Stored]) -> None:
        self._articles = articles
        self._line = Line(
            [(one.source["title"], one.source["body"]) for one in articles],
            [one.tokens for one in articles],
        )

    @cached_property
    def _in_title(self) -> Array:
        in_title: Array = self._line.fields % 2 == 0
        return in_title

    def find(self, words: Sequence[Word]) -> Found:
        """The tokens of any of ``words``, those of a phrase within a match of it all, its gaps left
        out.
        """
        found = [self._find_word(word) for word in words]
        places = np.concatenate([np.zeros(0, np.int64), *found])
        numbers = np.repeat(np.arange(len(found)), [len(one) for one in found])
        order = np.lexsort((numbers, places))
        places = places[order]
        fields = self._line.fields[places]
        return Found(
            fields // 2, fields % 2 == 0, places - self._line.firsts[fields], numbers[order]
        )

    def _find_word(self, word: Word) -> Array:
        parts = []
        for one in word.alternatives:
            starts = self.find_starts(one, Scope.ANYWHERE)
            if isinstance(one, Phrase):
                parts += [starts + step for step, term in enumerate(one.terms) if term is not None]
            else:
                parts.append(starts)
        return self._narrow(np.unique(np.concatenate([np.zeros(0, np.int64), *parts])), word.scope)

    def _narrow(self, places: Array, scope: Scope) -> Array:
        """Those of ``places`` that are within ``scope``."""
        if scope is Scope.ANYWHERE:
            return places
        inside: Array = places[self._in_title[places] == (scope is Scope.TITLE)]
        return inside

    def find_starts(self, one: Alternative, scope: Scope) -> Array:
        """The places where the alternative starts within ``scope``, ascending."""
        if isinstance(one, Prefix):
            starts = self._line.find_beginning(SIGILS[Form.EXACT] + encode_term(one.text))
        elif isinstance(one, Term):
            starts = self._line.find_form(one.form, _write_form(one))
        else:
            starts = self._find_phrase(one)
        return self._narrow(starts, scope)

    def _find_phrase(self, phrase: Phrase) -> Array:
        known = [(step, term) for step, term in enumerate(phrase.terms) if term is not None]
        if not known:
            return np.zeros(0, np.int64)
        line, length = self._line, len(phrase.terms)
        (step, term), *others = known
        places = line.find_form(term.form, _write_form(term))
        fields = line.fields[places]
        starts: Array = places - step
        # All of it within the one field.
        fits = (starts >= line.firsts[fields]) & (starts + length <= line.firsts[fields + 1])
        starts = starts[fits]
        for step, term in others:
            own = line.find_form(term.form, _write_form(term))
            starts = starts[np.isin(starts + step, own)]
        return starts

    def count_each(self, starts: Array) -> Array:
        """How many of the places are in each article's title, its body, and its lead: three
        rows.
        """
        fields = self._line.fields[starts]
        articles, in_body = fields // 2, fields % 2 == 1
        in_lead = in_body & (starts < self._line.leads[articles])
        return np.stack(
            [
                np.bincount(articles[chosen], minlength=len(self._articles))
                for chosen in (~in_body, in_body, in_lead)
            ]
        )

    def have_form(self, places: Array, form: Form, numbers: Sequence[int]) -> Array:
        """Whether the token at each place has any of the forms of these numbers."""
        return np.isin(self._line.numbers[form][places], np.array(numbers, np.int64))

    def count(self, one: Alternative, scope: Scope) -> Counts:
        """How often the alternative occurs within ``scope``, in all articles together."""
        return Counts(*self.count_each(self.find_starts(one, scope)).sum(axis=1).tolist())

    def measure_closeness(self, required: Sequence[Clause]) -> Array:
        """For each article, see :class:`indexer.engine.base.Ranking`; of two clauses or more."""
        pairs = len(required) - 1
        places = [
            np.unique(np.concatenate([np.zeros(0, np.int64), *map(self._find_word, clause.words)]))
            for clause in required
        ]
        closeness: Array = np.zeros(len(self._articles))
        for first, second in pairwise(places):
            nearest = np.zeros(len(self._articles))
            for at, near in self._list_near(first, second):
                np.maximum.at(nearest, self._line.fields[at] // 2, near)
            closeness += nearest
        closeness /= pairs
        return closeness

    def _list_near(self, first: Array, second: Array) -> list[tuple[Array, Array]]:
        """Of places of the first, the reciprocal distance to the next and to the last of the
        second within the same field.
        """
        fields = self._line.fields
        following = np.searchsorted(second, first)
        found = []
        for number, beyond in ((following, 0), (following - 1, 1)):
            is_there = (number >= 0) & (number < len(second))
            ones, others = first[is_there], second[number[is_there]]
            same = fields[ones] == fields[others]
            ones, others = ones[same], others[same]
            found.append((ones, 1 / np.maximum(np.abs(others - ones) + beyond, 1)))
        return found


def _write_form(term: Term) -> str:
    """The form of a token that the term asks for."""
    return SIGILS[term.form] + encode_term(term.text)
