"""The stem of an Indonesian word: the root that its affixes, clitics and doubling surround.

Every way to read a word as prefixes, root and endings is tried against the root list
(:mod:`indexer.language.stem_roots`) with the rules of :mod:`indexer.language.stem_rules`, and the
cheapest wins: few and ordinary affixes before many and rare ones, everyday roots before archaic
ones, then the longer root. A word that leads to no root loses only what is safe to lose
(:mod:`indexer.language.stem_unknown`). PySastrawi's word list is used, its stemmer is not: it
takes the first
reading it meets (``perbankan`` to ``perban``) and is several times slower.

Not for names: pass ``protected``, for instance an :class:`indexer.language.names.NameGuard`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping

from indexer.language.stem_roots import Lexicon, load_lexicon
from indexer.language.stem_rules import (
    CLITICS,
    FAMILIES,
    PARTICLES,
    PREFIXES,
    SUFFIXES,
    VOWELS,
    PrefixRule,
    SuffixRule,
)
from indexer.language.stem_unknown import strip_unknown

_MEMO_WORDS = 200_000
_LONGEST_WORD = 40
_VOWEL_SET = frozenset(VOWELS)
# What a root costs besides its affixes: a weak root loses to any other reading.
_WEAK_ROOT = 24
_SHORT_ROOT = {1: 90, 2: 30, 3: 1}
_MOST_PREFIXES = 4

_Trail = tuple[str, ...]
_Found = tuple[int, int, str, _Trail]


def _by_first_letters(rules: Iterable[PrefixRule]) -> dict[str, tuple[_CompiledPrefix, ...]]:
    table: dict[str, list[_CompiledPrefix]] = {}
    for rule in rules:
        family = FAMILIES[rule.family]
        compiled = (
            rule.surface,
            len(rule.surface),
            frozenset(rule.before) if rule.before else None,
            rule.restore,
            rule.cost,
            rule.shape,
            rule.family,
            family.suffixes,
            frozenset(family.inner),
            rule.name,
        )
        table.setdefault(rule.surface[:2], []).append(compiled)
    return {letters: tuple(rows) for letters, rows in table.items()}


_CompiledPrefix = tuple[
    str,
    int,
    "frozenset[str] | None",
    str,
    int,
    str,
    str,
    dict[str, int],
    "frozenset[str]",
    str,
]
_PREFIXES = _by_first_letters(PREFIXES)


def _by_last_letter(rules: Iterable[SuffixRule]) -> dict[str, tuple[SuffixRule, ...]]:
    table: dict[str, list[SuffixRule]] = {}
    for rule in rules:
        table.setdefault(rule.text[-1], []).append(rule)
    return {letter: tuple(rows) for letter, rows in table.items()}


_SUFFIXES = _by_last_letter(SUFFIXES)
_CLITICS = {rule.text: rule for rule in CLITICS}
_PARTICLES = {rule.text: rule for rule in PARTICLES}


def _protects_nothing(word: str) -> bool:
    return False


class Stemmer:
    """Stems folded words. One instance may serve several threads.

    ``protected`` says which words are names and stay whole: a function, or a set.
    ``overrides`` maps a word to its stem and wins over everything (an administrator's own stems).
    ``extra_roots`` are taken as roots besides those of the lexicon.

    >>> stemmer = Stemmer()
    >>> [stemmer.stem(w) for w in ("menulis", "tulisan", "ketidakadilan", "perbankan", "anak2")]
    ['tulis', 'tulis', 'adil', 'bank', 'anak']
    """

    def __init__(
        self,
        *,
        protected: Callable[[str], bool] | Container[str] = _protects_nothing,
        overrides: Mapping[str, str] | None = None,
        extra_roots: Iterable[str] = (),
        lexicon: Lexicon | None = None,
    ) -> None:
        self._is_protected: Callable[[str], bool] = (
            protected if callable(protected) else protected.__contains__
        )
        lexicon = lexicon or load_lexicon()
        self._exceptions = lexicon.exceptions
        self._overrides = dict(overrides or {})
        self._weak = lexicon.weak
        self._aliases = lexicon.aliases
        extra = frozenset(extra_roots)
        self._roots = lexicon.roots | extra if extra else lexicon.roots
        self._memo: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """The stem of ``word``, never empty for a word that is not.

        ``word`` must be folded already: lower case, no accents. Hyphens and digits may be in it.
        """
        memo = self._memo
        known = memo.get(word)
        if known is not None:
            return known
        stem, _ = self._analyse(word)
        if len(memo) >= _MEMO_WORDS:
            memo.clear()
        memo[word] = stem
        return stem

    def explain(self, word: str) -> list[str]:
        """Names of the rules that took ``word`` to its stem, outermost first; empty: none did."""
        return list(self._analyse(word)[1])

    def is_root(self, word: str) -> bool:
        """Whether ``word`` is in the root list."""
        return word in self._roots

    # --- one word -----------------------------------------------------------------------------

    def _analyse(self, word: str) -> tuple[str, _Trail]:
        override = self._overrides.get(word)
        if override is not None:
            return override, ("override",)
        if self._is_protected(word):
            return word, ("name",)
        if word.isalpha():
            return self._analyse_plain(word)
        if len(word) > 2 * _LONGEST_WORD:
            return word, ()
        if "-" in word:
            return self._analyse_hyphenated(word)
        if "2" in word:
            return self._analyse_doubling_digit(word)
        return word, ()

    def _analyse_plain(self, word: str) -> tuple[str, _Trail]:
        exception = self._exceptions.get(word)
        if exception is not None:
            return exception, ("exception",)
        if len(word) < 4 or len(word) > _LONGEST_WORD:
            return word, ()
        found = self._cheapest(word)
        if found is not None:
            root = found[2]
            return self._aliases.get(root, root), found[3]
        return strip_unknown(word)

    def _cheapest(self, word: str) -> _Found | None:
        """The cheapest reading of ``word`` that ends at a root."""
        roots = self._roots
        if word in roots:
            return (0, 0, word, ())
        best: _Found | None = None
        for base, kind, cost, trail in _endings(word):
            if base in roots:
                if kind == "":
                    best = self._keep_cheaper(best, cost, base, trail)
                elif len(base) > 3 or _takes_suffix_alone(base, kind):
                    best = self._better(best, cost, base, trail)
            elif kind == "" and base in self._exceptions:
                return (0, 0, self._exceptions[base], (*trail, "exception"))
            stack: list[tuple[str, str | None, int, int, _Trail, frozenset[str] | None]]
            stack = [(base, kind, cost, 0, trail, None)]
            while stack:
                rest, ending, so_far, depth, path, families = stack.pop()
                for (
                    surface,
                    size,
                    before,
                    restore,
                    price,
                    shape,
                    family,
                    suffixes,
                    inner,
                    name,
                ) in _PREFIXES.get(rest[:2], ()):
                    if families is not None and family not in families:
                        continue
                    if not rest.startswith(surface) or len(rest) < size + 2:
                        continue
                    if before is not None and rest[size] not in before:
                        continue
                    total = so_far + price
                    if ending is not None:
                        extra = suffixes.get(ending)
                        if extra is None:
                            continue
                        total += extra
                    if best is not None and total > best[0]:
                        continue
                    tail = rest[size:]
                    if shape and not _has_shape(tail, shape):
                        continue
                    candidate = restore + tail
                    if len(candidate) < 3:
                        continue
                    here = (*path, name)
                    if candidate in roots:
                        best = self._better(best, total, candidate, here)
                    if inner and depth + 1 < _MOST_PREFIXES:
                        stack.append((candidate, None, total + 2, depth + 1, here, inner))
        return best

    def _better(self, best: _Found | None, cost: int, root: str, trail: _Trail) -> _Found:
        if root in self._weak:
            cost += _WEAK_ROOT
        return self._keep_cheaper(best, cost, root, trail)

    def _keep_cheaper(self, best: _Found | None, cost: int, root: str, trail: _Trail) -> _Found:
        cost += _SHORT_ROOT.get(len(root), 0)
        size = -len(root)
        if best is None or (cost, size) < best[:2]:
            return (cost, size, root, trail)
        return best

    # --- doubled words ------------------------------------------------------------------------

    def _analyse_hyphenated(self, word: str) -> tuple[str, _Trail]:
        parts = [part for part in word.split("-") if part]
        if len(parts) < 2:
            return (self._analyse(parts[0])[0] if parts else word), ()
        if len(parts) > 2:
            if len(set(parts)) == 1:
                return self.stem(parts[0]), ("doubled",)
            return word, ()
        left, right = parts
        if right in _CLITICS or right in _PARTICLES:
            return self.stem(left), (right,)
        if left == "se" or left == "non" or left == "anti":
            return self.stem(right), (f"{left}-",)
        if left == right:
            return self.stem(left), ("doubled",)
        left_stem, right_stem = self.stem(left), self.stem(right)
        if left_stem == right_stem:
            return left_stem, ("doubled",)
        for base, _, _, _ in _endings(right):
            if len(base) > 2 and left.endswith(base):
                return left_stem, ("doubled",)
        if left.endswith(right_stem):
            return right_stem, ("doubled",)
        if left_stem in self._roots and right not in self._roots and _rhyme(left, right):
            return left_stem, ("doubled with change",)
        return word, ()

    def _analyse_doubling_digit(self, word: str) -> tuple[str, _Trail]:
        """``anak2``, ``anak2nya``: a 2 stands for the word once more."""
        left, _, right = word.partition("2")
        if len(left) < 3 or not left.isalpha() or (right and not right.isalpha()):
            return word, ()
        found = self._cheapest(left + right)
        if found is None:
            return word, ()
        return self._aliases.get(found[2], found[2]), ("doubled by 2", *found[3])


def _endings(word: str) -> list[tuple[str, str, int, _Trail]]:
    """Every way to take endings off: (what is left, kind of suffix, cost, names of the rules)."""
    plain: list[tuple[str, int, _Trail]] = [(word, 0, ())]
    last = word[-3:]
    particle = _PARTICLES.get(last)
    if particle is not None and len(word) - 3 >= particle.least:
        plain.append((word[:-3], particle.cost, (particle.name,)))
    for base, cost, trail in tuple(plain):
        clitic = _CLITICS.get(base[-3:]) or _CLITICS.get(base[-2:])
        if clitic is not None and len(base) - len(clitic.text) >= clitic.least:
            left = base[: -len(clitic.text)]
            plain.append((left, cost + clitic.cost, (*trail, clitic.name)))
    found: list[tuple[str, str, int, _Trail]] = []
    for base, cost, trail in plain:
        found.append((base, "", cost, trail))
        for rule in _SUFFIXES.get(base[-1], ()):
            text = rule.text
            left = base[: -len(text)]
            if len(left) < rule.least or not base.endswith(text):
                continue
            if rule.after and not left.endswith(rule.after):
                continue
            found.append((left, rule.kind, cost + rule.cost, (*trail, rule.name)))
    return found


def _takes_suffix_alone(base: str, kind: str) -> bool:
    """Whether a root of three letters may carry a suffix and no prefix: acuan, but not busan."""
    return base[0] in _VOWEL_SET and kind in ("an", "kan") or base in ("doa", "aku")


def _has_shape(tail: str, shape: str) -> bool:
    if shape == "one_vowel":
        return 3 <= len(tail) <= 5 and sum(letter in _VOWEL_SET for letter in tail) == 1
    if shape == "er":
        return tail[1:3] == "er"
    return tail == shape


def _rhyme(left: str, right: str) -> bool:
    """Whether ``right`` may be ``left`` with one part changed: sayur-mayur, warna-warni."""
    if abs(len(left) - len(right)) > 1:
        return False
    if left[-2:] == right[-2:] and len(left) > 3:
        return True
    consonants = [letter for letter in left if letter not in _VOWEL_SET]
    return consonants == [letter for letter in right if letter not in _VOWEL_SET]
