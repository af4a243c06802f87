"""Which words does a generation have, and in which order? The sum of what its commits changed.

The next generation's is made of it: what was counted and sorted once is not again, so a reader pays
for a commit by what it brought.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from indexer.engine.base import FEWEST_LETTERS, MOST_LETTERS, Form
from indexer.engine.opensearch.word_changes import WordChanges

_NO_VOWELS = str.maketrans("", "", "aiueo")

Key = TypeVar("Key")
#: By kind and key: (value, times), most frequent first.
Learned = dict[str, dict[str, list[tuple[str, int]]]]


@dataclass(frozen=True, slots=True)
class Orders:
    """The terms of at least one article, each list in code point order: of each form all; of the
    exact ones that are looked for by likeness those of a length, and those with these consonants.
    """

    all: dict[Form, list[str]]
    by_length: dict[int, list[str]]
    by_consonants: dict[str, list[str]]


class Vocabulary:
    """Never changed once it is made; safe to use from several threads."""

    def __init__(self, summed: WordChanges) -> None:
        self.summed = summed

    @cached_property
    def orders(self) -> Orders:
        every = {form: sorted(terms.list_counted(1)) for form, terms in self.summed.terms.items()}
        orders = Orders(every, {}, {})
        for term in filter(_may_be_misspelt, every[Form.EXACT]):
            orders.by_length.setdefault(len(term), []).append(term)
            orders.by_consonants.setdefault(drop_vowels(term), []).append(term)
        return orders

    @cached_property
    def learned(self) -> Learned:
        """What was learned of names, acronyms and others."""
        learned: Learned = {}
        for (kind, key, value), times in self.summed.evidence.items():
            if times:
                learned.setdefault(kind, {}).setdefault(key, []).append((value, times))
        for by_key in learned.values():
            for rows in by_key.values():
                rows.sort(key=_order_row)
        return learned

    def follow(self, changes: WordChanges) -> Vocabulary:
        """The vocabulary after ``changes``."""
        summed = self.summed.copy()
        summed.add(changes)
        new = Vocabulary(summed)
        if "orders" in self.__dict__:
            new.orders = self._reorder(summed, changes)
        if "learned" in self.__dict__:
            new.learned = self._relearn(summed, changes)
        return new

    def _reorder(self, summed: WordChanges, changes: WordChanges) -> Orders:
        old = self.orders
        orders = Orders(dict(old.all), dict(old.by_length), dict(old.by_consonants))
        for form in Form:
            before, after = self.summed.terms[form], summed.terms[form]
            come: list[str] = []
            gone: list[str] = []
            for term in changes.terms[form]:
                was, is_there = before.get(term)[0] > 0, after.get(term)[0] > 0
                if was != is_there:
                    (gone if was else come).append(term)
            orders.all[form] = _merge(old.all[form], come, gone)
            if form is Form.EXACT:
                likely = [list(filter(_may_be_misspelt, terms)) for terms in (come, gone)]
                _regroup(orders.by_length, len, *likely)
                _regroup(orders.by_consonants, drop_vowels, *likely)
        return orders

    def _relearn(self, summed: WordChanges, changes: WordChanges) -> Learned:
        learned = {kind: dict(by_key) for kind, by_key in self.learned.items()}
        changed: dict[tuple[str, str], set[str]] = {}
        for kind, key, value in changes.evidence:
            changed.setdefault((kind, key), set()).add(value)
        for (kind, key), values in changed.items():
            by_key = learned.setdefault(kind, {})
            rows = [row for row in by_key.get(key, ()) if row[0] not in values]
            rows += [
                (value, times) for value in values if (times := summed.evidence[kind, key, value])
            ]
            by_key[key] = sorted(rows, key=_order_row)
        return learned


def drop_vowels(term: str) -> str:
    """What is left of ``term`` without vowels."""
    return term.translate(_NO_VOWELS)


def _may_be_misspelt(term: str) -> bool:
    return FEWEST_LETTERS <= len(term) <= MOST_LETTERS and term.isalpha()


def _order_row(row: tuple[str, int]) -> tuple[int, str]:
    return -row[1], row[0]


def _merge(terms: list[str], come: list[str], gone: list[str]) -> list[str]:
    """``terms``, which are in order, with those that have ``come`` and without those ``gone``."""
    if gone:
        left = set(gone)
        terms = [term for term in terms if term not in left]
    # What is in order already is not sorted again, only merged.
    return sorted(terms + come)


def _regroup(
    groups: dict[Key, list[str]], find_key: Callable[[str], Key], come: list[str], gone: list[str]
) -> None:
    """Change those of ``groups`` that some terms have come to, or are gone from."""
    changed: dict[Key, tuple[list[str], list[str]]] = {}
    for place, terms in enumerate((come, gone)):
        for term in terms:
            changed.setdefault(find_key(term), ([], []))[place].append(term)
    for key, (more, fewer) in changed.items():
        groups[key] = _merge(groups.get(key, []), more, fewer)
