"""Which forms has each token of an article? As numbers, so that many are compared at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.base import Form
from indexer.engine.opensearch.encoding import ANY, LEAD

Array = npt.NDArray[Any]

#: Only the last of a lead token's forms ends like this.
END_OF_LEAD = f"|{LEAD}{ANY}"
#: Forms of a token outside the lead, and in it.
_OUTSIDE, _INSIDE = 3, 6


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of an article, its title's first. ``numbers``: for each :class:`Form`, that of the
    token's form in this process (int64), which another one shares once in 2^64.
    """

    numbers: tuple[Array, Array]
    title_length: int
    lead_length: int


def number_form(form: str) -> int:
    """The number of a form as it was indexed, with its sigil."""
    return hash(form)


def read_tokens(title: str, body: str) -> Tokens:
    """The tokens of an article, from its indexed texts."""
    end = body.rfind(END_OF_LEAD) + len(END_OF_LEAD) if END_OF_LEAD in body else 0
    parts = [
        _split(title, _OUTSIDE),
        _split(body[:end], _INSIDE),
        _split(body[end + 1 :] if end else body, _OUTSIDE),
    ]
    exact, stem = (np.concatenate([part[form] for part in parts]) for form in Form)
    return Tokens((exact, stem), len(parts[0][0]), len(parts[1][0]))


def _split(text: str, forms: int) -> tuple[Array, Array]:
    """The numbers of the exact terms and of the stems in a text of groups of so many forms."""
    every = text.replace(" ", "|").split("|") if text else []
    exact, stem = every[Form.EXACT :: forms], every[Form.STEM :: forms]
    return (
        np.fromiter(map(hash, exact), np.int64, len(exact)),
        np.fromiter(map(hash, stem), np.int64, len(stem)),
    )


class Line:
    """All tokens of some articles, one after another: a *place* is the number of a token there.

    ``firsts``: the place where each field begins, two for an article, title and body, and the end
    of all. ``leads``: the place where the lead of each body ends.
    """

    def __init__(self, texts: Sequence[tuple[str, str]], articles: Sequence[Tokens]) -> None:
        self._texts = texts
        lengths = np.array(
            [
                length
                for one in articles
                for length in (one.title_length, len(one.numbers[0]) - one.title_length)
            ],
            np.int64,
        )
        self.firsts = np.concatenate([[0], np.cumsum(lengths)])
        self.leads = self.firsts[1:-1:2] + [one.lead_length for one in articles]
        empty = np.zeros(0, np.int64)
        self.numbers = tuple(
            np.concatenate([empty, *(one.numbers[form] for one in articles)]) for form in Form
        )

    @cached_property
    def fields(self) -> Array:
        """Which field each place is in, two for an article."""
        return np.repeat(np.arange(len(self.firsts) - 1), np.diff(self.firsts))

    def find_form(self, form: Form, text: str) -> Array:
        """The places of tokens with the form, ascending."""
        return np.flatnonzero(self.numbers[form] == number_form(text))

    def find_beginning(self, text: str) -> Array:
        """The places of tokens whose first form begins like this, ascending."""
        found = []
        sought = f" {text}"
        for number, field in enumerate(field for texts in self._texts for field in texts):
            place, counted = int(self.firsts[number]), 0
            at = (padded := f" {field}").find(sought)
            while at >= 0:
                place += padded.count(" ", counted, at)
                found.append(place)
                counted, at = at, padded.find(sought, at + 1)
        return np.array(found, np.int64)
