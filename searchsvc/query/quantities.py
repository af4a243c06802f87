"""Which words of a query are one quantity, and mean nothing by themselves?

``Rp 1,5 T``, ``5 kg``, ``M 5,3``, ``UU No 13 Tahun 2003``, ``Galaxy S 10``: an article that has *5*
here and *kg* there is no answer. So they are one word of the query, found as a phrase in any of its
notations (:mod:`indexer.language.numbers`), provided that articles have one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.language.numbers import find_rewritings
from searchsvc.query.context import SearchContext

#: The rules of :func:`find_rewritings` whose words belong together. Not dates: an article of the
#: day writes ``(20/7)`` and its year elsewhere.
_RULES = frozenset(["amount", "scale", "unit", "magnitude", "citation"])
#: The most digits in the name of a model, a class or a junction: ``S 10``, ``U 17``, ``F 1``.
_MOST_DIGITS = 3


def find_quantities(words: Sequence[str], context: SearchContext) -> Iterator[tuple[int, int]]:
    """Start and end (exclusive) of each row of ``words`` that is one quantity, in order; they do
    not overlap, and the longest row counts.
    """
    if "numbers" in context.without:
        return
    forms: dict[tuple[int, int], list[tuple[str, ...]]] = {}
    for start, (letter, number) in enumerate(pairwise(words)):
        if len(letter) == 1 and letter.isalpha() and is_number_of_model(number):
            forms[start, start + 2] = []
    for row in find_rewritings(words):
        if row.rule in _RULES and row.end - row.start > 1:
            forms.setdefault((row.start, row.end), []).append(row.terms)
    done = 0
    for start, end in sorted(forms, key=lambda span: (span[0], -span[1])):
        if start >= done and is_written(tuple(words[start:end]), forms[start, end], context):
            yield start, end
            done = end


def is_number_of_model(word: str) -> bool:
    return word.isdecimal() and len(word) <= _MOST_DIGITS


def is_written(
    typed: tuple[str, ...], others: Sequence[tuple[str, ...]], context: SearchContext
) -> bool:
    """Whether articles have the row as typed, or in one of its ``others`` notations."""
    return any(context.count_row(row) for row in (typed, *others))
