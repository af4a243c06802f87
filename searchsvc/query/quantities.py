"""Which words of a query are one quantity, and mean nothing by themselves?

``Rp 1,5 T``, ``5 kg``, ``M 5,3``, ``UU No 13 Tahun 2003``, ``Galaxy S 10``: an article that has *5*
here and *kg* there is no answer. So they are one word of the query, found as a phrase in any of its
notations (:mod:`indexer.language.numbers`), provided that articles have one, and with the other
words of the query (:func:`searchsvc.query.clauses.find_meaning`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.language.measures import NUMBERED, is_regulation
from indexer.language.numbers import find_rewritings
from searchsvc.query.context import SearchContext
from searchsvc.query.coverage import FEW_HITS

#: The rules of :func:`find_rewritings` whose words belong together. Not dates: an article of the
#: day writes ``(20/7)`` and its year elsewhere.
_RULES = frozenset(["amount", "scale", "unit", "magnitude", "citation"])
#: The most digits in the name of a model, a class or a junction: ``S 10``, ``U 17``, ``F 1``.
_MOST_DIGITS = 3
#: Of the articles that have the letter, the number and the word beside them, at least this
#: fraction has the name of the model if it is one. On 28,857 articles: of ``galaxy s 10`` and
#: ``timnas u 19`` a third or more, of ``grup b 2`` a fiftieth, of ``serie a 10`` none.
_SHARE_OF_MODEL = 1 / 4
#: Units that are one only with a slash: *macet 10 km, jam 7* is none.
_WITH_SLASH = frozenset([("km", "jam"), ("kilometer", "jam")])


def find_quantities(
    words: Sequence[str], between: Sequence[str], context: SearchContext
) -> Iterator[tuple[int, int]]:
    """Start and end (exclusive) of each row of ``words`` that is one quantity, in order; they do
    not overlap, and the longest row counts. ``between``: the text behind each word, up to the next.
    """
    if "numbers" in context.without:
        return
    forms: dict[tuple[int, int], list[tuple[str, ...]]] = {}
    for start, (letter, number) in enumerate(pairwise(words)):
        if len(letter) == 1 and letter.isalpha() and is_model(words, start, number, context):
            forms[start, start + 2] = []
    for row in find_rewritings(words):
        span = row.start, row.end
        if row.rule in _RULES and row.end - row.start > 1 and is_one(words, between, *span):
            forms.setdefault(span, []).append(row.terms)
    done = 0
    for start, end in sorted(forms, key=lambda span: (span[0], -span[1])):
        if start >= done and is_written(tuple(words[start:end]), forms[start, end], context):
            yield start, end
            done = end


def is_model(words: Sequence[str], start: int, number: str, context: SearchContext) -> bool:
    """Whether the letter at ``start`` and the ``number`` behind it name a model, rather than the
    letter the word before it: ``serie a``, ``vitamin c``, ``inisial m``.
    """
    if not number.isdecimal() or len(number) > _MOST_DIGITS:
        return False
    row = words[start], number
    written = context.count_row(row)
    beside = [(word,) for word in (words[start - 1 : start] if start else words[2:3])]
    if not (written and beside):
        return written >= FEW_HITS
    named = context.count_rows_together(row, *beside)
    apart = context.count_rows_together(*((word,) for word in row), *beside)
    return named > 0 and named >= _SHARE_OF_MODEL * apart


def is_one(words: Sequence[str], between: Sequence[str], start: int, end: int) -> bool:
    """Whether ``words[start:end]`` are one unit or citation, as far as that depends on a slash: of
    ``nomor 1 2022`` only ``nomor 1/2022``, or behind the name of a regulation.
    """
    if words[start] in NUMBERED and "tahun" not in words[start:end]:
        sure = start > 0 and is_regulation(words[start - 1])
    else:
        sure = tuple(words[end - 2 : end]) not in _WITH_SLASH
    return sure or "/" in between[end - 2]


def is_written(
    typed: tuple[str, ...], others: Sequence[tuple[str, ...]], context: SearchContext
) -> bool:
    """Whether articles have the row as typed, or in one of its ``others`` notations."""
    return any(context.count_row(row) for row in (typed, *others))
