"""Which foreign words are meant by phonetic spellings? ``facebook`` for ``fesbuk``.

Indonesian is written as it sounds, and people spell loans like this before dictionaries do:
*watsap*, *yutub*, *spotifai*. Each rule gives the English spellings of a sound; all spellings with
up to three such places are looked up, those with the fewest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.language.stem_roots import load_lexicon
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.query_term import RARE

#: The cost of each sound in foreign spelling.
SOUND_COST = 0.3
#: Shorter words sound like too many others.
MIN_LETTERS = 5
#: Maximum number of sounds in foreign spelling in one word, and of spellings looked up for it.
_MOST_SOUNDS = 3
_MOST_TRIED = 400

#: Sound -> its English spellings; ``$`` is the end of the word.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    # Vowels.
    "ai": ("i", "y", "igh"),
    "ay": ("i", "y"),
    "ei": ("a", "ay", "ai"),
    "au": ("ou", "ow"),
    "ou": ("o", "ow"),
    "a": ("u", "o"),
    "e": ("a", "i", "ai", "ea", "ay"),
    "i": ("ee", "ea", "ie", "y"),
    "o": ("oa",),
    "ol": ("all",),
    "u": ("oo", "ou", "w", "ue"),
    # Consonants.
    "ks": ("x",),
    "kw": ("qu",),
    "sy": ("sh", "ch"),
    "c": ("ch",),
    "f": ("ph",),
    "j": ("g",),
    "k": ("c", "ch", "ck"),
    "p": ("pp", "ph", "f"),
    "s": ("c", "ce", "sh"),
    "t": ("tt", "th"),
    "w": ("wh",),
    "y": ("j",),
    "z": ("s",),
    "el$": ("le",),
    "er$": ("re", "are"),
    "sion$": ("tion",),
    "syen$": ("tion", "shion"),
    "syn$": ("tion",),
    "b$": ("be",),
    "d$": ("de",),
    "k$": ("que", "ke"),
    "l": ("ll",),
    "l$": ("le",),
    "m": ("mm",),
    "m$": ("me",),
    "n$": ("ne",),
    "t$": ("te",),
}
_LONGEST = max(map(len, _SPELLINGS))
_LETTERS = re.compile("[a-z]+")


def respell_heard(
    word: str, context: SearchContext, least: int = 1
) -> Iterator[tuple[str, float, str]]:
    """(term, cost, rule) of the words of several articles, at least ``least``, that sound like
    ``word``.
    """
    if len(word) < MIN_LETTERS or not _LETTERS.fullmatch(word):
        return
    for term, sounds in context.knowledge.recall(
        ("heard", word), lambda: find_heard(word, context)
    ):
        if context.count(term) >= max(least, RARE):
            yield term, SOUND_COST * sounds, "heard"


def find_heard(word: str, context: SearchContext) -> list[tuple[str, int]]:
    """The terms that sound like ``word``, with the number of sounds that are spelt otherwise.

    A root of the same length is left out: *bunga* is Indonesian, not how to spell ``bange``.
    """
    spellings = dict(list_spellings(word))
    roots = load_lexicon().roots
    known = context.snapshot.known_terms(list(spellings))
    return [(term, spellings[term]) for term in known if term not in roots or len(term) > len(word)]


def list_spellings(word: str) -> list[tuple[str, int]]:
    """Foreign spellings of the sounds of ``word``, those with the fewest changes first.

    >>> ("facebook", 3) in list_spellings("fesbuk"), ("spotify", 1) in list_spellings("spotifai")
    (True, True)
    """
    heard = word + "$"
    sounds = list_sounds(heard)
    found: dict[str, int] = {}
    # What was written so far, and where in ``heard`` that ends.
    begun = [("", 0)]
    for changes in range(1, _MOST_SOUNDS + 1):
        longer = []
        for written, done in begun:
            for start, end, spelt in sounds:
                if start < done:
                    continue
                text = written + heard[done:start] + spelt
                longer.append((text, end))
                found.setdefault(text + heard[end:-1], changes)
                if len(found) >= _MOST_TRIED:
                    return list(found.items())
        begun = longer
    return list(found.items())


def list_sounds(heard: str) -> list[tuple[int, int, str]]:
    """(start, end, foreign spelling) of the sounds in ``heard``, which ends in ``$``, in order."""
    return [
        (start, end, spelt)
        for start in range(len(heard))
        for end in range(start + 1, min(start + _LONGEST, len(heard)) + 1)
        for spelt in _SPELLINGS.get(heard[start:end], ())
    ]
