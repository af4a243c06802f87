"""Slips as readers make them, by chance: for measuring how well they are understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
VOWELS = "aiueo"
SOUNDS = [*("f p", "v f", "p f", "z s", "q k", "k q", "j y", "y i"), *("d t", "o u", "u o", "i e")]


def misspell(phrase: str, chance: Random) -> str:
    """``phrase`` with one slip in one of its words of five letters or more; as it is where there
    are none. Equal states of ``chance`` give equal slips.
    """
    words = phrase.split()
    places = [place for place, word in enumerate(words) if len(word) >= 5]
    if places:
        place = chance.choice(places)
        words[place] = slip(words[place], chance)
    return " ".join(words)


def slip(word: str, chance: Random) -> str:
    """``word`` with one slip behind its first letter."""
    for _ in range(100):
        place = chance.randrange(1, len(word) - 1)
        slipped = chance.choice(_SLIPS)(word, place, chance)
        if slipped != word:
            return slipped
    return word


def swap(word: str, place: int, chance: Random) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def double(word: str, place: int, chance: Random) -> str:
    return word[:place] + word[place] + word[place:]


def leave_vowel_out(word: str, place: int, chance: Random) -> str:
    return word[:place] + word[place + 1 :] if word[place] in VOWELS else word


def leave_out(word: str, place: int, chance: Random) -> str:
    return word[:place] + word[place + 1 :]


def strike_beside(word: str, place: int, chance: Random) -> str:
    for keys in KEYS:
        at = keys.find(word[place])
        if at >= 0:
            beside = keys[max(0, at - 1) : at] + keys[at + 1 : at + 2]
            return word[:place] + chance.choice(beside) + word[place + 1 :]
    return word


def sound_alike(word: str, place: int, chance: Random) -> str:
    sounds = [pair.split() for pair in SOUNDS]
    others = [other for sound, other in sounds if sound == word[place]]
    return word[:place] + chance.choice(others) + word[place + 1 :] if others else word


_SLIPS: Sequence[Callable[[str, int, Random], str]] = (
    swap,
    double,
    leave_vowel_out,
    leave_vowel_out,
    leave_out,
    strike_beside,
    sound_alike,
)
