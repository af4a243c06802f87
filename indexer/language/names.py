"""Which words are names? Listed ones, and words that the articles write like names.

A name is written with a capital inside sentences and hardly ever without. So are the words of
institutions (Kementerian Perhubungan), which should still be stemmed; these are recognised by their
form, a prefix and a suffix around a known root, unless the preceding word announces a name (Desa
Kesugihan).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from indexer.language.name_lists import listed_names, listed_titles
from indexer.language.name_spellings import list_variants, name_key
from indexer.language.stem import Stemmer
from indexer.language.stem_respelling import RESPELLINGS
from indexer.loading import loaded_once

__all__ = ["NameGuard", "is_name", "is_title", "list_variants", "name_key"]

# Measured on 28,857 news articles, over the words our stemmer would change. Among those seen 3
# times or more with a capital, Bekasi is in lower case once for 27 capitals, Maluku for 32, Kediri
# for 18, Megawati for 80, Kejagung for 39; Kementerian for 5, Kejaksaan for 2, Angkatan for 3.
# Below 1 in 16 only a handful of common words remain (Perhubungan 1 in 25, Perserikatan 1 in 38);
# all of them are affixed words, and held to the stricter bounds.
_CAPITALS_PER_LOWER = 16
_CAPITALS_PER_LOWER_IF_ANNOUNCED = 4
_LEAST_CAPITALS_IF_AFFIXED = 25
_CAPITALS_PER_LOWER_IF_AFFIXED = 100
#: ... or announced once per this many capitals: Kerobokan 5 of 9, Keperawatan never.
_CAPITALS_PER_ANNOUNCED = 5

#: While few articles have been read, a word that leads to a known root (Angkatan, Sawahan) and
#: appears only with a capital is as likely a common word as a name; later, it is a name.
_LEAST_CAPITALS_AT_FIRST = 3
#: How often this word appeared in lower case measures how much has been read: 7 times an article.
YARDSTICK = "yang"
_WELL_READ = 3_000

_LEAST_ROOT = 4
_LEAST_ROOT_BETWEEN = 3
#: Derivations that only common words undergo: liberalisme, mesjid. Not -wi, -is.
_COMMON_RULES = frozenset(("-isasi", "-nisasi", "-isme", "-itas", "-isir", "alias"))
_SHORT_CLITICS = frozenset(("-ku", "-mu", "-pun"))


def is_well_read(yardstick_count: int) -> bool:
    """Whether :data:`YARDSTICK` occurred in lower case often enough that a word never seen in lower
    case is a name.
    """
    return yardstick_count >= _WELL_READ


def is_name(
    word: str,
    lower_count: int,
    capital_count: int,
    *,
    announced_count: int = 0,
    well_read: bool = True,
) -> bool:
    """Whether ``word`` is a name, judging by its letter case inside sentences.

    ``word`` is folded; ``lower_count`` and ``capital_count`` say how often it appeared inside
    sentences in lower case and with a capital, in all articles, and ``announced_count`` how many of
    the latter followed a word that announces a name
    (:data:`indexer.language.letter_case.ANNOUNCERS`); ``well_read``: see :func:`is_well_read`.
    Unseen words are not names; ask :class:`NameGuard` for the listed ones.

    >>> is_name("maluku", 12, 382), is_name("kementerian", 567, 2943), is_name("kesugihan", 0, 1)
    (True, False, False)
    >>> is_name("kesugihan", 0, 1, announced_count=1)
    True
    """
    if "-" in word or not capital_count:
        return False
    announced = announced_count and _is_announced(lower_count, capital_count, announced_count)
    if announced and announced_count * _CAPITALS_PER_ANNOUNCED >= capital_count:
        return True
    if not announced and lower_count * _CAPITALS_PER_LOWER > capital_count:
        return False
    if capital_count >= _LEAST_CAPITALS_IF_AFFIXED and (
        lower_count * _CAPITALS_PER_LOWER_IF_AFFIXED <= capital_count
    ):
        return True
    if looks_affixed(word):
        return False
    return well_read or capital_count >= _LEAST_CAPITALS_AT_FIRST or not leads_to_root(word)


def _is_announced(lower_count: int, capital_count: int, announced_count: int) -> bool:
    """Whether announcements outweigh lower case: Slipi is in lower case 8 times, announced 13."""
    return lower_count <= announced_count and (
        lower_count * _CAPITALS_PER_LOWER_IF_ANNOUNCED <= capital_count
    )


def is_title(word: str) -> bool:
    """Whether ``word`` (folded, without dots) is a title or degree around names: ``dr``, ``sh``."""
    return word in listed_titles()


@lru_cache(maxsize=200_000)
def looks_affixed(word: str) -> bool:
    """Whether ``word`` is formed like a common word: a known root with a verb's affix or a clitic,
    or with a prefix and a suffix.

    >>> looks_affixed("perhubungan"), looks_affixed("bekasi")
    (True, False)
    """
    stemmer = _unguarded()
    root = stemmer.stem(word)
    rules = stemmer.explain(word)
    if not rules or not stemmer.is_root(root) or not RESPELLINGS.isdisjoint(rules):
        return False
    prefixes = [rule for rule in rules if not rule.startswith("-")]
    if prefixes and "-an" in rules and _makes_nouns(prefixes[0]):
        return len(root) >= _LEAST_ROOT_BETWEEN
    if len(root) < _LEAST_ROOT:
        return False
    if not _COMMON_RULES.isdisjoint(rules):
        return True
    return _is_verb(rules, prefixes) or _has_clitic(word, root, rules[0], bool(prefixes))


def leads_to_root(word: str) -> bool:
    """Whether ``word`` is or could be a form of a known root of four letters or more.

    >>> leads_to_root("sawahan"), leads_to_root("ditreskrimum")
    (True, False)
    """
    stemmer = _unguarded()
    root = stemmer.stem(word)
    if len(root) < _LEAST_ROOT or not stemmer.is_root(root):
        return False
    return RESPELLINGS.isdisjoint(stemmer.explain(word))


def _makes_nouns(prefix: str) -> bool:
    """Excludes pe- without its nasal: the capitalised-only words that news forms with it are nearly
    all villages (Petukangan, Pejagoan, Peterongan).
    """
    return prefix.startswith(("ke", "pe", "ber")) and prefix != "pe- (no nasal)"


def _is_verb(rules: list[str], prefixes: list[str]) -> bool:
    if "-kan" in rules or any(prefix.startswith(("ber-", "ter-")) for prefix in prefixes):
        return True
    # A bare di- begins names and acronyms (Dinada, Ditres) as often as verbs.
    return "-i" in rules and bool(prefixes) and prefixes[0].startswith(("di-", "me"))


def _has_clitic(word: str, root: str, clitic: str, has_prefix: bool) -> bool:
    """Excludes -lah and -kah at the end of Arabic names (Nabilah, Ramallah, Atikah), and the
    shorter clitics after short roots (Haruku, Susumu).
    """
    if clitic in ("-lah", "-kah"):
        return has_prefix or word[-4] not in "il"
    return clitic == "-nya" or (clitic in _SHORT_CLITICS and len(root) > _LEAST_ROOT)


@loaded_once
def _unguarded() -> Stemmer:
    return Stemmer(protected=frozenset())


class NameGuard:
    """Decides which words are names, for :class:`indexer.language.stem.Stemmer`.

    Names are the listed ones and the ``learned`` ones.

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
