"""How else may a word be spelt that leads to no listed root?

Colloquial and careless spelling follows a few rules: *a* in the last syllable becomes *e*
(``pinjem``), an *e* before *r* or *l* is dropped (``cengkraman``, ``plosok``), one of two *a* is
dropped (``kemanusian``). A respelling counts only if it leads to a listed root.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

E_FOR_A, E_LEFT_OUT, A_LEFT_OUT = "e for a", "e left out", "a left out"
#: The names of the rules; the second set is for slips rather than speech.
RESPELLINGS = frozenset((E_FOR_A, E_LEFT_OUT, A_LEFT_OUT))
MISSPELLINGS = RESPELLINGS - {E_FOR_A}

#: A respelling must lead to a root of at least this many letters; foreign words would match shorter
#: ones.
_LEAST_ROOT = 5
_LEAST_ROOT_WITH_E = 6

#: Excludes -kes and -ges, the plurals of English words (likes, ranges).
_LAST_E = re.compile(
    r"(?P<head>.*[aeiou].*)e(?P<tail>(?:[tpm]|ng|(?<![kg]e)s)(?:in|an|nya|innya|annya)?)"
)
_SWALLOWED = re.compile(r"(?<=[bcdfgjkpst])(?=[rl][aeiou][a-z])")
_NOUN = re.compile(r"(?:ke|pe|per)[a-z]{4,}[^a]an(?:nya)?\Z")


class Respelling(NamedTuple):
    """``text`` counts if it leads to a root of ``least_root`` letters, and if ``in_root`` without a
    prefix, since the inserted letter would belong to it. ``rule`` names the change.
    """

    text: str
    rule: str
    least_root: int = _LEAST_ROOT
    in_root: bool = False


def respell(word: str) -> Iterator[Respelling]:
    """Other spellings of ``word`` (lower case, letters only), most likely first.

    >>> [respelling.text for respelling in respell("ketentraman")]
    ['ketenteraman', 'ketentramaan']
    """
    spoken = _LAST_E.fullmatch(word)
    if spoken:
        yield Respelling(f"{spoken['head']}a{spoken['tail']}", E_FOR_A)
    for match in _SWALLOWED.finditer(word):
        at = match.start()
        text = f"{word[:at]}e{word[at:]}"
        yield Respelling(text, E_LEFT_OUT, _LEAST_ROOT_WITH_E, in_root=at == 1)
    if _NOUN.match(word):
        at = word.rindex("an")
        yield Respelling(f"{word[:at]}a{word[at:]}", A_LEFT_OUT)
