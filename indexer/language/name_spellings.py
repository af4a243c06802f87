"""Which spellings does one name have? Soeharto and Suharto, Tjahjo and Cahyo, Achmad and Ahmad.

Old spellings (oe until 1947; tj, dj, nj, sj, ch, j until 1972) live on in names, and Arabic names
are spelt by ear. :func:`name_key` maps the spellings of a name to one key; :func:`list_variants`
lists those that a vocabulary may have. Only for names: common words have one spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, islice

from indexer.language.stem_roots import read_rows
from indexer.loading import loaded_once

#: Spellings of a name that :func:`list_variants` lists.
MAX_TRIED = 400

#: Old spelling <-> new, of 1947 and 1972: people apply a change throughout a name.
SPELLING_REFORM: tuple[tuple[str, str], ...] = (
    ("oe", "u"),
    ("tj", "c"),
    ("dj", "j"),
    ("sj", "sy"),
    ("nj", "ny"),
    ("ch", "kh"),
    ("j", "y"),
)
# Those that are unambiguously old, wherever they occur.
_SURE_REFORM = tuple((old, new) for old, new in SPELLING_REFORM if old in ("oe", "tj", "dj", "nj"))
# Spelt by ear, in Arabic names above all; applied in one place at a time.
_BY_EAR: tuple[tuple[str, str], ...] = (
    ("ch", "h"),
    ("kh", "h"),
    ("ie", "i"),
    ("y", "i"),
    ("f", "v"),
    ("f", "p"),
    ("k", "q"),
    ("s", "z"),
    ("s", "sy"),
    ("s", "sh"),
    ("s", "ts"),
    ("d", "dh"),
    ("t", "th"),
    ("g", "gh"),
    ("k", "ck"),
    ("o", "u"),
)
# Steps of name_key, applied in turn: after the old spellings, letters that sound alike merge.
_KEY_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        *_SURE_REFORM,
        ("s[jy]", "s"),
        ("sh", "s"),
        ("ts", "s"),
        ("[kcg]h", "h"),  # Achmad, Akhmad, Ahmad
        ("ph", "f"),
        ("([dt])h", r"\1"),
        ("v", "f"),
        ("q", "k"),
        ("ck", "k"),
        ("z", "s"),
        ("x", "ks"),
        ("ie", "i"),
        ("y$", "i"),  # Deny, Rudy
        ("(?<=[bcdfghklmnpqrstvw])y(?=[bcdfghjklmnpqrstvw])", "i"),
        (r"(.)\1+", r"\1"),
    )
)
# Steps of sounds_alike: only inaudible differences. Names that differ otherwise are usually two
# names: Colombia and Columbia, Denis and Deniz, Ashton and Aston.
_SOUND_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        *_SURE_REFORM,
        ("sj", "sy"),
        ("^ch", "kh"),
        ("(?<=.)[kc]h", "h"),
        ("sy", "s"),
        ("ph", "f"),
        ("v", "f"),
        ("([dt])h", r"\1"),
        ("q", "k"),
        ("ck", "k"),
        ("ie", "i"),
        ("iy(?=[aou])", "y"),
        ("y+$", "i"),
        ("(?<=[bcdfghklmnpqrstvw])y(?=[bcdfghjklmnpqrstvw])", "i"),
        (r"([^aiueo])\1+", r"\1"),
    )
)
# y was written j in the old spelling. Without other old letters, j means y for certain only in
# these places.
_OLD_SIGNS = re.compile("oe|tj|dj|nj|sj")
_OLD_J = re.compile(r"(?<![dtns])j")


@loaded_once
def _groups() -> dict[str, tuple[str, ...]]:
    return {word: row for row in read_rows("name_variants.tsv") for word in row}


def listed_spellings() -> frozenset[str]:
    """Every spelling of a name in our own list, folded: ``jogja``, ``muhamad``."""
    return frozenset(_groups())


@loaded_once
def _given_names() -> dict[str, tuple[str, ...]]:
    return {word: row for row in read_rows("given_names.tsv") for word in row}


@lru_cache(maxsize=50_000)
def name_key(word: str) -> str:
    """A key shared by the spellings of one name; it need not be a name itself.

    ``word`` must be folded: lower case, no accents.

    >>> name_key("soeharto") == name_key("suharto"), name_key("tjahjo") == name_key("cahyo")
    (True, True)
    >>> name_key("moh") == name_key("mohammad"), name_key("susi") == name_key("sinta")
    (True, False)
    """
    group = _groups().get(word)
    if group is not None:
        word = group[0]
    if _OLD_SIGNS.search(word):
        word = _OLD_J.sub("y", word)
    for pattern, replacement in _KEY_STEPS:
        word = pattern.sub(replacement, word)
    return word


@lru_cache(maxsize=50_000)
def _write_sound(word: str) -> str:
    if _OLD_SIGNS.search(word):
        word = _OLD_J.sub("y", word)
    for pattern, replacement in _SOUND_STEPS:
        word = pattern.sub(replacement, word)
    return word


def sounds_alike(one: str, other: str) -> bool:
    """Whether two folded names are pronounced the same despite their spelling.

    Stricter than :func:`name_key`, which also merges spellings that many write by ear.

    >>> sounds_alike("soeharto", "suharto"), sounds_alike("adhitya", "aditya")
    (True, True)
    >>> sounds_alike("colombia", "columbia"), sounds_alike("denis", "deniz")
    (False, False)
    """
    return _write_sound(one) == _write_sound(other)


def is_old_spelling(one: str, other: str) -> bool:
    """Whether one of two names that sound alike is the other in pre-1972 spelling: Soedjono.

    >>> is_old_spelling("soedjono", "sujono"), is_old_spelling("rossi", "rosi")
    (True, False)
    """
    return sounds_alike(one, other) and bool(_OLD_SIGNS.search(one) or _OLD_SIGNS.search(other))


def are_listed_together(one: str, other: str) -> bool:
    """Whether our own list gives both as spellings of one name: ``gaddafi``, ``khadafi``."""
    return other in _groups().get(one, ())


def are_given_name(one: str, other: str) -> bool:
    """Whether both are listed spellings of a short given name: ``edi``, ``eddy``."""
    return other in _given_names().get(one, ())


def list_variants(word: str, most: int = MAX_TRIED) -> list[str]:
    """Other ways to spell the name ``word``, which must be folded: nearest first, at most ``most``.

    >>> [spelling for spelling in list_variants("suharto") if spelling in {"soeharto", "subarto"}]
    ['soeharto']
    """
    others = dict.fromkeys(spelling for spelling in _spellings(word) if spelling != word)
    return list(islice(others, most))


def _spellings(word: str) -> Iterator[str]:
    yield from _groups().get(word, ())
    yield from _given_names().get(word, ())
    reformed = list(_reform(word))
    yield from reformed
    for base in (word, *reformed):
        yield from _change_by_ear(base)
    for base in tuple(_change_by_ear(word)):
        yield from _change_by_ear(base)


def _reform(word: str) -> Iterator[str]:
    """Old and new spellings of ``word``: one change throughout, then two at once, ..."""
    for old_first in (False, True):
        pairs = [pair if old_first else pair[::-1] for pair in SPELLING_REFORM]
        fitting = [(a, b) for a, b in pairs if a in word]
        for size in range(1, min(len(fitting), 4) + 1):
            for chosen in combinations(fitting, size):
                changes = dict(chosen)
                longest_first = sorted(changes, key=len, reverse=True)
                pattern = re.compile("|".join(map(re.escape, longest_first)))
                yield _substitute(pattern, changes, word)


def _substitute(pattern: re.Pattern[str], changes: dict[str, str], word: str) -> str:
    return pattern.sub(lambda match: changes[match.group()], word)


def _change_by_ear(word: str) -> Iterator[str]:
    """``word`` with one sound respelt, or one consonant doubled or undoubled."""
    for one, other in _BY_EAR:
        for old, new in ((one, other), (other, one)):
            start = word.find(old)
            while start >= 0:
                yield word[:start] + new + word[start + len(old) :]
                start = word.find(old, start + 1)
    for position in range(1, len(word) - 1):
        letter = word[position]
        if letter in "aiueo":
            continue
        if word[position + 1] == letter:
            yield word[:position] + word[position + 1 :]
        elif word[position - 1] != letter:
            yield word[:position] + letter + word[position:]
    # Zelenskyy
    if word.endswith("yy"):
        yield word[:-1]
    elif word.endswith("y"):
        yield word + "y"
