"""Where are a query's words in one article? Looked up among its tokens, as they were indexed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from indexer.engine.base import Alternative, Clause, Form, Phrase, Prefix, Scope, Term, Word
from indexer.engine.opensearch.documents import Stored
from indexer.engine.opensearch.encoding import SIGILS, decode_forms, encode_term


class Finder:
    """Finds alternatives in the groups of forms of any article; remembers which group is what."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        #: For single tokens: group -> numbers of the words it is, by scope.
        self._find_words = cache(self._list_words)
        self._phrases = [
            (number, one)
            for number, word in enumerate(words)
            for one in word.alternatives
            if isinstance(one, Phrase) and any(one.terms)
        ]

    def _list_words(self, group: str, scope: Scope) -> tuple[int, ...]:
        return tuple(
            number
            for number, word in enumerate(self.words)
            if word.scope in (Scope.ANYWHERE, scope)
            and any(
                is_token(group, one) for one in word.alternatives if not isinstance(one, Phrase)
            )
        )

    def find(self, tokens: Sequence[str], scope: Scope) -> list[tuple[int, int]]:
        """(position, number of the word) of the field's tokens, ascending, each once."""
        found = {
            (position, number)
            for position, group in enumerate(tokens)
            for number in self._find_words(group, scope)
        }
        for number, phrase in self._phrases:
            if self.words[number].scope in (Scope.ANYWHERE, scope):
                found.update((position, number) for position in find_phrase_tokens(tokens, phrase))
        return sorted(found)


def is_token(group: str, one: Term | Prefix | Phrase) -> bool:
    """Whether the token is what a term or a prefix asks for."""
    if isinstance(one, Prefix):
        return decode_forms(group)[Form.EXACT].startswith(one.text)
    if isinstance(one, Term):
        return _is_form(group, SIGILS[one.form] + encode_term(one.text), one.form)
    return False


def _is_form(group: str, form: str, kind: Form) -> bool:
    if kind is Form.EXACT:
        return group.startswith(form + "|")
    return group.split("|", 2)[1] == form


def find_starts(tokens: Sequence[str], one: Alternative) -> list[int]:
    """The positions at which the alternative starts in a field."""
    if not isinstance(one, Phrase):
        matches = cache(lambda group: is_token(group, one))
        return [position for position, group in enumerate(tokens) if matches(group)]
    if not any(one.terms):
        return []
    return list(_find_phrase(tokens, one))


def _find_phrase(tokens: Sequence[str], phrase: Phrase) -> Iterator[int]:
    terms = [(step, term) for step, term in enumerate(phrase.terms) if term is not None]
    first_step, first = terms[0]
    for at, group in enumerate(tokens):
        start = at - first_step
        if start < 0 or start + len(phrase.terms) > len(tokens) or not is_token(group, first):
            continue
        if all(is_token(tokens[start + step], term) for step, term in terms[1:]):
            yield start


def find_phrase_tokens(tokens: Sequence[str], phrase: Phrase) -> Iterator[int]:
    """The positions of tokens within matches of the phrase, gaps left out."""
    for start in _find_phrase(tokens, phrase):
        yield from (start + step for step, term in enumerate(phrase.terms) if term is not None)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often an alternative occurs; ``body`` includes ``lead``."""

    title: int
    body: int
    lead: int


def count(stored: Stored, one: Alternative, scope: Scope) -> Counts:
    """The frequencies of the alternative in the article, within ``scope``."""
    title = find_starts(stored.title, one) if scope is not Scope.BODY else []
    body = find_starts(stored.body, one) if scope is not Scope.TITLE else []
    in_lead = sum(1 for position in body if stored.body[position].endswith("|<*"))
    return Counts(len(title), len(body), in_lead)


def measure_closeness(stored: Stored, finder: Finder, sizes: Sequence[int]) -> float:
    """See :class:`indexer.engine.base.Ranking`. ``finder`` has the words of all required clauses,
    one after another; ``sizes``: how many each clause has. There are two or more.
    """
    clause_of = [number for number, size in enumerate(sizes) for _ in range(size)]
    nearest = [float("inf")] * (len(sizes) - 1)
    for tokens, scope in ((stored.title, Scope.TITLE), (stored.body, Scope.BODY)):
        positions: list[list[int]] = [[] for _ in sizes]
        for position, number in finder.find(tokens, scope):
            mine = positions[clause_of[number]]
            if not mine or mine[-1] != position:
                mine.append(position)
        for pair in range(len(nearest)):
            nearest[pair] = min(
                nearest[pair], _measure_distance(positions[pair], positions[pair + 1])
            )
    return sum(1 / distance for distance in nearest) / len(nearest)


def _measure_distance(ones: list[int], others: list[int]) -> float:
    """The least distance of two of these positions, infinite if there is none."""
    least = float("inf")
    for position in ones:
        at = bisect_left(others, position)
        if at < len(others):
            least = min(least, max(others[at] - position, 1))
        if at:
            least = min(least, position - others[at - 1] + 1)
    return least


def flatten(clauses: Sequence[Clause]) -> tuple[Finder, list[int]]:
    """What :func:`measure_closeness` needs of some clauses."""
    return Finder([word for clause in clauses for word in clause.words]), [
        len(clause.words) for clause in clauses
    ]
