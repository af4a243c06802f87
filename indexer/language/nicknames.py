"""Short forms of names that a text explains itself: *Basuki Tjahaja Purnama alias Ahok*.

A name stands before the words that say so, what its bearer is called behind them. How much of the
name before belongs to it (*Wali Kota Bandung Ridwan Kamil*) the text does not say: its last two
words and its last three are taken, and articles show which of them stand in a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from indexer.language.name_lists import listed_titles
from indexer.language.stem_roots import load_lexicon
from indexer.language.stopwords import load_stopwords
from indexer.language.tokens import tokenize

_WORD = r"[^\W\d_a-z][\w'’]*"
#: With initials: Tri Rismaharini, M. Nuh.
_NAME = _WORD + r"\.?"
_BEFORE = re.compile(
    rf"(?P<full>{_NAME}(?: {_NAME}){{0,4}}),? ?"
    r"(?:\(|atau |yang |lebih |biasa |akrab |kerap |sering |populer )*\Z"
)
_BEHIND = re.compile(
    rf"(?: (?:dengan|sebagai))?(?: (?:nama|sapaan|panggilan|julukan))? [\"“'‘]?"
    rf"(?P<called>{_WORD}(?: {_WORD}){{0,2}})"
)
#: Words that say that what follows is what one is called. Rare ones: each text is looked through.
_SURE = ("disapa", "dipanggil", "dijuluki", "berjuluk", "nama panggung")
_SIGNS = (*_SURE, " alias ")
#: How far names stand from the word between them, in characters.
_REACH = 90
_MOST_CALLED = 3

#: Said in so many words, or by *alias*, of suspects mostly; of all the capitalised words before, or
#: of the last of them, where those before may be an office or a town.
KINDS = ("called", "alias", "called_part", "alias_part")


class Nickname(NamedTuple):
    """``short`` and ``full`` as terms joined by spaces. ``kind``, that of its evidence, is one of
    :data:`KINDS`.
    """

    kind: str
    short: str
    full: str


def find_nicknames(text: str) -> Iterator[Nickname]:
    """What ``text`` says that people, clubs and the like are called, sign by sign.

    >>> [(one.short, one.full) for one in find_nicknames("Joko Widodo yang akrab disapa Jokowi")]
    [('jokowi', 'joko widodo')]
    """
    for sign in _SIGNS:
        place = text.find(sign)
        while place >= 0:
            end = place + len(sign.rstrip())
            yield from _read_around(text, place, end, sure=sign in _SURE)
            place = text.find(sign, end)


def _read_around(text: str, start: int, end: int, *, sure: bool) -> Iterator[Nickname]:
    """The nicknames that the word at ``text[start:end]`` joins to a name."""
    before = _BEFORE.search(text[max(0, start - _REACH) : start])
    behind = _BEHIND.match(text, end, end + _REACH)
    if not (before and behind):
        return
    full = _drop_office([token.text for token in tokenize(before["full"])])
    short = [token.text for token in tokenize(behind["called"])]
    if len(short) > _MOST_CALLED or set(short) <= set(full) or not _is_telling(short):
        return
    for size in (2, 3):
        tail = full[-size:]
        if len(tail) == size and _is_telling(tail[:1]):
            kind = "called" if sure else "alias"
            part = "" if tail == full else "_part"
            yield Nickname(kind + part, " ".join(short), " ".join(tail))


def _drop_office(terms: list[str]) -> list[str]:
    """The terms without titles and common words in front, two of them at least: *Menteri*."""
    first = 0
    while len(terms) - first > 2 and (
        terms[first] in listed_titles() or terms[first] in load_lexicon().roots
    ):
        first += 1
    return terms[first:]


def _is_telling(terms: list[str]) -> bool:
    """Whether the terms are more than titles, common words and initials."""
    return any(
        len(term) > 1 and term not in listed_titles() and term not in load_stopwords()
        for term in terms
    )
