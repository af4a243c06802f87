"""Which rows of following words make sense as a query, and where does each end?"""

from __future__ import annotations

from collections.abc import Iterator

from indexer.language.names import is_title
from indexer.language.stopwords import load_stopwords
from indexer.word_list import list_words
from searchsvc.query.context import SearchContext
from searchsvc.suggest.beginning import Beginning
from searchsvc.suggest.neighbours import MANY_ARTICLES, Neighbours, Row
from searchsvc.suggest.words import (
    DAYS,
    TURNS,
    calls_for_more,
    is_function,
    is_initial,
    is_today,
    is_verb,
    is_year,
)

#: If this fraction of the articles with a row continue with the same word, it belongs to the row,
#: which is suggested only with it; if fewer do, with and without.
BELONGS = 0.6
OFTEN = 0.25
_NEARLY_ALWAYS = 0.9
#: Prefixes of verbs that report an event rather than describe something (*bersubsidi*).
_TELLING_PREFIXES = ("me", "ter", "di")
#: A function word is suggested with the name it begins if this fraction of the articles have that.
_LEAST_LINKED = 0.05
#: Function words inside names: *Kelautan dan Perikanan*.
_LINKS = list_words("dan dalam of the and al bin binti de la")
#: Those that may begin one: *(Menteri) Dalam Negeri*.
_OPENING_LINKS = list_words("dalam of the al bin binti de la")


def list_followers(
    context: SearchContext, beginning: Beginning, neighbours: Neighbours, least: int
) -> Iterator[Row]:
    """The rows of following terms that are worth suggesting, without duplicates."""
    stopwords = load_stopwords() | context.dictionary.stopwords
    before = beginning.terms[-1:]
    seen: set[Row] = set()
    for first in list_firsts(neighbours):
        if not first[0].startswith(beginning.fragment) or is_amount(neighbours, first):
            continue
        if is_title(first[0]):
            # *Polri Brigjen ...*: the speaker, not a continuation.
            continue
        for row in list_longer(context, neighbours, first, beginning):
            ended = strip_end(context, row, neighbours.written[row], stopwords, before)
            if not ended or ended in seen or neighbours.counts[ended] < least:
                continue
            seen.add(ended)
            if (
                ended[0] not in stopwords
                or is_today((*before, *ended))
                or belongs(neighbours, ended)
            ):
                yield ended


def list_firsts(neighbours: Neighbours) -> Iterator[Row]:
    """The single words after the row; initials with what accompanies them (*U-23*)."""
    for first in neighbours.longer.get((), ()):
        if is_initial(first[0]):
            joined = f"{neighbours.written[first]}-"
            longer = neighbours.longer.get(first, ())
            yield from (row for row in longer if neighbours.written[row].startswith(joined))
        else:
            yield first


def list_longer(
    context: SearchContext, neighbours: Neighbours, first: Row, beginning: Beginning
) -> list[Row]:
    """The word alone, if it occurs alone or a single word is wanted, and with the words that belong
    after it.
    """
    if beginning.excludes:
        return [first]
    alone = beginning.single or not is_part(context, neighbours, first)
    return [*([first] if alone else []), *extend(neighbours, first)]


def is_part(context: SearchContext, neighbours: Neighbours, first: Row) -> bool:
    """Whether the word, as far as many articles show, never occurs without its follower, or a
    hyphen joins the two.
    """
    best = next(iter(neighbours.longer.get(first, ())), first)
    part = neighbours.counts[best] / neighbours.counts[first] if best != first else 0.0
    if neighbours.written[best][len(neighbours.written[first]) :].startswith("-"):
        return part >= BELONGS
    bound = BELONGS if context.is_name(first[0]) else _NEARLY_ALWAYS
    return part >= bound and neighbours.articles >= MANY_ARTICLES


def is_amount(neighbours: Neighbours, first: Row) -> bool:
    """Whether a number is an amount: *2 gram*, rather than *Liga 2* or *2019*."""
    number = first[0]
    if not number[0].isdigit() or "-" in neighbours.written[first][:1] or is_year(number):
        return False
    longer = sum(neighbours.counts[row] for row in neighbours.longer.get(first, ()))
    return not number.isdigit() or longer >= neighbours.counts[first] * OFTEN


def extend(neighbours: Neighbours, row: Row) -> Iterator[Row]:
    """The row with the words that belong after it, and the row alone unless they always follow."""
    counts = neighbours.counts
    best = next(iter(neighbours.longer.get(row, ())), row)
    part = counts[best] / counts[row] if best != row else 0.0
    if part < BELONGS:
        yield row
    if part >= OFTEN:
        yield from extend(neighbours, best)


def strip_end(
    context: SearchContext, row: Row, written: str, stopwords: frozenset[str], before: Row = ()
) -> Row:
    """The longest part of the row that makes sense as a query after ``before``: up to a function
    word outside a name, a number that is no year or a verb that reports an event, and without final
    words that call for another.
    """
    for place in range(1, len(row)):
        if not goes_on(context, row, place, written, stopwords):
            row = row[:place]
            break
    while row and not is_today((*before, *row)):
        if not calls_for_more(row[-1], stopwords):
            break
        row = row[:-1]
    return row


def goes_on(
    context: SearchContext, row: Row, place: int, written: str, stopwords: frozenset[str]
) -> bool:
    """Whether the words before ``place`` continue with the word there."""
    term, before = row[place], row[place - 1]
    if before[0].isdigit():
        return False
    if term[0].isdigit():
        return is_year(term) or f"-{term}" in written
    if term in TURNS:
        return False
    if is_function(term, stopwords):
        return term in _LINKS or (before in DAYS and term == "ini")
    return not term.startswith(_TELLING_PREFIXES) or not is_verb(context, term)


def belongs(neighbours: Neighbours, row: Row) -> bool:
    """Whether a good part of the rows with the same beginning have the same last word."""
    often = neighbours.counts[row] >= max(
        neighbours.counts[row[:1]] * BELONGS, neighbours.articles * _LEAST_LINKED
    )
    return often and row[0] in _OPENING_LINKS and not row[1][0].isdigit()
