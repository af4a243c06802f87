"""In how many articles do alternatives occur? Known of terms, else counted, and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import log
from typing import Any, Final

from indexer.engine.base import Alternative, Query, Scope, Term, Word
from indexer.engine.opensearch.filters import NOTHING
from indexer.engine.opensearch.matching import Sought, forget_weight, write_alternative
from indexer.engine.opensearch.state import Generation
from indexer.engine.opensearch.words import Words

Body = dict[str, Any]
#: Counts the articles that match each of some queries; asks along what a search of the query that
#: is expected wants to know beforehand.
CountMatches = Callable[[Sequence[Body], Query | None], list[int]]

#: Frequencies that are remembered before they start over.
_MOST_COUNTED: Final = 20_000


class Frequencies:
    """In how many articles do alternatives occur? Of one generation; remembers what was counted."""

    def __init__(self, generation: Generation, words: Words, count: CountMatches) -> None:
        self.articles = generation.articles
        self.words = words
        self._count = count
        self._counted: dict[Sought, int] = {}

    def measure_idfs(self, words: Iterable[Word]) -> list[float]:
        """The inverse document frequency of each word, see :class:`indexer.engine.base.Word`."""
        deciding = [_list_deciding(word) for word in words]
        found = {one: self._find(one) for of_word in deciding for one in of_word}
        unknown = self._write_unknown(found)
        if unknown:
            counted = dict(zip(unknown, self._count(list(unknown.values()), None), strict=True))
            self._remember(counted)
            found |= counted
        return [
            self._to_idf(max((found[one] or 0 for one in of_word), default=0))
            for of_word in deciding
        ]

    def know(self, words: Iterable[Word]) -> bool:
        """Whether :meth:`measure_idfs` need not ask."""
        return all(self._find(one) is not None for word in words for one in _list_deciding(word))

    def _write_unknown(self, sought: Iterable[Sought]) -> dict[Sought, Body]:
        """The queries for those whose frequency is not known."""
        return {
            one: write_alternative(*one, self.words) for one in sought if self._find(one) is None
        }

    def _remember(self, counted: dict[Sought, int]) -> None:
        if len(self._counted) > _MOST_COUNTED:
            self._counted = {}
        self._counted.update(counted)

    def count_together(
        self, asked: Sequence[Sequence[Alternative]], expected: Query | None = None
    ) -> list[int]:
        """How many articles have all alternatives of each. What the scores of the ``expected``
        query need is counted along with them, and remembered.
        """
        found: dict[int, int] = {}
        unknown: dict[int, Body] = {}
        for number, alternatives in enumerate(asked):
            if len(alternatives) == 1:
                known = self._find(forget_weight(alternatives[0], Scope.ANYWHERE))
                if known is not None:
                    found[number] = known
                    continue
            together = [write_alternative(one, Scope.ANYWHERE, self.words) for one in alternatives]
            if NOTHING in together:
                found[number] = 0
            else:
                unknown[number] = {"bool": {"filter": together}}
        # A query that has one of them as a phrase will want its rarity.
        alone = {
            number: forget_weight(asked[number][0], Scope.ANYWHERE)
            for number in unknown
            if len(asked[number]) == 1
        }
        clauses = expected.clauses if expected else ()
        words = (word for clause in clauses for word in clause.words)
        deciding = {one: None for word in words for one in _list_deciding(word)}
        others = self._write_unknown(one for one in deciding if one not in alone.values())
        queries = [*unknown.values(), *others.values()]
        if queries or expected:
            counts = iter(self._count(queries, expected))
            found |= zip(unknown, counts, strict=False)
            self._remember({one: found[number] for number, one in alone.items()})
            self._remember(dict(zip(others, counts, strict=True)))
        return [found[number] for number in range(len(asked))]

    def _find(self, sought: Sought) -> int | None:
        """The frequency, if it is known without asking."""
        one, scope = sought
        if isinstance(one, Term):
            count = self.words.count(one.text, one.form)
            if scope is Scope.ANYWHERE or not count:
                return count
        return self._counted.get(sought)

    def _to_idf(self, documents: int) -> float:
        known = min(documents, self.articles)
        return log(1 + (self.articles - known + 0.5) / (known + 0.5))


def _list_deciding(word: Word) -> list[Sought]:
    """The alternatives of the greatest weight, as sought."""
    greatest = max((one.weight for one in word.alternatives), default=0.0)
    return [forget_weight(one, word.scope) for one in word.alternatives if one.weight == greatest]
