"""Which nicknames does a text explain itself? *Basuki Tjahaja Purnama alias Ahok*.

A name precedes the sign word, the nickname follows it. The text does not say how much of the
preceding capitalised words belongs to the name (*Wali Kota Bandung Ridwan Kamil*): its last two
words and its last three are both taken, and the articles show which of them occur as a phrase.
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
#: Sign words after which a nickname follows. Only rare words: every text is searched for them.
_SURE = ("disapa", "dipanggil", "dijuluki", "berjuluk", "nama panggung")
_SIGNS = (*_SURE, " alias ")
#: Maximum distance between a name and the sign word, in characters.
_REACH = 90
_MOST_CALLED = 3

#: Stated outright, or by *alias*, mostly of suspects; of all preceding capitalised words, or
#: (``_part``) only the last of them, since those before may be an office or a town.
KINDS = ("called", "alias", "called_part", "alias_part")


class Nickname(NamedTuple):
    """``short`` and ``full`` as terms joined by spaces. ``kind``, the kind of its evidence, is one
    of :data:`KINDS`.
    """

    kind: str
    short: str
    full: str


def find_nicknames(text: str) -> Iterator[Nickname]:
    """The nicknames of people, clubs and the like that ``text`` states, sign word by sign word.

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
    """The nicknames that the sign word at ``text[start:end]`` links to a name."""
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
    """The terms without leading titles and common words (*Menteri*), but at least two of them."""
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
