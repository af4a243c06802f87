"""What is safe to strip off a word that leads to no listed root?

Such words are loans, new words, slang, misspellings and names. With no root to confirm a reading,
only unambiguous affixes are stripped (``menghimbau``, ``diviralkan``, ``ponselnya``); what may
belong to the word stays (``sekuel``, ``kenya``, ``taliban``). A word and its affixed forms only
need to agree: ``meng`` before a vowel hides a k or nothing, and is read as nothing.
"""

from __future__ import annotations

import re

from indexer.language.stem_rules import CONSONANTS, VOWELS

_ANY = VOWELS + CONSONANTS

# Prefix as written, letters it must precede, what it swallowed, and the minimum number of letters
# that must remain with each suffix. A prefix and a suffix together are stronger evidence than one.
_CIRCUMFIXES: tuple[tuple[str, str, str, dict[str, int]], ...] = (
    ("memper", _ANY, "", {"kan": 4, "": 5}),
    ("diper", _ANY, "", {"kan": 4, "": 5}),
    ("ketidak", _ANY, "", {"an": 4}),
    ("keber", _ANY, "", {"an": 4}),
    ("keter", _ANY, "", {"an": 4}),
    ("berke", _ANY, "", {"an": 4}),
    ("meny", VOWELS, "s", {"kan": 4, "": 5}),
    ("peny", VOWELS, "s", {"an": 4, "": 5}),
    ("meng", VOWELS + "ghk", "", {"kan": 4, "": 4}),
    ("peng", VOWELS + "ghk", "", {"an": 4, "": 5}),
    ("mem", "bfvp", "", {"kan": 4, "": 4}),
    ("pem", "bfvp", "", {"an": 4, "": 5}),
    ("mem", VOWELS, "p", {"kan": 4, "": 5}),
    ("pem", VOWELS, "p", {"an": 4, "": 5}),
    ("pem", "rl", "p", {"an": 4}),
    ("men", "cdjst", "", {"kan": 4, "": 4}),
    ("pen", "cdjst", "", {"an": 4, "": 5}),
    ("men", VOWELS, "t", {"kan": 4, "": 5}),
    ("pen", VOWELS, "t", {"an": 4, "": 6}),
    ("me", "lrwymn", "", {"kan": 4, "": 5}),
    ("pe", "lrwymn", "", {"an": 5}),
    ("di", _ANY, "", {"kan": 4, "": 5}),
    ("ter", _ANY, "", {"kan": 4, "": 5}),
    ("ber", _ANY, "", {"kan": 4, "an": 4, "": 4}),
    ("be", "r", "", {"": 5}),
    ("ke", _ANY, "", {"an": 4}),
    ("per", _ANY, "", {"an": 5}),
)
_BY_FIRST_LETTERS: dict[str, list[tuple[str, str, str, dict[str, int]]]] = {}
for _row in _CIRCUMFIXES:
    _BY_FIRST_LETTERS.setdefault(_row[0][:2], []).append(_row)

#: Whole English words, not forms of shorter ones: dimension, mentorship.
_ENGLISH = ("tion", "sion", "ship", "ness", "ment", "ous", "ance", "ence", "ive", "ology")
#: Loans with a nasal of their own: memonetisasi is from monetisasi.
_LOANS = ("asi", "isir", "isme")
_SYLLABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]+[aeiouy]{1,2}[bcdfghjklmnpqrstvwxz]+\Z")
_ONE_SYLLABLE = ("menge", "penge", "nge")

_LEAST_BEFORE_NYA = 4
_LEAST_BEFORE_KAN = 5

_VOWEL_SET = frozenset(VOWELS)
_ONSETS = (
    *("bl", "br", "dh", "dr", "fl", "fr", "gh", "gl", "gr", "kh", "kl", "kr", "ng", "ny"),
    *("pl", "pr", "sk", "sl", "sp", "st", "sw", "sy", "th", "tr"),
)


def strip_unknown(word: str) -> tuple[str, tuple[str, ...]]:
    """The remainder of ``word``, and the names of what was stripped (prefix last).

    ``word`` must be lower case, letters only, and lead to no listed root.

    >>> strip_unknown("diviralkannya")
    ('viral', ('-nya', '-kan', 'di-'))
    >>> strip_unknown("taliban")
    ('taliban', ())
    """
    trail: tuple[str, ...] = ()
    if word.endswith("nya") and len(word) >= _LEAST_BEFORE_NYA + 3:
        word = word[:-3]
        trail = ("-nya",)
    if word.endswith(_ENGLISH):
        return word, trail
    for suffix in ("kan", "an", ""):
        if not word.endswith(suffix):
            continue
        base = word[: -len(suffix)] if suffix else word
        found = _strip_prefix(base, suffix)
        if found is not None:
            ending = (f"-{suffix}",) if suffix else ()
            return found[0], (*trail, *ending, f"{found[1]}-")
    if word.endswith("kan") and len(word) >= _LEAST_BEFORE_KAN + 3 and _may_be_root(word[:-3]):
        return word[:-3], (*trail, "-kan")
    return word, trail


def _strip_prefix(base: str, suffix: str) -> tuple[str, str] | None:
    found = _strip_before_syllable(base)
    if found is not None:
        return found
    for prefix, before, restore, leasts in _BY_FIRST_LETTERS.get(base[:2], ()):
        if not base.startswith(prefix):
            continue
        least = leasts.get(suffix)
        rest = base[len(prefix) :]
        if least is None or len(rest) < least - len(restore) or rest[0] not in before:
            continue
        root = restore + rest
        if restore in ("p", "t") and base.endswith(_LOANS):
            root = prefix[-1] + rest
        if prefix == "di" and rest[0] == "s" and rest[1] not in _VOWEL_SET:
            continue  # dis- of loans: distribution, diskursus
        if _may_be_root(root):
            return root, prefix
    return None


def _strip_before_syllable(base: str) -> tuple[str, str] | None:
    """What follows menge-, penge-, nge-: one syllable, which Indonesian roots seldom are."""
    for prefix in _ONE_SYLLABLE:
        rest = base.removeprefix(prefix)
        if rest != base and _SYLLABLE.match(rest) and _may_begin(rest):
            return rest, prefix
    return None


def _may_be_root(text: str) -> bool:
    """Whether ``text`` sounds like a whole Indonesian word: two syllables, a possible onset."""
    vowels = sum(letter in _VOWEL_SET for letter in text)
    if vowels < 2:
        return False
    return _may_begin(text)


def _may_begin(text: str) -> bool:
    return text[0] in _VOWEL_SET or text[1] in _VOWEL_SET or text.startswith(_ONSETS)
