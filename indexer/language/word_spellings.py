"""Which spellings of a word do rules relate? Hoax and hoaks, umroh and umrah, digrebek and
digerebek.

Loans keep letters of their original language, religious terms are spelt by ear, speech drops an *e*
or an *h*. Each rule maps letters of such a spelling to those of the standard one. *Near* rules
change nothing audible; *far* ones are for longer words, fewer of which look alike by chance. A rule
that leads from one word to another shows only that they may be the same: the caller must know that
the standard one is a word, and that the other is not a different one
(:mod:`searchsvc.query.expand.word_spellings`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from indexer.loading import loaded_once

#: Words of this length may differ in two audible places, and in vowels anywhere.
LONG_WORD = 8

_CONSONANTS = "bcdfhjklmnpqrstvwxz"  # Of gg one g belongs to ng, as in tinggi.


class _Rule(NamedTuple):
    """``loose`` letters of a variant spelling become ``standard`` ones where the surrounding
    regular expressions match. ``foreign``: a loan in its original spelling, where several rules may
    apply to one word (quality, export).
    """

    loose: str
    standard: str
    far: bool = False
    before: str = ""
    behind: str = ""
    foreign: bool = False


def _ends(loose: str, standard: str, *, far: bool = False) -> _Rule:
    return _Rule(loose, standard, far, behind=r"\Z", foreign=not far)


_VOWEL = "[aiueo]"
_NO_VOWEL = "[^aiueo]"
_LAST_SYLLABLE = r"[^aiueo]{1,2}\Z"

_RULES: tuple[_Rule, ...] = (
    # English and Dutch endings.
    _ends("tion", "si"),
    _ends("sion", "si"),
    _ends("ssion", "si"),
    _ends("tie", "si"),
    _ends("ity", "itas"),
    _ends("iteit", "itas"),
    _ends("ism", "isme"),
    _ends("ics", "ik"),
    _ends("ic", "ik"),
    _ends("ique", "ik"),
    _ends("ive", "if"),
    _ends("ance", "ansi"),
    _ends("ence", "ensi"),
    _ends("cy", "si"),
    _ends("ct", "k"),
    _ends("kt", "k"),
    _ends("nt", "n"),
    _ends("rt", "r"),
    _ends("rd", "r"),
    _ends("st", "s"),
    _ends("y", "i"),
    # Foreign letters, and Arabic ones as they are spelt.
    _Rule("x", "ks", foreign=True),
    _Rule("cc", "ks", behind="[ei]", foreign=True),
    _Rule("ps", "s", before=r"\A"),
    _Rule("dz", "z"),
    _Rule("dl", "d"),
    _Rule("dh", "d"),
    _Rule("th", "t"),
    _Rule("ph", "f", foreign=True),
    _Rule("gh", "g"),
    _ends("ts", "s"),
    _Rule("sy", "s"),
    _Rule("sh", "s"),
    _Rule("sh", "sy"),
    _Rule("sj", "sy"),
    _Rule("kh", "h"),
    _Rule("kh", "k"),
    _Rule("ch", "k", foreign=True),
    _Rule("h", "kh"),
    _Rule("qu", "ku", foreign=True),
    _Rule("kw", "ku"),
    _Rule("q", "k"),
    _Rule("ck", "k"),
    _Rule("ie", "i"),
    _Rule("y", "i", before=_NO_VOWEL, behind=_NO_VOWEL),
    _Rule("iy", "i", behind=_VOWEL),
    _Rule("uw", "u", behind=_VOWEL),
    _Rule("f", "v"),
    _Rule("v", "f"),
    *(_Rule(letter * 2, letter, before=_VOWEL, behind=r"[aiueoylr]|\Z") for letter in _CONSONANTS),
    *(_Rule(letter, letter * 2, before=_VOWEL, behind=_VOWEL) for letter in "lmnrst"),
    # Religious terms: the Arabic a that is heard as o, at home in Java.
    _Rule("o", "a", behind=r"h\Z"),
    _Rule("sho", "sa"),
    _Rule("dho", "da"),
    # An e that is not pronounced, or pronounced where none is written.
    *(
        _Rule(cluster, f"{cluster[0]}e{cluster[1]}", True)
        for cluster in (first + second for first in "bcdgjkpst" for second in "rl")
    ),
    *(_Rule("s" + letter, "se" + letter, True, before=r"\A") for letter in "bdgjkmnp"),
    *(_Rule(f"{first}e{second}", first + second, True) for first in "bdgkpt" for second in "rl"),
    # An h that is not pronounced between vowels.
    *(
        _Rule(first + second, f"{first}h{second}", True)
        for first in "aiu"
        for second in "aiu"
        if first != second
    ),
    # Letters that sound alike in the last syllable; in long words anywhere.
    *(
        _Rule(one, other, True, behind=_LAST_SYLLABLE)
        for one, other in (("e", "i"), ("i", "e"), ("o", "u"), ("u", "o"))
    ),
    _Rule("o", "au", True),
    _ends("e", "ai", far=True),
    _Rule("ae", "ai", True, behind=_LAST_SYLLABLE),
    _Rule("k", "", True, before=_VOWEL, behind=r"\Z"),
    _Rule("k", "ks", before=_VOWEL, behind=r"\Z"),
    # Letters that merge in speech, one way only.
    *(_Rule("c", "k", True, behind=behind, foreign=True) for behind in ("[aoulrtn]", r"\Z")),
    _Rule("c", "s", True, behind="[eiy]", foreign=True),
    _Rule("p", "f", True),
    _Rule("p", "v", True),
    _Rule("s", "z", True),
    _Rule("j", "z", True),
)
_LONG_RULES: tuple[_Rule, ...] = tuple(
    _Rule(one, other, True) for one, other in (("e", "i"), ("i", "e"), ("o", "u"), ("u", "o"))
)


class Respelling(NamedTuple):
    """``far``, ``foreign``: by such a rule. ``places``: the number of changed places."""

    word: str
    far: bool
    foreign: bool
    places: int = 1


def list_standard(word: str) -> Iterator[Respelling]:
    """Words that ``word`` may be a spelling of, nearest first; most are not words at all.

    One change first, then two; unless the word is long, only one of the two may be audible.

    >>> "umrah" in {one.word for one in list_standard("umroh")}
    True
    """
    once = list(dict.fromkeys(_change_once(word, loosen=False)))
    yield from once
    said = {one.word for one in once}
    for one in once:
        for two in _change_once(one.word, loosen=False):
            if two.word not in said and (len(word) >= LONG_WORD or not (one.far and two.far)):
                said.add(two.word)
                yield _join(one, two)


def list_loose(word: str) -> Iterator[Respelling]:
    """Variant spellings of the standard ``word``, changed in one place or as in its original
    language; most are never written.

    >>> "hoax" in {one.word for one in list_loose("hoaks")}
    True
    """
    once = list(dict.fromkeys(_change_once(word, loosen=True)))
    yield from once
    said = {one.word for one in once}
    for one in once:
        if one.foreign:
            for two in _change_once(one.word, loosen=True):
                if two.foreign and two.word not in said:
                    said.add(two.word)
                    yield _join(one, two)


def _join(one: Respelling, two: Respelling) -> Respelling:
    return Respelling(two.word, one.far or two.far, one.foreign and two.foreign, 2)


def _change_once(word: str, *, loosen: bool) -> Iterator[Respelling]:
    rules = _compiled()[loosen]
    if len(word) < LONG_WORD:
        rules = rules[: len(_RULES)]
    for old, pattern, new, far, foreign in rules:
        # Most rules do not apply to most words; a plain substring search rules them out fastest.
        if old in word:
            for match in pattern.finditer(word):
                yield Respelling(word[: match.start()] + new + word[match.end() :], far, foreign)


_Compiled = list[tuple[str, re.Pattern[str], str, bool, bool]]


@loaded_once
def _compiled() -> tuple[_Compiled, _Compiled]:
    """The rules in both directions: to the standard spelling, and from it."""

    def compile_rules(*, loosen: bool) -> _Compiled:
        compiled = []
        for rule in (*_RULES, *_LONG_RULES):
            old, new = (rule.standard, rule.loose) if loosen else (rule.loose, rule.standard)
            before = f"(?<={rule.before})" if rule.before.startswith("[") else rule.before
            behind = f"(?={rule.behind})" if rule.behind else ""
            pattern = re.compile(before + re.escape(old) + behind)
            compiled.append((old, pattern, new, rule.far, rule.foreign))
        return compiled

    return compile_rules(loosen=False), compile_rules(loosen=True)
