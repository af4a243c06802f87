"""What is the cheapest way to read a word as prefixes, a listed root and endings?

Tries every way that the rules of :mod:`indexer.language.stem_rules` allow; each affix has a cost,
and so have roots that are seldom meant. Ties go to the longer root: ``gerakan`` is *gerak* and -an,
not *gera* and -kan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from indexer.language.stem_rules import (
    CLITICS,
    FAMILIES,
    LOAN_SUFFIXES,
    PARTICLES,
    PREFIXES,
    SUFFIXES,
    VOWELS,
    PrefixRule,
    SuffixRule,
    loan_bases,
)

_VOWEL_SET = frozenset(VOWELS)
#: What a weak root costs in addition to its affixes. It loses to any other reading.
_WEAK_ROOT = 24
_WEAK_ROOT_BEFORE_CLITIC = 8
_SHORT_ROOT = {1: 90, 2: 30}
_LEAST_ROOT_UNDER_PREFIX = 3
_LONG_ROOT = 5
_MOST_PREFIXES = 4
_INNER_PREFIX = 2


class Reading(NamedTuple):
    """``root`` as listed; ``rules``: names of the surrounding affixes, endings first."""

    cost: int
    root: str
    rules: tuple[str, ...]


class _Prefix(NamedTuple):
    """A prefix rule prepared for the search, with the permissions of its family."""

    surface: str
    size: int
    before: frozenset[str] | None
    restore: str
    cost: int
    shape: str
    family: str
    suffixes: dict[str, int]
    inner: frozenset[str]
    name: str


def _by_first_letters(rules: Iterable[PrefixRule]) -> dict[str, tuple[_Prefix, ...]]:
    table: dict[str, list[_Prefix]] = {}
    for rule in rules:
        family = FAMILIES[rule.family]
        row = _Prefix(
            surface=rule.surface,
            size=len(rule.surface),
            before=frozenset(rule.before) if rule.before else None,
            restore=rule.restore,
            cost=rule.cost,
            shape=rule.shape,
            family=rule.family,
            suffixes=family.suffixes,
            inner=frozenset(family.inner),
            name=rule.name,
        )
        if len(rule.surface) > 1:
            table.setdefault(rule.surface[:2], []).append(row)
        else:  # one letter: listed under every pair of letters it can begin
            for letter in rule.before:
                table.setdefault(rule.surface + letter, []).append(row)
    return {letters: tuple(rows) for letters, rows in table.items()}


def _by_last_letter(rules: Iterable[SuffixRule]) -> dict[str, tuple[SuffixRule, ...]]:
    table: dict[str, list[SuffixRule]] = {}
    for rule in rules:
        table.setdefault(rule.text[-1], []).append(rule)
    return {letter: tuple(rows) for letter, rows in table.items()}


_PREFIXES = _by_first_letters(PREFIXES)
_SUFFIXES = _by_last_letter(SUFFIXES)
_CLITICS = {rule.text: rule for rule in CLITICS}
_PARTICLES = {rule.text: rule for rule in PARTICLES}
_LOAN_TAILS = frozenset(("", "nya", "kan", "kannya", "an", "ku", "mu", "lah"))


class AffixReader:
    """Reads words against ``roots``; ``weak`` roots lose to any other reading.

    ``exceptions`` maps words to their root; they count as roots, possibly followed by clitics and
    particles.
    """

    def __init__(self, roots: Set[str], weak: Set[str], exceptions: Mapping[str, str]) -> None:
        self._roots = roots
        self._weak = weak
        self._exceptions = exceptions

    def read(self, word: str) -> Reading | None:
        """The cheapest reading of ``word`` (lower case, letters only), or ``None``."""
        if word in self._roots:
            return Reading(0, word, ())
        best: Reading | None = None
        for base, kind, cost, rules in endings(word):
            if base in self._roots:
                if not kind:
                    weak = _WEAK_ROOT_BEFORE_CLITIC if base in self._weak else 0
                    best = _cheaper(best, cost + weak, base, rules)
                elif len(base) > 3 or _takes_suffix_alone(base, kind):
                    best = self._cheaper(best, cost, base, rules)
            elif not kind and base in self._exceptions:
                return Reading(0, self._exceptions[base], (*rules, "exception"))
            best = self._read_prefixes(best, base, kind, cost, rules)
        return best or self._read_loan(word)

    def _read_prefixes(
        self, best: Reading | None, base: str, kind: str, cost: int, rules: tuple[str, ...]
    ) -> Reading | None:
        permitted: frozenset[str] | None = None  # the outermost prefix may be any for the suffix
        stack = [(base, cost, 0, rules, permitted)]
        while stack:
            rest, so_far, depth, path, permitted = stack.pop()
            for candidate, price, shape, inner, name in _take_prefix(rest, kind, permitted):
                total = so_far + price
                if best is not None and total > best[0]:
                    continue
                here = (*path, name)
                if candidate in self._roots and (shape != "long" or self._is_long(candidate)):
                    best = self._cheaper(best, total, candidate, here)
                if inner and depth + 1 < _MOST_PREFIXES:
                    stack.append((candidate, total + _INNER_PREFIX, depth + 1, here, inner))
        return best

    def _is_long(self, root: str) -> bool:
        return len(root) >= _LONG_ROOT and root not in self._weak

    def _read_loan(self, word: str) -> Reading | None:
        """A reading of the word before a loan suffix: memfinalisasi, finalisasinya."""
        for rule in LOAN_SUFFIXES:
            head, found, tail = word.rpartition(rule.text)
            if not found or len(head) < rule.least or tail not in _LOAN_TAILS:
                continue
            if rule.after and not head.endswith(rule.after):
                continue
            for base in loan_bases(head, rule):
                if base in self._roots:
                    return Reading(rule.cost, base, (rule.name,))
                reading = self._read_prefixes(None, base, "", rule.cost, (rule.name,))
                if reading is not None:
                    return reading
        return None

    def _cheaper(
        self, best: Reading | None, cost: int, root: str, rules: tuple[str, ...]
    ) -> Reading:
        if root in self._weak:
            cost += _WEAK_ROOT
        return _cheaper(best, cost, root, rules)


def _take_prefix(
    word: str, kind: str, permitted: frozenset[str] | None
) -> Iterator[tuple[str, int, str, frozenset[str], str]]:
    """Every way to strip one prefix off ``word``: (remainder, cost, the shape required of it,
    families permitted further in, name). ``permitted``: the families allowed here; ``None``: any
    that combines with a suffix of ``kind``.
    """
    for prefix in _PREFIXES.get(word[:2], ()):
        surface, size, before, restore, price, shape, family, suffixes, inner, name = prefix
        if not word.startswith(surface) or len(word) < size + 2:
            continue
        if before is not None and word[size] not in before:
            continue
        extra = suffixes.get(kind) if permitted is None else 0 if family in permitted else None
        rest = word[size:]
        if extra is None or (shape and not _has_shape(rest, shape, word)):
            continue
        if len(restore) + len(rest) >= _LEAST_ROOT_UNDER_PREFIX:
            yield restore + rest, price + extra, shape, inner, name


def endings(word: str) -> list[tuple[str, str, int, tuple[str, ...]]]:
    """Every way to strip endings off ``word``: (remainder, kind of suffix, cost, rule names)."""
    plain: list[tuple[str, int, tuple[str, ...]]] = [(word, 0, ())]
    particle = _PARTICLES.get(word[-3:])
    if particle is not None and len(word) - 3 >= particle.least:
        plain.append((word[:-3], particle.cost, (particle.name,)))
    for base, cost, rules in tuple(plain):
        clitic = _CLITICS.get(base[-3:]) or _CLITICS.get(base[-2:])
        if clitic is not None and len(base) - len(clitic.text) >= clitic.least:
            left = base[: -len(clitic.text)]
            plain.append((left, cost + clitic.cost, (*rules, clitic.name)))
    found: list[tuple[str, str, int, tuple[str, ...]]] = []
    for base, cost, rules in plain:
        found.append((base, "", cost, rules))
        for rule in _SUFFIXES.get(base[-1], ()):
            text = rule.text
            if base.endswith(text) and len(base) - len(text) >= rule.least:
                left = base[: -len(text)]
                if rule.after and not left.endswith(rule.after):
                    continue
                found.append((left, rule.kind, cost + rule.cost, (*rules, rule.name)))
    return found


def _cheaper(best: Reading | None, cost: int, root: str, rules: tuple[str, ...]) -> Reading:
    cost += _SHORT_ROOT.get(len(root), 0)
    if best is None or (cost, -len(root)) < (best.cost, -len(best.root)):
        return Reading(cost, root, rules)
    return best


def _takes_suffix_alone(base: str, kind: str) -> bool:
    """Whether a root of three letters may carry a suffix and no prefix: acuan, but not busan."""
    return kind == "kan" or (kind == "an" and base[0] in _VOWEL_SET) or base in ("doa", "aku")


def _has_shape(rest: str, shape: str, whole: str) -> bool:
    if shape == "one_vowel":
        return 3 <= len(rest) <= 5 and sum(letter in _VOWEL_SET for letter in rest) == 1
    if shape == "long":
        return True  # of the root, once it has its first letter
    if shape == "er":
        return rest[1:3] == "er"
    if shape == "same":
        return rest[0] == whole[0]
    return rest == shape
