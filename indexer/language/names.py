"""Which words are names: listed ones, and words the articles write like names.

A name is written with a capital inside sentences and hardly ever without. So are the words of
institutions (Kementerian Perhubungan), which should still be stemmed; what tells them apart is
their make: a prefix and a suffix around a known root.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from indexer.language.name_lists import listed_names, listed_titles
from indexer.language.name_spellings import name_key, variants
from indexer.language.stem import Stemmer

__all__ = ["NameGuard", "is_name", "is_title", "name_key", "variants"]

# Measured on 28,857 news articles, over the words our stemmer would change. Among those seen 3
# times or more with a capital, Bekasi is in lower case once for 27 capitals, Maluku for 32,
# Kediri for 18, Megawati for 80, Kejagung for 39; Kementerian for 5, Kejaksaan for 2, Angkatan
# for 3. Below 1 in 16 only a handful of common words remain (Perhubungan 1 in 25, Perserikatan
# 1 in 38); all of them are made with affixes, and held to the stricter bounds.
_LEAST_CAPITALS = 3
_CAPITALS_PER_LOWER = 16
_LEAST_CAPITALS_IF_AFFIXED = 25
_CAPITALS_PER_LOWER_IF_AFFIXED = 100

_LEAST_ROOT = 4
_NEVER_IN_NAMES = frozenset(("-kan", "-nya", "-kah", "-lah", "di-", "ber-", "ter-"))
_NOMINAL_SUFFIXES = frozenset(("-an", "-i"))


def is_name(word: str, lower_count: int, capital_count: int) -> bool:
    """Whether ``word`` is a name by how it is written inside sentences.

    ``word`` is folded; ``lower_count`` and ``capital_count`` say how often it stood inside
    sentences in lower case and with a capital, in all the articles there are. Unseen words are
    not names; ask :class:`NameGuard` for the listed ones.

    >>> is_name("maluku", 12, 382), is_name("kementerian", 567, 2943)
    (True, False)
    """
    if "-" in word or capital_count < _LEAST_CAPITALS:
        return False
    if lower_count * _CAPITALS_PER_LOWER > capital_count:
        return False
    if lower_count * _CAPITALS_PER_LOWER_IF_AFFIXED <= capital_count and (
        capital_count >= _LEAST_CAPITALS_IF_AFFIXED
    ):
        return True
    return not looks_affixed(word)


def is_title(word: str) -> bool:
    """Whether ``word`` (folded, without dots) is a title or degree around names: ``dr``, ``sh``."""
    return word in listed_titles()


@lru_cache(maxsize=200_000)
def looks_affixed(word: str) -> bool:
    """Whether ``word`` is made like a common word: a root with a verb's affix, or with a prefix
    and a suffix. Not those whose root we do not know.

    >>> looks_affixed("perhubungan"), looks_affixed("bekasi")
    (True, False)
    """
    stemmer = _unguarded()
    root = stemmer.stem(word)
    if root == word or len(root) < _LEAST_ROOT or not stemmer.is_root(root):
        return False
    rules = stemmer.explain(word)
    if not _NEVER_IN_NAMES.isdisjoint(rules):
        return True
    has_prefix = any(not rule.startswith("-") for rule in rules)
    return has_prefix and not _NOMINAL_SUFFIXES.isdisjoint(rules)


@lru_cache(maxsize=1)
def _unguarded() -> Stemmer:
    return Stemmer(protected=frozenset())


class NameGuard:
    """Says which words are names, for :class:`indexer.language.stem.Stemmer`.

    The listed ones, and ``learned`` ones.

    >>> guard = NameGuard(["kejagung"])
    >>> guard("bekasi"), guard("kejagung"), guard("penyidik")
    (True, True, False)
    """

    def __init__(self, learned: Iterable[str] = ()) -> None:
        learned = frozenset(learned)
        self._names = listed_names() | learned if learned else listed_names()

    def __call__(self, word: str) -> bool:
        return word in self._names

    def __contains__(self, word: object) -> bool:
        return word in self._names
