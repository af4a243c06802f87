"""Is an answer as expected? One function per key; docs/evaluation.md describes each."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from indexer.article import Article
from indexer.calendar import read_day
from indexer.language.fold import fold
from indexer.language.tokens import tokenize
from searchsvc.evaluation.expectations.asking import Answered, Miss
from searchsvc.request import SearchHit, SearchResponse

_RELATIONS: dict[str, tuple[Callable[[int, int], bool], str]] = {
    "at_most": (operator.le, "at most"),
    "at_least": (operator.ge, "at least"),
    "equals": (operator.eq, "exactly"),
    "less": (operator.lt, "less than"),
    "more": (operator.gt, "more than"),
}
#: Characters of a title or a list shown in a line.
_SHOWN = 90


def judge_answer(answered: Answered) -> Iterator[Miss]:
    """The ways in which an answer differs from its expectation."""
    for key, wanted in answered.expectation.wanted.items():
        for told, seen in CHECKS[key](wanted, answered):
            yield Miss(key, told, seen)


Told = Iterator[tuple[str, str]]


def _check_first(wanted: list[str], answered: Answered) -> Told:
    hits = answered.response.hits
    if not hits or hits[0].id not in wanted:
        yield " or ".join(wanted), hits[0].id if hits else "no hit"


def _check_top(wanted: list[str], answered: Answered) -> Told:
    seen = [hit.id for hit in answered.best]
    lacking = [one for one in wanted if one not in seen]
    if lacking:
        yield f"{', '.join(lacking)} among the first {answered.expectation.depth}", show_ids(seen)


def _check_absent(wanted: list[str], answered: Answered) -> Told:
    all_hits = answered.find_all(answered.expectation.question)
    found = [one for one in wanted if one in all_hits]
    if found:
        yield f"not {', '.join(wanted)}", f"{', '.join(found)} found"


def _check_total(wanted: dict[str, int | str], answered: Answered) -> Told:
    relations = dict(wanted)
    code = relations.pop("unless", None)
    if code is not None and any(note.code == code for note in answered.response.notes):
        return
    total = answered.response.total
    for name, limit in relations.items():
        holds, words = _RELATIONS[name]
        number = limit if isinstance(limit, int) else answered.ask(limit).total
        if not holds(total, number):
            named = "" if isinstance(limit, int) else f" (as many as “{limit}”)"
            unless = "" if code is None else f", or the note {code}"
            yield f"{words} {number:,}{named}{unless}", f"{total:,}"


def _check_same(wanted: str, answered: Answered) -> Told:
    """The same articles in any order: each query may prefer its own spelling."""
    other, here = answered.find_all(wanted), answered.find_all(answered.expectation.question)
    if len(other) != len(here):
        yield f"the {len(other):,} articles of “{wanted}”", f"{len(here):,}"
    elif other != here:
        yield f"the articles of “{wanted}”", f"as many, but {len(here - other)} others"


def _check_has(wanted: list[str], answered: Answered) -> Told:
    yield from _check_words(wanted, answered, read_all)


def _check_title_has(wanted: list[str], answered: Answered) -> Told:
    yield from _check_words(wanted, answered, lambda article: article.title)


def _check_words(wanted: list[str], answered: Answered, text_of: Callable[[Article], str]) -> Told:
    """Each of the best hits has a word of every group."""
    told = " and ".join(wanted)
    if not answered.best:
        yield told, "no hit"
        return
    for rank, hit, row in read_best(answered, text_of):
        lacking = [group for group in wanted if not has_group(row, group)]
        if lacking:
            yield told, f"hit {rank} lacks {' and '.join(lacking)}: {shorten(hit.title)}"
            return


def _check_lacks(wanted: list[str], answered: Answered) -> Told:
    for rank, hit, row in read_best(answered, read_all):
        found = [group for group in wanted if has_group(row, group)]
        if found:
            yield f"no {' or '.join(wanted)}", f"hit {rank} has it: {shorten(hit.title)}"
            return


def _check_order(wanted: str, answered: Answered) -> Told:
    days = [hit.published_at for hit in answered.best if hit.published_at]
    before = operator.ge if wanted == "newest" else operator.le
    for one, after in pairwise(days):
        if not before(one, after):
            yield f"{wanted} first", f"{after[:10]} after {one[:10]}"
            return


def _check_between(wanted: tuple[date, date], answered: Answered) -> Told:
    first, last = wanted
    told = f"hits from {first} to {last}"
    if not answered.best:
        yield told, "no hit"
    for rank, hit in enumerate(answered.best, start=1):
        day = read_day(hit.published_at) if hit.published_at else None
        if day is None or not first <= day <= last:
            yield told, f"hit {rank} of {day or 'no day'}: {shorten(hit.title)}"
            return


def _check_labels(wanted: dict[str, list[str]], answered: Answered) -> Told:
    told = "; ".join(f"{facet} {' or '.join(labels)}" for facet, labels in wanted.items())
    if not answered.best:
        yield told, "no hit"
    for rank, hit in enumerate(answered.best, start=1):
        for facet, labels in wanted.items():
            value = getattr(hit, facet)
            values = value if isinstance(value, list) else [value]
            if not {fold(one) for one in values} & {fold(one) for one in labels}:
                yield told, f"hit {rank} has {facet} {', '.join(values) or 'none'}"
                return


def _check_notes(wanted: list[str], answered: Answered) -> Told:
    codes = [note.code for note in answered.response.notes]
    if not wanted and codes:
        yield "no note", show_notes(answered.response)
    elif not set(wanted) <= set(codes):
        yield f"the note {' and '.join(wanted)}", show_notes(answered.response)


def _check_no_notes(wanted: list[str], answered: Answered) -> Told:
    if any(note.code in wanted for note in answered.response.notes):
        yield f"no note {' or '.join(wanted)}", show_notes(answered.response)


def _check_says(wanted: list[str], answered: Answered) -> Told:
    said = fold(" ".join(note.message for note in answered.response.notes))
    lacking = [one for one in wanted if fold(one) not in said]
    if lacking:
        yield f"a note that says {' and '.join(lacking)}", show_notes(answered.response)


def _check_offers(wanted: list[str], answered: Answered) -> Told:
    offered = {fold(note.query) for note in answered.response.notes}
    if not offered & {fold(one) for one in wanted}:
        yield f"the offer {' or '.join(wanted)}", show_notes(answered.response)


def _check_never_offers(wanted: list[str], answered: Answered) -> Told:
    offered = {fold(note.query) for note in answered.response.notes}
    if offered & {fold(one) for one in wanted}:
        yield f"not the offer {' or '.join(wanted)}", show_notes(answered.response)


def _check_offers_hold(wanted: bool, answered: Answered) -> Told:
    """Following ``corrected`` gives the hits shown, following ``did_you_mean`` finds more, and
    following any other offer finds something.
    """
    here = answered.response
    for note in here.notes:
        if not note.query:
            continue
        there = answered.ask(note.query)
        if note.code == "corrected":
            same = there.total == here.total and list_ids(there) == list_ids(here)
            wanted_total = "the same hits"
        elif note.code == "did_you_mean":
            same, wanted_total = there.total > here.total, f"more than {here.total:,} hits"
        else:
            same, wanted_total = there.total > 0, "hits"
        if not same:
            yield (
                f"{wanted_total} for the offer {note.query}",
                f"{here.total:,}; {there.total:,} for it",
            )


CHECKS: dict[str, Callable[[Any, Answered], Told]] = {
    "first": _check_first,
    "top": _check_top,
    "absent": _check_absent,
    "total": _check_total,
    "same_as": _check_same,
    "has": _check_has,
    "title_has": _check_title_has,
    "lacks": _check_lacks,
    "order": _check_order,
    "between": _check_between,
    "labels": _check_labels,
    "notes": _check_notes,
    "no_notes": _check_no_notes,
    "says": _check_says,
    "offers": _check_offers,
    "never_offers": _check_never_offers,
    "offers_hold": _check_offers_hold,
}


def read_all(article: Article) -> str:
    """Title and body."""
    return f"{article.title}\n{article.body}"


def read_best(
    answered: Answered, text_of: Callable[[Article], str]
) -> Iterator[tuple[int, SearchHit, str]]:
    """Rank, hit, and its text as a row of terms, for :func:`has_group`."""
    for rank, hit in enumerate(answered.best, start=1):
        yield rank, hit, make_row(text_of(answered.searcher.read(hit.id)))


def make_row(text: str) -> str:
    """The terms of a text, each surrounded by spaces."""
    return f" {' '.join(token.text for token in tokenize(text))} "


def has_group(row: str, group: str) -> bool:
    """Whether the row of terms has any of the alternatives of ``group``, separated by ``|``. The
    terms of an alternative must be adjacent; ``*`` at its end matches the rest of a word.

    >>> has_group(make_row("Harga Emas Antam"), "perak|harga em*")
    True
    """
    for alternative in group.split("|"):
        terms = make_row(alternative.rstrip("*")).rstrip()
        if (terms if alternative.endswith("*") else f"{terms} ") in row:
            return True
    return False


def list_ids(response: SearchResponse) -> list[str]:
    """The ids of the hits on the page."""
    return [hit.id for hit in response.hits]


def show_ids(ids: Iterable[str]) -> str:
    """Ids in a list that fits a line."""
    return shorten(", ".join(ids)) or "no hit"


def show_notes(response: SearchResponse) -> str:
    """The notes on one line: code, and the query each offers."""
    notes = [f"{note.code} [{note.query}]" if note.query else note.code for note in response.notes]
    return f"{', '.join(notes) or 'no note'}; {response.total:,} hits"


def shorten(text: str) -> str:
    """The text truncated to fit a line."""
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
