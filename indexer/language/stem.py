"""What is the stem of an Indonesian word? The root inside its affixes, clitics and doubling.

A word is read as prefixes, root and endings in the cheapest possible way
(:mod:`indexer.language.stem_reading`): few and ordinary affixes before many and rare ones, everyday
roots before archaic ones, then the longer root. A word that leads to no root is tried in other
spellings (:mod:`indexer.language.stem_respelling`), then loses only what is safe to strip
(:mod:`indexer.language.stem_unknown`). We use PySastrawi's word list but not its stemmer, which
takes the first reading it meets (``perbankan`` to ``perban``) and is several times slower.

Names are not stemmed: pass those learned from the articles as ``protected``, for instance as an
:class:`indexer.language.names.NameGuard`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from functools import lru_cache

from indexer.language.name_lists import listed_names
from indexer.language.stem_reading import AffixReader, Reading, endings
from indexer.language.stem_respelling import MISSPELLINGS, Respelling, respell
from indexer.language.stem_roots import Lexicon, load_lexicon
from indexer.language.stem_unknown import strip_unknown
from indexer.loading import loaded_once

#: Stems that an instance memoises before it starts over: a megabyte or two in each worker of a
#: service. Analysing many articles has a larger cache of its own.
MEMO_WORDS = 10_000

_LONGEST_WORD = 40
_CLITICS = ("nya", "lah", "kah", "pun", "ku", "mu")
_HYPHENATED_PREFIXES = frozenset(("se", "non", "anti", "pra", "pasca", "antar"))
_VOWELS = str.maketrans("", "", "aiueo")

_Stem = tuple[str, tuple[str, ...]]


class Stemmer:
    """Stems folded words. One instance may serve several threads.

    ``protected`` says which words are names and stay whole (their clitics are still stripped): a
    function or a set, by default the listed ones
    (:func:`indexer.language.name_lists.listed_names`). ``overrides`` maps a word to its stem and
    takes precedence over everything (an administrator's own stems). ``extra_roots`` are roots in
    addition to those of the lexicon.

    >>> stemmer = Stemmer()
    >>> [stemmer.stem(w) for w in ("menulis", "tulisan", "ketidakadilan", "perbankan", "anak2")]
    ['tulis', 'tulis', 'adil', 'bank', 'anak']
    """

    def __init__(
        self,
        *,
        protected: Callable[[str], bool] | Container[str] | None = None,
        overrides: Mapping[str, str] | None = None,
        extra_roots: Iterable[str] = (),
        lexicon: Lexicon | None = None,
    ) -> None:
        if protected is None:
            protected = listed_names()
        self._is_protected: Callable[[str], bool] = (
            protected if callable(protected) else protected.__contains__
        )
        self._overrides = dict(overrides or {})
        lexicon = lexicon or load_lexicon()
        extra = frozenset(extra_roots)
        self._roots = lexicon.roots | extra if extra else lexicon.roots
        self._aliases = {
            root: target for root, target in lexicon.aliases.items() if root not in extra
        }
        self._exceptions = lexicon.exceptions
        self._weak = lexicon.weak - extra
        self._reader = AffixReader(self._roots, self._weak, lexicon.exceptions)
        self._memo: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """The stem of ``word``; never empty, and idempotent.

        ``word`` must already be folded: lower case, no accents. Hyphens and digits are allowed.
        """
        memo = self._memo
        known = memo.get(word)
        if known is not None:
            return known
        stem = self._analyse(word)[0]
        if len(memo) >= MEMO_WORDS:
            memo.clear()
        memo[word] = stem
        return stem

    def explain(self, word: str) -> list[str]:
        """Names of the rules that led from ``word`` to its stem, endings first; empty if none did.

        >>> Stemmer().explain("mengirimkannya")
        ['-nya', '-kan', 'meng- (k)']
        """
        return list(self._analyse(word)[1])

    def is_root(self, word: str) -> bool:
        """Whether ``word`` is in the root list."""
        return word in self._roots

    # --- one word -----------------------------------------------------------------------------

    def _analyse(self, word: str) -> _Stem:
        override = self._overrides.get(word)
        if override:
            return override, ("dictionary",)
        if self._is_protected(word):
            return word, ("name",)
        if word in self._exceptions:
            return self._exceptions[word], ("exception",)
        if word.isalpha():
            return self._analyse_plain(word)
        if len(word) > 2 * _LONGEST_WORD:
            return word, ()
        if "-" in word:
            return self._analyse_hyphenated(word)
        if "2" in word:
            return self._analyse_doubling_digit(word)
        return word, ()

    def _analyse_plain(self, word: str) -> _Stem:
        if word in self._aliases:
            return self._aliases[word], ("alias",)
        if len(word) < 4 or len(word) > _LONGEST_WORD:
            return word, ()
        if word.endswith(_CLITICS):
            clitic = next(ending for ending in _CLITICS if word.endswith(ending))
            name = word[: -len(clitic)]
            if name and self._is_protected(name):
                return name, (f"-{clitic}", "name")
        reading = self._reader.read(word)
        if reading is not None:
            return self._find_under_alias(reading.root), reading.rules
        respelt = self._read_respelt(word)
        if respelt is not None:
            return respelt
        rest, rules = strip_unknown(word)
        if rest == word:
            return word, rules
        stem, more = self._analyse(rest)
        return stem, (*rules, *more)

    def _read_respelt(self, word: str) -> _Stem | None:
        for respelling in respell(word):
            reading = self._reader.read(respelling.text)
            if reading is not None and self._may_be_meant(reading, respelling):
                return self._find_under_alias(reading.root), (*reading.rules, respelling.rule)
        return None

    def _may_be_meant(self, reading: Reading, respelling: Respelling) -> bool:
        if len(reading.root) < respelling.least_root or reading.root in self._weak:
            return False
        return not respelling.in_root or all(rule.startswith("-") for rule in reading.rules)

    def _find_under_alias(self, root: str) -> str:
        return self._aliases.get(root, root)

    # --- doubled words ------------------------------------------------------------------------

    def _analyse_hyphenated(self, word: str) -> _Stem:
        parts = [part for part in word.split("-") if part]
        if not parts:
            return word, ()
        if len(parts) == 1:
            return self.stem(parts[0]), ("hyphen",)
        if parts[-1] in _CLITICS:
            return self.stem("-".join(parts[:-1])), (f"-{parts[-1]}",)
        if parts[0] in _HYPHENATED_PREFIXES:
            return self.stem("-".join(parts[1:])), (f"{parts[0]}-",)
        if len(set(parts)) == 1:
            return self.stem(parts[0]), ("doubled",)
        if len(parts) > 2:
            return word, ()
        return self._analyse_pair(word, *parts)

    def _analyse_pair(self, word: str, left: str, right: str) -> _Stem:
        """``berlari-larian``, ``tolong-menolong``, ``sayur-mayur``; other pairs stay."""
        left_stem, right_stem = self.stem(left), self.stem(right)
        if left_stem == right_stem:
            return left_stem, ("doubled",)
        if any(len(base) > 2 and left.endswith(base) for base, _, _, _ in endings(right)):
            return left_stem, ("doubled",)
        if left.endswith(right_stem):
            return right_stem, ("doubled",)
        if left_stem in self._roots and _sounds_alike(left, right):
            return left_stem, ("doubled with a change",)
        return word, ()

    def _analyse_doubling_digit(self, word: str) -> _Stem:
        """``anak2``, ``anak2nya``: the 2 repeats the word."""
        left, _, right = word.partition("2")
        if len(left) < 3 or not (left + right).isalpha():
            return word, ()
        reading = self._reader.read(left + right)
        if reading is None:
            return word, ()
        return self._find_under_alias(reading.root), ("doubled by 2", *reading.rules)


@lru_cache(maxsize=20_000)
def is_misspelt(word: str) -> bool:
    """Whether ``word`` leads to a root only with a letter inserted (it is stemmed all the same).

    >>> is_misspelt("cengkraman"), is_misspelt("cengkeraman"), is_misspelt("pinjemin")
    (True, False, False)
    """
    return not MISSPELLINGS.isdisjoint(_default_stemmer().explain(word))


@loaded_once
def _default_stemmer() -> Stemmer:
    return Stemmer()


def _sounds_alike(left: str, right: str) -> bool:
    """Whether ``right`` may be ``left`` with one part changed: sayur-mayur, warna-warni."""
    if abs(len(left) - len(right)) > 1:
        return False
    if len(left) > 3 and left[-2:] == right[-2:]:
        return True
    return left.translate(_VOWELS) == right.translate(_VOWELS)
