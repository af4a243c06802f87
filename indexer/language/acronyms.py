"""Which short and long forms does a text explain itself? ``Komisi Pemberantasan Korupsi (KPK)``.

The method follows A. Schwartz and M. Hearst, *A simple algorithm for identifying abbreviation
definitions in biomedical text* (PSB 2003): a candidate appears in parentheses next to its partner,
the long form has at most ``min(n + 5, 2 n)`` words for a short form of n characters, and its
characters must account for the short form from the right. Indonesian needs two changes. Short forms
are often made of syllables (``Kejagung`` is ``Kejaksaan Agung``), so a short form is read as one
piece of each word of the long form: the word's beginning, or a syllable from inside (``pengawas``
gives ``was``). And since every word must contribute a piece, fewer chance matches pass than in the
original, where words may be skipped; only function words (``dan``, ``of``) may be skipped here.

This module only finds pairs; :mod:`indexer.language.acronym_table` decides which to believe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from indexer.language.fold import fold
from indexer.language.tokens import tokenize

#: Every letter of the short form begins a word: KPK.
INITIALS = 3
#: Every word gives its beginning or a syllable: Kejagung, Bawaslu.
SYLLABLES = 2
#: Every word contributes letters, including its first; capitals only: CCTV (closed circuit
#: television).
LETTERS = 1

#: Words of a long form that need not appear in the short one.
FUNCTION_WORDS = frozenset(
    [
        *("dan", "atau", "serta", "di", "ke", "dari", "untuk", "bagi", "pada", "atas", "oleh"),
        *("dengan", "tentang", "dalam", "yang", "para", "antar", "bidang", "se", "the", "of"),
        *("for", "and", "on", "in", "to", "de", "des", "du", "la", "et", "van", "der", "a", "an"),
    ]
)

MIN_SHORT_LETTERS = 2
MAX_SHORT_LETTERS = 14
_MAX_SHORT_WORDS = 3
#: How far before the parenthesis a long form may begin, in characters.
_REACH = 160

#: Prefixes that a short form may omit from the first word: Polda is Kepolisian Daerah.
_OPENINGS = ("ke", "pe", "se")

_PARENTHESES = re.compile(r"\(([^()\n]{2,120})\)")
_WORD = re.compile(r"[^\W_]+")
_STOP = re.compile(r"[.!?;:](?=\s)|[\n()\"“”„«»|]")
_SHORT_BEFORE = re.compile(r"(?:[^\W\d_][^\W_]*[ -])?[^\W\d_][^\W_]*\s*\Z")


class Pair(NamedTuple):
    """``short`` and ``long`` as terms joined by spaces (``kpk``, ``komisi pemberantasan
    korupsi``); ``strength`` is :data:`INITIALS`, :data:`SYLLABLES` or :data:`LETTERS`.
    """

    short: str
    long: str
    strength: int


def find_pairs(text: str) -> list[Pair]:
    """The short and long forms that ``text`` explains in parentheses, in reading order.

    >>> find_pairs("Ketua Komisi Pemberantasan Korupsi (KPK) bertemu Jaksa Agung.")
    [Pair(short='kpk', long='komisi pemberantasan korupsi', strength=3)]
    >>> find_pairs("Laporan ke KPK (Komisi Pemberantasan Korupsi)")[0].long
    'komisi pemberantasan korupsi'
    """
    if "(" not in text:
        return []
    return [
        pair
        for match in _PARENTHESES.finditer(text)
        if (inner := match[1].strip())
        and not inner[0].isdigit()
        and (pair := _read_parentheses(text, match.start(), inner)) is not None
    ]


def _read_parentheses(text: str, start: int, inner: str) -> Pair | None:
    if _may_be_short(inner):
        before = _STOP.split(text[max(0, start - _REACH) : start])[-1]
        return _pair_short_with_end_of(inner, before)
    outer, slash, short = inner.rpartition("/")
    if slash and _may_be_short(short):
        return _pair_short_with_end_of(short, outer)
    if " " in inner:
        words = _SHORT_BEFORE.findall(text[max(0, start - MAX_SHORT_LETTERS - 5) : start])
        words = words[0].split() if words else []
        for first in range(len(words) - 1, -1, -1):
            candidate = " ".join(words[first:])
            if _may_be_short(candidate):
                pair = _pair_short_with_end_of(candidate, inner, whole=True)
                if pair is not None:
                    return pair
    return None


def _may_be_short(text: str) -> bool:
    return (
        MIN_SHORT_LETTERS <= len(text) <= MAX_SHORT_LETTERS + 3
        and text.count(" ") < _MAX_SHORT_WORDS
        and "/" not in text
        and max(MIN_SHORT_LETTERS, len(text) - 3)
        <= sum(map(str.isalpha, text))
        <= MAX_SHORT_LETTERS
    )


def _pair_short_with_end_of(short: str, text: str, *, whole: bool = False) -> Pair | None:
    """Pair ``short`` with its long form at the end of ``text`` (all of ``text`` if ``whole``)."""
    letters = fold("".join(filter(str.isalpha, short)))
    limit = min(len(letters) + 5, 2 * len(letters)) + 2
    all_words = _WORD.findall(text)
    words = fold(" ".join(all_words[-limit:])).split(" ")
    if len(words) != min(limit, len(all_words)) or "" in words or letters in words:
        return None
    if (whole and len(all_words) > limit) or words[-1] in FUNCTION_WORDS:
        return None
    for strength in _list_strengths(short, letters):
        if strength == INITIALS:
            start = _find_initials(words, letters)
        else:
            start = _find_pieces(words, letters, strength, shouted=short.isupper())
        if start is not None and (start == 0 or not whole):
            found = list(_WORD.finditer(text))[start - len(words) :]
            return Pair(
                _join_terms(short), _join_terms(text[found[0].start() : found[-1].end()]), strength
            )
    return None


@lru_cache(maxsize=20_000)
def _join_terms(text: str) -> str:
    return " ".join(token.text for token in tokenize(text))


def _list_strengths(short: str, letters: str) -> Iterator[int]:
    """The ways in which ``short`` may be read, most certain first. A short form not written in
    capitals looks like any other word, so it must be longer to rule out chance.
    """
    capitals = sum(map(str.isupper, short))
    size = len(letters)
    if capitals >= 2 or size >= 3:
        yield INITIALS
    if size >= (4 if capitals >= 2 else 5):
        yield SYLLABLES
        if capitals >= 3:
            yield LETTERS


def _find_initials(words: list[str], letters: str) -> int | None:
    """The index of the first of the trailing ``words`` whose initials spell ``letters``."""
    size = len(letters)
    content = [word for word in words if word not in FUNCTION_WORDS]
    if "".join([word[0] for word in content[-size:]]) == letters:
        places = [place for place, word in enumerate(words) if word not in FUNCTION_WORDS]
        return places[-size]
    if "".join([word[0] for word in words[-size:]]) == letters:
        return len(words) - size
    return None


def _find_pieces(words: list[str], letters: str, strength: int, *, shouted: bool) -> int | None:
    """The index of the first of the trailing ``words`` whose pieces spell ``letters``."""
    if letters[-1] not in words[-1]:
        return None
    starts = [
        start
        for start, word in enumerate(words[:-1])
        if (word[0] == letters[0] or word.startswith(_OPENINGS))
        and _accounts_for(words[start:], letters, strength)
    ]
    if not starts:
        return None
    # Capitals tend to be initials, so prefer more words; a syllable matches many words.
    return starts[0] if shouted else starts[-1]


def _accounts_for(words: list[str], letters: str, strength: int) -> bool:
    """Whether ``letters`` are, in order, one piece of each of two or more ``words``."""
    content = sum(word not in FUNCTION_WORDS for word in words)
    if words[0] in FUNCTION_WORDS or content < 2 or content > len(letters):
        return False
    # Prefix lengths of the short form that the words so far account for.
    reached = {0}
    for number, word in enumerate(words):
        further = {
            position + size
            for position in reached
            for size in _measure_pieces(word, letters, position, strength, first=number == 0)
        }
        if word in FUNCTION_WORDS:
            further |= reached
        if not further:
            return False
        reached = further
    return len(letters) in reached


def _measure_pieces(
    word: str, letters: str, position: int, strength: int, *, first: bool
) -> Iterator[int]:
    """The lengths of the pieces of ``letters`` at ``position`` that ``word`` can contribute."""
    if letters[position : position + 1] == word[0]:
        yield 1
    for size in range(2, min(len(word), len(letters) - position) + 1):
        piece = letters[position : position + size]
        if (
            word.startswith(piece)
            or (piece in word and (not first or _opens(word, piece)))
            or ((strength == LETTERS or size <= 3) and _is_spread_over(piece, word))
        ):
            yield size


def _opens(word: str, piece: str) -> bool:
    """Whether ``word`` begins with ``piece``, ignoring a prefix: ``pol`` and ``kepolisian``."""
    return len(piece) >= 3 and word.startswith(_OPENINGS) and word.find(piece) in (2, 3)


def _is_spread_over(piece: str, word: str) -> bool:
    """Whether ``word`` contains the letters of ``piece`` in order, beginning with its first
    letter.
    """
    if piece[0] != word[0]:
        return False
    rest = iter(word)
    return all(letter in rest for letter in piece)
