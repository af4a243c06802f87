"""Which words are names: listed places, and words the articles write like names."""

from __future__ import annotations

from collections.abc import Iterable


def is_name(word: str, lower_count: int, capital_count: int) -> bool:
    """Whether ``word`` is a name, from how often it stood inside sentences in each case."""
    return capital_count >= 3 and capital_count >= 20 * lower_count


class NameGuard:
    """Says which words are names, for :class:`indexer.language.stem.Stemmer`."""

    def __init__(self, learned: Iterable[str] = ()) -> None:
        self._names = frozenset(learned)

    def __call__(self, word: str) -> bool:
        return word in self._names
